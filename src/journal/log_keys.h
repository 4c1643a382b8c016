#pragma once

/*
 * The log keys of an agreement's terms, from the first on (doc/format.md §7.5): whose
 * signature a checkpoint must bear. A participant's directory lists them in `log.vkey`, a line
 * each, so that anybody can check the log with a program of their own.
 */

#include "ledger/checkpoint.h"
#include "sys/disk.h"

#define LOG_KEYS_FILE "log.vkey"
/* The record that opens the last of these terms, where that is to be kept here and its first
 * entry is not there yet. */
#define TERM_OPENING_FILE "terms/opening"
#define LIMIT_TERMS 64u
#define LOG_KEYS_BYTES (LIMIT_TERMS * 256u) /* a vkey is less than 250 bytes */

struct log_keys {
    struct note_key at[LIMIT_TERMS]; /* each of its own name, the term's origin */
    size_t count;
};

MUST_CHECK bool log_keys_parse(struct log_keys *out, struct span text, struct err *err);
MUST_CHECK bool log_keys_read(struct log_keys *out, struct disk *disk, struct err *err);
/* Durably. */
MUST_CHECK bool log_keys_write(const struct log_keys *keys, struct disk *disk, struct err *err);
/* ERR_LIMIT past the last term that there can be. */
MUST_CHECK bool log_keys_add(struct log_keys *keys, const struct note_key *key, struct err *err);
/* The key of this origin; NULL: it is none of the agreement's terms that are known here. */
const struct note_key *log_keys_find(const struct log_keys *keys, struct span origin);
/* The present term's. */
const struct note_key *log_keys_last(const struct log_keys *keys);
/* As checkpoint_open, by the key of its origin; ERR_MISSING when that is not known. */
MUST_CHECK bool log_keys_open(const struct log_keys *keys, struct checkpoint *out,
                              struct note *out_note, struct span bytes, struct arena *arena,
                              struct err *err);
