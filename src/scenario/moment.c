#include "scenario/moment.h"

#include "base/calendar.h"
#include "base/limits.h"
#include "base/reader.h"
#include "scenario/block.h"

#include <stdio.h>

/* --- durations --- */

#define MOST_MS (INT64_C(100) * 366 * MS_PER_DAY) /* a century: no scenario is longer */

static const struct {
    const char *word;
    int64_t ms;
} units[] = {
    {"second", 1000},          {"seconds", 1000},          {"s", 1000},
    {"minute", MS_PER_MINUTE}, {"minutes", MS_PER_MINUTE}, {"min", MS_PER_MINUTE},
    {"hour", MS_PER_HOUR},     {"hours", MS_PER_HOUR},     {"h", MS_PER_HOUR},
    {"day", MS_PER_DAY},       {"days", MS_PER_DAY},       {"d", MS_PER_DAY},
    {"week", 7 * MS_PER_DAY},  {"weeks", 7 * MS_PER_DAY},
};

static bool unit_of(int64_t *out, struct span word)
{
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (span_is(word, units[i].word)) {
            *out = units[i].ms;
            return true;
        }
    return false;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* "6 hours", or "6h": the number, and the unit behind it. */
static bool next_piece(struct span *rest, uint64_t *out_number, struct span *out_unit)
{
    struct span word = words_next(rest);
    size_t digits = 0;

    while (digits < word.len && is_digit(word.at[digits]))
        digits++;
    *out_unit = span_from(word, digits);
    if (!decimal_parse(out_number, span_slice(word, 0, digits), MOST_MS))
        return false;
    if (out_unit->len == 0)
        *out_unit = words_next(rest);
    return true;
}

bool moment_duration(int64_t *out_ms, struct span text)
{
    struct span rest = words_trim(text), unit;
    int64_t sum = 0, ms;
    uint64_t number;

    if (rest.len == 0)
        return false;
    while (rest.len) {
        if (!next_piece(&rest, &number, &unit) || !unit_of(&ms, unit) ||
            (int64_t)number > (MOST_MS - sum) / ms)
            return false;
        sum += (int64_t)number * ms;
        (void)words_take(&rest, "and");
    }
    *out_ms = sum;
    return true;
}

static void put_piece(struct buf *out, int64_t *ms, int64_t unit, const char *one, const char *many)
{
    int64_t n = *ms / unit;

    if (n == 0)
        return;
    buf_printf(out, "%s%" PRId64 " %s", out->len ? " " : "", n, n == 1 ? one : many);
    *ms -= n * unit;
}

const char *moment_duration_text(int64_t ms, struct arena *arena)
{
    struct buf out = buf_in(arena, 200);

    if (ms < 0) {
        buf_text(&out, "minus");
        ms = -ms;
    }
    put_piece(&out, &ms, MS_PER_DAY, "day", "days");
    put_piece(&out, &ms, MS_PER_HOUR, "hour", "hours");
    put_piece(&out, &ms, MS_PER_MINUTE, "min", "min");
    put_piece(&out, &ms, 1000, "s", "s");
    if (ms)
        buf_printf(&out, "%s%" PRId64 " ms", out.len ? " " : "", ms);
    if (out.len == 0)
        buf_text(&out, "no time");
    return arena_text(arena, buf_span(&out));
}

/* --- moments --- */

static bool looks_like(struct span text, const char *pattern)
{
    if (text.len != strlen(pattern))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (pattern[i] == '0' ? !is_digit(text.at[i]) : text.at[i] != (uint8_t)pattern[i])
            return false;
    return true;
}

/* "15:40" or "15:40:00", and the offset, or that of now. */
static bool on_day(struct moment *out, struct span date, struct span clock, struct span offset,
                   const struct moment *now)
{
    char iso[64], zone[8] = "Z";
    struct span calendar;
    int min;

    if (!looks_like(clock, "00:00") && !looks_like(clock, "00:00:00"))
        return false;
    if (offset.len == 0 && now) {
        min = now->offset_min < 0 ? -now->offset_min : now->offset_min;
        snprintf(zone, sizeof zone, "%c%02d:%02d", now->offset_min < 0 ? '-' : '+', min / 60 % 100,
                 min % 60);
    } else if (offset.len == 6) {
        snprintf(zone, sizeof zone, "%.*s", SPAN_ARG(offset));
    } else if (!span_is(offset, "UTC") && !span_is(offset, "Z")) {
        return false;
    }
    snprintf(iso, sizeof iso, "%.*sT%.*s%s", SPAN_ARG(date), SPAN_ARG(clock), zone);
    calendar = span_of(iso);
    return calendar_parse_time(&out->ms, &out->offset_min, calendar);
}

static bool clock_today(struct moment *out, struct span clock, struct span offset,
                        const struct moment *now)
{
    struct moment there = *now;
    char date[16];

    if (offset.len && !on_day(&there, SPAN_LIT("2000-01-01"), clock, offset, now))
        return false;
    struct calendar_date day = calendar_date(now->ms + (int64_t)there.offset_min * MS_PER_MINUTE);
    snprintf(date, sizeof date, "%04d-%02d-%02d", day.year % 10000, day.month % 100, day.day % 100);
    return on_day(out, span_of(date), clock, offset, now);
}

static bool relative(struct moment *out, struct span text, const struct moment *now)
{
    int64_t ms;

    *out = *now;
    if (span_is(text, "now"))
        return true;
    if (words_take(&text, "in")) {
        if (!moment_duration(&ms, text))
            return false;
        out->ms += ms;
        return true;
    }
    if (!span_ends_with(text, SPAN_LIT(" ago")) ||
        !moment_duration(&ms, span_slice(text, 0, text.len - 4)))
        return false;
    out->ms -= ms;
    return true;
}

bool moment_parse(struct moment *out, struct span text, const struct moment *now)
{
    struct span rest = words_trim(text), whole = rest;
    struct moment found = {0};
    bool ok;

    struct span first = words_next(&rest);
    if (looks_like(first, "0000-00-00")) {
        struct span clock = words_next(&rest), offset = words_next(&rest);

        ok = rest.len == 0 && on_day(&found, first, clock, offset, now);
    } else if (now && first.len && is_digit(first.at[0]) &&
               !span_ends_with(whole, SPAN_LIT("ago"))) {
        struct span offset = words_next(&rest);

        ok = rest.len == 0 && clock_today(&found, first, offset, now);
    } else {
        ok = now && relative(&found, whole, now);
    }
    if (!ok || found.ms < LIMIT_TIME_MIN_MS || found.ms > LIMIT_TIME_MAX_MS)
        return false;
    *out = found;
    return true;
}

const char *moment_text(struct moment moment, struct arena *arena)
{
    char text[CALENDAR_TEXT];
    int min = moment.offset_min < 0 ? -moment.offset_min : moment.offset_min;

    calendar_format(text, moment.ms + (int64_t)moment.offset_min * MS_PER_MINUTE, 0);
    return arena_printf(arena, "%.10s %.5s %c%02d:%02d", text, text + 11,
                        moment.offset_min < 0 ? '-' : '+', min / 60, min % 60);
}

/* --- stated times --- */

static bool take_error(struct span *text, int64_t *out_ms)
{
    static const char *const marks[] = {"±", "+/-", "+-"};
    struct span before;

    *out_ms = 0;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        struct span rest = *text;

        if (!words_cut(&rest, marks[i], &before))
            continue;
        *text = before;
        return moment_duration(out_ms, rest);
    }
    return true;
}

bool moment_stated(struct json *out, struct span text, const struct moment *now,
                   struct arena *arena)
{
    struct span rest = text, time, basis = SPAN_LIT("watch");
    struct moment moment;
    int64_t error_ms;

    if (words_cut(&rest, " by ", &time))
        basis = rest;
    else
        time = text;
    if (!take_error(&time, &error_ms) || !moment_parse(&moment, time, now))
        return false;
    *out = json_object();
    json_set_integer(out, "at_ms", moment.ms, arena);
    json_set_string(out, "basis", basis, arena);
    json_set_integer(out, "offset_min", moment.offset_min, arena);
    json_set_integer(out, "uncertainty_ms", error_ms, arena);
    return true;
}
