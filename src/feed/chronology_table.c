#include "feed/chronology_table.h"

#include "base/limits.h"
#include "feed/shape.h"
#include "feed/when.h"

#include <stdarg.h>
#include <stdio.h>

enum source_column { SOURCE_ID, PUBLISHER, PUBLISHED, LANGUAGE, URL };
static const struct sheet_column source_columns[] = {
    [SOURCE_ID] = {"source_id", COLUMN_NEEDED},
    [PUBLISHER] = {"publisher", COLUMN_NEEDED},
    [PUBLISHED] = {"published", COLUMN_NEEDED},
    [LANGUAGE] = {"language", COLUMN_NEEDED},
    [URL] = {"url", COLUMN_NEEDED},
};

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

enum claim_column {
    CLAIM_ID,
    CLAIM_EVENT,
    CLAIMANT,
    CLAIMANT_SIDE,
    ABOUT,
    SUBJECT,
    VALUE_MIN,
    VALUE_MAX,
    QUALIFIER,
    DATE_MADE,
    PARAPHRASE,
    SUPERSEDES,
    CLAIM_SOURCES,
};
static const struct sheet_column claim_columns[] = {
    [CLAIM_ID] = {"claim_id", COLUMN_NEEDED},
    [CLAIM_EVENT] = {"event_id", COLUMN_NEEDED},
    [CLAIMANT] = {"claimant", COLUMN_NEEDED},
    [CLAIMANT_SIDE] = {"claimant_side", COLUMN_NEEDED},
    [ABOUT] = {"about", COLUMN_NEEDED},
    [SUBJECT] = {"subject", COLUMN_NEEDED},
    [VALUE_MIN] = {"value_min", COLUMN_NEEDED},
    [VALUE_MAX] = {"value_max", COLUMN_NEEDED},
    [QUALIFIER] = {"qualifier", COLUMN_NEEDED},
    [DATE_MADE] = {"date_made", COLUMN_NEEDED},
    [PARAPHRASE] = {"paraphrase", COLUMN_NEEDED},
    [SUPERSEDES] = {"supersedes", COLUMN_NEEDED},
    [CLAIM_SOURCES] = {"source_ids", COLUMN_NEEDED},
};

/* Cells that are taken as they stand. */
struct taken {
    size_t column;
    const char *field;
};

static const struct taken source_taken[] = {
    {SOURCE_ID, "id"}, {PUBLISHER, "publisher"}, {PUBLISHED, "published"}, {LANGUAGE, "language"},
    {URL, "url"},
};
static const struct taken report_taken[] = {
    {EVENT_TYPE, "type"},         {TERRITORY, "territory"}, {SUMMARY, "summary"},
    {PLACE, "place_name"},        {ADMIN1, "admin"},        {PHASE, "phase"},
    {THIRD_PARTY, "third_party"},
};
static const struct taken claim_taken[] = {
    {CLAIMANT, "claimant"}, {CLAIMANT_SIDE, "side"},  {ABOUT, "matter"},
    {SUBJECT, "subject"},   {QUALIFIER, "qualifier"}, {PARAPHRASE, "statement"},
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

static void set_taken(struct row *row, struct json *flat, const char *kind,
                      const struct taken *taken, size_t count)
{
    for (size_t i = 0; i < count; i++)
        row_set(row, taken[i].column, flat, shape_field(kind, taken[i].field));
}

/* --- sources.csv --- */

static void read_published(struct row *row)
{
    struct span text = row_text(row, PUBLISHED);
    struct calendar_date date;
    int64_t ms;
    int offset;

    if (text.len && !calendar_parse_date(&date, text) && !calendar_parse_time(&ms, &offset, text))
        row_fail(row, PUBLISHED, "must be a date or a time that exists, as ISO 8601 writes it");
}

static bool read_source(struct chronology_tables *t, struct row *row, struct err *err)
{
    struct json source = json_object();

    row_needed(row, SOURCE_ID);
    read_published(row);
    for (size_t i = 0; i < ARRAY_LEN(source_taken); i++)
        row_set(row, source_taken[i].column, &source, shape_source_field(source_taken[i].field));
    if (!row_ok(row, err))
        return false;
    t->source = list_room(t->source, sizeof *t->source, t->sources.count, t->arena);
    t->source[t->sources.count] = source;
    keys_add(&t->sources, row_cell(row, SOURCE_ID), t->sources.count, t->arena);
    return true;
}

static void set_sources(struct chronology_tables *t, struct row *row, size_t column,
                        struct json *flat)
{
    size_t count;
    struct span *id = row_list(row, column, &count);
    struct json list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct key *key = keys_find(&t->sources, id[i]);

        if (key)
            json_push(&list, t->source[key->row], t->arena);
        else
            row_fail(row, column, "names source number %zu, which is not in sources.csv", i + 1);
    }
    shape_sources(row, column, flat, list);
}

