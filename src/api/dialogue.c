/* Dialogue: the agreement's bodies, their sessions, what was carried from one to another, what came
 * of it, who is to do what, and what may be put on the next agenda. */

#include "api/case_rows.h"
#include "api/due.h"
#include "journal/in_force.h"

/* What a list's rows are given besides. */
static const struct list {
    const char *member, *table;
    bool timed; /* their deadlines */
    struct {
        const char *table, *member;
    } under[2];       /* tables whose rows are kept under theirs, and as what member */
    const char *also; /* the member of theirs that names another record; NULL: none */
} lists[] = {
    {"actions", "action", true, {{NULL, NULL}}, "report"},
    {"agenda", "agenda_item", false, {{NULL, NULL}}, NULL},
    {"exchanges", "exchange", true, {{NULL, NULL}}, "passed"},
    {"finals",
     "final_text",
     true,
     {{"text_concurrence", "concurrences"}, {"text_language", "contested"}},
     NULL},
    {"outcomes", "outcome", true, {{"outcome_answer", "answers"}}, NULL},
    {"papers", "paper", false, {{NULL, NULL}}, NULL},
    {"sessions", "session", true, {{"attendance", "attendance"}}, "closed"},
    {"texts", "text", false, {{"article", "parts"}}, NULL},
    {"wordings", "wording", false, {{"wording_answer", "answers"}}, NULL},
};

static bool put_said_of(struct api_call *call, struct json *out, const char *member, int64_t index,
                        struct err *err)
{
    struct json said = json_object();

    if (!api_put_said(call, (uint64_t)index, &said, err))
        return false;
    json_set(out, member, said, call->arena);
    return true;
}

/* What the other record says that the row names: how a text was put, why a session ended. */
static bool put_also(struct api_call *call, struct json *one, const char *member, struct err *err)
{
    const struct json *record;
    struct span id = json_get_text(one, member);

    if (id.len == 0)
        return true;
    if (!api_row(call, "record", id, &record, err))
        return false;
    return put_said_of(call, one, "also", json_get_integer(record, "index", 0), err);
}

static bool put_more(struct api_call *call, const struct list *list, struct json *one,
                     struct err *err)
{
    int64_t index = json_get_integer(one, "index", 0);

    if (!api_put_recorded(call, (uint64_t)index, one, err) ||
        !put_said_of(call, one, "said", index, err))
        return false;
    if (list->timed &&
        !case_rows_put_under(call, one, "deadlines", "deadline", due_push_deadline, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(list->under) && list->under[i].table; i++)
        if (!case_rows_put_under(call, one, list->under[i].member, list->under[i].table,
                                 case_rows_push, err))
            return false;
    return !list->also || put_also(call, one, list->also, err);
}

static bool put_list(struct api_call *call, const struct list *list, struct json *out,
                     struct err *err)
{
    struct json rows;

    if (!case_rows_newest(call, list->table, case_rows_limit(call), &rows, err))
        return false;
    for (size_t i = 0; i < rows.array.count; i++)
        if (!put_more(call, list, &rows.array.at[i], err))
            return false;
    json_set(out, list->member, rows, call->arena);
    return true;
}

/* --- bodies ----------------------------------------------------------------------------------- */

/* With what runs for it: when it is to meet, and who has said nothing for how long. */
static bool put_bodies(struct api_call *call, struct json *out, struct err *err)
{
    struct json terms = json_object(), list = json_array();
    int64_t version;

    if (!in_force_version(call->reader, call->as_of, &version, call->arena, err) ||
        !in_force_terms(call->reader, version, call->as_of, &terms, call->arena, err))
        return false;
    const struct json *bodies = json_get(&terms, "body");
    for (size_t i = 0; bodies && i < bodies->array.count; i++) {
        struct json one = json_object();
        const struct json *body = &bodies->array.at[i];
        struct span dormant = json_get_text(body, "dormant");

        json_set_string(&one, "id", json_get_text(body, "id"), call->arena);
        if (dormant.len)
            json_set_string(&one, "dormant", dormant, call->arena);
        if (!case_rows_put_under(call, &one, "deadlines", "deadline", due_push_deadline, err))
            return false;
        json_push(&list, one, call->arena);
    }
    json_set(out, "bodies", list, call->arena);
    return true;
}

/* --- what may be put on the next agenda ------------------------------------------------------- */

struct proposed {
    struct api_call *call;
    const struct json *shown; /* the lists above */
    struct json list;
    size_t limit;
};

static bool is_full(const struct proposed *p)
{
    return p->list.array.count >= p->limit;
}

static const struct json *row_with_id(const struct json *list, struct span id)
{
    for (size_t i = 0; i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), id))
            return &list->array.at[i];
    return NULL;
}

