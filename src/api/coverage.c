#include "api/coverage.h"

#include "api/days.h"
#include "api/each_row.h"
#include "base/calendar.h"

#include <stdlib.h>

/* From a moment to before another, of one sector. */
struct stretch {
    struct span sector, sensor;
    int64_t from_ms, until_ms;
    bool of_people; /* takes away what people watched, and no sensor */
};

struct stretches {
    struct stretch *at;
    size_t count, room;
};

struct view {
    struct coverage *out;
    struct store_reader *reader;
    struct coverage_query query;
    struct arena *arena;
    int64_t first_ms, now_ms; /* the first day begins; the log's time */
    size_t days;
    struct span *sector;
    size_t sectors, sector_room;
    struct stretches watched, blind;
};

static bool time_of(const struct json *row, const char *key, int64_t *out)
{
    const struct json *time = json_get(row, key);

    *out = json_get_integer(time, "at_ms", 0);
    return time != NULL;
}

static void push(struct view *view, struct stretches *list, struct stretch one)
{
    if (one.from_ms >= one.until_ms)
        return;
    list->at = each_row_grow(list->at, sizeof *list->at, list->count, &list->room, view->arena);
    list->at[list->count++] = one;
}

/* --- the days and the sectors --- */

/* The day that the moment is in, counted from the first; negative before it. */
static int64_t day_number(const struct view *view, int64_t ms)
{
    int64_t since = ms - view->first_ms;

    return since >= 0 ? since / MS_PER_DAY : -1 - (-1 - since) / MS_PER_DAY;
}

/* The line of this sector and moment; NULL: it is none of the view's. */
static struct coverage_day *line_of(const struct view *view, struct span sector, int64_t ms)
{
    int64_t day = day_number(view, ms);

    if (day < 0 || day >= (int64_t)view->days)
        return NULL;
    for (size_t i = 0; i < view->sectors; i++)
        if (span_equal(view->sector[i], sector))
            return &view->out->at[i * view->days + (size_t)day];
    return NULL;
}

static bool see_sector(void *context, struct span key, const struct json *row, struct err *err)
{
    struct view *view = context;
    struct span id = key, section;

    (void)row, (void)err;
    span_cut(&id, '/', &section);
    struct span rest = id, plain = id;
    span_cut(&rest, ' ', &plain); /* "ID n" is its n-th version */
    for (size_t i = 0; i < view->sectors; i++)
        if (span_equal(view->sector[i], plain))
            return true;
    view->sector = each_row_grow(view->sector, sizeof *view->sector, view->sectors,
                                 &view->sector_room, view->arena);
    view->sector[view->sectors++] = plain;
    return true;
}

static bool make_lines(struct view *view, struct err *err)
{
    int64_t offset_ms = (int64_t)view->query.offset_min * MS_PER_MINUTE;
    int64_t from = view->query.from_ms, to = view->query.to_ms;

    if (from < CALENDAR_MIN_MS || to > CALENDAR_MAX_MS || from >= to)
        return err_set(err, ERR_USAGE, "coverage is of whole days, from one to a later one");

    view->first_ms = -offset_ms;
    view->first_ms += MS_PER_DAY * (day_number(view, from - 1) + 1);
    int64_t days = to > view->first_ms ? day_number(view, to - 1) + 1 : 0;
    if (days < 1 || days > COVERAGE_DAYS)
        return err_set(err, ERR_USAGE, "coverage is of 1 to %u whole days, not %" PRId64,
                       COVERAGE_DAYS, days);
    view->days = (size_t)days;
    if (!each_row(view->reader, "term", SPAN_LIT("sector/"), view->query.as_of, see_sector, view,
                  view->arena, err))
        return false;
    view->out->count = view->sectors * view->days;
    view->out->at = ARENA_ARRAY(view->arena, struct coverage_day, view->out->count);
    for (size_t i = 0; i < view->out->count; i++)
        view->out->at[i] = (struct coverage_day){
            .sector = view->sector[i / view->days],
            .from_ms = view->first_ms + (int64_t)(i % view->days) * MS_PER_DAY,
        };
    return true;
}

/* --- what the register says --- */

static bool is_live(const struct json *row)
{
    return span_is(json_get_text(row, "state"), "live");
}

/* As much of it as the view is of. */
static struct stretch stretch_of(const struct view *view, const struct json *row)
{
    int64_t end = view->first_ms + (int64_t)view->days * MS_PER_DAY;
    struct stretch one = {.sector = json_get_text(row, "sector"),
                          .sensor = json_get_text(row, "sensor")};

    if (!time_of(row, "from", &one.from_ms))
        time_of(row, "at", &one.from_ms);
    if (!time_of(row, "until", &one.until_ms))
        one.until_ms = INT64_MAX;
    one.until_ms = one.until_ms < view->now_ms ? one.until_ms : view->now_ms;
    one.until_ms = one.until_ms < end ? one.until_ms : end;
    one.from_ms = one.from_ms > view->first_ms ? one.from_ms : view->first_ms;
    return one;
}

