#include "codec/age.h"

#include "base/limits.h"
#include "base/test.h"
#include "codec/base64.h"
#include "crypto/seal.h"
#include "crypto/sign.h"

/*
 * Files made by hand, so that each is wrong in one place and right in all others: its MAC and
 * its chunks hold. They follow the test vectors of C2SP's CCTV, trap by trap. In a template stand
 *
 *     %V  the version line              %X  a stanza for the first identity
 *     %S  its share, %s not canonical   %B  its body, %b not canonical
 *     %L  the body of a longer key      %O  a stanza for the second identity
 *     %g  128 of another kind           %G  the same, and longer
 *     %M  the last line of the header   %m  its MAC alone, %n not canonical
 *     %N  the nonce of the payload
 *     %f  a full chunk                  %F  the same as the last
 *     %a  "age"                         %A  the same as the last
 *     %e  nothing                       %E  the same as the last
 */
static const struct age_identity first = {"the first reader of this log 001"};
static const struct age_identity second = {"another reader, of another party"};
static const uint8_t file_key[16] = "sixteen of bytes";
static const uint8_t long_key[17] = "seventeen of them";
static const uint8_t chunk[AGE_CHUNK_BYTES];

/* A full line of a body. */
#define COLUMNS_64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

struct made {
    struct buf file;
    uint64_t chunk;
    uint8_t nonce[16];
};

static struct seal_public share_for(const struct age_identity *to, struct seal_key *wrapping)
{
    static const struct seal_secret ephemeral = {"an ephemeral secret for one test"};
    struct seal_public share = seal_public_of(&ephemeral), recipient;
    struct age_recipient r = age_identity_recipient(to);
    uint8_t salt[64];
    struct seal_key shared;

    memcpy(recipient.bytes, r.key, 32);
    assert_true(seal_agree(&shared, &ephemeral, &recipient));
    memcpy(salt, share.bytes, 32);
    memcpy(salt + 32, recipient.bytes, 32);
    *wrapping = seal_derive(span_make(shared.bytes, 32), span_make(salt, 64),
                            SPAN_LIT("age-encryption.org/v1/X25519"));
    return share;
}

static void put_share(struct made *m, const struct age_identity *to)
{
    struct seal_key wrapping;
    struct seal_public share = share_for(to, &wrapping);

    base64_raw_put(&m->file, span_make(share.bytes, 32));
}

static void put_body(struct made *m, const struct age_identity *to, const uint8_t *key, size_t len)
{
    static const uint8_t nonce[SEAL_NONCE_BYTES];
    struct seal_key wrapping;
    uint8_t body[64];

    share_for(to, &wrapping);
    seal_close(body, span_make(key, len), nonce, &wrapping);
    base64_raw_put(&m->file, span_make(body, len + SEAL_TAG_BYTES));
}

static void put_stanza(struct made *m, const struct age_identity *to)
{
    buf_text(&m->file, "-> X25519 ");
    put_share(m, to);
    buf_byte(&m->file, '\n');
    put_body(m, to, file_key, sizeof file_key);
    buf_byte(&m->file, '\n');
}

/* Over everything up to the "---" that stands last. */
static void put_mac(struct made *m)
{
    struct seal_key key = seal_derive(span_make(file_key, 16), SPAN_LIT(""), SPAN_LIT("header"));
    struct span before = buf_span(&m->file);

    while (!span_ends_with(before, SPAN_LIT("---")))
        before.len--;
    struct seal_mac mac = seal_mac_of(&key, before);
    base64_raw_put(&m->file, span_make(mac.bytes, 32));
}

/* 43 letters end in two spare bits: the next letter sets the lower of them. */
static void spoil(struct made *m)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    m->file.at[m->file.len - 1] = (uint8_t)strchr(letters, m->file.at[m->file.len - 1])[1];
}

static void put_chunk(struct made *m, struct span plain, bool last)
{
    static uint8_t sealed[AGE_CHUNK_BYTES + SEAL_TAG_BYTES];
    struct seal_key key =
        seal_derive(span_make(file_key, 16), span_make(m->nonce, 16), SPAN_LIT("payload"));
    uint8_t nonce[SEAL_NONCE_BYTES] = {0};

    nonce[10] = (uint8_t)m->chunk++;
    nonce[11] = last;
    seal_close(sealed, plain, nonce, &key);
    buf_put(&m->file, span_make(sealed, plain.len + SEAL_TAG_BYTES));
}