/* --- events.csv --- */

/* As it was printed, the zone behind it. */
static void set_time_text(struct row *row, struct json *report)
{
    struct span time = row_text(row, TIME_LOCAL), tz = row_text(row, TZ);
    struct buf buf = buf_in(row->arena, SIZE_MAX);
    struct err why = {0};

    if (time.len == 0)
        return;
    buf_put(&buf, time);
    if (tz.len)
        buf_printf(&buf, " (%.*s)", SPAN_ARG(tz));
    struct json value = json_string(buf_span(&buf));
    if (!field_check(FIELD_OF("incident.report", "time_text"), &value, &why))
        row_fail(row, TIME_LOCAL, "does not fit: %s", why.text);
    json_set(report, "time_text", value, row->arena);
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
    json_set(report, "start", start, row->arena);
    if (row_has(row, DATE_END))
        json_set(report, "end", end, row->arena);
}

static void set_disputed(struct row *row, struct json *report)
{
    size_t count;
    struct span *matter = row_list(row, IN_DISPUTE, &count);
    struct json list = json_array();
    struct err why = {0};

    for (size_t i = 0; i < count; i++)
        json_push(&list, json_string(matter[i]), row->arena);
    if (count == 0)
        return;
    if (!field_check(FIELD_OF("incident.report", "disputed"), &list, &why))
        row_fail(row, IN_DISPUTE, "does not fit: %s", why.text);
    json_set(report, "disputed", list, row->arena);
}

static struct json report_of(struct chronology_tables *t, struct row *row,
                             struct calendar_date first, struct calendar_date last)
{
    struct json report = json_object();

    set_taken(row, &report, "incident.report", report_taken, ARRAY_LEN(report_taken));
    set_time_text(row, &report);
    set_times(row, &report, first, last);
    set_disputed(row, &report);
    shape_position(row, LAT, LON, GEO_PRECISION, precisions, ARRAY_LEN(precisions), &report);
    json_set(&report, "means", json_text("press"), row->arena);
    set_sources(t, row, EVENT_SOURCES, &report);
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

static struct feed_item item_of(const struct row *row, const char *kind, struct span external_id,
                                struct json flat)
{
    json_set_string(&flat, "external_id", external_id, row->arena);
    return (struct feed_item){.kind = kind,
                              .external_id = external_id,
                              .flat = flat,
                              .file = row->sheet->file,
                              .line = row_line(row)};
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
        .open = item_of(row, "incident.open", external_id, open_of(row, &report, first, last)),
        .report = item_of(row, "incident.report", external_id, report),
        .day_ms = calendar_ms(first),
    };
    event.report.incident = external_id;
    t->event = list_room(t->event, sizeof *t->event, t->events.count, t->arena);
    t->event[t->events.count] = event;
    keys_add(&t->events, row_cell(row, EVENT_ID), t->events.count, t->arena);
    return true;
}

/* --- claims.csv --- */

static void set_figures(struct row *row, struct json *claim)
{
    int64_t min, max;
    bool has_min = row_number(row, VALUE_MIN, &min, LIMIT_INTEGER);
    bool has_max = row_number(row, VALUE_MAX, &max, LIMIT_INTEGER);

    if (has_min && has_max && min > max)
        row_fail(row, VALUE_MAX, "is smaller than \"value_min\"");
    if (has_min)
        json_set_integer(claim, "min", min, row->arena);
    if (has_max)
        json_set_integer(claim, "max", max, row->arena);
}

