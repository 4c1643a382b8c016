#include "api/notices.h"

#include "api/unnotified.h"
#include "base/calendar.h"
#include "journal/in_force.h"

#include <stdlib.h>

struct notice {
    struct span id;
    const struct json *row;
    int64_t from_ms, until_ms;
    struct span crossing, sector; /* the sector of its crossing, where it names none */
    bool open;                    /* neither over, nor replaced, nor called off */
};

struct view {
    struct store_reader *reader;
    const struct notices_query *query;
    notices_more *more;
    void *context;
    struct arena *arena;
    struct json terms;
    int64_t now_ms;
    struct notice *at;
    size_t count, room;
};

static bool is_one_of(struct span word, const char *const *words)
{
    for (; *words; words++)
        if (span_is(word, *words))
            return true;
    return false;
}

static struct span sector_of(const struct view *view, struct span crossing)
{
    const struct json *list = json_get(&view->terms, "crossing");

    for (uint32_t i = 0; crossing.len && list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), crossing))
            return json_get_text(&list->array.at[i], "sector");
    return (struct span){0};
}

static bool see_notice(void *context, struct span key, const struct json *row, struct err *err)
{
    static const char *const open[] = {"live", "begun", NULL};
    struct view *view = context;
    struct notice one = {
        .id = key,
        .row = row,
        .from_ms = json_get_integer(json_get(row, "from"), "at_ms", 0),
        .until_ms = json_get_integer(json_get(row, "until"), "at_ms", 0),
        .crossing = json_get_text(row, "crossing"),
        .sector = json_get_text(row, "sector"),
        .open = is_one_of(json_get_text(row, "state"), open),
    };

    (void)err;
    if (!one.sector.len)
        one.sector = sector_of(view, one.crossing);
    view->at = each_row_grow(view->at, sizeof *view->at, view->count, &view->room, view->arena);
    view->at[view->count++] = one;
    return true;
}

static int by_beginning(const void *left, const void *right)
{
    const struct notice *a = left, *b = right;
    int order = (a->from_ms > b->from_ms) - (a->from_ms < b->from_ms);

    return order ? order : span_compare(a->id, b->id);
}

/* What was begun and not ended is under way, however long ago it should have been over. */
static bool is_wanted(const struct view *view, const struct notice *one)
{
    if (view->query->current)
        return one->open && (one->until_ms >= view->now_ms ||
                             span_is(json_get_text(one->row, "state"), "begun"));
    return one->until_ms >= view->query->from_ms && one->from_ms < view->query->to_ms;
}

/* --- beside each other --- */

static bool same(struct span a, struct span b)
{
    return a.len && span_equal(a, b);
}

static struct json overlaps_of(const struct view *view, const struct notice *one)
{
    struct json list = json_array();

    for (size_t i = 0; one->open && i < view->count; i++) {
        const struct notice *other = &view->at[i];
        bool crossing = same(one->crossing, other->crossing);

        if (other == one || !other->open || other->from_ms >= one->until_ms ||
            one->from_ms >= other->until_ms || !(crossing || same(one->sector, other->sector)))
            continue;
        struct json out = json_object();
        json_set_integer(&out, "from_ms",
                         one->from_ms > other->from_ms ? one->from_ms : other->from_ms,
                         view->arena);
        json_set(&out, "in", json_text(crossing ? "crossing" : "sector"), view->arena);
        json_set_string(&out, "notice", other->id, view->arena);
        json_set_string(&out, "organisation", json_get_text(other->row, "org"), view->arena);
        json_set_string(&out, "type", json_get_text(other->row, "type"), view->arena);
        json_set_integer(&out, "until_ms",
                         one->until_ms < other->until_ms ? one->until_ms : other->until_ms,
                         view->arena);
        json_push(&list, out, view->arena);
    }
    return list;
}

/* --- what others say of it --- */

struct under {
    struct view *view;
    const char *const *members;
    struct json list;
};

static struct json copy_of(const struct json *row, const char *const *members, struct arena *arena)
{
    struct json out = json_object();

    for (; *members; members++)
        if (json_get(row, *members))
            json_set(&out, *members, *json_get(row, *members), arena);
    json_set_string(&out, "organisation", json_get_text(row, "org"), arena);
    return out;
}

static bool push_under(void *context, struct span key, const struct json *row, struct err *err)
{
    struct under *under = context;

    (void)key, (void)err;
    json_push(&under->list, copy_of(row, under->members, under->view->arena), under->view->arena);
    return true;
}

