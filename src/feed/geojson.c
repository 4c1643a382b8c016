#include "feed/geojson.h"

#include "base/limits.h"
#include "feed/geometry.h"
#include "feed/mapping.h"
#include "feed/shape.h"
#include "feed/when.h"

#define GEOJSON "geojson"
#define FIGURES 16u

/* Properties that become fields of the report as they stand. */
static const struct {
    const char *member, *field;
} taken[] = {
    {"type", "type"},           {"place", "place_name"}, {"admin", "admin"},
    {"territory", "territory"}, {"summary", "summary"},  {"time_text", "time_text"},
};

enum time_form { TIME_ISO, TIME_EPOCH_S, TIME_EPOCH_MS };

struct figure {
    struct span property, matter, subject, id;
};

/* The mapping, read. */
struct layout {
    const char *prefix; /* of external ids */
    struct origin origin;
    struct span id, start, end, uncertainty, headline, published;
    struct span taken[ARRAY_LEN(taken)];
    struct zone zone;
    enum time_form form;
    int64_t uncertainty_m, clock_ms;
    bool lon_lat; /* it is known that longitude stands first */
    struct span claimant, side;
    struct figure figure[FIGURES];
    size_t figures;
};

/* --- the mapping --- */

static const char *const tops[] = {"name",     "claimant", "side",   "origin", "time",
                                   "position", "property", "figure", NULL};
static const char *const time_members[] = {"form", "tz", "uncertainty_s", NULL};
static const char *const position_members[] = {"uncertainty_m", "order", NULL};
static const char *const property_members[] = {
    "id",    "start", "end",       "uncertainty_m", "headline",  "published", "type",
    "place", "admin", "territory", "summary",       "time_text", NULL};

static void read_time(struct mapping *m, struct layout *layout)
{
    static const char *const forms[] = {
        [TIME_ISO] = "iso", [TIME_EPOCH_S] = "epoch_s", [TIME_EPOCH_MS] = "epoch_ms"};
    struct span form;
    size_t i = 0;

    mapping_table(m, "time", time_members);
    form = mapping_text(m, "time", "form", false);
    while (form.len && i < ARRAY_LEN(forms) && !span_is(form, forms[i]))
        i++;
    if (i == ARRAY_LEN(forms))
        mapping_fail(m, "time.form must be iso, epoch_s or epoch_ms");
    layout->form = (enum time_form)i;
    layout->zone = zone_of(mapping_text(m, "time", "tz", false));
    layout->clock_ms =
        1000 * mapping_number(m, "time", "uncertainty_s", WHEN_CLOCK_MS / 1000, 31622400);
}

static void read_properties(struct mapping *m, struct layout *layout)
{
    mapping_table(m, "property", property_members);
    layout->id = mapping_text(m, "property", "id", false);
    layout->start = mapping_text(m, "property", "start", true);
    layout->end = mapping_text(m, "property", "end", false);
    layout->uncertainty = mapping_text(m, "property", "uncertainty_m", false);
    layout->headline = mapping_text(m, "property", "headline", false);
    layout->published = mapping_text(m, "property", "published", false);
    for (size_t i = 0; i < ARRAY_LEN(taken); i++)
        layout->taken[i] = mapping_text(m, "property", taken[i].member, false);
}

static struct span figure_text(struct mapping *m, const struct json *figure, const char *name)
{
    struct span text = json_get_text(figure, name);

    if (text.len == 0)
        mapping_fail(m, "each [[figure]] needs the text \"%s\"", name);
    return text;
}

static void read_figures(struct mapping *m, struct layout *layout)
{
    const struct json *list = json_get(&m->root, "figure");

    if (list && (list->type != JSON_ARRAY || list->array.count > FIGURES)) {
        mapping_fail(m, "figure must be a list, [[figure]], of at most %u", FIGURES);
        return;
    }
    for (size_t i = 0; list && i < list->array.count; i++) {
        const struct json *figure = &list->array.at[i];

        if (figure->type != JSON_OBJECT || figure->object.count != 3)
            mapping_fail(m, "a [[figure]] has property, matter and subject, and nothing else");
        layout->figure[layout->figures++] =
            (struct figure){.property = figure_text(m, figure, "property"),
                            .matter = figure_text(m, figure, "matter"),
                            .subject = figure_text(m, figure, "subject")};
    }
    layout->claimant = mapping_text(m, "", "claimant", layout->figures > 0);
    layout->side = mapping_text(m, "", "side", layout->figures > 0);
}

