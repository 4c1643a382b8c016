#include "codec/age.h"

#include "base/limits.h"
#include "codec/age_header.h"
#include "crypto/seal.h"
#include "crypto/sign.h"

/* c2sp.org/age, "Payload". */
#define NONCE_BYTES 16u
#define SEALED_CHUNK_BYTES (AGE_CHUNK_BYTES + SEAL_TAG_BYTES)

/*
 * One file on its way. A chunk is known to be the last when nothing stands behind it, so one
 * byte more than a chunk is read before it is dealt with.
 */
struct passage {
    const struct age_source *source;
    const struct age_sink *sink;
    struct seal_key key;
    uint64_t chunk; /* the number of the next one, from 0 */
    size_t held;
    bool ended; /* the source has no more than what is held */
    uint8_t *in, *out;
};
#define IN_BYTES (SEALED_CHUNK_BYTES + 1)
#define OUT_BYTES SEALED_CHUNK_BYTES

_Static_assert(LIMIT_AGE_HEADER_BYTES <= SEALED_CHUNK_BYTES, "a header is read in one piece");

static struct passage *passage_new(struct arena *arena, const struct age_source *source,
                                   const struct age_sink *sink)
{
    struct passage *p = ARENA_NEW(arena, struct passage);

    p->source = source;
    p->sink = sink;
    p->in = arena_alloc(arena, IN_BYTES);
    p->out = arena_alloc(arena, OUT_BYTES);
    return p;
}

static void passage_wipe(struct passage *p)
{
    sign_wipe(p->in, IN_BYTES);
    sign_wipe(p->out, OUT_BYTES);
    sign_wipe(p, sizeof *p);
}

/* Holds `want` bytes, or all that are left. */
static bool fill(struct passage *p, size_t want, struct err *err)
{
    while (!p->ended && p->held < want) {
        size_t len = 0;

        if (!p->source->read(p->source->context, p->in + p->held, want - p->held, &len, err))
            return false;
        assert(len <= want - p->held);
        p->held += len;
        p->ended = len == 0;
    }
    return true;
}

static void drop(struct passage *p, size_t len)
{
    p->held -= len;
    memmove(p->in, p->in + len, p->held);
}

static bool give(struct passage *p, struct span bytes, struct err *err)
{
    return bytes.len == 0 || p->sink->write(p->sink->context, bytes, err);
}

/* A counter in 11 bytes, of which the first three stay zero, and whether it is the last. */
static void chunk_nonce(uint8_t out[SEAL_NONCE_BYTES], uint64_t chunk, bool last)
{
    memset(out, 0, SEAL_NONCE_BYTES);
    for (size_t i = 0; i < 8; i++)
        out[3 + i] = (uint8_t)(chunk >> (56 - 8 * i));
    out[11] = last;
}

static struct seal_key payload_key(const struct age_file_key *key, const uint8_t nonce[NONCE_BYTES])
{
    return seal_derive(span_make(key->bytes, sizeof key->bytes), span_make(nonce, NONCE_BYTES),
                       SPAN_LIT("payload"));
}

static bool close_chunks(struct passage *p, struct err *err)
{
    uint8_t nonce[SEAL_NONCE_BYTES];
    bool last = false;

    while (!last) {
        if (!fill(p, AGE_CHUNK_BYTES + 1, err))
            return false;
        last = p->held <= AGE_CHUNK_BYTES;
        size_t len = last ? p->held : AGE_CHUNK_BYTES;
        chunk_nonce(nonce, p->chunk++, last);
        seal_close(p->out, span_make(p->in, len), nonce, &p->key);
        if (!give(p, span_make(p->out, len + SEAL_TAG_BYTES), err))
            return false;
        drop(p, len);
    }
    return true;
}

