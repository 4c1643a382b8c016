#pragma once

/* What known_keys.c and known_keys_admit.c share. */

#include "sync/known_keys.h"

/* One more key, read from the vkey into `key.key`: of the type of its job, its name and its
 * bytes bound to nobody yet. */
MUST_CHECK bool known_keys_bind(struct known_keys *keys, struct known_key key, struct span vkey,
                                struct err *err);
