#include "api/rosa_digest.h"

#include "base/reader.h"
#include "codec/hex.h"
#include "crypto/hash.h"

#include <stdio.h>

#define VALUE_BYTES 2048u /* a URI with its query is the longest */

static void skip_space(struct reader *r)
{
    while (reader_left(r) && (r->in.at[r->at] == ' ' || r->in.at[r->at] == '\t'))
        r->at++;
}

static bool is_token(uint8_t c)
{
    return c > ' ' && c < 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", c);
}

static struct span read_token(struct reader *r)
{
    size_t from = r->at;

    while (reader_left(r) && is_token(r->in.at[r->at]))
        r->at++;
    if (r->at == from)
        reader_fail(r, "a word is missing");
    return span_slice(r->in, from, r->at - from);
}

/* A quoted-string (RFC 7230 §3.2.6). */
static struct span read_quoted(struct reader *r, struct arena *arena)
{
    struct buf text = buf_in(arena, VALUE_BYTES);

    reader_u8(r);
    for (uint8_t c = reader_u8(r); !reader_failed(r) && c != '"'; c = reader_u8(r)) {
        if (c == '\\')
            c = reader_u8(r);
        if (c < ' ' || c == 0x7f)
            reader_fail(r, "a control character");
        buf_byte(&text, c);
    }
    if (text.full)
        reader_fail(r, "a value is too long");
    return buf_span(&text);
}

/* Names, what they fill in, and whether they must be there. */
static const struct {
    const char *name;
    size_t at;
    bool needed;
} members[] = {
    {"username", offsetof(struct rosa_digest, username), true},
    {"realm", offsetof(struct rosa_digest, realm), true},
    {"nonce", offsetof(struct rosa_digest, nonce), true},
    {"uri", offsetof(struct rosa_digest, uri), true},
    {"response", offsetof(struct rosa_digest, response), true},
    {"opaque", offsetof(struct rosa_digest, opaque), false},
    {"nc", offsetof(struct rosa_digest, nc), false},
    {"cnonce", offsetof(struct rosa_digest, cnonce), false},
};

static struct span *member_at(struct rosa_digest *digest, size_t n)
{
    void *at = (char *)digest + members[n].at;

    return at;
}

static void take(struct rosa_digest *digest, struct reader *r, struct span name, struct span value)
{
    if (span_is_caseless(name, "algorithm") && !span_is_caseless(value, "MD5"))
        reader_fail(r, "an algorithm that is not MD5");
    if (span_is_caseless(name, "qop")) {
        if (!span_is_caseless(value, "auth") || digest->qop)
            reader_fail(r, "a qop that is not auth, once");
        digest->qop = true;
    }
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        if (!span_is_caseless(name, members[i].name))
            continue;
        if (member_at(digest, i)->at)
            reader_fail(r, "a member is given twice");
        *member_at(digest, i) = value;
    }
}

static void read_members(struct rosa_digest *digest, struct reader *r, struct arena *arena)
{
    do {
        skip_space(r);
        struct span name = read_token(r);
        reader_expect(r, "=");
        if (reader_failed(r))
            return;
        bool quoted = reader_left(r) && r->in.at[r->at] == '"';
        struct span value = quoted ? read_quoted(r, arena) : read_token(r);
        if (!reader_failed(r))
            take(digest, r, name, value);
        skip_space(r);
    } while (!reader_failed(r) && reader_left(r) && reader_u8(r) == ',');
}

/* What the members are worth together. */
static const char *lacks(struct rosa_digest *digest)
{
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (members[i].needed && member_at(digest, i)->len == 0)
            return members[i].name;
    if (digest->qop && digest->nc.len != 8)
        return "nc of eight digits";
    if (digest->qop && digest->cnonce.len == 0)
        return "cnonce";
    return digest->response.len == MD5_TEXT - 1 ? NULL : "response of 32 digits";
}