static bool open_chunks(struct passage *p, struct err *err)
{
    uint8_t nonce[SEAL_NONCE_BYTES];
    bool last = false;

    while (!last) {
        if (!fill(p, SEALED_CHUNK_BYTES + 1, err))
            return false;
        last = p->held <= SEALED_CHUNK_BYTES;
        size_t len = last ? p->held : SEALED_CHUNK_BYTES;
        if (len < SEAL_TAG_BYTES)
            return err_set(err, ERR_MALFORMED, "age file: cut short in chunk %" PRIu64, p->chunk);
        if (last && len == SEAL_TAG_BYTES && p->chunk > 0)
            return err_set(err, ERR_MALFORMED, "age file: chunk %" PRIu64 " is empty", p->chunk);
        chunk_nonce(nonce, p->chunk, last);
        if (!seal_open(p->out, span_make(p->in, len), nonce, &p->key))
            return err_set(err, ERR_MALFORMED,
                           "age file: chunk %" PRIu64 "%s was changed, or something before or "
                           "behind it",
                           p->chunk, last ? ", the last," : "");
        if (!give(p, span_make(p->out, len - SEAL_TAG_BYTES), err))
            return false;
        p->chunk++;
        drop(p, len);
    }
    return true;
}

static struct seal_key from_seed(const struct age_seed *seed, struct span label)
{
    return seal_derive(span_make(seed->bytes, sizeof seed->bytes), SPAN_LIT(""), label);
}

/* For whom: keys, or who knows a passphrase. */
struct readers {
    const struct age_recipient *to;
    size_t count; /* 0: under the passphrase */
    struct span passphrase;
};

static bool close_header(struct passage *p, const struct readers *readers,
                         const struct age_seed *seed, struct arena *arena, struct err *err)
{
    struct buf header = buf_in(arena, LIMIT_AGE_HEADER_BYTES);
    struct seal_key chance = from_seed(seed, SPAN_LIT("sulh/age/v1/file-key"));
    struct seal_key nonce = from_seed(seed, SPAN_LIT("sulh/age/v1/nonce"));
    struct age_file_key key;

    memcpy(key.bytes, chance.bytes, sizeof key.bytes);
    p->key = payload_key(&key, nonce.bytes);
    bool ok = readers->count ? age_header_put(&header, &key, readers->to, readers->count, seed, err)
                             : age_header_put_under(&header, &key, readers->passphrase, seed, err);
    ok = ok && give(p, buf_span(&header), err);
    ok = ok && give(p, span_make(nonce.bytes, NONCE_BYTES), err);
    sign_wipe(&chance, sizeof chance);
    sign_wipe(&key, sizeof key);
    return ok;
}

static bool encrypt_stream(const struct age_sink *file, const struct readers *readers,
                           const struct age_source *plain, const struct age_seed *seed,
                           struct err *err)
{
    struct arena arena = {0};
    struct passage *p = passage_new(&arena, plain, file);

    bool ok = close_header(p, readers, seed, &arena, err);
    ok = ok && close_chunks(p, err);
    passage_wipe(p);
    arena_free(&arena);
    return ok;
}

bool age_encrypt_stream(const struct age_sink *file, const struct age_recipient *to, size_t count,
                        const struct age_source *plain, const struct age_seed *seed,
                        struct err *err)
{
    assert(count > 0);
    return encrypt_stream(file, &(struct readers){.to = to, .count = count}, plain, seed, err);
}

/* With what: any of these identities, or a passphrase. */
struct opener {
    const struct age_identity *as;
    size_t count;
    struct span passphrase; /* empty: the identities */
};

static bool open_key(struct age_file_key *out, const struct age_header *header,
                     const struct opener *with, struct err *err)
{
    return with->passphrase.len ? age_header_open_under(out, header, with->passphrase, err)
                                : age_header_open(out, header, with->as, with->count, err);
}

static bool open_header(struct passage *p, const struct opener *with, struct arena *arena,
                        struct err *err)
{
    struct age_header *header = ARENA_NEW(arena, struct age_header);
    struct age_file_key key;

    if (!fill(p, LIMIT_AGE_HEADER_BYTES, err) ||
        !age_header_parse(header, span_make(p->in, p->held), err) ||
        !open_key(&key, header, with, err))
        return false;
    drop(p, header->len);
    if (!fill(p, NONCE_BYTES, err))
        return false;
    bool ok = p->held >= NONCE_BYTES ||
              err_set(err, ERR_MALFORMED, "age file: cut short before its first chunk");
    if (ok) {
        p->key = payload_key(&key, p->in);
        drop(p, NONCE_BYTES);
    }
    sign_wipe(&key, sizeof key);
    return ok;
}