/* Counts what a stretch meets, a day at a time. */
static void count_days(struct view *view, const struct stretch *one, bool is_watch)
{
    struct coverage_day *line;

    for (int64_t at = one->from_ms; at < one->until_ms;
         at = view->first_ms + (day_number(view, at) + 1) * MS_PER_DAY)
        if ((line = line_of(view, one->sector, at)) != NULL)
            *(is_watch ? &line->watches : &line->outages) += 1;
}

static bool see_watch(struct view *view, const struct json *row, struct err *err)
{
    struct stretch one = stretch_of(view, row);

    (void)err;
    if (!is_live(row))
        return true;
    push(view, &view->watched, one);
    count_days(view, &one, true);
    return true;
}

static bool see_outage(struct view *view, const struct json *row, struct err *err)
{
    struct stretch one = stretch_of(view, row);

    (void)err;
    if (!is_live(row))
        return true;
    push(view, &view->blind, one);
    count_days(view, &one, false);
    return true;
}

static bool count_denied(struct view *view, const struct json *row)
{
    struct coverage_day *line;
    int64_t at_ms;

    if (!time_of(row, "at", &at_ms))
        view->out->undated++;
    else if ((line = line_of(view, json_get_text(row, "sector"), at_ms)) != NULL)
        line->denied++;
    return true;
}

static bool is_denied(const struct json *access)
{
    return span_is(json_get_text(access, "answer"), "denied");
}

/* Where the host had refused on paper what the gate then refused, that is counted already. */
static bool see_denial(struct view *view, const struct json *row, struct err *err)
{
    struct span request = json_get_text(row, "request");
    const struct json *access = NULL;

    if (request.len &&
        !one_row(view->reader, "access", request, view->query.as_of, &access, view->arena, err))
        return false;
    return (is_denied(access) && json_get(access, "at")) || count_denied(view, row);
}

static bool see_restriction(struct view *view, const struct json *row, struct err *err)
{
    struct coverage_day *line;
    int64_t at_ms, until_ms;

    if (!is_live(row) || !time_of(row, "at", &at_ms))
        return true;
    if ((line = line_of(view, json_get_text(row, "sector"), at_ms)) != NULL)
        line->restrictions++;
    if (!span_is(json_get_text(row, "type"), "denial"))
        return true;
    struct stretch one = stretch_of(view, row);
    int64_t day_ends = view->first_ms + (day_number(view, at_ms) + 1) * MS_PER_DAY;
    if (!time_of(row, "until", &until_ms) && one.until_ms > day_ends)
        one.until_ms = day_ends;
    one.of_people = true;
    push(view, &view->blind, one);
    return see_denial(view, row, err);
}

static bool see_access(struct view *view, const struct json *row, struct err *err)
{
    (void)err;
    return !is_denied(row) || count_denied(view, row);
}

static bool see_item(struct view *view, const struct json *row, const char *time, bool is_report)
{
    struct coverage_day *line;
    int64_t at_ms;

    if (is_live(row) && time_of(row, time, &at_ms) &&
        (line = line_of(view, json_get_text(row, "sector"), at_ms)) != NULL)
        *(is_report ? &line->reported : &line->seen) += 1;
    return true;
}

static bool see_seen(struct view *view, const struct json *row, struct err *err)
{
    (void)err;
    return see_item(view, row, "at", false);
}

static bool see_report(struct view *view, const struct json *row, struct err *err)
{
    (void)err;
    return see_item(view, row, "start", true);
}

static const struct {
    const char *table;
    bool (*see)(struct view *view, const struct json *row, struct err *err);
} sources[] = {
    {"access", see_access}, {"observation", see_seen}, {"outage", see_outage},
    {"reading", see_seen},  {"report", see_report},    {"restriction", see_restriction},
    {"watch", see_watch},
};

static bool see_row(void *context, struct span table, struct span id, const struct json *row,
                    struct err *err)
{
    (void)id;
    for (size_t i = 0; i < ARRAY_LEN(sources); i++)
        if (span_is(table, sources[i].table))
            return sources[i].see(context, row, err);
    return true;
}

/* --- the sum --- */

static int by_start(const void *a, const void *b)
{
    int64_t left = ((const struct stretch *)a)->from_ms,
            right = ((const struct stretch *)b)->from_ms;

    return left < right ? -1 : left > right;
}

static bool takes_away(const struct stretch *blind, const struct stretch *watch)
{
    if (!span_equal(blind->sector, watch->sector))
        return false;
    if (blind->of_people)
        return watch->sensor.len == 0;
    return blind->sensor.len == 0 || span_equal(blind->sensor, watch->sensor);
}

/* What is left of a watch; `blind` is in order of time. */
static void push_clear(struct view *view, struct stretches *out, const struct stretch *watch)
{
    struct stretch left = *watch;

    for (size_t i = 0; i < view->blind.count; i++) {
        const struct stretch *blind = &view->blind.at[i];

        if (!takes_away(blind, watch) || blind->until_ms <= left.from_ms ||
            blind->from_ms >= watch->until_ms)
            continue;
        left.until_ms = blind->from_ms;
        push(view, out, left);
        left.from_ms = blind->until_ms;
    }
    left.until_ms = watch->until_ms;
    push(view, out, left);
}

