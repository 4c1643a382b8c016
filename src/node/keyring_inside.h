#pragma once

/* The keyring from inside: what its files share. Nobody else includes this. */

#include "node/key_file.h"
#include "node/keyring.h"

/* The descriptor of a key file, or -1. */
int keyring_open(const char *path, struct err *err);
MUST_CHECK bool keyring_parse(struct key_file *out, int fd, const char *path, struct err *err);
/* ERR_CONFLICT when another process holds it; `name` is for the fault. */
MUST_CHECK bool keyring_hold_open(int fd, const char *name, struct err *err);
/* The signer of what was parsed from `path`. */
MUST_CHECK bool keyring_unlock(struct note_signer *out, const struct key_file *file,
                               const char *path, struct err *err);
