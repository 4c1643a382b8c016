#include "codec/age_header.h"

#include "base/reader.h"
#include "codec/base64.h"
#include "crypto/secretbox.h"
#include "crypto/sign.h"

/* c2sp.org/age, "ABNF definition of file header". */
#define VERSION_LINE "age-encryption.org/v1\n"
#define STANZA_START "-> "
#define END_START "---"
#define OUR_KIND "X25519"
#define PASSPHRASE_KIND "scrypt"
#define SALT_LABEL "age-encryption.org/v1/scrypt"
#define COLUMNS 64u
#define COLUMN_BYTES 48u /* that a full line of base64 says */
#define KEY_LETTERS 43u  /* 32 bytes in unpadded base64 */

static const uint8_t no_nonce[SEAL_NONCE_BYTES]; /* a wrapping key wraps once */
static const char not_ended[] = "line not ended";

/* May be empty, which reader_line does not allow. */
static struct span take_line(struct reader *r)
{
    struct span rest = span_slice(r->in, r->at, reader_left(r));
    struct span line = {0};

    if (!span_cut(&rest, '\n', &line))
        reader_fail(r, not_ended);
    else
        r->at += line.len + 1;
    return line;
}

static bool next_is(const struct reader *r, const char *text)
{
    struct span rest = span_slice(r->in, r->at, reader_left(r));

    return span_starts_with(rest, span_of(text));
}

/* The first three of a stanza's arguments, and how many there are. */
struct arguments {
    struct span at[3];
    size_t count;
};

static struct arguments read_arguments(struct reader *r)
{
    struct arguments out = {0};
    size_t start = r->at;

    reader_expect(r, STANZA_START);
    struct span rest = take_line(r), word;
    for (bool more = true; more && !r->why; out.count++) {
        more = span_cut(&rest, ' ', &word);
        if (!more)
            word = rest;
        if (word.len == 0)
            reader_fail(r, "empty argument");
        for (size_t i = 0; i < word.len; i++)
            if (word.at[i] < 0x21 || word.at[i] > 0x7e)
                reader_fail(r, "a character that may not stand in an argument");
        if (out.count < ARRAY_LEN(out.at))
            out.at[out.count] = word;
    }
    if (r->why)
        r->at = start;
    return out;
}

/* Lines of 64 characters, and one that is shorter. Keeps the first AGE_WRAPPED_BYTES and says
 * how many there were. */
static size_t read_body(struct reader *r, uint8_t kept[AGE_WRAPPED_BYTES])
{
    uint8_t bytes[COLUMN_BYTES];
    size_t total = 0, len = 0;

    for (struct span line = {.len = COLUMNS}; line.len == COLUMNS && !r->why;) {
        size_t start = r->at;

        line = take_line(r);
        if (line.len > COLUMNS)
            reader_fail(r, "line of more than 64 characters");
        else if (!r->why && !base64_raw_parse(bytes, sizeof bytes, &len, line))
            reader_fail(r, "not canonical base64 without padding");
        if (r->why) {
            r->at = start;
            return 0;
        }
        if (total == 0)
            memcpy(kept, bytes, len < AGE_WRAPPED_BYTES ? len : AGE_WRAPPED_BYTES);
        total += len;
    }
    return total;
}

static void read_x25519(struct reader *r, struct age_stanza *out, struct arguments arguments,
                        size_t body_bytes)
{
    size_t len = 0;

    if (arguments.count != 2)
        reader_fail(r, "X25519 stanza without exactly one argument");
    else if (!base64_raw_parse(out->share.bytes, sizeof out->share.bytes, &len, arguments.at[1]) ||
             len != sizeof out->share.bytes)
        reader_fail(r, "X25519 stanza without a share of 32 bytes");
    else if (body_bytes != AGE_WRAPPED_BYTES)
        reader_fail(r, "X25519 stanza without a body of 32 bytes");
}

/* As it stands: whoever has keys and no passphrase passes it over, whatever it says. */
static void keep_passphrase(struct age_header *h, struct arguments arguments,
                            const uint8_t wrapped[AGE_WRAPPED_BYTES], size_t wrapped_len)
{
    h->under_passphrase = true;
    h->salt = arguments.at[1];
    h->work = arguments.at[2];
    h->arguments = arguments.count;
    h->wrapped_len = wrapped_len;
    memcpy(h->wrapped, wrapped, sizeof h->wrapped);
}