static void put_payload(struct made *m, char what)
{
    switch (what) {
    case 'N':
        buf_put(&m->file, span_make(m->nonce, sizeof m->nonce));
        break;
    case 'f':
    case 'F':
        put_chunk(m, span_make(chunk, sizeof chunk), what == 'F');
        break;
    case 'a':
    case 'A':
        put_chunk(m, SPAN_LIT("age"), what == 'A');
        break;
    case 'e':
    case 'E':
        put_chunk(m, SPAN_LIT(""), what == 'E');
        break;
    default:
        fail_msg("no such thing in a template: %%%c", what);
    }
}

static void put_others(struct made *m, const char *body)
{
    for (size_t i = 0; i < LIMIT_AGE_STANZAS; i++)
        buf_printf(&m->file, "-> other\n%s\n", body);
}

static void put_one(struct made *m, char what)
{
    switch (what) {
    case 'V':
        buf_text(&m->file, "age-encryption.org/v1\n");
        break;
    case 'X':
        put_stanza(m, &first);
        break;
    case 'O':
        put_stanza(m, &second);
        break;
    case 'S':
    case 's':
        put_share(m, &first);
        break;
    case 'B':
    case 'b':
        put_body(m, &first, file_key, sizeof file_key);
        break;
    case 'L':
        put_body(m, &first, long_key, sizeof long_key);
        break;
    case 'M':
        buf_text(&m->file, "--- ");
        put_mac(m);
        buf_byte(&m->file, '\n');
        break;
    case 'm':
    case 'n':
        put_mac(m);
        break;
    case 'g':
    case 'G':
        put_others(m, what == 'G' ? COLUMNS_64 "\n" COLUMNS_64 "\n" : "");
        break;
    case '%':
        buf_byte(&m->file, '%');
        break;
    default:
        put_payload(m, what);
    }
    if (strchr("sbn", what))
        spoil(m);
}

static struct span make(const char *template, struct arena *arena)
{
    struct made m = {buf_in(arena, 1 << 20), 0, "a payload nonce"};

    for (const char *c = template; *c; c++)
        if (*c == '%')
            put_one(&m, *++c);
        else
            buf_byte(&m.file, (uint8_t)*c);
    assert_false(m.file.full);
    return buf_span(&m.file);
}

/* The payload is "age" wherever it can be read. */
static void test_accepts(void **state)
{
    static const struct {
        const char *name, *template;
    } cases[] = {
        {"one recipient", "%V%X%M%N%A"},
        {"ours is the second", "%V%O%X%M%N%A"},
        {"twice ours", "%V%X%X%M%N%A"},
        {"another kind before ours", "%V-> grease and more\nAAAA\n%X%M%N%A"},
        {"another kind behind ours", "%V%X-> grease\n\n%M%N%A"},
        {"a body of no line but the empty one", "%V-> grease\n\n%X%M%N%A"},
        {"a body of one full line", "%V-> grease\n" COLUMNS_64 "\n\n%X%M%N%A"},
        {"a body of several lines", "%V-> grease\n" COLUMNS_64 "\n" COLUMNS_64 "\nAAA\n%X%M%N%A"},
        {"every character there may be in an argument",
         "%V-> !\"#$%%&'()*+,-./0123456789:;<=>?@ ABCDEFGHIJKLMNOPQRSTUVWXYZ "
         "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\n\n%X%M%N%A"},
        {"a kind that begins as ours does", "%V-> X25519Kyber a b c\n\n%X%M%N%A"},
        {"a kind that looks like a stanza", "%V-> -> ->\n\n%X%M%N%A"},
        {"ours in small letters is another kind", "%V-> x25519 %S\n%B\n%X%M%N%A"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf out = buf_in(&arena, 100);
        struct err err = {0};
        struct age_identity as[] = {first};

        bool ok = age_decrypt(&out, as, 1, make(cases[i].template, &arena), &err);
        if (!ok)
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, span_is(buf_span(&out), "age"));
        arena_free(&arena);
    }
}

