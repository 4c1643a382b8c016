/* The canonical form, written. */

#include "codec/json.h"

#include "codec/json_escape.h"

/* Small pieces are gathered, as every write to a buf asks it for room. */
struct writer {
    struct buf *buf;
    size_t len;
    uint8_t chunk[512];
};

static void flush(struct writer *w)
{
    buf_put(w->buf, span_make(w->chunk, w->len));
    w->len = 0;
}

static void put(struct writer *w, struct span bytes)
{
    if (bytes.len > sizeof w->chunk - w->len)
        flush(w);
    if (bytes.len > sizeof w->chunk) {
        buf_put(w->buf, bytes);
        return;
    }
    if (bytes.len)
        memcpy(w->chunk + w->len, bytes.at, bytes.len);
    w->len += bytes.len;
}

static void put_byte(struct writer *w, uint8_t byte)
{
    if (w->len == sizeof w->chunk)
        flush(w);
    w->chunk[w->len++] = byte;
}

static void put_integer(struct writer *w, int64_t value)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (uint8_t)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    put(w, span_make(digits + at, sizeof digits - at));
}

static void put_string(struct writer *w, struct span text)
{
    put_byte(w, '"');
    for (;;) {
        uint8_t escape[JSON_ESCAPE_BYTES];
        size_t run = json_plain_run(text);
        put(w, span_slice(text, 0, run));
        if (run == text.len)
            break;
        put(w, span_make(escape, json_escape(escape, text.at[run])));
        text = span_from(text, run + 1);
    }
    put_byte(w, '"');
}

static void put_value(struct writer *w, const struct json *value);

static void put_array(struct writer *w, const struct json *array)
{
    put_byte(w, '[');
    for (uint32_t i = 0; i < array->array.count; i++) {
        if (i > 0)
            put_byte(w, ',');
        put_value(w, &array->array.at[i]);
    }
    put_byte(w, ']');
}

static void put_object(struct writer *w, const struct json *object)
{
    put_byte(w, '{');
    for (uint32_t i = 0; i < object->object.count; i++) {
        const struct json_member *member = &object->object.at[i];
        if (i > 0)
            put_byte(w, ',');
        put_byte(w, '"'); /* no character of a key needs an escape */
        put(w, member->key);
        put(w, SPAN_LIT("\":"));
        put_value(w, &member->value);
    }
    put_byte(w, '}');
}

static void put_value(struct writer *w, const struct json *value)
{
    switch (value->type) {
    case JSON_INTEGER:
        put_integer(w, value->integer);
        break;
    case JSON_STRING:
        put_string(w, value->string);
        break;
    case JSON_ARRAY:
        put_array(w, value);
        break;
    case JSON_OBJECT:
        put_object(w, value);
        break;
    }
}

void json_encode(struct buf *buf, const struct json *value)
{
    struct writer w;

    w.buf = buf;
    w.len = 0;
    put_value(&w, value);
    flush(&w);
}

struct span json_bytes(const struct json *value, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);

    json_encode(&buf, value);
    assert(!buf.full);
    return buf_span(&buf);
}
