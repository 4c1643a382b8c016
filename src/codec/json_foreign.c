#include "codec/json_foreign.h"

#include "base/limits.h"
#include "codec/json_escape.h"
#include "codec/place.h"
#include "codec/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* What stands behind the last byte, and nowhere in JSON outside of strings. */
#define AT_END 0

/* One value being read. */
struct reading {
    struct foreign_reader *r;
    unsigned depth;
    unsigned values;
    struct foreign_member *open; /* what the containers not yet closed hold so far */
    size_t open_count, open_room;
    struct arena *arena;
    struct err *err;
};

bool foreign_fault(struct span text, size_t offset, struct err *err, const char *format, ...)
{
    struct place place = place_of(text, offset);
    char what[400];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return err_set(err, ERR_MALFORMED, "line %" PRIu64 ", column %" PRIu64 ": %s", place.line,
                   place.column, what);
}

static bool malformed(const struct foreign_reader *r, size_t offset, struct err *err,
                      const char *why)
{
    return foreign_fault(r->text, offset, err, "%s", why);
}

static bool too_much(const struct foreign_reader *r, struct err *err, const char *why)
{
    malformed(r, r->at, err, why);
    err->kind = ERR_LIMIT;
    return false;
}

static bool unexpected(const struct foreign_reader *r, struct err *err, const char *wanted)
{
    return foreign_fault(r->text, r->at, err,
                         r->at < r->text.len ? "%s must stand here"
                                             : "%s must stand here, but the text ends",
                         wanted);
}

