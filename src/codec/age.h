#pragma once

/*
 * Sealing to readers' keys: the format age-encryption.org/v1 (c2sp.org/age), with X25519
 * recipients, or under a passphrase. Whoever has the identity of one of them, or the passphrase,
 * opens a file with this or with any other age; nobody else does, and nobody can change, cut or
 * lengthen one unseen.
 *
 * A file says how many recipients it has and not who they are, nor who sealed it: parts are
 * tied to their author by the record that names them. Read strictly as the specification
 * says; stanzas of other kinds are passed over, as it asks.
 *
 * Chance comes in as an argument, for the layers below sys have none. sign_start first.
 */

#include "base/buf.h"
#include "base/err.h"

#define AGE_KEY_BYTES 32u
#define AGE_CHUNK_BYTES 65536u
#define AGE_RECIPIENT_BYTES 62u /* of its text */

struct age_recipient { /* age1…: whom to seal to */
    uint8_t key[AGE_KEY_BYTES];
};

struct age_identity { /* AGE-SECRET-KEY-1…: any 32 bytes of chance; sign_wipe it */
    uint8_t secret[AGE_KEY_BYTES];
};

/* A key that no identity could open for, because it is spelled in another way than its owner
 * computes it or lies on no large group, is refused. */
MUST_CHECK bool age_recipient_parse(struct age_recipient *out, struct span text, struct err *err);
struct span age_recipient_text(const struct age_recipient *recipient, struct arena *arena);

MUST_CHECK bool age_identity_parse(struct age_identity *out, struct span text, struct err *err);
void age_identity_put(struct buf *buf, const struct age_identity *identity);
struct age_recipient age_identity_recipient(const struct age_identity *identity);

/* 32 bytes of chance, for one file and never again: the file's key, its nonce and the ephemeral
 * secrets are derived from them, so who knows them opens the file. sign_wipe it. */
struct age_seed {
    uint8_t bytes[32];
};

/* Where bytes come from and go to, for what does not fit in memory. `read` gives at most `room`
 * bytes, and none only at the end. */
struct age_source {
    bool (*read)(void *context, uint8_t *at, size_t room, size_t *out_len, struct err *err);
    void *context;
};

struct age_sink {
    bool (*write)(void *context, struct span bytes, struct err *err);
    void *context;
};

/* How long the file is that so much is sealed into. */
uint64_t age_file_bytes(size_t recipients, uint64_t plain_bytes);

/* To 1 to LIMIT_AGE_RECIPIENTS. ERR_MALFORMED names the recipient that is no key; ERR_LIMIT when
 * *out cannot hold it. After a fault *out stands where it stood. */
MUST_CHECK bool age_encrypt(struct buf *out, const struct age_recipient *to, size_t count,
                            struct span plain, const struct age_seed *seed, struct err *err);

/* By whichever of the identities fits. ERR_REFUSED: none does. ERR_MALFORMED says what is wrong
 * and where. After a fault *out stands where it stood. */
MUST_CHECK bool age_decrypt(struct buf *out, const struct age_identity *as, size_t count,
                            struct span file, struct err *err);

/* Under a passphrase alone, as `age --passphrase` does. Nobody else can be let in beside it. */
#define AGE_WORK 18u /* as age itself: a second and 256 MiB, for us and for each guess */
MUST_CHECK bool age_encrypt_under(struct buf *out, struct span passphrase, struct span plain,
                                  const struct age_seed *seed, struct err *err);
/* ERR_REFUSED: it is another passphrase, or the file is sealed to recipients; ERR_LIMIT: it takes
 * more than 2^LIMIT_AGE_WORK to try one, or more memory than there is. */
MUST_CHECK bool age_decrypt_under(struct buf *out, struct span passphrase, struct span file,
                                  struct err *err);
/* By how it begins: nothing is said about whether it is whole. */
bool age_is_file(struct span bytes);

/* The same by chunks. Decrypting, every chunk that is written was sealed so by whoever sealed
 * the file; whether it is whole is known at the end: after a fault, throw away what was written. */
MUST_CHECK bool age_encrypt_stream(const struct age_sink *file, const struct age_recipient *to,
                                   size_t count, const struct age_source *plain,
                                   const struct age_seed *seed, struct err *err);
MUST_CHECK bool age_decrypt_stream(const struct age_sink *plain, const struct age_identity *as,
                                   size_t count, const struct age_source *file, struct err *err);