static bool read_layout(struct layout *out, const char *file, struct span text, struct arena *arena,
                        struct err *err)
{
    struct layout layout = {0};
    struct mapping m;

    if (!mapping_open(&m, file, text, tops, arena, err))
        return false;
    struct span name = mapping_text(&m, "", "name", true);
    layout.prefix = arena_printf(arena, GEOJSON "/%.*s", SPAN_ARG(name));
    struct json prefix = json_text(layout.prefix);
    struct err why = {0};
    if (name.len > 40 || !field_check(FIELD_OF("claim", "external_id"), &prefix, &why))
        mapping_fail(&m, "name must be a word of at most 40 bytes, for it begins every id");
    layout.origin = mapping_origin(&m);
    read_time(&m, &layout);
    mapping_table(&m, "position", position_members);
    struct span order = mapping_text(&m, "position", "order", false);
    layout.lon_lat = span_is(order, "lon_lat");
    if (order.len && !layout.lon_lat)
        mapping_fail(&m, "position.order must be lon_lat: longitude stands first");
    layout.uncertainty_m = mapping_number(&m, "position", "uncertainty_m", -1, 20037508);
    if (layout.uncertainty_m < 0)
        mapping_fail(&m, "position.uncertainty_m is missing: how exact is the most exact of them?");
    read_properties(&m, &layout);
    read_figures(&m, &layout);
    if (!mapping_ok(&m, err))
        return false;
    *out = layout;
    return true;
}

/* --- a feature --- */

struct make {
    struct piece *piece;
    const struct layout *layout;
    const struct foreign *properties;
    struct span external_id;
    struct calendar_date first, last; /* days, for the title */
};

static const struct foreign *property(const struct make *m, struct span name)
{
    return name.len ? foreign_get_span(m->properties, name) : NULL;
}

/* A moment or a day, by the mapping's form. */
struct stated {
    int64_t from_ms, to_ms;
    struct zone zone;
};

static bool read_epoch(struct make *m, const struct foreign *value, struct stated *out)
{
    unsigned decimals = m->layout->form == TIME_EPOCH_S ? 3 : 0;
    int64_t ms;

    if (!foreign_number(&ms, value, decimals, LIMIT_TIME_MAX_MS)) {
        piece_fail(m->piece, value, "must be a time, %s since 1970",
                   decimals ? "seconds" : "milliseconds");
        return false;
    }
    *out = (struct stated){.from_ms = ms - m->layout->clock_ms, .to_ms = ms + m->layout->clock_ms};
    return true;
}

static bool read_iso(struct make *m, const struct foreign *value, struct stated *out)
{
    struct span text = foreign_text(value);
    struct calendar_date day;
    struct zone zone;
    int64_t ms;

    if (calendar_parse_date(&day, text)) {
        int64_t from_ms = when_day_ms(day, m->layout->zone);
        *out = (struct stated){from_ms, from_ms + MS_PER_DAY, m->layout->zone};
        return true;
    }
    if (!when_moment(&ms, &zone, text, m->layout->zone)) {
        piece_fail(m->piece, value,
                   "must be a day, YYYY-MM-DD, or a time, YYYY-MM-DDTHH:MM:SS, with its zone or in "
                   "that of the mapping");
        return false;
    }
    *out = (struct stated){ms - m->layout->clock_ms, ms + m->layout->clock_ms, zone};
    return true;
}

static bool read_stated(struct make *m, struct span name, struct stated *out)
{
    const struct foreign *value = property(m, name);

    if (!foreign_has(value))
        return false;
    return m->layout->form == TIME_ISO ? read_iso(m, value, out) : read_epoch(m, value, out);
}

static void set_stated(struct make *m, struct json *report, const char *field, struct span name,
                       const struct stated *at)
{
    piece_set(m->piece, property(m, name), report, FIELD_OF("incident.report", "start"),
              when_between(at->from_ms, at->to_ms, at->zone, "document", m->piece->arena));
    if (strcmp(field, "start") == 0)
        return;
    json_set(report, field, *json_get(report, "start"), m->piece->arena);
}

