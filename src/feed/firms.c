#include "feed/firms.h"

#include "base/reader.h"
#include "feed/degrees.h"
#include "feed/row_feed.h"
#include "feed/shape.h"
#include "feed/when.h"

#define FIRMS "firms"

enum firms_column {
    LATITUDE,
    LONGITUDE,
    SCAN,
    TRACK,
    ACQ_DATE,
    ACQ_TIME,
    SATELLITE,
    CONFIDENCE,
    INSTRUMENT,
    BRIGHTNESS,
    BRIGHT_TI4,
    BRIGHT_TI5,
    BRIGHT_T31,
    FRP,
    DAYNIGHT,
    TYPE,
    VERSION,
    FIRST_PASSED_OVER,
};

/* The files of seven days lack `instrument`, only archives have `type`, and the two bands have
 * other names for each instrument and, in archives, the names of MODIS for both. */
static const struct sheet_column columns[] = {
    [LATITUDE] = {"latitude", COLUMN_NEEDED},
    [LONGITUDE] = {"longitude", COLUMN_NEEDED},
    [SCAN] = {"scan", COLUMN_NEEDED},
    [TRACK] = {"track", COLUMN_NEEDED},
    [ACQ_DATE] = {"acq_date", COLUMN_NEEDED},
    [ACQ_TIME] = {"acq_time", COLUMN_NEEDED},
    [SATELLITE] = {"satellite", COLUMN_NEEDED},
    [CONFIDENCE] = {"confidence", COLUMN_NEEDED},
    [INSTRUMENT] = {"instrument", COLUMN_MAY_LACK},
    [BRIGHTNESS] = {"brightness", COLUMN_MAY_LACK},
    [BRIGHT_TI4] = {"bright_ti4", COLUMN_MAY_LACK},
    [BRIGHT_TI5] = {"bright_ti5", COLUMN_MAY_LACK},
    [BRIGHT_T31] = {"bright_t31", COLUMN_MAY_LACK},
    [FRP] = {"frp", COLUMN_MAY_LACK},
    [DAYNIGHT] = {"daynight", COLUMN_MAY_LACK},
    [TYPE] = {"type", COLUMN_MAY_LACK},
    [VERSION] = {"version", COLUMN_MAY_LACK},
    [FIRST_PASSED_OVER] = {"country_id", COLUMN_PASSED_OVER},
};

/* --- the sensor --- */

enum instrument { VIIRS, MODIS };

/* Two readings of one instrument share its faults and its algorithm: they are one origin. */
static const struct {
    const char *name, *supplier;
} instruments[] = {
    [VIIRS] = {"VIIRS", "NASA and NOAA. Published by NASA FIRMS, part of ESDIS; open data. One "
                        "origin: all readings of VIIRS. Not graded."},
    [MODIS] = {"MODIS", "NASA. Published by NASA FIRMS, part of ESDIS; open data. One origin: all "
                        "readings of MODIS. Not graded."},
};

static const struct satellite {
    const char *printed[4];
    enum instrument instrument;
    const char *sensor;
} satellites[] = {
    {{"N", "NPP", "SNPP", "Suomi NPP"}, VIIRS, "VIIRS/Suomi-NPP"},
    {{"1", "N20", "NOAA-20", "J1"}, VIIRS, "VIIRS/NOAA-20"},
    {{"2", "N21", "NOAA-21", "J2"}, VIIRS, "VIIRS/NOAA-21"},
    {{"T", "Terra"}, MODIS, "MODIS/Terra"},
    {{"A", "Aqua"}, MODIS, "MODIS/Aqua"},
};

static bool prints(const struct satellite *satellite, struct span text)
{
    for (size_t i = 0; i < ARRAY_LEN(satellite->printed) && satellite->printed[i]; i++)
        if (span_is(text, satellite->printed[i]))
            return true;
    return false;
}

static const struct satellite *satellite_of(struct row *row)
{
    struct span text = row_needed(row, SATELLITE), instrument = row_text(row, INSTRUMENT);

    for (size_t i = 0; i < ARRAY_LEN(satellites); i++) {
        if (!prints(&satellites[i], text))
            continue;
        if (instrument.len && !span_is(instrument, instruments[satellites[i].instrument].name))
            row_fail(row, INSTRUMENT, "is not the one that this satellite carries");
        return &satellites[i];
    }
    row_fail(row, SATELLITE, "is no satellite with VIIRS or MODIS that we know");
    return &satellites[0];
}

/* --- time --- */

/* acq_time is the minute that a granule begins in, and a granule is 5 or 6 minutes of flight. */
#define GRANULE_MS (6 * MS_PER_MINUTE)

