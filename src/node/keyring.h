#pragma once

/*
 * The secret keys in DIR/keys, and key files anywhere: one file a key, readable by its owner
 * only, open or encrypted (format §1.3; key_file.h). In DIR/keys it is named after its key with
 * ".key" behind. Who reads an encrypted one is asked for its passphrase (passphrase.h).
 * Whoever gets a signer wipes it: sign_secret_wipe.
 *
 * A key whose name has a part that begins with a dot cannot be kept in DIR/keys: such a name
 * could lead out of it, or hide there. ERR_USAGE for these, as for what is no name.
 */

#include "base/arena.h"
#include "ledger/note.h"
#include "node/passphrase.h"

/* Where the key of this name stands in DIR/keys. */
MUST_CHECK bool keyring_path(const char **out, const char *directory, const char *name,
                             struct arena *arena, struct err *err);
/* The names of the keys there, sorted. */
MUST_CHECK bool keyring_list(const char ***out, size_t *out_count, const char *directory,
                             struct arena *arena, struct err *err);

/* Of either type: whoever signs with it looks which. ERR_MISSING when there is none of that
 * name; ERR_REFUSED when others can read its file, or the passphrase is wrong. */
MUST_CHECK bool keyring_read(struct note_signer *out, const char *directory, const char *name,
                             struct err *err);
/* Reads a key that signs records and holds it: nobody else on this machine signs with it until
 * the descriptor is closed. ERR_CONFLICT when somebody does, ERR_REFUSED for a witness's. */
MUST_CHECK bool keyring_hold(struct note_signer *out, int *out_fd, const char *directory,
                             const char *name, struct err *err);
/* Both for a key file anywhere, under any name. */
MUST_CHECK bool keyring_read_file(struct note_signer *out, const char *path, struct err *err);
MUST_CHECK bool keyring_hold_file(struct note_signer *out, int *out_fd, const char *path,
                                  struct err *err);

/* A new random key, of the type that signs notes. */
void keyring_make(struct note_signer *out, const char *name);
/* Writing is durable on return. `under` is its passphrase; NULL: it is written open.
 * ERR_CONFLICT when there is such a file already. */
MUST_CHECK bool keyring_write(const char *directory, const struct note_signer *signer,
                              struct err *err);
MUST_CHECK bool keyring_write_under(const char *directory, const struct note_signer *signer,
                                    const struct passphrase *under, struct err *err);
MUST_CHECK bool keyring_write_file(const char *path, const struct note_signer *signer,
                                   const struct passphrase *under, struct err *err);
/* Puts the same key in the file's place, under that passphrase. ERR_CONFLICT when somebody signs
 * with it just now. */
MUST_CHECK bool keyring_rewrite(const char *path, const struct note_signer *signer,
                                const struct passphrase *under, struct err *err);
/* The file as it is, open or encrypted, into DIR/keys; *out is the key in it. */
MUST_CHECK bool keyring_copy(struct note_signer *out, const char *path, const char *directory,
                             struct err *err);
