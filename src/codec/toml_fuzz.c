/*
 * TOML: what was read is a value of ours, reads the same behind a comment and with a
 * comment behind it, and reads the same when it is written in one form for everything:
 * quoted keys, basic strings, inline tables. (That other people's programs read the
 * same, too, is tests/oracle/toml_test.sh.)
 */

#include "codec/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_reads_as(const struct json *value, struct span text, struct arena *arena)
{
    struct err err = {0};
    struct json again;

    assert(toml_parse(&again, text, arena, &err));
    assert(json_equal(value, &again));
}

static void write_string(struct buf *buf, struct span text, struct arena *arena)
{
    struct json string = json_string(text);
    struct span bytes = json_bytes(&string, arena);
    struct span part;

    while (span_cut(&bytes, 0x7f, &part)) { /* JSON leaves it plain, TOML has no place for it */
        buf_put(buf, part);
        buf_text(buf, "\\u007f");
    }
    buf_put(buf, bytes);
}

static void write_value(struct buf *buf, const struct json *value, struct arena *arena);

static void write_pair(struct buf *buf, const struct json_member *member, struct arena *arena)
{
    write_string(buf, member->key, arena);
    buf_text(buf, "=");
    write_value(buf, &member->value, arena);
}

static void write_value(struct buf *buf, const struct json *value, struct arena *arena)
{
    switch (value->type) {
    case JSON_INTEGER:
        buf_printf(buf, "%+" PRId64, value->integer);
        break;
    case JSON_STRING:
        write_string(buf, value->string, arena);
        break;
    case JSON_ARRAY:
        buf_text(buf, "[");
        for (uint32_t i = 0; i < value->array.count; i++) {
            write_value(buf, &value->array.at[i], arena);
            buf_text(buf, ",");
        }
        buf_text(buf, "]");
        break;
    case JSON_OBJECT:
        buf_text(buf, "{");
        for (uint32_t i = 0; i < value->object.count; i++) {
            buf_text(buf, i > 0 ? "," : "");
            write_pair(buf, &value->object.at[i], arena);
        }
        buf_text(buf, "}");
        break;
    }
}

static void check_written(const struct json *value, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);

    for (uint32_t i = 0; i < value->object.count; i++) {
        write_pair(&buf, &value->object.at[i], arena);
        buf_text(&buf, "\r\n");
    }
    check_reads_as(value, buf_span(&buf), arena);
}

static void check_between_comments(const struct json *value, struct span text, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);

    buf_text(&buf, "# صلح\r\n\t\n");
    buf_put(&buf, text);
    buf_text(&buf, "\n # the end");
    check_reads_as(value, buf_span(&buf), arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct err err = {0};
    struct json value, again;

    if (toml_parse(&value, text, &arena, &err)) {
        assert(value.type == JSON_OBJECT);
        assert(json_parse_canonical(&again, json_bytes(&value, &arena), &arena, &err));
        assert(json_equal(&value, &again));
        check_between_comments(&value, text, &arena);
        check_written(&value, &arena);
    } else {
        assert(err.kind != ERR_NONE);
    }
    arena_free(&arena);
    return 0;
}
