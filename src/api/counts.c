/* What figures need beside them: how much was watched, and what two ledgers have in common. */

#include "api/call.h"
#include "api/compliance.h"
#include "api/coverage.h"
#include "api/reconcile.h"
#include "base/calendar.h"

/* Where nothing is said, the last days of the log's own time. */
#define DAYS_USUAL 7

static bool time_now(struct api_call *call, int64_t *out, struct err *err)
{
    const struct json *clock;

    if (!api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    *out = json_get_integer(clock, "now_ms", 0);
    return true;
}

bool coverage_answer(struct api_call *call, struct err *err)
{
    const struct api_value *from = api_value(call, "from"), *to = api_value(call, "to");
    struct coverage_query query = {.offset_min = (int)api_value(call, "offset_min")->integer,
                                   .as_of = call->as_of};
    struct json offsets = json_array();
    struct coverage coverage;
    int64_t now_ms;
    size_t count;
    int *offset;

    if (!time_now(call, &now_ms, err))
        return false;
    query.to_ms = to->given ? to->integer : now_ms;
    query.from_ms = from->given ? from->integer : query.to_ms - DAYS_USUAL * (int64_t)MS_PER_DAY;
    if (!coverage_read(&coverage, call->reader, &query, call->arena, err) ||
        !coverage_offsets(call->reader, call->as_of, &offset, &count, call->arena, err))
        return false;
    struct json out = coverage_json(&coverage, query.offset_min, call->arena);
    for (size_t i = 0; i < count; i++)
        json_push(&offsets, json_integer(offset[i]), call->arena);
    json_set(&out, "offsets_min", offsets, call->arena);
    return api_answer_json(call, &out);
}

bool ledgers_answer(struct api_call *call, struct err *err)
{
    const struct api_value *left = api_value(call, "left"), *right = api_value(call, "right"),
                           *from = api_value(call, "from"), *to = api_value(call, "to");
    const struct reconcile_query query = {
        .left = left->text,
        .right = right->text,
        .sector = api_value(call, "sector")->text,
        .has_time = from->given || to->given,
        .from_ms = from->given ? from->integer : INT64_MIN,
        .to_ms = to->given ? to->integer : INT64_MAX,
        .as_of = call->as_of,
    };
    struct reconcile reconcile;

    if (!left->given || !right->given)
        return err_set(err, ERR_USAGE, "whose ledgers? give left=ORGANISATION&right=ORGANISATION");
    if (!reconcile_read(&reconcile, call->reader, &query, call->arena, err))
        return false;
    struct json out = reconcile_json(&reconcile, &query, call->arena);
    return api_answer_json(call, &out);
}

bool compliance_answer(struct api_call *call, struct err *err)
{
    struct json out;

    return compliance_read(&out, call->reader, call->as_of, call->arena, err) &&
           api_answer_json(call, &out);
}
