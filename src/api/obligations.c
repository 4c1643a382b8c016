/*
 * What is owed: each obligation of the agreement with those who owe it, what was done and said of
 * it, and how far along its road that is. And persons by number, demands, and what is vouched for.
 */

#include "api/case_rows.h"
#include "api/due.h"
#include "journal/in_force.h"

#include <stdlib.h>

struct view {
    struct api_call *call;
    struct json terms;
    struct json reports, settlements; /* of the page, each with its `id` */
    struct json older;
};

/* Of a copy of a row: the public words of its record, and when it was recorded. */
static bool put_public(struct api_call *call, struct json *one, struct err *err)
{
    uint64_t index = (uint64_t)json_get_integer(one, "index", 0);
    struct record record;
    struct json said;
    bool here;

    if (!api_read_record(call, index, &record, &said, &here, err))
        return false;
    if (here)
        json_set(one, "public", said, call->arena);
    return api_put_recorded(call, index, one, err);
}

static bool push_row(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct json one = case_rows_copy(list->call, row);

    json_set_string(&one, "id", key, list->call->arena);
    if (!put_public(list->call, &one, err))
        return false;
    json_push(list->out, one, list->call->arena);
    return true;
}

static bool read_page(struct view *view, const char *table, const char *member, struct json *out,
                      struct err *err)
{
    if (!case_rows_page(view->call, table, member, out, &view->older, err))
        return false;
    for (uint32_t i = 0; i < out->array.count; i++)
        if (!put_public(view->call, &out->array.at[i], err))
            return false;
    return true;
}

/* --- what was done of it --- */

/* Those of a list that name this one. */
static struct json naming(struct view *view, const struct json *list, struct span id)
{
    struct json out = json_array();

    for (uint32_t i = 0; i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "owing"), id))
            json_push(&out, list->array.at[i], view->call->arena);
    return out;
}

static bool put_deadlines(struct api_call *call, struct span id, struct json *out, struct err *err)
{
    struct json found = json_array();
    struct case_rows_list list = {.call = call, .out = &found};

    if (!case_rows_under(call, "deadline", id, due_push_deadline, &list, err))
        return false;
    json_set(out, "deadlines", found, call->arena);
    return true;
}

/* What each holds of a step, side by side. */
static bool put_judgements(struct view *view, struct json *report, struct err *err)
{
    struct json found = json_array();
    struct case_rows_list list = {.call = view->call, .out = &found};

    if (!case_rows_under(view->call, "judgement", json_get_text(report, "id"), push_row, &list,
                         err))
        return false;
    json_set(report, "judgements", found, view->call->arena);
    return put_deadlines(view->call, json_get_text(report, "id"), report, err);
}

/* The row of one who owes it; `state` is `not_open` where it is on no calendar. */
static bool owed_by(struct view *view, struct span obligation, struct span org, struct json *out,
                    struct err *err)
{
    struct api_call *call = view->call;
    const struct json *owed, *row = NULL;
    struct span id;

    *out = json_object();
    json_set_string(out, "organisation", org, call->arena);
    json_set(out, "state", json_text("not_open"), call->arena);
    if (!api_row(
            call, "owed",
            span_of(arena_printf(call->arena, "%.*s %.*s", SPAN_ARG(obligation), SPAN_ARG(org))),
            &owed, err))
        return false;
    id = json_get_text(owed, "record");
    if (id.len && !api_row(call, "obligation", id, &row, err))
        return false;
    if (!row)
        return true;
    *out = case_rows_copy(call, row);
    json_set_string(out, "id", id, call->arena);
    json_set(out, "reports", naming(view, &view->reports, id), call->arena);
    json_set(out, "settlements", naming(view, &view->settlements, id), call->arena);
    return put_deadlines(call, id, out, err);
}

static bool is_kept(const struct json *owes)
{
    for (uint32_t i = 0; i < owes->array.count; i++)
        if (!span_is(json_get_text(&owes->array.at[i], "state"), "kept"))
            return false;
    return true;
}

/* --- the obligations, and the road --- */

/* Along the road: what lies on no stage comes first. */
static int by_order(const void *left, const void *right)
{
    int64_t a = json_get_integer(left, "order", 0), b = json_get_integer(right, "order", 0);
    int order = (a > b) - (a < b);

    return order ? order : span_compare(json_get_text(left, "id"), json_get_text(right, "id"));
}

static void sort(struct json *list)
{
    if (list->array.count)
        qsort(list->array.at, list->array.count, sizeof *list->array.at, by_order);
}

static const struct json *named(const struct json *list, struct span id)
{
    for (uint32_t i = 0; list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), id))
            return &list->array.at[i];
    return NULL;
}