static struct calendar_date day_of(const struct stated *at, int64_t ms)
{
    return calendar_date(ms + (int64_t)at->zone.offset_min * MS_PER_MINUTE);
}

static void set_times(struct make *m, struct json *report)
{
    struct stated start, end;

    if (!read_stated(m, m->layout->start, &start)) {
        piece_fail(m->piece, property(m, m->layout->start), "has no time of beginning");
        return;
    }
    m->first = m->last = day_of(&start, start.from_ms / 2 + start.to_ms / 2);
    if (read_stated(m, m->layout->end, &end)) {
        if (end.to_ms < start.from_ms)
            piece_fail(m->piece, property(m, m->layout->end), "ends before it begins");
        m->last = day_of(&end, end.from_ms / 2 + end.to_ms / 2);
        set_stated(m, report, "end", m->layout->end, &end);
    }
    set_stated(m, report, "start", m->layout->start, &start);
}

static int64_t stated_uncertainty(struct make *m)
{
    const struct foreign *value = property(m, m->layout->uncertainty);
    int64_t own_m = 0;

    if (foreign_has(value) && (!foreign_number(&own_m, value, 0, 20037508) || own_m < 0))
        piece_fail(m->piece, value, "must be an uncertainty in metres");
    return own_m > m->layout->uncertainty_m ? own_m : m->layout->uncertainty_m;
}

/* A line or an area is told by one position from which all of it can be reached. */
static void set_position(struct make *m, struct json *report)
{
    const struct foreign *geometry = foreign_get(m->piece->value, "geometry");
    struct arena *arena = m->piece->arena;

    if (!geometry) {
        piece_fail(m->piece, NULL, "a Feature must have \"geometry\": null, if it has no place");
        return;
    }
    struct geo_shape shape = geometry_read(m->piece, geometry);
    int64_t exact_m = stated_uncertainty(m);
    if (shape.count == 0 || piece_failed(m->piece))
        return;
    struct geo_cover cover = geo_cover(&shape);
    int64_t m_either_way = cover.radius_m + exact_m;
    json_set_integer(report, "lat_e7", cover.centre.lat_e7, arena);
    json_set_integer(report, "lon_e7", cover.centre.lon_e7, arena);
    json_set_integer(report, "uncertainty_m", m_either_way < 20037508 ? m_either_way : 20037508,
                     arena);
    const char *basis =
        cover.radius_m
            ? arena_printf(arena,
                           "middle of a %.*s that reaches %" PRId64 " m from it; and %" PRId64
                           " m for how exactly it is known",
                           SPAN_ARG(foreign_text(foreign_get(geometry, "type"))), cover.radius_m,
                           exact_m)
            : arena_printf(arena, "a point of the source, known to %" PRId64 " m", exact_m);
    json_set(report, "position_basis", json_text(basis), arena);
}

/* Whose it is stands with every record that is made of it. */
static struct json sources_of(struct make *m)
{
    const struct origin *origin = &m->layout->origin;
    struct arena *arena = m->piece->arena;
    struct json sources = json_array(), source = json_object();
    const struct foreign *headline = property(m, m->layout->headline);
    const struct foreign *published = property(m, m->layout->published);
    const struct field *publisher = shape_source_field("publisher");

    json_set_string(&source, "publisher", origin_text(origin, (size_t)publisher->max, arena),
                    arena);
    if (origin->url.len)
        piece_set_text(m->piece, NULL, &source, shape_source_field("url"), origin->url);
    piece_set_text(m->piece, headline, &source, shape_source_field("headline"),
                   piece_text(m->piece, headline));
    struct span day = piece_text(m->piece, published);
    if (day.len)
        piece_set(m->piece, published, &source, shape_source_field("published"), json_string(day));
    json_push(&sources, source, arena);
    return sources;
}