#define LOW_ORDER "X5yVvKNQjCSx0LFVnIPvWwREXMRYHI6G2CJO3dCfEdc" /* cr.yp.to/ecdh.html */
#define ZERO_32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const struct {
    const char *name, *template;
    enum err_kind kind;
    const char *fault;
} refused[] = {
    {"nothing", "", ERR_MALFORMED, "not of version 1"},
    {"version 2", "age-encryption.org/v2\n%X%M%N%A", ERR_MALFORMED, "not of version 1"},
    {"version 1234", "age-encryption.org/v1234\n%X%M%N%A", ERR_MALFORMED, "not of version 1"},
    {"the version alone", "%V", ERR_MALFORMED, "not what must stand here"},
    {"a version line with a carriage return", "age-encryption.org/v1\r\n%X%M%N%A", ERR_MALFORMED,
     "not of version 1"},
    {"something before the version", "\n%V%X%M%N%A", ERR_MALFORMED, "not of version 1"},
    {"armoured", "-----BEGIN AGE ENCRYPTED FILE-----\n", ERR_MALFORMED, "not of version 1"},
    {"no stanza", "%V%M%N%A", ERR_MALFORMED, "at byte 22"},
    {"no end", "%V%X", ERR_MALFORMED, "not what must stand here"},

    {"a stanza without an argument", "%V-> \n\n%X%M%N%A", ERR_MALFORMED, "empty argument"},
    {"a stanza without a space", "%V->\n\n%X%M%N%A", ERR_MALFORMED, "at byte 22"},
    {"a stanza that begins otherwise", "%V-- X25519 %S\n%B\n%M%N%A", ERR_MALFORMED, "at byte 22"},
    {"an empty argument in the middle", "%V-> stanza  more\n\n%X%M%N%A", ERR_MALFORMED,
     "empty argument"},
    {"an empty argument at the end", "%V-> stanza \n\n%X%M%N%A", ERR_MALFORMED, "empty argument"},
    {"a tab in an argument", "%V-> stan\tza\n\n%X%M%N%A", ERR_MALFORMED, "may not stand"},
    {"a byte beyond ASCII", "%V-> stan\xc3\xa9\n\n%X%M%N%A", ERR_MALFORMED, "may not stand"},
    {"a carriage return", "%V-> stanza\r\n\n%X%M%N%A", ERR_MALFORMED, "may not stand"},
    {"a carriage return behind a body", "%V-> stanza\nAAAA\r\n%X%M%N%A", ERR_MALFORMED, "base64"},
    {"no body", "%V-> stanza\n%X%M%N%A", ERR_MALFORMED, "base64"},
    {"no body before the end", "%V%X-> stanza\n%M%N%A", ERR_MALFORMED, "base64"},
    {"no short line behind a full one", "%V-> stanza\n" COLUMNS_64 "\n%X%M%N%A", ERR_MALFORMED,
     "base64"},
    {"two short lines", "%V-> stanza\nAAAA\nAAAA\n%X%M%N%A", ERR_MALFORMED, "not what must"},
    {"a line of 65 characters", "%V-> stanza\n" COLUMNS_64 "A\n\n%X%M%N%A", ERR_MALFORMED,
     "more than 64"},
    {"a line of 68", "%V-> stanza\n" COLUMNS_64 "AAAA\n\n%X%M%N%A", ERR_MALFORMED, "more than 64"},
    {"padding", "%V-> stanza\nAA==\n%X%M%N%A", ERR_MALFORMED, "base64"},
    {"spare bits in what is passed over", "%V-> stanza\nAB\n%X%M%N%A", ERR_MALFORMED, "base64"},
    {"a letter that base64 has not", "%V-> stanza\nAA-_\n%X%M%N%A", ERR_MALFORMED, "base64"},
    {"a file that ends in a stanza", "%V-> stanza\nAAAA", ERR_MALFORMED, "line not ended"},
    {"129 stanzas", "%V%g%X%M%N%A", ERR_MALFORMED, "too many stanzas"},
    {"a header longer than the limit", "%V%G%M%N%A", ERR_LIMIT, "more than 16384 bytes of header"},
    {"a passphrase beside a key", "%V%X-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\n" ZERO_32 "\n%M%N%A",
     ERR_MALFORMED, "a passphrase beside"},
    {"a key beside a passphrase", "%V-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\n" ZERO_32 "\n%X%M%N%A",
     ERR_MALFORMED, "a passphrase beside"},

    {"X25519 alone", "%V-> X25519\n%B\n%M%N%A", ERR_MALFORMED, "exactly one argument"},
    {"X25519 with one argument more", "%V-> X25519 %S 1234\n%B\n%M%N%A", ERR_MALFORMED,
     "exactly one argument"},
    {"a share not canonical", "%V-> X25519 %s\n%B\n%M%N%A", ERR_MALFORMED, "share of 32 bytes"},
    {"a share with padding", "%V-> X25519 %S=\n%B\n%M%N%A", ERR_MALFORMED, "share of 32 bytes"},
    {"a longer share", "%V-> X25519 %SA\n%B\n%M%N%A", ERR_MALFORMED, "share of 32 bytes"},
    {"a share of 33 bytes", "%V-> X25519 A%S\n%B\n%M%N%A", ERR_MALFORMED, "share of 32 bytes"},
    {"a share of 31 bytes",
     "%V-> X25519 "
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "\n%B\n%M%N%A",
     ERR_MALFORMED, "share of 32 bytes"},
    {"a body not canonical", "%V-> X25519 %S\n%b\n%M%N%A", ERR_MALFORMED, "base64"},
    {"a body with padding", "%V-> X25519 %S\n%B=\n%M%N%A", ERR_MALFORMED, "base64"},
    {"the body of a longer key", "%V-> X25519 %S\n%L\n%M%N%A", ERR_MALFORMED, "body of 32 bytes"},
    {"a body of two lines", "%V-> X25519 %S\n" COLUMNS_64 "\n%B\n%M%N%A", ERR_MALFORMED,
     "body of 32 bytes"},
    {"an empty body", "%V-> X25519 %S\n\n%M%N%A", ERR_MALFORMED, "body of 32 bytes"},
    {"one that is malformed behind ours", "%V%X-> X25519 %S\n\n%M%N%A", ERR_MALFORMED,
     "body of 32 bytes"},
    {"a share of low order", "%V-> X25519 " LOW_ORDER "\n%B\n%M%N%A", ERR_MALFORMED,
     "every secret zero"},
    {"a share of zero", "%V-> X25519 " ZERO_32 "\n%B\n%M%N%A", ERR_MALFORMED, "every secret zero"},
    {"a share of low order before ours", "%V-> X25519 " LOW_ORDER "\n%B\n%X%M%N%A", ERR_MALFORMED,
     "every secret zero"},

    {"for somebody else", "%V%O%M%N%A", ERR_REFUSED, "not sealed to this key"},
    {"for nobody we know of", "%V-> grease\n\n%M%N%A", ERR_REFUSED, "not sealed to this key"},
    {"for a passphrase", "%V-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\n" ZERO_32 "\n%M%N%A", ERR_REFUSED,
     "not sealed to this key"},
    {"ours in small letters alone", "%V-> x25519 %S\n%B\n%M%N%A", ERR_REFUSED, "not sealed to"},
    {"a body of zeros", "%V-> X25519 %S\n" ZERO_32 "\n%M%N%A", ERR_REFUSED, "not sealed to"},

    {"a MAC of zeros", "%V%X--- " ZERO_32 "\n%N%A", ERR_MALFORMED, "header was changed"},
    {"a stanza added behind the MAC's", "%V%X---%M%N%A", ERR_MALFORMED, "at byte 123"},
    {"no MAC", "%V%X---\n%N%A", ERR_MALFORMED, "at byte 123"},
    {"an empty MAC", "%V%X--- \n%N%A", ERR_MALFORMED, "MAC is not"},
    {"two spaces before the MAC", "%V%X---  %m\n%N%A", ERR_MALFORMED, "MAC is not"},
    {"no space before the MAC", "%V%X---%m\n%N%A", ERR_MALFORMED, "at byte 123"},
    {"a space behind the MAC", "%V%X--- %m \n%N%A", ERR_MALFORMED, "MAC is not"},
    {"a carriage return behind the MAC", "%V%X--- %m\r\n%N%A", ERR_MALFORMED, "MAC is not"},
    {"a MAC not canonical", "%V%X--- %n\n%N%A", ERR_MALFORMED, "MAC is not"},
    {"a MAC with padding", "%V%X--- %m=\n%N%A", ERR_MALFORMED, "MAC is not"},
    {"a MAC of 31 bytes", "%V%X--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n%N%A", ERR_MALFORMED,
     "MAC is not"},
    {"a MAC that is not ended", "%V%X--- %m", ERR_MALFORMED, "line not ended"},

    {"no nonce", "%V%X%M", ERR_MALFORMED, "before its first chunk"},
    {"a short nonce", "%V%X%M123456789012345", ERR_MALFORMED, "before its first chunk"},
    {"no chunk", "%V%X%M%N", ERR_MALFORMED, "cut short in chunk 0"},
    {"another nonce", "%V%X%M1234567890123456%A", ERR_MALFORMED, "chunk 0, the last, was changed"},
    {"less than a tag", "%V%X%M%N123456789012345", ERR_MALFORMED, "cut short in chunk 0"},
    {"less than a tag behind a chunk", "%V%X%M%N%f123456789012345", ERR_MALFORMED,
     "cut short in chunk 1"},
    {"a tag that does not hold", "%V%X%M%Nage1234567890123456", ERR_MALFORMED, "chunk 0"},
    {"a last chunk not said to be", "%V%X%M%N%a", ERR_MALFORMED, "chunk 0, the last,"},
    {"an empty one not said to be", "%V%X%M%N%e", ERR_MALFORMED, "chunk 0, the last,"},
    {"a full one not said to be", "%V%X%M%N%f", ERR_MALFORMED, "chunk 0, the last,"},
    {"two full ones, the last not said to be", "%V%X%M%N%f%f", ERR_MALFORMED, "chunk 1, the last,"},
    {"a full one said to be the last before another", "%V%X%M%N%F%A", ERR_MALFORMED,
     "chunk 0 was changed"},
    {"two last ones, full", "%V%X%M%N%F%F", ERR_MALFORMED, "chunk 0 was changed"},
    {"a second one that is empty", "%V%X%M%N%f%E", ERR_MALFORMED, "chunk 1 is empty"},
    {"a short one before another", "%V%X%M%N%a%A", ERR_MALFORMED, "chunk 0, the last,"},
    {"an empty one before another", "%V%X%M%N%e%A", ERR_MALFORMED, "chunk 0, the last,"},
    {"a byte behind", "%V%X%M%N%A.", ERR_MALFORMED, "chunk 0, the last,"},
    {"a byte behind an empty one", "%V%X%M%N%E.", ERR_MALFORMED, "chunk 0, the last,"},
    {"a byte behind a full one", "%V%X%M%N%F.", ERR_MALFORMED, "chunk 0 was changed"},
    {"a line end behind two", "%V%X%M%N%f%A\n", ERR_MALFORMED, "chunk 1, the last,"},
    {"the file twice", "%V%X%M%N%A%V%X%M%N%A", ERR_MALFORMED, "chunk 0, the last,"},
};

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct arena arena = {0};
        struct buf out = buf_in(&arena, 1 << 20);
        struct err err = {0};

        buf_text(&out, "before");
        bool ok = age_decrypt(&out, &first, 1, make(refused[i].template, &arena), &err);
        CHECK_CASE(refused[i].name, !ok);
        if (err.kind != refused[i].kind || !strstr(err.text, refused[i].fault))
            fail_msg("case \"%s\": %s", refused[i].name, err.text);
        CHECK_CASE(refused[i].name, span_is(buf_span(&out), "before"));
        arena_free(&arena);
    }
}