static uint8_t byte_at(struct span text, size_t at)
{
    return at < text.len ? text.at[at] : AT_END;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

uint8_t foreign_peek(struct foreign_reader *r)
{
    uint8_t c;

    for (;; r->at++) {
        c = byte_at(r->text, r->at);
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
            return c;
    }
}

bool foreign_open(struct foreign_reader *out, struct span text, struct err *err)
{
    struct span rest = text;
    uint32_t ignored;

    if (!utf8_valid(text)) {
        while (utf8_next(&rest, &ignored))
            ;
        return foreign_fault(text, text.len - rest.len, err, "not UTF-8");
    }
    *out = (struct foreign_reader){.text = text};
    return true;
}

/* --- numbers --- */

/* How long the number is that the text begins with; 0, and where it breaks off: none. */
static size_t number_len(struct span text, size_t *broken)
{
    size_t at = byte_at(text, 0) == '-';

    *broken = at;
    if (!is_digit(byte_at(text, at)))
        return 0;
    if (byte_at(text, at) == '0' && is_digit(byte_at(text, at + 1)))
        return 0; /* a leading zero */
    while (is_digit(byte_at(text, at)))
        at++;
    if (byte_at(text, at) == '.') {
        *broken = ++at;
        if (!is_digit(byte_at(text, at)))
            return 0;
        while (is_digit(byte_at(text, at)))
            at++;
    }
    if (byte_at(text, at) == 'e' || byte_at(text, at) == 'E') {
        at++;
        at += byte_at(text, at) == '-' || byte_at(text, at) == '+';
        *broken = at;
        if (!is_digit(byte_at(text, at)))
            return 0;
        while (is_digit(byte_at(text, at)))
            at++;
    }
    return at;
}

static bool read_number(struct reading *in, struct foreign *out)
{
    struct foreign_reader *r = in->r;
    struct span rest = span_from(r->text, r->at);
    size_t broken, len = number_len(rest, &broken);

    if (len == 0 && byte_at(rest, broken) == '0')
        return malformed(r, r->at, in->err, "a number has no leading zero");
    if (len == 0) {
        r->at += broken;
        return unexpected(r, in->err, "a digit");
    }
    *out = (struct foreign){.type = FOREIGN_NUMBER, .text = span_slice(rest, 0, len)};
    r->at += len;
    return true;
}

/* Past this many no digit and no exponent makes a difference that an int64_t can show. */
#define MOST_EXPONENT 1000

static int exponent_of(struct span text)
{
    bool negative = byte_at(text, 0) == '-';
    int value = 0;

    for (size_t i = negative || byte_at(text, 0) == '+'; i < text.len; i++)
        if (value < MOST_EXPONENT)
            value = value * 10 + (text.at[i] - '0');
    return negative ? -value : value;
}

/* A digit behind those that are kept. */
struct scaling {
    int64_t value, limit;
    int64_t keep; /* digits still to come that count */
    bool up, beyond;
};

static void take_digit(struct scaling *s, uint8_t digit)
{
    if (s->keep == 0)
        s->up = digit >= 5;
    if (s->keep-- <= 0)
        return;
    if (s->value > s->limit / 10)
        s->beyond = true;
    else
        s->value = s->value * 10 + digit;
}

bool foreign_scaled(int64_t *out, struct span number, unsigned decimals, int64_t limit)
{
    size_t broken, start = byte_at(number, 0) == '-', whole = start, end, digits_end;
    struct scaling s = {.limit = limit};

    assert(limit >= 0 && limit <= INT64_MAX / 10 && decimals <= 18);
    if (number.len == 0 || number_len(number, &broken) != number.len)
        return false;
    while (whole < number.len && is_digit(number.at[whole]))
        whole++;
    for (end = whole; end < number.len && (is_digit(number.at[end]) || number.at[end] == '.');)
        end++;
    digits_end = end;
    int exponent = end < number.len ? exponent_of(span_from(number, end + 1)) : 0;
    bool zero = true;
    for (size_t i = start; i < digits_end; i++)
        zero = zero && (number.at[i] == '0' || number.at[i] == '.');
    if (zero) {
        *out = 0;
        return true;
    }
    if (number.len > LIMIT_NUMBER_DIGITS)
        return false;
    s.keep = (int64_t)(whole - start) + exponent + (int64_t)decimals;
    for (size_t i = start; i < digits_end && !s.beyond; i++)
        if (number.at[i] != '.')
            take_digit(&s, (uint8_t)(number.at[i] - '0'));
    while (s.keep > 0 && !s.beyond)
        take_digit(&s, 0);
    s.value += s.up;
    if (s.beyond || s.value > limit)
        return false;
    *out = start ? -s.value : s.value;
    return true;
}

bool foreign_number(int64_t *out, const struct foreign *value, unsigned decimals, int64_t limit)
{
    return value && (value->type == FOREIGN_NUMBER || value->type == FOREIGN_STRING) &&
           foreign_scaled(out, value->text, decimals, limit);
}

/* --- strings --- */

/* Past the quote that closes it. */
static bool find_quote(struct foreign_reader *r, size_t *out_end, bool *escaped, struct err *err)
{
    size_t opened = r->at, at = r->at + 1;

    *escaped = false;
    for (;;) {
        at += json_plain_run(span_from(r->text, at));
        if (at < r->text.len && r->text.at[at] == '\\') {
            *escaped = true;
            at += 2;
            if (at > r->text.len)
                at = r->text.len;
            continue;
        }
        if (at >= r->text.len)
            return malformed(r, opened, err, "this string is not closed");
        if (r->text.at[at] != '"')
            return malformed(r, at, err, "control characters in a string must be escaped");
        *out_end = at;
        return true;
    }
}

/* Unescapes a copy in place: what an escape means is never longer than the escape. */
static bool unescape(const struct foreign_reader *r, struct span raw, struct span *out,
                     struct arena *arena, struct err *err)
{
    uint8_t *copy = (uint8_t *)arena_text(arena, raw);
    size_t end = 0;

    for (size_t at = 0; at < raw.len;) {
        if (copy[at] != '\\') {
            copy[end++] = copy[at++];
            continue;
        }
        const char *why = NULL;
        uint32_t character = 0;
        size_t len = json_unescape(copy + at, &character, &why);

        if (len == 0)
            return malformed(r, (size_t)(raw.at - r->text.at) + at, err, why);
        at += len;
        end += utf8_encode(copy + end, character);
    }
    *out = span_make(copy, end);
    return true;
}

static bool read_string(struct foreign_reader *r, struct span *out, struct arena *arena,
                        struct err *err)
{
    size_t end = 0;
    bool escaped;

    if (!find_quote(r, &end, &escaped, err))
        return false;
    struct span raw = span_slice(r->text, r->at + 1, end - r->at - 1);
    if (escaped && !unescape(r, raw, &raw, arena, err))
        return false;
    *out = raw;
    r->at = end + 1;
    return true;
}

/* --- values --- */

static bool read_value(struct reading *in, struct foreign *out);

static void hold(struct reading *in, const struct foreign_member *member)
{
    if (in->open_count == in->open_room) {
        size_t room = in->open_room ? in->open_room * 2 : 32;
        struct foreign_member *at = ARENA_ARRAY(in->arena, struct foreign_member, room);

        if (in->open_count)
            memcpy(at, in->open, in->open_count * sizeof *at);
        in->open = at;
        in->open_room = room;
    }
    in->open[in->open_count++] = *member;
}

static bool read_array(struct reading *in, struct foreign *out)
{
    size_t base = in->open_count;
    struct foreign_member element = {0};
    bool more;

    if (!foreign_enter(in->r, '[', &more, in->err))
        return false;
    while (more) {
        if (!read_value(in, &element.value))
            return false;
        hold(in, &element);
        if (!foreign_next(in->r, ']', &more, in->err))
            return false;
    }
    size_t count = in->open_count - base;
    *out = (struct foreign){.type = FOREIGN_ARRAY};
    out->array.at = count ? ARENA_ARRAY(in->arena, struct foreign, count) : NULL;
    out->array.count = count;
    for (size_t i = 0; i < count; i++)
        out->array.at[i] = in->open[base + i].value;
    in->open_count = base;
    return true;
}

/* Of two of one name, the later in the text is the second. */
static int by_key(const void *a, const void *b)
{
    const struct foreign_member *left = a, *right = b;
    int order = span_compare(left->key, right->key);

    return order ? order
                 : (left->value.offset > right->value.offset) -
                       (left->value.offset < right->value.offset);
}

static bool twice(const struct foreign_reader *r, const struct foreign_member *member,
                  struct err *err)
{
    return foreign_fault(r->text, member->value.offset, err,
                         "the member \"%.*s\" stands in this object already",
                         SPAN_ARG(utf8_prefix(member->key, 60)));
}

static bool sort_members(const struct foreign_reader *r, struct foreign_member *at, size_t count,
                         struct err *err)
{
    if (count > 1)
        qsort(at, count, sizeof *at, by_key);
    for (size_t i = 1; i < count; i++)
        if (span_equal(at[i - 1].key, at[i].key))
            return twice(r, &at[i], err);
    return true;
}

static bool close_object(struct reading *in, size_t base, struct foreign *out)
{
    size_t count = in->open_count - base;

    *out = (struct foreign){.type = FOREIGN_OBJECT};
    out->object.count = count;
    out->object.at = count ? ARENA_ARRAY(in->arena, struct foreign_member, count) : NULL;
    if (count)
        memcpy(out->object.at, in->open + base, count * sizeof *out->object.at);
    in->open_count = base;
    return sort_members(in->r, out->object.at, count, in->err);
}

static bool read_object(struct reading *in, struct foreign *out)
{
    size_t base = in->open_count;
    struct foreign_member member;
    bool more;

    if (!foreign_enter(in->r, '{', &more, in->err))
        return false;
    while (more) {
        if (!foreign_key(in->r, &member.key, in->arena, in->err) || !read_value(in, &member.value))
            return false;
        hold(in, &member);
        if (!foreign_next(in->r, '}', &more, in->err))
            return false;
    }
    return close_object(in, base, out);
}

static bool read_word(struct reading *in, struct foreign *out)
{
    static const struct {
        const char *word;
        enum foreign_type type;
    } words[] = {{"null", FOREIGN_NULL}, {"false", FOREIGN_FALSE}, {"true", FOREIGN_TRUE}};
    struct foreign_reader *r = in->r;

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_starts_with(span_from(r->text, r->at), span_of(words[i].word))) {
            *out = (struct foreign){.type = words[i].type};
            r->at += strlen(words[i].word);
            return true;
        }
    return unexpected(r, in->err, "a value");
}

