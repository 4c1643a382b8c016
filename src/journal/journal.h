#pragma once

/*
 * The journal: the one door in. journal_append is the only way anything becomes true.
 *
 * Order (doc/format.md §5.6, §6.2): judge at the door → stage the batch durably, with
 * one sync → apply → answer with a promise → (journal_publish) tiles → sign (log_signer.h)
 * → checkpoint. Opening runs the same code over what is staged.
 * A fault after the stage is written is final: the journal takes nothing more, and the
 * process is to start anew and recover.
 *
 * Any thread may call journal_append: calls that wait together share a batch, and so a
 * sync. One thread calls journal_publish; appends go on meanwhile.
 *
 * A journal without a log key *follows*: another keeps the log, and journal/follow.h is the
 * one way in. It stages, promises and signs nothing.
 */

#include "journal/applier.h"
#include "journal/log_keys.h"
#include "journal/log_signer.h"
#include "journal/progress.h"
#include "ledger/checkpoint.h"
#include "store/parts.h"
#include "store/store.h"
#include "sys/clock.h"
#include "sys/disk.h"

struct journal;

struct journal_options {
    struct disk *disk;   /* locked; the caller's, outlives the journal */
    struct store *store; /* the caller's, outlives the journal; written by nobody else */
    struct clock clock;
    const struct log_keys *keys;       /* of the terms so far; NULL: `log` is the first and only */
    const struct log_signer *log;      /* of the present term; NULL: it follows. Like the others
                                        * the caller's, outlives the journal */
    const struct note_signer *promise; /* NULL where it follows */
    const struct note_signer *node;    /* signs refusals; NULL: refusals are unsigned reasons */
    const char *agreement;             /* the agreement's name */
    struct journal_view view;          /* what else is told of each entry; may be zero */
    struct journal_progress progress;  /* of catching the store up at opening; may be zero */
    /* Asked by journal_publish for the lines of witnesses, when a checkpoint is signed and
     * before it is in its place: gives the note with lines, or as it was. May be NULL. */
    struct span (*cosign)(void *context, struct span note, struct arena *arena);
    void *cosign_context;
};

/* Opens, recovers, catches the store up, and publishes what was staged. An empty
 * directory is an empty log, whose first append must be entry 0. */
MUST_CHECK bool journal_open(struct journal **out, const struct journal_options *options,
                             struct err *err);
void journal_close(struct journal *journal); /* publishes nothing; NULL is fine */

struct submission {
    struct span note;
    const struct span *part; /* what is stored, for each part of the record that comes along */
    size_t part_count;
};

enum answer_kind {
    ANSWER_LOGGED,
    ANSWER_REPEATED,
    ANSWER_REFUSED,
    ANSWER_LATER, /* over the agreement's quota, or behind what is; by a node that carries it, too
                   */
};

struct answer {
    enum answer_kind kind;
    char id[65];         /* of the record; for what is none, of the bytes */
    uint64_t index;      /* logged and repeated */
    struct span promise; /* logged: the note */
    const char *reason;  /* refused: as in format §6.3 */
    struct span refusal; /* refused: the note, where the node key is here */
    struct err why;      /* refused, and later by the quota: for a person */
    int64_t later_ms;    /* later: to wait before it is asked about again */
};

/* One answer a submission, in their order, which is their order in the log too. On true
 * all that is answered ANSWER_LOGGED is durable; readers of the store see its rows when
 * journal_publish has returned, at the latest. Records that repeat within the batch
 * are answered as repeated. Parts that the record beside them does not name are left out;
 * a repeated record brings parts that were missing. */
MUST_CHECK bool journal_append(struct journal *journal, const struct submission *submission,
                               size_t count, struct answer *answers, struct arena *arena,
                               struct err *err);

/* What is stored of a part of more than LIMIT_SMALL_PART_BYTES, durable on return, be there a
 * record that names it or not. journal_append does this with those that come along, before it
 * stages their records. Any thread, also where another keeps the log. ERR_LIMIT over
 * LIMIT_PART_BYTES; after a fault the journal goes on. */
MUST_CHECK bool journal_keep_part(struct journal *journal, struct span stored, struct err *err);

/* Destroys what is stored under this hash, as parts_erase does. On the thread that publishes or
 * follows; a fault breaks the journal. */
MUST_CHECK bool journal_erase_part(struct journal *journal, const struct hash *stored,
                                   bool *out_held, struct err *err);

/* Removes a large part that no entry below `size` names, as parts_clear does. *out_cleared false
 * also where there are more entries by now, staged ones among them: read those first. Likewise. */
MUST_CHECK bool journal_clear_part(struct journal *journal, const struct hash *stored,
                                   uint64_t size, bool *out_cleared, struct err *err);

/* Of what a view has rewritten or removed nothing is left in the store's files when *out is true;
 * else some reader stood in the way, and it may be tried again. On the same thread. */
MUST_CHECK bool journal_tidy(struct journal *journal, bool *out, struct err *err);

/* Signs and publishes all that is staged; nothing to do is fine. */
MUST_CHECK bool journal_publish(struct journal *journal, struct err *err);

/* Puts the present checkpoint's note with more lines of witnesses in its place. ERR_CONFLICT
 * when the present one says anything else. On the thread that publishes or follows. */
MUST_CHECK bool journal_put_lines(struct journal *journal, struct span note, struct err *err);
bool journal_follows(const struct journal *journal);
/* False, with what broke it, when it takes nothing more. */
MUST_CHECK bool journal_works(struct journal *journal, struct err *err);
/* The log keys of the terms so far. On the thread that publishes or follows. */
const struct log_keys *journal_keys(const struct journal *journal);

/* The last checkpoint published, with its note. size 0 and an empty note: none yet. */
struct journal_head {
    struct checkpoint checkpoint;
    struct span note;
    uint64_t staged; /* entries promised, published or not */
};
void journal_head(struct journal *journal, struct journal_head *out, struct arena *arena);
struct parts *journal_parts(struct journal *journal);
struct disk *journal_disk(struct journal *journal);
