/* What stands at the crossings, and what is announced, over HTTP. */

#include "api/lanes.h"
#include "api/case_rows.h"
#include "api/due.h"
#include "api/notices.h"
#include "base/calendar.h"

/* Where nothing is said, the last days of the log's own time. */
#define DAYS_USUAL 30

static bool time_now(struct api_call *call, int64_t *out, struct err *err)
{
    const struct json *clock;

    if (!api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    *out = json_get_integer(clock, "now_ms", 0);
    return true;
}

/* Of the public part what a driver or a trader needs. */
static bool put_public(void *context, uint64_t index, struct json *out, struct err *err)
{
    static const char *const members[] = {"authority", "conditions", "hours", "note", "reason"};
    struct api_call *call = context;
    struct record record;
    struct json said;
    bool here;

    if (!api_read_record(call, index, &record, &said, &here, err))
        return false;
    struct json text = json_object();
    json_set_string(out, "id", arena_copy(call->arena, span_of(record.id_text)), call->arena);
    for (size_t i = 0; here && i < ARRAY_LEN(members); i++)
        if (json_get(&said, members[i]))
            json_set(&text, members[i], *json_get(&said, members[i]), call->arena);
    if (text.object.count)
        json_set(out, "public", text, call->arena);
    return true;
}

bool lanes_read(struct api_call *call, struct crossings_query *query, struct json *out,
                struct err *err)
{
    int64_t now;

    if (!time_now(call, &now, err))
        return false;
    if (query->to_ms == 0)
        query->to_ms = now > 0 ? now : MS_PER_DAY;
    if (query->from_ms == 0)
        query->from_ms = query->to_ms - DAYS_USUAL * (int64_t)MS_PER_DAY;
    return crossings_read(out, call->reader, query, put_public, call, call->arena, err);
}

static int64_t value_or(struct api_call *call, const char *name, int64_t otherwise)
{
    const struct api_value *value = api_value(call, name);

    return value->given ? value->integer : otherwise;
}

/* --- what is to be let through --- */

struct deadlines {
    struct api_call *call;
    struct json list;
};

static bool push_deadline(void *context, struct span key, const struct json *row, struct err *err)
{
    struct deadlines *deadlines = context;
    struct json one;

    (void)key;
    if (!due_put_deadline(deadlines->call, &one, row, err))
        return false;
    json_push(&deadlines->list, one, deadlines->call->arena);
    return true;
}

static bool put_deadlines(void *context, struct span id, struct json *out, struct err *err)
{
    struct deadlines deadlines = {context, json_array()};

    if (!case_rows_under(deadlines.call, "deadline", id, push_deadline, &deadlines, err))
        return false;
    json_set(out, "deadlines", deadlines.list, deadlines.call->arena);
    return true;
}

/* The last answer: its conditions and until when it lets through, which may be sooner than asked.
 */
static bool put_answer(struct api_call *call, const struct json *row, struct json *out,
                       int64_t *until_ms, struct err *err)
{
    struct span id = json_get_text(row, "answered");
    const struct json *record;
    struct json said = json_object();

    if (!id.len)
        return true;
    if (!api_row(call, "record", id, &record, err) ||
        !api_put_said(call, (uint64_t)json_get_integer(record, "index", 0), &said, err))
        return false;
    const struct json *until = json_get(json_get(&said, "fields"), "until");
    if (until) {
        json_set(out, "until_granted", *until, call->arena);
        *until_ms = json_get_integer(until, "at_ms", *until_ms);
    }
    if (json_get(&said, "public"))
        json_set(out, "public", *json_get(&said, "public"), call->arena);
    return true;
}

static bool is_on(const struct json *row)
{
    static const char *const over[] = {"passed", "turned_back", "expired", "cancelled"};

    for (size_t i = 0; i < ARRAY_LEN(over); i++)
        if (span_is(json_get_text(row, "state"), over[i]))
            return false;
    return true;
}

static bool push_transit(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct api_call *call = list->call;
    struct json one = case_rows_copy(call, row);
    int64_t now, until = json_get_integer(json_get(row, "until"), "at_ms", INT64_MAX);

    if (list->only.len && !span_equal(list->only, json_get_text(row, "crossing")))
        return true;
    json_set_string(&one, "id", key, call->arena);
    if (!time_now(call, &now, err) || !put_answer(call, row, &one, &until, err) ||
        !put_deadlines(call, key, &one, err))
        return false;
    json_set_integer(&one, "ran_out", is_on(row) && until < now, call->arena);
    json_push(list->out, one, call->arena);
    return true;
}

bool crossings_answer(struct api_call *call, struct err *err)
{
    struct crossings_query query = {
        .from_ms = value_or(call, "from", 0),
        .to_ms = value_or(call, "to", 0),
        .offset_min = (int)value_or(call, "offset_min", 0),
        .as_of = call->as_of,
        .crossing = api_value(call, "crossing")->text,
    };
    struct json out, transit = json_array();
    struct case_rows_list list = {
        .call = call, .out = &transit, .only = api_value(call, "crossing")->text};

    if (!lanes_read(call, &query, &out, err) ||
        !each_row(call->reader, "transit", (struct span){0}, call->as_of, push_transit, &list,
                  call->arena, err))
        return false;
    json_set(&out, "transit", transit, call->arena);
    return api_answer_json(call, &out);
}

/* --- what is announced --- */

bool notices_answer(struct api_call *call, struct err *err)
{
    struct notices_query query = {
        .from_ms = value_or(call, "from", CALENDAR_MIN_MS),
        .to_ms = value_or(call, "to", CALENDAR_MAX_MS),
        .current = !api_value(call, "from")->given && !api_value(call, "to")->given,
        .as_of = call->as_of,
    };
    struct json out;

    return notices_read(&out, call->reader, &query, put_deadlines, call, call->arena, err) &&
           api_answer_json(call, &out);
}
