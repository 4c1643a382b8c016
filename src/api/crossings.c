#include "api/crossings.h"

#include "api/flows.h"
#include "journal/in_force.h"

#define KNOWN_BYTES 200u /* of the crossings' ids, told to who asked for another */

struct rows {
    struct span *key;
    const struct json **row;
    size_t count, room, row_room;
    struct arena *arena;
};

struct view {
    struct store_reader *reader;
    const struct crossings_query *query;
    crossings_text *text;
    void *context;
    struct arena *arena;
    const struct json *crossings, *directions, *classes, *organisations;
    int64_t now_ms;
    struct lane_period period;
    struct lane_days_list days;
    struct rows declared, seen, counts, returns;
};

/* A lane that is being written. */
struct lane {
    struct span crossing, direction, class;
};

static bool keep(void *context, struct span key, const struct json *row, struct err *err)
{
    struct rows *rows = context;

    (void)err;
    rows->key = each_row_grow(rows->key, sizeof *rows->key, rows->count, &rows->room, rows->arena);
    rows->row =
        each_row_grow(rows->row, sizeof *rows->row, rows->count, &rows->row_room, rows->arena);
    rows->key[rows->count] = key;
    rows->row[rows->count++] = row;
    return true;
}

static bool read_table(struct view *view, const char *table, struct rows *out, struct err *err)
{
    out->arena = view->arena;
    return each_row(view->reader, table, (struct span){0}, view->query->as_of, keep, out,
                    view->arena, err);
}

static int64_t at_ms(const struct json *row, const char *time, int64_t absent)
{
    return json_get_integer(json_get(row, time), "at_ms", absent);
}

static bool is_of(const struct json *row, const struct lane *lane)
{
    return span_equal(json_get_text(row, "crossing"), lane->crossing) &&
           span_equal(json_get_text(row, "direction"), lane->direction) &&
           span_equal(json_get_text(row, "class"), lane->class);
}

/* --- what one of them says --- */

static struct json copy_of(const struct view *view, const struct json *row,
                           const char *const *members)
{
    struct json out = json_object();

    for (; *members; members++)
        if (json_get(row, *members))
            json_set(&out, *members, *json_get(row, *members), view->arena);
    json_set_string(&out, "organisation", json_get_text(row, "org"), view->arena);
    return out;
}

static bool put_text(const struct view *view, const struct json *row, struct json *out,
                     struct err *err)
{
    return !view->text ||
           view->text(view->context, (uint64_t)json_get_integer(row, "index", 0), out, err);
}

static void put_days(const struct view *view, const struct lane *lane, struct span org,
                     struct json *out)
{
    const struct lane_days *days =
        lane_days_of(&view->days, lane->crossing, lane->direction, lane->class, org);
    struct lane_sum sum = lane_days_sum(days, &view->period);
    struct json list = json_object();

    json_set_integer(&list, "closed", sum.closed, view->arena);
    json_set_integer(&list, "no_word", sum.no_word, view->arena);
    json_set_integer(&list, "open", sum.open, view->arena);
    json_set_integer(&list, "partly", sum.partly, view->arena);
    json_set(out, "days", list, view->arena);
}

static bool push_declared(const struct view *view, const struct lane *lane, const struct json *row,
                          struct json *list, struct err *err)
{
    static const char *const members[] = {"announced", "by",     "index", "reason",
                                          "since",     "status", "until", NULL};
    struct json one = copy_of(view, row, members);

    if (at_ms(row, "until", INT64_MAX) <= view->now_ms)
        json_set_integer(&one, "ran_out", 1, view->arena);
    if (at_ms(row, "since", 0) > view->now_ms)
        json_set_integer(&one, "to_come", 1, view->arena);
    put_days(view, lane, json_get_text(row, "org"), &one);
    if (!put_text(view, row, &one, err))
        return false;
    json_push(list, one, view->arena);
    return true;
}

static bool is_party(const struct json *organisation)
{
    return span_is(json_get_text(organisation, "kind"), "party");
}

static const struct json *declared_by(const struct view *view, const struct lane *lane,
                                      struct span org)
{
    for (size_t i = 0; i < view->declared.count; i++)
        if (is_of(view->declared.row[i], lane) &&
            span_equal(json_get_text(view->declared.row[i], "org"), org))
            return view->declared.row[i];
    return NULL;
}

static void push_no_word(const struct view *view, struct span org, struct json *list)
{
    struct json one = json_object();

    json_set_integer(&one, "no_word", 1, view->arena);
    json_set_string(&one, "organisation", org, view->arena);
    json_push(list, one, view->arena);
}