/* A day in no zone: kept as the day in UTC. */
static int64_t set_made(struct row *row, struct json *claim, int64_t otherwise)
{
    struct calendar_date day;

    if (!row_date(row, DATE_MADE, &day))
        return otherwise;
    int64_t ms = calendar_ms(day);
    json_set(claim, "made",
             when_between(ms, ms + MS_PER_DAY, (struct zone){0}, "press", row->arena), row->arena);
    return ms;
}

static const struct key *find_event(struct chronology_tables *t, struct row *row)
{
    const struct key *key = keys_find(&t->events, row_needed(row, CLAIM_EVENT));

    if (!key)
        row_fail(row, CLAIM_EVENT, "is in no row of events.csv");
    return key;
}

static bool read_claim(struct chronology_tables *t, struct row *row, struct err *err)
{
    struct span external_id = shape_external_id(row, CLAIM_ID, CHRONOLOGY);
    const struct key *event = find_event(t, row);
    struct json flat = json_object();

    set_taken(row, &flat, "claim", claim_taken, ARRAY_LEN(claim_taken));
    set_figures(row, &flat);
    int64_t day_ms = set_made(row, &flat, event ? t->event[event->row].day_ms : 0);
    json_set(&flat, "channel", json_text("press"), row->arena);
    set_sources(t, row, CLAIM_SOURCES, &flat);
    if (!row_ok(row, err))
        return false;

    struct chronology_claim claim = {
        .item = item_of(row, "claim", external_id, flat),
        .id = row_cell(row, CLAIM_ID),
        .supersedes = row_cell(row, SUPERSEDES),
        .event = event->row,
        .day_ms = day_ms,
    };
    claim.item.incident = t->event[event->row].open.external_id;
    t->claim = list_room(t->claim, sizeof *t->claim, t->claims.count, t->arena);
    t->claim[t->claims.count] = claim;
    keys_add(&t->claims, claim.id, t->claims.count, t->arena);
    return true;
}

/* --- the tables --- */

struct table {
    const char *file;
    const struct sheet_column *column;
    size_t columns;
    size_t id;
    bool (*read)(struct chronology_tables *t, struct row *row, struct err *err);
};

static bool read_table(struct chronology_tables *t, const struct table *table, struct span text,
                       struct keys *keys, const struct remarks *remarks, struct err *err)
{
    struct csv_cell twice, first;
    struct sheet sheet;
    bool more = true;

    if (!sheet_open(&sheet, table->file, text, table->column, table->columns, remarks, err))
        return false;
    while (more) {
        struct row row;

        if (!sheet_next(&sheet, &row, &more, t->arena, err) || (more && !table->read(t, &row, err)))
            return false;
    }
    return keys_sort(keys, &twice, &first) ||
           sheet_fault(&sheet, twice, table->id, err, "stands in line %" PRIu64 " already",
                       first.line);
}

static const struct table sources_table = {"sources.csv", source_columns, ARRAY_LEN(source_columns),
                                           SOURCE_ID, read_source};
static const struct table events_table = {"events.csv", event_columns, ARRAY_LEN(event_columns),
                                          EVENT_ID, read_event};
static const struct table claims_table = {"claims.csv", claim_columns, ARRAY_LEN(claim_columns),
                                          CLAIM_ID, read_claim};

bool chronology_read(struct chronology_tables *out, const struct chronology_text *text,
                     const struct remarks *remarks, struct arena *arena, struct err *err)
{
    struct chronology_tables t = {.arena = arena};

    bool ok = read_table(&t, &sources_table, text->sources, &t.sources, remarks, err);
    ok = ok && read_table(&t, &events_table, text->events, &t.events, remarks, err);
    ok = ok && read_table(&t, &claims_table, text->claims, &t.claims, remarks, err);
    if (ok)
        *out = t;
    return ok;
}

bool chronology_supersedes_fault(const struct chronology_claim *claim, struct err *err,
                                 const char *format, ...)
{
    const struct sheet sheet = {.file = claims_table.file, .column = claim_columns};
    char what[400];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return sheet_fault(&sheet, claim->supersedes, SUPERSEDES, err, "%s", what);
}
