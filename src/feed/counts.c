#include "feed/counts.h"

#include "feed/row_feed.h"
#include "feed/shape.h"
#include "feed/when.h"

#define COUNTS "counts"
#define MISSION "OSCE SMM"
#define SIDE "OSCE"
#define MOST_DAYS 31

enum counts_column {
    REPORT_NO,
    ISSUED,
    UNTIL,
    TZ,
    PERIOD,
    REGION,
    VIOLATIONS,
    EXPLOSIONS,
    PREVIOUS,
    NOTE,
    URL,
};

static const struct sheet_column columns[] = {
    [REPORT_NO] = {"report_no", COLUMN_NEEDED},
    [ISSUED] = {"issued", COLUMN_NEEDED},
    [UNTIL] = {"data_until_local", COLUMN_NEEDED},
    [TZ] = {"tz", COLUMN_NEEDED},
    [PERIOD] = {"period_days", COLUMN_NEEDED},
    [REGION] = {"region", COLUMN_NEEDED},
    [VIOLATIONS] = {"violations", COLUMN_NEEDED},
    [EXPLOSIONS] = {"explosions", COLUMN_NEEDED},
    [PREVIOUS] = {"previous_period_violations", COLUMN_MAY_LACK},
    [NOTE] = {"note", COLUMN_MAY_LACK},
    [URL] = {"url", COLUMN_MAY_LACK},
};

/* What is claimed of a region, in this order. */
static const struct {
    enum counts_column column;
    const char *matter;
} figures[] = {
    {VIOLATIONS, "violations"},
    {EXPLOSIONS, "explosions"},
};

/* "2021-07-07 19:30" */
static void check_until(struct row *row)
{
    struct span day, clock = row_needed(row, UNTIL);
    struct calendar_date date;
    bool ok = span_cut(&clock, ' ', &day) && calendar_parse_date(&date, day) && clock.len == 5 &&
              clock.at[2] == ':';

    for (size_t i = 0; ok && i < 5; i++)
        ok = i == 2 || (clock.at[i] >= '0' && clock.at[i] <= '9');
    if (!row_failed(row) && !ok)
        row_fail(row, UNTIL, "must be a day and a time, 2021-07-07 19:30");
}

static void check_period(struct row *row)
{
    int64_t days = 0;

    row_needed(row, PERIOD);
    if (row_number(row, PERIOD, &days, MOST_DAYS) && days == 0)
        row_fail(row, PERIOD, "must be 1 day at least");
}

static void set_made(struct row *row, struct json *claim)
{
    struct zone zone = zone_of(row_text(row, TZ));
    struct calendar_date day;

    row_needed(row, ISSUED);
    if (!row_date(row, ISSUED, &day))
        return;
    int64_t start_ms = when_day_ms(day, zone);
    shape_set(row, ISSUED, claim, FIELD_OF("claim", "made"),
              when_between(start_ms, start_ms + MS_PER_DAY, zone, "document", row->arena));
}

/* What the row prints of this figure. Of the other it is silent, so that who corrects one of them
 * supersedes that one alone. */
static bool is_of(enum counts_column column, size_t figure)
{
    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        if (i != figure && column == figures[i].column)
            return false;
    return column != PREVIOUS || figures[figure].column == VIOLATIONS;
}

static void set_statement(struct row *row, struct json *claim, size_t figure)
{
    static const struct {
        enum counts_column column;
        const char *before, *behind;
    } said[] = {
        {REPORT_NO, "Report ", ""},
        {REGION, ", ", ""},
        {PERIOD, ", days: ", ""},
        {UNTIL, ", until ", ""},
        {TZ, " ", ""},
        {VIOLATIONS, "; violations of the ceasefire: ", ""},
        {EXPLOSIONS, "; explosions among them: ", ""},
        {PREVIOUS, "; violations in the period before: ", ""},
        {NOTE, " (", ")"},
    };
    struct buf out = buf_in(row->arena, SIZE_MAX);

    for (size_t i = 0; i < ARRAY_LEN(said); i++)
        if (row_has(row, said[i].column) && is_of(said[i].column, figure)) {
            buf_text(&out, said[i].before);
            buf_put(&out, row_text(row, said[i].column));
            buf_text(&out, said[i].behind);
        }
    if (!row_failed(row))
        shape_set(row, REPORT_NO, claim, FIELD_OF("claim", "statement"),
                  json_string(buf_span(&out)));
}

static void set_sources(struct row *row, struct json *claim)
{
    struct json list = json_array(), source = json_object();

    json_set(&source, "publisher", json_text(MISSION), row->arena);
    row_set(row, REPORT_NO, &source, shape_source_field("id"));
    row_set(row, ISSUED, &source, shape_source_field("published"));
    row_set(row, URL, &source, shape_source_field("url"));
    json_push(&list, source, row->arena);
    json_set(claim, "sources", list, row->arena);
}

/* "counts/157/2021/Donetsk/violations" */
static struct span external_id_of(struct row *row, const char *matter)
{
    struct span number = row_needed(row, REPORT_NO), region = row_needed(row, REGION);
    struct buf id = buf_in(row->arena, SIZE_MAX);
    struct err why = {0};

    buf_printf(&id, COUNTS "/%.*s/", SPAN_ARG(number));
    for (size_t i = 0; i < region.len; i++)
        buf_byte(&id, region.at[i] == ' ' ? '_' : region.at[i]);
    buf_printf(&id, "/%s", matter);
    struct json value = json_string(buf_span(&id));
    if (!row_failed(row) && !field_check(FIELD_OF("claim", "external_id"), &value, &why))
        row_fail(row, REPORT_NO, "makes no id with the region: %s", why.text);
    return value.string;
}

static void make_claim(struct feed_item *out, struct row *row, size_t figure)
{
    static const struct shape_taken taken[] = {{REGION, "subject"}};
    struct json claim = json_object();
    int64_t value;

    check_until(row);
    check_period(row);
    json_set(&claim, "claimant", json_text(MISSION), row->arena);
    json_set(&claim, "side", json_text(SIDE), row->arena);
    json_set(&claim, "matter", json_text(figures[figure].matter), row->arena);
    json_set(&claim, "channel", json_text("dataset"), row->arena);
    if (row_number(row, figures[figure].column, &value, LIMIT_INTEGER))
        json_set_integer(&claim, "best", value, row->arena);
    set_made(row, &claim);
    set_statement(row, &claim, figure);
    set_sources(row, &claim);
    shape_take(row, &claim, "claim", taken, ARRAY_LEN(taken));
    *out = shape_item(row, "claim", external_id_of(row, figures[figure].matter), claim);
}

/* A row without any figure is read like the others, for what may be wrong with it. */
static bool read_row(struct feed_item *out, struct row *row, size_t n)
{
    struct feed_item unused;

    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        if (row_has(row, figures[i].column) && n-- == 0) {
            make_claim(out, row, i);
            return true;
        }
    if (!row_has(row, VIOLATIONS) && !row_has(row, EXPLOSIONS))
        make_claim(&unused, row, 0);
    return false;
}

static const char *const kinds[] = {"claim", NULL};

static const struct row_feed table = {.source = COUNTS,
                                      .kinds = kinds,
                                      .column = columns,
                                      .columns = ARRAY_LEN(columns),
                                      .read = read_row};

bool counts_open(struct feed *out, const char *file, struct span text,
                 const struct remarks *remarks, struct arena *arena, struct err *err)
{
    return row_feed_open(out, &table, file, text, remarks, arena, err);
}