static bool read_under(struct view *view, const char *table, struct span id,
                       const char *const *members, struct json *out, struct err *err)
{
    struct under under = {view, members, json_array()};
    struct span prefix = span_of(arena_printf(view->arena, "%.*s ", SPAN_ARG(id)));

    if (!each_row(view->reader, table, prefix, view->query->as_of, push_under, &under, view->arena,
                  err))
        return false;
    *out = under.list;
    return true;
}

/* The parties that have said nothing to another's notice. */
static struct json silent_of(const struct view *view, const struct notice *one,
                             const struct json *answers)
{
    const struct json *list = json_get(&view->terms, "organisation");
    struct json out = json_array();

    for (uint32_t i = 0; list && i < list->array.count; i++) {
        struct span org = json_get_text(&list->array.at[i], "id");
        bool answered = span_equal(org, json_get_text(one->row, "org"));

        for (uint32_t k = 0; k < answers->array.count; k++)
            answered |= span_equal(org, json_get_text(&answers->array.at[k], "organisation"));
        if (!answered && span_is(json_get_text(&list->array.at[i], "kind"), "party"))
            json_push(&out, json_string(org), view->arena);
    }
    return out;
}

static bool push_notice(struct view *view, const struct notice *one, struct json *list,
                        struct err *err)
{
    static const char *const of_notice[] = {
        "by",    "crossing", "external_id", "from",          "index",      "jointly", "sector",
        "state", "type",     "units",       "superseded_by", "supersedes", "until",   NULL};
    static const char *const of_answer[] = {"answer", "by", "index", NULL};
    static const char *const of_match[] = {"by", "index", "record", "result", NULL};
    struct json out = copy_of(one->row, of_notice, view->arena), answers, matches;

    if (!read_under(view, "notice_answer", one->id, of_answer, &answers, err) ||
        !read_under(view, "notice_match", one->id, of_match, &matches, err))
        return false;
    json_set_string(&out, "id", one->id, view->arena);
    json_set_integer(&out, "over", one->open && one->until_ms < view->now_ms, view->arena);
    json_set(&out, "silent", silent_of(view, one, &answers), view->arena);
    json_set(&out, "answers", answers, view->arena);
    json_set(&out, "matches", matches, view->arena);
    json_set(&out, "overlaps", overlaps_of(view, one), view->arena);
    if (view->more && !view->more(view->context, one->id, &out, err))
        return false;
    json_push(list, out, view->arena);
    return true;
}

static bool read_all(struct view *view, struct err *err)
{
    const struct json *clock;
    int64_t version;

    view->terms = json_object();
    if (!in_force_version(view->reader, view->query->as_of, &version, view->arena, err) ||
        !in_force_terms(view->reader, version, view->query->as_of, &view->terms, view->arena,
                        err) ||
        !one_row(view->reader, "clock", SPAN_LIT("clock"), view->query->as_of, &clock, view->arena,
                 err))
        return false;
    view->now_ms = json_get_integer(clock, "now_ms", INT64_MIN);
    return each_row(view->reader, "notice", (struct span){0}, view->query->as_of, see_notice, view,
                    view->arena, err);
}

/* Beside what is current, of the last days; of a time, what may have been then, up to now. */
static bool read_unnotified(const struct view *view, struct json *out, struct err *err)
{
    struct unnotified_query query = {
        .from_ms = view->query->from_ms, .to_ms = view->query->to_ms, .as_of = view->query->as_of};

    *out = json_array();
    if (view->now_ms == INT64_MIN)
        return true;
    if (view->query->current || query.to_ms > view->now_ms)
        query.to_ms = view->now_ms + 1;
    if (view->query->current)
        query.from_ms = query.to_ms - NOTICES_UNNOTIFIED_DAYS * (int64_t)MS_PER_DAY;
    return unnotified_read(out, view->reader, &view->terms, &query, view->arena, err);
}

bool notices_read(struct json *out, struct store_reader *reader, const struct notices_query *query,
                  notices_more *more, void *context, struct arena *arena, struct err *err)
{
    struct view view = {
        .reader = reader, .query = query, .more = more, .context = context, .arena = arena};
    struct json list = json_array(), unnotified;

    if (!read_all(&view, err) || !read_unnotified(&view, &unnotified, err))
        return false;
    if (view.count)
        qsort(view.at, view.count, sizeof *view.at, by_beginning);
    for (size_t i = 0; i < view.count; i++)
        if (is_wanted(&view, &view.at[i]) && !push_notice(&view, &view.at[i], &list, err))
            return false;
    *out = json_object();
    json_set(out, "notices", list, arena);
    if (view.now_ms != INT64_MIN)
        json_set_integer(out, "now_ms", view.now_ms, arena);
    json_set(out, "unnotified", unnotified, arena);
    return true;
}
