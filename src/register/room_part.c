#include "register/casework.h"

/*
 * Parts after they were written: who opened what was sealed, what is to be destroyed and who says
 * that it is; and what sources and items are worth, apart. The content of a part is read by no
 * rule.
 */

/* --- opening --- */

static bool part_named(struct apply *a, const struct json **out, struct err *err)
{
    if (!apply_get(a, "part", json_get_text(a->body, "part"), out, err))
        return false;
    return *out || apply_void(a, REASON_PART, "no record named a part %.*s",
                              SPAN_ARG(json_get_text(a->body, "part")));
}

/* Whether this key is, or has the place of, the n-th recipient of a sealed part. */
static bool is_recipient(struct apply *a, const struct json *part, size_t n, struct span name,
                         bool *out, struct err *err)
{
    struct json one = json_array();

    json_push(&one, json_get(part, "recipients")->array.at[n], a->arena);
    return keys_hold(a, &one, name, out, err);
}

static bool ask_opener(struct apply *a, struct err *err)
{
    bool inner = span_is(json_get_text(a->body, "step"), "inner"), is;
    const struct json *part;

    if (!part_named(a, &part, err))
        return false;
    if (apply_is_void(a))
        return true;
    if (!span_is(json_get_text(part, "tier"), tier_word(TIER_SEALED)))
        return apply_void(a, REASON_PART, "the part is not sealed");
    if (!is_recipient(a, part, inner, a->record.by, &is, err))
        return false;
    return is || apply_void(a, REASON_NOT_YOURS, "the %s seal is that of another",
                            inner ? "inner" : "outer");
}

/* Its only part with a media type is what it opens, and is for the same two. */
static bool ask_passed_on(struct apply *a, struct err *err)
{
    struct part passed;
    size_t count = 0;
    const struct json *part;
    bool same = true;

    if (!part_named(a, &part, err))
        return false;
    for (size_t i = 0; part_at(a->body, i, &passed); i++) {
        if (passed.media.len == 0)
            continue;
        same = same && passed.tier == TIER_SEALED &&
               span_equal(passed.commitment, json_get_text(a->body, "part"));
        for (size_t n = 0; same && n < 2; n++)
            if (!is_recipient(a, part, n, passed.recipients->array.at[n].string, &same, err))
                return false;
        count++;
    }
    return (same && count == 1) ||
           apply_void(a, REASON_PART, "it passes on something else than what it opens");
}

static bool note_opening(struct apply *a, struct err *err)
{
    bool inner = span_is(json_get_text(a->body, "step"), "inner");

    return case_set_named(a, inner ? "inner" : "outer", json_string(span_of(a->record.id_text)),
                          err);
}

/* --- erasing --- */

static bool ask_part(struct apply *a, struct err *err)
{
    const struct json *part;

    return part_named(a, &part, err);
}

/* Nobody orders alone that something be destroyed. */
static bool ask_another(struct apply *a, struct err *err)
{
    struct span first = json_get_text(a->at.named, "org");

    return !span_equal(first, apply_org(a)) ||
           apply_no_move(a, err, "%.*s has asked for it", SPAN_ARG(first));
}

/* Every organisation owes its word, also one that may have nothing of it. */
static bool owe_all(struct apply *a, struct err *err)
{
    struct span key = a->at.of;
    const struct json *orgs;

    if (!pieces_section(a, "organisation", &orgs, err))
        return false;
    for (size_t i = 0; orgs && i < orgs->array.count; i++) {
        struct span org = json_get_text(&orgs->array.at[i], "id");
        struct json *row = apply_copy(a, NULL);

        json_set_string(row, "org", org, a->arena);
        json_set(row, "state", json_text(move_to("erased", "ordered", (struct span){0})), a->arena);
        if (!apply_put(a, "erased", apply_join(a, key, ' ', org), row, err))
            return false;
    }
    return case_set_named(a, "owed", json_integer(orgs ? (int64_t)orgs->array.count : 0), err);
}

static bool set_part(struct apply *a, const char *on, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, "part", a->at.of, &before, err))
        return false;
    const char *to = move_to("part", on, json_get_text(before, "state"));
    assert(to); /* a part goes with its row of `erasure` */
    struct json *row = apply_copy(a, before);
    json_set(row, "state", json_text(to), a->arena);
    return apply_put(a, "part", a->at.of, row, err);
}

static bool note_order(struct apply *a, struct err *err)
{
    const struct json *before = json_get(a->at.named, "orders");
    struct json orders = json_array();

    for (size_t i = 0; before && i < before->array.count; i++)
        json_push(&orders, before->array.at[i], a->arena);
    json_push(&orders, json_string(span_of(a->record.id_text)), a->arena);
    if (!case_set_named(a, "orders", orders, err))
        return false;
    return !a->at.named || (owe_all(a, err) && set_part(a, "ordered", err));
}