/* "0555", "555", "5" (all HHMM, of which some files drop zeros) and "05:55", in UTC. */
static int64_t minutes_of(struct row *row)
{
    struct span text = row_needed(row, ACQ_TIME);
    bool colon = text.len == 5 && text.at[2] == ':';
    unsigned digits = 0, hhmm = 0;
    bool time = true;

    for (size_t i = 0; time && i < text.len; i++) {
        if (colon && i == 2)
            continue;
        time = text.at[i] >= '0' && text.at[i] <= '9' && ++digits <= 4;
        hhmm = hhmm * 10 + (unsigned)(text.at[i] - '0');
    }
    if (!time || hhmm / 100 > 23 || hhmm % 100 > 59)
        row_fail(row, ACQ_TIME, "must be a time of day, HHMM");
    return (int64_t)(hhmm / 100 * 60 + hhmm % 100);
}

static void set_time(struct row *row, struct json *reading, int64_t *out_ms)
{
    struct calendar_date day;
    struct json at = json_object();

    row_needed(row, ACQ_DATE);
    int64_t minutes = minutes_of(row);
    if (!row_date(row, ACQ_DATE, &day) || row_failed(row))
        return;
    *out_ms = calendar_ms(day) + minutes * MS_PER_MINUTE;
    json_set_integer(&at, "at_ms", *out_ms, row->arena);
    json_set(&at, "basis", json_text("system"), row->arena);
    json_set_integer(&at, "offset_min", 0, row->arena);
    json_set_integer(&at, "uncertainty_ms", GRANULE_MS, row->arena);
    shape_set(row, ACQ_DATE, reading, FIELD_OF("incident.read", "at"), at);
}

/* --- place --- */

#define E7 INT64_C(10000000)

/* A decimal number that is not negative, in 1e-7. False when it is blank or refused. */
static bool decimal(struct row *row, size_t column, int64_t *out_e7, int64_t most)
{
    struct span text = row_text(row, column);

    if (text.len == 0)
        return false;
    if (text.at[0] == '-' || text.at[0] == '+' || !degrees_parse(out_e7, text, most * E7)) {
        row_fail(row, column, "must be a decimal number from 0 to %" PRId64, most);
        return false;
    }
    return true;
}

/* The largest MODIS pixel, at the edge of a scan, is 4.8 km long. */
#define PIXEL_KM 10

static int64_t pixel_m(struct row *row, size_t column)
{
    int64_t km_e7 = 0;

    row_needed(row, column);
    if (decimal(row, column, &km_e7, PIXEL_KM) && km_e7 == 0)
        row_fail(row, column, "must be larger than 0");
    return (km_e7 + E7 / 1000 - 1) / (E7 / 1000);
}

static int64_t root_up(int64_t square)
{
    int64_t root = 0;

    for (int64_t bit = 1 << 15; bit; bit /= 2)
        if ((root + bit) * (root + bit) < square)
            root += bit;
    return root + 1;
}

/*
 * The position is the middle of a pixel, and the fire anywhere in it: half a diagonal. The other
 * half is for how exactly the pixel is known to lie, and because what lies beside a pixel still
 * shines into it.
 */
static void set_place(struct row *row, struct json *reading)
{
    int64_t lat_e7, lon_e7, scan_m, track_m;

    row_needed(row, LATITUDE);
    row_needed(row, LONGITUDE);
    scan_m = pixel_m(row, SCAN);
    track_m = pixel_m(row, TRACK);
    if (!row_degrees(row, LATITUDE, &lat_e7, DEGREES_LAT_E7) ||
        !row_degrees(row, LONGITUDE, &lon_e7, DEGREES_LON_E7) || row_failed(row))
        return;
    json_set_integer(reading, "lat_e7", lat_e7, row->arena);
    json_set_integer(reading, "lon_e7", lon_e7, row->arena);
    json_set_integer(reading, "uncertainty_m", root_up(scan_m * scan_m + track_m * track_m),
                     row->arena);
    json_set(reading, "position_basis",
             json_text(arena_printf(row->arena,
                                    "centre of a pixel of %" PRId64 " m by %" PRId64
                                    " m (scan, track), either way by its diagonal",
                                    scan_m, track_m)),
             row->arena);
}

/* --- what it shows --- */

static const struct word {
    const char *printed, *said;
} confidences[] =
    {
        {"l", "low"},           {"low", "low"}, {"n", "nominal"},
        {"nominal", "nominal"}, {"h", "high"},  {"high", "high"},
},
  times_of_day[] = {{"D", "by day"}, {"N", "by night"}},
  types[] = {
      {"0", "presumed vegetation fire"},
      {"1", "active volcano"},
      {"2", "other static land source"},
      {"3", "offshore"},
};

/* A column that is there has a word in every row: blank, the row was cut off. */
static const char *word_of(struct row *row, size_t column, const struct word *words, size_t count,
                           const char *fault)
{
    struct span text = row_text(row, column);

    for (size_t i = 0; i < count; i++)
        if (span_is(text, words[i].printed))
            return words[i].said;
    if (row->sheet->cell_of[column] != SHEET_NONE)
        row_fail(row, column, "%s", fault);
    return NULL;
}

