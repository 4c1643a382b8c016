#include "feed/ged_row.h"

#include "base/limits.h"
#include "codec/utf8.h"
#include "feed/ged_columns.h"
#include "feed/shape.h"
#include "feed/when.h"

/* What is being made of one row. */
struct make {
    struct row *row;
    struct ged_row *out;
    struct span external_id;
};

/* --- texts --- */

#define CUT_MARK " …"

/* A row describes its event at any length; what is longer than its field ends in "…". */
static struct span fit(struct make *m, struct span text, const struct field *field)
{
    struct buf buf = buf_in(m->row->arena, SIZE_MAX);

    if (text.len <= (size_t)field->max)
        return text;
    m->out->cut++;
    buf_put(&buf, utf8_prefix(text, (size_t)field->max - (sizeof CUT_MARK - 1)));
    buf_text(&buf, CUT_MARK);
    return buf_span(&buf);
}

static void set_text(struct make *m, struct json *object, const struct field *field,
                     struct span text)
{
    if (text.len)
        json_set_string(object, field->name, fit(m, text, field), m->row->arena);
}

/* The second of them behind `between`, if both are there. */
static void put_part(struct buf *buf, const char *between, const char *label, struct span text)
{
    if (text.len == 0)
        return;
    if (buf->len)
        buf_text(buf, between);
    buf_text(buf, label);
    buf_put(buf, text);
}

static struct span summary_of(const struct row *row)
{
    struct buf buf = buf_in(row->arena, SIZE_MAX);

    put_part(&buf, "; ", "Conflict: ", row_text(row, CONFLICT_NAME));
    put_part(&buf, "; ", "Dyad: ", row_text(row, DYAD_NAME));
    put_part(&buf, "; ", "Where: ", row_text(row, WHERE_DESCRIPTION));
    put_part(&buf, "; ", "Reported by: ", row_text(row, SOURCE_ORIGINAL));
    return buf_span(&buf);
}

static struct span admin_of(const struct row *row)
{
    struct buf buf = buf_in(row->arena, SIZE_MAX);

    put_part(&buf, ", ", "", row_text(row, ADM_2));
    put_part(&buf, ", ", "", row_text(row, ADM_1));
    return buf_span(&buf);
}

/* --- times --- */

/*
 * date_prec says how exact the two dates are: to the day, or that the event falls anywhere
 * between them, in a span of so many days. Dates that are nearer to each other than their code
 * allows bound nothing, and then the longest span of the code goes either way.
 */
static const struct date_precision {
    int64_t least_days, most_days;
} date_precisions[] = {
    [1] = {1, 1}, [2] = {2, 6}, [3] = {7, 7}, [4] = {8, 31}, [5] = {32, 366},
};

static const struct date_precision *date_precision_of(struct row *row)
{
    int64_t code = 1;

    row_needed(row, DATE_PREC);
    row_number(row, DATE_PREC, &code, ARRAY_LEN(date_precisions) - 1);
    if (code == 0)
        row_fail(row, DATE_PREC, "must be 1 to 5");
    return &date_precisions[row_failed(row) ? 1 : code];
}

/* "2017-02-07", also with the midnight that GED prints behind it. */
static struct calendar_date day_of(struct row *row, size_t column)
{
    struct calendar_date day = {.year = 1, .month = 1, .day = 1};
    struct span text = row_needed(row, column);
    struct span date = span_slice(text, 0, text.len < 10 ? text.len : 10);
    struct span rest = span_from(text, date.len);

    if (!calendar_parse_date(&day, date) ||
        (rest.len && !span_is(rest, " 00:00:00") && !span_is(rest, " 00:00:00.000")))
        row_fail(row, column,
                 "must be a date that exists, YYYY-MM-DD, with 00:00:00.000 or "
                 "nothing behind it");
    return day;
}

/* Days in no zone: kept as days in UTC. */
static struct json day_or_more(struct row *row, int64_t from_ms, int64_t either_way)
{
    return when_between(from_ms - either_way, from_ms + MS_PER_DAY + either_way, (struct zone){0},
                        "dataset", row->arena);
}

static void set_times(struct row *row, struct json *report, int64_t first_ms, int64_t last_ms)
{
    const struct date_precision *precision = date_precision_of(row);
    int64_t days = (last_ms - first_ms) / MS_PER_DAY + 1;
    struct json start, end;

    if (precision->most_days > 1 && days >= precision->least_days) {
        start = end =
            when_between(first_ms, last_ms + MS_PER_DAY, (struct zone){0}, "dataset", row->arena);
    } else {
        int64_t either_way = (precision->most_days - 1) * MS_PER_DAY;

        start = day_or_more(row, first_ms, either_way);
        end = day_or_more(row, last_ms, either_way);
    }
    shape_set(row, DATE_START, report, FIELD_OF("incident.report", "start"), start);
    shape_set(row, DATE_END, report, FIELD_OF("incident.report", "end"), end);
}