/* Made by Debian's age 1.1.1 for the recipient that stands in c2sp.org/age. */
static void test_by_another(void **state)
{
    static const char file[] =
        "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBndndJVlJQaE13K1N3aDdMV3B1L1NuMjYvOFQ4dVFIRW1C"
        "QUxOYTg0VVJNCkl6SC8rQXptbDJPWFdFcDYvRjB3L3ZrLzFCYWJNUE5pQWF6YXJFSGUyWnMKLS0tIFFjdWJmdHhZ"
        "SjFFOTRLNy9PNldaNEhpU3JXVTZKT2VxVUFCcm1IcFNWYUkKsqL5p1o4Xf6fUHYW4pngyBp4K+DU3ivrTQvlM0dP"
        "YWgTTvuuLt3DktjWMqmyFfehMDi5sAsEj8s=";
    struct arena arena = {0};
    struct buf out = buf_in(&arena, 100);
    struct age_identity identity;
    struct err err = {0};
    struct span bytes;

    (void)state;
    assert_true(age_identity_parse(
        &identity,
        SPAN_LIT("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"),
        &err));
    struct age_recipient recipient = age_identity_recipient(&identity);
    assert_true(span_is(age_recipient_text(&recipient, &arena),
                        "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"));
    assert_true(base64_parse(&bytes, span_of(file), 1000, &arena));
    assert_true(age_decrypt(&out, &identity, 1, bytes, &err));
    assert_true(span_is(buf_span(&out), "a barrage at first light"));
    arena_free(&arena);
}

