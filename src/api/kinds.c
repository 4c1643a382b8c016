/* The kinds of records as the program knows them: what forms and pages are made from. */

#include "api/call.h"

#include "record/kind.h"

static const char *const type_words[] = {
    [FIELD_TEXT] = "text",     [FIELD_WORD] = "word",       [FIELD_TOKEN] = "token",
    [FIELD_NAME] = "name",     [FIELD_INTEGER] = "integer", [FIELD_HASH] = "hash",
    [FIELD_RECORD] = "record", [FIELD_VKEY] = "vkey",       [FIELD_TIME] = "time",
    [FIELD_OBJECT] = "object", [FIELD_LIST] = "list",
};

static struct json list_of(const char *const *words, struct arena *arena)
{
    struct json list = json_array();

    for (size_t i = 0; words[i]; i++)
        json_push(&list, json_text(words[i]), arena);
    return list;
}

static bool has_range(const struct field *field)
{
    return field->type == FIELD_TEXT || field->type == FIELD_INTEGER ||
           field->type == FIELD_TOKEN || field->type == FIELD_LIST;
}

static struct json fields_of(const struct field *fields, size_t count, struct arena *arena);

static struct json field_of(const struct field *field, struct arena *arena)
{
    struct json out = json_object();

    json_set(&out, "name", json_text(field->name), arena);
    json_set(&out, "type", json_text(type_words[field->type]), arena);
    json_set_integer(&out, "required", field->required, arena);
    if (field->tier)
        json_set(&out, "tier", json_text(field->tier), arena);
    if (field->term)
        json_set(&out, "term", json_text(field->term), arena);
    if (field->words)
        json_set(&out, "words", list_of(field->words, arena), arena);
    if (has_range(field)) {
        json_set_integer(&out, "min", field->min, arena);
        json_set_integer(&out, "max", field->max, arena);
    }
    if (field->count)
        json_set(&out, "fields", fields_of(field->fields, field->count, arena), arena);
    if (field->about)
        json_set(&out, "about", json_text(field->about), arena);
    return out;
}

static struct json fields_of(const struct field *fields, size_t count, struct arena *arena)
{
    struct json list = json_array();

    for (size_t i = 0; i < count; i++)
        json_push(&list, field_of(&fields[i], arena), arena);
    return list;
}

static struct json kind_of(const struct kind *kind, struct arena *arena)
{
    struct json out = json_object();

    json_set(&out, "name", json_text(kind->name), arena);
    json_set_integer(&out, "version", (int64_t)kind->version, arena);
    json_set(&out, "jobs", list_of(kind->jobs, arena), arena);
    if (kind->capability)
        json_set(&out, "capability", json_text(kind->capability), arena);
    json_set(&out, "about", json_text(kind->about), arena);
    json_set(&out, "fields", fields_of(kind->fields, kind->count, arena), arena);
    return out;
}

bool kinds_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), list = json_array();
    const struct kind *kind;

    (void)err;
    for (size_t i = 0; (kind = kind_at(i)) != NULL; i++)
        json_push(&list, kind_of(kind, call->arena), call->arena);
    json_set(&out, "kinds", list, call->arena);
    return api_answer_json(call, &out);
}
