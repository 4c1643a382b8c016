/* Cases: the list, one with its whole file, and what is due. */

#include "api/call.h"

#include "register/register.h"

#define LIMIT_DEFAULT 100u
#define ROWS 1000u /* read from the store at a time */

struct page {
    struct span only; /* those of this state, or of this organisation; empty: all */
    size_t limit;
    struct span last;
};

/* Turn is given every row whose key starts with the prefix, until it says that this is enough. */
struct walk {
    struct api_call *call;
    struct json *out;
    bool enough;
    bool (*turn)(struct walk *walk, struct span key, const struct json *row, struct err *err);
    struct page *page; /* NULL: all rows */
};

static bool walk_rows(struct walk *walk, const char *table, struct span prefix, struct span after,
                      struct err *err)
{
    struct api_call *call = walk->call;
    struct store_row *rows;
    size_t count = ROWS;

    while (count == ROWS && !walk->enough) {
        if (!store_scan(call->reader, table, prefix, after, call->as_of, ROWS, &rows, &count,
                        call->arena, err))
            return false;
        for (size_t i = 0; i < count && !walk->enough; i++) {
            struct json *row = ARENA_NEW(call->arena, struct json);

            if (!api_json(call, rows[i].row, row, err) || !walk->turn(walk, rows[i].key, row, err))
                return false;
        }
        if (count)
            after = rows[count - 1].key;
    }
    return true;
}

static struct span prefix_of(struct api_call *call, struct span id)
{
    return span_of(arena_printf(call->arena, "%.*s ", SPAN_ARG(id)));
}

static struct json copy_of(struct api_call *call, const struct json *row)
{
    struct json out = json_object();

    for (uint32_t i = 0; row && i < row->object.count; i++)
        json_set(&out, arena_text(call->arena, row->object.at[i].key), row->object.at[i].value,
                 call->arena);
    return out;
}

static bool put_title(struct api_call *call, struct json *out, struct span incident,
                      struct err *err)
{
    const struct json *view;

    if (!api_row(call, "view_item", incident, &view, err))
        return false;
    if (view && json_get(view, "title"))
        json_set(out, "title", *json_get(view, "title"), call->arena);
    return true;
}

static bool put_case(struct api_call *call, struct json *out, struct span id,
                     const struct json *row, struct err *err)
{
    *out = copy_of(call, row);
    json_set_string(out, "id", id, call->arena);
    return put_title(call, out, id, err);
}

/* --- the list ------------------------------------------------------------ */

static bool list_one(struct walk *walk, struct span key, const struct json *row, struct err *err)
{
    struct page *page = walk->page;
    struct json one;

    if (page->only.len && !span_equal(page->only, json_get_text(row, "state")))
        return true;
    if (walk->out->array.count == page->limit) {
        walk->enough = true;
        return true;
    }
    page->last = key;
    if (!put_case(walk->call, &one, key, row, err))
        return false;
    json_push(walk->out, one, walk->call->arena);
    return true;
}

static size_t limit_of(struct api_call *call)
{
    const struct api_value *limit = api_value(call, "limit");

    return limit->given ? (size_t)limit->integer : LIMIT_DEFAULT;
}

bool cases_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), list = json_array();
    struct page page = {api_value(call, "state")->text, limit_of(call), {0}};
    struct walk walk = {call, &list, false, list_one, &page};

    if (!walk_rows(&walk, "case", (struct span){0}, api_value(call, "after")->text, err))
        return false;
    if (walk.enough)
        json_set_string(&out, "next", page.last, call->arena);
    json_set(&out, "cases", list, call->arena);
    return api_answer_json(call, &out);
}

/* --- deadlines ----------------------------------------------------------- */

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

/* Whom something is asked of: a row names them by one of these. */
static struct span asked_of(const struct json *row)
{
    static const char *const members[] = {"to", "host", "owner", "team"};

    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (json_get_text(row, members[i]).len)
            return json_get_text(row, members[i]);
    return (struct span){0};
}

static bool read_subject(struct api_call *call, struct span id, const struct json **out,
                         struct err *err)
{
    const struct json *record;

    *out = NULL;
    if (!api_row(call, "record", id, &record, err))
        return false;
    const char *table = register_own_table(json_get_text(record, "kind"));
    return !table || api_row(call, table, id, out, err);
}

