#include "api/medium.h"

#include "base/calendar.h"
#include "geo/geo.h"
#include "sys/sniff.h"

#include <math.h>

/* --- differences --- */

/* What libmagic has no better word for says nothing against what the sender called it. */
static bool type_differs(struct span media, struct span sniffed)
{
    return sniffed.len > 0 && !span_equal(media, sniffed) &&
           !span_is(sniffed, "application/octet-stream") && !span_is(sniffed, "text/plain");
}

/* The places that a record may tell: that of what happened, and where the observer stood. */
static const struct place {
    const char *name, *lat, *lon, *uncertainty;
} places[] = {
    {"place", "lat_e7", "lon_e7", "uncertainty_m"},
    {"observer_place", "observer_lat_e7", "observer_lon_e7", "observer_uncertainty_m"},
};

static bool place_differs(const struct place *place, const struct exif *exif,
                          const struct json *said, struct json *out, struct arena *arena)
{
    const struct json *lat = json_get(said, place->lat), *lon = json_get(said, place->lon);

    if (!exif->has_position || !lat || !lon || lat->type != JSON_INTEGER ||
        lon->type != JSON_INTEGER)
        return false;
    struct geo_range off = geo_between((struct geo_point){exif->lat_e7, exif->lon_e7},
                                       (struct geo_point){lat->integer, lon->integer});
    int64_t errors = exif->uncertainty_m + json_get_integer(said, place->uncertainty, 0);
    if (off.least_m <= (double)errors)
        return false;
    *out = json_object();
    json_set_integer(out, "least_m", (int64_t)floor(off.least_m), arena);
    json_set_integer(out, "most_m", (int64_t)ceil(off.most_m), arena);
    json_set_integer(out, "uncertainty_m", errors, arena);
    return true;
}

struct interval {
    int64_t from_ms, to_ms;
};

/* The clocks of the world are between fourteen hours ahead of UTC and twelve behind it; and a
 * camera's shows whole seconds. */
static struct interval taken_in(const struct exif *exif)
{
    int64_t east = exif->has_offset ? exif->offset_min : 14 * 60;
    int64_t west = exif->has_offset ? exif->offset_min : -12 * 60;

    return (struct interval){exif->local_ms - east * MS_PER_MINUTE,
                             exif->local_ms - west * MS_PER_MINUTE + 999};
}

static bool said_in(const struct json *said, struct interval *out)
{
    static const char *const names[] = {"start", "end", "at", "until"};

    *out = (struct interval){INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct json *time = json_get(said, names[i]);
        int64_t at = json_get_integer(time, "at_ms", 0);
        int64_t error = json_get_integer(time, "uncertainty_ms", 0);

        if (!json_get(time, "at_ms"))
            continue;
        out->from_ms = at - error < out->from_ms ? at - error : out->from_ms;
        out->to_ms = at + error > out->to_ms ? at + error : out->to_ms;
    }
    return out->from_ms <= out->to_ms;
}

static bool time_differs(const struct exif *exif, const struct json *said, struct json *out,
                         struct arena *arena)
{
    struct interval taken, stated;

    if (!exif->has_time || !said_in(said, &stated))
        return false;
    taken = taken_in(exif);
    bool earlier = taken.to_ms<stated.from_ms, later = taken.from_ms> stated.to_ms;
    if (!earlier && !later)
        return false;
    *out = json_object();
    json_set_integer(out, earlier ? "earlier_ms" : "later_ms",
                     earlier ? stated.from_ms - taken.to_ms : taken.from_ms - stated.to_ms, arena);
    return true;
}

struct json medium_differs(struct span media, struct span sniffed, const struct exif *exif,
                           const struct json *said, struct arena *arena)
{
    struct json out = json_object(), one;

    for (size_t i = 0; exif && i < ARRAY_LEN(places); i++)
        if (place_differs(&places[i], exif, said, &one, arena))
            json_set(&out, places[i].name, one, arena);
    if (exif && time_differs(exif, said, &one, arena))
        json_set(&out, "time", one, arena);
    if (type_differs(media, sniffed))
        json_set_string(&out, "type", sniffed, arena);
    return out;
}

/* --- claims --- */

static void put_text(struct json *out, const char *name, struct span text, struct arena *arena)
{
    if (text.len)
        json_set_string(out, name, text, arena);
}

static struct json claims(const struct exif *exif, struct arena *arena)
{
    struct json out = json_object();

    put_text(&out, "make", exif->make, arena);
    put_text(&out, "model", exif->model, arena);
    put_text(&out, "software", exif->software, arena);
    if (exif->has_position) {
        json_set_integer(&out, "lat_e7", exif->lat_e7, arena);
        json_set_integer(&out, "lon_e7", exif->lon_e7, arena);
    }
    if (exif->has_uncertainty)
        json_set_integer(&out, "uncertainty_m", exif->uncertainty_m, arena);
    if (exif->has_time)
        json_set_integer(&out, "local_ms", exif->local_ms, arena);
    if (exif->has_offset)
        json_set_integer(&out, "offset_min", exif->offset_min, arena);
    return out;
}

void medium_put(struct json *out, struct span media, struct span bytes, const struct json *said,
                struct arena *arena)
{
    struct err unread = {0};
    struct span sniffed;
    struct exif exif;

    /* Where libmagic cannot be asked there is its opinion missing, and not the page. */
    if (!sniff_type(&sniffed, bytes, arena, &unread))
        sniffed = (struct span){0};
    put_text(out, "sniffed", sniffed, arena);
    bool has_claims = exif_read(&exif, bytes, arena, &unread);
    if (has_claims)
        json_set(out, "exif", claims(&exif, arena), arena);
    struct json differs = medium_differs(media, sniffed, has_claims ? &exif : NULL, said, arena);
    if (differs.object.count > 0)
        json_set(out, "differs", differs, arena);
}
