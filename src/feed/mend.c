#include "feed/mend.h"

#include "base/buf.h"
#include "codec/utf8.h"

#define ROUNDS 3 /* some texts went through the mill twice */

static void put_character(struct buf *out, uint32_t character)
{
    uint8_t bytes[4];

    buf_put(out, span_make(bytes, utf8_encode(bytes, character)));
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* --- HTML --- */

/* Longest first where one begins as another does. */
static const char *const blocks[] = {"br", "p",     "div",        "li",      "ul",     "ol",
                                     "tr", "table", "h1",         "h2",      "h3",     "h4",
                                     "h5", "h6",    "blockquote", "article", "section"};
static const char *const silent[] = {"script", "style"};

static bool says(struct span name, const char *word)
{
    if (name.len != strlen(word))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((name.at[i] | 0x20) != (uint8_t)word[i] && name.at[i] != (uint8_t)word[i])
            return false;
    return true;
}

static bool one_of(struct span name, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (says(name, words[i]))
            return true;
    return false;
}

/* The tag at the front of the text: its length, 0 for none, and its name. A quote in it may hold
 * a bracket. */
static size_t tag_len(struct span text, struct span *name)
{
    size_t at = 1, start;
    uint8_t quote = 0;

    *name = (struct span){0};
    if (text.len < 3 || text.at[0] != '<')
        return 0;
    if (span_starts_with(text, SPAN_LIT("<!--"))) {
        for (at = 4; at + 2 < text.len; at++)
            if (span_starts_with(span_from(text, at), SPAN_LIT("-->")))
                return at + 3;
        return 0;
    }
    at += text.at[at] == '/' || text.at[at] == '!';
    start = at;
    if (!is_letter(text.at[at]))
        return 0;
    while (at < text.len && (is_letter(text.at[at]) || (text.at[at] >= '0' && text.at[at] <= '9')))
        at++;
    *name = span_slice(text, start, at - start);
    for (; at < text.len; at++) {
        uint8_t c = text.at[at];
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
        else if (!quote && c == '>')
            return at + 1;
    }
    return 0;
}

/* Behind what a script or a style holds, of which no word was meant to be read. */
static size_t silent_len(struct span text, struct span name)
{
    for (size_t at = 0; at + 1 < text.len; at++) {
        struct span closing;

        if (text.at[at] == '<' && text.at[at + 1] == '/' &&
            tag_len(span_from(text, at), &closing) && closing.len == name.len &&
            memcmp(closing.at, name.at, name.len) == 0)
            return at;
    }
    return text.len;
}

static struct span without_tags(struct span text, bool *changed, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);
    struct span name;

    for (size_t at = 0; at < text.len;) {
        struct span rest = span_from(text, at);
        size_t len = rest.at[0] == '<' ? tag_len(rest, &name) : 0;

        if (len == 0) {
            buf_byte(&out, rest.at[0]);
            at++;
            continue;
        }
        *changed = true;
        at += len;
        if (one_of(name, blocks, ARRAY_LEN(blocks)))
            buf_byte(&out, '\n');
        if (rest.at[1] != '/' && one_of(name, silent, ARRAY_LEN(silent)))
            at += silent_len(span_from(text, at), name);
    }
    return buf_span(&out);
}

static const struct {
    const char *name;
    uint32_t character;
} entities[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},        {"quot", '"'},     {"apos", '\''},
    {"nbsp", 0xa0},    {"ndash", 0x2013}, {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"ldquo", 0x201c}, {"rdquo", 0x201d}, {"hellip", 0x2026}, {"laquo", 0xab},   {"raquo", 0xbb},
    {"zwnj", 0x200c},  {"zwj", 0x200d},   {"lrm", 0x200e},    {"rlm", 0x200f},   {"middot", 0xb7},
    {"euro", 0x20ac},  {"copy", 0xa9},    {"shy", 0xad},      {"bull", 0x2022},
};

/* &#1583; and &#x62F; 0 where it is none. */
static uint32_t numbered(struct span digits)
{
    bool hex = digits.len && (digits.at[0] | 0x20) == 'x';
    uint32_t value = 0;

    for (size_t i = hex; i < digits.len; i++) {
        uint8_t c = digits.at[i] | 0x20;
        uint32_t digit = digits.at[i] >= '0' && digits.at[i] <= '9' ? (uint32_t)(digits.at[i] - '0')
                         : hex && c >= 'a' && c <= 'f'              ? (uint32_t)(c - 'a' + 10)
                                                                    : 99;
        if (digit == 99 || value > 0x10ffff)
            return 0;
        value = value * (hex ? 16 : 10) + digit;
    }
    return value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff) ? 0 : value;
}

