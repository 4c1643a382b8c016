/*
 * What was asked in confidence: between whom, how far it has come, how old what is known is, and
 * what it came to. What was said stands in parts, for who may read them. And what was said in
 * public, word by word.
 */

#include "api/case_rows.h"
#include "api/due.h"

#include <stdlib.h>

struct view {
    struct api_call *call;
    int64_t now_ms;
    struct json list;
};

static int64_t at_ms(const struct json *row, const char *member)
{
    return json_get_integer(json_get(row, member), "at_ms", INT64_MAX);
}

static bool put_common(struct view *view, struct span id, const struct json *row, struct json *out,
                       struct err *err)
{
    *out = case_rows_copy(view->call, row);
    json_set_string(out, "id", id, view->call->arena);
    return api_put_recorded(view->call, (uint64_t)json_get_integer(row, "index", 0), out, err);
}

static bool push_asked(void *context, struct span key, const struct json *row, struct err *err)
{
    struct view *view = context;
    struct json one, deadlines = json_array();
    struct case_rows_list list = {.call = view->call, .out = &deadlines};

    if (!put_common(view, key, row, &one, err) ||
        !case_rows_under(view->call, "deadline", key, due_push_deadline, &list, err))
        return false;
    json_set(&one, "deadlines", deadlines, view->call->arena);
    json_set_integer(&one, "over", view->now_ms > at_ms(row, "until"), view->call->arena);
    if (json_get(row, "as_of"))
        json_set_integer(&one, "age_ms", view->now_ms - at_ms(row, "as_of"), view->call->arena);
    json_push(&view->list, one, view->call->arena);
    return true;
}

static bool push_statement(void *context, struct span key, const struct json *row, struct err *err)
{
    struct view *view = context;
    struct record record;
    struct json one, said;
    bool here;

    if (!put_common(view, key, row, &one, err) ||
        !api_read_record(view->call, (uint64_t)json_get_integer(row, "index", 0), &record, &said,
                         &here, err))
        return false;
    if (here)
        json_set(&one, "public", said, view->call->arena);
    json_push(&view->list, one, view->call->arena);
    return true;
}

static bool put_list(struct view *view, const char *member, const char *table, each_row_see *see,
                     struct json *out, struct err *err)
{
    struct api_call *call = view->call;

    view->list = json_array();
    if (!each_row(call->reader, table, (struct span){0}, call->as_of, see, view, call->arena, err))
        return false;
    case_rows_sort(&view->list);
    json_set(out, member, view->list, call->arena);
    return true;
}

bool intelligence_answer(struct api_call *call, struct err *err)
{
    struct view view = {.call = call};
    struct json out = json_object();
    const struct json *clock;

    if (!api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    view.now_ms = json_get_integer(clock, "now_ms", 0);
    if (!put_list(&view, "asked", "intel", push_asked, &out, err) ||
        !put_list(&view, "statements", "statement", push_statement, &out, err))
        return false;
    json_set_integer(&out, "now_ms", view.now_ms, call->arena);
    return api_answer_json(call, &out);
}