static size_t add_event(struct make *m, struct feed_item *out)
{
    struct json open = json_object(), report = json_object();
    struct piece *piece = m->piece;

    json_set(&report, "means", json_text("dataset"), piece->arena);
    set_times(m, &report);
    set_position(m, &report);
    for (size_t i = 0; i < ARRAY_LEN(taken); i++) {
        const struct foreign *value = property(m, m->layout->taken[i]);
        piece_set_text(piece, value, &report, shape_field("incident.report", taken[i].field),
                       piece_text(piece, value));
    }
    json_set(&report, "sources", sources_of(m), piece->arena);
    if (piece_failed(piece))
        return 0;
    json_set(&open, "start", *json_get(&report, "start"), piece->arena);
    json_set_string(
        &open, "title",
        shape_title(json_get_text(&report, "place_name"), m->first, m->last, piece->arena),
        piece->arena);
    out[0] = piece_item(piece, "incident.open", m->external_id, open);
    out[1] = piece_item(piece, "incident.report", m->external_id, report);
    out[1].incident = m->external_id;
    return 2;
}

/* Null and a blank are no figure; zero is one. */
static bool add_claim(struct make *m, const struct figure *figure, struct feed_item *out)
{
    const struct foreign *value = property(m, figure->property);
    struct arena *arena = m->piece->arena;
    struct json claim = json_object();
    int64_t number, tenfold;

    if (!foreign_has(value))
        return false;
    if (!foreign_number(&number, value, 0, LIMIT_INTEGER) || number < 0 ||
        (foreign_number(&tenfold, value, 1, LIMIT_INTEGER) && tenfold != number * 10)) {
        piece_fail(m->piece, value, "must be a whole number, or null where there is none");
        return false;
    }
    json_set_string(&claim, "claimant", m->layout->claimant, arena);
    json_set_string(&claim, "side", m->layout->side, arena);
    json_set_string(&claim, "matter", figure->matter, arena);
    json_set_string(&claim, "subject", figure->subject, arena);
    json_set(&claim, "channel", json_text("dataset"), arena);
    json_set_integer(&claim, "best", number, arena);
    json_set(&claim, "sources", sources_of(m), arena);
    struct span id = span_of(
        arena_printf(arena, "%.*s/%.*s", SPAN_ARG(m->external_id), SPAN_ARG(figure->property)));
    struct json as_id = json_string(id);
    struct err why = {0};
    if (!field_check(FIELD_OF("claim", "external_id"), &as_id, &why))
        piece_fail(m->piece, value, "is under a name that makes no id: %s", why.text);
    *out = piece_item(m->piece, "claim", id, claim);
    out->incident = m->external_id;
    return !piece_failed(m->piece);
}

static size_t read_feature(struct feed_item *out, struct piece *piece, void *context)
{
    const struct layout *layout = context;
    struct make m = {.piece = piece, .layout = layout};

    if (piece->head) {
        geometry_check_system(piece, piece->head, layout->lon_lat);
        if (!span_is(foreign_text(foreign_get(piece->head, "type")), "FeatureCollection"))
            piece_fail(piece, piece->head, "is no FeatureCollection");
    }
    geometry_check_system(piece, piece->value, layout->lon_lat);
    if (!span_is(foreign_text(foreign_get(piece->value, "type")), "Feature"))
        piece_fail(piece, NULL, "is no Feature: a geometry alone says nothing of when and what");
    m.properties = foreign_get(piece->value, "properties");
    const struct foreign *id =
        layout->id.len ? property(&m, layout->id) : foreign_get(piece->value, "id");
    m.external_id = piece_external_id(piece, id, layout->prefix);
    if (piece_failed(piece))
        return 0;
    size_t count = add_event(&m, out);
    for (size_t i = 0; i < layout->figures && count; i++)
        count += add_claim(&m, &layout->figure[i], &out[count]);
    return count;
}

bool geojson_open(struct feed *out, const char *file, struct span text, const char *mapping_file,
                  struct span mapping, const struct remarks *remarks, struct arena *arena,
                  struct err *err)
{
    static const char *const lists[] = {"features", NULL};
    struct layout *layout = ARENA_NEW(arena, struct layout);
    struct json_feed *table = ARENA_NEW(arena, struct json_feed);

    if (!read_layout(layout, mapping_file, mapping, arena, err))
        return false;
    *table = (struct json_feed){.source = GEOJSON,
                                .kinds = feed_event_kinds,
                                .list_names = lists,
                                .context = layout,
                                .read = read_feature};
    return json_feed_open(out, table, file, text, remarks, arena, err);
}
