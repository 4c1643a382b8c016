#pragma once

/* A node from inside: what the files of this folder share. Nobody else includes this. */

#include "node/log_process.h"
#include "node/node.h"

#include "codec/json.h"
#include "journal/log_reader.h"
#include "sync/carry.h"
#include "sync/gather.h"
#include "sync/http_transport.h"
#include "sync/outbox.h"
#include "sync/pull.h"
#include "sync/source.h"
#include "sync/witness.h"

#include <pthread.h>
#include <stdatomic.h>

/* What is known of another participant's node. */
struct contact {
    int64_t asked_ms;    /* when it was last asked for its checkpoint; 0: never */
    int64_t answered_ms; /* when it last gave one that is in order */
    uint64_t size;       /* of that */
    char problem[200];   /* what was wrong with the last answer; empty: nothing */
    char charge[200];    /* what it signed and may not have, while this process has run */
    bool met;            /* it has answered this process, and what it shows of ours is recalled */
    unsigned failures;   /* in a row, of fetching from it */
    int64_t failed_ms;   /* the last of them */
};

/* A witness that sees hashes alone: shown, and never counted. */
struct external {
    char name[104];
    uint64_t size, seconds;
};
#define EXTERNALS 16u

struct unnamed; /* unnamed.c */

/* In touch with the others: node_meet. */
struct live {
    struct transport turn; /* of the thread that takes turns */
    struct transport pull; /* of whoever has the lock */

    pthread_mutex_t lock; /* who follows the log, or reads it for a witness's proof */
    struct log_reader *roots;

    struct witness *witness; /* NULL: this node does not cosign */
    struct carry carry;
    size_t carried_to;   /* the contact that it was last for */
    bool keeper_is_back; /* it has answered after it had not, and nothing was offered since */
    uint64_t parts_next; /* the entry whose parts are looked for next */
    int64_t parts_ms;    /* when they were last */
    uint64_t settled;    /* entries of the log that the outbox was compared with */
    _Atomic unsigned waits_for; /* peers that must answer before anything is cosigned */
    struct witness_set set;
    struct gather_peer gather[2 * SETTINGS_PEERS];
    int64_t gathered_ms;
    struct contact contact[SETTINGS_PEERS];
    _Atomic size_t keeper; /* the contact that keeps the log; SETTINGS_PEERS: none is known */
    struct external external[EXTERNALS];
    size_t externals;
    pthread_mutex_t contacts_lock; /* of what others read of contacts and externals */
    int64_t carried_ms, attested_ms;
    int64_t erased_ms;       /* when erasures were last looked for */
    uint64_t erased_to;      /* in so many entries */
    bool erasing;            /* a word on one is owed still */
    struct unnamed *unnamed; /* NULL: not looked for yet */

    /* Time: what waits for a tick. */
    uint64_t looked;      /* entries that were looked at */
    uint64_t waiting;     /* past the last of them that is neither tick nor attest */
    int64_t waiting_ms;   /* since when one of those is not covered; 0: all are */
    int64_t last_tick_ms; /* when the last tick was seen here; 0: none was */
    int64_t last_tick;    /* its index */
    int64_t said_tick_ms; /* when this node made one itself; 0: it has not */
};

struct node {
    char directory[4096]; /* "" in a given world */
    struct settings settings;
    struct node_world world; /* what it stands on, given or its own */
    struct store_reader *reader;
    struct parts *parts; /* the journal's, or our own */
    struct journal *journal;
    struct note_signer own, log, promise, witness; /* as long as there is a journal */
    struct log_process *log_process;               /* keeps the log's key; NULL: `log` is it */
    struct log_signer_here log_here;               /* of `log` */
    struct log_signer log_signer;                  /* of either, where the log is kept */
    struct log_keys keys;                          /* where there is no journal */
    uint64_t entries;        /* past the last index that node_submit was answered with */
    struct outbox *outbox;   /* of the process that holds the node */
    struct live *live;       /* NULL until node_meet */
    struct hotline *hotline; /* NULL until node_wire, like the next */
    struct deliver *deliver;
};

/* contact.c: asks those that are due for their checkpoints, and follows. */
MUST_CHECK bool contact_turn(struct node *node, struct err *err);
/* Asks all only for what this node's witness cosigned and has forgotten; who is silent is passed
 * over. */