static bool decrypt_stream(const struct age_sink *plain, const struct opener *with,
                           const struct age_source *file, struct err *err)
{
    struct arena arena = {0};
    struct passage *p = passage_new(&arena, file, plain);

    bool ok = open_header(p, with, &arena, err);
    ok = ok && open_chunks(p, err);
    passage_wipe(p);
    arena_free(&arena);
    return ok;
}

bool age_decrypt_stream(const struct age_sink *plain, const struct age_identity *as, size_t count,
                        const struct age_source *file, struct err *err)
{
    return decrypt_stream(plain, &(struct opener){.as = as, .count = count}, file, err);
}

static bool read_span(void *context, uint8_t *at, size_t room, size_t *out_len, struct err *err)
{
    struct span *rest = context;

    (void)err;
    *out_len = rest->len < room ? rest->len : room;
    if (*out_len > 0)
        memcpy(at, rest->at, *out_len);
    *rest = span_from(*rest, *out_len);
    return true;
}

static bool write_buf(void *context, struct span bytes, struct err *err)
{
    struct buf *buf = context;

    buf_put(buf, bytes);
    return !buf->full || err_set(err, ERR_LIMIT, "more than %zu bytes", buf->limit);
}

uint64_t age_file_bytes(size_t recipients, uint64_t plain_bytes)
{
    uint64_t chunks = plain_bytes == 0 ? 1 : (plain_bytes + AGE_CHUNK_BYTES - 1) / AGE_CHUNK_BYTES;

    return age_header_bytes(recipients) + NONCE_BYTES + plain_bytes + chunks * SEAL_TAG_BYTES;
}

bool age_encrypt(struct buf *out, const struct age_recipient *to, size_t count, struct span plain,
                 const struct age_seed *seed, struct err *err)
{
    uint64_t len = age_file_bytes(count, plain.len);
    struct buf file = *out;
    struct age_sink sink = {write_buf, &file};
    struct age_source source = {read_span, &plain};

    if (len > out->limit - out->len)
        return err_set(err, ERR_LIMIT, "more than %zu bytes", out->limit);
    buf_reserve(&file, len);
    if (!age_encrypt_stream(&sink, to, count, &source, seed, err))
        return false;
    assert(file.len == out->len + len);
    *out = file;
    return true;
}

bool age_encrypt_under(struct buf *out, struct span passphrase, struct span plain,
                       const struct age_seed *seed, struct err *err)
{
    struct buf file = *out;
    struct age_sink sink = {write_buf, &file};
    struct age_source source = {read_span, &plain};

    assert(passphrase.len > 0);
    if (!encrypt_stream(&sink, &(struct readers){.passphrase = passphrase}, &source, seed, err))
        return false;
    *out = file;
    return true;
}

static bool decrypt(struct buf *out, const struct opener *with, struct span file, struct err *err)
{
    size_t left = out->limit - out->len;
    struct buf plain = *out;
    struct age_sink sink = {write_buf, &plain};
    struct age_source source = {read_span, &file};

    buf_reserve(&plain, file.len < left ? file.len : left);
    if (!decrypt_stream(&sink, with, &source, err)) {
        if (plain.len > out->len)
            sign_wipe(plain.at + out->len, plain.len - out->len);
        return false;
    }
    *out = plain;
    return true;
}

bool age_decrypt(struct buf *out, const struct age_identity *as, size_t count, struct span file,
                 struct err *err)
{
    return decrypt(out, &(struct opener){.as = as, .count = count}, file, err);
}

bool age_decrypt_under(struct buf *out, struct span passphrase, struct span file, struct err *err)
{
    assert(passphrase.len > 0);
    return decrypt(out, &(struct opener){.passphrase = passphrase}, file, err);
}

bool age_is_file(struct span bytes)
{
    return span_starts_with(bytes, SPAN_LIT("age-encryption.org/"));
}
