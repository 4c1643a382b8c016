#pragma once

/*
 * Passphrases of encrypted key files. A person types them at the terminal, without echo; for a
 * service they stand in the file that SULH_PASSPHRASE_FILE names, one line, which nobody else
 * may read. Whoever gets one wipes it.
 */

#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"

struct passphrase {
    uint8_t bytes[LIMIT_PASSPHRASE_BYTES];
    size_t len; /* 0: none */
};

struct span passphrase_span(const struct passphrase *passphrase);
void passphrase_wipe(struct passphrase *passphrase);
/* The one of a key that is there. ERR_REFUSED when there is nobody to ask. */
MUST_CHECK bool passphrase_ask(struct passphrase *out, const char *key_name, struct err *err);
/* A new one, typed twice: ERR_REFUSED when it is too short to be worth anything, or was typed
 * differently. */
MUST_CHECK bool passphrase_choose(struct passphrase *out, const char *key_name, struct err *err);