/* What has "X25519" is kept, everything else passed over: c2sp.org/age has whoever reads ignore
 * stanzas it does not know. But a passphrase stands alone, whoever reads. */
static void read_stanzas(struct reader *r, struct age_header *h)
{
    size_t count = 0, passphrases = 0;

    do {
        struct age_stanza *stanza = &h->stanza[h->count];
        size_t start = r->at;
        struct arguments arguments = read_arguments(r);
        size_t body_bytes = read_body(r, stanza->wrapped);

        if (r->why)
            return;
        if (span_is(arguments.at[0], OUR_KIND)) {
            read_x25519(r, stanza, arguments, body_bytes);
            h->count++;
        }
        if (span_is(arguments.at[0], PASSPHRASE_KIND)) {
            keep_passphrase(h, arguments, stanza->wrapped, body_bytes);
            passphrases++;
        }
        if (++count > 1 && passphrases > 0)
            reader_fail(r, "a passphrase beside another stanza");
        if (r->why)
            r->at = start;
    } while (!r->why && next_is(r, STANZA_START) && count < LIMIT_AGE_STANZAS);
    if (next_is(r, STANZA_START))
        reader_fail(r, "too many stanzas");
}

static void read_mac(struct reader *r, struct age_header *h)
{
    size_t len = 0;

    reader_expect(r, END_START);
    h->authenticated = span_slice(r->in, 0, r->at);
    reader_expect(r, " ");
    size_t start = r->at;
    struct span line = take_line(r);
    if (!r->why && (line.len != KEY_LETTERS ||
                    !base64_raw_parse(h->mac.bytes, sizeof h->mac.bytes, &len, line))) {
        r->at = start;
        reader_fail(r, "MAC is not 32 bytes of canonical base64 without padding");
    }
}

bool age_header_parse(struct age_header *out, struct span start, struct err *err)
{
    struct reader r = reader_over(start);

    *out = (struct age_header){0};
    reader_expect(&r, VERSION_LINE);
    if (reader_failed(&r))
        return err_set(err, ERR_MALFORMED, "age file: is not of version 1 of age");
    read_stanzas(&r, out);
    read_mac(&r, out);
    if (r.why == not_ended && start.len == LIMIT_AGE_HEADER_BYTES)
        return err_set(err, ERR_LIMIT, "age file: has more than %u bytes of header",
                       LIMIT_AGE_HEADER_BYTES);
    if (reader_failed(&r))
        return err_set(err, ERR_MALFORMED, "age file: %s, at byte %zu", r.why, reader_offset(&r));
    out->len = reader_offset(&r);
    return true;
}

static struct seal_mac mac_of(const struct age_file_key *key, struct span authenticated)
{
    struct seal_key mac_key =
        seal_derive(span_make(key->bytes, sizeof key->bytes), SPAN_LIT(""), SPAN_LIT("header"));
    struct seal_mac mac = seal_mac_of(&mac_key, authenticated);

    sign_wipe(&mac_key, sizeof mac_key);
    return mac;
}

static bool check_mac(struct age_file_key *key, const struct age_header *h, struct err *err)
{
    struct seal_mac mac = mac_of(key, h->authenticated);

    if (seal_mac_equal(&mac, &h->mac))
        return true;
    sign_wipe(key, sizeof *key);
    return err_set(err, ERR_MALFORMED, "age file: the header was changed");
}

/* "X25519 recipient stanza": what both ends wrap with. */
static struct seal_key wrapping_key(const struct seal_key *shared, const struct seal_public *share,
                                    const struct seal_public *recipient)
{
    uint8_t salt[2 * SEAL_KEY_BYTES];

    memcpy(salt, share->bytes, SEAL_KEY_BYTES);
    memcpy(salt + SEAL_KEY_BYTES, recipient->bytes, SEAL_KEY_BYTES);
    return seal_derive(span_make(shared->bytes, sizeof shared->bytes), span_make(salt, sizeof salt),
                       SPAN_LIT("age-encryption.org/v1/X25519"));
}

enum unwrapped { UNWRAPPED, NOT_FOR_THIS_KEY, NO_SHARE };

static enum unwrapped unwrap(struct age_file_key *out, const struct age_stanza *stanza,
                             const struct seal_secret *secret, const struct seal_public *recipient)
{
    struct seal_key shared;

    if (!seal_agree(&shared, secret, &stanza->share))
        return NO_SHARE;
    struct seal_key key = wrapping_key(&shared, &stanza->share, recipient);
    bool ok =
        seal_open(out->bytes, span_make(stanza->wrapped, sizeof stanza->wrapped), no_nonce, &key);
    sign_wipe(&shared, sizeof shared);
    sign_wipe(&key, sizeof key);
    return ok ? UNWRAPPED : NOT_FOR_THIS_KEY;
}

