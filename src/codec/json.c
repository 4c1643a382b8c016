/* The values in memory. Their text is read in json_parse.c and written in json_encode.c. */

#include "codec/json.h"

#include "base/limits.h"
#include "codec/utf8.h"

bool json_key_valid(struct span key)
{
    if (key.len < 1 || key.len > 64)
        return false;
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] < 0x20 || key.at[i] > 0x7e || key.at[i] == '"' || key.at[i] == '\\')
            return false;
    return true;
}

bool json_text_valid(struct span text)
{
    return utf8_valid(text) && (text.len == 0 || !memchr(text.at, '\0', text.len));
}

/* Where `key` stands among the members, or would have to be put. */
static uint32_t place_among(const struct json *object, struct span key)
{
    uint32_t low = 0;
    uint32_t high = object->object.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (span_compare(object->object.at[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct json_member *member_at(const struct json *object, uint32_t place, struct span key)
{
    if (place == object->object.count || !span_equal(object->object.at[place].key, key))
        return NULL;
    return &object->object.at[place];
}

const struct json *json_get(const struct json *object, const char *key)
{
    struct span name = span_of(key);

    if (!object || object->type != JSON_OBJECT)
        return NULL;
    const struct json_member *member = member_at(object, place_among(object, name), name);
    return member ? &member->value : NULL;
}

bool json_lists(const struct json *array, struct span text)
{
    if (!array || array->type != JSON_ARRAY)
        return false;
    for (size_t i = 0; i < array->array.count; i++)
        if (array->array.at[i].type == JSON_STRING && span_equal(array->array.at[i].string, text))
            return true;
    return false;
}

int64_t json_get_integer(const struct json *object, const char *key, int64_t otherwise)
{
    const struct json *value = json_get(object, key);

    return value && value->type == JSON_INTEGER ? value->integer : otherwise;
}

struct span json_get_string(const struct json *object, const char *key, struct span otherwise)
{
    const struct json *value = json_get(object, key);

    return value && value->type == JSON_STRING ? value->string : otherwise;
}

static bool arrays_equal(const struct json *a, const struct json *b)
{
    if (a->array.count != b->array.count)
        return false;
    for (uint32_t i = 0; i < a->array.count; i++)
        if (!json_equal(&a->array.at[i], &b->array.at[i]))
            return false;
    return true;
}

static bool objects_equal(const struct json *a, const struct json *b)
{
    if (a->object.count != b->object.count)
        return false;
    for (uint32_t i = 0; i < a->object.count; i++) {
        const struct json_member *left = &a->object.at[i];
        const struct json_member *right = &b->object.at[i];
        if (!span_equal(left->key, right->key) || !json_equal(&left->value, &right->value))
            return false;
    }
    return true;
}

bool json_equal(const struct json *a, const struct json *b)
{
    if (!a || !b)
        return a == b;
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case JSON_INTEGER:
        return a->integer == b->integer;
    case JSON_STRING:
        return span_equal(a->string, b->string);
    case JSON_ARRAY:
        return arrays_equal(a, b);
    case JSON_OBJECT:
        return objects_equal(a, b);
    }
    assert(false);
    return false;
}

struct json json_integer(int64_t value)
{
    assert(value >= -LIMIT_INTEGER && value <= LIMIT_INTEGER);
    return (struct json){.type = JSON_INTEGER, .integer = value};
}

struct json json_string(struct span text)
{
    assert(json_text_valid(text));
    return (struct json){.type = JSON_STRING, .string = text};
}

struct json json_text(const char *text)
{
    return json_string(span_of(text));
}

struct json json_array(void)
{
    return (struct json){.type = JSON_ARRAY};
}

struct json json_object(void)
{
    return (struct json){.type = JSON_OBJECT};
}

static uint32_t more_room(uint32_t count)
{
    assert(count < UINT32_MAX / 2);
    return count < 4 ? 4 : count * 2;
}

void json_push(struct json *array, struct json value, struct arena *arena)
{
    assert(array->type == JSON_ARRAY);
    uint32_t count = array->array.count;

    if (count >= array->array.room) {
        struct json *at = ARENA_ARRAY(arena, struct json, more_room(count));
        if (count)
            memcpy(at, array->array.at, count * sizeof *at);
        array->array.at = at;
        array->array.room = more_room(count);
    }
    array->array.at[count] = value;
    array->array.count = count + 1;
}

/* Room for one member more, before `place`. */
static struct json_member *open_place(struct json *object, uint32_t place, struct arena *arena)
{
    uint32_t count = object->object.count;

    if (count >= object->object.room) {
        struct json_member *at = ARENA_ARRAY(arena, struct json_member, more_room(count));
        if (count)
            memcpy(at, object->object.at, count * sizeof *at);
        object->object.at = at;
        object->object.room = more_room(count);
    }
    struct json_member *member = &object->object.at[place];
    memmove(member + 1, member, (count - place) * sizeof *member);
    object->object.count = count + 1;
    return member;
}

void json_set(struct json *object, const char *key, struct json value, struct arena *arena)
{
    struct span name = span_of(key);

    assert(object->type == JSON_OBJECT);
    assert(json_key_valid(name));
    uint32_t place = place_among(object, name);
    struct json_member *member = member_at(object, place, name);
    if (!member) {
        member = open_place(object, place, arena);
        member->key = arena_copy(arena, name);
    }
    member->value = value;
}

void json_set_integer(struct json *object, const char *key, int64_t value, struct arena *arena)
{
    json_set(object, key, json_integer(value), arena);
}

void json_set_string(struct json *object, const char *key, struct span text, struct arena *arena)
{
    json_set(object, key, json_string(text), arena);
}
