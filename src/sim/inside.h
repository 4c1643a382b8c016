#pragma once

/* The simulator from inside: what the files of this folder share. */

#include "api/api.h"
#include "record/record.h"
#include "sim/sim.h"
#include "sync/outbox.h"
#include "sys/disk_sim.h"

#define AGREEMENT "test.invalid/truce"
#define TERMS 8u /* that may be planned; the first is that of the founding */
#define ORGS 7u
#define QUORUM 5u
#define ROOTS 4u /* the parties' and the mediators' */
#define KEEPER 0u
#define AUTHORS 4u /* one of each root's organisation */
#define INSTANCES (2u * ORGS)
#define IGNORED 1u /* whose author's records a keeper passes over that LIE_IGNORES */

struct sim;

/* Who is there, and what they agreed on. */
struct mission {
    const char *const *names; /* of ORGS */
    const char *terms;
    size_t roots, authors; /* of the first so many */
    bool wired;            /* nodes hand on what is said over the hotline */
};

/* A node of an organisation that is running, or is not. */
struct instance {
    struct sim *sim;
    size_t org, side;
    struct disk *disk; /* NULL: there is no such instance */
    struct store *store;
    struct node *node; /* NULL: it is down */
    struct api *api;
    int64_t skew_ms;
    struct disk *backup; /* an old copy; NULL: none was taken */
    bool full, failing;
    bool hurt;  /* its disk has been either since it came up */
    bool stays; /* down, until people start it again */

    /* What was seen of it last. */
    struct hash note; /* of its checkpoint */
    int64_t now_ms;   /* of the rules */
    uint64_t now_size;
};

struct signs { /* a key and its chain */
    struct note_signer signer;
    uint64_t seq;
    char prev[65];
};

/* A term of the log: planned by people, opened when its keeper has signed anything. */
struct term {
    struct note_signer log, promise;
    size_t keeper;
    size_t after;   /* the term that was frozen for it */
    uint64_t start; /* at this size */
    bool opened;
};

enum away { AWAY_NOT, AWAY_ALONE, AWAY_DEAF }; /* of a keeper that is replaced */

struct org {
    char name[16];
    struct note_signer node, witness;
    struct signs root, author; /* of the mission's first */
    enum lie lie;
    size_t view; /* which of two sides it is shown, and whether it is given garbage */
    struct instance instance[2];
    struct submission pending; /* of its author, not taken in yet; in the sim's arena */
    bool has_pending;
    enum away away;
    size_t companion; /* who still hears it while it is alone; ORGS: nobody */
};

/* People hand the log over: doc/handover.md. */
struct handover {
    bool begun;
    size_t next;            /* the organisation that is to keep it */
    size_t tries;           /* of freezing */
    struct span note[ORGS]; /* the freeze notes, by who signed them */
    uint64_t size[ORGS];
    struct hash root[ORGS];
};

/* A checkpoint that the log's key has signed, and who cosigned it, wherever a line was seen. */
struct seen {
    uint64_t size;
    struct hash root;
    size_t term;
    unsigned witnesses; /* a bit each */
    struct span note;   /* with the lines it was first seen with */
};

struct state { /* of the register: what follows from a log */
    struct hash root, digest;
    int64_t now_ms;
};

struct taken { /* a record that was taken in */
    char id[65];
    struct span note;
    size_t org; /* where */
    size_t author;
};

struct late { /* a call whose caller has given up */
    size_t from, side, to;
    const char *path, *type;
    struct span body;
};

struct sim {
    const struct sim_options *options;
    struct sim_result *out;
    const struct mission *mission;
    struct arena arena;   /* as long as it runs */
    struct arena working; /* of one step */
    uint64_t chance;
    uint64_t step;
    int64_t now_ms;
    struct term term[TERMS];
    size_t terms; /* planned so far */
    struct handover handover;
    char id[65]; /* of entry 0 */
    struct org org[ORGS];
    bool cut[ORGS][ORGS];
    bool rough; /* the network loses calls */
    bool calm;  /* it came to rest at the end */

