#include "api/reconcile.h"

#include "api/days.h"
#include "api/each_row.h"
#include "base/calendar.h"

#include <stdlib.h>

/* How often one item may have been replaced by the next: more than anybody does. */
#define STEPS 1000u
#define DAYS_SHORT 400

enum side { SIDE_LEFT, SIDE_RIGHT, SIDE_THIRD };

struct item {
    struct span id, next; /* `next`: what superseded it */
    enum side side;
    bool live, within, observation, undated;
    bool matched;  /* with an item of the other side */
    bool observed; /* matched with an observation of a third */
};

struct link { /* as it stands in the register */
    struct span one, other, result;
};

struct match {
    size_t left, right; /* items */
    struct span result;
};

struct view {
    struct store_reader *reader;
    const struct reconcile_query *query;
    struct arena *arena;
    struct item *item; /* in order of ids, each once, when all are there */
    size_t items, item_room;
    struct link *link;
    size_t links, link_room;
    struct match *match; /* of live items */
    size_t matches, match_room;
};

/* --- items --- */

/* Of whom it is: reports do not say it themselves, but the key that signed them does. */
static bool side_of(struct view *view, const struct json *row, enum side *out, struct err *err)
{
    struct span org = json_get_text(row, "org");
    const struct json *key;

    if (org.len == 0) {
        if (!one_row(view->reader, "key", json_get_text(row, "by"), view->query->as_of, &key,
                     view->arena, err))
            return false;
        org = json_get_text(key, "org");
    }
    *out = span_equal(org, view->query->left)    ? SIDE_LEFT
           : span_equal(org, view->query->right) ? SIDE_RIGHT
                                                 : SIDE_THIRD;
    return true;
}

static void place_in_time(const struct view *view, const struct json *row, struct item *item)
{
    const struct reconcile_query *query = view->query;
    const struct json *time = json_get(row, item->observation ? "at" : "start");
    int64_t at_ms = json_get_integer(time, "at_ms", 0);
    bool here = query->sector.len == 0 || span_equal(json_get_text(row, "sector"), query->sector);

    item->undated = here && query->has_time && !time;
    item->within =
        here && (!query->has_time || (time && at_ms >= query->from_ms && at_ms < query->to_ms));
}

static bool add_item(struct view *view, struct span id, const struct json *row, bool observation,
                     struct err *err)
{
    struct item item = {
        .id = id,
        .next = json_get_text(row, "superseded_by"),
        .live = span_is(json_get_text(row, "state"), "live"),
        .observation = observation,
    };

    if (!side_of(view, row, &item.side, err))
        return false;
    place_in_time(view, row, &item);
    view->item =
        each_row_grow(view->item, sizeof *view->item, view->items, &view->item_room, view->arena);
    view->item[view->items++] = item;
    return true;
}

static bool see_report(void *context, struct span key, const struct json *row, struct err *err)
{
    return add_item(context, key, row, false, err);
}

static bool see_observation(void *context, struct span key, const struct json *row, struct err *err)
{
    return add_item(context, key, row, true, err);
}

static bool see_of_day(void *context, struct span table, struct span id, const struct json *row,
                       struct err *err)
{
    bool observation = span_is(table, "observation");

    return (!observation && !span_is(table, "report")) ||
           add_item(context, id, row, observation, err);
}

static bool see_sector(void *context, struct span key, const struct json *row, struct err *err)
{
    struct view *view = context;
    struct span version = key, id;

    if (span_cut(&version, ' ', &id)) /* "sector/ID n": of later terms */
        return true;
    return days_each(view->reader, json_get_text(row, "id"), view->query->from_ms,
                     view->query->to_ms, view->query->as_of, see_of_day, view, view->arena, err);
}

/* Whether a look at each day costs less than one at everything. */
static bool is_short(const struct reconcile_query *query)
{
    return query->has_time && query->from_ms >= CALENDAR_MIN_MS &&
           query->to_ms <= CALENDAR_MAX_MS &&
           query->to_ms - query->from_ms <= DAYS_SHORT * (int64_t)MS_PER_DAY;
}

/* Those of the time that is asked for, as they are kept by days; else all. */
static bool read_items(struct view *view, struct err *err)
{
    const struct reconcile_query *query = view->query;

    if (!is_short(query))
        return each_row(view->reader, "report", (struct span){0}, query->as_of, see_report, view,
                        view->arena, err) &&
               each_row(view->reader, "observation", (struct span){0}, query->as_of,
                        see_observation, view, view->arena, err);
    if (query->sector.len == 0 && !each_row(view->reader, "term", SPAN_LIT("sector/"), query->as_of,
                                            see_sector, view, view->arena, err))
        return false;
    return days_each(view->reader, query->sector, query->from_ms, query->to_ms, query->as_of,
                     see_of_day, view, view->arena, err);
}

