#include "codec/json_escape.h"

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Eight bytes at once: not 0 where one of them is below `n`, which is at most 0x80. Such
 * a byte borrows from its own highest bit; bytes from 0x80 on are masked out; and a
 * borrow into the next byte comes only from one that was below. */
static uint64_t any_below(uint64_t word, uint8_t n)
{
    return (word - EACH_BYTE(n)) & ~word & EACH_BYTE(0x80);
}

/* One that equals `c` differs from it by nothing, which is below 1. */
static uint64_t any_equal(uint64_t word, uint8_t c)
{
    return any_below(word ^ EACH_BYTE(c), 1);
}

size_t json_plain_run(struct span text)
{
    size_t at = 0;
    uint64_t word;

    for (; text.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text.at + at, sizeof word);
        if (any_below(word, 0x20) | any_equal(word, '"') | any_equal(word, '\\'))
            break;
    }
    while (at < text.len && json_is_plain(text.at[at]))
        at++;
    return at;
}

/* Escapes of one letter. A slash may be escaped; the canonical form leaves it plain. */
static const struct {
    uint8_t letter;
    uint8_t character;
} letters[] = {{'"', '"'},  {'\\', '\\'}, {'b', '\b'}, {'f', '\f'},
               {'n', '\n'}, {'r', '\r'},  {'t', '\t'}, {'/', '/'}};

size_t json_escape(uint8_t out[JSON_ESCAPE_BYTES], uint8_t character)
{
    static const char digits[] = "0123456789abcdef";

    assert(!json_is_plain(character));
    out[0] = '\\';
    for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
        if (letters[i].character == character) {
            out[1] = letters[i].letter;
            return 2;
        }
    }
    memcpy(out + 1, "u00", 3);
    out[4] = (uint8_t)digits[character >> 4];
    out[5] = (uint8_t)digits[character & 15];
    return JSON_ESCAPE_BYTES;
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \uXXXX, one unit of UTF-16. */
static bool read_unit(uint32_t *out, const uint8_t *at)
{
    uint32_t unit = 0;

    if (at[0] != '\\' || at[1] != 'u')
        return false;
    for (size_t i = 2; i < JSON_ESCAPE_BYTES; i++) {
        int digit = hex_value(at[i]);
        if (digit < 0)
            return false;
        unit = unit << 4 | (uint32_t)digit;
    }
    *out = unit;
    return true;
}

static size_t unescape_units(const uint8_t *at, uint32_t *out, const char **why)
{
    uint32_t high, low;

    if (!read_unit(&high, at)) {
        *why = "\\u must be followed by four hex digits";
        return 0;
    }
    if (high == 0) {
        *why = "U+0000 is not allowed in a string";
        return 0;
    }
    if (high < 0xd800 || high > 0xdfff) {
        *out = high;
        return JSON_ESCAPE_BYTES;
    }
    if (high > 0xdbff || !read_unit(&low, at + JSON_ESCAPE_BYTES) || low < 0xdc00 || low > 0xdfff) {
        *why = "half a surrogate pair: \\uD800 to \\uDBFF and \\uDC00 to \\uDFFF go together";
        return 0;
    }
    *out = 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
    return 2 * (size_t)JSON_ESCAPE_BYTES;
}

size_t json_unescape(const uint8_t *at, uint32_t *out, const char **why)
{
    assert(at[0] == '\\');
    if (at[1] == 'u')
        return unescape_units(at, out, why);
    for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
        if (letters[i].letter == at[1]) {
            *out = letters[i].character;
            return 2;
        }
    }
    *why = "a backslash must be followed by one of \" \\ / b f n r t u";
    return 0;
}

bool json_escape_is_canonical(const uint8_t *at, size_t len, uint32_t character)
{
    uint8_t want[JSON_ESCAPE_BYTES];

    if (character >= 0x80 || json_is_plain((uint8_t)character))
        return false;
    return json_escape(want, (uint8_t)character) == len && memcmp(at, want, len) == 0;
}