/* Who owes it: whose own deadline it is, else whom its subject asks, else, by the agreement, the
 * clock's owner. */
static bool put_whose(struct api_call *call, struct json *out, const struct json *row,
                      struct err *err)
{
    const struct json *subject, *clock;
    struct span whose = json_get_text(row, "org");

    if (!read_subject(call, json_get_text(row, "subject"), &subject, err) ||
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

/* A case that was closed leaves what still ran: nobody owes it until it is taken up again. */
static bool is_left(struct api_call *call, const struct json *deadline, bool *out, struct err *err)
{
    const struct json *row = NULL;

    if (json_get_text(deadline, "case").len &&
        !api_row(call, "case", json_get_text(deadline, "case"), &row, err))
        return false;
    *out = span_is(json_get_text(deadline, "state"), "running") &&
           span_is(json_get_text(row, "state"), "closed");
    return true;
}

/* `at_ms` is when it runs out, or ran out, if no time is withheld. */
static bool put_deadline(struct api_call *call, struct json *out, const struct json *row,
                         struct err *err)
{
    int64_t counted, now, due = json_get_integer(row, "due_ms", 0);
    bool left;

    if (!read_clock(call, &counted, &now, err) || !is_left(call, row, &left, err))
        return false;
    *out = copy_of(call, row);
    if (left) {
        json_set(out, "state", json_text("left"), call->arena);
    } else if (span_is(json_get_text(row, "state"), "running")) {
        json_set_integer(out, "at_ms", now + due - counted, call->arena);
        json_set_integer(out, "overdue", counted > due, call->arena);
    }
    return put_whose(call, out, row, err);
}

static bool push_deadline(struct walk *walk, struct span key, const struct json *row,
                          struct err *err)
{
    struct json one;

    (void)key;
    if (!put_deadline(walk->call, &one, row, err))
        return false;
    json_push(walk->out, one, walk->call->arena);
    return true;
}

static bool push_due(struct walk *walk, struct span key, const struct json *row, struct err *err)
{
    const struct page *page = walk->page;
    const struct json *deadline;
    struct json one;

    (void)key;
    if (!api_row(walk->call, "deadline", json_get_text(row, "deadline"), &deadline, err) ||
        !put_deadline(walk->call, &one, deadline, err))
        return false;
    if (page->only.len && !span_equal(page->only, json_get_text(&one, "whose")))
        return true;
    if (span_is(json_get_text(&one, "state"), "left"))
        return true;
    if (json_get_text(&one, "case").len &&
        !put_title(walk->call, &one, json_get_text(&one, "case"), err))
        return false;
    json_push(walk->out, one, walk->call->arena);
    walk->enough = walk->out->array.count == page->limit;
    return true;
}

bool due_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), list = json_array();
    struct page page = {api_value(call, "organisation")->text, limit_of(call), {0}};
    struct walk walk = {call, &list, false, push_due, &page};
    int64_t counted, now;

    if (!walk_rows(&walk, "due", (struct span){0}, (struct span){0}, err) ||
        !read_clock(call, &counted, &now, err))
        return false;
    json_set_integer(&out, "counted_ms", counted, call->arena);
    json_set_integer(&out, "now_ms", now, call->arena);
    json_set(&out, "due", list, call->arena);
    return api_answer_json(call, &out);
}

/* --- the ceasefire, as each side declares it --- */

/* The key says who declared, and of levels where. */
static bool push_declared(struct walk *walk, struct span key, const struct json *row,
                          struct err *err)
{
    struct json one = copy_of(walk->call, row);
    struct span whose = key, sector = key;

    if (!span_cut(&sector, ' ', &whose))
        sector = (struct span){0};
    json_set_string(&one, "organisation", whose, walk->call->arena);
    if (sector.len)
        json_set_string(&one, "sector", sector, walk->call->arena);
    json_push(walk->out, one, walk->call->arena);
    return api_put_recorded(walk->call, (uint64_t)json_get_integer(row, "index", 0),
                            &walk->out->array.at[walk->out->array.count - 1], err);
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
    struct walk states = {call, &declared, false, push_declared, NULL};
    struct walk escalation = {call, &levels, false, push_declared, NULL};

