#include <stdlib.h>

#include "store/store_memory.h"

#define STILL UINT64_MAX /* until now */

static struct store_find_row copy_row(const struct store_find_row *row, struct arena *arena)
{
    struct store_find_row copy = *row;

    copy.record = arena_copy(arena, row->record);
    copy.incident = arena_copy(arena, row->incident);
    copy.act = arena_copy(arena, row->act);
    copy.side = arena_copy(arena, row->side);
    return copy;
}

static void end_row(struct memory_store *store, struct span record, struct span incident)
{
    struct memory_find *find = store->finds.at;

    for (size_t i = 0; i < store->finds.count; i++) {
        if (find[i].until == STILL && span_equal(find[i].row.record, record) &&
            span_equal(find[i].row.incident, incident))
            find[i].until = store->commits + 1;
    }
}

bool memory_find_put(struct store_tx *tx, const struct store_find_row *row, struct err *err)
{
    struct memory_store *store = (struct memory_store *)tx->store;

    (void)err;
    pthread_rwlock_wrlock(&store->lock);
    end_row(store, row->record, row->incident);
    *(struct memory_find *)store_list_push(&store->finds) =
        (struct memory_find){copy_row(row, &store->arena), store->commits + 1, STILL};
    pthread_rwlock_unlock(&store->lock);
    return true;
}

bool memory_find_remove(struct store_tx *tx, struct span record, struct span incident,
                        struct err *err)
{
    struct memory_store *store = (struct memory_store *)tx->store;

    (void)err;
    pthread_rwlock_wrlock(&store->lock);
    end_row(store, record, incident);
    pthread_rwlock_unlock(&store->lock);
    return true;
}

void memory_find_rollback(struct memory_store *store)
{
    struct memory_find *find = store->finds.at;
    size_t kept = 0;

    for (size_t i = 0; i < store->finds.count; i++) {
        if (find[i].since > store->commits)
            continue;
        if (find[i].until != STILL && find[i].until > store->commits)
            find[i].until = STILL;
        find[kept++] = find[i];
    }
    store->finds.count = kept;
}

static bool meets_box(const struct store_find_row *row, const struct store_query *query)
{
    bool crosses = query->west_e7 > query->east_e7;
    bool after_west = row->lon_e7 >= query->west_e7;
    bool before_east = row->lon_e7 <= query->east_e7;

    if (!query->has_box)
        return true;
    return row->has_position && row->lat_e7 >= query->south_e7 && row->lat_e7 <= query->north_e7 &&
           (crosses ? after_west || before_east : after_west && before_east);
}

static bool meets_time(const struct store_find_row *row, const struct store_query *query)
{
    return !query->has_time ||
           (row->has_time && row->to_ms >= query->from_ms && row->from_ms <= query->to_ms);
}

static bool meets(const struct store_find_row *row, const struct store_query *query)
{
    return meets_box(row, query) && meets_time(row, query) &&
           (query->act.len == 0 || span_equal(row->act, query->act));
}

/* The rows that a reader sees, in order of incident and entry. */
static int compare_rows(const void *a, const void *b)
{
    const struct store_find_row *x = *(const struct store_find_row *const *)a;
    const struct store_find_row *y = *(const struct store_find_row *const *)b;
    int order = span_compare(x->incident, y->incident);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static struct store_list rows_seen(const struct memory_reader *reader, struct arena *arena)
{
    const struct memory_find *find = reader->store->finds.at;
    struct store_list seen = {.arena = arena, .item_bytes = sizeof(struct store_find_row *)};

    for (size_t i = 0; i < reader->store->finds.count; i++) {
        if (find[i].since <= reader->commit && reader->commit < find[i].until)
            *(const struct store_find_row **)store_list_push(&seen) = &find[i].row;
    }
    if (seen.count > 0)
        qsort(seen.at, seen.count, seen.item_bytes, compare_rows);
    return seen;
}

/* One incident's rows: found, or not. */
static bool weigh(struct store_found *out, const struct store_find_row *const *row, size_t count,
                  const struct store_query *query)
{
    bool met = false;
    bool side = query->side.len == 0;

    *out = (struct store_found){row[0]->incident, INT64_MAX};
    for (size_t i = 0; i < count; i++) {
        met = met || meets(row[i], query);
        side = side || span_equal(row[i]->side, query->side);
        if (row[i]->has_time && row[i]->from_ms < out->first_ms)
            out->first_ms = row[i]->from_ms;
    }
    return met && side;
}

static int compare_found(const void *a, const void *b)
{
    const struct store_found *x = a;
    const struct store_found *y = b;

    if (x->first_ms != y->first_ms)
        return x->first_ms < y->first_ms ? -1 : 1;
    return span_compare(x->incident, y->incident);
}

static struct store_list found_of(const struct store_list *seen, const struct store_query *query)
{
    const struct store_find_row *const *row = seen->at;
    struct store_list found = {.arena = seen->arena, .item_bytes = sizeof(struct store_found)};
    struct store_found after = {query->after_incident, query->after_ms};

    for (size_t i = 0, next; i < seen->count; i = next) {
        struct store_found one;

        for (next = i + 1; next < seen->count; next++) {
            if (!span_equal(row[next]->incident, row[i]->incident))
                break;
        }
        if (weigh(&one, row + i, next - i, query) &&
            (!query->has_after || compare_found(&one, &after) > 0))
            *(struct store_found *)store_list_push(&found) = one;
    }
    if (found.count > 0)
        qsort(found.at, found.count, found.item_bytes, compare_found);
    return found;
}

bool memory_find(struct store_reader *base, const struct store_query *query,
                 struct store_found **out, size_t *out_count, struct arena *arena, struct err *err)
{
    const struct memory_reader *reader = (const struct memory_reader *)base;

    (void)err;
    pthread_rwlock_rdlock(&reader->store->lock);
    struct store_list seen = rows_seen(reader, arena);
    struct store_list found = found_of(&seen, query);
    struct store_found *at = found.at;

    *out = at;
    *out_count = found.count < query->limit ? found.count : query->limit;
    for (size_t i = 0; i < *out_count; i++)
        at[i].incident = arena_copy(arena, at[i].incident);
    pthread_rwlock_unlock(&reader->store->lock);
    return true;
}

bool memory_find_rows(struct store_reader *base, struct span incident, struct store_find_row **out,
                      size_t *out_count, struct arena *arena, struct err *err)
{
    const struct memory_reader *reader = (const struct memory_reader *)base;
    struct store_list rows = {.arena = arena, .item_bytes = sizeof **out};

    (void)err;
    pthread_rwlock_rdlock(&reader->store->lock);
    struct store_list seen = rows_seen(reader, arena);
    const struct store_find_row *const *row = seen.at;
    for (size_t i = 0; i < seen.count; i++) {
        if (span_equal(row[i]->incident, incident))
            *(struct store_find_row *)store_list_push(&rows) = copy_row(row[i], arena);
    }
    pthread_rwlock_unlock(&reader->store->lock);
    *out = rows.at;
    *out_count = rows.count;
    return true;
}
