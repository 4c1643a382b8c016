#include "codec/hex.h"

static const char digits[] = "0123456789abcdef";

static int digit_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

bool hex_parse(uint8_t *out, size_t len, struct span text)
{
    if (text.len % 2 != 0 || text.len / 2 != len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (digit_value(text.at[i]) < 0)
            return false;
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(digit_value(text.at[2 * i]) << 4 | digit_value(text.at[2 * i + 1]));
    return true;
}

static void write_digits(char *out, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        out[2 * i] = digits[bytes.at[i] >> 4];
        out[2 * i + 1] = digits[bytes.at[i] & 15];
    }
}

void hex_put(struct buf *buf, struct span bytes)
{
    char chunk[128];

    while (bytes.len > 0) {
        size_t len = bytes.len < sizeof chunk / 2 ? bytes.len : sizeof chunk / 2;
        write_digits(chunk, span_slice(bytes, 0, len));
        buf_put(buf, span_make(chunk, 2 * len));
        bytes = span_from(bytes, len);
    }
}

void hex_text(char *out, struct span bytes)
{
    write_digits(out, bytes);
    out[2 * bytes.len] = '\0';
}
