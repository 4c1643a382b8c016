#include "feed/chronology_table.h"

#include "feed/shape.h"
#include "feed/when.h"

enum event_column {
    EVENT_ID,
    DATE_START,
    DATE_END,
    TIME_LOCAL,
    TZ,
    UTC_IF_KNOWN,
    PLACE,
    ADMIN1,
    TERRITORY,
    LAT,
    LON,
    GEO_PRECISION,
    EVENT_TYPE,
    PHASE,
    IN_DISPUTE,
    THIRD_PARTY,
    SUMMARY,
    EVENT_SOURCES,
};
static const struct sheet_column event_columns[] = {
    [EVENT_ID] = {"event_id", COLUMN_NEEDED},
    [DATE_START] = {"date_start", COLUMN_NEEDED},
    [DATE_END] = {"date_end", COLUMN_NEEDED},
    [TIME_LOCAL] = {"time_local", COLUMN_NEEDED},
    [TZ] = {"tz", COLUMN_NEEDED},
    [UTC_IF_KNOWN] = {"utc_if_known", COLUMN_NEEDED},
    [PLACE] = {"place", COLUMN_NEEDED},
    [ADMIN1] = {"admin1", COLUMN_NEEDED},
    [TERRITORY] = {"territory", COLUMN_NEEDED},
    [LAT] = {"lat", COLUMN_NEEDED},
    [LON] = {"lon", COLUMN_NEEDED},
    [GEO_PRECISION] = {"geo_precision", COLUMN_NEEDED},
    [EVENT_TYPE] = {"event_type", COLUMN_NEEDED},
    [PHASE] = {"phase", COLUMN_NEEDED},
    [IN_DISPUTE] = {"in_dispute", COLUMN_NEEDED},
    [THIRD_PARTY] = {"third_party", COLUMN_NEEDED},
    [SUMMARY] = {"summary", COLUMN_NEEDED},
    [EVENT_SOURCES] = {"source_ids", COLUMN_NEEDED},
};

static const struct shape_taken report_taken[] = {
    {EVENT_TYPE, "type"},         {TERRITORY, "territory"}, {SUMMARY, "summary"},
    {PLACE, "place_name"},        {ADMIN1, "admin"},        {PHASE, "phase"},
    {THIRD_PARTY, "third_party"},
};

/* How far the place may be from the position given: centres of towns and districts, as
 * data/README.md says, and districts there are 60 to 90 km wide. */
static const struct precision precisions[] = {
    {1, 2000, "geo_precision 1: exact place"},
    {2, 15000, "geo_precision 2: town or district"},
    {3, 50000, "geo_precision 3: centre of a district or region"},
    {4, 200000, "geo_precision 4: a long front"},
    {9, SHAPE_NO_PLACE, "geo_precision 9: no place"},
};

/* As it was printed, the zone behind it. */
static void set_time_text(struct row *row, struct json *report)
{
    struct span time = row_text(row, TIME_LOCAL), tz = row_text(row, TZ);
    struct buf buf = buf_in(row->arena, SIZE_MAX);

    if (time.len == 0)
        return;
    buf_put(&buf, time);
    if (tz.len)
        buf_printf(&buf, " (%.*s)", SPAN_ARG(tz));
    shape_set(row, TIME_LOCAL, report, FIELD_OF("incident.report", "time_text"),
              json_string(buf_span(&buf)));
}

