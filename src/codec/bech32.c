#include "codec/bech32.h"

#include "crypto/sign.h"

static const char small[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
static const char large[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";

static const char *alphabet_of(const char *prefix)
{
    for (; *prefix; prefix++)
        if (*prefix >= 'A' && *prefix <= 'Z')
            return large;
    return small;
}

/* BIP 173: the checksum's generator, and the state over one more group of five bits. */
static uint32_t step(uint32_t sum, uint8_t group)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                         0x2a1462b3};
    uint32_t top = sum >> 25;

    sum = (sum & 0x1ffffff) << 5 ^ group;
    for (size_t i = 0; i < ARRAY_LEN(generator); i++)
        if (top >> i & 1)
            sum ^= generator[i];
    return sum;
}

/* Over the prefix in small letters, its high bits first and its low bits after a zero. */
static uint32_t sum_of_prefix(const char *prefix)
{
    uint32_t sum = 1;

    for (const char *c = prefix; *c; c++)
        sum = step(sum, (uint8_t)((*c >= 'A' && *c <= 'Z' ? *c + 32 : *c) >> 5));
    sum = step(sum, 0);
    for (const char *c = prefix; *c; c++)
        sum = step(sum, (uint8_t)(*c & 31)); /* the case is no part of these bits */
    return sum;
}

/* Where in the alphabet, or 32. */
static uint8_t group_of(const char *alphabet, uint8_t letter)
{
    const char *at = letter ? strchr(alphabet, letter) : NULL;

    return at ? (uint8_t)(at - alphabet) : 32;
}

static size_t groups_in(size_t bytes)
{
    return (bytes * 8 + 4) / 5;
}

/* The bytes that stand before the checksum, and what it comes to. */
static const char *read_groups(uint8_t *out, size_t len, const char *prefix, struct span letters)
{
    const char *alphabet = alphabet_of(prefix);
    uint32_t sum = sum_of_prefix(prefix), bits = 0;
    unsigned held = 0;
    size_t at = 0;

    for (size_t i = 0; i < letters.len; i++) {
        uint8_t group = group_of(alphabet, letters.at[i]);

        if (group >= 32)
            return "a letter that may not stand in it";
        sum = step(sum, group);
        if (i >= letters.len - BECH32_CHECKSUM_LETTERS)
            continue;
        bits = (bits << 5 | group) & 0xfff;
        held += 5;
        if (held >= 8 && at < len) {
            held -= 8;
            out[at++] = (uint8_t)(bits >> held);
        }
    }
    if (sum != 1)
        return "the checksum is another";
    return bits & ((1u << held) - 1) ? "spare bits are set" : NULL;
}

bool bech32_parse(uint8_t *out, size_t len, const char *prefix, struct span text, struct err *err)
{
    size_t before = strlen(prefix) + 1;
    uint8_t bytes[128];

    assert(len <= sizeof bytes);
    if (text.len < before || memcmp(text.at, prefix, before - 1) != 0 || text.at[before - 1] != '1')
        return err_set(err, ERR_MALFORMED, "does not begin with \"%s1\"", prefix);
    if (text.len != before + groups_in(len) + BECH32_CHECKSUM_LETTERS)
        return err_set(err, ERR_MALFORMED, "is not %zu characters long",
                       before + groups_in(len) + BECH32_CHECKSUM_LETTERS);

    const char *why = read_groups(bytes, len, prefix, span_from(text, before));
    if (!why)
        memcpy(out, bytes, len);
    sign_wipe(bytes, sizeof bytes); /* it may be an identity */
    return !why || err_set(err, ERR_MALFORMED, "%s", why);
}

void bech32_put(struct buf *buf, const char *prefix, struct span bytes)
{
    const char *alphabet = alphabet_of(prefix);
    uint32_t sum = sum_of_prefix(prefix), bits = 0;
    unsigned held = 0;

    buf_text(buf, prefix);
    buf_byte(buf, '1');
    for (size_t i = 0, at = 0; i < groups_in(bytes.len); i++) {
        if (held < 5) {
            bits = (bits << 8 | (at < bytes.len ? bytes.at[at++] : 0u)) & 0xffff;
            held += 8;
        }
        held -= 5;
        uint8_t group = bits >> held & 31;
        sum = step(sum, group);
        buf_byte(buf, (uint8_t)alphabet[group]);
    }
    for (size_t i = 0; i < BECH32_CHECKSUM_LETTERS; i++)
        sum = step(sum, 0);
    sum ^= 1;
    for (size_t i = 0; i < BECH32_CHECKSUM_LETTERS; i++)
        buf_byte(buf, (uint8_t)alphabet[sum >> 5 * (BECH32_CHECKSUM_LETTERS - 1 - i) & 31]);
}