/* A word for VIIRS, 0 to 100 for MODIS: neither scale can be told in the other. */
static void put_confidence(struct row *row, struct buf *summary, enum instrument instrument)
{
    int64_t percent;

    row_needed(row, CONFIDENCE);
    if (instrument == MODIS) {
        if (row_number(row, CONFIDENCE, &percent, 100))
            buf_printf(summary, "Thermal hotspot; confidence %" PRId64 " of 100", percent);
        return;
    }
    const char *word = word_of(row, CONFIDENCE, confidences, ARRAY_LEN(confidences),
                               "must be low, nominal or high, or l, n, h");
    if (word)
        buf_printf(summary, "Thermal hotspot; confidence %s", word);
}

/* As printed, once they are seen to be numbers. A blank one is not told, and is not 0. */
static void put_figures(struct row *row, struct buf *summary)
{
    static const struct {
        size_t column;
        int64_t most;
        const char *label, *unit;
    } figures[] = {
        {BRIGHT_TI4, 5000, "brightness temperature, band I4", "K"},
        {BRIGHTNESS, 5000, "brightness temperature", "K"},
        {BRIGHT_TI5, 5000, "band I5", "K"},
        {BRIGHT_T31, 5000, "second band", "K"},
        {FRP, 1000000, "fire radiative power", "MW"},
    };
    int64_t unused;

    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        if (decimal(row, figures[i].column, &unused, figures[i].most))
            buf_printf(summary, "; %s %.*s %s", figures[i].label,
                       SPAN_ARG(row_text(row, figures[i].column)), figures[i].unit);
}

static void set_summary(struct row *row, struct json *reading, enum instrument instrument)
{
    struct buf summary = buf_in(row->arena, SIZE_MAX);

    put_confidence(row, &summary, instrument);
    const char *time =
        word_of(row, DAYNIGHT, times_of_day, ARRAY_LEN(times_of_day), "must be D or N");
    if (time)
        buf_printf(&summary, "; %s", time);
    put_figures(row, &summary);
    const char *type = word_of(row, TYPE, types, ARRAY_LEN(types), "must be 0 to 3");
    if (type)
        buf_printf(&summary, "; type %.*s: %s", SPAN_ARG(row_text(row, TYPE)), type);
    if (row_has(row, VERSION))
        buf_printf(&summary, "; product %.*s", SPAN_ARG(row_text(row, VERSION)));
    if (!row_failed(row))
        shape_set(row, VERSION, reading, FIELD_OF("incident.read", "summary"),
                  json_string(buf_span(&summary)));
}

/* --- the reading --- */

/* FIRMS numbers nothing: what sees, when and where names a hotspot, in every edition of it. */
static struct span external_id_of(const struct json *reading, const struct satellite *satellite,
                                  int64_t at_ms, struct arena *arena)
{
    char time[CALENDAR_TEXT];

    calendar_format(time, at_ms, 0);
    return span_of(arena_printf(arena, FIRMS "/%s/%.16sZ/%" PRId64 "/%" PRId64, satellite->sensor,
                                time, json_get_integer(reading, "lat_e7", 0),
                                json_get_integer(reading, "lon_e7", 0)));
}

static bool read_row(struct feed_item *out, struct row *row, size_t n)
{
    const struct satellite *satellite;
    struct json reading = json_object();
    int64_t at_ms = 0;

    if (n > 0)
        return false;
    satellite = satellite_of(row);
    json_set(&reading, "sensor", json_text(satellite->sensor), row->arena);
    json_set(&reading, "means", json_text("satellite"), row->arena);
    json_set(&reading, "calibrated", json_text("unknown"), row->arena);
    json_set(&reading, "supplier", json_text(instruments[satellite->instrument].supplier),
             row->arena);
    set_time(row, &reading, &at_ms);
    set_place(row, &reading);
    set_summary(row, &reading, satellite->instrument);
    *out = shape_item(row, "incident.read", external_id_of(&reading, satellite, at_ms, row->arena),
                      reading);
    return true;
}

static const char *const kinds[] = {"incident.read", NULL};

static const struct row_feed table = {.source = FIRMS,
                                      .kinds = kinds,
                                      .column = columns,
                                      .columns = ARRAY_LEN(columns),
                                      .again = "a pixel has one reading; keep the row of the "
                                               "later edition (NRT replaces RT and URT)",
                                      .read = read_row};

bool firms_open(struct feed *out, const char *file, struct span text, const struct remarks *remarks,
                struct arena *arena, struct err *err)
{
    return row_feed_open(out, &table, file, text, remarks, arena, err);
}