static void test_key_texts(void **state)
{
    static const struct {
        const char *name, *text;
        bool identity;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"a recipient", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", false,
         ""},
        {"in large letters", "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ",
         false, "does not begin"},
        {"a letter changed", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwp",
         false, "checksum"},
        {"an identity for a recipient",
         "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", false,
         "age recipient: does not begin"},
        {"zero", "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z", false,
         "no key that anybody could have"},
        {"of low order", "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8", false,
         "no key that anybody could have"},
        {"spelled above the prime",
         "age1allllllllllllllllllllllllllllllllllllllllllllllllalslencen", false,
         "no key that anybody"},
        {"the base point with the high bit",
         "age1pyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqyr3apl", false,
         "no key that anybody"},
        {"the base point", "age1pyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq8r66x", false,
         ""},
        {"an identity",
         "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", true, ""},
        {"in small letters",
         "age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex", true,
         "does not begin"},
        {"a recipient for an identity",
         "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", true,
         "age identity: does not begin"},
        {"of a plugin", "AGE-PLUGIN-YUBIKEY-1QQPQCZ5VYQQ", true, "does not begin"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct span text = span_of(cases[i].text);
        struct buf buf = buf_in(&arena, 100);
        struct age_recipient recipient;
        struct age_identity identity;
        struct err err = {0};
        bool ok = cases[i].identity ? age_identity_parse(&identity, text, &err)
                                    : age_recipient_parse(&recipient, text, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        if (ok && cases[i].identity)
            age_identity_put(&buf, &identity);
        else if (ok)
            buf_put(&buf, age_recipient_text(&recipient, &arena));
        CHECK_CASE(cases[i].name, !ok || span_equal(buf_span(&buf), text));
        arena_free(&arena);
    }
}

/* Every length at which chunks begin and end: as long as was foretold, and the same again. */
static void test_round_trip(void **state)
{
    static const size_t lengths[] = {0,      1,      2,      15,     16,    17,     65535,
                                     65536,  65537,  65551,  65552,  65553, 131071, 131072,
                                     131073, 196607, 196608, 196609, 500000};
    static uint8_t plain[500000];
    struct age_seed seed = {"a seed that is used in this test"};
    struct age_recipient to[] = {age_identity_recipient(&second), age_identity_recipient(&first)};

    (void)state;
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (uint8_t)(i * 31 >> 3);
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        struct arena arena = {0};
        struct buf file = buf_in(&arena, 1 << 20), out = buf_in(&arena, lengths[i]);
        struct span text = span_make(plain, lengths[i]);
        struct err err = {0};

        seed.bytes[0]++;
        assert_true(age_encrypt(&file, to, 2, text, &seed, &err));
        assert_int_equal(file.len, age_file_bytes(2, lengths[i]));
        assert_true(age_decrypt(&out, i % 2 ? &first : &second, 1, buf_span(&file), &err));
        assert_true(span_equal(buf_span(&out), text));
        arena_free(&arena);
    }
}

