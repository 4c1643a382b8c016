#pragma once

/*
 * One entry being applied: what rooms and guards work on. Inside this folder only.
 *
 * A step returns false for a fault (a look-up failed). That an entry is void is no
 * fault: apply_void notes it, and the steps after it are not taken.
 */

#include "record/kind.h"
#include "register/register.h"

/* Why an entry is void. Words, clauses and sentences are in reason.c. */
enum reason {
    REASON_NONE,
    REASON_NOT_A_RECORD,
    REASON_OTHER_AGREEMENT,
    REASON_REPEATED,
    REASON_UNKNOWN_KEY,
    REASON_REVOKED_KEY,
    REASON_WRONG_JOB,
    REASON_BAD_SIGNATURE,
    REASON_FORK,
    REASON_PREV,
    REASON_FIRST_PREV,
    REASON_UNKNOWN_KIND,
    REASON_SHAPE,
    REASON_NOT_IN_FORCE,
    REASON_NO_TICK,
    REASON_REFERENCE,
    REASON_TERM,
    REASON_CAPABILITY,
    REASON_ROLE,
    REASON_SCOPE,
    REASON_ON_BEHALF,
    REASON_RECIPIENT,
    REASON_LEFT_OUT,
    REASON_NO_MOVE,
    REASON_ADOPT,
    REASON_PIECE,
    REASON_TERMS,
    REASON_KEY_TAKEN,
    REASON_KEY_UNFIT,
    REASON_NOT_YOURS,
    REASON_WITNESS,
    REASON_CONSENT,
    REASON_EXTERNAL_ID,
    REASON_TICK,
    REASON_RULES_NUMBER,
    REASON_HAND_OVER,
    REASON_AMENDMENT,
    REASON_CLOCK_RUNS,
    REASON_EXTENSION,
    REASON_MODALITIES,
    REASON_LINKED,
    REASON_NOT_ACCUSED,
    REASON_NOT_NOTIFIED,
    REASON_CONSEQUENCE_OPEN,
    REASON_VERB,
    REASON_INTERVAL,
    REASON_RANGE,
    REASON_ONE_LEDGER,
    REASON_NOT_ADMITTED,
    REASON_MODE,
    REASON_STANDARD,
    REASON_NO_CLAUSE,
    REASON_STEP,
    REASON_RECUSED,
    REASON_RUNG,
    REASON_PART,
    REASON_REDACTION,
    REASON_SEALED,
    REASON_OWN_SOURCE,
    REASON_EXERCISE,
    REASON_WAITS,
    REASON_QUORUM,
    REASON_BRACKETS,
    REASON_OTHER_TEXT,
    REASON_CONCURRED,
    REASON_NO_READER,
};

struct apply_row {
    const char *table;
    struct span key;
    const struct json *before, *after;
    bool written;
};

/* What is known of a record of a case (casework.h). */
struct case_at {
    const struct casework *work; /* NULL: no record of a case */
    struct span of;              /* the id in the field that names the row it moves */
    const struct json *named;    /* that row as it was; NULL: none */
    struct span id;              /* the case's; empty: it belongs to none */
    const struct json *row;      /* the case's, as it was; NULL: not triaged */
    const struct json *move;     /* the agreement's item */
    struct json *own;            /* its own row, as put; NULL: none */
};

struct apply {
    const struct register_lookup *lookup;
    const struct register_entry *entry;
    struct arena *arena;

    struct record record;
    const struct kind *kind;
    const struct json *body;
    const struct json *agreement; /* its row; NULL at entry 0 */
    const struct json *signer;    /* the key's row */
    int64_t modalities;           /* the version of the terms that it is judged by; 0: in force */
    struct case_at at;
    bool is_record, chained; /* §9.4: what a void entry still writes */
    uint64_t seen;           /* the largest `seen.size` of the key's records up to this one */

