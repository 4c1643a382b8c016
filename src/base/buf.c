#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

struct buf buf_in(struct arena *arena, size_t limit)
{
    return (struct buf){.arena = arena, .limit = limit};
}

static bool fits(struct buf *buf, size_t more)
{
    buf->full = buf->full || more > buf->limit - buf->len;
    return !buf->full;
}

static void move_to(struct buf *buf, size_t room)
{
    uint8_t *at = arena_alloc(buf->arena, room);

    if (buf->len)
        memcpy(at, buf->at, buf->len);
    buf->at = at;
    buf->room = room;
}

static bool make_room(struct buf *buf, size_t more)
{
    if (!fits(buf, more))
        return false;
    if (more <= buf->room - buf->len)
        return true;

    size_t room = buf->room ? buf->room : 256;
    while (room - buf->len < more)
        room *= 2;
    move_to(buf, room);
    return true;
}

void buf_reserve(struct buf *buf, size_t more)
{
    if (fits(buf, more) && more > buf->room - buf->len)
        move_to(buf, buf->len + more);
}

void buf_put(struct buf *buf, struct span bytes)
{
    if (bytes.len == 0 || !make_room(buf, bytes.len))
        return;
    memcpy(buf->at + buf->len, bytes.at, bytes.len);
    buf->len += bytes.len;
}

void buf_text(struct buf *buf, const char *text)
{
    buf_put(buf, span_of(text));
}

void buf_byte(struct buf *buf, uint8_t byte)
{
    buf_put(buf, span_make(&byte, 1));
}

static void put_be(struct buf *buf, uint64_t value, size_t width)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < width; i++)
        bytes[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    buf_put(buf, span_make(bytes, width));
}

void buf_u16be(struct buf *buf, uint16_t value)
{
    put_be(buf, value, 2);
}

void buf_u32be(struct buf *buf, uint32_t value)
{
    put_be(buf, value, 4);
}

void buf_u64be(struct buf *buf, uint64_t value)
{
    put_be(buf, value, 8);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    char small[256];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    assert(len >= 0);
    if ((size_t)len < sizeof small) {
        buf_put(buf, span_make(small, (size_t)len));
        return;
    }

    char *large = arena_alloc(buf->arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(large, (size_t)len + 1, format, args);
    va_end(args);
    buf_put(buf, span_make(large, (size_t)len));
}

struct span buf_span(const struct buf *buf)
{
    return span_make(buf->at, buf->len);
}
