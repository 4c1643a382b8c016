/* The hotline: who is on watch, how the lines stand, and what was said, with how far it has come;
 * what is not logged yet among it, unless an entry is asked for as of which it is to be. */

#include "api/case_rows.h"
#include "api/due.h"
#include "api/newest.h"
#include "node/unlogged.h"
#include "sync/lines.h"

#include <stdlib.h>

static const struct list {
    const char *member, *table;
    bool timed; /* its rows have deadlines, and are kept under the record's id */
    bool few;   /* a row for each organisation, or each way between two: all are looked at */
} lists[] = {
    {"calls", "call", true, false},          {"checks", "line_check", true, false},
    {"contests", "contest", false, false},   {"duty", "duty", false, true},
    {"files", "hotline_file", false, false}, {"lines", "line", false, true},
    {"messages", "message", true, false},    {"relays", "relay_act", false, false},
};

static bool is_logged(const struct api_call *call, uint64_t index)
{
    return !call->unlogged || index < unlogged_size(call->unlogged);
}

/* `logged`: its record is; `ahead`: what is not logged has moved it. */
static bool push_row(void *context, struct span key, const struct json *row, struct err *err)
{
    struct case_rows_list *list = context;
    struct api_call *call = list->call;
    struct json one = case_rows_copy(call, row);
    const struct json *other;
    bool ahead = false;

    if (call->unlogged && !unlogged_row(call->unlogged, arena_text(call->arena, list->only), key,
                                        &ahead, &other, call->arena, err))
        return false;
    json_set_string(&one, "id", key, call->arena);
    json_set_integer(&one, "ahead", ahead, call->arena);
    json_set_integer(&one, "logged", is_logged(call, (uint64_t)json_get_integer(row, "index", 0)),
                     call->arena);
    json_push(list->out, one, call->arena);
    return true;
}

static bool put_under(struct api_call *call, struct json *one, const char *member,
                      const char *table, each_row_see *see, struct err *err)
{
    struct json found = json_array();
    struct case_rows_list list = {.call = call, .out = &found, .only = span_of(table)};

    if (!case_rows_under(call, table, json_get_text(one, "id"), see, &list, err))
        return false;
    json_set(one, member, found, call->arena);
    return true;
}

/* Of an entry that is published; of one that is not yet, in a moment. */
static bool put_said(struct api_call *call, uint64_t index, struct json *one, struct err *err)
{
    struct json said = json_object();

    if (api_value(call, "said")->integer != 1 || index >= call->head.size)
        return true;
    if (!api_put_said(call, index, &said, err))
        return false;
    json_set(one, "said", said, call->arena);
    return true;
}

/* A message besides with what each who has it said, and what who stands between did. */
static bool put_more(struct api_call *call, const struct list *list, struct json *one,
                     struct err *err)
{
    uint64_t index = (uint64_t)json_get_integer(one, "index", 0);

    if (is_logged(call, index) && (!api_put_recorded(call, index, one, err) ||
                                   (list->timed && !put_said(call, index, one, err))))
        return false;
    if (list->timed && !put_under(call, one, "deadlines", "deadline", due_push_deadline, err))
        return false;
    return strcmp(list->table, "message") != 0 ||
           put_under(call, one, "steps", "message_step", push_row, err);
}

/* --- the newest of many ---------------------------------------------------- */

struct newest {
    struct case_rows_list all;
    size_t limit, count; /* of those that count */
    bool enough;
};

/* A row in whose place another stands, which is not logged, is that other's. */
static bool see_logged(void *context, struct span key, const struct json *row, struct err *err)
{
    struct newest *newest = context;
    struct api_call *call = newest->all.call;
    const struct json *other;
    bool here = false;

    if (call->unlogged && !unlogged_row(call->unlogged, arena_text(call->arena, newest->all.only),
                                        key, &here, &other, call->arena, err))
        return false;
    newest->count += !here;
    newest->enough = newest->count >= newest->limit;
    return here || push_row(&newest->all, key, row, err);
}

/* Of what is not logged the last that are new; what they leave out of the log's rows that have been
 * moved is older than each of them. */
