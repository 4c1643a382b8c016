/* JSON text, read in one pass (after one that checks UTF-8). */

#include "codec/json.h"

#include "base/limits.h"
#include "codec/json_escape.h"
#include "codec/place.h"
#include "codec/utf8.h"

#include <stdlib.h>

/*
 * The text is copied once. A NUL stands behind the copy, and as no rule accepts one,
 * nothing reads past it. Strings are parts of the copy, unescaped in place: what an
 * escape means is never longer than the escape.
 */
struct parser {
    struct span text; /* as given */
    uint8_t *copy;
    size_t at;
    bool canonical;
    unsigned depth;
    unsigned values;
    struct json_member *open; /* what the containers not yet closed hold so far */
    size_t open_count, open_room;
    struct arena *arena;
    struct err *err;
};

static bool fault(struct parser *p, enum err_kind kind, size_t at, const char *why)
{
    struct place place = place_of(p->text, at);

    return err_set(p->err, kind, "line %" PRIu64 ", column %" PRIu64 ": %s", place.line,
                   place.column, why);
}

static bool malformed(struct parser *p, size_t at, const char *why)
{
    return fault(p, ERR_MALFORMED, at, why);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* The next byte that is no white space; the canonical form has none to pass over. */
static uint8_t peek(struct parser *p)
{
    while (!p->canonical && is_space(p->copy[p->at]))
        p->at++;
    return p->copy[p->at];
}

/* Something else stands at p->at than `wanted`. */
static bool unexpected(struct parser *p, const char *wanted)
{
    static const struct {
        const char *word;
        const char *why;
    } words[] = {
        {"true", "true is not allowed: write an integer or a string"},
        {"false", "false is not allowed: write an integer or a string"},
        {"null", "null is not allowed: leave the member out"},
    };
    struct span rest = span_from(p->text, p->at);

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_starts_with(rest, span_of(words[i].word)))
            return malformed(p, p->at, words[i].why);
    if (p->canonical && rest.len > 0 && is_space(rest.at[0]))
        return malformed(p, p->at, "white space is not allowed in the canonical form");
    return malformed(
        p, p->at,
        arena_printf(p->arena,
                     rest.len > 0 ? "%s must stand here" : "%s must stand here, but the text ends",
                     wanted));
}

static bool parse_integer(struct parser *p, struct json *out)
{
    size_t start = p->at;
    bool negative = p->copy[p->at] == '-';
    int64_t value = 0;

    p->at += negative;
    if (!is_digit(p->copy[p->at]))
        return unexpected(p, "a digit");
    if (p->copy[p->at] == '0' && is_digit(p->copy[p->at + 1]))
        return malformed(p, start, "leading zeros are not allowed: write the integer without");
    for (; is_digit(p->copy[p->at]); p->at++) {
        value = value * 10 + (p->copy[p->at] - '0');
        if (value > LIMIT_INTEGER)
            return malformed(p, start, "integers must lie within ±9007199254740991");
    }
    if (p->copy[p->at] == '.')
        return malformed(p, start, "fractions are not allowed: write an integer");
    if (p->copy[p->at] == 'e' || p->copy[p->at] == 'E')
        return malformed(p, start, "exponents are not allowed: write the integer in full");
    if (negative && value == 0)
        return malformed(p, start, "-0 is not allowed: write 0");
    *out = (struct json){.type = JSON_INTEGER, .integer = negative ? -value : value};
    return true;
}

/* The escape at p->at becomes its character at *end. */
static bool unescape(struct parser *p, size_t *end)
{
    const char *why = NULL;
    uint32_t character = 0;
    size_t len = json_unescape(p->copy + p->at, &character, &why);

    if (len == 0)
        return malformed(p, p->at, why);
    if (p->canonical && !json_escape_is_canonical(p->copy + p->at, len, character))
        return malformed(p, p->at, "not how the canonical form writes this character");
    p->at += len;
    *end += utf8_encode(p->copy + *end, character);
    assert(*end <= p->at);
    return true;
}

static bool parse_string(struct parser *p, struct span *out)
{
    size_t opened = p->at++;
    size_t start = p->at;
    size_t end = start;

    for (;;) {
        uint8_t *rest = p->copy + p->at;
        size_t run = json_plain_run(span_make(rest, p->text.len - p->at));
        if (end != p->at)
            memmove(p->copy + end, rest, run);
        p->at += run;
        end += run;
        if (p->copy[p->at] != '\\')
            break;
        if (!unescape(p, &end))
            return false;
    }
    if (p->at == p->text.len)
        return malformed(p, opened, "this string is not closed");
    if (p->copy[p->at] != '"')
        return malformed(p, p->at, "control characters in a string must be escaped");
    p->at++;
    *out = span_make(p->copy + start, end - start);
    return true;
}

static void hold(struct parser *p, const struct json_member *member)
{
    if (p->open_count == p->open_room) {
        size_t room = p->open_room ? p->open_room * 2 : 32;
        struct json_member *at = ARENA_ARRAY(p->arena, struct json_member, room);
        if (p->open_count)
            memcpy(at, p->open, p->open_count * sizeof *at);
        p->open = at;
        p->open_room = room;
    }
    p->open[p->open_count++] = *member;
}

static bool parse_value(struct parser *p, struct json *out);

/* After a value: true with *more at a comma, true without at `close`. */
static bool comma_or_close(struct parser *p, uint8_t close, bool *more)
{
    uint8_t next = peek(p);

    if (next != ',' && next != close)
        return unexpected(p, close == ']' ? "a comma or ]" : "a comma or }");
    p->at++;
    *more = next == ',';
    return true;
}

