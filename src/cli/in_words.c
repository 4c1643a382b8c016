#include "cli/in_words.h"

#include "base/calendar.h"
#include "record/kind.h"

static void put(const struct in_words *words, struct span text)
{
    cli_put_text(words->out, text, 0);
}

void in_words_word(const struct in_words *words, struct span word)
{
    char *text = arena_text(words->arena, word);

    for (char *c = text; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    put(words, span_of(text));
}

void in_words_term(const struct in_words *words, const char *section, struct span id)
{
    const struct json *items = json_get(words->terms, section);

    put(words, id);
    for (size_t i = 0; items && i < items->array.count; i++) {
        const struct json *item = &items->array.at[i];
        const struct json *label =
            json_get(item, "label") ? json_get(item, "label") : json_get(item, "name");

        if (!span_equal(json_get_text(item, "id"), id) || !label || label->type != JSON_OBJECT)
            continue;
        fputs(" (", words->out);
        put(words, json_get_text(label, "en"));
        fputs(")", words->out);
        return;
    }
}

/* Seconds where there are any; ±HH:MM where the writer's clock stood elsewhere than at UTC. */
static void put_moment(const struct in_words *words, int64_t ms, int64_t offset_min)
{
    char text[CALENDAR_TEXT], zone[16] = " UTC";
    int64_t local = ms + offset_min * MS_PER_MINUTE;

    calendar_format(text, local, 0);
    text[10] = ' ';
    text[local % MS_PER_MINUTE == 0 ? 16 : 19] = '\0';
    if (offset_min != 0)
        snprintf(zone, sizeof zone, " %c%02d:%02d", offset_min < 0 ? '-' : '+',
                 (int)(offset_min < 0 ? -offset_min : offset_min) / 60,
                 (int)(offset_min < 0 ? -offset_min : offset_min) % 60);
    fprintf(words->out, "%s%s", text, zone);
}

void in_words_moment(const struct in_words *words, int64_t ms)
{
    put_moment(words, ms, 0);
}

void in_words_length(const struct in_words *words, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *one;
    } units[] = {{MS_PER_DAY, "day"}, {MS_PER_HOUR, "hour"}, {MS_PER_MINUTE, "minute"}};
    int said = 0;

    for (size_t i = 0; i < ARRAY_LEN(units) && said < 2; i++) {
        int64_t count = ms / units[i].ms;

        ms %= units[i].ms;
        if (count == 0)
            continue;
        fprintf(words->out, "%s%" PRId64 " %s%s", said++ ? " " : "", count, units[i].one,
                count == 1 ? "" : "s");
    }
    if (said == 0)
        fputs("less than a minute", words->out);
}

static void put_time(const struct in_words *words, const struct json *time)
{
    int64_t error = json_get_integer(time, "uncertainty_ms", 0);

    put_moment(words, json_get_integer(time, "at_ms", 0), json_get_integer(time, "offset_min", 0));
    if (error >= MS_PER_MINUTE) {
        fputs(", give or take ", words->out);
        in_words_length(words, error);
    }
    fputs(", by ", words->out);
    put(words, json_get_text(time, "basis"));
}

/* A record that is printed has a number; another is known by how its id begins. */
static void put_record(const struct in_words *words, struct span id)
{
    for (size_t i = 0; words->items && i < words->items->array.count; i++)
        if (span_equal(json_get_text(&words->items->array.at[i], "id"), id)) {
            fprintf(words->out, "no. %zu", i + 1);
            return;
        }
    fputs("record ", words->out);
    put(words, span_make(id.at, id.len < 12 ? id.len : 12));
}

static bool is_id(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("0123456789abcdef", text.at[i]))
            return false;
    return text.len == 64;
}

static void put_value(const struct in_words *words, const struct field *field,
                      const struct json *value, int indent);

static void put_object(const struct in_words *words, const struct field *field,
                       const struct json *object, int indent)
{
    for (uint32_t i = 0; i < object->object.count; i++) {
        const struct json_member *member = &object->object.at[i];
        const struct field *below = NULL;

        for (size_t f = 0; field && f < field->count; f++)
            if (span_is(member->key, field->fields[f].name))
                below = &field->fields[f];
        fputs(i ? "; " : "", words->out);
        in_words_word(words, member->key);
        fputs(": ", words->out);
        put_value(words, below, &member->value, indent);
    }
}

static void put_string(const struct in_words *words, const struct field *field, struct span text,
                       int indent)
{
    if (field && field->term)
        in_words_term(words, field->term, text);
    else if (is_id(text))
        put_record(words, text);
    else if (field && field->type == FIELD_WORD)
        in_words_word(words, text);
    else
        cli_put_text(words->out, text, indent);
}

/* Degrees are kept as integers of 1e-7. */
static void put_integer(const struct in_words *words, const struct field *field, int64_t value)
{
    if (field && span_ends_with(span_of(field->name), SPAN_LIT("_e7")))
        fprintf(words->out, "%s%" PRId64 ".%07" PRId64, value < 0 ? "-" : "",
                (value < 0 ? -value : value) / 10000000, (value < 0 ? -value : value) % 10000000);
    else
        fprintf(words->out, "%" PRId64, value);
}

static void put_value(const struct in_words *words, const struct field *field,
                      const struct json *value, int indent)
{
    switch (value->type) {
    case JSON_INTEGER:
        put_integer(words, field, value->integer);
        break;
    case JSON_STRING:
        put_string(words, field, value->string, indent);
        break;
    case JSON_ARRAY:
        for (size_t i = 0; i < value->array.count; i++) {
            fputs(i ? ", " : "", words->out);
            put_value(words, field && field->count ? &field->fields[0] : NULL, &value->array.at[i],
                      indent);
        }
        break;
    case JSON_OBJECT:
        if (json_get(value, "at_ms") && json_get(value, "basis"))
            put_time(words, value);
        else
            put_object(words, field, value, indent);
        break;
    }
}

static bool is_among(struct span name, const char *const *names)
{
    for (; names && *names; names++)
        if (span_is(name, *names))
            return true;
    return false;
}

void in_words_fields(const struct in_words *words, const char *kind, const struct json *fields,
                     const char *const *but, int indent)
{
    const struct kind *known = kind_find(span_of(kind), 1);

    for (uint32_t i = 0; i < fields->object.count; i++) {
        const struct json_member *member = &fields->object.at[i];
        const struct field *field =
            known ? kind_field(known, arena_text(words->arena, member->key)) : NULL;

        if (is_among(member->key, but))
            continue;
        fprintf(words->out, "%*s", indent, "");
        in_words_word(words, member->key);
        fputs(": ", words->out);
        put_value(words, field, &member->value, indent + 2);
        fputc('\n', words->out);
    }
}
