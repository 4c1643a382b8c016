#pragma once

/*
 * Opening encrypted key files and identities, without asking or computing twice: for the life of
 * the process it remembers the last passphrase that opened one, which is tried first on the next,
 * and what Argon2id made of it for each file, so that a server can open its key for every tick. Any
 * thread may call; one at a time is served.
 */

#include "node/key_file.h"

/* ERR_REFUSED when the passphrase given does not open it, or nobody can be asked. */
MUST_CHECK bool unlock_key(struct note_signer *out, const struct key_file *file, struct err *err);
/* An identity file under a passphrase (codec/age.h), as it is; `name` is whom to ask for. */
MUST_CHECK bool unlock_age(struct buf *out, struct span file, const char *name, struct err *err);
/* Everything remembered is wiped. */
void unlock_forget(void);