static bool see_unlogged(struct newest *newest, const char *table, struct err *err)
{
    struct api_call *call = newest->all.call;
    size_t fresh = 0;
    struct span *key;
    bool ok = true;

    if (!call->unlogged)
        return true;
    size_t count = unlogged_keys(call->unlogged, table, (struct span){0}, &key, call->arena);
    while (ok && count-- > 0 && fresh < newest->limit) {
        const struct json *row;
        bool here;

        ok = unlogged_row(call->unlogged, table, key[count], &here, &row, call->arena, err);
        if (!ok || !row)
            continue;
        fresh += !is_logged(call, (uint64_t)json_get_integer(row, "index", 0));
        ok = push_row(&newest->all, key[count], row, err);
    }
    return ok;
}

static bool see_newest(struct case_rows_list *all, const char *table, size_t limit, struct err *err)
{
    struct newest newest = {.all = *all, .limit = limit};
    struct api_call *call = all->call;

    return newest_each(call->reader, table, call->as_of, see_logged, &newest, &newest.enough,
                       call->arena, err) &&
           see_unlogged(&newest, table, err);
}

/* The last of them by their place in the log, which nobody chooses. */
static bool put_list(struct api_call *call, const struct list *list, struct json *out,
                     struct err *err)
{
    struct json rows = json_array(), shown = json_array();
    struct case_rows_list all = {.call = call, .out = &rows, .only = span_of(list->table)};
    const struct span every = {0};
    size_t limit = case_rows_limit(call);

    if (!(list->few ? case_rows_each(call, list->table, every, push_row, &all, err)
                    : see_newest(&all, list->table, limit, err)))
        return false;
    case_rows_sort(&rows);
    size_t count = rows.array.count;
    for (size_t i = count > limit ? count - limit : 0; i < count; i++) {
        if (!put_more(call, list, &rows.array.at[i], err))
            return false;
        json_push(&shown, rows.array.at[i], call->arena);
    }
    json_set(out, list->member, shown, call->arena);
    return true;
}

/* --- what is not logged yet ----------------------------------------------- */

/* What it says stands with it, for the log cannot be asked. */
static bool put_waiting(struct api_call *call, const struct unlogged_item *item, struct json *one,
                        struct err *err)
{
    static const char *const verdicts[] = {
        [VERDICT_HOLDS] = "holds", [VERDICT_MARKED] = "marked", [VERDICT_VOID] = "void"};
    struct submission submission;
    struct json said = json_object();
    struct record record;

    json_set_string(one, "id", span_of(item->id), call->arena);
    json_set_string(one, "kind", span_of(item->kind), call->arena);
    json_set_string(one, "by", span_of(item->by), call->arena);
    json_set_integer(one, "since_ms", item->since_ms, call->arena);
    json_set(one, "verdict", json_text(verdicts[item->verdict]), call->arena);
    if (item->reason.len)
        json_set_string(one, "reason", item->reason, call->arena);
    if (item->why.len)
        json_set_string(one, "why", item->why, call->arena);
    if (!outbox_get(node_outbox(call->node), item->number, &submission, call->arena))
        return true; /* it has come into the log in this moment */
    if (!record_parse(&record, submission.note, call->arena, err))
        return false;
    api_put_fields(call, &record, &said);
    call->brought = &submission;
    bool ok = api_put_parts(call, &record, true, &said, err);
    call->brought = NULL;
    json_set_integer(one, "said_at_ms", record.said_at_ms, call->arena);
    json_set(one, "said", said, call->arena);
    return ok;
}

/* How each stands on its way to the log. */
static void put_way(struct api_call *call, const struct outbox_item *item, size_t count,
                    uint64_t number, struct json *one)
{
    for (size_t i = 0; i < count; i++) {
        if (item[i].number != number)
            continue;
        json_set(one, "state", json_text(outbox_state_word(item[i].state)), call->arena);
        if (item[i].reason[0])
            json_set_string(one, "log_says", span_of(item[i].reason), call->arena);
    }
}

