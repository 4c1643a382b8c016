#pragma once

/*
 * The outbox: records on their way to the log, durable until they are in it. Whoever signs on
 * this node puts the record here before it is offered to whoever keeps the log, in the order in
 * which it was signed; and so does a node that carries another's record. It waits months if it
 * must. A record leaves when this node's own copy of the log has it, and those who keep the log
 * have had its parts.
 *
 * `DIR/outbox/N` (N counts up, 16 digits) is one record with its parts, `N.promise` the promise
 * that was given for it, `N.refusal` the refusal (doc/format.md §5.8). What of that is damaged
 * stays where it is, is told (outbox_damaged) and stops nothing else. Everything besides is in
 * memory: when a record was first offered, what was last said to it, when it is due again.
 *
 * What comes here is believed to be a record worth carrying: whoever puts another's has verified
 * its signature. Answers and promises are believed too: sync/carry.h verifies them.
 *
 * Any thread may call. What was offered is answered, and the outbox settled, by one thread: a
 * record must not leave between an offer and its answer, or a broken promise could go unseen.
 * A fault (ERR_IO) of a call that writes is final, as of every disk: open it anew.
 */

#include "journal/journal.h"

/* A team that reports for months without a line, with photographs; each is a file that is read
 * through at opening. */
#define OUTBOX_RECORDS 100000u
#define OUTBOX_BYTES (UINT64_C(8) << 30)

struct outbox;

struct outbox_options {
    struct disk *disk; /* locked; the caller's, outlives the outbox */
    size_t records;    /* no more are put when so many wait here; 0: OUTBOX_RECORDS */
    uint64_t bytes;    /* of files; 0: OUTBOX_BYTES */
};
/* Those that were refused are due an hour from now at the latest. */
MUST_CHECK bool outbox_open(struct outbox **out, const struct outbox_options *options,
                            int64_t now_ms, struct err *err);
void outbox_close(struct outbox *outbox); /* NULL is fine */

/* Durable on return, in their order: a crash before that leaves the first of them and no hole.
 * What is here already, parts and all, is here once. ERR_LIMIT: it is full, and nothing was put;
 * later there may be room. ERR_REFUSED: one is no record or too large for a submission, and
 * nothing was put. Two syncs a record. */
MUST_CHECK bool outbox_put(struct outbox *outbox, const struct submission *submission, size_t count,
                           int64_t now_ms, struct err *err);

/* The last record of a key that waits here, by its number; seq 0: none does. Only what this key
 * has signed counts. ERR_CONFLICT when a damaged file may be that record: to continue the chain
 * before it would fork it (doc/format.md §9.2), so a person decides. */
struct outbox_last {
    uint64_t seq;
    char id[65];
};
MUST_CHECK bool outbox_last(struct outbox *outbox, const struct note_key *key,
                            struct outbox_last *out, struct err *err);

/* What to offer next: the oldest first, then those that were put off, who has waited longest first;
 * but each behind what it continues and what it names, if that waits here too. One whose `prev` was
 * refused goes all the same (the log shows the gap). One whose body names a record of another key,
 * or one that was refused, waits until that is promised or logged: without it, it would be void for
 * good. So does a step of a message of the hotline for those of the same message that came before,
 * unless they were refused. At most `most` records and `limit` bytes of submission, but one
 * whatever its size. Gives how many. */
struct outbox_offer {
    uint64_t number;
    char id[65];
    struct submission submission; /* in the arena */
};
size_t outbox_next(struct outbox *outbox, size_t most, size_t limit, int64_t now_ms,
                   struct outbox_offer **out, struct arena *arena);
/* They are being offered now. An attempt counts, whatever comes of it: an operator that does
 * not answer is what outbox_overdue is for. */
void outbox_offered(struct outbox *outbox, const struct outbox_offer *offer, size_t count,
                    int64_t now_ms);

/* Parts of more than LIMIT_SMALL_PART_BYTES are left out of an offer and brought apart (sync/
 * carry.h), once whoever keeps the log has said that it has the record: no record waits for its
 * photographs. The oldest whose are to be brought, in the arena, parts and all; false: none. */
bool outbox_next_large(struct outbox *outbox, int64_t now_ms, struct outbox_offer *out,
                       struct arena *arena);
/* All of them have been. */
void outbox_handed(struct outbox *outbox, uint64_t number);
/* They could not be: not again before `until_ms`. */
void outbox_put_off_large(struct outbox *outbox, uint64_t number, int64_t until_ms);

#define OUTBOX_REFUSED_AGAIN_MS 3600000
#define OUTBOX_AGAIN_MS 60000
/* What was said to a record that was offered, verified. Logged: the promise is durable on
 * return, and it is not offered again. Repeated: it waits to be seen in the log, and is offered
 * again after a minute. Later: after that time, an hour at most. Refused: after an hour; the
 * refusal, if there is one, is durable on return. One that has left is passed over. */
MUST_CHECK bool outbox_answered(struct outbox *outbox, uint64_t number, const struct answer *answer,
                                int64_t now_ms, struct err *err);