static bool push_obligation(struct view *view, const struct json *item, struct json *list,
                            struct err *err)
{
    static const char *const members[] = {"according_to", "clause", "due_ms", "id",
                                          "sources",      "stage",  "status"};
    const struct json *owes = json_get(item, "owes");
    struct json out = json_object(), by = json_array();

    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (json_get(item, members[i]))
            json_set(&out, members[i], *json_get(item, members[i]), view->call->arena);
    for (uint32_t i = 0; owes && i < owes->array.count; i++) {
        struct json one;

        if (!owed_by(view, json_get_text(item, "id"), owes->array.at[i].string, &one, err))
            return false;
        json_push(&by, one, view->call->arena);
    }
    json_set(&out, "owes", by, view->call->arena);
    json_set_integer(&out, "kept", is_kept(&by), view->call->arena);
    json_set_integer(
        &out, "order",
        json_get_integer(named(json_get(&view->terms, "stage"), json_get_text(item, "stage")),
                         "order", 0),
        view->call->arena);
    json_push(list, out, view->call->arena);
    return true;
}

/* What it waits for, and whether it still does. */
static void put_waits(struct view *view, const struct json *item, const struct json *list,
                      struct json *out)
{
    const struct json *waits = json_get(item, "waits_for");
    struct json open = json_array();

    for (uint32_t i = 0; waits && i < waits->array.count; i++)
        if (json_get_integer(named(list, waits->array.at[i].string), "kept", 0) == 0)
            json_push(&open, waits->array.at[i], view->call->arena);
    if (waits)
        json_set(out, "waits_for", *waits, view->call->arena);
    json_set(out, "waits", open, view->call->arena);
}

static bool put_obligations(struct view *view, struct json *out, struct err *err)
{
    const struct json *items = json_get(&view->terms, "obligation");
    struct json list = json_array();

    for (uint32_t i = 0; items && i < items->array.count; i++)
        if (!push_obligation(view, &items->array.at[i], &list, err))
            return false;
    for (uint32_t i = 0; items && i < items->array.count; i++)
        put_waits(view, &items->array.at[i], &list, &list.array.at[i]);
    sort(&list);
    json_set(out, "obligations", list, view->call->arena);
    return true;
}

/* A stage is reached when all that lies on it is kept. */
static void put_stages(struct view *view, struct json *out)
{
    const struct json *stages = json_get(&view->terms, "stage");
    const struct json *list = json_get(out, "obligations");
    struct json found = json_array();

    for (uint32_t i = 0; stages && i < stages->array.count; i++) {
        struct span id = json_get_text(&stages->array.at[i], "id");
        struct json one = json_object();
        int64_t kept = 0, all = 0;

        for (uint32_t n = 0; n < list->array.count; n++)
            if (span_equal(json_get_text(&list->array.at[n], "stage"), id)) {
                all++;
                kept += json_get_integer(&list->array.at[n], "kept", 0);
            }
        json_set_string(&one, "id", id, view->call->arena);
        json_set_integer(&one, "kept", kept, view->call->arena);
        json_set_integer(&one, "obligations", all, view->call->arena);
        json_set_integer(&one, "order", json_get_integer(&stages->array.at[i], "order", 0),
                         view->call->arena);
        json_set_integer(&one, "reached", all > 0 && kept == all, view->call->arena);
        json_push(&found, one, view->call->arena);
    }
    sort(&found);
    json_set(out, "stages", found, view->call->arena);
}

/* --- persons, demands, guarantees --- */

static bool put_demands(struct view *view, struct json *out, struct err *err)
{
    struct json list;

    if (!read_page(view, "demand", "demands", &list, err))
        return false;
    for (uint32_t i = 0; i < list.array.count; i++)
        if (!put_deadlines(view->call, json_get_text(&list.array.at[i], "id"), &list.array.at[i],
                           err))
            return false;
    json_set(out, "demands", list, view->call->arena);
    return true;
}

static bool put_list(struct view *view, const char *member, const char *table, struct json *out,
                     struct err *err)
{
    struct json list;

    if (!read_page(view, table, member, &list, err))
        return false;
    json_set(out, member, list, view->call->arena);
    return true;
}

static bool read_terms(struct view *view, struct err *err)
{
    struct api_call *call = view->call;
    int64_t version;

    view->terms = json_object();
    return in_force_version(call->reader, call->as_of, &version, call->arena, err) &&
           in_force_terms(call->reader, version, call->as_of, &view->terms, call->arena, err);
}

static bool read_reports(struct view *view, struct err *err)
{
    if (!read_page(view, "obligation_report", "reports", &view->reports, err) ||
        !read_page(view, "settlement", "settlements", &view->settlements, err))
        return false;
    for (uint32_t i = 0; i < view->reports.array.count; i++)
        if (!put_judgements(view, &view->reports.array.at[i], err))
            return false;
    return true;
}

bool obligations_answer(struct api_call *call, struct err *err)
{
    struct view view = {.call = call, .older = json_object()};
    struct json out = json_object();
    const struct json *clock;

    if (!read_terms(&view, err) || !read_reports(&view, err) ||
        !put_obligations(&view, &out, err) || !put_list(&view, "persons", "persons", &out, err) ||
        !put_demands(&view, &out, err) || !put_list(&view, "guarantees", "guarantee", &out, err) ||
        !api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    put_stages(&view, &out);
    json_set(&out, "older", view.older, call->arena);
    json_set_integer(&out, "now_ms", json_get_integer(clock, "now_ms", 0), call->arena);
    return api_answer_json(call, &out);
}
