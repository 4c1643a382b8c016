#include "api/lane_days.h"

#include "api/each_row.h"
#include "base/calendar.h"

#include <stdlib.h>

struct spell {
    struct span crossing, direction, class, org;
    int64_t since_ms, until_ms, index;
    uint8_t status;
};

struct spells {
    struct spell *at;
    size_t count, room;
    struct arena *arena;
};

static int64_t day_number(int64_t ms, int64_t first_ms)
{
    int64_t since = ms - first_ms;

    return since >= 0 ? since / MS_PER_DAY : -1 - (-1 - since) / MS_PER_DAY;
}

bool lane_period_make(struct lane_period *out, int64_t from_ms, int64_t to_ms, int offset_min,
                      int64_t now_ms, struct err *err)
{
    int64_t midnight = -(int64_t)offset_min * MS_PER_MINUTE;

    if (from_ms < CALENDAR_MIN_MS || to_ms > CALENDAR_MAX_MS || from_ms >= to_ms)
        return err_set(err, ERR_USAGE, "days are counted from one to a later one");

    int64_t first = midnight + MS_PER_DAY * (day_number(from_ms - 1, midnight) + 1);
    int64_t days = to_ms > first ? day_number(to_ms - 1, first) + 1 : 0;
    if (days < 1 || days > LANE_DAYS)
        return err_set(err, ERR_USAGE, "it is of 1 to %u whole days, not %" PRId64, LANE_DAYS,
                       days);
    int64_t end = first + days * MS_PER_DAY;
    end = end < now_ms ? end : now_ms;
    end = end > first ? end : first;
    *out = (struct lane_period){first, end, (size_t)(day_number(end - 1, first) + 1)};
    return true;
}

static uint8_t status_of(struct span word)
{
    static const struct {
        const char *word;
        uint8_t status;
    } words[] = {
        {"closed", LANE_SHUT},
        {"suspended", LANE_SHUT},
        {"limited", LANE_LIMITED},
        {"open", LANE_OPEN},
    };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_is(word, words[i].word))
            return words[i].status;
    return LANE_SILENT;
}

static bool see_declaration(void *context, struct span key, const struct json *row, struct err *err)
{
    struct spells *list = context;

    (void)key, (void)err;
    list->at = each_row_grow(list->at, sizeof *list->at, list->count, &list->room, list->arena);
    list->at[list->count++] = (struct spell){
        .crossing = json_get_text(row, "crossing"),
        .direction = json_get_text(row, "direction"),
        .class = json_get_text(row, "class"),
        .org = json_get_text(row, "org"),
        .since_ms = json_get_integer(json_get(row, "since"), "at_ms", 0),
        .until_ms = json_get_integer(json_get(row, "until"), "at_ms", INT64_MAX),
        .index = json_get_integer(row, "index", 0),
        .status = status_of(json_get_text(row, "status")),
    };
    return true;
}

static int by_lane(const struct spell *a, const struct spell *b)
{
    int order = span_compare(a->crossing, b->crossing);

    order = order ? order : span_compare(a->direction, b->direction);
    order = order ? order : span_compare(a->class, b->class);
    return order ? order : span_compare(a->org, b->org);
}

/* Of one lane the last in the log first. */
static int by_lane_and_index(const void *left, const void *right)
{
    const struct spell *a = left, *b = right;
    int order = by_lane(a, b);

    return order ? order : (a->index < b->index) - (a->index > b->index);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Marks the days that a stretch meets, and how much of each has been spoken of. */
static void paint(const struct lane_period *period, uint8_t *day, int64_t *said_ms, int64_t from,
                  int64_t until, uint8_t status)
{
    from = from > period->first_ms ? from : period->first_ms;
    until = earlier(until, period->end_ms);
    while (from < until) {
        int64_t n = day_number(from, period->first_ms);
        int64_t stop = earlier(period->first_ms + (n + 1) * MS_PER_DAY, until);

        day[n] |= status;
        said_ms[n] += stop - from;
        from = stop;
    }
}

/* What nobody spoke of, in a day as far as it has come. */
static void paint_silence(const struct lane_period *period, uint8_t *day, const int64_t *said_ms)
{
    for (size_t n = 0; n < period->days; n++) {
        int64_t begins = period->first_ms + (int64_t)n * MS_PER_DAY;

        if (said_ms[n] < earlier(begins + MS_PER_DAY, period->end_ms) - begins)
            day[n] |= LANE_SILENT;
    }
}

/* The declarations of one lane, the last in the log first: each holds until the moment from which
 * on a later one does. */
static struct lane_days days_of(const struct spell *spell, size_t count,
                                const struct lane_period *period, struct arena *arena)
{
    struct lane_days out = {.crossing = spell->crossing,
                            .direction = spell->direction,
                            .class = spell->class,
                            .org = spell->org,
                            .day = ARENA_ARRAY(arena, uint8_t, period->days + 1)};
    int64_t *said_ms = ARENA_ARRAY(arena, int64_t, period->days + 1);
    int64_t taken = INT64_MAX;

    for (size_t i = 0; i < count; i++) {
        if (spell[i].since_ms >= taken)
            continue;
        paint(period, out.day, said_ms, spell[i].since_ms, earlier(spell[i].until_ms, taken),
              spell[i].status);
        taken = spell[i].since_ms;
    }
    paint_silence(period, out.day, said_ms);
    return out;
}

bool lane_days_read(struct lane_days_list *out, struct store_reader *reader,
                    const struct lane_period *period, uint64_t as_of, struct arena *arena,
                    struct err *err)
{
    struct spells spells = {.arena = arena};
    struct lane_days_list found = {0};

    if (!each_row(reader, "declaration", (struct span){0}, as_of, see_declaration, &spells, arena,
                  err))
        return false;
    if (spells.count)
        qsort(spells.at, spells.count, sizeof *spells.at, by_lane_and_index);
    found.at = ARENA_ARRAY(arena, struct lane_days, spells.count + 1);
    for (size_t first = 0, next; first < spells.count; first = next) {
        for (next = first + 1; next < spells.count; next++)
            if (by_lane(&spells.at[first], &spells.at[next]) != 0)
                break;
        found.at[found.count++] = days_of(&spells.at[first], next - first, period, arena);
    }
    *out = found;
    return true;
}

const struct lane_days *lane_days_of(const struct lane_days_list *list, struct span crossing,
                                     struct span direction, struct span class, struct span org)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct lane_days *one = &list->at[i];

        if (span_equal(one->crossing, crossing) && span_equal(one->direction, direction) &&
            span_equal(one->class, class) && span_equal(one->org, org))
            return one;
    }
    return NULL;
}

struct lane_sum lane_days_sum(const struct lane_days *days, const struct lane_period *period)
{
    struct lane_sum sum = {0};

    for (size_t n = 0; n < period->days; n++) {
        uint8_t day = days ? days->day[n] : LANE_SILENT;

        if (day == LANE_SHUT)
            sum.closed++;
        else if (day & (LANE_SHUT | LANE_LIMITED))
            sum.partly++;
        else if (day & LANE_OPEN)
            sum.open++;
        else
            sum.no_word++;
    }
    return sum;
}