static enum unwrapped unwrap_any(struct age_file_key *out, const struct age_header *h,
                                 const struct age_identity *identity)
{
    enum unwrapped done = NOT_FOR_THIS_KEY;
    struct seal_secret secret;

    memcpy(secret.bytes, identity->secret, sizeof secret.bytes);
    struct seal_public recipient = seal_public_of(&secret);
    for (size_t i = 0; i < h->count && done == NOT_FOR_THIS_KEY; i++)
        done = unwrap(out, &h->stanza[i], &secret, &recipient);
    sign_wipe(&secret, sizeof secret);
    return done;
}

bool age_header_open(struct age_file_key *out, const struct age_header *h,
                     const struct age_identity *as, size_t count, struct err *err)
{
    enum unwrapped done = NOT_FOR_THIS_KEY;

    for (size_t i = 0; i < count && done == NOT_FOR_THIS_KEY; i++)
        done = unwrap_any(out, h, &as[i]);
    if (done == NO_SHARE)
        return err_set(err, ERR_MALFORMED, "age file: a share that makes every secret zero");
    if (done == NOT_FOR_THIS_KEY)
        return err_set(err, ERR_REFUSED, "age file: is not sealed to %s",
                       count == 1 ? "this key" : "any of these keys");

    return check_mac(out, h, err);
}

/* --- under a passphrase: c2sp.org/age, "scrypt recipient stanza" --- */

bool age_header_lock(struct age_lock *out, const struct age_header *h, struct err *err)
{
    uint64_t work = 0;
    size_t len = 0;

    if (!h->under_passphrase)
        return err_set(err, ERR_REFUSED, "age file: is sealed to keys, not under a passphrase");
    if (h->arguments != 3 || !base64_raw_parse(out->salt, sizeof out->salt, &len, h->salt) ||
        len != sizeof out->salt)
        return err_set(err, ERR_MALFORMED, "age file: no salt of 16 bytes beside a passphrase");
    if (!decimal_parse(&work, h->work, UINT32_MAX) || work == 0)
        return err_set(err, ERR_MALFORMED, "age file: no work beside a passphrase");
    if (h->wrapped_len != AGE_WRAPPED_BYTES)
        return err_set(err, ERR_MALFORMED, "age file: wraps no key of 16 bytes");
    if (work > LIMIT_AGE_WORK)
        return err_set(err, ERR_LIMIT, "age file: 2^%" PRIu64 " to try a passphrase, at most 2^%u",
                       work, LIMIT_AGE_WORK);
    out->work = (unsigned)work;
    memcpy(out->wrapped, h->wrapped, sizeof out->wrapped);
    return true;
}

static bool key_under(struct seal_key *out, struct span passphrase,
                      const uint8_t salt[AGE_SALT_BYTES], unsigned work, struct err *err)
{
    uint8_t salted[sizeof SALT_LABEL - 1 + AGE_SALT_BYTES];
    struct secretbox_key key;

    memcpy(salted, SALT_LABEL, sizeof SALT_LABEL - 1);
    memcpy(salted + sizeof SALT_LABEL - 1, salt, AGE_SALT_BYTES);
    if (!secretbox_scrypt(&key, passphrase, span_make(salted, sizeof salted), work))
        return err_set(err, ERR_LIMIT, "to try a passphrase takes %u MiB of memory",
                       work > 10 ? 1u << (work - 10) : 1);
    memcpy(out->bytes, key.bytes, sizeof out->bytes);
    sign_wipe(&key, sizeof key);
    return true;
}

bool age_header_open_under(struct age_file_key *out, const struct age_header *h,
                           struct span passphrase, struct err *err)
{
    struct age_lock lock;
    struct seal_key key;

    if (!age_header_lock(&lock, h, err) || !key_under(&key, passphrase, lock.salt, lock.work, err))
        return false;
    bool ok = seal_open(out->bytes, span_make(lock.wrapped, sizeof lock.wrapped), no_nonce, &key);
    sign_wipe(&key, sizeof key);
    return ok ? check_mac(out, h, err)
              : err_set(err, ERR_REFUSED, "age file: it is another passphrase");
}

