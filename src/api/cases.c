/* Cases: the list, and one with its whole file. */

#include "api/case_rows.h"
#include "api/due.h"

static bool put_case(struct api_call *call, struct json *out, struct span id,
                     const struct json *row, struct err *err)
{
    *out = case_rows_copy(call, row);
    json_set_string(out, "id", id, call->arena);
    return case_rows_put_title(call, out, id, err);
}

/* --- the list ------------------------------------------------------------ */

static bool list_one(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct json one;

    if (list->only.len && !span_equal(list->only, json_get_text(row, "state")))
        return true;
    list->full = list->out->array.count == list->limit;
    if (list->full)
        return true;
    list->last = key;
    if (!put_case(list->call, &one, key, row, err))
        return false;
    json_push(list->out, one, list->call->arena);
    return true;
}

bool cases_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), cases = json_array();
    struct case_rows_list list = {.call = call,
                                  .out = &cases,
                                  .only = api_value(call, "state")->text,
                                  .limit = case_rows_limit(call)};

    if (!each_row_until(call->reader, "case", (struct span){0}, api_value(call, "after")->text,
                        call->as_of, list_one, &list, &list.full, call->arena, err))
        return false;
    if (list.full)
        json_set_string(&out, "next", list.last, call->arena);
    json_set(&out, "cases", cases, call->arena);
    return api_answer_json(call, &out);
}

/* --- one case ------------------------------------------------------------ */

static bool put_verdict(struct api_call *call, struct json *out, struct span index, struct err *err)
{
    static const char *const members[] = {"clause", "marks", "reason", "verdict"};
    const struct json *row;

    if (!api_row(call, "verdict", index, &row, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (row && json_get(row, members[i]))
            json_set(out, members[i], *json_get(row, members[i]), call->arena);
    return true;
}

static bool put_signer(struct api_call *call, struct json *out, struct span by, struct err *err)
{
    const struct json *key;

    if (!api_row(call, "key", by, &key, err))
        return false;
    json_set_string(out, "by", by, call->arena);
    if (json_get_text(key, "org").len)
        json_set_string(out, "org", json_get_text(key, "org"), call->arena);
    if (json_get_text(key, "role").len)
        json_set_string(out, "role", json_get_text(key, "role"), call->arena);
    return true;
}

/* `row` is what the record's own row has come to by now. */
static bool push_record(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct api_call *call = list->call;
    struct json out = json_object();
    struct span id = json_get_text(row, "id");
    const struct json *own, *record;

    if (!api_row(call, "record", id, &record, err))
        return false;
    uint64_t at = (uint64_t)json_get_integer(record, "index", 0);
    json_set_integer(&out, "index", (int64_t)at, call->arena);
    json_set_string(&out, "id", id, call->arena);
    if (!put_signer(call, &out, json_get_text(row, "by"), err) ||
        !put_verdict(call, &out, case_rows_behind(key), err) ||
        !api_put_said(call, at, &out, err) || !api_put_recorded(call, at, &out, err) ||
        !case_rows_own(call, id, &own, err))
        return false;
    if (own)
        json_set(&out, "row", *own, call->arena);
    json_push(list->out, out, call->arena);
    return true;
}

/* Those of the case itself, and those of every record in it. */
static bool put_deadlines(struct api_call *call, struct json *out, struct span id,
                          const struct json *records, struct err *err)
{
    struct json deadlines = json_array();
    struct case_rows_list list = {.call = call, .out = &deadlines};
    bool ok = case_rows_under(call, "deadline", id, due_push_deadline, &list, err);

    for (size_t i = 0; ok && i < records->array.count; i++)
        ok = case_rows_under(call, "deadline", json_get_text(&records->array.at[i], "id"),
                             due_push_deadline, &list, err);
    json_set(out, "deadlines", deadlines, call->arena);
    return ok;
}

/* What stands behind the case's id in the key is put as `of`. */
static bool push_under(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct json one = case_rows_copy(list->call, row);

    (void)err;
    json_set_string(&one, "of", case_rows_behind(key), list->call->arena);
    json_push(list->out, one, list->call->arena);
    return true;
}

/* The rows of a table under the case's id. */
static bool put_under(struct api_call *call, struct json *out, const char *name, const char *table,
                      each_row_see *see, struct span id, struct err *err)
{
    struct json rows = json_array();
    struct case_rows_list list = {.call = call, .out = &rows};
    bool ok = case_rows_under(call, table, id, see, &list, err);

    json_set(out, name, rows, call->arena);
    return ok;
}

bool case_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), head;
    struct span id = call->in_path.text;
    const struct json *row;

    if (!api_row(call, "case", id, &row, err))
        return false;
    if (!row)
        return err_set(err, ERR_MISSING,
                       "no incident %.*s has been taken up as a case as of entry %" PRIu64,
                       SPAN_ARG(id), call->as_of);
    if (!put_case(call, &head, id, row, err) ||
        !put_under(call, &out, "records", "case_record", push_record, id, err) ||
        !put_under(call, &out, "refused", "view_case_refused", push_record, id, err) ||
        !put_deadlines(call, &out, id, json_get(&out, "records"), err) ||
        !put_under(call, &out, "side_states", "side_state", push_under, id, err) ||
        !put_under(call, &out, "recusals", "recusal", push_under, id, err) ||
        !put_under(call, &out, "summonses", "summons", push_under, id, err))
        return false;
    json_set(&out, "case", head, call->arena);
    return api_answer_json(call, &out);
}
