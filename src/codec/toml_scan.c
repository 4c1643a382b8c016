#include "codec/toml_scan.h"

#include "base/limits.h"
#include "codec/json.h"
#include "codec/place.h"
#include "codec/utf8.h"

#include <stdarg.h>
#include <stdio.h>

bool toml_scan_fault(struct toml_scan *s, enum err_kind kind, size_t at, const char *format, ...)
{
    struct place place = place_of(s->text, at);
    char why[sizeof s->err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    return err_set(s->err, kind, "line %" PRIu64 ", column %" PRIu64 ": %s", place.line,
                   place.column, why);
}

static bool malformed(struct toml_scan *s, size_t at, const char *why)
{
    return toml_scan_fault(s, ERR_MALFORMED, at, "%s", why);
}

/* The control characters that TOML has a place for. */
static bool character_allowed(const struct toml_scan *s, size_t at, uint32_t character)
{
    if (character == '\r')
        return s->copy[at + 1] == '\n';
    return (character >= 0x20 && character != 0x7f) || character == '\t' || character == '\n';
}

static bool check_characters(struct toml_scan *s)
{
    struct span rest = s->text;
    uint32_t character;

    if (span_starts_with(rest, SPAN_LIT("\xef\xbb\xbf")))
        return malformed(s, 0, "a byte order mark is not allowed: save the file as UTF-8 without");
    while (rest.len > 0) {
        size_t at = s->text.len - rest.len;
        if (!utf8_next(&rest, &character))
            return malformed(s, at, "not UTF-8");
        if (!character_allowed(s, at, character))
            return toml_scan_fault(s, ERR_MALFORMED, at,
                                   "the control character U+%04" PRIX32 " is not allowed",
                                   character);
    }
    return true;
}

bool toml_scan_over(struct toml_scan *out, struct span text, struct arena *arena, struct err *err)
{
    *out = (struct toml_scan){.text = text, .arena = arena, .err = err};
    out->copy = (uint8_t *)arena_text(arena, text);
    return check_characters(out);
}

uint8_t toml_scan_peek(const struct toml_scan *s)
{
    return s->copy[s->at];
}

bool toml_scan_ended(const struct toml_scan *s)
{
    return s->at == s->text.len;
}

static bool stands_here(const struct toml_scan *s, const char *mark)
{
    return span_starts_with(span_make(s->copy + s->at, s->text.len - s->at), span_of(mark));
}

bool toml_scan_take(struct toml_scan *s, const char *mark)
{
    if (!stands_here(s, mark))
        return false;
    s->at += strlen(mark);
    return true;
}

static bool take_line_break(struct toml_scan *s)
{
    return toml_scan_take(s, "\n") || toml_scan_take(s, "\r\n");
}

void toml_scan_blank(struct toml_scan *s)
{
    while (toml_scan_peek(s) == ' ' || toml_scan_peek(s) == '\t')
        s->at++;
}

static void skip_comment(struct toml_scan *s)
{
    if (toml_scan_peek(s) != '#')
        return;
    while (!toml_scan_ended(s) && toml_scan_peek(s) != '\n')
        s->at++;
}

void toml_scan_lines(struct toml_scan *s)
{
    do {
        toml_scan_blank(s);
        skip_comment(s);
    } while (take_line_break(s));
}

bool toml_scan_line_end(struct toml_scan *s)
{
    toml_scan_blank(s);
    skip_comment(s);
    if (!toml_scan_ended(s) && !take_line_break(s))
        return malformed(s, s->at, "the line must end here");
    return true;
}

/* -- Strings ------------------------------------------------------------------- */

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The `digits` of \uXXXX or \UXXXXXXXX, at s->at. */
static bool read_code_point(struct toml_scan *s, size_t digits, uint32_t *out)
{
    size_t start = s->at - 2;
    uint32_t character = 0;

    for (size_t i = 0; i < digits; i++, s->at++) {
        int digit = hex_value(toml_scan_peek(s));
        if (digit < 0)
            return toml_scan_fault(s, ERR_MALFORMED, start,
                                   "\\%c must be followed by %zu hex digits",
                                   digits == 4 ? 'u' : 'U', digits);
        character = character << 4 | (uint32_t)digit;
    }
    if (character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
        return malformed(s, start, "no Unicode character has this number");
    if (character == 0)
        return malformed(s, start, "U+0000 is not allowed in a string");
    *out = character;
    return true;
}

static bool read_escape(struct toml_scan *s, uint32_t *out)
{
    static const struct {
        char letter;
        char character;
    } letters[] = {{'b', '\b'}, {'t', '\t'}, {'n', '\n'}, {'f', '\f'},
                   {'r', '\r'}, {'"', '"'},  {'\\', '\\'}};
    uint8_t letter = s->copy[s->at + 1];

    s->at += 2;
    if (letter == 'u' || letter == 'U')
        return read_code_point(s, letter == 'u' ? 4 : 8, out);
    for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
        if (letter == (uint8_t)letters[i].letter) {
            *out = (uint8_t)letters[i].character;
            return true;
        }
    }
    return malformed(s, s->at - 2,
                     "a backslash must be followed by one of b t n f r \" \\ u U; in "
                     "'single quotes' it stands for itself");
}

/* A backslash at the end of a line: it, the line break and all white space behind. */
static bool take_line_continuation(struct toml_scan *s)
{
    size_t at = s->at + 1;

    while (s->copy[at] == ' ' || s->copy[at] == '\t')
        at++;
    if (s->copy[at] != '\n')
        return false;
    while (s->copy[at] == ' ' || s->copy[at] == '\t' || s->copy[at] == '\n')
        at++;
    s->at = at;
    return true;
}

/* A string being read: `end` is where its next byte goes, never beyond s->at. */
struct reading {
    size_t opened;
    uint8_t quote;
    bool several_lines;
    size_t start, end;
};

static void keep(struct toml_scan *s, struct reading *r, size_t count)
{
    memmove(s->copy + r->end, s->copy + s->at, count);
    r->end += count;
    s->at += count;
}

static bool read_backslash(struct toml_scan *s, struct reading *r)
{
    uint32_t character = 0;

    if (r->several_lines && take_line_continuation(s))
        return true;
    if (!read_escape(s, &character))
        return false;
    r->end += utf8_encode(s->copy + r->end, character);
    assert(r->end <= s->at);
    return true;
}

/* Quotes: up to two may stand in a string of several lines, even right before the
 * three that close it. */
static bool quotes_close(struct toml_scan *s, struct reading *r)
{
    size_t count = 0;

    if (!r->several_lines) {
        s->at++;
        return true;
    }
    while (count < 5 && s->copy[s->at + count] == r->quote)
        count++;
    keep(s, r, count < 3 ? count : count - 3);
    if (count < 3)
        return false;
    s->at += 3;
    return true;
}

static bool read_line_break(struct toml_scan *s, struct reading *r)
{
    if (!r->several_lines)
        return malformed(s, r->opened, "this string is not closed on its line");
    if (toml_scan_peek(s) == '\r')
        return malformed(s, s->at,
                         "a line break in a string must be a line feed alone: parsers "
                         "differ in how they read CR LF there");
    keep(s, r, 1);
    return true;
}

static bool read_string(struct toml_scan *s, struct reading *r)
{
    for (;;) {
        uint8_t c = toml_scan_peek(s);
        if (toml_scan_ended(s))
            return malformed(s, r->opened, "this string is not closed");
        if (c == r->quote) {
            if (quotes_close(s, r))
                return true;
        } else if (c == '\\' && r->quote == '"') {
            if (!read_backslash(s, r))
                return false;
        } else if (c == '\n' || c == '\r') {
            if (!read_line_break(s, r))
                return false;
        } else {
            keep(s, r, 1);
        }
    }
}

static bool scan_quoted(struct toml_scan *s, bool several_lines, struct span *out)
{
    struct reading r = {
        .opened = s->at, .quote = toml_scan_peek(s), .several_lines = several_lines};

    s->at += several_lines ? 3 : 1;
    if (several_lines)
        toml_scan_take(s, "\n"); /* the one right behind the opening quotes is no part of it */
    r.start = r.end = s->at;
    if (!read_string(s, &r))
        return false;
    *out = span_make(s->copy + r.start, r.end - r.start);
    return true;
}

bool toml_scan_string(struct toml_scan *s, struct span *out)
{
    return scan_quoted(s, stands_here(s, "\"\"\"") || stands_here(s, "'''"), out);
}

/* -- Keys and integers --------------------------------------------------------- */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_bare(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

bool toml_scan_key(struct toml_scan *s, struct span *out)
{
    size_t start = s->at;
    uint8_t first = toml_scan_peek(s);

    if (first == '"' || first == '\'') {
        if (!scan_quoted(s, false, out))
            return false;
    } else {
        while (is_bare(toml_scan_peek(s)))
            s->at++;
        *out = span_make(s->copy + start, s->at - start);
        if (out->len == 0)
            return malformed(s, start,
                             "a key must stand here: letters, digits, _ and -, or in "
                             "quotes");
    }
    if (!json_key_valid(*out))
        return malformed(s, start,
                         "a key must be 1 to 64 characters of printable ASCII without \" "
                         "and \\");
    return true;
}

/* What is not a string, an array or a table: all that could belong to a number, a
 * date or a word. */
static struct span take_word(struct toml_scan *s)
{
    size_t start = s->at;

    while (is_bare(toml_scan_peek(s)) || toml_scan_peek(s) == '+' || toml_scan_peek(s) == '.' ||
           toml_scan_peek(s) == ':')
        s->at++;
    return span_make(s->copy + start, s->at - start);
}

static size_t leading_digits(struct span word)
{
    size_t count = 0;

    while (count < word.len && is_digit(word.at[count]))
        count++;
    return count;
}

/* Why a word that is no integer of ours is none. `digits` has lost its sign. */
static const char *word_why(struct span word, struct span digits)
{
    size_t count = leading_digits(digits);
    uint8_t next = count < digits.len ? digits.at[count] : '\0';

    if (word.len == 0)
        return "a value must stand here";
    if (span_is(word, "true") || span_is(word, "false"))
        return "booleans are not allowed: write an integer or a string";
    if (span_is(digits, "inf") || span_is(digits, "nan"))
        return "inf and nan are not allowed: write an integer";
    if (count == 0)
        return "a string must stand in quotes";
    if ((count == 4 && next == '-') || (count == 2 && next == ':'))
        return "dates and times are not allowed: write a string";
    if (count == 1 && digits.at[0] == '0' && (next == 'x' || next == 'o' || next == 'b'))
        return "hex, octal and binary are not allowed: write a decimal integer";
    if (memchr(digits.at, '.', digits.len) || memchr(digits.at, 'e', digits.len) ||
        memchr(digits.at, 'E', digits.len))
        return "fractions and exponents are not allowed: write an integer";
    return "not an integer: write digits, with single underscores between them at most";
}

/* Digits, single underscores between them. */
static bool digits_valid(struct span digits)
{
    for (size_t i = 0; i < digits.len; i++) {
        bool underscore = digits.at[i] == '_' && i > 0 && i + 1 < digits.len &&
                          is_digit(digits.at[i - 1]) && is_digit(digits.at[i + 1]);
        if (!is_digit(digits.at[i]) && !underscore)
            return false;
    }
    return digits.len > 0;
}

bool toml_scan_integer(struct toml_scan *s, int64_t *out)
{
    size_t start = s->at;
    struct span word = take_word(s);
    bool negative = word.len > 0 && word.at[0] == '-';
    bool sign = negative || (word.len > 0 && word.at[0] == '+');
    struct span digits = span_from(word, sign);
    int64_t value = 0;

    if (!digits_valid(digits))
        return malformed(s, start, word_why(word, digits));
    if (digits.at[0] == '0' && digits.len > 1)
        return malformed(s, start, "leading zeros are not allowed: write the integer without");
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] == '_')
            continue;
        value = value * 10 + (digits.at[i] - '0');
        if (value > LIMIT_INTEGER)
            return malformed(s, start, "integers must lie within ±9007199254740991");
    }
    if (negative && value == 0)
        return malformed(s, start, "-0 is not allowed: write 0");
    *out = negative ? -value : value;
    return true;
}
