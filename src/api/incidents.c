/* Incidents: the list, and one with all that belongs to it. */

#include "api/linked.h"
#include "api/search.h"
#include "api/views.h"
#include "record/kind.h"

#define LIMIT_DEFAULT 100u

static void copy(struct api_call *call, struct json *out, const char *const *names,
                 const struct json *from)
{
    for (; *names; names++) {
        const struct json *value = json_get(from, *names);

        if (value)
            json_set(out, *names, *value, call->arena);
    }
}

/* What lists show of an item's public part: views keep it, but for a part that was owed
 * then, and may be here now. */
static bool read_view(struct api_call *call, struct span id, const struct json **out,
                      struct err *err)
{
    struct json *late = ARENA_NEW(call->arena, struct json);
    struct record record;
    bool here;

    if (!api_row(call, "view_item", id, out, err))
        return false;
    if (!json_get(*out, "owed"))
        return true;
    uint64_t index = (uint64_t)json_get_integer(*out, "index", 0);
    *out = late;
    return api_read_record(call, index, &record, late, &here, err);
}

/* Of the row itself, and what views keep of the public part. */
static bool put_incident(struct api_call *call, struct json *out, struct span id,
                         const struct json *row, const struct linked_list *linked, struct err *err)
{
    static const char *const of_row[] = {"by", "external_id", "index", "start", "state", NULL};
    static const char *const of_view[] = {"title", NULL};
    const struct json *view, *taken;

    if (!read_view(call, id, &view, err) || !api_row(call, "case", id, &taken, err))
        return false;
    json_set_string(out, "id", id, call->arena);
    copy(call, out, of_row, row);
    copy(call, out, of_view, view);
    if (taken) /* up as a case: how far that has come */
        json_set(out, "case", *json_get(taken, "state"), call->arena);
    json_set(out, "sides", linked_sides(linked, call->arena), call->arena);
    json_set(out, "contested", linked_contested(linked, call->arena), call->arena);
    return true;
}

/* --- the list ------------------------------------------------------------ */

static bool push_report(struct api_call *call, struct json *list, const struct linked *item,
                        struct err *err)
{
    static const char *const of_row[] = {"index", "state",     "act",      "type",   "start",
                                         "end",   "territory", "crossing", "sector", NULL};
    static const char *const of_view[] = {"place_name",    "lat_e7", "lon_e7",
                                          "uncertainty_m", "blur_m", NULL};
    struct json out = json_object();
    const struct json *view;

    if (!read_view(call, item->id, &view, err))
        return false;
    json_set_string(&out, "id", item->id, call->arena);
    copy(call, &out, of_row, item->row);
    copy(call, &out, of_view, view);
    json_push(list, out, call->arena);
    return true;
}

static bool push_summary(struct api_call *call, struct json *list, const struct store_found *found,
                         struct err *err)
{
    struct json out = json_object(), reports = json_array();
    struct linked_list linked;
    const struct json *row;
    int64_t claims = 0;

    if (!api_row(call, "incident", found->incident, &row, err) ||
        !linked_read(call, found->incident, &linked, err) ||
        !put_incident(call, &out, found->incident, row, &linked, err))
        return false;
    for (size_t i = 0; i < linked.count; i++) {
        const struct linked *item = &linked.at[i];

        if (linked_is(item, "claim"))
            claims += linked_is_live(item);
        else if (linked_is(item, "incident.report") && item->linked &&
                 !push_report(call, &reports, item, err))
            return false;
    }
    if (found->first_ms != INT64_MAX)
        json_set_integer(&out, "first_ms", found->first_ms, call->arena);
    json_set(&out, "reports", reports, call->arena);
    json_set_integer(&out, "claims", claims, call->arena);
    json_push(list, out, call->arena);
    return true;
}

