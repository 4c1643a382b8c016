#include "api/search.h"

#include "api/views.h"

#include <stdlib.h>

#define ROWS 1000u   /* read from the store at a time */
#define ID_BYTES 64u /* of an incident's id */

/* What one item says about one incident. */
struct hit {
    uint8_t incident[ID_BYTES];
    int64_t first_ms;
    bool meets; /* box, time and act */
    bool side;
};

struct hits {
    struct hit *at;
    size_t count, room;
    struct arena *arena;
};

static bool in_box(const struct store_query *query, const struct view_item *item)
{
    if (!query->has_box)
        return true;
    if (!item->has_position || item->lat_e7 < query->south_e7 || item->lat_e7 > query->north_e7)
        return false;
    if (query->west_e7 <= query->east_e7)
        return item->lon_e7 >= query->west_e7 && item->lon_e7 <= query->east_e7;
    return item->lon_e7 >= query->west_e7 || item->lon_e7 <= query->east_e7;
}

static bool in_time(const struct store_query *query, const struct view_item *item)
{
    return !query->has_time ||
           (item->has_time && item->from_ms <= query->to_ms && item->to_ms >= query->from_ms);
}

static int by_incident(const void *a, const void *b)
{
    return memcmp(((const struct hit *)a)->incident, ((const struct hit *)b)->incident, ID_BYTES);
}

/* One hit an incident: what any of its items says. */
static void hits_merge(struct hits *hits)
{
    size_t kept = 0;

    if (hits->count == 0)
        return;
    qsort(hits->at, hits->count, sizeof *hits->at, by_incident);
    for (size_t i = 1; i < hits->count; i++) {
        struct hit *into = &hits->at[kept];
        const struct hit *from = &hits->at[i];

        if (by_incident(into, from) != 0) {
            hits->at[++kept] = *from;
            continue;
        }
        into->meets = into->meets || from->meets;
        into->side = into->side || from->side;
        if (from->first_ms < into->first_ms)
            into->first_ms = from->first_ms;
    }
    hits->count = kept + 1;
}

/* However many items there are, no more is held than twice as many hits as incidents. */
static void make_room(struct hits *hits)
{
    if (hits->count < hits->room)
        return;
    hits_merge(hits);
    if (hits->count < hits->room / 2)
        return;
    size_t room = hits->room ? 2 * hits->room : 1024;
    struct hit *at = ARENA_ARRAY(hits->arena, struct hit, room);
    if (hits->count)
        memcpy(at, hits->at, hits->count * sizeof *at);
    hits->at = at;
    hits->room = room;
}

static void hits_add(struct hits *hits, const struct store_query *query,
                     const struct view_item *item)
{
    struct hit hit = {
        .first_ms = item->has_time ? item->from_ms : INT64_MAX,
        .meets = in_box(query, item) && in_time(query, item) &&
                 (query->act.len == 0 || span_equal(query->act, item->act)),
        .side = query->side.len == 0 || span_equal(query->side, item->side),
    };

    for (size_t i = 0; i < item->incidents->array.count; i++) {
        struct span id = item->incidents->array.at[i].string;

        if (id.len != ID_BYTES)
            continue;
        make_room(hits);
        memcpy(hit.incident, id.at, ID_BYTES);
        hits->at[hits->count++] = hit;
    }
}

static int found_compare(const struct store_found *a, const struct store_found *b)
{
    if (a->first_ms != b->first_ms)
        return a->first_ms < b->first_ms ? -1 : 1;
    return span_compare(a->incident, b->incident);
}

static int by_time(const void *a, const void *b)
{
    return found_compare(a, b);
}

/* Rows are read piece by piece, each into memory of its own: there may be a million. */
static bool collect_some(struct hits *hits, struct store_reader *reader,
                         const struct store_query *query, uint64_t as_of, struct buf *after,
                         bool *out_more, struct arena *arena, struct err *err)
{
    struct store_row *rows;
    size_t count;

    if (!store_scan(reader, "view_item", (struct span){0}, buf_span(after), as_of, ROWS, &rows,
                    &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct json row;
        if (!json_parse(&row, rows[i].row, arena, err))
            return err_wrap(err, "table view_item");
        struct view_item item = view_item_of(rows[i].key, &row);
        if (view_item_searched(&item))
            hits_add(hits, query, &item);
    }
    *out_more = count == ROWS;
    if (*out_more) {
        *after = buf_in(hits->arena, rows[count - 1].key.len);
        buf_put(after, rows[count - 1].key);
    }
    return true;
}

static bool collect(struct hits *hits, struct store_reader *reader, const struct store_query *query,
                    uint64_t as_of, struct err *err)
{
    struct arena piece = {0};
    struct buf after = {0};
    bool ok = true, more = true;

    while (ok && more) {
        arena_reset(&piece);
        ok = collect_some(hits, reader, query, as_of, &after, &more, &piece, err);
    }
    arena_free(&piece);
    return ok;
}

/* What is found, from the query's place on. */
static void page(const struct hits *hits, const struct store_query *query, struct store_found **out,
                 size_t *out_count)
{
    struct store_found *found = ARENA_ARRAY(hits->arena, struct store_found, hits->count);
    struct store_found after = {query->after_incident, query->after_ms};
    size_t count = 0;

    for (size_t i = 0; i < hits->count; i++) {
        struct store_found one = {span_make(hits->at[i].incident, ID_BYTES), hits->at[i].first_ms};

        if (hits->at[i].meets && hits->at[i].side &&
            (!query->has_after || found_compare(&one, &after) > 0))
            found[count++] = one;
    }
    if (count)
        qsort(found, count, sizeof *found, by_time);
    *out = found;
    *out_count = count < query->limit ? count : query->limit;
}

bool search_incidents(struct store_reader *reader, const struct store_query *query, uint64_t as_of,
                      struct store_found **out, size_t *out_count, struct arena *arena,
                      struct err *err)
{
    struct hits hits = {.arena = arena};
    uint64_t applied;

    if (!store_applied(reader, &applied, err))
        return false;
    if (as_of + 1 == applied)
        return store_find(reader, query, out, out_count, arena, err);
    if (!collect(&hits, reader, query, as_of, err))
        return false;
    hits_merge(&hits);
    page(&hits, query, out, out_count);
    return true;
}