static int by_id(const void *a, const void *b)
{
    return span_compare(((const struct item *)a)->id, ((const struct item *)b)->id);
}

/* In order, each once. */
static void settle_items(struct view *view)
{
    size_t kept = 0;

    if (view->items)
        qsort(view->item, view->items, sizeof *view->item, by_id);
    for (size_t i = 0; i < view->items; i++)
        if (kept == 0 || by_id(&view->item[kept - 1], &view->item[i]) != 0)
            view->item[kept++] = view->item[i];
    view->items = kept;
}

/* The item of this id, or what stands in its place by now; NULL: it is none, or withdrawn. */
static struct item *live_item(const struct view *view, struct span id)
{
    for (size_t steps = 0; view->items && id.len && steps < STEPS; steps++) {
        const struct item wanted = {.id = id};
        struct item *found = bsearch(&wanted, view->item, view->items, sizeof *found, by_id);

        if (!found || found->live)
            return found;
        id = found->next;
    }
    return NULL;
}

/* --- matches --- */

static bool see_link(void *context, struct span key, const struct json *row, struct err *err)
{
    struct view *view = context;
    struct link link = {.other = key, .result = json_get_text(row, "result")};

    (void)err;
    if (!span_is(json_get_text(row, "state"), "matched") || !span_cut(&link.other, ' ', &link.one))
        return true;
    view->link =
        each_row_grow(view->link, sizeof *view->link, view->links, &view->link_room, view->arena);
    view->link[view->links++] = link;
    return true;
}

/* The row, wherever it is; *out NULL: it is no item of a ledger. */
static bool fetch(struct view *view, struct span id, const struct json **out, bool *observation,
                  struct err *err)
{
    *observation = false;
    if (!one_row(view->reader, "report", id, view->query->as_of, out, view->arena, err))
        return false;
    *observation = *out == NULL;
    return *out ||
           one_row(view->reader, "observation", id, view->query->as_of, out, view->arena, err);
}

/* What a link names may be of another time, and so may be what replaced it. `known`: how many
 * items are in order. */
static bool need(struct view *view, size_t known, struct span id, struct err *err)
{
    for (size_t steps = 0; id.len && steps < STEPS; steps++) {
        const struct item wanted = {.id = id};
        const struct item *found =
            known ? bsearch(&wanted, view->item, known, sizeof *found, by_id) : NULL;
        const struct json *row;
        bool observation;

        if (!found) {
            if (!fetch(view, id, &row, &observation, err))
                return false;
            if (!row)
                return true;
            if (!add_item(view, id, row, observation, err))
                return false;
            found = &view->item[view->items - 1];
        }
        id = found->next;
    }
    return true;
}

static bool read_links(struct view *view, struct err *err)
{
    if (!each_row(view->reader, "match", (struct span){0}, view->query->as_of, see_link, view,
                  view->arena, err))
        return false;
    settle_items(view);
    size_t known = view->items;
    for (size_t i = 0; i < view->links; i++)
        if (!need(view, known, view->link[i].one, err) ||
            !need(view, known, view->link[i].other, err))
            return false;
    settle_items(view);
    return true;
}

static void join(struct view *view, const struct link *link)
{
    struct item *left = live_item(view, link->one), *right = live_item(view, link->other);

    if (!left || !right || left->side == right->side)
        return;
    if (left->side > right->side) {
        struct item *swap = left;
        left = right;
        right = swap;
    }
    if (right->side == SIDE_THIRD) {
        left->observed = left->observed || right->observation;
        return;
    }
    left->matched = right->matched = true;
    view->match = each_row_grow(view->match, sizeof *view->match, view->matches, &view->match_room,
                                view->arena);
    view->match[view->matches++] =
        (struct match){(size_t)(left - view->item), (size_t)(right - view->item), link->result};
}

/* --- the table --- */

static int by_ids(const struct reconcile_pair *a, const struct reconcile_pair *b)
{
    int order = span_compare(a->left, b->left);

    return order ? order : span_compare(a->right, b->right);
}

/* "different_author" is the first of the results. */
static int by_pair(const void *a, const void *b)
{
    const struct reconcile_pair *x = a, *y = b;
    int order = by_ids(x, y);

    return order ? order : span_compare(x->result, y->result);
}

