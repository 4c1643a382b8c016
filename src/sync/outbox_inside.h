#pragma once

/* What the files of the outbox share: what is known in memory of each record that waits. */

#include "journal/promise.h"
#include "store/siphash.h"
#include "sync/outbox.h"
#include "sync/outbox_file.h"

#include <pthread.h>

#define OUTBOX_DIRECTORY "outbox"
#define OUTBOX_PATH 64u /* "outbox/", 16 digits, ".promise.new" */
#define OUTBOX_NUMBER_MOST UINT64_C(9999999999999999)
#define OUTBOX_STATEMENT_BYTES 8192u /* a promise or a refusal is smaller */

/* Why it is not due yet. */
enum outbox_hold {
    HOLD_NONE,    /* it is, or was answered for good */
    HOLD_LATER,   /* so it was told, or nothing usable was, or it waits to be seen in the log */
    HOLD_REFUSED, /* once an hour */
};

struct outbox_entry {
    struct outbox_entry *next; /* in its bucket */
    uint64_t number;
    struct hash id;
    struct hash payload; /* of the submission's bytes */
    struct hash leaf;
    struct hash about; /* of the hotline: the message that it is a step of; zeros: none */
    char kind[40];
    char by[104];
    uint64_t seq;
    int64_t since_ms;
    uint64_t bytes;
    bool has_parts;
    bool has_large; /* one over LIMIT_SMALL_PART_BYTES, which is brought apart */

    int64_t offered_ms; /* first; 0: not yet */
    int64_t due_ms;
    enum outbox_hold hold;
    unsigned put_off; /* so often in a row */
    char reason[100];
    bool promised; /* N.promise is there */
    uint64_t index;
    bool refused;         /* N.refusal is there */
    bool logged;          /* seen in the log */
    bool known;           /* those who keep the log have said that they have the record */
    bool handed;          /* they have its parts */
    int64_t parts_due_ms; /* of what is brought apart */
    bool gone;            /* outbox_sweep takes it */

    /* Of the round of outbox_next that `seen` says. */
    uint64_t seen;
    enum { SEEN_STACKED, SEEN_TAKEN, SEEN_HELD, SEEN_BARRED } as;
    /* What it was last found to wait for, so that it need not be read to know it: a number, 0
     * for none; and whether that is its `prev`. */
    uint64_t waits_for;
    bool waits_for_prev;
};

struct outbox {
    struct outbox_options options;
    pthread_mutex_t putting;  /* one outbox_put at a time; taken before the lock */
    pthread_mutex_t lock;     /* of all that follows; not held while a record is written */
    struct outbox_entry **at; /* by number */
    size_t count, room;
    uint64_t bytes;
    uint64_t last; /* the largest number that a file had */
    uint64_t left; /* entries that have gone */
    uint64_t round;
    struct siphash_key secret;
    struct outbox_entry **bucket; /* by id; a power of two of them */
    size_t buckets;
    struct outbox_damage *damage;
    size_t damage_count, damage_room;
};

/* outbox_index.c */

void outbox_index_open(struct outbox *outbox);
void outbox_index_close(struct outbox *outbox);
/* Its number is larger than all; the entry is the outbox's from now on. */
void outbox_index_add(struct outbox *outbox, struct outbox_entry *entry);
struct outbox_entry *outbox_find(const struct outbox *outbox, uint64_t number);
/* The place of the first of this number or behind it. */
size_t outbox_place(const struct outbox *outbox, uint64_t number);
/* The first of this id, and the next after one; NULL: none. */
struct outbox_entry *outbox_find_id(const struct outbox *outbox, const struct hash *id);
struct outbox_entry *outbox_next_of_id(const struct outbox_entry *entry);
/* Forgets those that are `gone`. */
void outbox_sweep(struct outbox *outbox);
void outbox_add_damage(struct outbox *outbox, uint64_t number, bool is_record, const char *path,
                       const char *why);

/* outbox_disk.c */

void outbox_path(char out[OUTBOX_PATH], uint64_t number, const char *suffix);
/* What there is, into the index. */
MUST_CHECK bool outbox_load(struct outbox *outbox, int64_t now_ms, struct err *err);
/* Of this file, but for its number and bytes. */
void outbox_entry_fill(struct outbox_entry *out, const struct outbox_file *file);
/* The file of an entry, in the arena. False where it cannot be read any more: then it is told
 * among what is damaged, and the entry is gone. */
MUST_CHECK bool outbox_read(struct outbox *outbox, struct outbox_entry *entry,
                            struct outbox_file *out, struct arena *arena);
/* The promise of an entry that has one, and its note, in the arena. False where it cannot be read
 * any more, or is of another record: then it is told, stays, and the entry is without. */
MUST_CHECK bool outbox_read_promise(struct outbox *outbox, struct outbox_entry *entry,
                                    struct promise *out, struct span *out_note,
                                    struct arena *arena);
/* The files of these entries are removed, durably, and the entries are gone. What was said to a
 * record goes before it, so that nothing is left that could be taken for said to another. */
MUST_CHECK bool outbox_remove(struct outbox *outbox, struct outbox_entry *const *entries,
                              size_t count, struct err *err);
/* N.promise goes, durably. */
MUST_CHECK bool outbox_unpromise(struct outbox *outbox, struct outbox_entry *entry,
                                 struct err *err);
