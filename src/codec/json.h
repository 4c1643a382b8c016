#pragma once

/*
 * JSON values of doc/format.md §2: integers within ±(2^53−1), strings, arrays,
 * objects; and their one canonical form (RFC 8785), which is what is signed and
 * hashed. json_parse reads any JSON text that means such a value; for bytes that
 * were signed use json_parse_canonical, which refuses every other spelling.
 *
 * Values and strings live in the arena they were made in. Objects keep their
 * members in bytewise order of the keys.
 */

#include "base/buf.h"
#include "base/err.h"

enum json_type { JSON_INTEGER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_member;

struct json {
    enum json_type type;
    union {
        int64_t integer;
        struct span string; /* UTF-8, without U+0000 */
        struct {
            struct json *at;
            uint32_t count, room; /* `room` is of json_push: 0 in a value made by hand */
        } array;
        struct {
            struct json_member *at;
            uint32_t count, room;
        } object;
    };
};

struct json_member {
    struct span key;
    struct json value;
};

/* Errors say line and column. Fractions, exponents, true, false and null are refused by name. */
MUST_CHECK bool json_parse(struct json *out, struct span text, struct arena *arena,
                           struct err *err);
MUST_CHECK bool json_parse_canonical(struct json *out, struct span text, struct arena *arena,
                                     struct err *err);
void json_encode(struct buf *buf, const struct json *value);
/* The canonical form as a span in the arena. */
struct span json_bytes(const struct json *value, struct arena *arena);

/* A member's value, or NULL when there is none or `object` is NULL or no object. */
const struct json *json_get(const struct json *object, const char *key);
/* With these a missing member, or one of another type, gives the last argument. */
int64_t json_get_integer(const struct json *object, const char *key, int64_t otherwise);
struct span json_get_string(const struct json *object, const char *key, struct span otherwise);
/* A string that may be missing: then, or where it is no string, empty. */
static inline struct span json_get_text(const struct json *object, const char *key)
{
    return json_get_string(object, key, (struct span){0});
}
/* Whether `text` is one of an array's strings; false where `array` is NULL or no array. */
bool json_lists(const struct json *array, struct span text);
/* Equal in canonical form. NULL equals NULL only. */
bool json_equal(const struct json *a, const struct json *b);

/* Making values. Numbers within the limit, well-formed strings and keys that fit §2.1
 * are asserted: whoever makes a value of foreign bytes has checked them.
 *
 * json_set puts a member in its place, replacing one of that name; the key is copied,
 * the value is not. A value grows through one variable: a struct json that was copied
 * before a push or a set shares its memory with what was pushed. */
bool json_key_valid(struct span key);
bool json_text_valid(struct span text); /* UTF-8, without U+0000 */
struct json json_integer(int64_t value);
struct json json_string(struct span text);
struct json json_text(const char *text);
struct json json_array(void);
struct json json_object(void);
void json_push(struct json *array, struct json value, struct arena *arena);
void json_set(struct json *object, const char *key, struct json value, struct arena *arena);
void json_set_integer(struct json *object, const char *key, int64_t value, struct arena *arena);
void json_set_string(struct json *object, const char *key, struct span text, struct arena *arena);