    enum reason reason;
    struct span clause;  /* set with the reason, where it is the agreement's */
    struct err why;      /* for people */
    struct span mark[4]; /* in bytewise order */
    size_t mark_count;

    struct apply_row *row;
    size_t row_count, row_room;
};

struct span apply_org(const struct apply *a); /* the signer's */
/* Whether the row names it in this member. */
bool apply_is_own(const struct apply *a, const struct json *row, const char *member);

/* The row, with what this entry has written so far; NULL when there is none. */
MUST_CHECK bool apply_get(struct apply *a, const char *table, struct span key,
                          const struct json **out, struct err *err);
/* Writes a row; NULL removes it. Its members must be those that the table declares (an
 * assert). */
MUST_CHECK bool apply_put(struct apply *a, const char *table, struct span key,
                          const struct json *row, struct err *err);
/* The entry is void; always true, so that a step can return it. */
bool apply_void(struct apply *a, enum reason reason, const char *format, ...) PRINTF_LIKE(3, 4);
/* Void for want of a move: cites the agreement's `no_move` clause. */
MUST_CHECK bool apply_no_move(struct apply *a, struct err *err, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool apply_is_void(const struct apply *a);

/* The version of the terms that this entry is judged by: in force, or that of its case. */
MUST_CHECK bool apply_version(struct apply *a, int64_t *out, struct err *err);
/* Of that version: the head as a row; NULL before there is one. */
MUST_CHECK bool apply_head(struct apply *a, const struct json **out, struct err *err);
/* Likewise an item; NULL when there is none. */
MUST_CHECK bool apply_term(struct apply *a, const char *section, struct span id,
                           const struct json **out, struct err *err);
/* An item of the version in force, whatever the entry is judged by: of what keys may. */
MUST_CHECK bool apply_in_force(struct apply *a, const char *section, struct span id,
                               const struct json **out, struct err *err);
/* Keys of rows: "LEFT RIGHT", with the mark between them. */
struct span apply_join(struct apply *a, struct span left, char mark, struct span right);
struct span apply_key(struct apply *a, const char *format, ...) PRINTF_LIKE(2, 3);
/* A fresh copy of a row (NULL: an empty object) whose members may be set. */
struct json *apply_copy(struct apply *a, const struct json *row);
struct json *apply_copy_without(struct apply *a, const struct json *row, const char *member);
/* The entry's own fields as a row: the body without `parts`, which no rule reads. */
struct json *apply_row_of_body(struct apply *a);

/* reason.c */
struct reason_text {
    const char *word;     /* what stands in the verdict's row */
    const char *clause;   /* NULL: "rules N KIND" */
    const char *sentence; /* for the manual */
};
const struct reason_text *reason_text(enum reason reason);
const struct reason_text *reason_at(size_t index); /* NULL past the last */

/* guards.c: the steps common to all kinds, in the order of format §9.2. */
bool guard_references(struct apply *a, struct err *err);
bool guard_phase(struct apply *a, struct err *err);
bool guard_capability(struct apply *a, struct err *err);
/* A key whose role is that of a gateway says for whom it signs, and no other does. */
bool guard_behalf(struct apply *a, struct err *err);
/* Whether an organisation may have this role: it is of one of the role's groups; *out. */
MUST_CHECK bool guard_holds(struct apply *a, const struct json *role, struct span org, bool *out,
                            struct err *err);
/* Whether the signer's role gives it, and the role is its organisation's to have; *out. */
MUST_CHECK bool guard_may(struct apply *a, const char *capability, bool *out, struct err *err);

/* parts.c: who may read what (format §4.4), and which parts there are. */
/* Void where a part names who may not read it, or leaves out who must. */
bool guard_recipients(struct apply *a, struct err *err);
/* Whether the organisation has a key that reads the tier; *out. */
MUST_CHECK bool parts_read_by(struct apply *a, enum tier tier, struct span org, bool *out,
                              struct err *err);
/* A row for each part that no entry before has named. */
bool parts_keep(struct apply *a, struct err *err);
/* The organisation's list of author keys with an age recipient: without `old`, and with `name`
 * behind the others; either may be empty. */
MUST_CHECK bool readers_change(struct apply *a, struct span org, struct span old, struct span name,
                               struct err *err);

/* chain.c: §3.4, §9.3; `a->seen` is known from here on. */
bool chain_judge(struct apply *a, struct err *err);
bool chain_write(struct apply *a, struct err *err);

/* keys.c */
/* Binds a new key by its row in `key`, whose vkey says name and key. Void when either is
 * bound already, or the key's type or name does not fit its job. */
bool keys_bind(struct apply *a, const struct json *row, struct err *err);
/* The name in a vkey that was found to be one. */
struct span keys_name(struct span vkey);
/* The name of the first key that had this key's place (format §6.6): mostly its own. */
struct span keys_first(struct span name, const struct json *row);
/* Whether one of these names is of this key, or of one whose place it has. */
MUST_CHECK bool keys_hold(struct apply *a, const struct json *names, struct span name, bool *out,
                          struct err *err);

/* moves.c */
struct move {
    const char *table, *on, *from, *to;
};
const struct move *move_at(size_t index); /* NULL past the last */
/* The state that a row of this table comes to; NULL: there is no such move. */
const char *move_to(const char *table, const char *on, struct span from);

/* witnesses.c: those in force, by the row `quorum`. */
/* Whether one of them is of this organisation; *out. */
MUST_CHECK bool witnesses_have(struct apply *a, const struct json *quorum, struct span org,
                               bool *out, struct err *err);
/* The changes that entries before `covers` made come into force. */
MUST_CHECK bool witnesses_settle(struct apply *a, const struct json *quorum, uint64_t covers,
                                 struct err *err);

/* room_amendment.c: what agreement.concur and agreement.part do where they name an amendment. */
bool amendment_concur(struct apply *a, struct err *err);
bool amendment_part(struct apply *a, struct err *err);

/* pieces.c: the agreement's files, of entry 0 (`of` empty) or of the amendment with this id. */
/* NULL: listed in order of file and number, none twice, none left out, the terms among them. */
const char *pieces_fault(const struct json *pieces);
/* Keeps the piece in the body. Void unless it is listed, as it is, and new. */
MUST_CHECK bool pieces_keep(struct apply *a, const struct json *pieces, struct span of,
                            struct err *err);
/* All are there: the terms. Void when they are not well formed, or another agreement's. */
MUST_CHECK bool pieces_terms(struct apply *a, const struct json *pieces, struct span of,
                             const struct json **out, struct err *err);
/* The items of a section, in the version that the entry is judged by; NULL: it has none. For one
 * item ask apply_term, which need not put the whole together. */
MUST_CHECK bool pieces_section(struct apply *a, const char *section, const struct json **out,
                               struct err *err);
MUST_CHECK bool pieces_put_terms(struct apply *a, const struct json *terms, int64_t version,
                                 struct err *err);

/* The rooms: what a kind does once every guard has passed. rooms.c holds the table. */
typedef bool room_move(struct apply *a, struct err *err);
struct room {
    const char *kind;
    room_move *move;
    const char *does; /* for the manual */
};
struct room room_for(const struct kind *kind);
room_move room_agreement_adopt, room_agreement_part, room_agreement_concur;
room_move room_rules_adopt, room_agreement_amend;
room_move room_member_admit, room_member_revoke, room_member_rotate;
room_move room_clock_tick, room_node_attest;
room_move room_term_open;
room_move room_incident_item, room_incident_link;
room_move room_record_withdraw;

/* room_incident.c: what is superseded, and its external id; and the link to the incident that a
 * record names itself. Either may void. */
bool item_replaces(struct apply *a, struct err *err);
bool item_file(struct apply *a, struct err *err);
