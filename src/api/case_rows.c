#include "api/case_rows.h"

#include "node/unlogged.h"
#include "register/register.h"

#include <stdlib.h>

size_t case_rows_limit(struct api_call *call)
{
    const struct api_value *limit = api_value(call, "limit");

    return limit->given ? (size_t)limit->integer : CASE_ROWS_LIMIT;
}

struct json case_rows_copy(struct api_call *call, const struct json *row)
{
    struct json out = json_object();

    for (uint32_t i = 0; row && i < row->object.count; i++)
        json_set(&out, arena_text(call->arena, row->object.at[i].key), row->object.at[i].value,
                 call->arena);
    return out;
}

bool case_rows_put_title(struct api_call *call, struct json *out, struct span incident,
                         struct err *err)
{
    const struct json *view;

    if (!api_row(call, "view_item", incident, &view, err))
        return false;
    if (view && json_get(view, "title"))
        json_set(out, "title", *json_get(view, "title"), call->arena);
    return true;
}

bool case_rows_own(struct api_call *call, struct span id, const struct json **out, struct err *err)
{
    const struct json *record;

    *out = NULL;
    if (!api_row(call, "record", id, &record, err))
        return false;
    const char *table = register_own_table(json_get_text(record, "kind"));
    return !table || api_row(call, table, id, out, err);
}

struct over {
    struct unlogged *unlogged;
    const char *table;
    each_row_see *see;
    void *context;
    struct arena *arena;
};

/* A row of the log in whose place another stands is passed over. */
static bool see_logged(void *context, struct span key, const struct json *row, struct err *err)
{
    const struct over *over = context;
    const struct json *other;
    bool here;

    if (!unlogged_row(over->unlogged, over->table, key, &here, &other, over->arena, err))
        return false;
    return here || over->see(over->context, key, row, err);
}

bool case_rows_each(struct api_call *call, const char *table, struct span prefix, each_row_see *see,
                    void *context, struct err *err)
{
    struct over over = {call->unlogged, table, see, context, call->arena};
    struct span *key;

    if (!call->unlogged)
        return each_row(call->reader, table, prefix, call->as_of, see, context, call->arena, err);
    bool ok =
        each_row(call->reader, table, prefix, call->as_of, see_logged, &over, call->arena, err);
    size_t count = unlogged_keys(call->unlogged, table, prefix, &key, call->arena);
    for (size_t i = 0; ok && i < count; i++) {
        const struct json *row;
        bool here;

        ok = unlogged_row(call->unlogged, table, key[i], &here, &row, call->arena, err) &&
             (!row || see(context, key[i], row, err));
    }
    return ok;
}

bool case_rows_under(struct api_call *call, const char *table, struct span id, each_row_see *see,
                     void *context, struct err *err)
{
    struct span prefix = span_of(arena_printf(call->arena, "%.*s ", SPAN_ARG(id)));

    return case_rows_each(call, table, prefix, see, context, err);
}

struct span case_rows_behind(struct span key)
{
    struct span first;

    return span_cut(&key, ' ', &first) ? key : (struct span){0};
}

bool case_rows_push(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct json one = case_rows_copy(list->call, row);

    (void)err;
    json_set_string(&one, "id", key, list->call->arena);
    json_push(list->out, one, list->call->arena);
    return true;
}

bool case_rows_put_under(struct api_call *call, struct json *out, const char *member,
                         const char *table, each_row_see *see, struct err *err)
{
    struct json found = json_array();
    struct case_rows_list list = {.call = call, .out = &found};

    if (!case_rows_under(call, table, json_get_text(out, "id"), see, &list, err))
        return false;
    json_set(out, member, found, call->arena);
    return true;
}

static int in_order(const void *left, const void *right)
{
    int64_t a = json_get_integer(left, "index", 0), b = json_get_integer(right, "index", 0);

    return (a > b) - (a < b);
}

void case_rows_sort(struct json *rows)
{
    if (rows->array.count)
        qsort(rows->array.at, rows->array.count, sizeof *rows->array.at, in_order);
}

/* Of all rows of a table in the order of the log, the last `limit` of those before an entry; how
 * many there are before these. */
static bool read_last(struct api_call *call, const char *table, size_t limit, int64_t before,
                      struct json *out, size_t *older, struct err *err)
{
    struct json rows = json_array();
    struct case_rows_list all = {.call = call, .out = &rows};
    const struct span every = {0};

    if (!each_row(call->reader, table, every, call->as_of, case_rows_push, &all, call->arena, err))
        return false;
    case_rows_sort(&rows);
    size_t count = rows.array.count;
    while (count && json_get_integer(&rows.array.at[count - 1], "index", 0) >= before)
        count--;
    *older = count > limit ? count - limit : 0;
    *out = json_array();
    for (size_t i = *older; i < count; i++)
        json_push(out, rows.array.at[i], call->arena);
    return true;
}

bool case_rows_newest(struct api_call *call, const char *table, size_t limit, struct json *out,
                      struct err *err)
{
    size_t older;

    return read_last(call, table, limit, INT64_MAX, out, &older, err);
}

bool case_rows_page(struct api_call *call, const char *table, const char *member, struct json *out,
                    struct json *older, struct err *err)
{
    const struct api_value *before = api_value(call, "before");
    size_t count;

    if (!read_last(call, table, case_rows_limit(call), before->given ? before->integer : INT64_MAX,
                   out, &count, err))
        return false;
    json_set_integer(older, member, (int64_t)count, call->arena);
    return true;
}
