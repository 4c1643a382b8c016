#pragma once

/*
 * For test programs only: a log in memory with everything real in it. Keys come from
 * their names, entries are signed, roots are those of the tree, and between entries rows
 * are kept as bytes, as a store keeps them.
 *
 * Bodies are written so that a person can read them: ' stands for ", $NAME for the id of
 * the record so named, @KEY for the vkey of a key (%KEY: of type 0x04), # for the SHA-256
 * of the terms in hex, ~ for the terms as a string, and &OLD>NEW for NEW's consent to take the
 * place of OLD, as a string.
 */

#include "ledger/merkle.h"
#include "record/kind.h"
#include "register/register.h"

#define TEST_AGREEMENT "north-south"
#define TEST_AGE                                                                                   \
    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj" /* some age recipient */

struct test_key {
    struct note_signer signer;  /* type 0x01 */
    struct note_signer witness; /* the same seed as a key of type 0x04 */
    uint64_t seq;               /* of its last record */
    struct span prev;           /* that record's id */
    struct test_key *next;
};

struct test_name {
    char name[32];
    struct span id;
    struct test_name *next;
};

struct test_row {
    const char *table;
    struct span key;
    const struct json *row;
};

struct test_log {
    struct arena arena; /* what lives as long as the log */
    struct arena work;  /* what one entry needs */
    struct span terms;  /* agreement.toml, as canonical JSON */
    struct test_key *keys;
    struct test_name *names;

    struct test_row *row;
    size_t row_count, row_room;

    struct merkle tree;
    struct hash *root;  /* root[n]: of the first n entries */
    struct span *entry; /* as they were given */
    size_t root_room;   /* of both */
    uint64_t size;
    struct span id;     /* of the last record signed */
    const char *origin; /* of checkpoints made here: at first that of term 1 */
    bool trusted;       /* signatures are taken to hold: for fuzzers and benchmarks */

    struct effects effects; /* of the last entry, until the next */
    struct span effects_bytes;
    struct hash digest;
};

/* `terms` in the spelling above; NULL: a small agreement that has one of everything. */
void test_log_open(struct test_log *log, const char *terms);
void test_log_close(struct test_log *log);
/* Another log that begins as `from` is and goes its own way, so that many cases need play their
 * opening but once. `from` is closed after it, and until then only forked. */
void test_log_fork(struct test_log *out, const struct test_log *from);

struct test_key *test_key(struct test_log *log, const char *name);
struct span test_vkey(struct test_log *log, const char *name, uint8_t type);
/* What `to` signs to take the place of `from` (format §6.6). */
struct span test_consent(struct test_log *log, struct span from, const char *to);
/* From here on $NAME is the id of the last record signed. */
void test_name_it(struct test_log *log, const char *name);
struct json test_body(struct test_log *log, const char *text);

/* The next record of this key, to be changed before it is signed. */
struct record_draft test_draft(struct test_log *log, const char *by, const char *kind,
                               const char *body);
/* By the key that the draft names; its chain goes on from there. */
struct span test_sign(struct test_log *log, const struct record_draft *draft);
struct span test_record(struct test_log *log, const char *by, const char *kind, const char *body);

/* A checkpoint of the first `size` entries, signed by the key named as the log's origin, that
 * each of these witnesses (ends in NULL) cosigned at its number of seconds. */
struct span test_checkpoint(struct test_log *log, uint64_t size, const char *const *witnesses,
                            const uint64_t *seconds);

/* The members of a freeze note (format §6.4) of the log as it is, for the term with this
 * number; and the note, by this node key. */
struct json test_freeze(struct test_log *log, uint64_t term);
struct span test_freeze_note(struct test_log *log, const char *by, const struct json *freeze);
/* A term.open by `by` with the notes of these nodes (ends in NULL), for this freeze. */
struct record_draft test_term_open(struct test_log *log, const char *by, const char *const *nodes,
                                   const struct json *freeze);

struct register_lookup test_lookup(struct test_log *log);
/* Applies and keeps what the entry wrote; false for a fault. */
MUST_CHECK bool test_append(struct test_log *log, struct span bytes, struct err *err);
/* As above without a fault, from body to effects. */
void test_say(struct test_log *log, const char *by, const char *kind, const char *body);
const struct json *test_row(struct test_log *log, const char *table, const char *key);
/* Puts a row as if an entry had written it; NULL removes it. */
void test_put(struct test_log *log, const char *table, struct span key, const struct json *row);
/* The verdict of an entry as it is now, in a line: "holds", "marked gap seen", "void REASON
 * CLAUSE", "void gap REASON CLAUSE". */
const char *test_verdict_at(struct test_log *log, uint64_t index);
const char *test_verdict(struct test_log *log); /* of the last */

/* Entry 0 to the first tick: the agreement with quorum 0 is in force, and authors
 * `north/desk` (may do everything) and `reader` (of the mediators, may do nothing) are
 * admitted by `north/root`, and `south/desk` (may report and claim) by `south/root`. */
void test_begin(struct test_log *log);
/* As above, with these witnesses in entry 0: a list in the spelling above. */
void test_begin_with(struct test_log *log, const char *witnesses);
extern const char *const test_adopt; /* the body of its entry 0 */

/* Entry 0 to where a case may begin, under an agreement in which everything of a case has a
 * clause, "7", and roles may do everything in it: authors `north/desk`, `south/desk`, and of the
 * mediators `east/desk` and `west/desk`, of an observer `mission/desk`; an incident, $incident,
 * that has not been triaged. test_case.c says the rest. */
void test_begin_case(struct test_log *log);

/* Entry 0 to the agreement in force, four entries, with this quorum of the witnesses `w1` of
 * north, `w2` of south, `w3` of the mediators and `w4` of observers. Nodes: `north/node` and
 * `north/node/2`, `south/node`, `mediators/node`, and `press/node` of an organisation without a
 * witness. */
void test_begin_witnessed(struct test_log *log, int64_t quorum);
