#include "register/casework.h"

/*
 * Evidence: what somebody was asked to keep and hand over, what came of it, and of what origin
 * and class each record is. How much it proves is said by no rule but those of findings.
 */

static bool ask_asked(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "to");
}

static bool ask_commitments(struct apply *a, struct err *err)
{
    bool committed = span_is(json_get_text(a->body, "answer"), "committed");

    (void)err;
    return committed == (json_get(a->body, "commitments") != NULL) ||
           apply_void(a, REASON_SHAPE, "`commitments` stand with the answer `committed` alone");
}

/* The first word on a commitment counts: it says since when the thing has been what it is. */
static bool put_commitments(struct apply *a, struct err *err)
{
    const struct json *list = json_get(a->body, "commitments"), *before;

    for (size_t i = 0; list && i < list->array.count; i++) {
        struct span key = list->array.at[i].string;
        struct json *row = apply_copy(a, NULL);

        if (!apply_get(a, "committed", key, &before, err))
            return false;
        if (before)
            continue;
        json_set_string(row, "by", a->record.by, a->arena);
        json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
        json_set_string(row, "org", apply_org(a), a->arena);
        json_set_string(row, "record", span_of(a->record.id_text), a->arena);
        json_set(row, "state",
                 json_text(move_to("committed", "evidence.answer committed", (struct span){0})),
                 a->arena);
        if (!apply_put(a, "committed", key, row, err))
            return false;
    }
    return true;
}

/* One row a record, whoever assesses it: the last word counts, and names the record that it is
 * in. What stood here before stays in the log, and in the store as of then. */
static bool put_assessment(struct apply *a, struct err *err)
{
    struct json *row = apply_copy_without(a, apply_row_of_body(a), "record");

    json_set_string(row, "by", a->record.by, a->arena);
    json_set_string(row, "id", span_of(a->record.id_text), a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set_string(row, "org", apply_org(a), a->arena);
    return apply_put(a, "assessment", json_get_text(a->body, "record"), row, err);
}

static const struct casework work[] = {
    {.kind = "evidence.preserve", .own = "request", .does = ""},
    {.kind = "evidence.answer",
     .of = "request",
     .moves = "request",
     .word = "answer",
     .asks = {ask_asked, ask_commitments},
     .then = {case_answered, put_commitments},
     .does = "`not_yours` unless the signer acts for `to` of the request; `shape` unless it has "
             "`commitments` exactly where the answer is `committed`. Its `answer` becomes this "
             "one's, `answered` this record. Writes `committed` for each of the commitments that "
             "has no row yet."},
    {.kind = "evidence.assess",
     .then = {put_assessment},
     .does = "Writes `assessment` under `record`, over what was there: the fields but `record`, "
             "and as `id` this record."},
    {0},
};

static const struct move moves[] = {
    {"request", "evidence.preserve", "", "asked"},
    {"request", "evidence.answer given", "asked", "answered"},
    {"request", "evidence.answer in_part", "asked", "answered"},
    {"request", "evidence.answer refused", "asked", "answered"},
    {"request", "evidence.answer none_held", "asked", "answered"},
    {"request", "evidence.answer committed", "asked", "answered"},
    {"request", "evidence.answer later", "asked", "asked"},
    {"committed", "evidence.answer committed", "", "committed"},
    /* Who refused may think again, and who gave a part may give the rest. */
    {"request", "evidence.answer given", "answered", "answered"},
    {"request", "evidence.answer in_part", "answered", "answered"},
    {"request", "evidence.answer committed", "answered", "answered"},
    {0},
};

const struct case_room case_room_evidence = {work, moves};