bool rosa_digest_parse(struct rosa_digest *out, struct span header, struct arena *arena,
                       struct err *err)
{
    struct reader r = reader_over(header);
    struct rosa_digest digest = {0};

    if (!span_is_caseless(read_token(&r), "Digest"))
        reader_fail(&r, "it is no Digest");
    if (!reader_failed(&r))
        read_members(&digest, &r, arena);
    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "digest: %s, at byte %zu", r.why, reader_offset(&r));
    const char *missing = lacks(&digest);
    if (missing)
        return err_set(err, ERR_MALFORMED, "digest: it lacks %s", missing);
    *out = digest;
    return true;
}

/* In a time that says nothing of where they differ; hex of either case. */
static bool equal_hex(struct span a, const char *b)
{
    unsigned differ = 0;

    assert(a.len == strlen(b));
    for (size_t i = 0; i < a.len; i++) {
        unsigned c = a.at[i];
        c |= (c >= 'A' && c <= 'F') ? 0x20u : 0;
        differ |= c ^ (unsigned char)b[i];
    }
    return differ == 0;
}

bool rosa_digest_holds(const struct rosa_digest *digest, const char *ha1, const char *method)
{
    const struct span colon = SPAN_LIT(":");
    const struct span of2[] = {span_of(method), colon, digest->uri};
    char ha2[MD5_TEXT], wanted[MD5_TEXT];

    md5_of_parts(ha2, of2, ARRAY_LEN(of2));
    if (digest->qop) {
        const struct span of[] = {span_of(ha1),     colon, digest->nonce,  colon,
                                  digest->nc,       colon, digest->cnonce, colon,
                                  SPAN_LIT("auth"), colon, span_of(ha2)};
        md5_of_parts(wanted, of, ARRAY_LEN(of));
    } else {
        const struct span of[] = {span_of(ha1), colon, digest->nonce, colon, span_of(ha2)};
        md5_of_parts(wanted, of, ARRAY_LEN(of));
    }
    return equal_hex(digest->response, wanted);
}

/* --- nonces --- */

#define TIME_DIGITS 16u
#define PROOF_DIGITS 32u

static void prove(char out[PROOF_DIGITS + 1], const uint8_t secret[ROSA_SECRET_BYTES],
                  struct span time)
{
    const struct span of[] = {span_make(secret, ROSA_SECRET_BYTES), time};
    struct hash hash = hash_of_parts(of, ARRAY_LEN(of));

    hex_text(out, span_make(hash.bytes, PROOF_DIGITS / 2));
}

void rosa_nonce_make(char out[ROSA_NONCE_TEXT], const uint8_t secret[ROSA_SECRET_BYTES],
                     int64_t now_ms)
{
    snprintf(out, TIME_DIGITS + 1, "%016" PRIx64, (uint64_t)now_ms);
    prove(out + TIME_DIGITS, secret, span_make(out, TIME_DIGITS));
}

enum rosa_nonce rosa_nonce_check(struct span nonce, const uint8_t secret[ROSA_SECRET_BYTES],
                                 int64_t now_ms)
{
    char proof[PROOF_DIGITS + 1];
    uint8_t time[TIME_DIGITS / 2];
    int64_t made_ms = 0;

    if (nonce.len != ROSA_NONCE_TEXT - 1 ||
        !hex_parse(time, sizeof time, span_slice(nonce, 0, TIME_DIGITS)))
        return ROSA_NONCE_FOREIGN;
    prove(proof, secret, span_slice(nonce, 0, TIME_DIGITS));
    if (!equal_hex(span_from(nonce, TIME_DIGITS), proof))
        return ROSA_NONCE_FOREIGN;
    for (size_t i = 0; i < sizeof time; i++)
        made_ms = (int64_t)((uint64_t)made_ms << 8 | time[i]);
    return now_ms - made_ms <= ROSA_NONCE_MS ? ROSA_NONCE_HOLDS : ROSA_NONCE_OLD;
}