void contact_recall(struct node *node);
/* Something that is to be seen beside a contact from now on. */
void contact_charge(struct node *node, size_t n, const char *text);

/* evidence.c: kept for whoever is to prove it: what contradicts the log here, signed by its key;
 * and with it, when it is new, our own checkpoint, which may be empty, and the proof, where `split`
 * has what that takes; NULL: nothing. On the thread that takes turns. */
MUST_CHECK bool evidence_keep(struct node *node, struct span note, struct span own,
                              const struct pull_split *split, struct err *err);

/* cosign.c: this node's witness, and the others'. */
MUST_CHECK bool cosign_open(struct node *node, struct err *err);
void cosign_close(struct node *node);
struct span cosign_gather(void *node, struct span note, struct arena *arena);
/* Own line on the checkpoint that is held, and what the others still owe. */
MUST_CHECK bool cosign_turn(struct node *node, struct err *err);
/* Takes lines of another note of the same text. */
MUST_CHECK bool cosign_merge(struct node *node, struct span note, struct err *err);

/* handover.c: the number of an origin of this agreement; where the last checkpoint of a term that
 * has ended is kept. */
#define TERM_PATH 32u
bool term_number(struct span origin, const char *agreement, uint64_t *out);
void term_path(char out[TERM_PATH], uint64_t number);
/* What an entry would do at this index, at most the size of the log that is held. The lock is
 * held. */
MUST_CHECK bool term_judge(struct node *node, uint64_t index, struct span entry,
                           struct effects *out, struct arena *arena, struct err *err);
/* Follows into the term of a checkpoint whose origin is not known here. False with *out_over: it is
 * proven that the log was handed over, and this node has gone on with the old term, or kept it. */
MUST_CHECK bool term_follow(struct node *node, const struct source *source, struct span next,
                            bool *out_over, struct err *err);

/* term.c: the first entry of a term that this node took over, if it is not there yet. */
MUST_CHECK bool term_begin(struct node *node, struct err *err);

/* carry.c: records on their way to the log. */
MUST_CHECK bool carry_put(struct node *node, const struct submission *submission, size_t count,
                          struct answer *answers, struct arena *arena, struct err *err);
MUST_CHECK bool carry_turn(struct node *node, struct err *err);

/* hotline.c: what has come into the outbox goes over the lines, if there are any. */
void hotline_look(struct node *node);
void hotline_part(struct node *node);
/* deliver.c: that a message has come is said by the node itself. What may be owed of a record that
 * was taken in; and in a turn what the log has brought, and what is owed of all. */
struct deliver *deliver_open(void);
void deliver_close(struct deliver *deliver); /* NULL is fine */
void deliver_owe(struct deliver *deliver, const struct record *record);
MUST_CHECK bool deliver_turn(struct node *node, struct err *err);
/* parts.c: those that did not come with their entries. */
MUST_CHECK bool parts_turn(struct node *node, struct err *err);

/* erase.c: what was ordered to be destroyed is, and the word given. */
MUST_CHECK bool erase_turn(struct node *node, struct err *err);

/* unnamed.c: large parts that no record names, and for how long. */
MUST_CHECK bool unnamed_turn(struct node *node, struct err *err);
void unnamed_close(struct unnamed *unnamed); /* NULL is fine */

/* timekeeper.c: a tick, when one is due. */
MUST_CHECK bool timekeeper_turn(struct node *node, struct err *err);

/* attest.c: what this node computed, now and then, and at once where another differs. */
MUST_CHECK bool attest_turn(struct node *node, struct err *err);

/* say.c: signs a record by this node's own key and hands it in. *out_said false while another
 * process signs with it. */
MUST_CHECK bool say_own(struct node *node, const char *kind, const struct json *body,
                        bool *out_said, struct err *err);
/* A row of the register as of the last commit, as a value; an empty object when there is none. */
MUST_CHECK bool node_row(struct node *node, const char *table, const char *key, struct json *out,
                         struct arena *arena, struct err *err);

/* Whether `every_ms` have passed since; a clock that was set back does not stop the turns. */
static inline bool live_due(int64_t now_ms, int64_t since_ms, int64_t every_ms)
{
    return now_ms < since_ms || now_ms - since_ms >= every_ms;
}