/* What comes in small pieces, and fails when so much of it was read. */
struct dripping {
    struct span left;
    size_t piece, good;
};

static bool drip(void *context, uint8_t *at, size_t room, size_t *out_len, struct err *err)
{
    struct dripping *d = context;
    size_t len = d->piece < room ? d->piece : room;

    if (d->good == 0)
        return err_set(err, ERR_IO, "the disk is gone");
    len = len < d->left.len ? len : d->left.len;
    len = len < d->good ? len : d->good;
    memcpy(at, d->left.at, len);
    d->left = span_from(d->left, len);
    d->good -= len;
    *out_len = len;
    return true;
}

static bool take(void *context, struct span bytes, struct err *err)
{
    struct buf *buf = context;

    assert_true(bytes.len > 0 && bytes.len <= AGE_CHUNK_BYTES + 16);
    buf_put(buf, bytes);
    return !buf->full || err_set(err, ERR_IO, "the disk is full");
}

static void test_streams(void **state)
{
    static const struct {
        const char *name;
        size_t len, piece, good, room;
        const char *fault;
    } cases[] = {
        {"by bytes", 3000, 1, SIZE_MAX, 1 << 20, ""},
        {"by a little more than a chunk", 200000, 65553, SIZE_MAX, 1 << 20, ""},
        {"by hundreds", 131072, 100, SIZE_MAX, 1 << 20, ""},
        {"a source that fails at once", 3000, 100, 0, 1 << 20, "the disk is gone"},
        {"a source that fails in the first chunk", 3000, 100, 1000, 1 << 20, "the disk is gone"},
        {"a source that fails in a later one", 200000, 100, 180000, 1 << 20, "the disk is gone"},
        {"a sink that is full at once", 3000, 100, SIZE_MAX, 10, "the disk is full"},
        {"a sink that is full later", 200000, 100, SIZE_MAX, 140000, "the disk is full"},
    };
    static uint8_t plain[200000];
    static const struct age_seed seed = {{5}};
    struct age_recipient to = age_identity_recipient(&first);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf whole = buf_in(&arena, 1 << 20), file = buf_in(&arena, cases[i].room);
        struct buf out = buf_in(&arena, cases[i].room);
        struct span text = span_make(plain, cases[i].len);
        struct dripping plain_drips = {text, cases[i].piece, cases[i].good};
        bool fine = cases[i].fault[0] == '\0';
        struct err err = {0}, err_back = {0};

        assert_true(age_encrypt(&whole, &to, 1, text, &seed, &err));
        struct dripping file_drips = {buf_span(&whole), cases[i].piece, cases[i].good};
        CHECK_CASE(cases[i].name,
                   fine == age_encrypt_stream(&(struct age_sink){take, &file}, &to, 1,
                                              &(struct age_source){drip, &plain_drips}, &seed,
                                              &err));
        CHECK_CASE(cases[i].name,
                   fine == age_decrypt_stream(&(struct age_sink){take, &out}, &first, 1,
                                              &(struct age_source){drip, &file_drips}, &err_back));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, strstr(err_back.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, !fine || span_equal(buf_span(&file), buf_span(&whole)));
        CHECK_CASE(cases[i].name, !fine || span_equal(buf_span(&out), text));
        arena_free(&arena);
    }
}

