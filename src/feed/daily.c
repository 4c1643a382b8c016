#include "feed/daily.h"

#include "base/reader.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "feed/row_feed.h"
#include "feed/shape.h"
#include "feed/when.h"

#define DAILY "daily"

enum daily_column {
    OBSERVER_POSITION,
    EVENT_LOCATION,
    HOW,
    NUMBER,
    OBSERVATION,
    DESCRIPTION,
    WEAPON,
    DATE,
    TIME,
    TZ,
    ID,
};

static const struct sheet_column columns[] = {
    [OBSERVER_POSITION] = {"observer_position", COLUMN_NEEDED},
    [EVENT_LOCATION] = {"event_location", COLUMN_NEEDED},
    [HOW] = {"how", COLUMN_NEEDED},
    [NUMBER] = {"number", COLUMN_NEEDED},
    [OBSERVATION] = {"observation", COLUMN_NEEDED},
    [DESCRIPTION] = {"description", COLUMN_NEEDED},
    [WEAPON] = {"weapon", COLUMN_NEEDED},
    [DATE] = {"date", COLUMN_NEEDED},
    [TIME] = {"time", COLUMN_NEEDED},
    [TZ] = {"tz", COLUMN_MAY_LACK},
    [ID] = {"id", COLUMN_MAY_LACK},
};

/* --- how --- */

/* What rules §incident.observe lets go together. */
static const struct {
    const char *printed, *verb, *means;
} ways[] = {
    {"heard", "heard", "heard"},          {"saw", "saw", "saw"},
    {"recorded", "recorded", "recorded"}, {"camera", "recorded", "camera"},
    {"thermal", "recorded", "thermal"},   {"uav", "recorded", "uav"},
    {"acoustic", "recorded", "acoustic"}, {"radar", "recorded", "radar"},
    {"told", "was_told", "told"},
};

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

static bool says(struct span text, const char *word)
{
    bool same = text.len == strlen(word);

    for (size_t i = 0; same && i < text.len; i++)
        same = lower(text.at[i]) == (uint8_t)word[i];
    return same;
}

static void set_way(struct row *row, struct json *seen)
{
    struct span how = row_needed(row, HOW);

    for (size_t i = 0; i < ARRAY_LEN(ways); i++)
        if (says(how, ways[i].printed)) {
            json_set(seen, "verb", json_text(ways[i].verb), row->arena);
            json_set(seen, "means", json_text(ways[i].means), row->arena);
            return;
        }
    row_fail(row, HOW,
             "is none of heard, saw, recorded, camera, thermal, uav, acoustic, radar, told");
}

/* --- how many --- */

static bool whole(struct span text, int64_t *out)
{
    uint64_t value;
    bool ok = decimal_parse(&value, text, LIMIT_INTEGER);

    if (ok)
        *out = (int64_t)value;
    return ok;
}

/* "at least 20" without its words. */
static bool behind(struct span text, const char *words, struct span *out)
{
    if (!span_starts_with(text, span_of(words)))
        return false;
    *out = span_from(text, strlen(words));
    return true;
}

struct number {
    int64_t least, most;
    bool open; /* at least `least` */
    const char *hedge;
};

static bool number_parse(struct number *out, struct span text)
{
    struct span rest = text, first;

    *out = (struct number){.hedge = "exact"};
    if (behind(text, "at least ", &rest) || behind(text, "≥", &rest) || behind(text, ">=", &rest)) {
        *out = (struct number){.open = true, .hedge = "at_least"};
        return whole(rest, &out->least);
    }
    if (text.len && text.at[text.len - 1] == '+') {
        *out = (struct number){.open = true, .hedge = "at_least"};
        return whole(span_slice(text, 0, text.len - 1), &out->least);
    }
    if (behind(text, "about ", &rest) || behind(text, "~", &rest))
        out->hedge = "about";
    if (!span_cut(&rest, '-', &first))
        first = rest;
    else if (strcmp(out->hedge, "exact") == 0)
        out->hedge = NULL; /* a range: its ends say it */
    return whole(first, &out->least) && whole(rest, &out->most) && out->least <= out->most;
}

/* A blank number is no number: the row tells that something was perceived, not how often. */
static void set_number(struct row *row, struct json *seen)
{
    struct span text = row_text(row, NUMBER);
    struct number number;

    if (text.len == 0)
        return;
    if (says(text, "uncountable")) {
        json_set(seen, "hedge", json_text("uncountable"), row->arena);
        return;
    }
    if (!number_parse(&number, text)) {
        row_fail(row, NUMBER,
                 "must be a whole number, 3-5, at least 20, 20+, about 30, ~30 or uncountable");
        return;
    }
    json_set_integer(seen, "count_min", number.least, row->arena);
    if (!number.open)
        json_set_integer(seen, "count_max", number.most, row->arena);
    if (number.hedge)
        json_set(seen, "hedge", json_text(number.hedge), row->arena);
}

