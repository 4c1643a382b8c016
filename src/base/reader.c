#include "base/reader.h"

struct reader reader_over(struct span in)
{
    return (struct reader){.in = in};
}

size_t reader_left(const struct reader *r)
{
    return r->why ? 0 : r->in.len - r->at;
}

size_t reader_offset(const struct reader *r)
{
    return r->at;
}

bool reader_failed(const struct reader *r)
{
    return r->why != NULL;
}

bool reader_done(struct reader *r)
{
    if (!r->why && r->at != r->in.len)
        r->why = "bytes left over";
    return !r->why;
}

void reader_fail(struct reader *r, const char *why)
{
    if (!r->why)
        r->why = why;
}

struct span reader_take(struct reader *r, size_t len)
{
    if (len > reader_left(r)) {
        reader_fail(r, "cut short");
        return (struct span){0};
    }
    struct span out = span_slice(r->in, r->at, len);
    r->at += len;
    return out;
}

static uint64_t take_be(struct reader *r, size_t width)
{
    struct span bytes = reader_take(r, width);
    uint64_t value = 0;

    for (size_t i = 0; i < bytes.len; i++)
        value = value << 8 | bytes.at[i];
    return value;
}

uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)take_be(r, 1);
}

uint16_t reader_u16be(struct reader *r)
{
    return (uint16_t)take_be(r, 2);
}

uint32_t reader_u32be(struct reader *r)
{
    return (uint32_t)take_be(r, 4);
}

uint64_t reader_u64be(struct reader *r)
{
    return take_be(r, 8);
}

struct span reader_line(struct reader *r, size_t limit)
{
    struct span rest = span_slice(r->in, r->at, reader_left(r));
    struct span line;

    if (!span_cut(&rest, '\n', &line)) {
        reader_fail(r, "line not ended");
        return (struct span){0};
    }
    if (line.len == 0)
        reader_fail(r, "empty line");
    else if (line.len > limit)
        reader_fail(r, "line too long");
    if (r->why)
        return (struct span){0};
    r->at += line.len + 1;
    return line;
}

static const char *decimal_why(uint64_t *out, struct span text, uint64_t limit)
{
    uint64_t value = 0;

    if (text.len == 0)
        return "empty number";
    if (text.len > 1 && text.at[0] == '0')
        return "leading zero";
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return "not a decimal number";
        unsigned digit = text.at[i] - '0';
        if (digit > limit || value > (limit - digit) / 10)
            return "number larger than allowed";
        value = value * 10 + digit;
    }
    *out = value;
    return NULL;
}

bool decimal_parse(uint64_t *out, struct span text, uint64_t limit)
{
    return decimal_why(out, text, limit) == NULL;
}

uint64_t reader_decimal_line(struct reader *r, uint64_t limit)
{
    size_t start = r->at;
    struct span line = reader_line(r, 20); /* 2^64 has 20 digits */
    uint64_t value = 0;

    if (r->why)
        return 0;
    const char *why = decimal_why(&value, line, limit);
    if (why) {
        r->at = start;
        reader_fail(r, why);
        return 0;
    }
    return value;
}

void reader_expect(struct reader *r, const char *text)
{
    size_t start = r->at;
    struct span want = span_of(text);

    if (want.len > reader_left(r) || !span_equal(reader_take(r, want.len), want)) {
        r->at = start;
        reader_fail(r, "not what must stand here");
    }
}
