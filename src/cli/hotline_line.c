#include "cli/hotline_line.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trim(struct span text)
{
    while (text.len && is_space(text.at[0]))
        text = span_from(text, 1);
    while (text.len && is_space(text.at[text.len - 1]))
        text.len--;
    return text;
}

/* Takes a word off the front; empty at the end. */
static struct span take(struct span *rest)
{
    struct span word = trim(*rest);
    size_t len = 0;

    while (len < word.len && !is_space(word.at[len]))
        len++;
    *rest = trim(span_from(word, len));
    word.len = len;
    return word;
}

struct span hotline_line_word(struct span line)
{
    return take(&line);
}

static bool wrong(const struct hotline_grammar *grammar, struct err *err)
{
    return err_set(err, ERR_USAGE, "say: %s %s", grammar->word, grammar->arguments);
}

/* Whether a word is a setting of this line's; then it is put. */
static bool put_setting(struct hotline_line *out, const struct hotline_grammar *grammar,
                        struct span word)
{
    struct span value = word, name;

    if (!grammar->settings || !span_cut(&value, '=', &name))
        return false;
    for (const char *const *known = grammar->settings; *known; known++)
        if (span_is(name, *known) && out->settings < HOTLINE_LINE_SETTINGS) {
            out->setting[out->settings].name = *known;
            out->setting[out->settings++].value = value;
            return true;
        }
    return false;
}

/* None is given twice, and none without a value. */
static bool settings_hold(const struct hotline_line *line)
{
    for (size_t i = 0; i < line->settings; i++) {
        if (line->setting[i].value.len == 0)
            return false;
        for (size_t k = 0; k < i; k++)
            if (line->setting[i].name == line->setting[k].name)
                return false;
    }
    return true;
}

bool hotline_line_read(struct hotline_line *out, const struct hotline_grammar *grammar,
                       struct span line, struct err *err)
{
    struct hotline_line read = {0};
    struct span rest = line, before;

    take(&rest);
    for (size_t i = 0; i < grammar->words; i++) {
        read.word[i] = take(&rest);
        if (read.word[i].len == 0)
            return wrong(grammar, err);
    }
    do {
        before = rest;
    } while (rest.len && put_setting(&read, grammar, take(&rest)));
    if (span_is(hotline_line_word(before), ":"))
        take(&before);
    read.text = before;
    if ((grammar->text == LINE_NO_TEXT && read.text.len) ||
        (grammar->text == LINE_TEXT && !read.text.len) || !settings_hold(&read))
        return wrong(grammar, err);
    *out = read;
    return true;
}

struct span hotline_line_setting(const struct hotline_line *line, const char *name)
{
    for (size_t i = 0; i < line->settings; i++)
        if (strcmp(line->setting[i].name, name) == 0)
            return line->setting[i].value;
    return (struct span){0};
}