static bool is_to_come(const struct json *session)
{
    struct span state = json_get_text(session, "state");

    return span_is(state, "called") || span_is(state, "open") || span_is(state, "adjourned");
}

/* Whether a session that may still speak of it has it on its agenda. */
static bool is_on_agenda(const struct proposed *p, const char *member, struct span id)
{
    const struct json *agenda = json_get(p->shown, "agenda");

    for (size_t i = 0; i < agenda->array.count; i++) {
        const struct json *item = &agenda->array.at[i];

        if (span_equal(json_get_text(item, member), id) &&
            is_to_come(row_with_id(json_get(p->shown, "sessions"), json_get_text(item, "session"))))
            return true;
    }
    return false;
}

static bool propose_case(void *context, struct span key, const struct json *row, struct err *err)
{
    struct proposed *p = context;
    struct span state = json_get_text(row, "state");
    struct json one = json_object();

    if (is_full(p) || span_is(state, "closed") || span_is(state, "linked") ||
        span_is(state, "out_of_mandate") || is_on_agenda(p, "incident", key))
        return true;
    json_set_string(&one, "incident", key, p->call->arena);
    json_set_string(&one, "state", state, p->call->arena);
    if (!case_rows_put_title(p->call, &one, key, err))
        return false;
    json_push(&p->list, one, p->call->arena);
    return true;
}

static bool is_overdue(const struct json *one)
{
    const struct json *deadlines = json_get(one, "deadlines");

    for (size_t i = 0; i < deadlines->array.count; i++)
        if (json_get_integer(&deadlines->array.at[i], "overdue", 0))
            return true;
    return false;
}

static void propose_actions(struct proposed *p)
{
    const struct json *actions = json_get(p->shown, "actions");

    for (size_t i = 0; i < actions->array.count && !is_full(p); i++) {
        const struct json *action = &actions->array.at[i];
        struct span id = json_get_text(action, "id");
        struct json one = json_object();

        if (!is_overdue(action) || is_on_agenda(p, "action", id))
            continue;
        json_set_string(&one, "action", id, p->call->arena);
        json_set_string(&one, "owner", json_get_text(action, "owner"), p->call->arena);
        json_set_string(&one, "state", json_get_text(action, "state"), p->call->arena);
        json_push(&p->list, one, p->call->arena);
    }
}

/* A crossing once, however many of its lanes are not open. */
static bool propose_crossing(void *context, struct span key, const struct json *row,
                             struct err *err)
{
    struct proposed *p = context;
    struct span crossing = json_get_text(row, "crossing"), status = json_get_text(row, "status");
    struct json one = json_object();

    (void)key;
    (void)err;
    if (is_full(p) || span_is(status, "open") || span_is(status, "unknown") ||
        is_on_agenda(p, "crossing", crossing))
        return true;
    for (size_t i = 0; i < p->list.array.count; i++)
        if (span_equal(json_get_text(&p->list.array.at[i], "crossing"), crossing))
            return true;
    json_set_string(&one, "crossing", crossing, p->call->arena);
    json_set_string(&one, "state", status, p->call->arena);
    json_push(&p->list, one, p->call->arena);
    return true;
}

static bool put_proposed(struct api_call *call, struct json *out, struct err *err)
{
    struct proposed p = {call, out, json_array(), case_rows_limit(call)};
    const struct span every = {0};

    propose_actions(&p);
    if (!each_row(call->reader, "case", every, call->as_of, propose_case, &p, call->arena, err) ||
        !each_row(call->reader, "lane", every, call->as_of, propose_crossing, &p, call->arena, err))
        return false;
    json_set(out, "proposed", p.list, call->arena);
    return true;
}

bool dialogue_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object();
    const struct json *clock;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (!put_list(call, &lists[i], &out, err))
            return false;
    if (!put_bodies(call, &out, err) || !put_proposed(call, &out, err) ||
        !api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    json_set_integer(&out, "now_ms", json_get_integer(clock, "now_ms", 0), call->arena);
    return api_answer_json(call, &out);
}
