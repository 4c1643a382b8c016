#pragma once

/* The keyring from inside: what its files and identity.c share. Nobody else includes this. */

#include "node/key_file.h"
#include "node/keyring.h"

/* Where something of this key's stands in DIR/keys: ".key" its key, ".age" its identity. */
MUST_CHECK bool keyring_path_of(const char **out, const char *directory, const char *name,
                                const char *suffix, struct arena *arena, struct err *err);
/* ERR_REFUSED when others than its owner may do anything with the file. */
MUST_CHECK bool keyring_check_private(int fd, const char *path, struct err *err);
/* A new file, durable on return; with the folders below `directory` that it stands in. */
MUST_CHECK bool keyring_put(const char *directory, const char *path, const char *name,
                            struct span bytes, struct err *err);
/* The same where the folders are there. */
MUST_CHECK bool keyring_put_file(const char *path, const char *name, struct span bytes,
                                 struct err *err);

/* The bytes in the file's place, at once or not at all. */
MUST_CHECK bool keyring_replace(const char *path, const char *name, struct span bytes,
                                struct err *err);

/* The descriptor of a key file, or -1. */
int keyring_open(const char *path, struct err *err);
MUST_CHECK bool keyring_parse(struct key_file *out, int fd, const char *path, struct err *err);
/* ERR_CONFLICT when another process holds it; `name` is for the fault. */
MUST_CHECK bool keyring_hold_open(int fd, const char *name, struct err *err);
/* The signer of what was parsed from `path`. */
MUST_CHECK bool keyring_unlock(struct note_signer *out, const struct key_file *file,
                               const char *path, struct err *err);