/* --- when --- */

/* Watches are set by hand and not compared. */
#define WATCH_MS (5 * MS_PER_MINUTE)

/* "19:05" */
static bool clock_parse(int64_t *out_ms, struct span text)
{
    int digit[4];

    if (text.len != 5 || text.at[2] != ':')
        return false;
    for (size_t i = 0; i < 4; i++) {
        digit[i] = text.at[i + (i > 1)] - '0';
        if (digit[i] < 0 || digit[i] > 9)
            return false;
    }
    int hour = digit[0] * 10 + digit[1], minute = digit[2] * 10 + digit[3];
    *out_ms = (int64_t)hour * MS_PER_HOUR + (int64_t)minute * MS_PER_MINUTE;
    return hour < 24 && minute < 60;
}

/* "19:05" is that minute; "23:50-00:10" ends the day after; blank is the whole day. */
static bool span_of_day(struct span text, int64_t *from_ms, int64_t *to_ms)
{
    struct span rest = text, first;

    *from_ms = 0;
    *to_ms = MS_PER_DAY;
    if (text.len == 0)
        return true;
    if (!span_cut(&rest, '-', &first))
        first = rest;
    if (!clock_parse(from_ms, first) || !clock_parse(to_ms, rest))
        return false;
    if (*to_ms < *from_ms)
        *to_ms += MS_PER_DAY;
    *from_ms -= WATCH_MS;
    *to_ms += MS_PER_MINUTE + WATCH_MS;
    return true;
}

static void set_time(struct row *row, struct json *seen)
{
    struct zone zone = zone_of(row_text(row, TZ));
    struct calendar_date day;
    int64_t from_ms, to_ms;

    row_needed(row, DATE);
    if (!row_date(row, DATE, &day))
        return;
    if (!span_of_day(row_text(row, TIME), &from_ms, &to_ms)) {
        row_fail(row, TIME, "must be HH:MM or HH:MM-HH:MM");
        return;
    }
    int64_t start_ms = when_day_ms(day, zone);
    shape_set(row, DATE, seen, FIELD_OF("incident.observe", "at"),
              when_between(start_ms + from_ms, start_ms + to_ms, zone, "document", row->arena));
}

/* --- the observation --- */

static void set_summary(struct row *row, struct json *seen)
{
    struct buf summary = buf_in(row->arena, SIZE_MAX);

    buf_put(&summary, row_needed(row, OBSERVATION));
    if (row_has(row, DESCRIPTION)) {
        buf_text(&summary, "; ");
        buf_put(&summary, row_text(row, DESCRIPTION));
    }
    if (!row_failed(row))
        shape_set(row, OBSERVATION, seen, FIELD_OF("incident.observe", "summary"),
                  json_string(buf_span(&summary)));
}

/*
 * Such tables number nothing. Without an `id` the row is named by what it says, the number aside,
 * for that is what is corrected later.
 */
static struct span external_id_of(struct row *row)
{
    static const enum daily_column naming[] = {
        DATE, TIME, TZ, OBSERVER_POSITION, EVENT_LOCATION, HOW, OBSERVATION, DESCRIPTION, WEAPON,
    };
    struct buf named = buf_in(row->arena, SIZE_MAX);
    char hex[2 * sizeof(struct hash) + 1];

    if (row_has(row, ID))
        return shape_external_id(row, ID, DAILY);
    for (size_t i = 0; i < ARRAY_LEN(naming); i++) {
        csv_put_cell(&named, row_text(row, naming[i]));
        buf_byte(&named, ',');
    }
    struct hash hash = hash_of(buf_span(&named));
    hex_text(hex, hash_span(&hash));
    return span_of(
        arena_printf(row->arena, DAILY "/%.*s/%.32s", SPAN_ARG(row_text(row, DATE)), hex));
}

static bool read_row(struct feed_item *out, struct row *row, size_t n)
{
    static const struct shape_taken taken[] = {
        {OBSERVER_POSITION, "observer_place"},
        {EVENT_LOCATION, "place_name"},
        {WEAPON, "weapon"},
    };
    struct json seen = json_object();

    if (n > 0)
        return false;
    row_needed(row, EVENT_LOCATION);
    set_way(row, &seen);
    set_number(row, &seen);
    set_time(row, &seen);
    set_summary(row, &seen);
    shape_take(row, &seen, "incident.observe", taken, ARRAY_LEN(taken));
    *out = shape_item(row, "incident.observe", external_id_of(row), seen);
    return true;
}

static const char *const kinds[] = {"incident.observe", NULL};

static const struct row_feed table = {.source = DAILY,
                                      .kinds = kinds,
                                      .column = columns,
                                      .columns = ARRAY_LEN(columns),
                                      .read = read_row};

bool daily_open(struct feed *out, const char *file, struct span text, const struct remarks *remarks,
                struct arena *arena, struct err *err)
{
    return row_feed_open(out, &table, file, text, remarks, arena, err);
}
