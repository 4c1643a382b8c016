#pragma once

/* A scenario while it runs. Inside this folder only. */

#include "codec/age.h"
#include "node/author.h"
#include "node/node.h"
#include "scenario/run.h"
#include "scenario/value.h"

#define RUN_PEOPLE 200u
#define RUN_COPIES 8u

struct waiting { /* signed, and not handed in yet */
    const struct step *step;
    struct submission submission;
    const char *id;
};

struct person {
    struct span name;
    struct note_signer signer;
    struct age_identity identity; /* what it reads with, if it reads */
    bool reads;
    struct author *author; /* kept open while it is offline, or always for a copied key */
    bool copied, offline;
    struct waiting *waiting;
    size_t waiting_count, waiting_room;
};

struct run {
    struct arena *arena;  /* as long as it runs */
    struct arena working; /* of one step */
    const struct scenario *scenario;
    const struct scenario_founding *founding;
    const struct scenario_told *told;
    struct scenario_result *result;

    struct disk *disk;
    struct store *store;
    struct node *node;
    struct moment now;
    struct json terms; /* in the last version that all roots agreed to here */
    int64_t version;
    int64_t counted_gap_ms; /* the agreement's max_gap */
    struct names names;
    struct person person[RUN_PEOPLE];
    size_t people;
    struct {
        struct span name;
        struct disk *disk;
    } copy[RUN_COPIES];
    size_t copies;
    struct { /* what the register said of the last entries */
        uint64_t index;
        char text[600];
    } why[1024];
};

/* What came out, told and counted. */
void run_tell(struct run *run, const struct block *at, bool ok, const char *format, ...)
    PRINTF_LIKE(4, 5);
struct person *run_person(struct run *run, struct span name);
const char *run_why(const struct run *run, uint64_t index); /* "": nothing is known */

/* run_time.c: moves both clocks; in silence only as far as one tick does. */
MUST_CHECK bool run_pass(struct run *run, int64_t ms, bool silence, struct err *err);

/* run_record.c */
MUST_CHECK bool run_record(struct run *run, const struct step *step, struct err *err);
MUST_CHECK bool run_offline(struct run *run, const struct step *step, struct err *err);
MUST_CHECK bool run_online(struct run *run, const struct step *step, struct err *err);
MUST_CHECK bool run_cast(struct run *run, const struct step *step, struct err *err);
/* Signs and hands in one record of a key of the founding, or of anybody; it must hold. */
MUST_CHECK bool run_say(struct run *run, const struct step *step, const char *key_name,
                        const char *kind, const struct json *flat, char id[65], struct err *err);

/* run_part.c */
MUST_CHECK bool run_part(struct run *run, const struct step *step, struct err *err);
MUST_CHECK bool run_reads(struct run *run, const struct step *step, struct err *err);
/* What this person hands on with a record: the part, and what is stored of it. Errors are for who
 * wrote the scenario. */
MUST_CHECK bool run_hand_on(struct run *run, const struct person *person, const struct step *step,
                            const struct json *flat, struct part *out, struct span *stored,
                            struct err *err);

/* run_amend.c */
MUST_CHECK bool run_amend(struct run *run, const struct step *step, struct err *err);

/* run_copy.c */
MUST_CHECK bool run_copy(struct run *run, const struct step *step, struct err *err);
MUST_CHECK bool run_alter(struct run *run, const struct step *step, struct err *err);
MUST_CHECK bool run_restore(struct run *run, const struct step *step, struct err *err);
/* NULL: there is no such copy. */
struct disk *run_copy_named(struct run *run, struct span name);

/* run_expect.c */
MUST_CHECK bool run_expect(struct run *run, const struct step *step, struct err *err);
MUST_CHECK bool run_audit(struct run *run, const struct block *at, struct disk *disk,
                          struct span wrong, struct err *err);
/* A row of the register as it is now; type JSON_OBJECT and empty with *out_there false. */
MUST_CHECK bool run_row(struct run *run, const char *table, struct span key, struct json *out,
                        bool *out_there, struct err *err);

/* run.c: the node opened and closed. */
MUST_CHECK bool run_open(struct run *run, struct err *err);
void run_close(struct run *run);