/* Two links may come to stand between one pair, when what they named was replaced. They are one
 * pair then, and where they do not agree it is not said to be of one author. */
static void drop_repeated(struct reconcile *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < out->pairs; i++)
        if (kept == 0 || by_ids(&out->pair[kept - 1], &out->pair[i]) != 0)
            out->pair[kept++] = out->pair[i];
    out->pairs = kept;
}

static void put_pairs(const struct view *view, struct reconcile *out)
{
    out->pair = ARENA_ARRAY(view->arena, struct reconcile_pair, view->matches);
    for (size_t i = 0; i < view->matches; i++) {
        const struct item *left = &view->item[view->match[i].left];
        const struct item *right = &view->item[view->match[i].right];

        if (left->within || right->within)
            out->pair[out->pairs++] = (struct reconcile_pair){
                left->id, right->id, view->match[i].result, left->observed || right->observed};
    }
    if (out->pairs)
        qsort(out->pair, out->pairs, sizeof *out->pair, by_pair);
    drop_repeated(out);
    for (size_t i = 0; i < out->pairs; i++) {
        struct span result = out->pair[i].result;

        *(span_is(result, "same_author")        ? &out->same_author
          : span_is(result, "different_author") ? &out->different_author
                                                : &out->author_open) += 1;
        out->observed += out->pair[i].observed;
    }
}

static void put_items(const struct view *view, struct reconcile *out)
{
    out->only_left = ARENA_ARRAY(view->arena, struct span, view->items);
    out->only_right = ARENA_ARRAY(view->arena, struct span, view->items);
    for (size_t i = 0; i < view->items; i++) {
        const struct item *item = &view->item[i];

        if (!item->live || item->side == SIDE_THIRD)
            continue;
        out->undated += item->undated;
        if (!item->within)
            continue;
        *(item->side == SIDE_LEFT ? &out->left : &out->right) += 1;
        if (item->matched)
            continue;
        if (item->side == SIDE_LEFT)
            out->only_left[out->only_left_count++] = item->id;
        else
            out->only_right[out->only_right_count++] = item->id;
    }
}

bool reconcile_read(struct reconcile *out, struct store_reader *reader,
                    const struct reconcile_query *query, struct arena *arena, struct err *err)
{
    struct view view = {.reader = reader, .query = query, .arena = arena};
    struct reconcile found = {0};

    if (span_equal(query->left, query->right))
        return err_set(err, ERR_USAGE, "two ledgers are of two organisations, not twice of %.*s",
                       SPAN_ARG(query->left));
    if (!read_items(&view, err) || !read_links(&view, err))
        return false;
    for (size_t i = 0; i < view.links; i++)
        join(&view, &view.link[i]);
    put_pairs(&view, &found);
    put_items(&view, &found);
    *out = found;
    return true;
}

static struct json ids_json(const struct span *id, size_t count, struct arena *arena)
{
    struct json out = json_array();

    for (size_t i = 0; i < count; i++)
        json_push(&out, json_string(id[i]), arena);
    return out;
}

static struct json pairs_json(const struct reconcile *reconcile, struct arena *arena)
{
    struct json out = json_array();

    for (size_t i = 0; i < reconcile->pairs; i++) {
        const struct reconcile_pair *pair = &reconcile->pair[i];
        struct json one = json_object();

        json_set_string(&one, "left", pair->left, arena);
        json_set_integer(&one, "observed", pair->observed, arena);
        json_set_string(&one, "result", pair->result, arena);
        json_set_string(&one, "right", pair->right, arena);
        json_push(&out, one, arena);
    }
    return out;
}

struct json reconcile_json(const struct reconcile *reconcile, const struct reconcile_query *query,
                           struct arena *arena)
{
    const struct reconcile *r = reconcile;
    const struct {
        const char *name;
        int64_t count;
    } counts[] = {
        {"author_open", r->author_open},
        {"different_author", r->different_author},
        {"left", r->left},
        {"observed", r->observed},
        {"right", r->right},
        {"same_author", r->same_author},
        {"undated", r->undated},
    };
    struct json out = json_object(), count = json_object();

    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        json_set_integer(&count, counts[i].name, counts[i].count, arena);
    json_set(&out, "counts", count, arena);
    json_set_string(&out, "left", query->left, arena);
    json_set(&out, "only_left", ids_json(r->only_left, r->only_left_count, arena), arena);
    json_set(&out, "only_right", ids_json(r->only_right, r->only_right_count, arena), arena);
    json_set(&out, "pairs", pairs_json(r, arena), arena);
    json_set_string(&out, "right", query->right, arena);
    return out;
}