/* A moment a day off may be a slip of the zone; further off one of the two dates is wrong. */
static bool known_moment(struct row *row, int64_t first_ms, int64_t after_ms, int64_t *out)
{
    struct span text = row_text(row, UTC_IF_KNOWN);
    int offset;

    if (text.len == 0)
        return false;
    if (!calendar_parse_time(out, &offset, text)) {
        row_fail(row, UTC_IF_KNOWN, "must be a time that exists, as 2025-10-12T17:20Z");
        return false;
    }
    if (*out < first_ms - MS_PER_DAY || *out > after_ms + MS_PER_DAY) {
        row_fail(row, UTC_IF_KNOWN, "is more than a day off the days of the event");
        return false;
    }
    return true;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A known moment is in no doubt about its zone, and the end does not come before it. */
static void set_times(struct row *row, struct json *report, struct calendar_date first,
                      struct calendar_date last)
{
    struct zone zone = zone_of(row_text(row, TZ)), sure = {.offset_min = zone.offset_min};
    int64_t day = when_day_ms(first, zone), from = when_day_ms(last, zone), to = from + MS_PER_DAY;
    int64_t moment;
    struct json start, end;

    if (known_moment(row, day - zone.doubt_ms, to + zone.doubt_ms, &moment)) {
        start =
            when_between(moment - WHEN_CLOCK_MS, moment + WHEN_CLOCK_MS, sure, "press", row->arena);
        from = later(from, moment);
        to = later(to, moment + WHEN_CLOCK_MS);
    } else {
        start = when_between(day, day + MS_PER_DAY, zone, "press", row->arena);
    }
    end = when_between(from, to, zone, "press", row->arena);
    shape_set(row, DATE_START, report, FIELD_OF("incident.report", "start"), start);
    if (row_has(row, DATE_END))
        shape_set(row, DATE_END, report, FIELD_OF("incident.report", "end"), end);
}

static void set_disputed(struct row *row, struct json *report)
{
    size_t count;
    struct span *matter = row_list(row, IN_DISPUTE, &count);
    struct json list = json_array();

    for (size_t i = 0; i < count; i++)
        json_push(&list, json_string(matter[i]), row->arena);
    shape_set(row, IN_DISPUTE, report, FIELD_OF("incident.report", "disputed"), list);
}

static struct json report_of(struct chronology_tables *t, struct row *row,
                             struct calendar_date first, struct calendar_date last)
{
    struct json report = json_object();

    shape_take(row, &report, "incident.report", report_taken, ARRAY_LEN(report_taken));
    set_time_text(row, &report);
    set_times(row, &report, first, last);
    set_disputed(row, &report);
    shape_position(row, LAT, LON, GEO_PRECISION, precisions, ARRAY_LEN(precisions), &report);
    json_set(&report, "means", json_text("press"), row->arena);
    chronology_set_sources(t, row, EVENT_SOURCES, &report);
    return report;
}

static struct json open_of(struct row *row, const struct json *report, struct calendar_date first,
                           struct calendar_date last)
{
    struct json open = json_object();

    json_set_string(&open, "title", shape_title(row_text(row, PLACE), first, last, row->arena),
                    row->arena);
    json_set(&open, "start", *json_get(report, "start"), row->arena);
    return open;
}

static bool read_event(struct chronology_tables *t, struct row *row, struct err *err)
{
    struct span external_id = shape_external_id(row, EVENT_ID, CHRONOLOGY);
    struct calendar_date first = {.year = 1, .month = 1, .day = 1};

    row_needed(row, DATE_START);
    row_date(row, DATE_START, &first);
    struct calendar_date last = shape_last_day(row, DATE_END, first);
    struct json report = report_of(t, row, first, last);
    if (!row_ok(row, err))
        return false;

    struct chronology_event event = {
        .open = shape_item(row, "incident.open", external_id, open_of(row, &report, first, last)),
        .report = shape_item(row, "incident.report", external_id, report),
        .day_ms = calendar_ms(first),
    };
    event.report.incident = external_id;
    t->event = list_room(t->event, sizeof *t->event, t->events.count, t->arena);
    t->event[t->events.count] = event;
    keys_add(&t->events, row_cell(row, EVENT_ID), t->events.count, t->arena);
    return true;
}

const struct chronology_table chronology_events = {
    "events.csv", event_columns, ARRAY_LEN(event_columns), EVENT_ID, read_event,
};
