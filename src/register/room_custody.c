#include "register/casework.h"

/*
 * Who has what, from the hand that took it to the hand that has it now, without a gap; and what
 * was let out to whom, with what was taken out of it.
 *
 * That a part is the one somebody committed himself to is judged by its commitment alone: what it
 * holds, and the salt, stand outside the log (format §4.1), sealed for its readers. A node that is
 * none of them cannot hash it, and one that held it already would judge otherwise than one that did
 * not. So whoever opens the part checks it (part_open), and what does not hold is no part to him.
 */

static bool put_holder(struct apply *a, struct span key, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, "item", key, &before, err))
        return false;
    struct json *row = apply_copy_without(a, before, "to");
    json_set_string(row, "holder", apply_org(a), a->arena);
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

/* --- releases --- */

/* Who committed himself to something may show it, whatever else he may not. */
static bool ask_releaser(struct apply *a, struct err *err)
{
    const struct json *record, *key;
    bool may;

    if (!guard_may(a, "release", &may, err) ||
        !apply_get(a, "record", json_get_text(a->body, "record"), &record, err) ||
        !apply_get(a, "key", json_get_text(record, "by"), &key, err))
        return false;
    bool own = span_is(json_get_text(record, "kind"), "evidence.answer") &&
               span_equal(json_get_text(key, "org"), apply_org(a));
    return may || own ||
           apply_void(a, REASON_CAPABILITY, "the signer's role does not allow \"release\"");
}

/* Whether a part is one that the released record had, or committed itself to. */
static bool is_of_record(struct apply *a, const struct part *part, const struct json *row,
                         bool *out, struct err *err)
{
    struct span record = json_get_text(a->body, "record");
    const struct json *committed;

    if (!apply_get(a, "committed", part->commitment, &committed, err))
        return false;
    *out = span_equal(json_get_text(row, "record"), record) ||
           span_equal(json_get_text(committed, "record"), record);
    return true;
}

/* What was sealed for two, and one of them has not opened. */
static bool ask_opened(struct apply *a, const struct part *part, const struct json *row,
                       struct err *err)
{
    const struct json *opening;

    if (!span_is(json_get_text(row, "tier"), tier_word(TIER_SEALED)))
        return true;
    if (!apply_get(a, "opening", part->commitment, &opening, err))
        return false;
    return span_is(json_get_text(opening, "state"), "open") ||
           apply_void(a, REASON_SEALED, "the part %.*s has not been opened by both",
                      SPAN_ARG(part->commitment));
}

static bool ask_moved(struct apply *a, const struct part *part, bool *is_new, struct err *err)
{
    const struct json *row;
    bool its;

    if (!span_is(json_get_text(a->body, "tier"), tier_word(part->tier)))
        return apply_void(a, REASON_PART, "a part of the tier %s, in a release to another",
                          tier_word(part->tier));
    if (!apply_get(a, "part", part->commitment, &row, err) ||
        !is_of_record(a, part, row, &its, err))
        return false;
    if (!its && (row || !json_get(a->body, "removed")))
        return apply_void(a, REASON_PART, "the part %.*s is none of what is released",
                          SPAN_ARG(part->commitment));
    *is_new = *is_new || !its;
    return ask_opened(a, part, row, err);
}

static bool ask_moved_parts(struct apply *a, struct err *err)
{
    struct part part;
    bool any = false, is_new = false;

    for (size_t i = 0; !apply_is_void(a) && part_at(a->body, i, &part); i++) {
        if (part.media.len == 0)
            continue;
        any = true;
        if (!ask_moved(a, &part, &is_new, err))
            return false;
    }
    return apply_is_void(a) || !any || is_new || !json_get(a->body, "removed") ||
           apply_void(a, REASON_REDACTION, "it has nothing but what was there before");
}

/* What somebody has told who lives there goes to everybody without the place. Nobody here can read
 * what is released: who signs says what is not in it. */
static bool ask_place_removed(struct apply *a, struct err *err)
{
    const struct json *record, *key, *role = NULL;

    if (!span_is(json_get_text(a->body, "tier"), tier_word(TIER_PUBLIC)) ||
        json_lists(json_get(a->body, "removed"), SPAN_LIT("place")))
        return true;
    if (!apply_get(a, "record", json_get_text(a->body, "record"), &record, err) ||
        !apply_get(a, "key", json_get_text(record, "by"), &key, err))
        return false;
    struct span name = json_get_text(key, "role");
    if (name.len && !apply_in_force(a, "role", name, &role, err))
        return false;
    return json_get_integer(role, "blur", 0) != 1 ||
           apply_void(a, REASON_REDACTION,
                      "it is of who lives there, and the place is not taken out for the public");
}

static bool disclose(struct apply *a, struct err *err)
{
    const struct json *row;
    struct part part;

    for (size_t i = 0; part_at(a->body, i, &part); i++) {
        if (!apply_get(a, "committed", part.commitment, &row, err))
            return false;
        if (part.media.len == 0 || !span_is(json_get_text(row, "state"), "committed") ||
            !span_equal(json_get_text(row, "record"), json_get_text(a->body, "record")))
            continue;
        if (!case_follow(a, "committed", part.commitment, a->kind->name, "release",
                         json_string(span_of(a->record.id_text)), err))
            return false;
    }
    return true;
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
    {.kind = "custody.release",
     .own = "release",
     .asks = {ask_releaser, ask_moved_parts, ask_place_removed},
     .then = {disclose},
     .does =
         "`capability` unless the signer's role may `release`, or `record` is an "
         "`evidence.answer` signed for its own organisation. A part is *of the record* where "
         "`record` of its row in `part`, or in `committed`, is that record. Then of each of the "
         "parts that have `media`, in order: `part` if it is not of the release's `tier`; `part` "
         "unless it is of the record, or there is `removed` and the part has no row; `sealed` if "
         "its row is of tier `sealed` and that in `opening` is not `open`. Then `redaction` where "
         "there are such parts and `removed`, and all of them are of the record; and `redaction` "
         "where "
         "`tier` is `public`, the role (in force) of the key that signed `record` has `blur` 1, "
         "and "
         "`removed` does not have `place`. Moves each row of "
         "`committed` of these parts that is of the record and `committed`, with this record as "
         "`release`."},
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
    {"committed", "custody.release", "committed", "disclosed"},
    {0},
};

const struct case_room case_room_custody = {work, moves};
