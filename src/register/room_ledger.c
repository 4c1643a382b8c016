#include "register/casework.h"

/*
 * Two organisations' accounts laid beside each other: that an item of one and an item of the
 * other speak of one event, and whether they name one author. Neither item changes.
 */

/* Under one key, whichever is named first: it is the same pair. */
static struct span pair_key(struct apply *a)
{
    struct span left = json_get_text(a->body, "left"), right = json_get_text(a->body, "right");

    return span_compare(left, right) < 0 ? apply_join(a, left, ' ', right)
                                         : apply_join(a, right, ' ', left);
}

/* Of whom the item is, by the key that signed it. */
static bool org_of(struct apply *a, const char *field, struct span *out, struct err *err)
{
    const struct json *record, *key;

    if (!apply_get(a, "record", json_get_text(a->body, field), &record, err) ||
        !apply_get(a, "key", json_get_text(record, "by"), &key, err))
        return false;
    *out = json_get_text(key, "org");
    return true;
}

static bool ask_two_ledgers(struct apply *a, struct err *err)
{
    struct span left, right;

    if (!org_of(a, "left", &left, err) || !org_of(a, "right", &right, err))
        return false;
    return !span_equal(left, right) ||
           apply_void(a, REASON_ONE_LEDGER, "both are %.*s's", SPAN_ARG(left));
}

static bool put_match(struct apply *a, struct err *err)
{
    return case_move(a, "match", pair_key(a), true, err);
}

static bool put_unmatched(struct apply *a, struct err *err)
{
    return case_move(a, "match", pair_key(a), false, err);
}

static const struct casework work[] = {
    {.kind = "ledger.match",
     .asks = {ask_two_ledgers},
     .then = {put_match},
     .does = "`one_ledger` if keys of one organisation signed both. Moves the row of `match` under "
             "the two ids in bytewise order, which is this record's from now on."},
    {.kind = "ledger.unmatch",
     .then = {put_unmatched},
     .does = "Moves the row of `match`, with `by`, `index` and `org`; the rest of it stays."},
    {0},
};

static const struct move moves[] = {
    {"match", "ledger.match", "", "matched"},
    {"match", "ledger.match", "unmatched", "matched"},
    {"match", "ledger.unmatch", "matched", "unmatched"},
    {0},
};

const struct case_room case_room_ledger = {work, moves};
