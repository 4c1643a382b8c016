#include "scenario/value.h"

#include "base/reader.h"
#include "crypto/hash.h"

#define LIST_TEXT_BYTES 400u

static bool value_of(struct json *out, const struct value_reader *r, const struct field *field,
                     struct span text, const struct block *at, struct err *err);

/* --- what is told when it is wrong --- */

static const char *field_names(const struct field *fields, size_t count, struct arena *arena)
{
    struct buf out = buf_in(arena, LIST_TEXT_BYTES);

    for (size_t i = 0; i < count; i++)
        buf_printf(&out, "%s%s", i ? ", " : "", fields[i].name);
    return arena_printf(arena, "%.*s%s", SPAN_ARG(buf_span(&out)), out.full ? "…" : "");
}

static const char *word_list(const char *const *words, struct arena *arena)
{
    struct buf out = buf_in(arena, LIST_TEXT_BYTES);

    for (size_t i = 0; words[i]; i++)
        buf_printf(&out, "%s%s", i ? ", " : "", words[i]);
    return arena_printf(arena, "%.*s%s", SPAN_ARG(buf_span(&out)), out.full ? "…" : "");
}

static bool wrong(const struct block *at, const struct field *field, struct err *err,
                  const char *what, struct span got)
{
    return block_fault(at, err, "%s must be %s, not \"%.*s\"", field->name, what,
                       (int)(got.len < 80 ? got.len : 80), (const char *)got.at);
}

/* --- one value --- */

/* Lines that go on below are the same paragraph. */
static void put_lines(struct buf *out, const struct block *at)
{
    for (size_t i = 0; i < at->children; i++) {
        if (out->len)
            buf_byte(out, ' ');
        buf_put(out, at->child[i].text);
        put_lines(out, &at->child[i]);
    }
}

struct span value_text(struct span text, const struct block *at, struct arena *arena)
{
    struct buf out = buf_in(arena, LIMIT_SMALL_PART_BYTES);
    bool quoted;

    buf_put(&out, text);
    put_lines(&out, at);
    return words_unquote(buf_span(&out), &quoted);
}

static bool word_value(struct json *out, const struct value_reader *r, const struct field *field,
                       struct span text, const struct block *at, struct err *err)
{
    *out = json_string(text);
    for (size_t i = 0; field->words[i]; i++)
        if (span_is(text, field->words[i]))
            return true;
    return wrong(at, field, err,
                 arena_printf(r->arena, "one of: %s", word_list(field->words, r->arena)), text);
}

static bool is_hex_id(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'a' && text.at[i] <= 'f')))
            return false;
    return text.len == 2 * HASH_BYTES;
}

/* A record by the name it was given. One of another kind is let through: what becomes of it may be
 * what the scenario wants to see. */
static bool record_value(struct json *out, const struct value_reader *r, const struct field *field,
                         struct span text, const struct block *at, struct err *err)
{
    const struct name *name = names_find(r->names, NAME_RECORD, text);

    if (name && !name->id)
        return block_fault(at, err, "%s: the record \"%.*s\" of line %" PRIu64 " was never made",
                           field->name, SPAN_ARG(text), name->line);
    if (!name && !is_hex_id(text))
        return wrong(at, field, err,
                     arena_printf(r->arena, "a record by the name given to it with \"as\" (%s)",
                                  names_text(r->names, NAME_RECORD, r->arena)),
                     text);
    *out = name ? json_text(name->id) : json_string(text);
    return true;
}

/* An id that the kind's table does not know for a record's is one where there is such a record; and
 * a part's commitment where there is such a part. */
static struct json hash_value(const struct value_reader *r, struct span text)
{
    const struct name *record = names_find(r->names, NAME_RECORD, text);
    const struct name *part = names_find(r->names, NAME_PART, text);
    const struct name *named = record ? record : part;

    return named && named->id ? json_text(named->id) : json_string(text);
}

static bool key_value(struct json *out, const struct value_reader *r, const struct field *field,
                      struct span text, const struct block *at, struct err *err)
{
    const struct name *person = names_find(r->names, NAME_PERSON, text);

    if (!person)
        return wrong(at, field, err,
                     arena_printf(r->arena, "somebody's name (%s)",
                                  names_text(r->names, NAME_PERSON, r->arena)),
                     text);
    *out = json_text(field->type == FIELD_VKEY ? person->vkey : person->key_name);
    return true;
}

/* "34.1147" for 1e-7 degree. */
static bool degrees(int64_t *out, struct span text)
{
    bool minus = text.len && text.at[0] == '-';
    struct span rest = minus ? span_from(text, 1) : text, whole;
    uint64_t number, fraction = 0;
    int64_t scale = 10000000;

    if (!span_cut(&rest, '.', &whole)) {
        whole = rest;
        rest = (struct span){0};
    }
    if (rest.len > 7 || !decimal_parse(&number, whole, 180))
        return false;
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] < '0' || rest.at[i] > '9')
            return false;
        scale /= 10;
        fraction += (uint64_t)(rest.at[i] - '0') * (uint64_t)scale;
    }
    *out = (int64_t)(number * 10000000 + fraction) * (minus ? -1 : 1);
    return true;
}

