/* The ceasefire, as each side declares it. */

#include "api/case_rows.h"

/* The key says who declared, and of levels where. */
static bool push_declared(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct api_call *call = list->call;
    struct json one = case_rows_copy(call, row);
    struct span sector = case_rows_behind(key), whose = key;

    if (sector.len) {
        whose.len -= sector.len + 1;
        json_set_string(&one, "sector", sector, call->arena);
    }
    json_set_string(&one, "organisation", whose, call->arena);
    if (!api_put_recorded(call, (uint64_t)json_get_integer(row, "index", 0), &one, err))
        return false;
    json_push(list->out, one, call->arena);
    return true;
}

static bool differ(const struct json *declared)
{
    for (size_t i = 1; i < declared->array.count; i++)
        if (!span_equal(json_get_text(&declared->array.at[0], "state"),
                        json_get_text(&declared->array.at[i], "state")))
            return true;
    return false;
}

bool ceasefire_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), declared = json_array(), levels = json_array();
    struct case_rows_list states = {.call = call, .out = &declared};
    struct case_rows_list escalation = {.call = call, .out = &levels};
    const struct span all = {0};

    if (!each_row(call->reader, "ceasefire", all, call->as_of, push_declared, &states, call->arena,
                  err) ||
        !each_row(call->reader, "level", all, call->as_of, push_declared, &escalation, call->arena,
                  err))
        return false;
    json_set(&out, "declared", declared, call->arena);
    json_set_integer(&out, "disputed", differ(&declared), call->arena);
    json_set(&out, "levels", levels, call->arena);
    return api_answer_json(call, &out);
}
