/* When an entry was recorded (doc/format.md §8.5): between two ticks of the clock. */

#include "api/call.h"

/* The clock's row as of an entry: the time of the last tick up to it, and how many
 * entries that covers. */
static bool clock_at(struct api_call *call, uint64_t as_of, const struct json **out,
                     struct err *err)
{
    struct span bytes;

    *out = NULL;
    if (!store_get(call->reader, "clock", SPAN_LIT("clock"), as_of, &bytes, NULL, call->arena, err))
        return false;
    if (!bytes.at)
        return true;
    struct json *row = ARENA_NEW(call->arena, struct json);
    *out = row;
    return api_json(call, bytes, row, err);
}

static bool covers(struct api_call *call, uint64_t as_of, uint64_t index, const struct json **clock,
                   bool *out, struct err *err)
{
    if (!clock_at(call, as_of, clock, err))
        return false;
    *out = json_get_integer(*clock, "size", 0) > (int64_t)index;
    return true;
}

/* How many entries are covered only grows, so the first tick that covers this one is found
 * by looking twice as far each time, and then halving. */
static bool first_cover(struct api_call *call, uint64_t index, const struct json **out,
                        struct err *err)
{
    uint64_t low = index, high = index, step = 1; /* not covered as of low */
    const struct json *clock;
    bool covered = false;

    *out = NULL;
    while (!covered && high < call->as_of) {
        low = high;
        high = call->as_of - high < step ? call->as_of : high + step;
        step *= 2;
        if (!covers(call, high, index, &clock, &covered, err))
            return false;
    }
    if (!covered)
        return true;
    *out = clock;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (!covers(call, middle, index, &clock, &covered, err))
            return false;
        if (covered) {
            high = middle;
            *out = clock;
        } else {
            low = middle;
        }
    }
    return true;
}

bool api_put_recorded(struct api_call *call, uint64_t index, struct json *out, struct err *err)
{
    struct json recorded = json_object();
    const struct json *before = NULL, *cover;

    if (index > 0 && !clock_at(call, index - 1, &before, err))
        return false;
    if (!first_cover(call, index, &cover, err))
        return false;
    if (before)
        json_set_integer(&recorded, "after_ms", json_get_integer(before, "now_ms", 0), call->arena);
    if (cover)
        json_set_integer(&recorded, "by_ms", json_get_integer(cover, "now_ms", 0), call->arena);
    json_set(out, "recorded", recorded, call->arena);
    return true;
}
