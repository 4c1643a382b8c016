#include "register/casework.h"
#include "register/verb.h"

/*
 * What is said of an incident besides reports and claims: the first word, what monitors
 * perceived and sensors recorded, warnings, questions, and what may belong to what.
 */

static bool ask_verb(struct apply *a, struct err *err)
{
    struct span verb = json_get_text(a->body, "verb"), means = json_get_text(a->body, "means");

    (void)err;
    return verb_fits(verb, means) ||
           apply_void(a, REASON_VERB, "\"%.*s\" does not go with the means \"%.*s\"",
                      SPAN_ARG(verb), SPAN_ARG(means));
}

static bool ask_asked(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "to");
}

#define AS_REPORT(table)                                                                           \
    "`external_id`, and of the one that `supersedes` names `not_yours` and `no_move`, as with "    \
    "`incident.report`. Writes `" table "` and `external`; with `incident`, `link` by the move "   \
    "`filed`, basis `filed`."

static const struct casework work[] = {
    {.kind = "incident.flash",
     .own = "flash",
     .asks = {item_replaces},
     .then = {item_file},
     .does = AS_REPORT("flash")},
    {.kind = "incident.observe",
     .own = "observation",
     .asks = {ask_verb, item_replaces},
     .then = {item_file},
     .does = "`verb` unless the means fit: `saw` with `saw`, `camera`, `thermal`, `uav`, "
             "`satellite`; `heard` with `heard`, `acoustic`; `recorded` with `recorded`, `camera`, "
             "`thermal`, `uav`, `acoustic`, `radar`, `satellite`; `was_told` with `told`; the "
             "others with any. " AS_REPORT("observation")},
    {.kind = "incident.read",
     .own = "reading",
     .asks = {item_replaces},
     .then = {item_file},
     .does = AS_REPORT("reading")},
    {.kind = "incident.warn",
     .own = "warning",
     .asks = {item_replaces},
     .then = {item_file},
     .does = AS_REPORT("warning")},
    {.kind = "incident.ask", .own = "clarification", .does = ""},
    {.kind = "incident.explain",
     .of = "clarification",
     .moves = "clarification",
     .word = "answer",
     .asks = {ask_asked},
     .then = {case_answered},
     .does = "`not_yours` unless the signer acts for `to` of that row. Its `answer` becomes this "
             "one's, `answered` this record."},
    {.kind = "incident.suggest", .own = "suggestion", .does = "Links nothing."},
    {0},
};

static const struct move moves[] = {
    {"clarification", "incident.ask", "", "asked"},
    {"clarification", "incident.explain given", "asked", "explained"},
    {"clarification", "incident.explain refused", "asked", "explained"},
    {"clarification", "incident.explain unknown", "asked", "explained"},
    /* Who refused, or did not know, may still say. */
    {"clarification", "incident.explain given", "explained", "explained"},

    {"suggestion", "incident.suggest", "", "suggested"},
    {0},
};

const struct case_room case_room_item = {work, moves};