    struct hash read[64]; /* notes that were seen lately */
    struct seen *seen;
    size_t seen_count, seen_room;
    struct state *state;
    size_t state_count, state_room;
    struct taken *taken;
    size_t taken_count, taken_room;
    struct late late[16];
    size_t late_count;
    char incident[16][65];
    size_t incidents;
};

/* sim.c: a world without nodes, with the mission's keys to come; and its end. */
struct sim *sim_new(struct sim_result *out, const struct sim_options *options,
                    const struct mission *mission);
void sim_end(struct sim *sim);
/* Until the first tick. */
void sim_settle(struct sim *sim);
/* The one sequence that everything follows from. */
uint64_t sim_chance(struct sim *sim);
size_t sim_below(struct sim *sim, size_t limit);
bool sim_one_in(struct sim *sim, size_t many);
/* A line of the history, shown where there is a trace. */
void sim_say(struct sim *sim, const char *format, ...) PRINTF_LIKE(2, 3);
/* A promise that is not kept: the first is told. */
void sim_broken(struct sim *sim, const char *format, ...) PRINTF_LIKE(2, 3);
/* A list that grows: room for one more of `size` bytes. */
void *sim_more(void *list, size_t count, size_t *room, size_t size);
bool sim_is_honest(const struct sim *sim, size_t org);

/* founding.c: keys and records. */
void sim_make_key(struct sim *sim, struct note_signer *out, uint8_t type, const char *name);
extern const struct mission sim_mission; /* of sim_run */
void sim_found(struct sim *sim);
struct submission sim_sign(struct sim *sim, struct signs *by, const char *kind,
                           const struct json *flat, struct arena *arena);
/* What an author has to say next. */
struct submission sim_report(struct sim *sim, size_t author, struct arena *arena);

/* instance.c */
void instance_begin(struct sim *sim, size_t org, size_t side, struct disk *disk);
/* False when it does not come up; it is down then, and the disk as it is. */
MUST_CHECK bool instance_start(struct instance *instance, struct err *err);
void instance_stop(struct instance *instance);  /* in order */
void instance_crash(struct instance *instance); /* the power goes */
void instance_turn(struct instance *instance);
void instance_end(struct instance *instance);
/* The n-th that there is, going through all; NULL past the last. */
struct instance *instance_at(struct sim *sim, size_t n);
/* It goes down and comes up again, in order. */
void instance_restart(struct instance *instance);
/* Its disk is replaced, with all that was only there. */
void instance_put_back(struct instance *instance, struct disk *disk);

/* network.c */
struct transport network_of(struct instance *instance);
void network_deliver_late(struct sim *sim);

/* liar.c: an answer that is not what the node would say; false: it says what the node says. */
bool liar_answer(struct instance *to, const struct instance *from, struct call *call,
                 struct arena *arena);
void liar_step(struct sim *sim, size_t org);
void liar_begin(struct sim *sim); /* from now on */

/* watch.c: what must hold. */
void watch_note(struct sim *sim, struct span note);
void watch_instance(struct instance *instance);
void watch_all(struct instance *instance); /* the same, against everything that was seen */
void watch_taken(struct sim *sim, size_t org, size_t author, const struct answer *answer);

/* terms.c: how people hand the log over. */
void succession_plan(struct sim *sim, size_t keeper); /* the keys of one more */
/* The term whose log key has this name; `terms` when there is none. */
size_t succession_find(const struct sim *sim, struct span origin);
size_t succession_present(const struct sim *sim); /* the last that was opened */
void succession_opened(struct sim *sim, size_t term);
/* Of a checkpoint of that term: whether it was signed beyond the end of it. */
bool succession_is_beyond(const struct sim *sim, size_t term, uint64_t size);
bool succession_is_honest(const struct sim *sim, size_t term); /* its keeper signs one log of it */
bool succession_one_log(const struct sim *sim);                /* and so do all that were opened */
void succession_step(struct sim *sim);
/* What people do with a node that says that it kept a term which has ended; false: it does not
 * say that. */
bool succession_set_aside(struct instance *instance, const char *said);
void succession_look(struct instance *instance); /* whether it says so of a contact */
void succession_end(struct sim *sim);            /* all come back */

/* heal.c: the end. */
void sim_heal(struct sim *sim);
void sim_judge(struct sim *sim);
