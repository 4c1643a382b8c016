#pragma once

/*
 * The secret keys in DIR/keys: one file a key, named after it with ".key" behind,
 * readable by its owner only, one line in the form of Go's note package (format §1.3).
 * Whoever gets a signer wipes it: sign_secret_wipe.
 *
 * A key whose name has a part that begins with a dot cannot be kept here: such a name
 * could lead out of DIR/keys, or hide there. ERR_USAGE for these, as for what is no name.
 */

#include "base/arena.h"
#include "ledger/note.h"

/* Durable on return. ERR_CONFLICT when there is one of that name already. */
MUST_CHECK bool keyring_write(const char *directory, const struct note_signer *signer,
                              struct err *err);
/* ERR_MISSING when there is none of that name; ERR_REFUSED when others can read its file. */
MUST_CHECK bool keyring_read(struct note_signer *out, const char *directory, const char *name,
                             struct err *err);
/* Reads it and holds it: nobody else on this machine signs with it until the descriptor
 * is closed. ERR_CONFLICT when somebody does. */
MUST_CHECK bool keyring_hold(struct note_signer *out, int *out_fd, const char *directory,
                             const char *name, struct err *err);
/* Both for a key file anywhere, under any name. */
MUST_CHECK bool keyring_read_file(struct note_signer *out, const char *path, struct err *err);
MUST_CHECK bool keyring_hold_file(struct note_signer *out, int *out_fd, const char *path,
                                  struct err *err);
/* A new random key. */
void keyring_make(struct note_signer *out, const char *name);
/* The names of the keys there, sorted. */
MUST_CHECK bool keyring_list(const char ***out, size_t *out_count, const char *directory,
                             struct arena *arena, struct err *err);
