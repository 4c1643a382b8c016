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

/* "+5", "-03:30" */
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