static bool make_query(const struct api_call *call, struct store_query *out, struct err *err)
{
    const struct api_value *box = api_value(call, "box"), *from = api_value(call, "from"),
                           *to = api_value(call, "to"), *after = api_value(call, "after"),
                           *limit = api_value(call, "limit");

    *out = (struct store_query){
        .has_box = box->given,
        .south_e7 = box->south,
        .west_e7 = box->west,
        .north_e7 = box->north,
        .east_e7 = box->east,
        .has_time = from->given || to->given,
        .from_ms = from->given ? from->integer : INT64_MIN,
        .to_ms = to->given ? to->integer : INT64_MAX,
        .act = api_value(call, "act")->text,
        .side = api_value(call, "side")->text,
        .limit = limit->given ? (size_t)limit->integer : LIMIT_DEFAULT,
        .has_after = after->given,
        .after_ms = after->integer,
        .after_incident = after->text,
    };
    if (out->from_ms > out->to_ms)
        return err_set(err, ERR_USAGE, "from is after to: give from=%" PRId64 "&to=%" PRId64,
                       out->to_ms, out->from_ms);
    return true;
}

static void put_next(struct api_call *call, struct json *out, const struct store_found *last)
{
    const char *time = last->first_ms == INT64_MAX
                           ? "none"
                           : arena_printf(call->arena, "%" PRId64, last->first_ms);

    json_set_string(out, "next",
                    span_of(arena_printf(call->arena, "%s.%.*s", time, SPAN_ARG(last->incident))),
                    call->arena);
}

bool incidents_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), list = json_array();
    struct store_query query;
    struct store_found *found;
    size_t count;

    if (!make_query(call, &query, err))
        return false;
    size_t limit = query.limit++; /* one more tells whether there is a next page */
    if (!search_incidents(call->reader, &query, call->as_of, &found, &count, call->arena, err))
        return false;
    for (size_t i = 0; i < count && i < limit; i++)
        if (!push_summary(call, &list, &found[i], err))
            return false;
    if (count > limit)
        put_next(call, &out, &found[limit - 1]);
    json_set(&out, "incidents", list, call->arena);
    return api_answer_json(call, &out);
}

/* --- one incident -------------------------------------------------------- */

static bool push_item(struct api_call *call, struct json *list, const struct linked *item,
                      struct err *err)
{
    static const char *const of_row[] = {"by", "index", "org", "state", "superseded_by", NULL};
    static const char *const of_link[] = {"basis", "by", "index", "state", NULL};
    struct json out = json_object(), link = json_object();

    json_set_string(&out, "id", item->id, call->arena);
    copy(call, &out, of_row, item->row);
    copy(call, &link, of_link, item->link);
    json_set(&out, "link", link, call->arena);
    if (!api_put_said(call, item->index, &out, err) ||
        !api_put_recorded(call, item->index, &out, err))
        return false;
    json_push(list, out, call->arena);
    return true;
}

bool incident_answer(struct api_call *call, struct err *err)
{
    struct span id = call->in_path.text;
    struct json out = json_object(), incident = json_object(), reports = json_array(),
                claims = json_array(), others = json_array(), unlinked = json_array();
    struct linked_list linked;
    const struct json *row;

    if (!api_row(call, "incident", id, &row, err))
        return false;
    if (!row)
        return err_set(err, ERR_MISSING, "there is no incident %.*s as of entry %" PRIu64,
                       SPAN_ARG(id), call->as_of);
    if (!linked_read(call, id, &linked, err) ||
        !put_incident(call, &incident, id, row, &linked, err) ||
        !api_put_recorded(call, (uint64_t)json_get_integer(row, "index", 0), &incident, err))
        return false;
    for (size_t i = 0; i < linked.count; i++) {
        const struct linked *item = &linked.at[i];
        struct json *list = !item->linked                        ? &unlinked
                            : linked_is(item, "incident.report") ? &reports
                            : linked_is(item, "claim")           ? &claims
                                                                 : &others;
        if (!push_item(call, list, item, err))
            return false;
    }
    json_set(&out, "incident", incident, call->arena);
    json_set(&out, "reports", reports, call->arena);
    json_set(&out, "claims", claims, call->arena);
    json_set(&out, "others", others, call->arena);
    json_set(&out, "unlinked", unlinked, call->arena);
    return api_answer_json(call, &out);
}