/* The parties, whether they have said anything or not, in the order of their ids; then whoever else
 * has. */
static bool declare(const struct view *view, const struct lane *lane, struct json *list,
                    struct err *err)
{
    for (int others = 0; others < 2; others++)
        for (uint32_t i = 0; i < view->organisations->array.count; i++) {
            const struct json *organisation = &view->organisations->array.at[i];
            struct span org = json_get_text(organisation, "id");
            const struct json *row = declared_by(view, lane, org);

            if (is_party(organisation) == others)
                continue;
            if (row && !push_declared(view, lane, row, list, err))
                return false;
            if (!row && !others)
                push_no_word(view, org, list);
        }
    return true;
}

static bool push_rows(const struct view *view, const struct rows *rows, const struct lane *lane,
                      const char *const *members, struct json *list, struct err *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct json *row = rows->row[i];

        if (!is_of(row, lane))
            continue;
        struct json one = copy_of(view, row, members);
        if (!put_text(view, row, &one, err))
            return false;
        json_push(list, one, view->arena);
    }
    return true;
}

/* --- where they differ --- */

bool crossings_holds(const struct json *declared)
{
    return json_get(declared, "status") && !json_get(declared, "ran_out") &&
           !json_get(declared, "to_come") && !span_is(json_get_text(declared, "status"), "unknown");
}

static bool differ(const struct json *a, const struct json *b)
{
    return !span_equal(json_get_text(a, "status"), json_get_text(b, "status"));
}

/* What was seen while a declaration held may be laid beside it; what was seen before may not. */
static bool seen_otherwise(const struct json *declared, const struct json *seen)
{
    return !span_is(json_get_text(seen, "status"), "unknown") &&
           at_ms(seen, "at", 0) >= at_ms(declared, "since", 0) && differ(declared, seen);
}

static bool mismatch(const struct json *declared, const struct json *seen)
{
    for (uint32_t i = 0; i < declared->array.count; i++) {
        const struct json *one = &declared->array.at[i];

        if (!crossings_holds(one))
            continue;
        for (uint32_t k = 0; k < i; k++)
            if (crossings_holds(&declared->array.at[k]) && differ(one, &declared->array.at[k]))
                return true;
        for (uint32_t k = 0; k < seen->array.count; k++)
            if (seen_otherwise(one, &seen->array.at[k]))
                return true;
    }
    return false;
}

/* --- lane by lane --- */

static bool make_lane(const struct view *view, const struct lane *lane, struct json *out,
                      struct err *err)
{
    static const char *const of_seen[] = {"at", "by", "index", "means", "status", NULL};
    static const char *const of_count[] = {"by",  "from",   "index", "max", "measure",
                                           "min", "source", "until", NULL};
    struct json declared = json_array(), seen = json_array(), counts = json_array();

    if (!declare(view, lane, &declared, err) ||
        !push_rows(view, &view->seen, lane, of_seen, &seen, err) ||
        !push_rows(view, &view->counts, lane, of_count, &counts, err))
        return false;
    *out = json_object();
    json_set_string(out, "class", lane->class, view->arena);
    json_set_string(out, "direction", lane->direction, view->arena);
    json_set_integer(out, "mismatch", mismatch(&declared, &seen), view->arena);
    json_set(out, "declared", declared, view->arena);
    json_set(out, "seen", seen, view->arena);
    json_set(out, "counts", counts, view->arena);
    return true;
}

static bool push_lanes(const struct view *view, struct span crossing, struct json *lanes,
                       struct err *err)
{
    for (uint32_t c = 0; c < view->classes->array.count; c++)
        for (uint32_t d = 0; d < view->directions->array.count; d++) {
            struct lane lane = {crossing, json_get_text(&view->directions->array.at[d], "id"),
                                json_get_text(&view->classes->array.at[c], "id")};
            struct json one;

            if (!make_lane(view, &lane, &one, err))
                return false;
            json_push(lanes, one, view->arena);
        }
    return true;
}

static bool push_returns(const struct view *view, struct span crossing, struct json *list,
                         struct err *err)
{
    static const char *const members[] = {"by",      "children", "class",  "from",          "index",
                                          "persons", "refused",  "source", "unaccompanied", "until",
                                          NULL};

    for (size_t i = 0; i < view->returns.count; i++) {
        const struct json *row = view->returns.row[i];

        if (!span_equal(json_get_text(row, "crossing"), crossing))
            continue;
        struct json one = copy_of(view, row, members);
        if (!put_text(view, row, &one, err))
            return false;
        json_push(list, one, view->arena);
    }
    return true;
}

