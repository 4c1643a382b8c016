#include "feed/adsb.h"

#include "codec/hex.h"
#include "crypto/hash.h"
#include "feed/adsb_track.h"
#include "feed/geometry.h"
#include "feed/mapping.h"
#include "feed/shape.h"
#include "feed/when.h"

#include <stdio.h>
#include <stdlib.h>

#define ADSB "adsb"
#define DAMAGE_TOLD 20u

struct layout {
    const char *name;
    struct span feature, supplier;
    const char *area; /* "line.geojson#line, SHA-256 …" */
    struct adsb_zone zone;
    int64_t position_m, clock_ms;
};

/* --- the mapping --- */

static const char *const tops[] = {"name", "origin", "area", "receiver", NULL};
static const char *const area_members[] = {"file", "feature", "buffer_m", "uncertainty_m", NULL};
static const char *const receiver_members[] = {"position_m", "clock_ms", "gap_s", "speed_ms", NULL};

bool adsb_area_path(const char **out, const char *mapping_file, struct span mapping,
                    struct arena *arena, struct err *err)
{
    struct mapping m;
    const char *slash = strrchr(mapping_file, '/');

    if (!mapping_open(&m, mapping_file, mapping, tops, arena, err))
        return false;
    mapping_table(&m, "area", area_members);
    struct span file = mapping_text(&m, "area", "file", true);
    if (!mapping_ok(&m, err))
        return false;
    bool absolute = file.at[0] == '/';
    int folder = slash && !absolute ? (int)(slash - mapping_file + 1) : 0;
    *out = arena_printf(arena, "%.*s%.*s", folder, mapping_file, SPAN_ARG(file));
    return true;
}

static const struct foreign *feature_of(const struct foreign *root, struct span id)
{
    const struct foreign *features = foreign_get(root, "features");

    for (size_t i = 0; features && features->type == FOREIGN_ARRAY && i < features->array.count;
         i++) {
        const struct foreign *feature = &features->array.at[i];
        const struct foreign *own = foreign_get(foreign_get(feature, "properties"), "id");

        if (!foreign_has(own))
            own = foreign_get(feature, "id");
        if (span_equal(foreign_text(own), id))
            return feature;
    }
    return NULL;
}

static bool has_ring(const struct geo_shape *shape)
{
    for (size_t i = 0; i < shape->count; i++)
        if (shape->path[i].ring)
            return true;
    return false;
}

static bool read_zone(struct layout *layout, const struct adsb_input *input, struct mapping *m,
                      struct arena *arena, struct err *err)
{
    struct foreign root;
    struct piece piece = {
        .file = input->area_file, .text = input->area, .value = &root, .arena = arena};
    int64_t own_m = 0;

    if (!foreign_parse(&root, input->area, arena, err))
        return err_wrap(err, "%s", input->area_file);
    geometry_check_system(&piece, &root, false);
    const struct foreign *feature = feature_of(&root, layout->feature);
    if (!feature)
        return err_set(err, ERR_MALFORMED, "%s: line 1, column 1: no Feature has the id %.*s",
                       input->area_file, SPAN_ARG(layout->feature));
    layout->zone.shape = geometry_read(&piece, foreign_get(feature, "geometry"));
    const struct foreign *stated = foreign_get(foreign_get(feature, "properties"), "uncertainty_m");
    if (foreign_has(stated) && (!foreign_number(&own_m, stated, 0, 1000000) || own_m < 0))
        piece_fail(&piece, stated, "must be an uncertainty in metres");
    if (!piece_failed(&piece) && layout->zone.shape.count == 0)
        piece_fail(&piece, feature, "has no place");
    if (piece_failed(&piece)) {
        *err = piece.fault;
        return false;
    }
    layout->zone.uncertainty_m = mapping_number(m, "area", "uncertainty_m", own_m, 1000000);
    layout->zone.ends = geo_loose_ends(&layout->zone.shape, arena);
    layout->zone.line = layout->zone.buffer_m == 0 && !has_ring(&layout->zone.shape);
    return true;
}

