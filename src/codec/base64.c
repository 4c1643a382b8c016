#include "codec/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static size_t padding_of(struct span text)
{
    if (text.len == 0 || text.at[text.len - 1] != '=')
        return 0;
    return text.at[text.len - 2] == '=' ? 2 : 1;
}

/* `digits` characters, 2 to 4, of one group, into the three bytes of *out. */
static bool read_group(uint32_t *out, const uint8_t *at, size_t digits)
{
    uint32_t group = 0;

    for (size_t i = 0; i < 4; i++) {
        int value = i < digits ? value_of(at[i]) : 0;
        if (value < 0)
            return false;
        group = group << 6 | (uint32_t)value;
    }
    *out = group;
    return true;
}

/* `len` bytes out of as many characters as they need. */
static bool read_bytes(uint8_t *out, size_t len, const uint8_t *text)
{
    for (size_t to = 0; to < len; to += 3, text += 4) {
        size_t count = len - to < 3 ? len - to : 3;
        uint32_t group;
        if (!read_group(&group, text, count + 1))
            return false;
        for (size_t i = 0; i < count; i++)
            out[to + i] = (uint8_t)(group >> (16 - 8 * i));
        if ((group & ((1u << (24 - 8 * count)) - 1)) != 0) /* spare bits */
            return false;
    }
    return true;
}

bool base64_parse(struct span *out, struct span text, size_t limit, struct arena *arena)
{
    if (text.len % 4 != 0)
        return false;
    size_t padding = padding_of(text);
    size_t len = text.len / 4 * 3 - padding;
    if (len > limit)
        return false;

    uint8_t *bytes = arena_alloc(arena, len);
    if (!read_bytes(bytes, len, text.at))
        return false;
    *out = span_make(bytes, len);
    return true;
}

bool base64_raw_parse(uint8_t *out, size_t room, size_t *out_len, struct span text)
{
    size_t rest = text.len % 4;
    size_t len = text.len / 4 * 3 + (rest ? rest - 1 : 0);

    if (rest == 1 || len > room || !read_bytes(out, len, text.at))
        return false;
    *out_len = len;
    return true;
}

/* Up to three bytes as one group of four characters. */
static void write_group(char *out, struct span bytes)
{
    uint32_t group = 0;

    for (size_t i = 0; i < 3; i++)
        group = group << 8 | (i < bytes.len ? bytes.at[i] : 0u);
    for (size_t i = 0; i < 4; i++)
        out[i] = i <= bytes.len ? alphabet[group >> (18 - 6 * i) & 63] : '=';
}

static void put(struct buf *buf, struct span bytes, bool padded)
{
    char chunk[256];
    size_t used = 0;

    while (bytes.len > 0) {
        size_t len = bytes.len < 3 ? bytes.len : 3;
        write_group(chunk + used, span_slice(bytes, 0, len));
        used += padded ? 4 : len + 1;
        bytes = span_from(bytes, len);
        if (used == sizeof chunk || bytes.len == 0) {
            buf_put(buf, span_make(chunk, used));
            used = 0;
        }
    }
}

void base64_put(struct buf *buf, struct span bytes)
{
    put(buf, bytes, true);
}

void base64_raw_put(struct buf *buf, struct span bytes)
{
    put(buf, bytes, false);
}