static bool metres(int64_t *out, struct span text)
{
    struct span number = words_next(&text);
    uint64_t value;

    if (!decimal_parse(&value, number, 40000000))
        return false;
    *out = (int64_t)value * (span_is(text, "km") ? 1000 : 1);
    return span_is(text, "m") || span_is(text, "km") || text.len == 0;
}

/* What the end of a field's name says of its unit (STYLE.md: units go last). */
static const char *unit_value(int64_t *out, const struct value_reader *r, const struct field *field,
                              struct span text)
{
    struct span name = span_of(field->name);
    struct moment moment;

    if (span_ends_with(name, SPAN_LIT("_e7")))
        return degrees(out, text) ? NULL : "degrees, such as 34.1147";
    if (span_ends_with(name, SPAN_LIT("_m")))
        return metres(out, text) ? NULL : "a distance, such as 500 m or 2 km";
    if (!span_ends_with(name, SPAN_LIT("_ms")))
        return "a whole number";
    if (moment_duration(out, text))
        return NULL;
    if (!moment_parse(&moment, text, r->now))
        return "a duration, such as 6 hours, or a moment";
    *out = moment.ms;
    return NULL;
}

static bool integer_value(struct json *out, const struct value_reader *r, const struct field *field,
                          struct span text, const struct block *at, struct err *err)
{
    bool minus = text.len && text.at[0] == '-';
    const struct name *record = names_find(r->names, NAME_RECORD, text);
    const char *must = NULL;
    uint64_t number;
    int64_t value;

    if (record)
        value = (int64_t)record->index;
    else if (decimal_parse(&number, minus ? span_from(text, 1) : text, LIMIT_INTEGER) &&
             !span_ends_with(span_of(field->name), SPAN_LIT("_e7")))
        value = minus ? -(int64_t)number : (int64_t)number;
    else
        must = unit_value(&value, r, field, text);
    if (must)
        return wrong(at, field, err, must, text);
    *out = json_integer(value);
    return true;
}

static bool time_value(struct json *out, const struct value_reader *r, const struct field *field,
                       struct span text, const struct block *at, struct err *err)
{
    size_t count;
    const struct field *member = field_time(&count);
    struct json unused;

    if (!moment_stated(out, text, r->now, r->arena))
        return wrong(
            at, field, err,
            "a time, such as 2025-11-06 15:40 +05:00 ±10 min by watch, or 15:40, now, in 6 "
            "hours, 2 days ago",
            text);
    for (size_t i = 0; i < count; i++) /* what it rests on */
        if (member[i].words &&
            !word_value(&unused, r, &member[i], json_get(out, member[i].name)->string, at, err))
            return false;
    return true;
}

/* --- what is made of several --- */

static const struct field *field_named(const struct field *fields, size_t count, struct span name)
{
    for (size_t i = 0; i < count; i++)
        if (span_is(name, fields[i].name))
            return &fields[i];
    return NULL;
}

static bool cut_field(struct span *rest, const struct block *at, struct span *name, struct err *err)
{
    if (words_cut(rest, ":", name) && name->len)
        return true;
    return block_fault(at, err, "\"%.*s\": a field is written \"name: value\"",
                       (int)(at->text.len < 60 ? at->text.len : 60), (const char *)at->text.at);
}

/* "casualties: 0..4" stands for casualties_min and casualties_max; "range: 0..4" for min and max;
 * an end that is left out is not said. */
static bool range_of(struct json *out, const struct value_reader *r, const struct field *fields,
                     size_t count, struct span name, struct span text, const struct block *at,
                     bool *out_is, struct err *err)
{
    bool plain = span_is(name, "range");
    const char *low = plain ? "min" : arena_printf(r->arena, "%.*s_min", SPAN_ARG(name));
    const char *high = plain ? "max" : arena_printf(r->arena, "%.*s_max", SPAN_ARG(name));
    const struct field *least = field_named(fields, count, span_of(low));
    const struct field *most = field_named(fields, count, span_of(high));
    struct span left;
    struct json value;

    *out_is = least && most;
    if (!*out_is)
        return true;
    if (!words_cut(&text, "..", &left))
        left = text;
    if (left.len) {
        if (!integer_value(&value, r, least, left, at, err))
            return false;
        json_set(out, least->name, value, r->arena);
    }
    if (text.len) {
        if (!integer_value(&value, r, most, text, at, err))
            return false;
        json_set(out, most->name, value, r->arena);
    }
    return true;
}

/* "a.#" with the number in the place of the mark. */
static struct span numbered(const struct value_reader *r, struct span text)
{
    struct buf out = buf_in(r->arena, LIMIT_SMALL_PART_BYTES);
    struct span before;