static void set_time_text(struct row *row, struct json *report)
{
    struct span first = row_text(row, DATE_START), last = row_text(row, DATE_END);
    struct buf buf = buf_in(row->arena, SIZE_MAX);

    if (row_failed(row))
        return;
    buf_put(&buf, span_slice(first, 0, 10));
    if (!span_equal(first, last)) {
        buf_byte(&buf, '/');
        buf_put(&buf, span_slice(last, 0, 10));
    }
    buf_printf(&buf, " (date_prec %.*s)", SPAN_ARG(row_text(row, DATE_PREC)));
    json_set_string(report, "time_text", buf_span(&buf), row->arena);
}

/* --- places --- */

/* UCDP GED's codes. 2 is "within 25 km" in its own words; districts and provinces here are as
 * large as they are in Afghanistan and Pakistan; a line or a fuzzy area has no size at all. */
static const struct precision precisions[] = {
    {1, 2000, "where_prec 1: exact place"},
    {2, 25000, "where_prec 2: near the place, up to 25 km"},
    {3, 50000, "where_prec 3: centre of a district"},
    {4, 200000, "where_prec 4: centre of a province"},
    {5, 100000, "where_prec 5: a line or an area, by one point"},
    {6, 1000000, "where_prec 6: the country only"},
    {7, 1000000, "where_prec 7: international waters or airspace"},
};

/* --- sources --- */

struct lists {
    struct span *office, *date, *headline;
    size_t count;
};

/* Three lists side by side, where they are that: a headline may have a semicolon in it. */
static bool split_lists(const struct row *row, struct lists *out)
{
    struct row quiet = *row; /* an uneven list is no fault of the file */
    size_t offices, dates, headlines;

    out->office = row_list(&quiet, SOURCE_OFFICE, &offices);
    out->date = row_list(&quiet, SOURCE_DATE, &dates);
    out->headline = row_list(&quiet, SOURCE_HEADLINE, &headlines);
    out->count = offices;
    return !row_failed(&quiet) && offices > 0 && offices == dates && dates == headlines;
}

static struct json source_of(struct make *m, const struct lists *lists, size_t n)
{
    struct json source = json_object(), date = json_string(lists->date[n]);
    struct calendar_date unused;

    set_text(m, &source, shape_source_field("publisher"), lists->office[n]);
    if (calendar_parse_date(&unused, lists->date[n]))
        json_set(&source, "published", date, m->row->arena);
    set_text(m, &source, shape_source_field("headline"), lists->headline[n]);
    return source;
}

static struct json sources_of(struct make *m)
{
    struct span article = row_text(m->row, SOURCE_ARTICLE);
    size_t most = (size_t)FIELD_OF("claim", "sources")->max;
    struct json list = json_array(), source = json_object();
    struct lists lists;

    if (split_lists(m->row, &lists)) {
        for (size_t i = 0; i < lists.count && i < most; i++)
            json_push(&list, source_of(m, &lists, i), m->row->arena);
        m->out->cut += lists.count > most;
    } else if (article.len) {
        set_text(m, &source, shape_source_field("headline"), article);
        json_push(&list, source, m->row->arena);
    }
    return list;
}

/* --- items --- */

static void add(struct make *m, const char *kind, struct span external_id, struct json flat)
{
    struct feed_item item = shape_item(m->row, kind, external_id, flat);

    if (m->out->count > 0)
        item.incident = m->external_id;
    assert(m->out->count < GED_MOST_ITEMS);
    m->out->item[m->out->count++] = item;
}

static const char *const types[] = {[1] = "state_based", [2] = "non_state", [3] = "one_sided"};

static void set_type(struct row *row, struct json *report)
{
    int64_t code = 0;

    row_needed(row, TYPE_OF_VIOLENCE);
    row_number(row, TYPE_OF_VIOLENCE, &code, ARRAY_LEN(types) - 1);
    if (code == 0)
        row_fail(row, TYPE_OF_VIOLENCE, "must be 1 to 3");
    else
        json_set(report, "type", json_text(types[code]), row->arena);
}

static void add_incident_and_report(struct make *m)
{
    struct row *row = m->row;
    struct json open = json_object(), report = json_object();
    struct calendar_date first = day_of(row, DATE_START), last = day_of(row, DATE_END);
    struct span place = row_text(row, WHERE_COORDINATES);
    struct span territory = row_text(row, row_has(row, ISO3) ? ISO3 : COUNTRY);

    if (calendar_ms(last) < calendar_ms(first)) {
        row_fail(row, DATE_END, "is before \"date_start\"");
        last = first;
    }
    set_type(row, &report);
    set_times(row, &report, calendar_ms(first), calendar_ms(last));
    set_time_text(row, &report);
    shape_position(row, LATITUDE, LONGITUDE, WHERE_PREC, precisions, ARRAY_LEN(precisions),
                   &report);
    json_set(&report, "means", json_text("dataset"), row->arena);
    set_text(m, &report, FIELD_OF("incident.report", "territory"), territory);
    set_text(m, &report, FIELD_OF("incident.report", "place_name"), place);
    set_text(m, &report, FIELD_OF("incident.report", "admin"), admin_of(row));
    set_text(m, &report, FIELD_OF("incident.report", "summary"), summary_of(row));
    shape_set(row, SOURCE_ARTICLE, &report, FIELD_OF("incident.report", "sources"), sources_of(m));

    json_set(&open, "start", *json_get(&report, "start"), row->arena);
    json_set_string(&open, "title", shape_title(place, first, last, row->arena), row->arena);
    add(m, "incident.open", m->external_id, open);
    add(m, "incident.report", m->external_id, report);
}

