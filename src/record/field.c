#include "record/kind.h"

#include "codec/hex.h"
#include "ledger/note.h"

#include <stdio.h>

#define WORDS_BYTES 400

static bool refuse(const struct field *field, struct err *err, const char *what)
{
    return err_set(err, ERR_MALFORMED, "\"%s\" %s", field->name, what);
}

static bool check_text(const struct field *field, const struct json *value, struct err *err)
{
    int64_t len = (int64_t)value->string.len;

    if (len < field->min || len > field->max)
        return err_set(err, ERR_MALFORMED, "\"%s\" must be %" PRId64 " to %" PRId64 " bytes long",
                       field->name, field->min, field->max);
    return true;
}

/* "saw, heard, recorded": for whoever wrote another. */
static const char *words_of(const struct field *field, char out[WORDS_BYTES])
{
    size_t len = 0;

    for (size_t i = 0; field->words[i] && len < WORDS_BYTES; i++)
        len +=
            (size_t)snprintf(out + len, WORDS_BYTES - len, "%s%s", i ? ", " : "", field->words[i]);
    return out;
}

static bool check_word(const struct field *field, const struct json *value, struct err *err)
{
    for (size_t i = 0; field->words[i]; i++)
        if (span_is(value->string, field->words[i]))
            return true;
    return err_set(err, ERR_MALFORMED, "\"%s\" is none of its words: %s", field->name,
                   words_of(field, (char[WORDS_BYTES]){0}));
}

static bool check_token(const struct field *field, const struct json *value, struct err *err)
{
    struct span text = value->string;

    if (text.len == 0 || text.len > (size_t)field->max)
        return err_set(err, ERR_MALFORMED, "\"%s\" must be 1 to %" PRId64 " characters long",
                       field->name, field->max);
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return refuse(field, err, "must be printable ASCII without spaces");
    return true;
}

static bool check_name(const struct field *field, const struct json *value, struct err *err)
{
    return note_name_valid(value->string) || refuse(field, err, "must be a name (format §1.1)");
}

static bool check_integer(const struct field *field, const struct json *value, struct err *err)
{
    if (value->integer < field->min || value->integer > field->max)
        return err_set(err, ERR_MALFORMED, "\"%s\" must be %" PRId64 " to %" PRId64, field->name,
                       field->min, field->max);
    return true;
}

static bool check_hash(const struct field *field, const struct json *value, struct err *err)
{
    struct hash unused;

    return hex_parse(unused.bytes, sizeof unused.bytes, value->string) ||
           refuse(field, err, "must be 64 lower-case hex digits");
}

static bool check_vkey(const struct field *field, const struct json *value, struct err *err)
{
    struct note_key unused;

    return note_key_parse(&unused, value->string, err) || err_wrap(err, "\"%s\"", field->name);
}

static bool check_object(const struct field *field, const struct json *value, struct err *err)
{
    size_t found = 0;

    for (size_t i = 0; i < field->count; i++) {
        const struct field *member = &field->fields[i];
        const struct json *given = json_get(value, member->name);

        if (!given && member->required)
            return err_set(err, ERR_MALFORMED, "\"%s\" lacks \"%s\"", field->name, member->name);
        if (given && !field_check(member, given, err))
            return err_wrap(err, "\"%s\"", field->name);
        found += given != NULL;
    }
    return found == value->object.count || refuse(field, err, "has a member that is no field");
}

/* A stated time, doc/format.md §2.3. */
static const struct field time_fields[] = {
    {.name = "at_ms",
     .type = FIELD_INTEGER,
     .required = true,
     .min = LIMIT_TIME_MIN_MS,
     .max = LIMIT_TIME_MAX_MS,
     .about = "The moment, in milliseconds since 1970, UTC."},
    {.name = "basis",
     .type = FIELD_WORD,
     .required = true,
     .words = (const char *const[]){"watch", "camera", "estimate", "system", "document", "press",
                                    "dataset", NULL},
     .about = "What it rests on."},
    {.name = "offset_min",
     .type = FIELD_INTEGER,
     .required = true,
     .min = -840,
     .max = 840,
     .about = "The local offset in minutes east of UTC."},
    {.name = "uncertainty_ms",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 0,
     .max = LIMIT_INTEGER,
     .about = "The greatest error either way."},
};

static bool check_time(const struct field *field, const struct json *value, struct err *err)
{
    const struct field time = {.name = field->name,
                               .type = FIELD_OBJECT,
                               .fields = time_fields,
                               .count = ARRAY_LEN(time_fields)};

    return check_object(&time, value, err);
}

static bool check_list(const struct field *field, const struct json *value, struct err *err)
{
    if ((int64_t)value->array.count < field->min || (int64_t)value->array.count > field->max)
        return err_set(err, ERR_MALFORMED, "\"%s\" must have %" PRId64 " to %" PRId64 " items",
                       field->name, field->min, field->max);
    for (size_t i = 0; i < value->array.count; i++)
        if (!field_check(&field->fields[0], &value->array.at[i], err))
            return err_wrap(err, "\"%s\" number %zu", field->name, i + 1);
    return true;
}

static const struct {
    enum json_type json;
    const char *must;
    bool (*check)(const struct field *field, const struct json *value, struct err *err);
} types[] = {
    [FIELD_TEXT] = {JSON_STRING, "must be a string", check_text},
    [FIELD_WORD] = {JSON_STRING, "must be a string", check_word},
    [FIELD_TOKEN] = {JSON_STRING, "must be a string", check_token},
    [FIELD_NAME] = {JSON_STRING, "must be a string", check_name},
    [FIELD_INTEGER] = {JSON_INTEGER, "must be an integer", check_integer},
    [FIELD_HASH] = {JSON_STRING, "must be a string", check_hash},
    [FIELD_RECORD] = {JSON_STRING, "must be a record id", check_hash},
    [FIELD_VKEY] = {JSON_STRING, "must be a string", check_vkey},
    [FIELD_TIME] = {JSON_OBJECT, "must be a stated time: at_ms, basis, offset_min, uncertainty_ms",
                    check_time},
    [FIELD_OBJECT] = {JSON_OBJECT, "must be an object", check_object},
    [FIELD_LIST] = {JSON_ARRAY, "must be an array", check_list},
};

bool field_check(const struct field *field, const struct json *value, struct err *err)
{
    if (value->type != types[field->type].json)
        return refuse(field, err, types[field->type].must);
    return types[field->type].check(field, value, err);
}

const struct field *field_time(size_t *out_count)
{
    *out_count = ARRAY_LEN(time_fields);
    return time_fields;
}