/* "sulh/age/v1/ephemeral" and the place in the list: each secret is used for one stanza. */
static struct seal_secret ephemeral_secret(const struct age_seed *seed, size_t place)
{
    static const char label[] = "sulh/age/v1/ephemeral";
    uint8_t info[sizeof label];
    struct seal_secret out;

    memcpy(info, label, sizeof label - 1);
    info[sizeof label - 1] = (uint8_t)place;
    struct seal_key key = seal_derive(span_make(seed->bytes, sizeof seed->bytes), SPAN_LIT(""),
                                      span_make(info, sizeof info));
    memcpy(out.bytes, key.bytes, sizeof out.bytes);
    sign_wipe(&key, sizeof key);
    return out;
}

static bool put_stanza(struct buf *buf, const struct age_file_key *key,
                       const struct age_recipient *to, const struct seal_secret *ephemeral)
{
    struct seal_public recipient, share = seal_public_of(ephemeral);
    uint8_t wrapped[AGE_WRAPPED_BYTES];
    struct seal_key shared;

    memcpy(recipient.bytes, to->key, sizeof recipient.bytes);
    if (!seal_agree(&shared, ephemeral, &recipient))
        return false;
    struct seal_key wrapping = wrapping_key(&shared, &share, &recipient);
    seal_close(wrapped, span_make(key->bytes, sizeof key->bytes), no_nonce, &wrapping);
    buf_text(buf, STANZA_START OUR_KIND " ");
    base64_raw_put(buf, span_make(share.bytes, sizeof share.bytes));
    buf_byte(buf, '\n');
    base64_raw_put(buf, span_make(wrapped, sizeof wrapped));
    buf_byte(buf, '\n');
    sign_wipe(&shared, sizeof shared);
    sign_wipe(&wrapping, sizeof wrapping);
    return true;
}

static void put_end(struct buf *buf, const struct age_file_key *key)
{
    buf_text(buf, END_START);
    struct seal_mac mac = mac_of(key, buf_span(buf));
    buf_byte(buf, ' ');
    base64_raw_put(buf, span_make(mac.bytes, sizeof mac.bytes));
    buf_byte(buf, '\n');
}

bool age_header_put_under(struct buf *buf, const struct age_file_key *key, struct span passphrase,
                          const struct age_seed *seed, struct err *err)
{
    struct seal_key salt = seal_derive(span_make(seed->bytes, sizeof seed->bytes), SPAN_LIT(""),
                                       SPAN_LIT("sulh/age/v1/salt"));
    uint8_t wrapped[AGE_WRAPPED_BYTES];
    struct seal_key wrapping;

    assert(buf->len == 0);
    if (!key_under(&wrapping, passphrase, salt.bytes, AGE_WORK, err))
        return false;
    seal_close(wrapped, span_make(key->bytes, sizeof key->bytes), no_nonce, &wrapping);
    sign_wipe(&wrapping, sizeof wrapping);
    buf_text(buf, VERSION_LINE STANZA_START PASSPHRASE_KIND " ");
    base64_raw_put(buf, span_make(salt.bytes, AGE_SALT_BYTES));
    buf_printf(buf, " %u\n", AGE_WORK);
    base64_raw_put(buf, span_make(wrapped, sizeof wrapped));
    buf_byte(buf, '\n');
    put_end(buf, key);
    return true;
}

bool age_header_put(struct buf *buf, const struct age_file_key *key, const struct age_recipient *to,
                    size_t count, const struct age_seed *seed, struct err *err)
{
    assert(buf->len == 0 && count >= 1 && count <= LIMIT_AGE_RECIPIENTS);
    buf_text(buf, VERSION_LINE);
    for (size_t i = 0; i < count; i++) {
        struct seal_secret ephemeral = ephemeral_secret(seed, i);
        bool ok = put_stanza(buf, key, &to[i], &ephemeral);

        sign_wipe(&ephemeral, sizeof ephemeral);
        if (!ok)
            return err_set(err, ERR_MALFORMED, "age recipient %zu is no key", i + 1);
    }
    put_end(buf, key);
    assert(!buf->full && buf->len == age_header_bytes(count));
    return true;
}

uint64_t age_header_bytes(size_t recipients)
{
    uint64_t stanza = strlen(STANZA_START OUR_KIND " ") + KEY_LETTERS + 1 + KEY_LETTERS + 1;

    return strlen(VERSION_LINE) + recipients * stanza + strlen(END_START " ") + KEY_LETTERS + 1;
}
