#pragma once

/*
 * The way in where another keeps the log: its entries become tiles, and count when they have
 * the root of a checkpoint that the log's key has signed. The tiles are synced, read back and
 * compared, then the checkpoint takes its place, then the entries are applied: in this order,
 * so that whatever cuts it off leaves either the log as it was or the log that has grown.
 *
 * `DIR/following` holds the checkpoint that is being followed to, until it is reached: it
 * explains the tiles beyond the published one. All of it is one thread's, the one that
 * publishes where the log is kept here.
 */

#include "journal/journal.h"

#define FOLLOWING_FILE "following"

struct follow;

/* Towards a checkpoint larger than the present one, whose log signature is verified here.
 * ERR_MISSING when its origin is not known, ERR_CONFLICT when it is not larger. */
MUST_CHECK bool follow_begin(struct follow **out, struct journal *journal, struct span note,
                             struct err *err);
/* Where it stands: the entry that is to come next. */
uint64_t follow_next(const struct follow *follow);
const struct checkpoint *follow_target(const struct follow *follow);
/* The right edge of the tree so far, for checking hashes before the entries come. */
const struct edge *follow_edge(const struct follow *follow);
MUST_CHECK bool follow_entry(struct follow *follow, struct span entry, struct err *err);
/* All entries are there. ERR_CONFLICT, and nothing changed, when they do not have the
 * checkpoint's root. Frees it, whatever comes out. */
MUST_CHECK bool follow_end(struct follow *follow, struct err *err);
/* As if it had not been begun. Frees it; NULL is fine. */
void follow_abandon(struct follow *follow);

/* A term has begun that the log's own entry `term.open`, verified by the caller, names: its
 * checkpoints are followed from now on. Durable. */
MUST_CHECK bool follow_term(struct journal *journal, const struct note_key *key, struct err *err);