/* Every bit, and every length that is less. */
static void test_changed(void **state)
{
    static const struct age_seed seed = {{6}};
    struct age_recipient to = age_identity_recipient(&first);
    struct arena arena = {0};
    struct buf file = buf_in(&arena, 1000), out = buf_in(&arena, 100);
    struct err err = {0};

    (void)state;
    assert_true(age_encrypt(&file, &to, 1, SPAN_LIT("age"), &seed, &err));
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        file.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (age_decrypt(&out, &first, 1, buf_span(&file), &err))
            fail_msg("bit %zu may be changed", bit);
        file.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < file.len; len++)
        if (age_decrypt(&out, &first, 1, span_make(file.at, len), &err))
            fail_msg("%zu bytes are enough", len);
    assert_true(age_decrypt(&out, &first, 1, buf_span(&file), &err));
    arena_free(&arena);
}

static void test_keys_tried(void **state)
{
    static const struct age_seed seed = {{7}}, other_seed = {{8}};
    struct age_identity third = {"nobody that anything was sealed "};
    struct age_identity keys[] = {third, second, first};
    struct age_recipient to = age_identity_recipient(&first), bad = {{0}};
    struct arena arena = {0};
    struct buf file = buf_in(&arena, 1000), again = buf_in(&arena, 1000);
    struct buf other = buf_in(&arena, 1000), out = buf_in(&arena, 100), small = buf_in(&arena, 2);
    struct err err = {0};

    (void)state;
    assert_true(age_encrypt(&file, &to, 1, SPAN_LIT("age"), &seed, &err));
    assert_true(age_encrypt(&again, &to, 1, SPAN_LIT("age"), &seed, &err));
    assert_true(age_encrypt(&other, &to, 1, SPAN_LIT("age"), &other_seed, &err));
    assert_true(span_equal(buf_span(&file), buf_span(&again)));
    assert_false(span_equal(buf_span(&file), buf_span(&other)));

    assert_true(age_decrypt(&out, keys, 3, buf_span(&file), &err));
    assert_false(age_decrypt(&out, keys, 2, buf_span(&file), &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_non_null(strstr(err.text, "any of these keys"));
    assert_false(age_decrypt(&out, keys, 0, buf_span(&file), &err));
    assert_int_equal(err.kind, ERR_REFUSED);

    assert_false(age_decrypt(&small, &first, 1, buf_span(&file), &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_true(small.len == 0 && !small.full);
    assert_false(age_encrypt(&small, &to, 1, SPAN_LIT("age"), &seed, &err));
    assert_int_equal(err.kind, ERR_LIMIT);

    struct age_recipient two[] = {to, bad};
    size_t before = other.len;
    assert_false(age_encrypt(&other, two, 2, SPAN_LIT("age"), &seed, &err));
    assert_int_equal(err.kind, ERR_MALFORMED);
    assert_non_null(strstr(err.text, "recipient 2"));
    assert_int_equal(other.len, before);
    arena_free(&arena);
}

static void test_most_recipients(void **state)
{
    static struct age_recipient to[LIMIT_AGE_RECIPIENTS];
    static const struct age_seed seed = {{9}};
    struct arena arena = {0};
    struct buf file = buf_in(&arena, LIMIT_AGE_HEADER_BYTES), out = buf_in(&arena, 100);
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(to); i++)
        to[i] = age_identity_recipient(i + 1 == ARRAY_LEN(to) ? &first : &second);
    assert_true(age_encrypt(&file, to, ARRAY_LEN(to), SPAN_LIT("age"), &seed, &err));
    assert_true(age_decrypt(&out, &first, 1, buf_span(&file), &err));
    assert_true(span_is(buf_span(&out), "age"));
    arena_free(&arena);
}

static struct span under(struct buf *file)
{
    static const struct age_seed seed = {{5}};
    struct err err = {0};

    assert_true(
        age_encrypt_under(file, SPAN_LIT("a barrage at dawn"), SPAN_LIT("age"), &seed, &err));
    return buf_span(file);
}

/* The same file with a piece of it in another's place. */
static struct span with(struct arena *arena, struct span file, const char *piece, const char *other)
{
    struct buf out = buf_in(arena, SIZE_MAX);
    const uint8_t *at = piece[0] ? memmem(file.at, file.len, piece, strlen(piece)) : file.at;

    assert_non_null(at);
    buf_put(&out, span_make(file.at, (size_t)(at - file.at)));
    buf_text(&out, other);
    buf_put(&out, span_from(file, (size_t)(at - file.at) + strlen(piece)));
    return buf_span(&out);
}

static void test_passphrase(void **state)
{
    struct arena arena = {0};
    struct buf file = buf_in(&arena, 4096), out = buf_in(&arena, 100);
    struct span made = under(&file), salt = {0}, rest = made;
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < 2; i++)
        assert_true(span_cut(&rest, '\n', &salt)); /* "-> scrypt SALT 18" */
    const char *line = arena_text(&arena, salt), *kept = arena_printf(&arena, "%.32s", line);
    const struct {
        const char *name, *piece, *other, *passphrase, *fault; /* "": is opened */
        enum err_kind kind;
    } cases[] = {
        {"as it was made", "", "", "a barrage at dawn", "", ERR_NONE},
        {"another passphrase", "", "", "a barrage at dusk", "another passphrase", ERR_REFUSED},
        {"a shorter one", "", "", "a", "another passphrase", ERR_REFUSED},
        {"to try it takes too much", " 18\n", " 21\n", "a", "at most 2^20", ERR_LIMIT},
        {"and far too much", " 18\n", " 64\n", "a", "at most 2^20", ERR_LIMIT},
        {"a work that is none", " 18\n", " 0\n", "a", "no work", ERR_MALFORMED},
        {"with a sign", " 18\n", " +18\n", "a", "no work", ERR_MALFORMED},
        {"with a zero before it", " 18\n", " 018\n", "a", "no work", ERR_MALFORMED},
        {"in words", " 18\n", " many\n", "a", "no work", ERR_MALFORMED},
        {"larger than a number", " 18\n", " 4294967296\n", "a", "no work", ERR_MALFORMED},
        {"none at all", " 18\n", "\n", "a", "no salt", ERR_MALFORMED},
        {"an argument more", " 18\n", " 18 1\n", "a", "no salt", ERR_MALFORMED},
        {"a salt of 17 bytes", kept, "-> scrypt AAAAAAAAAAAAAAAAAAAAAAA", "a", "no salt",
         ERR_MALFORMED},
        {"of 15", kept, "-> scrypt AAAAAAAAAAAAAAAAAAAA", "a", "no salt", ERR_MALFORMED},
        {"not canonical", kept, "-> scrypt AAAAAAAAAAAAAAAAAAAAAB", "a", "no salt", ERR_MALFORMED},
        {"another salt", kept, "-> scrypt AAAAAAAAAAAAAAAAAAAAAA", "a barrage at dawn",
         "another passphrase", ERR_REFUSED},
        {"a key of another length", " 18\n", " 18\nAAAA\n", "a", "", ERR_MALFORMED},
        {"less work, the same file", " 18\n", " 10\n", "a barrage at dawn", "another passphrase",
         ERR_REFUSED},
        {"beside a key", "--- ", "-> X25519 AAAA\nAAAA\n--- ", "a", "", ERR_MALFORMED},
        {"no age file", "age-", "sea-", "a", "is not of version 1", ERR_MALFORMED},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span changed = with(&arena, made, cases[i].piece, cases[i].other);

        out.len = 0;
        err = (struct err){0};
        bool ok = age_decrypt_under(&out, span_of(cases[i].passphrase), changed, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].kind == ERR_NONE) && err.kind == cases[i].kind);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok ? span_is(buf_span(&out), "age") : out.len == 0);
    }
    arena_free(&arena);
}

