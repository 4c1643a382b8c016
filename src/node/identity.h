#pragma once

/*
 * What somebody reads with: the age identity that stands beside an author's key, in DIR/keys under
 * the key's name with ".age" behind, or in a file anywhere. The file is as age-keygen writes it:
 * lines that begin with "#", and one that is the identity; or all of that under a passphrase, as
 * `age --passphrase` encrypts a file: age itself reads both. Readable by its owner only. Its
 * recipient is what member.admit names as `age`.
 *
 * Whoever gets an identity wipes it: sign_wipe.
 */

#include "codec/age.h"
#include "node/passphrase.h"

/* Empty lines and comments are passed over. ERR_MALFORMED never cites what may be secret. */
MUST_CHECK bool identity_parse(struct age_identity *out, struct span text, struct err *err);

void identity_make(struct age_identity *out);

/* That of the key of this name. Who reads one under a passphrase is asked for it. ERR_MISSING when
 * there is none; ERR_REFUSED when others can read its file, or it is another passphrase; ERR_USAGE
 * for what is no name. */
MUST_CHECK bool identity_read(struct age_identity *out, const char *directory, const char *name,
                              struct err *err);
MUST_CHECK bool identity_read_file(struct age_identity *out, const char *path, struct err *err);
/* The same without asking anybody, for who has others waiting: ERR_REFUSED when it is under one. */
MUST_CHECK bool identity_read_open(struct age_identity *out, const char *directory,
                                   const char *name, struct err *err);

/* Where that of this name stands in DIR/keys. */
MUST_CHECK bool identity_path(const char **out, const char *directory, const char *name,
                              struct arena *arena, struct err *err);
/* Whether a file is there that is not under a passphrase. */
bool identity_is_open(const char *path);

/* Durable on return. ERR_CONFLICT when there is such a file already. */
MUST_CHECK bool identity_write(const char *directory, const char *name,
                               const struct age_identity *identity, struct err *err);
MUST_CHECK bool identity_write_file(const char *path, const struct age_identity *identity,
                                    struct err *err);
/* Puts the same identity in the file's place, under that passphrase; NULL: open. */
MUST_CHECK bool identity_rewrite(const char *path, const struct age_identity *identity,
                                 const struct passphrase *under, struct err *err);
