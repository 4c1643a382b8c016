#include "feed/when.h"

#include "base/reader.h"

#define UNKNOWN_ZONE_MS (INT64_C(14) * MS_PER_HOUR)
#define LARGEST_OFFSET_MIN 840

/* Those that mean one offset wherever news is printed in English, and AST as the chronology's
 * own format has it (Arabia, not the Atlantic). */
static const struct {
    const char *name;
    int offset_min;
} zones[] = {
    {"UTC", 0},    {"GMT", 0},    {"Z", 0},      {"PKT", 300}, {"AFT", 270}, {"TRT", 180},
    {"AST", 180},  {"IRST", 210}, {"EAT", 180},  {"CAT", 120}, {"WAT", 60},  {"CET", 60},
    {"CEST", 120}, {"EET", 120},  {"EEST", 180}, {"MSK", 180}, {"NPT", 345}, {"ICT", 420},
    {"WIB", 420},  {"PHT", 480},  {"COT", -300},
};

/* "+5", "-03:30", "+0430" */
static bool parse_offset(int *out, struct span text)
{
    struct span hours, minutes = SPAN_LIT("0");
    uint64_t h, m;

    if (text.len < 2 || (text.at[0] != '+' && text.at[0] != '-'))
        return false;
    bool west = text.at[0] == '-';
    text = span_from(text, 1);
    if (span_cut(&text, ':', &hours)) {
        if (text.len != 2)
            return false;
        minutes = text;
    } else if (text.len == 4) {
        hours = span_slice(text, 0, 2);
        minutes = span_from(text, 2);
    } else {
        hours = text;
    }
    if (hours.len == 2 && hours.at[0] == '0')
        hours = span_from(hours, 1);
    if (minutes.len == 2 && minutes.at[0] == '0')
        minutes = span_from(minutes, 1);
    if (!decimal_parse(&h, hours, 14) || !decimal_parse(&m, minutes, 59) ||
        h * 60 + m > LARGEST_OFFSET_MIN)
        return false;
    *out = (int)(h * 60 + m) * (west ? -1 : 1);
    return true;
}

struct zone zone_of(struct span text)
{
    struct zone zone = {0};
    struct span offset = text;

    for (size_t i = 0; i < ARRAY_LEN(zones); i++)
        if (span_is(text, zones[i].name))
            return (struct zone){.offset_min = zones[i].offset_min};
    if (span_starts_with(text, SPAN_LIT("UTC")) || span_starts_with(text, SPAN_LIT("GMT")))
        offset = span_from(text, 3);
    if (!parse_offset(&zone.offset_min, offset))
        zone.doubt_ms = UNKNOWN_ZONE_MS;
    return zone;
}

/* Cuts the offset off *text: from the first of "Z+-" behind the date. */
static struct span cut_offset(struct span *text)
{
    for (size_t i = strlen("2026-03-01T"); i < text->len; i++)
        if (memchr("Z+-", text->at[i], 3)) {
            struct span offset = span_from(*text, i);
            *text = span_slice(*text, 0, i);
            return offset;
        }
    return (struct span){0};
}

#define CLOCK "2026-03-01T17:20:00.000"

/* To the millisecond; some write more. */
static struct span without_more_digits(struct span clock)
{
    size_t digits = 0;

    while (digits < clock.len && clock.at[clock.len - 1 - digits] >= '0' &&
           clock.at[clock.len - 1 - digits] <= '9')
        digits++;
    bool fraction = digits > 0 && clock.len > digits && clock.at[clock.len - 1 - digits] == '.';
    return fraction && clock.len > strlen(CLOCK) ? span_slice(clock, 0, strlen(CLOCK)) : clock;
}

bool when_moment(int64_t *out_ms, struct zone *out_zone, struct span text, struct zone otherwise)
{
    struct span clock = text, offset = cut_offset(&clock);
    struct zone zone = offset.len ? zone_of(offset) : otherwise;
    char in_utc[sizeof CLOCK "Z"];
    int64_t at_ms;
    int unused;

    clock = without_more_digits(clock);
    if ((offset.len && zone.doubt_ms) || clock.len > strlen(CLOCK) ||
        clock.len < strlen("2026-03-01T"))
        return false;
    memcpy(in_utc, clock.at, clock.len);
    in_utc[clock.len] = 'Z';
    char *between = &in_utc[strlen("2026-03-01")];
    if (*between == ' ') /* RFC 3339 §5.6 */
        *between = 'T';
    if (!calendar_parse_time(&at_ms, &unused, span_make(in_utc, clock.len + 1)))
        return false;
    *out_ms = at_ms - (int64_t)zone.offset_min * MS_PER_MINUTE;
    *out_zone = zone;
    return true;
}

struct json when_between(int64_t from_ms, int64_t to_ms, struct zone zone, const char *basis,
                         struct arena *arena)
{
    struct json time = json_object();

    assert(from_ms <= to_ms);
    int64_t half = (to_ms - from_ms + 1) / 2;
    json_set_integer(&time, "at_ms", from_ms + half, arena);
    json_set(&time, "basis", json_text(basis), arena);
    json_set_integer(&time, "offset_min", zone.offset_min, arena);
    json_set_integer(&time, "uncertainty_ms", half + zone.doubt_ms, arena);
    return time;
}

int64_t when_day_ms(struct calendar_date day, struct zone zone)
{
    return calendar_ms(day) - (int64_t)zone.offset_min * MS_PER_MINUTE;
}