    if (!walk_rows(&states, "ceasefire", (struct span){0}, (struct span){0}, err) ||
        !walk_rows(&escalation, "level", (struct span){0}, (struct span){0}, err))
        return false;
    json_set(&out, "declared", declared, call->arena);
    json_set_integer(&out, "disputed", differ(&declared), call->arena);
    json_set(&out, "levels", levels, call->arena);
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
static bool push_record(struct walk *walk, struct span key, const struct json *row, struct err *err)
{
    struct api_call *call = walk->call;
    struct json out = json_object();
    struct span index = key, id = json_get_text(row, "id");
    const struct json *own, *record;
    bool cut = span_cut(&index, ' ', &(struct span){0});

    assert(cut);
    if (!api_row(call, "record", id, &record, err))
        return false;
    uint64_t at = (uint64_t)json_get_integer(record, "index", 0);
    json_set_integer(&out, "index", (int64_t)at, call->arena);
    json_set_string(&out, "id", id, call->arena);
    if (!put_signer(call, &out, json_get_text(row, "by"), err) ||
        !put_verdict(call, &out, index, err) || !api_put_said(call, at, &out, err) ||
        !api_put_recorded(call, at, &out, err) || !read_subject(call, id, &own, err))
        return false;
    if (own)
        json_set(&out, "row", *own, call->arena);
    json_push(walk->out, out, call->arena);
    return true;
}

/* Those of the case itself, and those of every record in it. */
static bool put_deadlines(struct api_call *call, struct json *out, struct span id,
                          const struct json *records, struct err *err)
{
    struct json list = json_array();
    struct walk walk = {call, &list, false, push_deadline, NULL};
    bool ok = walk_rows(&walk, "deadline", prefix_of(call, id), (struct span){0}, err);

    for (size_t i = 0; ok && i < records->array.count; i++)
        ok = walk_rows(&walk, "deadline",
                       prefix_of(call, json_get_text(&records->array.at[i], "id")),
                       (struct span){0}, err);
    json_set(out, "deadlines", list, call->arena);
    return ok;
}

/* The rows of a table under the case's id: what stands behind the id is put as `of`. */
static bool push_under(struct walk *walk, struct span key, const struct json *row, struct err *err)
{
    struct json one = copy_of(walk->call, row);
    struct span behind = key;
    bool cut = span_cut(&behind, ' ', &(struct span){0});

    (void)err;
    assert(cut);
    json_set_string(&one, "of", behind, walk->call->arena);
    json_push(walk->out, one, walk->call->arena);
    return true;
}

static bool put_under(struct api_call *call, struct json *out, const char *name, const char *table,
                      struct span id, struct err *err)
{
    struct json list = json_array();
    struct walk walk = {call, &list, false, push_under, NULL};

    if (!walk_rows(&walk, table, prefix_of(call, id), (struct span){0}, err))
        return false;
    json_set(out, name, list, call->arena);
    return true;
}

bool case_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), head, records = json_array(), refused = json_array();
    struct walk file = {call, &records, false, push_record, NULL};
    struct walk voids = {call, &refused, false, push_record, NULL};
    struct span id = call->in_path.text;
    const struct json *row;

    if (!api_row(call, "case", id, &row, err))
        return false;
    if (!row)
        return err_set(err, ERR_MISSING,
                       "no incident %.*s has been taken up as a case as of entry %" PRIu64,
                       SPAN_ARG(id), call->as_of);
    if (!put_case(call, &head, id, row, err) ||
        !walk_rows(&file, "case_record", prefix_of(call, id), (struct span){0}, err) ||
        !walk_rows(&voids, "view_case_refused", prefix_of(call, id), (struct span){0}, err) ||
        !put_deadlines(call, &out, id, &records, err) ||
        !put_under(call, &out, "side_states", "side_state", id, err) ||
        !put_under(call, &out, "recusals", "recusal", id, err) ||
        !put_under(call, &out, "summonses", "summons", id, err))
        return false;
    json_set(&out, "case", head, call->arena);
    json_set(&out, "records", records, call->arena);
    json_set(&out, "refused", refused, call->arena);
    return api_answer_json(call, &out);
}