static const char *area_text(const struct layout *layout, const struct adsb_input *input,
                             struct arena *arena)
{
    struct hash hash = hash_of(input->area);
    char hex[2 * sizeof hash + 1];
    const char *slash = strrchr(input->area_file, '/');

    hex_text(hex, hash_span(&hash));
    return arena_printf(arena, "%.*s of %s (SHA-256 %s), uncertain by %" PRId64 " m",
                        SPAN_ARG(layout->feature), slash ? slash + 1 : input->area_file, hex,
                        layout->zone.uncertainty_m);
}

static bool read_layout(struct layout *out, const struct adsb_input *input, struct arena *arena,
                        struct err *err)
{
    struct layout layout = {0};
    struct mapping m;

    if (!mapping_open(&m, input->mapping_file, input->mapping, tops, arena, err))
        return false;
    struct span name = mapping_text(&m, "", "name", true);
    struct origin origin = mapping_origin(&m);
    layout.name = arena_text(arena, name);
    struct json word = json_text(layout.name);
    struct err why = {0};
    if (name.len > 24 || !field_check(FIELD_OF("incident.read", "sensor"), &word, &why))
        mapping_fail(&m, "name must be a word of at most 24 bytes, for it begins every id");
    layout.supplier =
        origin_text(&origin, (size_t)FIELD_OF("incident.read", "supplier")->max, arena);
    mapping_table(&m, "area", area_members);
    layout.feature = mapping_text(&m, "area", "feature", true);
    word = json_string(layout.feature);
    if (layout.feature.len > 24 || !field_check(FIELD_OF("incident.read", "sensor"), &word, &why))
        mapping_fail(&m, "area.feature must be an id of at most 24 bytes");
    layout.zone.buffer_m = mapping_number(&m, "area", "buffer_m", 0, 150000);
    mapping_table(&m, "receiver", receiver_members);
    layout.position_m = mapping_number(&m, "receiver", "position_m", -1, 100000);
    if (layout.position_m < 0)
        mapping_fail(&m, "receiver.position_m is missing: how exact is a position that does not "
                         "say so itself?");
    layout.clock_ms = mapping_number(&m, "receiver", "clock_ms", 1000, 86400000);
    layout.zone.gap_ms = 1000 * mapping_number(&m, "receiver", "gap_s", 60, 3600);
    layout.zone.speed_ms = mapping_number(&m, "receiver", "speed_ms", 350, 2000);
    if (!mapping_ok(&m, err) || !read_zone(&layout, input, &m, arena, err) || !mapping_ok(&m, err))
        return false;
    layout.area = area_text(&layout, input, arena);
    *out = layout;
    return true;
}

/* --- positions --- */

struct reading {
    const struct layout *layout;
    const struct remarks *remarks;
    struct adsb_fix *fix;
    size_t count, room;
    uint64_t without; /* aircraft without a position, which is most of them */
    size_t damaged;
    struct err first;
};

static struct adsb_fix *add_fix(struct reading *r)
{
    if (r->count == r->room) {
        r->room = r->room ? r->room + r->room / 2 : 1024;
        r->fix = realloc(r->fix, r->room * sizeof *r->fix);
        if (!r->fix)
            abort(); /* as an arena does */
    }
    return &r->fix[r->count++];
}