static bool put_all_waiting(struct api_call *call, struct json *out, struct err *err)
{
    struct json list = json_array();
    const struct unlogged_item *item;
    const struct outbox_item *way;
    size_t ways, limit = case_rows_limit(call), count = unlogged_items(call->unlogged, &item);

    outbox_list(node_outbox(call->node), 0, SIZE_MAX, &way, &ways, call->arena);
    for (size_t i = count > limit ? count - limit : 0; i < count; i++) {
        struct json one = json_object();

        if (!put_waiting(call, &item[i], &one, err))
            return false;
        put_way(call, way, ways, item[i].number, &one);
        json_push(&list, one, call->arena);
    }
    json_set(out, "waiting", list, call->arena);
    return true;
}

/* How the lines of this node stand, which no record has said. */
static bool put_hops(struct api_call *call, struct json *out, struct err *err)
{
    struct json list = json_array();
    struct line_state state;
    struct node_line line = {.state = &state};
    const struct json *key;

    for (size_t i = 0; node_line(call->node, i, &line); i++) {
        struct json one = json_object();

        if (!api_row(call, "key", span_of(line.peer->name), &key, err))
            return false;
        json_set_string(&one, "peer", span_of(line.peer->name), call->arena);
        json_set_string(&one, "organisation", json_get_text(key, "org"), call->arena);
        json_set(&one, "state", json_text(line_word(state.line)), call->arena);
        json_set_integer(&one, "since_ms", state.since_ms, call->arena);
        json_set_integer(&one, "last_contact", state.last_ms, call->arena);
        json_set_integer(&one, "round_trip_ms", state.round_trip_ms, call->arena);
        json_set_integer(&one, "owed", (int64_t)state.owed, call->arena);
        json_set_integer(&one, "refused", (int64_t)state.refused, call->arena);
        if (state.problem[0])
            json_set_string(&one, "problem", arena_copy(call->arena, span_of(state.problem)),
                            call->arena);
        json_push(&list, one, call->arena);
    }
    json_set(out, "hops", list, call->arena);
    return true;
}

/* --- news ---------------------------------------------------------------- */

struct news {
    struct node *node;
    uint64_t known;
};

static bool is_news(void *context)
{
    const struct news *news = context;

    return node_hotline_news(news->node) != news->known;
}

/* Who asks has what there is, and wants to hear of the next. */
static bool waits(struct api_call *call, struct span token)
{
    const struct api_value *after = api_value(call, "after");
    struct http_response *response = call->response;
    struct news *news = ARENA_NEW(call->arena, struct news);

    if (call->request->waited || !after->given || !span_equal(after->text, token) ||
        api_value(call, "wait")->integer == 0)
        return false;
    *news = (struct news){call->node, node_hotline_news(call->node)};
    response->over = is_news;
    response->over_context = news;
    response->wait_ms = (unsigned)api_value(call, "wait")->integer * 1000;
    return true;
}

/* --- all of it ----------------------------------------------------------- */

static bool put_lists(struct api_call *call, struct json *out, struct err *err)
{
    const struct json *clock;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (!put_list(call, &lists[i], out, err))
            return false;
    if (!api_row(call, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    json_set_integer(out, "now_ms", json_get_integer(clock, "now_ms", 0), call->arena);
    return true;
}

/* By the log as it stands here, published or not, so that nothing is neither logged nor waiting. */
static bool put_ahead(struct api_call *call, struct json *out, struct err *err)
{
    uint64_t published = call->as_of;
    bool ok = unlogged_begin(node_unlogged(call->node), err);

    call->unlogged = node_unlogged(call->node);
    ok = ok && store_reader_refresh(call->reader, err);
    if (ok)
        call->as_of = unlogged_size(call->unlogged) - 1;
    ok = ok && put_lists(call, out, err) && put_all_waiting(call, out, err) &&
         put_hops(call, out, err);
    unlogged_end(call->unlogged);
    call->unlogged = NULL;
    call->as_of = published;
    return ok;
}

bool hotline_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object();
    struct span token =
        span_of(arena_printf(call->arena, "%" PRIu64, node_hotline_news(call->node)));

    if (call->as_of_asked || !node_unlogged(call->node))
        return put_lists(call, &out, err) && api_answer_json(call, &out);
    call->owed = true; /* it is not of one entry */
    if (waits(call, token))
        return true;
    json_set_string(&out, "token", token, call->arena);
    return put_ahead(call, &out, err) && api_answer_json(call, &out);
}
