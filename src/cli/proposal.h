#pragma once

/*
 * A proposal: the texts of all records that bring an agreement into force (doc/format.md §7), in
 * the order of the log, made before anybody signs one. A record's id is the hash of its text, so
 * all ids are known from then on, that of entry 0, the trust anchor, among them; and each root
 * signs what is its own on a machine of its own, in any order.
 *
 * Everything in it follows from the agreement's folder, the keys that the organisations handed
 * over, the operator, the quorum and the moment. So whoever is to sign makes it anew from these
 * and compares, byte for byte: there is nothing in it that the program did not put there.
 *
 * In the arena it is given.
 */

#include "cli/folder.h"
#include "codec/age.h"
#include "ledger/note.h"

#define PROPOSAL_MOST_KEYS 512u
#define PROPOSAL_MOST_RECORDS 1000u

enum proposal_job {
    PROPOSAL_ROOT,
    PROPOSAL_NODE,
    PROPOSAL_WITNESS,
    PROPOSAL_AUTHOR,
    PROPOSAL_PROMISE,
    PROPOSAL_LOG,
};

struct proposal_key {
    struct note_key key;
    enum proposal_job job;             /* as its name says: ORG/root, … */
    const struct json *organisation;   /* NULL: the log's */
    char age[AGE_RECIPIENT_BYTES + 1]; /* what an author reads with; empty: nothing */
};

struct proposal_record {
    struct span text;
    struct span by, kind; /* in the text */
    char id[65];
    const struct proposal_key *admits; /* whom, where it admits */
    struct span note;                  /* signed; empty as long as it is not */
};

struct proposal {
    struct arena *arena;
    struct folder folder;
    const char *operator_org;
    int64_t quorum;
    int64_t said_at_ms;
    struct proposal_key key[PROPOSAL_MOST_KEYS];
    size_t key_count;
    struct proposal_record record[PROPOSAL_MOST_RECORDS];
    size_t record_count;
};

/* proposal_keys.c */

/* Who keeps the log: before the keys. ERR_MISSING when the agreement has no such organisation. */
MUST_CHECK bool proposal_set_operator(struct proposal *p, struct span org, struct err *err);
/* A key that was handed over. Its name says whose and for what: AGREEMENT/term/1, ORG/root,
 * ORG/node, ORG/witness, ORG/promise; ORG/anything else is an author's. */
MUST_CHECK bool proposal_add_key(struct proposal *p, const struct note_key *key, struct err *err);
/* What the author of this name reads with, once. */
MUST_CHECK bool proposal_add_reader(struct proposal *p, const char *name, struct span recipient,
                                    struct err *err);
/* NULL: there is none. Of authors the n-th. */
const struct proposal_key *proposal_find_key(const struct proposal *p,
                                             const struct json *organisation, enum proposal_job job,
                                             size_t n);
const struct proposal_key *proposal_key_named(const struct proposal *p, struct span name);
const struct proposal_key *proposal_log_key(const struct proposal *p);
bool proposal_is_root(const struct json *organisation);

/* proposal_make.c */

/* The records, from all the rest, and judged. */
MUST_CHECK bool proposal_make(struct proposal *p, struct err *err);

/* proposal_judge.c */

/* Whether the register would let each of the records hold, and the agreement be in force after
 * the last; whoever signs them. */
MUST_CHECK bool proposal_judge(const struct proposal *p, struct err *err);

/* proposal_read.c */

#define PROPOSAL_AGREEMENT "agreement" /* where the agreement's own files are */
/* The file of a record's "text", and of the "note", that text signed: NNNN.text, NNNN.note. */
const char *proposal_path(const struct proposal *p, size_t n, const char *suffix);

struct proposal_found {
    struct span text[PROPOSAL_MOST_RECORDS];
    struct span note[PROPOSAL_MOST_RECORDS]; /* empty: none */
    size_t texts;                            /* 1 or more */
};
/* All of p but its folder, from what was found beside that: refused unless it is, byte for byte,
 * what we would make of the same keys, and each note is signed by whom it says. */
MUST_CHECK bool proposal_take(struct proposal *p, const struct proposal_found *found,
                              struct err *err);
/* Whether it is the key of one of the roots, and of the same bytes. */
MUST_CHECK bool proposal_check_signer(const struct proposal *p, const struct note_signer *signer,
                                      struct err *err);

/* proposal_folder.c */

/* Makes the folder, which must not be there or be empty. */
MUST_CHECK bool proposal_write(const struct proposal *p, const char *path, struct err *err);
MUST_CHECK bool proposal_read(struct proposal *p, const char *path, struct err *err);
/* Writes what this key is to sign, signed. */
MUST_CHECK bool proposal_sign(struct proposal *p, const char *path,
                              const struct note_signer *signer, struct err *err);

/* proposal_show.c: for people, on standard output. */

void proposal_show(const struct proposal *p);
/* What the root of this name signs. */
void proposal_show_records(const struct proposal *p, const char *by);
/* Who has not signed, and how many records; false when all is signed. */
bool proposal_lacks(const struct proposal *p, struct buf *out);