/* Milliseconds of each line that at least one of these meets; `list` is in order of time. */
static void measure(struct view *view, const struct stretches *list, struct span sector,
                    int64_t *ms_of_day)
{
    int64_t done = INT64_MIN;

    for (size_t i = 0; i < list->count; i++) {
        const struct stretch *one = &list->at[i];
        int64_t at = one->from_ms > done ? one->from_ms : done;

        if (!span_equal(one->sector, sector) || at >= one->until_ms)
            continue;
        for (done = one->until_ms; at < done;) {
            int64_t day = day_number(view, at), next = view->first_ms + (day + 1) * MS_PER_DAY;
            int64_t until = next < done ? next : done;

            ms_of_day[day] += until - at;
            at = until;
        }
    }
}

static void sort(struct stretches *list)
{
    if (list->count)
        qsort(list->at, list->count, sizeof *list->at, by_start);
}

static void sum(struct view *view)
{
    struct stretches clear = {0};

    sort(&view->blind);
    sort(&view->watched);
    for (size_t i = 0; i < view->watched.count; i++)
        push_clear(view, &clear, &view->watched.at[i]);
    sort(&clear);
    for (size_t s = 0; s < view->sectors; s++) {
        int64_t *all = ARENA_ARRAY(view->arena, int64_t, view->days);
        int64_t *left = ARENA_ARRAY(view->arena, int64_t, view->days);

        memset(all, 0, view->days * sizeof *all);
        memset(left, 0, view->days * sizeof *left);
        measure(view, &view->watched, view->sector[s], all);
        measure(view, &clear, view->sector[s], left);
        for (size_t d = 0; d < view->days; d++) {
            struct coverage_day *line = &view->out->at[s * view->days + d];

            line->watched_s = left[d] / 1000;
            line->blind_s = (all[d] - left[d]) / 1000;
        }
    }
}

bool coverage_read(struct coverage *out, struct store_reader *reader,
                   const struct coverage_query *query, struct arena *arena, struct err *err)
{
    struct coverage found = {0};
    struct view view = {.out = &found, .reader = reader, .query = *query, .arena = arena};
    const struct json *clock;
    bool ok = make_lines(&view, err) &&
              one_row(reader, "clock", SPAN_LIT("clock"), query->as_of, &clock, arena, err);

    if (!ok)
        return false;
    view.now_ms = json_get_integer(clock, "now_ms", INT64_MIN);
    int64_t end_ms = view.first_ms + (int64_t)view.days * MS_PER_DAY;
    for (size_t i = 0; ok && i < view.sectors; i++)
        ok = days_each(reader, view.sector[i], view.first_ms, end_ms, query->as_of, see_row, &view,
                       arena, err);
    if (!ok)
        return false;
    sum(&view);
    *out = found;
    return true;
}

bool coverage_watched(const struct coverage_day *day)
{
    return day->watched_s > 0;
}

bool coverage_offsets(struct store_reader *reader, uint64_t as_of, int **out, size_t *out_count,
                      struct arena *arena, struct err *err)
{
    const struct json *head;

    if (!one_row(reader, "term", SPAN_LIT("agreement"), as_of, &head, arena, err))
        return false;
    const struct json *offsets = json_get(head, "offsets_min");
    size_t most = offsets && offsets->type == JSON_ARRAY ? offsets->array.count : 0;
    int *found = ARENA_ARRAY(arena, int, most + 1);
    size_t count = 1;
    found[0] = 0;
    for (size_t i = 0; i < most; i++) {
        const struct json *one = &offsets->array.at[i];

        if (one->type == JSON_INTEGER && one->integer >= -840 && one->integer <= 840)
            found[count++] = (int)one->integer;
    }
    *out = found;
    *out_count = count;
    return true;
}

struct json coverage_json(const struct coverage *coverage, int offset_min, struct arena *arena)
{
    struct json out = json_object(), days = json_array();

    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_day *day = &coverage->at[i];
        bool watched = coverage_watched(day);
        struct json one = json_object();

        json_set_integer(&one, "blind_s", day->blind_s, arena);
        json_set_integer(&one, "denied", day->denied, arena);
        json_set_integer(&one, "from_ms", day->from_ms, arena);
        json_set_integer(&one, "outages", day->outages, arena);
        json_set_integer(&one, "reported", day->reported, arena);
        json_set_integer(&one, "restrictions", day->restrictions, arena);
        json_set_string(&one, "sector", day->sector, arena);
        if (watched || day->seen)
            json_set_integer(&one, "seen", day->seen, arena);
        json_set_integer(&one, "watched", watched, arena);
        json_set_integer(&one, "watched_s", day->watched_s, arena);
        json_set_integer(&one, "watches", day->watches, arena);
        json_push(&days, one, arena);
    }
    json_set(&out, "days", days, arena);
    json_set_integer(&out, "offset_min", offset_min, arena);
    json_set_integer(&out, "undated", coverage->undated, arena);
    return out;
}
