#include "api/unnotified.h"

#include "api/days.h"
#include "api/each_row.h"
#include "base/calendar.h"

#include <stdlib.h>

struct span_ms { /* when it may have been */
    int64_t from, to;
};

struct notice {
    struct span type, sector, crossing;
    struct span_ms when;
    int64_t index;
};

struct found {
    struct span id, kind;
    const struct json *row;
    struct span_ms when;
};

struct view {
    struct store_reader *reader;
    const struct json *terms;
    const struct unnotified_query *query;
    struct arena *arena;
    struct notice *notice;
    size_t notices, notice_room;
    struct json matched; /* ids of records */
    struct found *found;
    size_t count, room;
};

/* --- the agreement --- */

static const struct json *item_of(const struct view *view, const char *section, struct span id)
{
    const struct json *list = json_get(view->terms, section);

    for (uint32_t i = 0; id.len && list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), id))
            return &list->array.at[i];
    return NULL;
}

/* The n-th type of notice that would have covered this act. */
static const struct json *type_of(const struct view *view, struct span act, size_t n)
{
    const struct json *list = json_get(view->terms, "notice_type");

    for (uint32_t i = 0; act.len && list && i < list->array.count; i++)
        if (json_lists(json_get(&list->array.at[i], "acts"), act) && n-- == 0)
            return &list->array.at[i];
    return NULL;
}

static struct span sector_of(const struct view *view, const struct json *row)
{
    struct span sector = json_get_text(row, "sector");

    return sector.len
               ? sector
               : json_get_text(item_of(view, "crossing", json_get_text(row, "crossing")), "sector");
}

/* --- notices --- */

static struct span_ms widest(const struct json *from, const struct json *until)
{
    int64_t from_error = json_get_integer(from, "uncertainty_ms", 0);
    int64_t until_error = json_get_integer(until, "uncertainty_ms", 0);

    return (struct span_ms){json_get_integer(from, "at_ms", 0) - from_error,
                            json_get_integer(until, "at_ms", 0) + until_error};
}

static bool is_given(const struct json *row)
{
    struct span state = json_get_text(row, "state");

    return span_is(state, "live") || span_is(state, "begun") || span_is(state, "ended");
}

static bool see_notice(void *context, struct span key, const struct json *row, struct err *err)
{
    struct view *view = context;

    (void)key, (void)err;
    if (!is_given(row))
        return true;
    view->notice = each_row_grow(view->notice, sizeof *view->notice, view->notices,
                                 &view->notice_room, view->arena);
    view->notice[view->notices++] = (struct notice){
        .type = json_get_text(row, "type"),
        .sector = sector_of(view, row),
        .crossing = json_get_text(row, "crossing"),
        .when = widest(json_get(row, "from"), json_get(row, "until")),
        .index = json_get_integer(row, "index", 0),
    };
    return true;
}

static bool see_match(void *context, struct span key, const struct json *row, struct err *err)
{
    struct view *view = context;
    struct span record = key;

    (void)err;
    if (span_cut(&record, ' ', &(struct span){0}) &&
        !span_is(json_get_text(row, "result"), "other"))
        json_push(&view->matched, json_string(record), view->arena);
    return true;
}

/* --- what was reported --- */

static bool meets(struct span_ms a, struct span_ms b)
{
    return a.from <= b.to && b.from <= a.to;
}

static bool is_there(const struct view *view, const struct notice *notice, const struct json *row)
{
    struct span crossing = json_get_text(row, "crossing"), sector = sector_of(view, row);

    if (!crossing.len && !sector.len)
        return true;
    return (crossing.len && span_equal(crossing, notice->crossing)) ||
           (sector.len && span_equal(sector, notice->sector));
}

static bool is_covered(const struct view *view, const struct found *one)
{
    struct span act = json_get_text(one->row, "act");
    const struct json *type;

    if (json_lists(&view->matched, one->id))
        return true;
    for (size_t n = 0; (type = type_of(view, act, n)); n++)
        for (size_t i = 0; i < view->notices; i++)
            if (span_equal(view->notice[i].type, json_get_text(type, "id")) &&
                view->notice[i].index < json_get_integer(one->row, "index", 0) &&
                meets(view->notice[i].when, one->when) &&
                is_there(view, &view->notice[i], one->row))
                return true;
    return false;
}

