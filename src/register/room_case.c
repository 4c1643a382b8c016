#include "register/casework.h"

/*
 * The case itself: taken up or not, told to those whom it concerns, looked into, answered,
 * published, closed and taken up again. What was found and what was ruled has rooms of its
 * own (room_finding.c, room_ruling.c).
 */

/* --- triage --- */

static bool ask_linked(struct apply *a, struct err *err)
{
    bool linked = span_is(json_get_text(a->body, "outcome"), "linked");
    struct span same = json_get_text(a->body, "same_as");

    (void)err;
    if (linked != (same.len > 0))
        return apply_void(a, REASON_LINKED, "`same_as` goes with the outcome `linked`");
    return !span_equal(same, a->at.id) || apply_void(a, REASON_LINKED, "to itself");
}

/* What triage says of the case becomes its row's; said again, the later word holds. */
static bool put_triage(struct apply *a, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, "case", a->at.id, &before, err))
        return false;
    struct json *row = apply_copy(a, before);
    for (uint32_t i = 0; i < a->body->object.count; i++) {
        const struct json_member *member = &a->body->object.at[i];

        if (!span_is(member->key, "parts") && !span_is(member->key, "case"))
            json_set(row, arena_text(a->arena, member->key), member->value, a->arena);
    }
    return apply_put(a, "case", a->at.id, row, err);
}

/* --- notice, reply, publication --- */

static bool put_notified(struct apply *a, struct err *err)
{
    if (json_get(a->at.row, "notified"))
        return true;
    return case_set(a, "notified", json_integer((int64_t)a->entry->index), err);
}

static bool ask_signer_accused(struct apply *a, struct err *err)
{
    struct span org = apply_org(a);

    (void)err;
    return json_lists(json_get(a->at.row, "accused"), org) ||
           apply_void(a, REASON_NOT_ACCUSED, "%.*s", SPAN_ARG(org));
}

/* What goes to readers who were told nothing must not reach them before the others. */
static bool ask_notified(struct apply *a, struct err *err)
{
    const struct json *tier;

    if (!apply_term(a, "tier", json_get_text(a->body, "tier"), &tier, err))
        return false;
    return json_get(a->at.row, "notified") || json_get_integer(tier, "after_notice", 0) == 0 ||
           apply_void(a, REASON_NOT_NOTIFIED, "the case has not been notified");
}

/* --- rows kept under the case and a word --- */

