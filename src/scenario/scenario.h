#pragma once

/*
 * An acceptance scenario: a text that a person who knows ceasefires, and no programming, can
 * read and write (doc/scenarios.md). Who takes part; what each of them signs, and when; how much
 * time passes; what must come out. Here it is read, and everything in it that can be known to be
 * wrong without running it is found; scenario/run.h runs it.
 *
 * In the arena it is given; points into the text.
 */

#include "record/kind.h"
#include "scenario/moment.h"
#include "scenario/names.h"

enum step_type {
    STEP_CAST,    /* somebody who can sign */
    STEP_TIME,    /* `ms` passes, counted */
    STEP_SILENCE, /* `ms` passes, and the record says nothing in between */
    STEP_OFFLINE, /* what they sign stays with them */
    STEP_ONLINE,  /* and is handed in now */
    STEP_RECORD,
    STEP_PART,    /* a part of a record gets a name, or a document that somebody keeps */
    STEP_AMEND,   /* other terms proposed, from `ms` on; with no signer: by all roots, agreed */
    STEP_COPY,    /* a copy of the log is taken */
    STEP_ALTER,   /* a byte of an entry is changed in a copy */
    STEP_RESTORE, /* all but a copy is lost, and the log goes on from it */
    STEP_EXPECT,
};

/* What must become of a record. */
enum outcome {
    OUTCOME_HOLDS,
    OUTCOME_MARKED, /* it takes effect, with `reason` among its marks */
    OUTCOME_VOID,   /* it is logged and takes no effect: `reason` and `clause` */
    OUTCOME_AWAY,   /* it is turned away at the door: `reason` */
};

struct outcome_wanted {
    enum outcome outcome;
    struct span reason, clause, because; /* empty: any */
    uint64_t line;                       /* where it says so; 0: it does not, and must hold */
};

/* A member of a row, and what it must be. */
enum compare { IS, IS_NOT, HAS, HAS_NOT, THERE, NOT_THERE, MORE, LESS, AT_LEAST, AT_MOST };
struct condition {
    struct span member;
    enum compare compare;
    struct span value;
    bool quoted; /* the value is what it says, and no name */
};
#define SCENARIO_CONDITIONS 12u

enum expectation {
    EXPECT_ROW,      /* of `table`, with the key `keys`, meets the conditions; or there is none */
    EXPECT_COUNT,    /* of rows of `table` that meet the conditions: `number`; with `keys`, of those
                      * whose keys begin so */
    EXPECT_DEADLINE, /* one of `table` (a clock's id), of `organisation` if it is said, `state` */
    EXPECT_NO_DEADLINE,
    EXPECT_VIEW,  /* `table` (coverage, ledgers) of `keys`, on the day `due`, meets them */
    EXPECT_SAYS,  /* a command of the program says, or does not say, `value` */
    EXPECT_READS, /* people can, or cannot, read the record or part `keys` */
    EXPECT_AUDIT, /* of the log, or of the copy `name`: nothing is wrong; or entry `number` is */
};

#define SCENARIO_SIGNERS 16u

struct expected {
    enum expectation what;
    bool none; /* there is none; it does not say so */
    struct span table, state, organisation;
    struct span keys; /* names and words */
    struct condition condition[SCENARIO_CONDITIONS];
    size_t conditions;
    uint64_t number;
    struct span due; /* of a deadline: "in 6 hours", or a moment; empty: not asked */
    struct span value[8];
    size_t values;
    struct span reader[SCENARIO_SIGNERS];
    size_t readers;
    bool together; /* the readers open it with all that they have */
};

#define SCENARIO_TIMES 500u
#define SCENARIO_ATTACHED 4u

/* A text that goes with a record as a file does, for the readers of a tier. */
struct attached {
    enum tier tier;
    struct span text;
};

struct step {
    enum step_type type;
    const struct block *at;
    struct span name;                     /* of a person cast; of a copy; of an amendment */
    struct span signer[SCENARIO_SIGNERS]; /* who signs; who goes offline */
    size_t signers;
    struct span organisation, role; /* of a person; the role "root": a root's key */
    struct span copy_of;            /* whose key it is a copy of */
    bool not_admitted;
    int64_t ms;
    int offset_min; /* of the clock on the wall, from here on */
    const struct kind *kind;
    struct span as; /* empty: it gets no name */
    bool forged;
    const struct block *fields; /* of a record: `at` with its fields alone below it */
    enum tier tier;             /* the most open for its parts; of STEP_PART, of the part */
    struct attached attached[SCENARIO_ATTACHED];
    size_t attachments;
    struct span passed;   /* the part that it hands on; empty: none */
    struct span instead;  /* what is handed on under its name; empty: the part itself */
    struct span part_of;  /* STEP_PART: the record; empty: a document, which signer[0] keeps */
    bool is_attachment;   /* and not its fields */
    struct span document; /* the text of it */
    uint64_t times;       /* 0: once, without a number behind its name */
    struct outcome_wanted wanted;
    struct expected expected;
    uint64_t number; /* of an entry */
};

struct scenario {
    struct span title;
    struct span under; /* the agreement's folder, by its own name; empty: not said */
    struct moment start;
    struct step *step;
    size_t steps;
};

#define SCENARIO_BYTES (1u << 20)
#define SCENARIO_STEPS 5000u

/* The first error, which begins with the number of its line. */
MUST_CHECK bool scenario_parse(struct scenario *out, struct span text, struct arena *arena,
                               struct err *err);
