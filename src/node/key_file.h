#pragma once

/*
 * What a key file holds (doc/format.md §1.3): one line in the form of Go's note package, or
 * that line sealed under a passphrase, with the vkey and what it costs to try a passphrase in
 * the open before it. Only its form: keyring.h reads and writes files.
 */

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "crypto/secretbox.h"
#include "ledger/note.h"

/* "PRIVATE+KEY+", a name, an id, 44 characters of base64, a newline. */
#define KEY_FILE_LINE_BYTES (12u + LIMIT_NAME_BYTES + 1 + 8 + 1 + 44 + 1)
#define KEY_FILE_SEALED_BYTES (KEY_FILE_LINE_BYTES + SECRETBOX_TAG_BYTES)
#define KEY_FILE_BYTES 1024u /* more than any of either form */

/* What trying a passphrase costs for the files we write: half a second of a core of today. */
#define KEY_FILE_COST ((struct secretbox_cost){.passes = 3, .memory_kib = 262144})

struct key_file { /* key_file_wipe it */
    bool is_sealed;
    struct note_signer signer; /* unless it is sealed */
    struct note_key key;       /* as it stands in the open: nothing vouches for it until unsealed */
    struct secretbox_cost cost;
    uint8_t salt[SECRETBOX_SALT_BYTES];
    uint8_t nonce[SECRETBOX_NONCE_BYTES];
    uint8_t sealed[KEY_FILE_SEALED_BYTES];
    size_t sealed_len;
};

/* Errors never cite what may be secret. */
MUST_CHECK bool key_file_parse(struct key_file *out, struct span text, struct err *err);
void key_file_put(struct buf *buf, const struct key_file *file);
void key_file_wipe(struct key_file *file);

void key_file_plain(struct key_file *out, const struct note_signer *signer);
/* `out` with its salt, cost and nonce set; `key` follows from them (secretbox_key_of). */
void key_file_seal(struct key_file *out, const struct note_signer *signer,
                   const struct secretbox_key *key);
/* ERR_REFUSED when the passphrase was another, or something was changed. */
MUST_CHECK bool key_file_unseal(struct note_signer *out, const struct key_file *file,
                                const struct secretbox_key *key, struct err *err);