static bool confirm(struct apply *a, struct err *err)
{
    struct span org = apply_org(a);
    int64_t owed = json_get_integer(a->at.named, "owed", 0) - 1;

    if (!case_move(a, "erased", apply_join(a, a->at.of, ' ', org), false, err))
        return false;
    if (apply_is_void(a))
        return true;
    return case_set_named(a, "owed", json_integer(owed), err) &&
           (owed > 0 || set_part(a, "confirmed", err));
}

/* --- grades --- */

static bool ask_graded(struct apply *a, struct err *err)
{
    (void)err;
    return !json_get(a->body, "record") != !json_get(a->body, "organisation") ||
           apply_void(a, REASON_SHAPE, "it grades a record, or an organisation");
}

static bool graded_org(struct apply *a, struct span *out, struct err *err)
{
    const struct json *record, *key;

    *out = json_get_text(a->body, "organisation");
    if (out->len)
        return true;
    if (!apply_get(a, "record", json_get_text(a->body, "record"), &record, err) ||
        !apply_get(a, "key", json_get_text(record, "by"), &key, err))
        return false;
    *out = json_get_text(key, "org");
    return true;
}

static bool ask_foreign(struct apply *a, struct err *err)
{
    struct span org;

    if (!graded_org(a, &org, err))
        return false;
    return !span_equal(org, apply_org(a)) ||
           apply_void(a, REASON_OWN_SOURCE, "it is of %.*s, as the signer is", SPAN_ARG(org));
}

#define OWN_SOURCE                                                                                 \
    "`own_source` where the signer acts for the organisation that is graded, which is that of "    \
    "the "                                                                                         \
    "key that signed `record`"

static const struct casework work[] = {
    {.kind = "part.opened",
     .of = "part",
     .moves = "opening",
     .word = "step",
     .asks = {ask_opener, ask_passed_on},
     .then = {note_opening},
     .does =
         "`part` unless that has a row in `part` of tier `sealed`; `not_yours` unless the signer "
         "is, or has the place (format §6.6) of, the first of its `recipients` where the step is "
         "`outer`, the second where it is `inner`; `part` unless exactly one of the record's "
         "`parts` has `media`, its commitment is this one, its tier `sealed`, and each of its "
         "recipients is, or has the place of, that of the row. The member of the named row that is "
         "called as the step becomes this record."},
    {.kind = "part.erase",
     .of = "part",
     .moves = "erasure",
     .asks = {ask_part, ask_another},
     .then = {note_order},
     .does =
         "`part` unless that has a row in `part`; `no_move` where the signer acts for `org` of the "
         "named row. This record goes to the end of its `orders`. If it had a row before: a row of "
         "`erased` for each item `organisation` of the agreement, with its id as `org`, by the "
         "move `ordered`; their number is its `owed`; and the row of `part` is moved on "
         "`ordered`."},
    {.kind = "part.erased",
     .of = "part",
     .moves = "erasure",
     .word = "found",
     .then = {confirm},
     .does = "Then moves the row of `erased` of the part and the signer's organisation, which gets "
             "`by` and `index` of this record (`no_move`), and `owed` of the named row is one "
             "less. At 0 the row of `part` is moved on `confirmed`."},
    {.kind = "grade.source",
     .own = "grading",
     .asks = {ask_graded, ask_foreign},
     .does = "`shape` unless it has either `record` or `organisation`. " OWN_SOURCE "."},
    {.kind = "grade.item", .own = "grading", .asks = {ask_foreign}, .does = OWN_SOURCE "."},
    {0},
};

static const struct move moves[] = {
    {"opening", "part.opened outer", "", "half_open"},
    {"opening", "part.opened inner", "half_open", "open"},

    {"erasure", "part.erase", "", "proposed"},
    {"erasure", "part.erase", "proposed", "ordered"},
    {"erasure", "part.erased destroyed", "ordered", "ordered"},
    {"erasure", "part.erased none_held", "ordered", "ordered"},
    {"part", "ordered", "held", "ordered"},
    {"part", "confirmed", "ordered", "erased"}, /* by every organisation */
    {"erased", "ordered", "", "owed"},
    {"erased", "part.erased destroyed", "owed", "destroyed"},
    {"erased", "part.erased none_held", "owed", "none_held"},

    {"grading", "grade.source", "", "given"},
    {"grading", "grade.item", "", "given"},
    {0},
};

const struct case_room case_room_part = {work, moves};
