#pragma once

/*
 * The work of a case, from triage to the check that a penalty was carried out, as tables.
 * Inside this folder only. What a kind does is a line of its room's table; casework.c takes
 * every such line through the same steps:
 *
 *   the agreement's `move` of that name (without one there is no such move under it), the
 *   row that the record names, what the room asks, the table of moves, the record's own
 *   row, the row it moves, the clocks that the agreement's move ends and starts, and the
 *   case's file.
 *
 * A case is kept under the id of its incident.
 */

#include "register/apply.h"

/* Takes one more step of an entry; returns false for a fault, true when it is void too. */
typedef bool case_step(struct apply *a, struct err *err);

struct casework {
    const char *kind;
    const char *own;    /* table of the record's own row, kept under its id; NULL: none */
    const char *of;     /* the field that names the row it moves; NULL: none */
    const char *moves;  /* the table of that row */
    const char *word;   /* the field whose word stands behind the kind in the moves: "KIND WORD" */
    bool moves_case;    /* it moves, beside that row, the case this belongs to */
    case_step *asks[6]; /* in this order, before anything is written */
    case_step *then[4]; /* what else it writes, after its own row and the one it moves */
    const char *does;   /* for doc/rules.md: what is asked and written beyond the steps of all */
};

/* A room's lines, each list ending in a line of zeros. */
struct case_room {
    const struct casework *work;
    const struct move *moves;
};
extern const struct case_room case_room_case, case_room_deadline;
extern const struct case_room case_room_item, case_room_evidence, case_room_access,
    case_room_custody;
extern const struct case_room case_room_part, case_room_intake;
extern const struct case_room case_room_state, case_room_ledger, case_room_accreditation;
extern const struct case_room case_room_finding, case_room_step, case_room_ruling, case_room_appeal,
    case_room_consequence;
extern const struct case_room case_room_crossing, case_room_notice, case_room_hotline;
extern const struct case_room case_room_obligation, case_room_person;
extern const struct case_room case_room_dialogue, case_room_outcome, case_room_text,
    case_room_final, case_room_intel;
const struct case_room *case_room_at(size_t index); /* NULL past the last */

/* The line of this kind; NULL: it is no work of a case. */
const struct casework *casework_for(const struct kind *kind);
/* Looks up what the record names, and by which version of the terms it is judged. */
bool casework_find(struct apply *a, struct err *err);
/* The room of all of them. */
room_move room_casework;

/* Moves a row that the room keeps under a key of its own: the body's members (`anew`), or those
 * that it had, signed by who says so. Void when there is no such move. */
MUST_CHECK bool case_move(struct apply *a, const char *table, struct span key, bool anew,
                          struct err *err);
/* Changes a member of a row, as it is by now. */
MUST_CHECK bool case_set_row(struct apply *a, const char *table, struct span key,
                             const char *member, struct json value, struct err *err);
/* Likewise, of the case's row. */
MUST_CHECK bool case_set(struct apply *a, const char *member, struct json value, struct err *err);
/* Likewise, of the row that the record names. */
MUST_CHECK bool case_set_named(struct apply *a, const char *member, struct json value,
                               struct err *err);
/* A step for `asks`: what has a beginning (`from`, or `since`) does not end before it. */
bool case_ask_interval(struct apply *a, struct err *err);
/* A step for `then`: the row that the record names gets its `answer`, and as `answered` its id. */
bool case_answered(struct apply *a, struct err *err);
/* Moves a row by what follows from the entry (a word without a kind), with one member set. */
MUST_CHECK bool case_follow(struct apply *a, const char *table, struct span key, const char *on,
                            const char *member, struct json value, struct err *err);
/* The names but for this one, and with it where it is to stand. */
struct json case_names_with(struct apply *a, const struct json *names, struct span name,
                            bool stands);
/* Whether the signer's organisation is this one; else void as `not_yours`. */
bool case_ask_org(struct apply *a, struct span org);
/* Likewise, of the one that this member of the named row has. Where there is no such row or member
 * the table of moves has the last word. */
bool case_ask_named_org(struct apply *a, const char *member);
/* Steps for `asks`: whom the named row asks (`host`) answers, whose row it is (`org`) goes on. */
bool case_ask_host(struct apply *a, struct err *err);
bool case_ask_opener(struct apply *a, struct err *err);
/* Whether this organisation has stepped back from the case; *out. */
MUST_CHECK bool case_recused(struct apply *a, struct span org, bool *out, struct err *err);