/* Of the tables whose rows name an act that was seen or told of. */
static const char *kind_of(struct span table)
{
    return span_is(table, "report")        ? "incident.report"
           : span_is(table, "observation") ? "incident.observe"
           : span_is(table, "reading")     ? "incident.read"
                                           : NULL;
}

static bool see_row(void *context, struct span table, struct span id, const struct json *row,
                    struct err *err)
{
    struct view *view = context;
    const struct json *start = json_get(row, json_get(row, "start") ? "start" : "at");
    const struct json *end = json_get(row, "end");
    const char *kind = kind_of(table);

    (void)err;
    if (!kind || !start || !span_is(json_get_text(row, "state"), "live") ||
        !type_of(view, json_get_text(row, "act"), 0))
        return true;
    struct found one = {id, span_of(kind), row, widest(start, end ? end : start)};
    if (one.when.to < view->query->from_ms || one.when.from >= view->query->to_ms ||
        is_covered(view, &one))
        return true;
    view->found =
        each_row_grow(view->found, sizeof *view->found, view->count, &view->room, view->arena);
    view->found[view->count++] = one;
    return true;
}

static bool look(struct view *view, struct err *err)
{
    int64_t from_ms = view->query->from_ms, to_ms = view->query->to_ms;
    const struct json *sectors = json_get(view->terms, "sector");

    if (to_ms - from_ms > UNNOTIFIED_DAYS * (int64_t)MS_PER_DAY)
        from_ms = to_ms - UNNOTIFIED_DAYS * (int64_t)MS_PER_DAY;
    bool ok = days_each(view->reader, (struct span){0}, from_ms, to_ms, view->query->as_of, see_row,
                        view, view->arena, err);
    for (uint32_t i = 0; ok && sectors && i < sectors->array.count; i++)
        ok = days_each(view->reader, json_get_text(&sectors->array.at[i], "id"), from_ms, to_ms,
                       view->query->as_of, see_row, view, view->arena, err);
    return ok;
}

static int by_time(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    int order = (a->when.from > b->when.from) - (a->when.from < b->when.from);

    return order ? order : span_compare(a->id, b->id);
}

/* Its row has the key that signed it, and not always whose that is. */
static bool put_organisation(const struct view *view, const struct found *one, struct json *out,
                             struct err *err)
{
    const struct json *key;

    if (!one_row(view->reader, "key", json_get_text(one->row, "by"), view->query->as_of, &key,
                 view->arena, err))
        return false;
    if (json_get_text(key, "org").len)
        json_set_string(out, "organisation", json_get_text(key, "org"), view->arena);
    return true;
}

static struct json said_of(const struct view *view, const struct found *one)
{
    static const char *const members[] = {"act", "at",    "by",     "crossing",
                                          "end", "index", "sector", "start"};
    struct json out = json_object(), types = json_array();
    struct span act = json_get_text(one->row, "act");
    const struct json *type;

    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (json_get(one->row, members[i]))
            json_set(&out, members[i], *json_get(one->row, members[i]), view->arena);
    for (size_t n = 0; (type = type_of(view, act, n)); n++) {
        json_push(&types, json_string(json_get_text(type, "id")), view->arena);
        if (json_get_text(type, "code").len && !json_get(&out, "code"))
            json_set_string(&out, "code", json_get_text(type, "code"), view->arena);
    }
    json_set_string(&out, "id", one->id, view->arena);
    json_set_string(&out, "kind", one->kind, view->arena);
    json_set(&out, "types", types, view->arena);
    return out;
}

bool unnotified_read(struct json *out, struct store_reader *reader, const struct json *terms,
                     const struct unnotified_query *query, struct arena *arena, struct err *err)
{
    struct view view = {
        .reader = reader, .terms = terms, .query = query, .arena = arena, .matched = json_array()};

    if (!each_row(reader, "notice", (struct span){0}, query->as_of, see_notice, &view, arena,
                  err) ||
        !each_row(reader, "notice_match", (struct span){0}, query->as_of, see_match, &view, arena,
                  err) ||
        !look(&view, err))
        return false;
    if (view.count)
        qsort(view.found, view.count, sizeof *view.found, by_time);
    *out = json_array();
    for (size_t i = 0; i < view.count; i++) {
        struct json one = said_of(&view, &view.found[i]);

        if (!put_organisation(&view, &view.found[i], &one, err))
            return false;
        json_push(out, one, arena);
    }
    return true;
}
