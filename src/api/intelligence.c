/*
 * What was asked in confidence: between whom, how far it has come, how old what is known is, and
 * what it came to. What was said stands in parts, for who may read them. And what was said in
 * public, word by word.
 */

#include "api/case_rows.h"
#include "api/due.h"

struct view {
    struct api_call *call;
    int64_t now_ms;
    struct json older;
};

static int64_t at_ms(const struct json *row, const char *member)
{
    return json_get_integer(json_get(row, member), "at_ms", INT64_MAX);
}

static bool put_asked(struct view *view, struct json *one, struct err *err)
{
    if (!case_rows_put_under(view->call, one, "deadlines", "deadline", due_push_deadline, err))
        return false;
    json_set_integer(one, "over", view->now_ms > at_ms(one, "until"), view->call->arena);
    if (json_get(one, "as_of"))
        json_set_integer(one, "age_ms", view->now_ms - at_ms(one, "as_of"), view->call->arena);
    return true;
}

static bool put_statement(struct view *view, struct json *one, struct err *err)
{
    struct record record;
    struct json said;
    bool here;

    if (!api_read_record(view->call, (uint64_t)json_get_integer(one, "index", 0), &record, &said,
                         &here, err))
        return false;
    if (here)
        json_set(one, "public", said, view->call->arena);
    return true;
}

static bool put_list(struct view *view, const char *member, const char *table,
                     bool (*put)(struct view *view, struct json *one, struct err *err),
                     struct json *out, struct err *err)
{
    struct api_call *call = view->call;
    struct json list;

    if (!case_rows_page(call, table, member, &list, &view->older, err))
        return false;
    for (uint32_t i = 0; i < list.array.count; i++) {
        struct json *one = &list.array.at[i];

        if (!api_put_recorded(call, (uint64_t)json_get_integer(one, "index", 0), one, err) ||
            !put(view, one, err))
            return false;
    }
    json_set(out, member, list, call->arena);
    return true;
}

bool intelligence_answer(struct api_call *call, struct err *err)
{
    struct view view = {.call = call, .older = json_object()};
    struct json out = json_object();
    const struct json *clock;

    if (!api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    view.now_ms = json_get_integer(clock, "now_ms", 0);
    if (!put_list(&view, "asked", "intel", put_asked, &out, err) ||
        !put_list(&view, "statements", "statement", put_statement, &out, err))
        return false;
    json_set_integer(&out, "now_ms", view.now_ms, call->arena);
    json_set(&out, "older", view.older, call->arena);
    return api_answer_json(call, &out);
}