static bool read_container(struct reading *in, uint8_t first, struct foreign *out)
{
    if (in->depth == LIMIT_JSON_DEPTH)
        return too_much(in->r, in->err, "nested more than 32 deep");
    in->depth++;
    bool ok = first == '[' ? read_array(in, out) : read_object(in, out);
    in->depth--;
    return ok;
}

static bool read_value(struct reading *in, struct foreign *out)
{
    uint8_t first = foreign_peek(in->r);
    size_t offset = in->r->at;
    bool ok;

    if (in->values++ == LIMIT_JSON_VALUES)
        return too_much(in->r, in->err, "more than 262144 values in one piece");
    if (first == '[' || first == '{') {
        ok = read_container(in, first, out);
    } else if (first == '"') {
        *out = (struct foreign){.type = FOREIGN_STRING};
        ok = read_string(in->r, &out->text, in->arena, in->err);
    } else if (first == '-' || is_digit(first)) {
        ok = read_number(in, out);
    } else {
        ok = read_word(in, out);
    }
    out->offset = offset;
    return ok;
}

bool foreign_value(struct foreign_reader *r, struct foreign *out, struct arena *arena,
                   struct err *err)
{
    struct reading in = {.r = r, .arena = arena, .err = err};
    struct foreign value;

    if (!read_value(&in, &value))
        return false;
    *out = value;
    return true;
}

/* --- led from outside --- */

bool foreign_enter(struct foreign_reader *r, uint8_t bracket, bool *more, struct err *err)
{
    uint8_t close = bracket == '[' ? ']' : '}';

    if (foreign_peek(r) != bracket)
        return unexpected(r, err, bracket == '[' ? "[" : "{");
    r->at++;
    *more = foreign_peek(r) != close;
    r->at += !*more;
    return true;
}