/*
 * Deadlines (deadline.c). A row of `deadline` is kept under "SUBJECT CLOCK", or under
 * "SUBJECT CLOCK ORGANISATION" where the agreement's clock has `each`: a group of it, or
 * `accused`. Nothing is written when one runs out: that it has is a comparison of its
 * `due_ms` with `counted_ms` of the clock.
 */
MUST_CHECK bool deadline_start(struct apply *a, struct span subject, struct span clock,
                               struct err *err);
/* As above, until the time of an ordinary clock, whatever `duration_ms` says. */
MUST_CHECK bool deadline_start_until(struct apply *a, struct span subject, struct span clock,
                                     int64_t at_ms, struct err *err);
/* Ends that of the signer's organisation, where the clock has `each`; met, or late. */
MUST_CHECK bool deadline_end(struct apply *a, struct span subject, struct span clock,
                             struct err *err);
/* Whether any organisation may still act in time: a deadline of this clock runs, or is paused. */
MUST_CHECK bool deadline_runs(struct apply *a, struct span subject, struct span clock, bool *out,
                              struct err *err);
/* Whether this organisation has acted on a deadline of this clock, or let it pass; *out. */
MUST_CHECK bool deadline_past(struct apply *a, struct span subject, struct span clock,
                              struct span org, bool *out, struct err *err);
/* The organisations that have deadlines of their own by this clock; NULL: one for all. */
MUST_CHECK bool deadline_each(struct apply *a, const struct json *clock, const struct json **out,
                              struct err *err);

/* Steps of the chain of decision (room_step.c). */
struct step_matter {
    const char *chain;   /* a word of the step's `for` */
    struct span subject; /* what the steps are tried on: a case, a clause, an appeal */
};
/* What a record of this kind is to decide; `said`: its body, or the row that it made. */
struct step_matter step_matter_of(const struct apply *a, struct span kind, const struct json *said);
/* Void unless the step that the body names decides such matters, and those before it were tried. */
bool step_ask_open(struct apply *a, struct err *err);
/* The organisations of the group that must concur. */
MUST_CHECK bool step_group(struct apply *a, const struct json *need, const struct json **out,
                           struct err *err);
/* That the step led to nothing; `ruling` is the proposal that came to nothing, empty: none was
 * made. The first attempt stays. */
MUST_CHECK bool step_put_attempt(struct apply *a, const struct step_matter *m, struct span step,
                                 struct span ruling, struct err *err);

/* room_appeal.c: a review that is in force decides its appeal, and what was appealed against. */
MUST_CHECK bool appeal_decide(struct apply *a, struct err *err);

/* body.c: the agreement's bodies. The one that a row (a session, a text) is of. */
MUST_CHECK bool body_of(struct apply *a, const struct json *row, const struct json **out,
                        struct err *err);
/* Whether the organisation is of the group that the body names so; NULL: `sits` or `chairs`; *out.
 */
MUST_CHECK bool body_has(struct apply *a, const struct json *body, const char *member,
                         struct span org, bool *out, struct err *err);
/* Void unless the signer's organisation is. */
bool body_ask(struct apply *a, const struct json *body, const char *member, struct err *err);
/* Likewise, of the body that this row is of. */
bool body_ask_of(struct apply *a, const struct json *row, const char *member, struct err *err);
/* Likewise, of the body of the session that the record names; of the one that is called, its own.
 */
bool body_ask_session(struct apply *a, const char *member, struct err *err);
/* The organisations that must agree to what is of the row's body. */
MUST_CHECK bool body_concur(struct apply *a, const struct json *row, const struct json **out,
                            struct err *err);
/* Starts or ends the time until all who must have agreed, of what is the row's body's. */
typedef bool body_turn(struct apply *a, struct span subject, struct span clock, struct err *err);
MUST_CHECK bool body_turn_answer(struct apply *a, struct span id, const struct json *row,
                                 body_turn *how, struct err *err);

/* room_final.c: the whole that is offered of the text that the record names. Void where what
 * somebody has concurred in would be put aside at will; `is_side`: by a side that words a part. */
bool final_ask_put_aside(struct apply *a, bool is_side, struct err *err);
/* It is offered no more, if it was. */
MUST_CHECK bool final_put_aside(struct apply *a, struct err *err);

/* standard.c: register/standard.h, of the case that an entry is in. */
struct standard;
MUST_CHECK bool standard_judge(struct standard *out, struct apply *a, const struct json *finding,
                               struct err *err);