/* Each kind of file has its way in, and no other. */
static void test_kinds_of_files(void **state)
{
    static const struct age_seed seed = {{6}};
    struct arena arena = {0};
    struct buf file = buf_in(&arena, 4096), sealed = buf_in(&arena, 4096), out = buf_in(&arena, 9);
    struct age_recipient to = age_identity_recipient(&first);
    struct err err = {0};

    (void)state;
    assert_false(age_decrypt(&out, &first, 1, under(&file), &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_true(age_encrypt(&sealed, &to, 1, SPAN_LIT("age"), &seed, &err));
    assert_false(age_decrypt_under(&out, SPAN_LIT("a"), buf_span(&sealed), &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_non_null(strstr(err.text, "sealed to keys"));
    assert_true(age_is_file(buf_span(&file)) && age_is_file(buf_span(&sealed)));
    assert_false(age_is_file(SPAN_LIT("AGE-SECRET-KEY-1")) || age_is_file(SPAN_LIT("")));
    arena_free(&arena);
}

static int start(void **state)
{
    (void)state;
    return sign_start() ? 0 : -1;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_accepts, start),
    cmocka_unit_test(test_refuses),
    cmocka_unit_test(test_by_another),
    cmocka_unit_test(test_key_texts),
    cmocka_unit_test(test_round_trip),
    cmocka_unit_test(test_streams),
    cmocka_unit_test(test_changed),
    cmocka_unit_test(test_keys_tried),
    cmocka_unit_test(test_most_recipients),
    cmocka_unit_test(test_passphrase),
    cmocka_unit_test(test_kinds_of_files),
};

RUN_TESTS(tests)