bool foreign_key(struct foreign_reader *r, struct span *out, struct arena *arena, struct err *err)
{
    if (foreign_peek(r) != '"')
        return unexpected(r, err, "a member's name in double quotes");
    if (!read_string(r, out, arena, err))
        return false;
    if (foreign_peek(r) != ':')
        return unexpected(r, err, "a colon");
    r->at++;
    return true;
}

bool foreign_next(struct foreign_reader *r, uint8_t close, bool *more, struct err *err)
{
    uint8_t next = foreign_peek(r);

    if (next != ',' && next != close)
        return unexpected(r, err, close == ']' ? "a comma or ]" : "a comma or }");
    r->at++;
    *more = next == ',';
    return true;
}

bool foreign_end(struct foreign_reader *r, struct err *err)
{
    foreign_peek(r);
    return r->at == r->text.len || unexpected(r, err, "the end of the text");
}

bool foreign_parse(struct foreign *out, struct span text, struct arena *arena, struct err *err)
{
    struct foreign_reader r;
    struct foreign value;

    if (!foreign_open(&r, text, err) || !foreign_value(&r, &value, arena, err) ||
        !foreign_end(&r, err))
        return false;
    *out = value;
    return true;
}

/* --- long lists --- */

/* Reads all elements and keeps none. *r stands before the bracket, and then behind the list. */
static bool check_list(struct foreign_reader *r, struct foreign_list *list, struct err *err)
{
    struct arena scratch = {0};
    struct foreign element;
    bool more = false;

    *list = (struct foreign_list){.r = *r};
    bool ok = foreign_enter(r, '[', &more, err);
    while (ok && more) {
        arena_reset(&scratch);
        ok = foreign_value(r, &element, &scratch, err) && foreign_next(r, ']', &more, err);
    }
    arena_free(&scratch);
    return ok;
}

/* The list stands among the members as an empty one, so that its name counts, too. */
static bool is_one_of(struct span key, const char *const *names)
{
    while (*names && !span_is(key, *names))
        names++;
    return *names != NULL;
}

static bool read_outline(struct reading *in, struct foreign_list *list, bool *listed,
                         const char *const *names)
{
    struct foreign_member member;
    bool more;

    if (!foreign_enter(in->r, '{', &more, in->err))
        return false;
    while (more) {
        if (in->open_count == LIMIT_OUTLINE_MEMBERS)
            return too_much(in->r, in->err, "more members than the head of a list has");
        if (!foreign_key(in->r, &member.key, in->arena, in->err))
            return false;
        in->values = 0;
        bool here = !*listed && is_one_of(member.key, names) && foreign_peek(in->r) == '[';
        member.value = (struct foreign){.type = FOREIGN_ARRAY, .offset = in->r->at};
        if (here ? !check_list(in->r, list, in->err) : !read_value(in, &member.value))
            return false;
        *listed = *listed || here;
        hold(in, &member);
        if (!foreign_next(in->r, '}', &more, in->err))
            return false;
    }
    return true;
}

bool foreign_outline(struct foreign *out, struct foreign_list *list, const char *const *names,
                     struct foreign_reader *r, struct arena *arena, struct err *err)
{
    struct reading in = {.r = r, .arena = arena, .err = err};
    struct foreign_list found = {0};
    struct foreign object;
    bool listed = false;

    if (!read_outline(&in, &found, &listed, names) || !close_object(&in, 0, &object))
        return false;
    *out = object;
    *list = listed ? found : (struct foreign_list){0};
    return true;
}

bool foreign_list(struct foreign_list *out, struct foreign_reader *r, struct err *err)
{
    return check_list(r, out, err);
}

bool foreign_element(struct foreign_list *list, struct foreign *out, bool *more,
                     struct arena *arena, struct err *err)
{
    bool ok = list->inside ? foreign_next(&list->r, ']', more, err)
                           : foreign_enter(&list->r, '[', more, err);

    list->inside = true;
    return ok && (!*more || foreign_value(&list->r, out, arena, err));
}

/* --- looking --- */

const struct foreign *foreign_get_span(const struct foreign *object, struct span key)
{
    size_t low = 0, high;

    if (!object || object->type != FOREIGN_OBJECT)
        return NULL;
    for (high = object->object.count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = span_compare(object->object.at[middle].key, key);

        if (order == 0)
            return &object->object.at[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct foreign *foreign_get(const struct foreign *object, const char *key)
{
    return foreign_get_span(object, span_of(key));
}

struct span foreign_text(const struct foreign *value)
{
    return value && value->type == FOREIGN_STRING ? value->text : (struct span){0};
}

bool foreign_has(const struct foreign *value)
{
    return value && value->type != FOREIGN_NULL &&
           (value->type != FOREIGN_STRING || value->text.len != 0);
}
