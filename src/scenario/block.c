#include "scenario/block.h"

#include "codec/utf8.h"

#include <stdarg.h>
#include <stdio.h>

struct line {
    uint64_t number;
    size_t indent;
    struct span text;
};

struct lines {
    struct line *at;
    size_t count, next;
    struct arena *arena;
};

bool block_fault(const struct block *at, struct err *err, const char *format, ...)
{
    char what[sizeof err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return err_set(err, ERR_MALFORMED, "%" PRIu64 ": %s", at->line, what);
}

/* --- words --- */

static bool is_space(uint8_t byte)
{
    return byte == ' ';
}

struct span words_trim(struct span text)
{
    while (text.len && is_space(text.at[0]))
        text = span_from(text, 1);
    while (text.len && is_space(text.at[text.len - 1]))
        text.len--;
    return text;
}

struct span words_next(struct span *rest)
{
    struct span text = words_trim(*rest);
    size_t len = 0;

    while (len < text.len && !is_space(text.at[len]))
        len++;
    *rest = words_trim(span_from(text, len));
    return span_slice(text, 0, len);
}

bool words_take(struct span *rest, const char *words)
{
    struct span left = words_trim(*rest), wanted = span_of(words);

    while (wanted.len) {
        struct span word = words_next(&wanted), got = words_next(&left);

        if (!span_equal(word, got))
            return false;
    }
    *rest = left;
    return true;
}

bool words_cut(struct span *rest, const char *mark, struct span *before)
{
    struct span text = *rest, wanted = span_of(mark);
    bool quoted = false;

    for (size_t i = 0; i + wanted.len <= text.len; i++) {
        if (text.at[i] == '"')
            quoted = !quoted;
        if (quoted || !span_starts_with(span_from(text, i), wanted))
            continue;
        *before = words_trim(span_slice(text, 0, i));
        *rest = words_trim(span_from(text, i + wanted.len));
        return true;
    }
    return false;
}

struct span words_unquote(struct span text, bool *out_quoted)
{
    text = words_trim(text);
    *out_quoted = text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"';
    return *out_quoted ? span_slice(text, 1, text.len - 2) : text;
}

/* --- lines --- */

static bool line_fault(uint64_t number, struct err *err, const char *what)
{
    return err_set(err, ERR_MALFORMED, "%" PRIu64 ": %s", number, what);
}

static bool check_line(uint64_t number, struct span text, struct err *err)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\t')
            return line_fault(number, err, "a tab: indent with spaces, they look the same to all");
        if (text.at[i] < ' ' || text.at[i] == 0x7f)
            return line_fault(number, err, "a control character");
    }
    return utf8_valid(text) || line_fault(number, err, "not UTF-8");
}

static struct line measure(uint64_t number, struct span text)
{
    struct line line = {.number = number};

    while (line.indent < text.len && is_space(text.at[line.indent]))
        line.indent++;
    line.text = words_trim(text);
    return line;
}

static struct span without_end(struct span text)
{
    if (text.len && text.at[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* A remark behind what stands at the beginning of a line; inside a record # may be meant. */
static void drop_remark(struct line *line)
{
    struct span rest = line->text, before;

    if (line->indent == 0 && words_cut(&rest, " # ", &before))
        line->text = before;
}

static size_t count_lines(struct span text)
{
    size_t lines = 1;

    for (size_t i = 0; i < text.len && lines < BLOCK_LINES; i++)
        lines += text.at[i] == '\n';
    return lines;
}

static bool cut_lines(struct lines *out, struct span text, struct err *err)
{
    uint64_t number = 0;

    if (span_starts_with(text, SPAN_LIT("\xef\xbb\xbf")))
        text = span_from(text, 3);
    out->at = ARENA_ARRAY(out->arena, struct line, count_lines(text));
    while (text.len) {
        struct span one = text;

        if (!span_cut(&text, '\n', &one))
            text = (struct span){0};
        one = without_end(one);
        if (!check_line(++number, one, err))
            return false;
        struct line line = measure(number, one);
        if (line.text.len == 0 || line.text.at[0] == '#')
            continue;
        drop_remark(&line);
        if (out->count == BLOCK_LINES)
            return line_fault(number, err, "more than 20000 lines");
        out->at[out->count++] = line;
    }
    return true;
}

/* --- the tree --- */

static size_t count_siblings(const struct lines *lines, size_t indent)
{
    size_t count = 0;

    for (size_t i = lines->next; i < lines->count && lines->at[i].indent >= indent; i++)
        count += lines->at[i].indent == indent;
    return count;
}

static bool take_children(struct block *parent, struct lines *lines, size_t least, unsigned depth,
                          struct err *err);

static bool take_one(struct block *out, struct lines *lines, unsigned depth, struct err *err)
{
    const struct line *line = &lines->at[lines->next++];

    *out = (struct block){.line = line->number, .text = line->text};
    return take_children(out, lines, line->indent + 1, depth, err);
}

/* Those that are indented by `least` or more, and all of them alike. */
static bool take_children(struct block *parent, struct lines *lines, size_t least, unsigned depth,
                          struct err *err)
{
    if (lines->next == lines->count || lines->at[lines->next].indent < least)
        return true;
    size_t indent = lines->at[lines->next].indent;
    if (depth == BLOCK_DEPTH)
        return line_fault(lines->at[lines->next].number, err, "indented more than 16 times");
    parent->children = count_siblings(lines, indent);
    parent->child = ARENA_ARRAY(lines->arena, struct block, parent->children);
    for (size_t i = 0; i < parent->children; i++)
        if (!take_one(&parent->child[i], lines, depth + 1, err))
            return false;
    if (lines->next < lines->count && lines->at[lines->next].indent >= least)
        return line_fault(lines->at[lines->next].number, err,
                          "indented like none of the lines above that it could belong to");
    return true;
}

bool block_parse(struct block *out, struct span text, struct arena *arena, struct err *err)
{
    struct lines lines = {.arena = arena};

    *out = (struct block){0};
    if (!cut_lines(&lines, text, err))
        return false;
    if (lines.count && lines.at[0].indent > 0)
        return line_fault(lines.at[0].number, err, "the first line must not be indented");
    return take_children(out, &lines, 0, 0, err);
}
