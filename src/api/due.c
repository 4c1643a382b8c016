/* What is due, and for whom. */

#include "api/due.h"

#include "api/case_rows.h"

/* The clocks as of this call: all times of deadlines are of `counted_ms`. */
static bool read_clock(struct api_call *call, int64_t *counted_ms, int64_t *now_ms, struct err *err)
{
    const struct json *clock;

    if (!api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    *counted_ms = json_get_integer(clock, "counted_ms", 0);
    *now_ms = json_get_integer(clock, "now_ms", 0);
    return true;
}

/* A message that is still with who is to pass it on. */
static bool is_between(const struct json *row)
{
    struct span state = json_get_text(row, "state");

    return json_get(row, "via") && !span_is(state, "passed") && !span_is(state, "answered");
}

/* What is known was told to who puts into words what may be passed on. */
static bool is_told(const struct json *row)
{
    return json_get(row, "through") && span_is(json_get_text(row, "state"), "answered");
}

/* Whom something is asked of: a row names them by one of these. */
static struct span asked_of(const struct json *row)
{
    static const char *const members[] = {"to", "host", "owner", "team", "organisation"};

    if (is_between(row))
        return json_get_text(row, "via");
    if (is_told(row))
        return json_get_text(row, "through");
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (json_get_text(row, members[i]).len)
            return json_get_text(row, members[i]);
    return (struct span){0};
}

/* Who owes it: whose own deadline it is, else whom its subject asks, else, by the agreement, the
 * clock's owner. */
static bool put_whose(struct api_call *call, struct json *out, const struct json *row,
                      struct err *err)
{
    const struct json *subject, *clock;
    struct span whose = json_get_text(row, "org");

    if (!case_rows_own(call, json_get_text(row, "subject"), &subject, err) ||
        !api_row(
            call, "term",
            span_of(arena_printf(call->arena, "clock/%.*s", SPAN_ARG(json_get_text(row, "clock")))),
            &clock, err))
        return false;
    if (!whose.len)
        whose = asked_of(subject);
    if (!whose.len)
        whose = json_get_text(clock, "owner");
    if (whose.len)
        json_set_string(out, "whose", whose, call->arena);
    return true;
}

/* A session that is over, or was never held, needs no answer to its call. */
static bool is_past(const struct json *subject)
{
    struct span state = json_get_text(subject, "state");

    return span_is(state, "ended") || span_is(state, "collapsed") || span_is(state, "not_held");
}

/* A case that was closed leaves what still ran: nobody owes it until it is taken up again. */
static bool is_left(struct api_call *call, const struct json *deadline, bool *out, struct err *err)
{
    const struct json *row = NULL, *subject;

    if (!case_rows_own(call, json_get_text(deadline, "subject"), &subject, err))
        return false;
    if (json_get_text(deadline, "case").len &&
        !api_row(call, "case", json_get_text(deadline, "case"), &row, err))
        return false;
    *out = span_is(json_get_text(deadline, "state"), "running") &&
           (span_is(json_get_text(row, "state"), "closed") || is_past(subject));
    return true;
}

/* `at_ms` is when it runs out, or ran out, if no time is withheld. */
bool due_put_deadline(struct api_call *call, struct json *out, const struct json *row,
                      struct err *err)
{
    int64_t counted, now, due = json_get_integer(row, "due_ms", 0);
    bool left;

    if (!read_clock(call, &counted, &now, err) || !is_left(call, row, &left, err))
        return false;
    *out = case_rows_copy(call, row);
    if (left) {
        json_set(out, "state", json_text("left"), call->arena);
    } else if (span_is(json_get_text(row, "state"), "running")) {
        json_set_integer(out, "at_ms", now + due - counted, call->arena);
        json_set_integer(out, "overdue", counted > due, call->arena);
    }
    return put_whose(call, out, row, err);
}

bool due_push_deadline(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct json one;

    (void)key;
    if (!due_put_deadline(list->call, &one, row, err))
        return false;
    json_push(list->out, one, list->call->arena);
    return true;
}

static bool push_due(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct api_call *call = list->call;
    const struct json *deadline;
    struct json one;

    (void)key;
    if (!api_row(call, "deadline", json_get_text(row, "deadline"), &deadline, err) ||
        !due_put_deadline(call, &one, deadline, err))
        return false;
    if (list->only.len && !span_equal(list->only, json_get_text(&one, "whose")))
        return true;
    if (span_is(json_get_text(&one, "state"), "left"))
        return true;
    if (json_get_text(&one, "case").len &&
        !case_rows_put_title(call, &one, json_get_text(&one, "case"), err))
        return false;
    json_push(list->out, one, call->arena);
    list->full = list->out->array.count == list->limit;
    return true;
}

bool due_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), due = json_array();
    struct case_rows_list list = {.call = call,
                                  .out = &due,
                                  .only = api_value(call, "organisation")->text,
                                  .limit = case_rows_limit(call)};
    int64_t counted, now;

    if (!each_row_until(call->reader, "due", (struct span){0}, (struct span){0}, call->as_of,
                        push_due, &list, &list.full, call->arena, err) ||
        !read_clock(call, &counted, &now, err))
        return false;
    json_set_integer(&out, "counted_ms", counted, call->arena);
    json_set_integer(&out, "now_ms", now, call->arena);
    json_set(&out, "due", due, call->arena);
    return api_answer_json(call, &out);
}
