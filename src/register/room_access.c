#include "register/casework.h"

/*
 * Access to places, what hindered it, and what was watched and what was not. Being kept out is a
 * subject of its own: a sector that nobody could see must never look quiet.
 */

static bool put_visit(struct apply *a, struct err *err)
{
    return case_set_named(a, "seen", *json_get(a->body, "seen"), err) &&
           case_set_named(a, "visited", json_string(span_of(a->record.id_text)), err);
}

#define AS_REPORT(table)                                                                           \
    "`external_id`, and of the one that `supersedes` names `not_yours` and `no_move`, as with "    \
    "`incident.report`. Writes `" table "` and `external`"

static const struct casework work[] = {
    {.kind = "access.request", .own = "access", .does = ""},
    {.kind = "access.answer",
     .of = "request",
     .moves = "access",
     .word = "answer",
     .asks = {case_ask_host},
     .then = {case_answered},
     .does = "`not_yours` unless the signer acts for `host` of that row. Its `answer` becomes this "
             "one's, `answered` this record."},
    {.kind = "access.visit",
     .of = "request",
     .moves = "access",
     .asks = {case_ask_opener},
     .then = {put_visit},
     .does = "`not_yours` unless the signer acts for `org` of that row, which asked. Its `seen` "
             "becomes this one's, `visited` this record."},
    {.kind = "access.restriction",
     .own = "restriction",
     .asks = {item_replaces},
     .then = {item_file},
     .does = AS_REPORT("restriction") "; with `incident`, `link` by the move `filed`, basis "
                                      "`filed`."},
    {.kind = "coverage.watch",
     .own = "watch",
     .asks = {case_ask_interval, item_replaces},
     .does = "`interval` if `until` is before `from`. " AS_REPORT("watch") "."},
    {.kind = "coverage.outage",
     .own = "outage",
     .asks = {case_ask_interval, item_replaces},
     .does = "As `coverage.watch`, with `outage` for `watch`."},
    {0},
};

/* A host that has not said yes may answer anew. */
#define ANSWER(answer)                                                                             \
    {"access", "access.answer " answer, "asked", answer},                                          \
        {"access", "access.answer " answer, "denied", answer},                                     \
        {"access", "access.answer " answer, "delayed", answer},                                    \
    {                                                                                              \
        "access", "access.answer " answer, "conditional", answer                                   \
    }

static const struct move moves[] = {
    {"access", "access.request", "", "asked"},
    ANSWER("granted"),
    ANSWER("denied"),
    ANSWER("delayed"),
    ANSWER("conditional"),
    /* A team may come to a gate that nobody has opened. */
    {"access", "access.visit", "asked", "visited"},
    {"access", "access.visit", "granted", "visited"},
    {"access", "access.visit", "denied", "visited"},
    {"access", "access.visit", "delayed", "visited"},
    {"access", "access.visit", "conditional", "visited"},
    {0},
};

const struct case_room case_room_access = {work, moves};