static void close_array(struct parser *p, size_t base, struct json *out)
{
    size_t count = p->open_count - base;
    struct json *at = count ? ARENA_ARRAY(p->arena, struct json, count) : NULL;

    for (size_t i = 0; i < count; i++)
        at[i] = p->open[base + i].value;
    p->open_count = base;
    *out = (struct json){.type = JSON_ARRAY,
                         .array = {.at = at, .count = (uint32_t)count, .room = (uint32_t)count}};
}

static bool parse_array(struct parser *p, struct json *out)
{
    size_t base = p->open_count;
    struct json_member element = {0};

    p->at++;
    bool more = peek(p) != ']';
    if (!more)
        p->at++;
    while (more) {
        if (!parse_value(p, &element.value))
            return false;
        hold(p, &element);
        if (!comma_or_close(p, ']', &more))
            return false;
    }
    close_array(p, base, out);
    return true;
}

static bool parse_key(struct parser *p, struct span *out)
{
    if (peek(p) != '"')
        return unexpected(p, "a member's name in double quotes");
    size_t start = p->at;
    if (!parse_string(p, out))
        return false;
    if (!json_key_valid(*out))
        return malformed(p, start,
                         "a member's name must be 1 to 64 characters of printable ASCII "
                         "without \" and \\");
    if (peek(p) != ':')
        return unexpected(p, "a colon");
    p->at++;
    return true;
}

static bool duplicate(struct parser *p, struct span later)
{
    return malformed(
        p, (size_t)(later.at - p->copy) - 1,
        arena_printf(p->arena, "member \"%.*s\" stands here a second time", SPAN_ARG(later)));
}

/* Whether `key` stands after the member before it. Where it does not, the canonical
 * form is broken; any other text is sorted when the object closes. */
static bool check_order(struct parser *p, size_t base, struct span key, bool *sorted)
{
    if (p->open_count == base)
        return true;
    int order = span_compare(p->open[p->open_count - 1].key, key);
    if (order == 0)
        return duplicate(p, key);
    if (order > 0 && p->canonical)
        return malformed(p, (size_t)(key.at - p->copy) - 1,
                         "members must stand in bytewise order of their names");
    *sorted = *sorted && order < 0;
    return true;
}

static int by_key(const void *a, const void *b)
{
    const struct json_member *left = a;
    const struct json_member *right = b;

    return span_compare(left->key, right->key);
}

static bool sort_members(struct parser *p, struct json_member *at, size_t count)
{
    qsort(at, count, sizeof *at, by_key);
    for (size_t i = 1; i < count; i++)
        if (span_equal(at[i - 1].key, at[i].key))
            return duplicate(p, at[i - 1].key.at > at[i].key.at ? at[i - 1].key : at[i].key);
    return true;
}

static bool close_object(struct parser *p, size_t base, bool sorted, struct json *out)
{
    size_t count = p->open_count - base;
    struct json_member *at = NULL;

    if (count) {
        at = ARENA_ARRAY(p->arena, struct json_member, count);
        memcpy(at, p->open + base, count * sizeof *at);
    }
    if (!sorted && !sort_members(p, at, count))
        return false;
    p->open_count = base;
    *out = (struct json){.type = JSON_OBJECT,
                         .object = {.at = at, .count = (uint32_t)count, .room = (uint32_t)count}};
    return true;
}

static bool parse_object(struct parser *p, struct json *out)
{
    size_t base = p->open_count;
    bool sorted = true;
    struct json_member member;

    p->at++;
    bool more = peek(p) != '}';
    if (!more)
        p->at++;
    while (more) {
        if (!parse_key(p, &member.key) || !check_order(p, base, member.key, &sorted) ||
            !parse_value(p, &member.value))
            return false;
        hold(p, &member);
        if (!comma_or_close(p, '}', &more))
            return false;
    }
    return close_object(p, base, sorted, out);
}

static bool parse_container(struct parser *p, struct json *out)
{
    if (p->depth == LIMIT_JSON_DEPTH)
        return fault(p, ERR_LIMIT, p->at, "nested more than 32 deep");
    p->depth++;
    bool ok = p->copy[p->at] == '[' ? parse_array(p, out) : parse_object(p, out);
    p->depth--;
    return ok;
}

static bool parse_value(struct parser *p, struct json *out)
{
    uint8_t first = peek(p);

    if (p->values == LIMIT_JSON_VALUES)
        return fault(p, ERR_LIMIT, p->at, "more than 262144 values");
    p->values++;
    if (first == '[' || first == '{')
        return parse_container(p, out);
    if (first == '-' || is_digit(first))
        return parse_integer(p, out);
    if (first != '"')
        return unexpected(p, "an integer, a string, an array or an object");
    out->type = JSON_STRING;
    return parse_string(p, &out->string);
}

static bool check_utf8(struct parser *p)
{
    struct span rest = p->text;
    uint32_t ignored;

    if (utf8_valid(p->text))
        return true;
    while (utf8_next(&rest, &ignored))
        ;
    return malformed(p, p->text.len - rest.len, "not UTF-8");
}

static bool parse(struct parser *p, struct json *out)
{
    struct json value;

    p->copy = (uint8_t *)arena_text(p->arena, p->text);
    if (!check_utf8(p) || !parse_value(p, &value))
        return false;
    peek(p);
    if (p->at != p->text.len)
        return unexpected(p, "the end of the text");
    *out = value;
    return true;
}

bool json_parse(struct json *out, struct span text, struct arena *arena, struct err *err)
{
    struct parser p = {.text = text, .arena = arena, .err = err};

    return parse(&p, out);
}

bool json_parse_canonical(struct json *out, struct span text, struct arena *arena, struct err *err)
{
    struct parser p = {.text = text, .canonical = true, .arena = arena, .err = err};

    return parse(&p, out);
}