    if (r->number == 0)
        return text;
    while (span_cut(&text, '#', &before)) {
        buf_put(&out, before);
        buf_printf(&out, "%" PRIu64, r->number);
    }
    buf_put(&out, text);
    return buf_span(&out);
}

static bool member(struct json *out, const struct value_reader *r, const struct field *fields,
                   size_t count, const char *owner, struct span text, const struct block *at,
                   struct err *err)
{
    struct span name, rest = text;
    struct json value;
    bool range;

    if (!cut_field(&rest, at, &name, err))
        return false;
    rest = numbered(r, rest);
    const struct field *field = field_named(fields, count, name);
    if (!field) {
        if (!range_of(out, r, fields, count, name, rest, at, &range, err))
            return false;
        return range || block_fault(at, err, "%s has no field \"%.*s\"; it has: %s", owner,
                                    SPAN_ARG(name), field_names(fields, count, r->arena));
    }
    if (json_get(out, field->name))
        return block_fault(at, err, "%s stands twice", field->name);
    if (!value_of(&value, r, field, rest, at, err))
        return false;
    json_set(out, field->name, value, r->arena);
    return true;
}

static bool object_value(struct json *out, const struct value_reader *r, const struct field *field,
                         struct span text, const struct block *at, struct err *err)
{
    *out = json_object();
    if (text.len)
        return wrong(at, field, err, "given by indented lines \"name: value\" below it", text);
    for (size_t i = 0; i < at->children; i++)
        if (!member(out, r, field->fields, field->count, field->name, at->child[i].text,
                    &at->child[i], err))
            return false;
    return true;
}

/* "- question: knowledge", and what is indented below it. */
static bool item_value(struct json *out, const struct value_reader *r, const struct field *item,
                       const struct block *at, struct err *err)
{
    struct span text = at->text;

    if (!words_take(&text, "-"))
        return block_fault(at, err, "an item of a list begins with \"- \"");
    if (item->type != FIELD_OBJECT)
        return value_of(out, r, item, text, at, err);
    *out = json_object();
    if (text.len && !member(out, r, item->fields, item->count, item->name, text,
                            &(struct block){.line = at->line, .text = text}, err))
        return false;
    for (size_t i = 0; i < at->children; i++)
        if (!member(out, r, item->fields, item->count, item->name, at->child[i].text, &at->child[i],
                    err))
            return false;
    return true;
}

static bool list_value(struct json *out, const struct value_reader *r, const struct field *field,
                       struct span text, const struct block *at, struct err *err)
{
    const struct block alone = {.line = at->line, .text = at->text};
    struct span one;
    struct json value;

    *out = json_array();
    while (text.len) {
        if (!words_cut(&text, ",", &one)) {
            one = text;
            text = (struct span){0};
        }
        if (!value_of(&value, r, &field->fields[0], one, &alone, err))
            return false;
        json_push(out, value, r->arena);
    }
    for (size_t i = 0; i < at->children; i++) {
        if (!item_value(&value, r, &field->fields[0], &at->child[i], err))
            return false;
        json_push(out, value, r->arena);
    }
    return true;
}

static bool takes_lines(const struct field *field)
{
    return field->type == FIELD_TEXT || field->type == FIELD_OBJECT || field->type == FIELD_LIST;
}

static bool value_of(struct json *out, const struct value_reader *r, const struct field *field,
                     struct span text, const struct block *at, struct err *err)
{
    bool quoted;

    if (!takes_lines(field)) {
        if (at->children)
            return block_fault(&at->child[0], err, "nothing can be indented below %s", field->name);
        text = words_unquote(text, &quoted);
        if (text.len == 0)
            return block_fault(at, err, "%s has no value", field->name);
    }
    switch (field->type) {
    case FIELD_TEXT:
        *out = json_string(value_text(text, at, r->arena));
        return true;
    case FIELD_WORD:
        return word_value(out, r, field, text, at, err);
    case FIELD_RECORD:
        return record_value(out, r, field, text, at, err);
    case FIELD_TOKEN:
        *out = json_string(text);
        return true;
    case FIELD_HASH:
        *out = hash_value(r, text);
        return true;
    case FIELD_NAME:
    case FIELD_VKEY:
        return key_value(out, r, field, text, at, err);
    case FIELD_INTEGER:
        return integer_value(out, r, field, text, at, err);
    case FIELD_TIME:
        return time_value(out, r, field, text, at, err);
    case FIELD_OBJECT:
        return object_value(out, r, field, text, at, err);
    case FIELD_LIST:
        return list_value(out, r, field, text, at, err);
    }
    return block_fault(at, err, "%s cannot be written here", field->name);
}

bool value_fields(struct json *out, const struct value_reader *reader, const struct kind *kind,
                  const struct block *record, struct err *err)
{
    *out = json_object();
    for (size_t i = 0; i < record->children; i++)
        if (!member(out, reader, kind->fields, kind->count, kind->name, record->child[i].text,
                    &record->child[i], err))
            return false;
    return true;
}
