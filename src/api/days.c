#include "api/days.h"

#include "api/each_row.h"
#include "base/calendar.h"

/*
 * A key is "SECTOR DAY TABLE ID": the day in 7 digits, from the first of the calendar, by UTC; or
 * `any` for what is of more days than are kept one by one, or of none that is known.
 */

#define DAYS_MOST 40 /* of one row: no watch is longer, and an outage may have no end */
#define ANY "any"

static const struct {
    const char *table;
    const char *from, *until; /* its members; until NULL: it is of one day */
} kept[] = {
    {"access", "at", NULL},     {"observation", "at", NULL}, {"outage", "from", "until"},
    {"reading", "at", NULL},    {"report", "start", NULL},   {"restriction", "at", "until"},
    {"watch", "from", "until"},
};

struct period {
    int64_t first, last; /* days, both included */
    bool any;
};

static int64_t day_of(int64_t ms)
{
    int64_t since = ms - CALENDAR_MIN_MS;

    return since < 0 ? 0 : since / MS_PER_DAY;
}

static bool stated(const struct json *row, const char *member, int64_t *out_day)
{
    const struct json *time = member ? json_get(row, member) : NULL;

    *out_day = day_of(json_get_integer(time, "at_ms", 0));
    return time != NULL;
}

/* An outage without an end is of any day; a restriction without one of the day that it began on.
 * Whoever reads by local days looks at the days beside. */
static struct period period_of(size_t table, const struct json *row)
{
    struct period out = {0};

    out.any = !stated(row, kept[table].from, &out.first);
    if (!stated(row, kept[table].until, &out.last)) {
        out.last = out.first;
        out.any = out.any || strcmp(kept[table].table, "outage") == 0;
    }
    out.any = out.any || out.last - out.first >= DAYS_MOST;
    return out;
}

static size_t table_named(struct span name)
{
    size_t i = 0;

    while (i < ARRAY_LEN(kept) && !span_is(name, kept[i].table))
        i++;
    return i;
}

static bool put(struct store_tx *tx, uint64_t index, struct span sector, const char *day,
                const char *table, struct span id, struct arena *arena, struct err *err)
{
    const char *key =
        arena_printf(arena, "%.*s %s %s %.*s", SPAN_ARG(sector), day, table, SPAN_ARG(id));

    return store_put(tx, index, "view_day", span_of(key), SPAN_LIT("{}"), err);
}

bool days_put(struct store_tx *tx, uint64_t index, const char *table, struct span id,
              const struct json *row, struct arena *arena, struct err *err)
{
    struct span sector = json_get_string(row, "sector", (struct span){0});
    size_t which = table_named(span_of(table));

    if (which == ARRAY_LEN(kept) || json_get_integer(row, "index", -1) != (int64_t)index)
        return true;
    struct period period = period_of(which, row);
    if (period.any)
        return put(tx, index, sector, ANY, table, id, arena, err);
    for (int64_t day = period.first; day <= period.last; day++)
        if (!put(tx, index, sector, arena_printf(arena, "%07" PRId64, day), table, id, arena, err))
            return false;
    return true;
}

struct looking {
    struct store_reader *reader;
    int64_t first, day; /* day -1: of any */
    uint64_t as_of;
    days_see *see;
    void *context;
    struct arena *arena;
};

/* A row of several days is seen on the first of them that is looked at. */
static bool see_key(void *context, struct span key, const struct json *unused, struct err *err)
{
    const struct looking *l = context;
    struct span id = key, sector, day, table;
    const struct json *row;

    (void)unused;
    if (!span_cut(&id, ' ', &sector) || !span_cut(&id, ' ', &day) || !span_cut(&id, ' ', &table))
        return err_set(err, ERR_CONFLICT, "view_day has the key \"%.*s\"", SPAN_ARG(key));
    size_t which = table_named(table);
    row = NULL;
    if (which < ARRAY_LEN(kept) &&
        !one_row(l->reader, kept[which].table, id, l->as_of, &row, l->arena, err))
        return false;
    if (!row)
        return err_set(err, ERR_CONFLICT, "view_day names the %.*s %.*s, and there is none",
                       SPAN_ARG(table), SPAN_ARG(id));
    int64_t first = period_of(which, row).first;
    if (l->day >= 0 && l->day != (first > l->first ? first : l->first))
        return true;
    return l->see(l->context, table, id, row, err);
}

bool days_each(struct store_reader *reader, struct span sector, int64_t from_ms, int64_t to_ms,
               uint64_t as_of, days_see *see, void *context, struct arena *arena, struct err *err)
{
    struct looking l = {reader, day_of(from_ms) - 1, -1, as_of, see, context, arena};
    const char *prefix = arena_printf(arena, "%.*s " ANY " ", SPAN_ARG(sector));

    if (!each_row(reader, "view_day", span_of(prefix), as_of, see_key, &l, arena, err))
        return false;
    for (l.day = l.first > 0 ? l.first : 0; l.day <= day_of(to_ms) + 1; l.day++) {
        prefix = arena_printf(arena, "%.*s %07" PRId64 " ", SPAN_ARG(sector), l.day);
        if (!each_row(reader, "view_day", span_of(prefix), as_of, see_key, &l, arena, err))
            return false;
    }
    return true;
}