/* The data set itself is what is cited: which of its sources says which figure it does not tell. */
static struct json claim_of(struct make *m, const char *subject)
{
    struct json claim = json_object(), sources = json_array(), source = json_object();
    struct arena *arena = m->row->arena;
    int64_t count;

    json_set(&claim, "claimant", json_text("UCDP GED"), arena);
    json_set(&claim, "side", json_text("DATASET"), arena);
    json_set(&claim, "matter", json_text("killed"), arena);
    json_set(&claim, "subject", json_text(subject), arena);
    json_set(&claim, "channel", json_text("dataset"), arena);
    json_set(&claim, "qualifier", json_text("best_estimate"), arena);
    if (!span_is(row_text(m->row, NUMBER_OF_SOURCES), "-1") && /* not counted */
        row_number(m->row, NUMBER_OF_SOURCES, &count, FIELD_OF("claim", "sources_count")->max))
        json_set_integer(&claim, "sources_count", count, arena);
    json_set(&source, "publisher", json_text("UCDP GED"), arena);
    row_set(m->row, RELID, &source, shape_source_field("id"));
    json_push(&sources, source, arena);
    json_set(&claim, "sources", sources, arena);
    return claim;
}

static struct span claim_id(struct make *m, const char *what)
{
    return span_of(arena_printf(m->row->arena, "%.*s/%s", SPAN_ARG(m->external_id), what));
}

/*
 * The figures as they are printed stand in the statement too: some rows have a low above their
 * high, and which of the two is wrong only the data set's makers can say. Then neither is taken
 * for the end of a range.
 */
static void add_all_deaths(struct make *m)
{
    static const struct {
        size_t column;
        const char *field;
    } figures[] = {{LOW, "min"}, {BEST, "best"}, {HIGH, "max"}};
    struct row *row = m->row;
    struct json claim = claim_of(m, "all");
    struct buf statement = buf_in(row->arena, SIZE_MAX);
    int64_t value[ARRAY_LEN(figures)];
    bool has[ARRAY_LEN(figures)];

    for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
        has[i] = row_number(row, figures[i].column, &value[i], LIMIT_INTEGER);
        put_part(&statement, ", ",
                 arena_printf(row->arena, "%s ", row->sheet->column[figures[i].column].name),
                 row_text(row, figures[i].column));
    }
    m->out->reversed = has[0] && has[2] && value[0] > value[2];
    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        if (has[i] && (figures[i].column == BEST || !m->out->reversed))
            json_set_integer(&claim, figures[i].field, value[i], row->arena);
    if (statement.len)
        json_set_string(&claim, "statement", buf_span(&statement), row->arena);
    add(m, "claim", claim_id(m, "killed"), claim);
}

/* Only a best estimate is given for these. */
static void add_deaths_of(struct make *m)
{
    static const struct {
        size_t column, name;
        const char *subject;
    } counts[] = {
        {DEATHS_A, SIDE_A, "side_a"},
        {DEATHS_B, SIDE_B, "side_b"},
        {DEATHS_CIVILIANS, SHEET_NONE, "civilians"},
        {DEATHS_UNKNOWN, SHEET_NONE, "unknown"},
    };

    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        const char *column = m->row->sheet->column[counts[i].column].name;
        int64_t value;

        if (!row_number(m->row, counts[i].column, &value, LIMIT_INTEGER) || value == 0)
            continue;
        struct json claim = claim_of(m, counts[i].subject);
        json_set_integer(&claim, "best", value, m->row->arena);
        if (counts[i].name != SHEET_NONE && row_has(m->row, counts[i].name))
            set_text(m, &claim, FIELD_OF("claim", "statement"),
                     span_of(arena_printf(m->row->arena, "%s: %.*s", counts[i].subject,
                                          SPAN_ARG(row_text(m->row, counts[i].name)))));
        add(m, "claim", claim_id(m, column), claim);
    }
}

bool ged_read_row(struct ged_row *out, struct row *row, struct err *err)
{
    struct make m = {.row = row, .out = out};
    int64_t id;

    *out = (struct ged_row){0};
    row_needed(row, ID);
    row_number(row, ID, &id, LIMIT_INTEGER);
    m.external_id = shape_external_id(row, ID, GED);
    add_incident_and_report(&m);
    add_all_deaths(&m);
    add_deaths_of(&m);
    return row_ok(row, err);
}