#define ENTITY_BYTES 12u

/* The entity at the front of the text: its length, 0 for none. */
static size_t entity_len(struct span text, uint32_t *out)
{
    struct span rest = span_from(text, 1), name;

    if (rest.len > ENTITY_BYTES)
        rest.len = ENTITY_BYTES;
    if (!span_cut(&rest, ';', &name) || name.len == 0)
        return 0;
    *out = name.at[0] == '#' ? numbered(span_from(name, 1)) : 0;
    for (size_t i = 0; i < ARRAY_LEN(entities); i++)
        if (span_is(name, entities[i].name))
            *out = entities[i].character;
    return *out ? name.len + 2 : 0;
}

static struct span without_entities(struct span text, bool *changed, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);
    uint32_t character = 0;

    for (size_t at = 0; at < text.len;) {
        size_t len = text.at[at] == '&' ? entity_len(span_from(text, at), &character) : 0;

        if (len)
            put_character(&out, character);
        else
            buf_byte(&out, text.at[at]);
        *changed = *changed || len;
        at += len ? len : 1;
    }
    return buf_span(&out);
}

/* --- mojibake --- */

/* Windows-1252 from 0x80 on; what it leaves free stands for itself, as browsers have it. */
static const uint16_t page[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                  0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                  0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                  0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

/* The byte that was read as this character; 0: none. */
static uint8_t byte_of(uint32_t character)
{
    if (character >= 0xa0 && character <= 0xff)
        return (uint8_t)character;
    for (size_t i = 0; i < ARRAY_LEN(page); i++)
        if (page[i] == character || character == 0x80 + i)
            return (uint8_t)(0x80 + i);
    return 0;
}

/* A character whose bytes were each read as one, at the front of the text. */
static bool take_sequence(struct span *text, uint32_t *out)
{
    struct span rest = *text, made;
    uint8_t bytes[4];
    uint32_t character;
    size_t count = 0, need = 1;

    while (count < need) {
        if (!utf8_next(&rest, &character) || (bytes[count] = byte_of(character)) == 0)
            return false;
        if (count == 0)
            need = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
        count++;
    }
    made = span_make(bytes, need);
    if (!utf8_next(&made, out) || made.len)
        return false;
    *text = rest;
    return true;
}

static bool undo_mojibake(struct span *text, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);
    struct span rest = *text;
    bool found = false;

    while (rest.len) {
        struct span next = rest;
        uint32_t character = 0, made;

        if (!utf8_next(&next, &character))
            return false;
        if (character < 0x80 || byte_of(character) == 0) {
            put_character(&out, character);
            rest = next;
        } else if (take_sequence(&rest, &made)) {
            put_character(&out, made);
            found = true;
        } else if (character == 0xa0) { /* a space between words, whatever is damaged */
            put_character(&out, character);
            rest = next;
        } else {
            return false; /* a character that was meant */
        }
    }
    if (found)
        *text = buf_span(&out);
    return found;
}

/* --- the rest --- */

static bool is_invisible(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0xad ||
           c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb);
}

/* One space between words, at most one empty line between paragraphs, none around. */
static struct span tidy(struct span text, struct mended *mended, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);
    struct span rest = text;
    unsigned lines = 0;
    bool space = false;
    uint32_t c;

    while (utf8_next(&rest, &c)) {
        if (is_invisible(c))
            continue;
        mended->lost += c == 0xfffd;
        if (c == '\n') {
            lines++;
        } else if (c == ' ' || c == '\t' || c == 0xa0) {
            space = true;
        } else {
            if (out.len && lines)
                buf_text(&out, lines > 1 ? "\n\n" : "\n");
            else if (out.len && space)
                buf_byte(&out, ' ');
            lines = 0;
            space = false;
            put_character(&out, c);
        }
    }
    mended->other = !span_equal(buf_span(&out), text);
    return buf_span(&out);
}

struct mended mend_text(struct span text, struct arena *arena)
{
    struct mended mended = {0};
    bool again = true;

    text = without_tags(text, &mended.html, arena);
    for (int i = 0; i < ROUNDS && again; i++) {
        again = false;
        text = without_entities(text, &again, arena);
        mended.html = mended.html || again;
    }
    again = true;
    for (int i = 0; i < ROUNDS && again; i++) {
        again = undo_mojibake(&text, arena);
        mended.mojibake = mended.mojibake || again;
    }
    mended.text = tidy(text, &mended, arena);
    return mended;
}

bool mend_changed(const struct mended *mended)
{
    return mended->html || mended->mojibake || mended->other;
}