static bool hex_digit(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static void read_address(struct piece *piece, const struct foreign *value, struct adsb_fix *fix)
{
    struct span text = foreign_text(value);
    bool other = text.len == 7 && text.at[0] == '~';
    bool good = text.len == 6 || other;

    for (size_t i = 0; good && i < text.len; i++) {
        uint8_t c =
            text.at[i] >= 'A' && text.at[i] <= 'F' ? (uint8_t)(text.at[i] + 'a' - 'A') : text.at[i];
        good = hex_digit(c) || (other && i == 0);
        fix->address[i] = (char)c;
    }
    if (!good)
        piece_fail(piece, value, "must be an address of six hex digits");
}

/* Eight characters of a small alphabet; what is not of it is no callsign. */
static void read_callsign(const struct foreign *value, struct adsb_fix *fix)
{
    struct span text = foreign_text(value);

    while (text.len && text.at[text.len - 1] == ' ')
        text.len--;
    for (size_t i = 0; i < text.len; i++)
        if (text.len > 8 ||
            !((text.at[i] >= 'A' && text.at[i] <= 'Z') || (text.at[i] >= '0' && text.at[i] <= '9')))
            return;
    memcpy(fix->callsign, text.len ? text.at : (const uint8_t *)"", text.len);
}

static bool read_position(struct piece *piece, const struct foreign *lat, const struct foreign *lon,
                          struct adsb_fix *fix)
{
    if (!foreign_has(lat) && !foreign_has(lon))
        return false;
    if (!foreign_number(&fix->at.lat_e7, lat, 7, 900000000))
        piece_fail(piece, lat, "must be a latitude, from -90 to 90 degrees");
    if (!foreign_number(&fix->at.lon_e7, lon, 7, 1800000000))
        piece_fail(piece, lon, "must be a longitude, from -180 to 180 degrees");
    return !piece_failed(piece);
}

/* The estimated position uncertainty of a category, in metres, 95 of 100 (ICAO Doc 9871; RTCA
 * DO-260B table 2-71). Twice that holds all but one of a hundred thousand. */
static const int64_t epu_m[] = {
    [1] = 18520, [2] = 7408, [3] = 3704, [4] = 1852, [5] = 926, [6] = 556,
    [7] = 186,   [8] = 93,   [9] = 30,   [10] = 10,  [11] = 3};

/* What the aircraft says of its position, the worse of two; the stated default, if it says
 * nothing, or if others computed the position from when its signals came (mlat), or sent it on. */
static int64_t uncertainty_of(struct piece *piece, const struct foreign *row, int64_t otherwise)
{
    const struct foreign *nac = foreign_get(row, "nac_p"), *rc = foreign_get(row, "rc");
    const struct foreign *mlat = foreign_get(row, "mlat"), *tisb = foreign_get(row, "tisb");
    struct span type = foreign_text(foreign_get(row, "type"));
    int64_t category = 0, radius_m = 0, most = 0;

    if (nac && (!foreign_number(&category, nac, 0, 15) || category < 0))
        piece_fail(piece, nac, "must be a category, 0 to 11");
    if (rc && (!foreign_number(&radius_m, rc, 0, 100000) || radius_m < 0))
        piece_fail(piece, rc, "must be a radius in metres");
    if ((mlat && mlat->type == FOREIGN_ARRAY && mlat->array.count) ||
        (tisb && tisb->type == FOREIGN_ARRAY && tisb->array.count) ||
        (type.len && !span_starts_with(type, SPAN_LIT("adsb"))))
        return otherwise;
    if (category > 0 && category < (int64_t)ARRAY_LEN(epu_m))
        most = 2 * epu_m[category];
    most = radius_m > most ? radius_m : most;
    return most ? most : otherwise;
}

#define LAST_MS INT64_C(100000000000000) /* in the year 5138 */

/* Seconds, or milliseconds where it would else lie beyond that. */
static void read_moment(struct piece *piece, const struct foreign *value, int64_t *out_ms)
{
    if (!foreign_number(out_ms, value, 3, INT64_C(99999999999999999)) || *out_ms <= 0)
        piece_fail(piece, value, "must be a time since 1970");
    else if (*out_ms > LAST_MS)
        *out_ms /= 1000;
}

/* Where an aircraft of a snapshot was when it last said so: what is a minute old readsb has in an
 * object of its own, which does not say who computed it. Where it is thought to be from its signals
 * (rr_lat) is no position. */
static const struct foreign *last_position(const struct foreign *row)
{
    const struct foreign *last = foreign_get(row, "lastPosition");

    return foreign_has(foreign_get(row, "lat")) || !last ? row : last;
}

/* An aircraft of a snapshot: `now`, less the age of its position. */
static void read_aircraft(struct reading *r, struct piece *piece)
{
    const struct foreign *row = piece->value, *place = last_position(row);
    const struct foreign *age = foreign_get(place, "seen_pos");
    struct adsb_fix fix = {.line = piece->line};
    int64_t now_ms = 0, age_ms = 0;

    read_address(piece, foreign_get(row, "hex"), &fix);
    read_callsign(foreign_get(row, "flight"), &fix);
    read_moment(piece, foreign_get(piece->head, "now"), &now_ms);
    if (!read_position(piece, foreign_get(place, "lat"), foreign_get(place, "lon"), &fix)) {
        r->without++;
        return;
    }
    if (!foreign_number(&age_ms, age, 3, 86400000) || age_ms < 0)
        piece_fail(piece, age, "\"seen_pos\" must say how old the position is, in seconds");
    fix.at_ms = now_ms - age_ms;
    fix.uncertainty_m = uncertainty_of(piece, place, r->layout->position_m);
    if (place != row && fix.uncertainty_m < r->layout->position_m)
        fix.uncertainty_m = r->layout->position_m;
    if (!piece_failed(piece))
        *add_fix(r) = fix;
}

/* A row of a track: `last_position`, or `timestamp` where there is none. */
static void read_track_row(struct reading *r, struct piece *piece)
{
    const struct foreign *row = piece->value, *at = foreign_get(row, "last_position");
    struct adsb_fix fix = {.line = piece->line};

    read_address(piece, foreign_get(row, "icao24"), &fix);
    read_callsign(foreign_get(row, "callsign"), &fix);
    if (!read_position(piece, foreign_get(row, "latitude"), foreign_get(row, "longitude"), &fix)) {
        r->without++;
        return;
    }
    read_moment(piece, foreign_has(at) ? at : foreign_get(row, "timestamp"), &fix.at_ms);
    fix.uncertainty_m = uncertainty_of(piece, row, r->layout->position_m);
    if (!piece_failed(piece))
        *add_fix(r) = fix;
}

/* The element of a row that is a list; NULL where it ends before. */
static const struct foreign *cell(const struct foreign *row, size_t n)
{
    return row->type == FOREIGN_ARRAY && row->array.count > n ? &row->array.at[n] : NULL;
}

/* A state of OpenSky: address, callsign, country, time of the position, of the last word,
 * longitude, latitude, … (its REST API, "All State Vectors"). It does not say how exact it is. */
static void read_state(struct reading *r, struct piece *piece)
{
    enum { ADDRESS, CALLSIGN, TIME_POSITION = 3, LONGITUDE = 5, LATITUDE = 6 };
    const struct foreign *row = piece->value;
    struct adsb_fix fix = {.line = piece->line, .uncertainty_m = r->layout->position_m};

    read_address(piece, cell(row, ADDRESS), &fix);
    read_callsign(cell(row, CALLSIGN), &fix);
    if (!read_position(piece, cell(row, LATITUDE), cell(row, LONGITUDE), &fix)) {
        r->without++;
        return;
    }
    read_moment(piece, cell(row, TIME_POSITION), &fix.at_ms);
    if (!piece_failed(piece))
        *add_fix(r) = fix;
}

/* [seconds, lat, lon, …]: since 1970, or in a trace of readsb (README-json.md) after its timestamp,
 * and then with the aircraft's row or null among the rest. */
#define TRACE_DETAILS 8u

static void read_point(struct reading *r, struct piece *piece, const struct adsb_fix *start)
{
    const struct foreign *row = piece->value, *details = cell(row, TRACE_DETAILS);
    struct adsb_fix fix = *start;
    int64_t after_ms;

    if (!foreign_number(&after_ms, cell(row, 0), 3, LAST_MS - fix.at_ms) || after_ms < 0 ||
        !cell(row, 2)) {
        piece_fail(piece, NULL, "must be a list: seconds, latitude, longitude");
        return;
    }
    fix.at_ms += after_ms;
    if (!read_position(piece, cell(row, 1), cell(row, 2), &fix)) {
        r->without++;
        return;
    }
    if (details && details->type == FOREIGN_OBJECT) {
        fix.uncertainty_m = uncertainty_of(piece, details, r->layout->position_m);
        read_callsign(foreign_get(details, "flight"), &fix);
    }
    if (!piece_failed(piece))
        *add_fix(r) = fix;
}

static void read_trace(struct reading *r, struct piece *piece)
{
    struct adsb_fix start = {.line = piece->line, .uncertainty_m = r->layout->position_m};

    read_address(piece, foreign_get(piece->head, "icao"), &start);
    read_moment(piece, foreign_get(piece->head, "timestamp"), &start.at_ms);
    read_point(r, piece, &start);
}

/* Of a flight of OpenSky ("Track by Aircraft"). */
static void read_path(struct reading *r, struct piece *piece)
{
    struct adsb_fix start = {.line = piece->line, .uncertainty_m = r->layout->position_m};

    read_address(piece, foreign_get(piece->head, "icao24"), &start);
    read_callsign(foreign_get(piece->head, "callsign"), &start);
    read_point(r, piece, &start);
}

/* By what stands beside the list that a piece is of. */
static const struct {
    const char *member;
    void (*read)(struct reading *r, struct piece *piece);
} sorts[] = {
    {"now", read_aircraft},
    {"states", read_state},
    {"trace", read_trace},
    {"path", read_path},
};
/* Of a receiver, of the networks that give what theirs see, of OpenSky, and of one aircraft. */
static const char *const lists[] = {"aircraft", "ac", "states", "trace", "path", NULL};

static void read_value(struct reading *r, struct piece *piece)
{
    for (size_t i = 0; i < ARRAY_LEN(sorts); i++)
        if (foreign_get(piece->head, sorts[i].member)) {
            sorts[i].read(r, piece);
            return;
        }
    if (foreign_get(piece->value, "icao24"))
        read_track_row(r, piece);
    else
        piece_fail(piece, NULL,
                   "is neither an aircraft of a snapshot with its time (\"now\"), nor a state of "
                   "OpenSky, nor a row of a track (\"icao24\"), nor of a trace");
}

static void read_piece(struct reading *r, struct piece *piece)
{
    read_value(r, piece);
    if (!piece_failed(piece))
        return;
    if (r->damaged++ == 0)
        r->first = piece->fault;
    if (r->damaged <= DAMAGE_TOLD)
        remark(r->remarks, "%s", piece->fault.text);
}

static bool read_pieces(struct reading *r, const struct adsb_input *input, struct err *err)
{
    struct arena scratch = {0};
    struct pieces pieces;
    bool more = true, ok = pieces_open(&pieces, input->file, input->text, lists, err);

    if (!ok)
        return false;
    while (ok && more) {
        struct piece piece;

        arena_reset(&scratch);
        ok = pieces_next(&pieces, &piece, &more, &scratch, err);
        if (ok && more)
            read_piece(r, &piece);
    }
    pieces_close(&pieces);
    arena_free(&scratch);
    if (ok && r->damaged) {
        *err = r->first;
        if (r->damaged > 1)
            err_wrap(err, "%zu items are damaged; the first", r->damaged);
        return false;
    }
    return ok;
}

/* --- tracks --- */

static int compare(const void *a, const void *b)
{
    const struct adsb_fix *left = a, *right = b;
    int order = memcmp(left->address, right->address, sizeof left->address);

    if (order == 0)
        order = (left->at_ms > right->at_ms) - (left->at_ms < right->at_ms);
    if (order == 0) /* of two positions at one time, the less exact stands */
        order = (left->uncertainty_m < right->uncertainty_m) -
                (left->uncertainty_m > right->uncertainty_m);
    if (order == 0)
        order = (left->at.lat_e7 > right->at.lat_e7) - (left->at.lat_e7 < right->at.lat_e7);
    if (order == 0)
        order = (left->at.lon_e7 > right->at.lon_e7) - (left->at.lon_e7 < right->at.lon_e7);
    return order ? order : (left->line > right->line) - (left->line < right->line);
}

/* Snapshots repeat a position until there is a newer one: its age grows, by their own rounding. */
#define SAME_MS 200

static bool repeats(const struct adsb_fix *a, const struct adsb_fix *b)
{
    bool one = memcmp(a->address, b->address, sizeof a->address) == 0;
    bool there = a->at.lat_e7 == b->at.lat_e7 && a->at.lon_e7 == b->at.lon_e7;

    return one && (a->at_ms == b->at_ms || (there && b->at_ms - a->at_ms <= SAME_MS));
}

static void sort_fixes(struct reading *r)
{
    size_t kept = 0;

    if (r->count > 1)
        qsort(r->fix, r->count, sizeof *r->fix, compare);
    for (size_t i = 0; i < r->count; i++)
        if (kept == 0 || !repeats(&r->fix[kept - 1], &r->fix[i]))
            r->fix[kept++] = r->fix[i];
    r->count = kept;
}

/* How many positions from `at` on are of one aircraft. */
static size_t track_len(const struct adsb_fix *fix, size_t count, size_t at)
{
    size_t end = at + 1;

    while (end < count && memcmp(fix[at].address, fix[end].address, ADSB_ADDRESS) == 0)
        end++;
    return end - at;
}

/* --- readings --- */

struct state {
    struct layout layout;
    const char *file;
    struct adsb_fix *fix;
    size_t count;
    size_t track; /* where the one walked through begins */
    struct adsb_walk walk;
    struct arena own;
};

static void set_moment(struct json *reading, const char *field, const struct layout *layout,
                       int64_t from_ms, int64_t to_ms, struct arena *arena)
{
    const struct zone utc = {0};

    json_set(
        reading, field,
        when_between(from_ms - layout->clock_ms, to_ms + layout->clock_ms, utc, "system", arena),
        arena);
}

/* The positions from one to another, as one place with how exact the least exact of them is. */
static void set_place(struct json *reading, const struct adsb_fix *fix, size_t from, size_t to,
                      struct arena *arena)
{
    struct geo_point *at = ARENA_ARRAY(arena, struct geo_point, to - from + 1);
    struct geo_shape shape = {0};
    int64_t most = 0;

    for (size_t i = from; i <= to; i++) {
        at[i - from] = fix[i].at;
        most = fix[i].uncertainty_m > most ? fix[i].uncertainty_m : most;
    }
    geo_add(&shape, (struct geo_path){.at = at, .count = to - from + 1}, arena);
    struct geo_cover cover = geo_cover(&shape);
    json_set_integer(reading, "lat_e7", cover.centre.lat_e7, arena);
    json_set_integer(reading, "lon_e7", cover.centre.lon_e7, arena);
    json_set_integer(reading, "uncertainty_m", cover.radius_m + most, arena);
    json_set(
        reading, "position_basis",
        json_text(arena_printf(arena,
                               "middle of %zu positions that the aircraft sent, %" PRId64
                               " m to the farthest, the least exact of them known to %" PRId64 " m",
                               to - from + 1, cover.radius_m, most)),
        arena);
}

static const char *verb_of(const struct layout *layout, const struct adsb_meeting *met)
{
    if (layout->zone.line)
        return met->certain ? "crossed" : "may have crossed";
    return met->certain ? "was within" : "may have been within";
}

static void put_summary(struct buf *buf, const struct state *s, const struct adsb_meeting *met,
                        const struct adsb_fix *fix)
{
    const struct layout *layout = &s->layout;
    const char *callsign = fix[met->first].callsign;

    buf_printf(buf, "Aircraft %.*s", ADSB_ADDRESS, fix[met->first].address);
    buf_printf(buf, callsign[0] ? ", callsign %s, both as sent, " : " as sent %s", callsign);
    buf_text(buf, verb_of(layout, met));
    if (layout->zone.buffer_m)
        buf_printf(buf, " %" PRId64 " m of", layout->zone.buffer_m);
    buf_printf(buf, " %s: %s.", layout->area, met->certain ? "certain" : "possible");
    if (met->in_gap)
        buf_text(buf, " No position was received for a time in between.");
    if (met->before == ADSB_NONE)
        buf_text(buf, " It was not seen clear of it before.");
    if (met->after == ADSB_NONE)
        buf_text(buf, " It was not seen clear of it afterwards.");
}

static struct feed_item item_of(struct state *s, const struct adsb_meeting *met)
{
    const struct adsb_fix *fix = s->walk.fix;
    const struct layout *layout = &s->layout;
    struct arena *arena = &s->own;
    struct json reading = json_object();
    struct buf summary = buf_in(arena, SIZE_MAX);
    size_t from = met->before == ADSB_NONE ? met->first : met->before;
    size_t to = met->after == ADSB_NONE ? met->last : met->after;
    char time[CALENDAR_TEXT];
    bool area = !layout->zone.line && met->certain;

    json_set(&reading, "sensor", json_text(arena_printf(arena, "ADS-B/%s", layout->name)), arena);
    json_set(&reading, "means", json_text("recorded"), arena);
    json_set(&reading, "calibrated", json_text("unknown"), arena);
    json_set_string(&reading, "supplier", layout->supplier, arena);
    set_moment(&reading, "at", layout, fix[from].at_ms, fix[area ? met->first : to].at_ms, arena);
    if (area)
        set_moment(&reading, "until", layout, fix[met->last].at_ms, fix[to].at_ms, arena);
    set_place(&reading, fix, from, to, arena);
    put_summary(&summary, s, met, fix);
    json_set_string(&reading, "summary", buf_span(&summary), arena);
    calendar_format(time, fix[from].at_ms, 0);
    struct span id =
        span_of(arena_printf(arena, ADSB "/%s/%.*s/%.*s/%s", layout->name,
                             SPAN_ARG(layout->feature), ADSB_ADDRESS, fix[from].address, time));
    json_set_string(&reading, "external_id", id, arena);
    return (struct feed_item){.kind = "incident.read",
                              .external_id = id,
                              .flat = reading,
                              .file = s->file,
                              .line = fix[from].line};
}

static void begin_track(struct state *s, size_t at)
{
    s->track = at;
    if (at < s->count)
        adsb_walk_begin(&s->walk, &s->layout.zone, s->fix + at, track_len(s->fix, s->count, at));
}

static void rewind_tracks(void *context)
{
    begin_track(context, 0);
}

static bool next_item(void *context, struct feed_item *out, bool *more, struct err *err)
{
    struct state *s = context;
    struct adsb_meeting met;

    (void)err; /* all of it was read when it was opened */
    arena_reset(&s->own);
    while (s->track < s->count) {
        if (adsb_walk_next(&s->walk, &met)) {
            *out = item_of(s, &met);
            *more = true;
            return true;
        }
        begin_track(s, s->track + s->walk.count);
    }
    *more = false;
    return true;
}

static void close_tracks(void *context)
{
    struct state *s = context;

    free(s->fix);
    arena_free(&s->own);
}

/* What was walked through, since what makes no reading leaves no trace. */
static void tell(struct state *s, const struct reading *r, const struct remarks *remarks)
{
    size_t tracks = 0, certain = 0, possible = 0;
    struct adsb_meeting met;

    for (begin_track(s, 0); s->track < s->count; begin_track(s, s->track + s->walk.count)) {
        tracks++;
        while (adsb_walk_next(&s->walk, &met))
            *(met.certain ? &certain : &possible) += 1;
    }
    remark(remarks,
           "%s: %zu aircraft with %zu positions, %" PRIu64 " rows without one: %zu certain, %zu "
           "possible",
           s->file, tracks, s->count, r->without, certain, possible);
}

bool adsb_open(struct feed *out, const struct adsb_input *input, const struct remarks *remarks,
               struct arena *arena, struct err *err)
{
    static const char *const kinds[] = {"incident.read", NULL};
    struct state *s = ARENA_NEW(arena, struct state);

    if (!read_layout(&s->layout, input, arena, err))
        return false;
    struct reading reading = {.layout = &s->layout, .remarks = remarks};
    if (!read_pieces(&reading, input, err)) {
        free(reading.fix);
        return false;
    }
    sort_fixes(&reading);
    s->file = input->file;
    s->fix = reading.fix;
    s->count = reading.count;
    tell(s, &reading, remarks);
    rewind_tracks(s);
    *out = (struct feed){.source = ADSB,
                         .kinds = kinds,
                         .state = s,
                         .rewind = rewind_tracks,
                         .next = next_item,
                         .close = close_tracks};
    return true;
}