static bool under_case(struct apply *a, const char *table, struct span word, struct json *row,
                       struct err *err)
{
    json_set_string(row, "by", a->record.by, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    return apply_put(a, table, apply_join(a, a->at.id, ' ', word), row, err);
}

static bool put_side(struct apply *a, struct err *err)
{
    struct span key = apply_join(a, a->at.id, ' ', json_get_text(a->body, "side"));

    return case_move(a, "side_state", key, false, err);
}

static bool put_recusal(struct apply *a, struct err *err)
{
    return under_case(a, "recusal", json_get_text(a->body, "organisation"), apply_copy(a, NULL),
                      err);
}

/* Each steps back for itself, but for whom the agreement gives the power over all. */
static bool ask_recusal(struct apply *a, struct err *err)
{
    bool recused;

    if (!case_recused(a, json_get_text(a->body, "organisation"), &recused, err))
        return false;
    if (recused)
        return apply_no_move(a, err, "it has stepped back already");
    return case_ask_org(a, json_get_text(a->body, "organisation"));
}

static bool put_summons(struct apply *a, struct err *err)
{
    struct span org = json_get_text(a->body, "organisation");
    const struct json *before;

    if (!apply_get(a, "summons", apply_join(a, a->at.id, ' ', org), &before, err))
        return false;
    struct json *row = apply_copy(a, before);
    json_set_integer(row, "count", json_get_integer(before, "count", 0) + 1, a->arena);
    return under_case(a, "summons", org, row, err);
}

/* --- the end --- */

static bool ask_nothing_owed(struct apply *a, struct err *err)
{
    int64_t open = json_get_integer(a->at.row, "consequences", 0);

    (void)err;
    return open == 0 || apply_void(a, REASON_CONSEQUENCE_OPEN, "%" PRId64 " of them", open);
}

static const struct casework work[] = {
    {.kind = "case.triage",
     .of = "case",
     .moves = "case",
     .word = "outcome",
     .asks = {ask_linked},
     .then = {put_triage},
     .does = "It and the case are judged by the version `modalities` from now on. `linked` unless "
             "`same_as` stands exactly where `outcome` is `linked`, and names another incident. "
             "The fields but `case` become members of the row; what was said "
             "before of others stays."},
    {.kind = "case.notify",
     .of = "case",
     .moves = "case",
     .then = {put_notified},
     .does = "`notified` of the case is the index of the first."},
    {.kind = "case.reply",
     .own = "reply",
     .of = "case",
     .moves = "case",
     .word = "answer",
     .asks = {ask_signer_accused},
     .does = "`not_accused` unless `accused` of the case has the signer's organisation."},
    {.kind = "case.task", .own = "task", .of = "case", .moves = "case", .does = ""},
    {.kind = "case.verify", .own = "verification", .of = "task", .moves = "task", .does = ""},
    {.kind = "case.mark",
     .of = NULL,
     .then = {put_side},
     .does = "Moves the row of `side_state` under case and `side`, with `by`, `index` and `org`."},
    {.kind = "case.unmark", .then = {put_side}, .does = "As `case.mark`."},
    {.kind = "case.recuse",
     .asks = {ask_recusal},
     .then = {put_recusal},
     .does = "`no_move` where `recusal` has this case and `organisation`; `not_yours` unless it is "
             "the signer's own. Writes `recusal`."},
    {.kind = "case.summon",
     .of = "case",
     .moves = "case",
     .then = {put_summons},
     .does = "Writes `summons` under case and `organisation`, `count` one more."},
    {.kind = "case.publish",
     .own = "publication",
     .of = "case",
     .moves = "case",
     .asks = {ask_notified},
     .does = "`not_notified` where the tier has `after_notice` 1 and the case no `notified`."},
    {.kind = "case.close",
     .of = "case",
     .moves = "case",
     .asks = {ask_nothing_owed},
     .does = "`consequence_open` where `consequences` of the case is not 0."},
    {.kind = "case.reopen", .of = "case", .moves = "case", .does = ""},
    {0},
};

/* What may be said whatever the case has come to, and leaves it there. */
#define STAYS(kind, state)                                                                         \
    {                                                                                              \
        "case", kind, state, state                                                                 \
    }
#define STAYS_WHILE_JUDGED(kind)                                                                   \
    STAYS(kind, "notified"), STAYS(kind, "under_verification"), STAYS(kind, "draft"),              \
        STAYS(kind, "comments"), STAYS(kind, "before_commission"), STAYS(kind, "decided"),         \
        STAYS(kind, "no_decision"), STAYS(kind, "corrective_action")
#define REPLY(answer)                                                                              \
    {"reply", "case.reply " answer, "", "made"}, STAYS_WHILE_JUDGED("case.reply " answer)

static const struct move moves[] = {
    {"case", "case.triage open", "", "open"},
    {"case", "case.triage open", "open", "open"},
    {"case", "case.triage open", "out_of_mandate", "open"},
    {"case", "case.triage open", "linked", "open"},
    {"case", "case.triage out_of_mandate", "", "out_of_mandate"},
    {"case", "case.triage out_of_mandate", "open", "out_of_mandate"},
    {"case", "case.triage linked", "", "linked"},
    {"case", "case.triage linked", "open", "linked"},

    {"case", "case.notify", "open", "notified"},
    STAYS_WHILE_JUDGED("case.notify"),
    STAYS("case.notify", "closed"),

    {"case", "case.task", "open", "under_verification"},
    {"case", "case.task", "notified", "under_verification"},
    STAYS("case.task", "under_verification"),
    {"task", "case.task", "", "given"},
    {"task", "case.verify", "given", "reported"},
    {"task", "case.verify", "reported", "reported"}, /* a second visit */
    {"verification", "case.verify", "", "made"},

    REPLY("admits"),
    REPLY("justifies"),
    REPLY("denies"),
    REPLY("counter_claims"),
    REPLY("no_knowledge"),
    REPLY("asks_time"),

    STAYS("case.summon", "before_commission"),
    STAYS("case.publish", "open"),
    STAYS("case.publish", "out_of_mandate"),
    STAYS("case.publish", "linked"),
    STAYS_WHILE_JUDGED("case.publish"),
    STAYS("case.publish", "closed"),
    {"publication", "case.publish", "", "made"},

    {"case", "case.close", "open", "closed"},
    {"case", "case.close", "out_of_mandate", "closed"},
    {"case", "case.close", "linked", "closed"},
    {"case", "case.close", "notified", "closed"},
    {"case", "case.close", "under_verification", "closed"},
    {"case", "case.close", "before_commission", "closed"}, /* settled, or not pursued */
    {"case", "case.close", "decided", "closed"},
    {"case", "case.close", "no_decision", "closed"},
    {"case", "case.close", "corrective_action", "closed"},
    {"case", "case.reopen", "closed", "open"},
    {"case", "case.reopen", "decided", "open"},
    {"case", "case.reopen", "no_decision", "open"},
    {"case", "case.reopen", "corrective_action", "open"},

    {"side_state", "case.mark", "", "on"},
    {"side_state", "case.mark", "off", "on"},
    {"side_state", "case.unmark", "on", "off"},
    {0},
};

const struct case_room case_room_case = {work, moves};
