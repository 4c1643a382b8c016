#include "register/casework.h"

/*
 * Who has what, from the hand that took it to the hand that has it now, without a gap; and what
 * was let out to whom, with what was taken out of it.
 */

static bool put_holder(struct apply *a, struct span key, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, "item", key, &before, err))
        return false;
    struct json *row = apply_copy_without(a, before, "to");
    json_set_string(row, "holder", json_get_text(a->signer, "org"), a->arena);
    return apply_put(a, "item", key, row, err);
}

static bool take(struct apply *a, struct err *err)
{
    return put_holder(a, span_of(a->record.id_text), err);
}

static bool ask_holder(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "holder");
}

static bool hand(struct apply *a, struct err *err)
{
    return case_set_named(a, "to", *json_get(a->body, "to"), err);
}

static bool ask_receiver(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "to");
}

/* What did not come stays on the account of who sent it. */
static bool receive(struct apply *a, struct err *err)
{
    struct span condition = json_get_text(a->body, "condition");

    if (!case_set_named(a, "condition", json_string(condition), err))
        return false;
    return span_is(condition, "missing") || put_holder(a, a->at.of, err);
}

static const struct casework work[] = {
    {.kind = "custody.take",
     .own = "item",
     .then = {take},
     .does = "`holder` is the signer's organisation."},
    {.kind = "custody.hand",
     .of = "item",
     .moves = "item",
     .asks = {ask_holder},
     .then = {hand},
     .does = "`not_yours` unless the signer acts for its `holder`. Its `to` becomes this one's."},
    {.kind = "custody.receive",
     .of = "item",
     .moves = "item",
     .word = "condition",
     .asks = {ask_receiver},
     .then = {receive},
     .does = "`not_yours` if it has a `to` for which the signer does not act. Its `condition` "
             "becomes this one's, and unless that is `missing`, the signer's organisation its "
             "`holder` and it has no `to`."},
    {.kind = "custody.release", .own = "release", .does = "Moves nothing else."},
    {0},
};

static const struct move moves[] = {
    {"item", "custody.take", "", "held"},
    {"item", "custody.hand", "held", "in_transit"},
    {"item", "custody.hand", "in_transit", "in_transit"}, /* to another: it has not come yet */
    {"item", "custody.hand", "missing", "in_transit"},    /* it was found, and is sent again */
    {"item", "custody.receive intact", "in_transit", "held"},
    {"item", "custody.receive damaged", "in_transit", "held"},
    {"item", "custody.receive seal_broken", "in_transit", "held"},
    {"item", "custody.receive missing", "in_transit", "missing"},
    {"item", "custody.receive intact", "missing", "held"},
    {"item", "custody.receive damaged", "missing", "held"},
    {"item", "custody.receive seal_broken", "missing", "held"},

    {"release", "custody.release", "", "released"},
    {0},
};

const struct case_room case_room_custody = {work, moves};