/* Nothing usable was said to it: offered again a second after `from_ms`, then two, four, at the
 * most a minute; what needs it not before, others meanwhile. An answer or outbox_hurry begins
 * anew. The reason is shown; it is copied. */
#define OUTBOX_PUT_OFF_LEAST_MS 1000
void outbox_put_off(struct outbox *outbox, uint64_t number, const char *reason, int64_t from_ms);

/* Somebody else is asked from now on: what was put off, or told to come later, is due at once. */
void outbox_hurry(struct outbox *outbox);

/* This node's own copy of the log. */
struct outbox_log {
    /* Where it has the record of this id. */
    bool (*find)(void *context, const char *id, bool *out_there, uint64_t *out_index,
                 struct err *err);
    /* The leaf at an index; *out_there is false when the copy does not reach so far. */
    bool (*leaf)(void *context, uint64_t index, bool *out_there, struct hash *out, struct err *err);
    void *context;
};
/* A promise that the log does not keep (doc/format.md §6.2), and its note, now in `evidence/`.
 * Where `reached` is false, the record stands at another index, and the log does not reach the
 * one promised yet. */
struct outbox_broken {
    char id[65];
    uint64_t index; /* promised */
    bool reached;
    const char *path; /* below the node's directory */
};
struct outbox_settled {
    size_t left;
    const struct outbox_broken *broken; /* in the arena */
    size_t broken_count;
};
/* What is in the log leaves. A record whose promise was broken and that is not in the log waits
 * to be offered again. To be called when the copy has grown. */
MUST_CHECK bool outbox_settle(struct outbox *outbox, const struct outbox_log *log,
                              struct outbox_settled *out, struct arena *arena, struct err *err);
/* The term of this origin has ended at `size`: promises from there on lapse without blame (doc/
 * format.md §7.5), and what they were for is offered again. */
MUST_CHECK bool outbox_lapse(struct outbox *outbox, const char *origin, uint64_t size,
                             struct err *err);
/* A person's decision: what waits, was refused or is damaged goes for good. ERR_MISSING: no such
 * number; ERR_REFUSED: it was promised. */
MUST_CHECK bool outbox_drop(struct outbox *outbox, uint64_t number, struct err *err);

/* Destroys what is stored under this hash, in whatever waits here; *out_held: there was some of it.
 * The records wait on without. */
MUST_CHECK bool outbox_erase(struct outbox *outbox, const struct hash *stored, bool *out_held,
                             struct err *err);

/* Which of these parts a record names that waits here: sets `out` of each, and leaves the others.
 */
MUST_CHECK bool outbox_names(struct outbox *outbox, const struct hash *stored, size_t count,
                             bool *out, struct err *err);

enum outbox_state {
    OUTBOX_WAITING,  /* not yet offered, or nothing final was said */
    OUTBOX_PROMISED, /* and not yet seen in the log */
    OUTBOX_REFUSED,
    OUTBOX_LOGGED, /* seen in the log; its parts are still to be handed over */
};
const char *outbox_state_word(enum outbox_state state); /* "waiting" */

struct outbox_item {
    uint64_t number;
    char id[65];
    char kind[40]; /* "incident.report" */
    char by[104];
    uint64_t seq;
    int64_t since_ms;
    uint64_t bytes; /* of the file */
    enum outbox_state state;
    uint64_t index;   /* promised: where */
    char reason[100]; /* of a refusal or a delay; "": none */
};
/* The oldest first, in the arena, behind number `after` (0: from the start), at most `most`. */
void outbox_list(struct outbox *outbox, uint64_t after, size_t most, const struct outbox_item **out,
                 size_t *out_count, struct arena *arena);

/* What waits under this number, in the arena; false when nothing does, or it cannot be read. */
MUST_CHECK bool outbox_get(struct outbox *outbox, uint64_t number, struct submission *out,
                           struct arena *arena);

struct outbox_damage {
    uint64_t number; /* for outbox_drop; 0: the name is none of the outbox's */
    bool is_record;  /* else it is what was said to one, or nobody knows what */
    char path[64];   /* below the node's directory */
    char why[160];
};
/* Found so at opening or since, in the arena. */
void outbox_damaged(struct outbox *outbox, const struct outbox_damage **out, size_t *out_count,
                    struct arena *arena);

struct outbox_status {
    size_t state[4]; /* how many are in each enum outbox_state */
    size_t damaged;
    uint64_t left; /* so many have gone since it was opened, wherever to */
    uint64_t bytes;
    int64_t oldest_ms; /* since when the oldest waits; 0: none does */
};
void outbox_status(struct outbox *outbox, struct outbox_status *out);

/* For node.attest: what was offered for at least `patience_ms` and is not seen in the log, the
 * oldest first. What was refused under the operator's signature is not among it: that is an
 * answer. Gives how many. */
struct outbox_overdue {
    char id[65];
    int64_t since_ms; /* offered */
};
size_t outbox_overdue(struct outbox *outbox, int64_t now_ms, int64_t patience_ms,
                      struct outbox_overdue *out, size_t most);
