#pragma once

/*
 * The journal from inside: what its files share. Nobody else includes this.
 *
 * Three hands touch it. Whoever has become the *writer* (journal_writer_enter; one at a
 * time, an appending thread that works for all that wait, or for a moment the publisher)
 * owns what stands under "the writer's". The *publisher* is the one thread that publishes.
 * What all may touch is behind the lock.
 */

#include "journal/edge.h"
#include "journal/journal.h"
#include "journal/quota.h"
#include "journal/stage.h"
#include "journal/tree.h"

#include <pthread.h>

struct request; /* append.c */

#define JOURNAL_READERS 16u

struct journal {
    struct journal_options options;
    struct log_keys keys;
    struct note_key log_key; /* of the term that this journal keeps; zero where it follows */
    struct parts *parts;

    pthread_mutex_t lock;   /* of what follows */
    pthread_cond_t changed; /* somebody left as the writer, or requests are done */
    bool writing;
    unsigned publishers; /* that wait to be the writer: they go first */
    struct request *first, **last;
    struct err broken; /* of a kind: final */
    struct journal_head head;
    struct arena head_arena;                      /* holds head.note */
    uint64_t committed;                           /* entries that every reader of the store sees */
    struct store_reader *reader[JOURNAL_READERS]; /* that no thread is using */
    size_t reader_count;

    /* The writer's. */
    struct stage *stage;
    struct tree *tree;
    struct store_tx *tx; /* NULL: none is open */
    struct applier applier;
    bool parts_unsynced;
    struct quota quota;
    bool quota_known; /* it is that of the terms in force: no entry since may have changed them */

    /* The publisher's, or the follower's. */
    struct edge edge;              /* of what is published */
    struct checkpoint signed_last; /* as options.log says; an empty origin: nothing */
};

/* Waits until this thread is the writer. False when the journal is broken. */
MUST_CHECK bool journal_writer_enter(struct journal *journal, bool publisher, struct err *err);
void journal_writer_leave(struct journal *journal);
/* The writer's: a transaction is open; what was applied in it is there for all. */
MUST_CHECK bool journal_tx(struct journal *journal, struct err *err);
MUST_CHECK bool journal_commit(struct journal *journal, struct err *err);
/* From now on the journal only says why it stopped. Returns false. */
bool journal_break(struct journal *journal, struct err *err);

/* recover.c: everything that journal_open does with what it finds. */
MUST_CHECK bool journal_recover(struct journal *journal, struct err *err);
/* Removes the tiles beyond what is published that a log of `size` entries would have, partial
 * ones whose full one stands, and files never finished. */
MUST_CHECK bool recover_drop_leftovers(struct disk *disk, uint64_t published, uint64_t size,
                                       struct err *err);
/* follow.c: ends what a crash cut off. */
MUST_CHECK bool follow_recover(struct journal *journal, struct err *err);
/* What is published and not applied is applied; no entry is staged. */
MUST_CHECK bool recover_catch_up(struct journal *journal, struct err *err);
/* publish.c: removes the partial tiles whose full tile stands since `from`, durably. */
MUST_CHECK bool publish_drop_partials(struct disk *disk, uint64_t from, uint64_t size,
                                      struct err *err);
/* The second path to the root: from the bytes of the tiles as they stand on the disk, entries
 * and all, from `before` on. */
MUST_CHECK bool publish_check_tiles(struct disk *disk, const struct edge *before,
                                    const struct checkpoint *checkpoint, struct err *err);
/* From now on this is the head. */
void publish_show(struct journal *journal, const struct checkpoint *checkpoint, struct span note);
/* Removes the files of the stage that begin before `size`. */
MUST_CHECK bool publish_drop_stage(struct disk *disk, uint64_t size, struct err *err);