static bool make_crossing(const struct view *view, const struct json *term, struct json *out,
                          struct err *err)
{
    struct json lanes = json_array(), returns = json_array(), published;
    struct span id = json_get_text(term, "id");

    if (!push_lanes(view, id, &lanes, err) || !push_returns(view, id, &returns, err) ||
        !flows_json(&published, span_make(flows_published, flows_published_len), term,
                    view->directions, &view->days, &view->period, view->arena, err))
        return false;
    *out = json_object();
    json_set_string(out, "id", id, view->arena);
    json_set(out, "lanes", lanes, view->arena);
    json_set(out, "published", published, view->arena);
    json_set(out, "returns", returns, view->arena);
    return true;
}

/* --- the whole --- */

static const struct json *section(const struct json *terms, const char *name)
{
    static const struct json none = {.type = JSON_ARRAY};
    const struct json *list = json_get(terms, name);

    return list && list->type == JSON_ARRAY ? list : &none;
}

static bool read_terms(struct view *view, struct err *err)
{
    struct json *terms = ARENA_NEW(view->arena, struct json);
    int64_t version;

    *terms = json_object();
    if (!in_force_version(view->reader, view->query->as_of, &version, view->arena, err) ||
        !in_force_terms(view->reader, version, view->query->as_of, terms, view->arena, err))
        return false;
    view->crossings = section(terms, "crossing");
    view->directions = section(terms, "direction");
    view->classes = section(terms, "traffic");
    view->organisations = section(terms, "organisation");
    return true;
}

/* Counts of other days than the view's are left out. */
static void drop_others(const struct view *view, struct rows *rows)
{
    size_t kept = 0;

    for (size_t i = 0; i < rows->count; i++)
        if (at_ms(rows->row[i], "until", INT64_MAX) >= view->period.first_ms &&
            at_ms(rows->row[i], "from", INT64_MIN) < view->query->to_ms)
            rows->row[kept++] = rows->row[i];
    rows->count = kept;
}

static bool read_all(struct view *view, struct err *err)
{
    const struct crossings_query *query = view->query;
    const struct json *clock;

    if (!read_terms(view, err) ||
        !one_row(view->reader, "clock", SPAN_LIT("clock"), query->as_of, &clock, view->arena, err))
        return false;
    view->now_ms = json_get_integer(clock, "now_ms", INT64_MIN);
    bool ok =
        lane_period_make(&view->period, query->from_ms, query->to_ms, query->offset_min,
                         view->now_ms, err) &&
        lane_days_read(&view->days, view->reader, &view->period, query->as_of, view->arena, err) &&
        read_table(view, "lane", &view->declared, err) &&
        read_table(view, "lane_seen", &view->seen, err) &&
        read_table(view, "traffic_count", &view->counts, err) &&
        read_table(view, "return_count", &view->returns, err);
    if (!ok)
        return false;
    drop_others(view, &view->counts);
    drop_others(view, &view->returns);
    return true;
}

static bool unknown_crossing(const struct view *view, struct err *err)
{
    struct buf known = buf_in(view->arena, KNOWN_BYTES);

    for (uint32_t i = 0; i < view->crossings->array.count; i++)
        buf_printf(&known, "%s%.*s", i ? ", " : "",
                   SPAN_ARG(json_get_text(&view->crossings->array.at[i], "id")));
    return err_set(err, ERR_USAGE, "the agreement has no crossing \"%.*s\"; it has %.*s",
                   SPAN_ARG(view->query->crossing), SPAN_ARG(buf_span(&known)));
}

bool crossings_read(struct json *out, struct store_reader *reader,
                    const struct crossings_query *query, crossings_text *text, void *context,
                    struct arena *arena, struct err *err)
{
    struct view view = {
        .reader = reader, .query = query, .text = text, .context = context, .arena = arena};
    struct json list = json_array(), one;

    if (!read_all(&view, err))
        return false;
    for (uint32_t i = 0; i < view.crossings->array.count; i++) {
        const struct json *term = &view.crossings->array.at[i];

        if (query->crossing.len && !span_equal(query->crossing, json_get_text(term, "id")))
            continue;
        if (!make_crossing(&view, term, &one, err))
            return false;
        json_push(&list, one, arena);
    }
    if (query->crossing.len && list.array.count == 0)
        return unknown_crossing(&view, err);
    *out = json_object();
    json_set(out, "crossings", list, arena);
    json_set_integer(out, "days", (int64_t)view.period.days, arena);
    json_set_integer(out, "first_ms", view.period.first_ms, arena);
    if (view.now_ms != INT64_MIN)
        json_set_integer(out, "now_ms", view.now_ms, arena);
    json_set_integer(out, "offset_min", query->offset_min, arena);
    return true;
}
