#pragma once

/*
 * Out of a log that is at hand, what a proof of misbehaviour needs so that a stranger knows
 * the keys in it (doc/format.md §11.2): entry 0, the admissions, and the agreement's pieces
 * where an author admits.
 */

#include "journal/log_reader.h"
#include "sync/known_keys.h"
#include "sync/misbehaviour.h"

struct voucher;

/* Reads the log through, once. Everything lives in the arena. */
MUST_CHECK bool voucher_open(struct voucher **out, struct log_reader *log, struct arena *arena,
                             struct err *err);
/* Of entry 0, and of what was added. */
const struct known_keys *voucher_keys(const struct voucher *voucher);
/* A key by its name, and whoever it takes to know it. Without effect for one that no entry
 * admits, or none that a stranger would believe. */
void voucher_add(struct voucher *voucher, struct span name);
/* Where the entry is that admitted a known key; false for one of entry 0. */
bool voucher_index(const struct voucher *voucher, struct span name, uint64_t *out);
/* Fills in all but kind and evidence. */
void voucher_write(const struct voucher *voucher, struct misbehaviour *file);
