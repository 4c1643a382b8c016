/* The hotline: who is on watch, how the lines stand, and what was said, with how far it has come.
 */

#include "api/case_rows.h"
#include "api/due.h"

#include <stdlib.h>

static const struct list {
    const char *member, *table;
    bool timed; /* its rows have deadlines, and are kept under the record's id */
} lists[] = {
    {"calls", "call", true},       {"checks", "line_check", true},   {"contests", "contest", false},
    {"duty", "duty", false},       {"files", "hotline_file", false}, {"lines", "line", false},
    {"messages", "message", true}, {"relays", "relay_act", false},
};

static bool push_row(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct json one = case_rows_copy(list->call, row);

    (void)err;
    json_set_string(&one, "id", key, list->call->arena);
    json_push(list->out, one, list->call->arena);
    return true;
}

static int in_order(const void *left, const void *right)
{
    int64_t a = json_get_integer(left, "index", 0), b = json_get_integer(right, "index", 0);

    return (a > b) - (a < b);
}

static bool put_under(struct api_call *call, struct json *one, const char *member,
                      const char *table, each_row_see *see, struct err *err)
{
    struct json found = json_array();
    struct case_rows_list list = {.call = call, .out = &found};

    if (!case_rows_under(call, table, json_get_text(one, "id"), see, &list, err))
        return false;
    json_set(one, member, found, call->arena);
    return true;
}

/* A message besides with what each who has it said, and what who stands between did. */
static bool put_more(struct api_call *call, const struct list *list, struct json *one,
                     struct err *err)
{
    if (!api_put_recorded(call, (uint64_t)json_get_integer(one, "index", 0), one, err))
        return false;
    if (list->timed && !put_under(call, one, "deadlines", "deadline", due_push_deadline, err))
        return false;
    return strcmp(list->table, "message") != 0 ||
           put_under(call, one, "steps", "message_step", push_row, err);
}

/* The last of them by their place in the log, which nobody chooses. */
static bool put_list(struct api_call *call, const struct list *list, struct json *out,
                     struct err *err)
{
    struct json rows = json_array(), shown = json_array();
    struct case_rows_list all = {.call = call, .out = &rows};
    const struct span every = {0};
    size_t limit = case_rows_limit(call);

    if (!each_row(call->reader, list->table, every, call->as_of, push_row, &all, call->arena, err))
        return false;
    size_t count = rows.array.count;
    if (count)
        qsort(rows.array.at, count, sizeof *rows.array.at, in_order);
    for (size_t i = count > limit ? count - limit : 0; i < count; i++) {
        if (!put_more(call, list, &rows.array.at[i], err))
            return false;
        json_push(&shown, rows.array.at[i], call->arena);
    }
    json_set(out, list->member, shown, call->arena);
    return true;
}

bool hotline_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object();
    const struct json *clock;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (!put_list(call, &lists[i], &out, err))
            return false;
    if (!api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    json_set_integer(&out, "now_ms", json_get_integer(clock, "now_ms", 0), call->arena);
    return api_answer_json(call, &out);
}
