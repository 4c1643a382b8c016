#include "register/casework.h"

/*
 * Crossings, lane by lane: each side declares for itself alone, whoever stands there says what
 * is to be seen, and no two words are averaged. What is to be let through is asked for, answered,
 * and said to have passed or not.
 */

/* CROSSING DIRECTION CLASS ORGANISATION. */
static struct span lane_of(struct apply *a)
{
    struct span lane =
        apply_join(a, json_get_text(a->body, "crossing"), ' ', json_get_text(a->body, "direction"));

    lane = apply_join(a, lane, ' ', json_get_text(a->body, "class"));
    return apply_join(a, lane, ' ', apply_org(a));
}

static bool put_lane(struct apply *a, struct err *err)
{
    return case_move(a, "lane", lane_of(a), true, err);
}

static bool put_seen(struct apply *a, struct err *err)
{
    return case_move(a, "lane_seen", lane_of(a), true, err);
}

static bool ask_range(struct apply *a, struct err *err)
{
    int64_t min = json_get_integer(a->body, "min", 0);

    (void)err;
    return json_get_integer(a->body, "max", min) >= min ||
           apply_void(a, REASON_RANGE, "`max` is below `min`");
}

/* Of the persons some are children, and of these some alone. */
static bool ask_children(struct apply *a, struct err *err)
{
    int64_t persons = json_get_integer(a->body, "persons", 0);
    int64_t children = json_get_integer(a->body, "children", persons);

    (void)err;
    return (children <= persons && json_get_integer(a->body, "unaccompanied", 0) <= children) ||
           apply_void(a, REASON_RANGE, "more children than persons, or more alone than there are");
}

static bool ask_other_side(struct apply *a, struct err *err)
{
    (void)err;
    return !span_equal(json_get_text(a->body, "host"), apply_org(a)) ||
           apply_void(a, REASON_NOT_YOURS, "nobody asks itself");
}

static const struct casework work[] = {
    {.kind = "crossing.declare",
     .own = "declaration",
     .word = "status",
     .asks = {case_ask_interval},
     .then = {put_lane},
     .does = "`interval` if `until` is before `since`. Moves the row of `lane` under crossing, "
             "direction, class and the signer's organisation, which is this record's from now on."},
    {.kind = "crossing.observe",
     .own = "observed_lane",
     .then = {put_seen},
     .does = "Writes `lane_seen` under crossing, direction, class and the signer's organisation."},
    {.kind = "crossing.count",
     .own = "traffic_count",
     .asks = {case_ask_interval, ask_range},
     .does = "`interval` if `until` is before `from`; `range` if `max` is below `min`."},
    {.kind = "crossing.return",
     .own = "return_count",
     .asks = {case_ask_interval, ask_children},
     .does =
         "`interval` if `until` is before `from`; `range` unless `unaccompanied` ≤ `children` ≤ "
         "`persons`."},
    {.kind = "transit.request",
     .own = "transit",
     .word = "priority",
     .asks = {case_ask_interval, ask_other_side},
     .does = "`interval` if `until` is before `from`; `not_yours` if `host` is the signer's own "
             "organisation."},
    {.kind = "transit.answer",
     .of = "request",
     .moves = "transit",
     .word = "answer",
     .asks = {case_ask_host},
     .then = {case_answered},
     .does = "`not_yours` unless the signer acts for `host` of that row. Its `answer` becomes this "
             "one's, `answered` this record."},
    {.kind = "transit.outcome",
     .of = "request",
     .moves = "transit",
     .word = "outcome",
     .asks = {case_ask_opener},
     .does = "`not_yours` unless the signer acts for `org` of that row, which asked."},
    {0},
};

#define DECLARE(from)                                                                              \
    {"lane", "crossing.declare open", from, "open"},                                               \
        {"lane", "crossing.declare limited", from, "limited"},                                     \
        {"lane", "crossing.declare suspended", from, "suspended"},                                 \
        {"lane", "crossing.declare closed", from, "closed"},                                       \
    {                                                                                              \
        "lane", "crossing.declare unknown", from, "unknown"                                        \
    }
#define DECLARED(status)                                                                           \
    {                                                                                              \
        "declaration", "crossing.declare " status, "", "made"                                      \
    }
/* A host that has not said yes may answer anew; what was granted can be taken back until it has
 * passed. */
#define ANSWER(from)                                                                               \
    {"transit", "transit.answer granted", from, "granted"},                                        \
        {"transit", "transit.answer denied", from, "denied"},                                      \
        {"transit", "transit.answer delayed", from, "delayed"},                                    \
    {                                                                                              \
        "transit", "transit.answer conditional", from, "conditional"                               \
    }
#define OUTCOME(from)                                                                              \
    {"transit", "transit.outcome turned_back", from, "turned_back"},                               \
        {"transit", "transit.outcome expired", from, "expired"},                                   \
    {                                                                                              \
        "transit", "transit.outcome cancelled", from, "cancelled"                                  \
    }

static const struct move moves[] = {
    DECLARED("open"),
    DECLARED("limited"),
    DECLARED("suspended"),
    DECLARED("closed"),
    DECLARED("unknown"),
    DECLARE(""),
    DECLARE("open"),
    DECLARE("limited"),
    DECLARE("suspended"),
    DECLARE("closed"),
    DECLARE("unknown"),

    {"observed_lane", "crossing.observe", "", "seen"},
    {"lane_seen", "crossing.observe", "", "seen"},
    {"lane_seen", "crossing.observe", "seen", "seen"},
    {"traffic_count", "crossing.count", "", "counted"},
    {"return_count", "crossing.return", "", "counted"},

    {"transit", "transit.request routine", "", "asked"},
    {"transit", "transit.request urgent", "", "asked"},
    {"transit", "transit.request medical", "", "asked"},
    ANSWER("asked"),
    ANSWER("delayed"),
    ANSWER("denied"),
    ANSWER("conditional"),
    ANSWER("granted"),
    OUTCOME("asked"),
    OUTCOME("delayed"),
    OUTCOME("denied"),
    OUTCOME("conditional"),
    OUTCOME("granted"),
    {"transit", "transit.outcome passed", "conditional", "passed"},
    {"transit", "transit.outcome passed", "granted", "passed"},
    {0},
};

const struct case_room case_room_crossing = {work, moves};
