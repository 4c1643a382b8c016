#pragma once

/*
 * The way in where another keeps the log: its entries become tiles, and count when they have
 * the root of a checkpoint that the log's key has signed. The tiles are synced, read back and
 * compared, then the checkpoint takes its place, then the entries are applied: in this order,
 * so that whatever cuts it off leaves either the log as it was or the log that has grown.
 *
 * `DIR/following` holds the checkpoint that is being followed to, until it is reached: it
 * explains the tiles beyond the published one, and parts not written to their end. All of it
 * is one thread's, the one that publishes where the log is kept here.
 */

#include "journal/journal.h"

#define FOLLOWING_FILE "following"

struct follow;

/* Towards a checkpoint larger than the present one, whose log signature is verified here; of
 * the note's other lines none is kept (journal_put_lines). Nothing is written before the first
 * entry or part comes. ERR_MISSING when its origin is not known, ERR_REFUSED when the log's key
 * has not signed it, ERR_CONFLICT when it is not larger, or of a term that has ended. */
MUST_CHECK bool follow_begin(struct follow **out, struct journal *journal, struct span note,
                             struct err *err);
/* Towards the present one, for parts that come late. ERR_MISSING when there is none. */
MUST_CHECK bool follow_begin_parts(struct follow **out, struct journal *journal, struct err *err);
/* Where it stands: the entry that is to come next. */
uint64_t follow_next(const struct follow *follow);
const struct checkpoint *follow_target(const struct follow *follow);
/* The right edge of the tree so far, for checking hashes before the entries come. */
const struct edge *follow_edge(const struct follow *follow);
/* ERR_REFUSED: entry 0 is not that of this agreement and log; nothing has changed. Any other
 * fault is of the disk, ERR_IO, and breaks the journal. */
MUST_CHECK bool follow_entry(struct follow *follow, struct span entry, struct err *err);
/* What is stored of a part that an entry names, so far or before; at most LIMIT_PART_BYTES. It
 * is here when this ends, and stays if it is abandoned. A fault breaks the journal. */
MUST_CHECK bool follow_part(struct follow *follow, struct span stored, struct err *err);
/* All entries are there. ERR_CONFLICT, and nothing changed, when they do not have the
 * checkpoint's root. Frees it, whatever comes out. */
MUST_CHECK bool follow_end(struct follow *follow, struct err *err);
/* As if it had not been begun. Frees it; NULL is fine. */
void follow_abandon(struct follow *follow);

/* A term has begun that an entry `term.open`, verified by the caller, names: its checkpoints can
 * be followed from now on. `log.vkey` lists it with the first that is in its place. Saying it
 * again is fine; ERR_CONFLICT with another key, ERR_LIMIT past the last term that there can be. */
MUST_CHECK bool follow_term(struct journal *journal, const struct note_key *key, struct err *err);

/* The size that the directory was on its way to when it was left, as the file says, which is
 * our own; 0: to none. */
MUST_CHECK bool follow_read(uint64_t *out, struct disk *disk, struct err *err);
