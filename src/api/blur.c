#include "api/blur.h"

#include "api/blur_text.h"
#include "api/each_row.h"
#include "journal/in_force.h"
#include "record/kind.h"
#include "terms/terms.h"

#include <math.h>

#define TURN_E7 INT64_C(3600000000)
#define LEAST_DEGREE_M 110574 /* of latitude, at the equator: nowhere is one shorter */
#define RADIANS_OF_E7 (3.14159265358979323846 / 180 / 1e7)

/* --- whose --- */

static bool parse_row(struct json *out, struct span row, struct arena *arena, struct err *err)
{
    *out = json_object();
    return !row.at || json_parse_canonical(out, row, arena, err) ||
           err_wrap(err, "a row of the register");
}

bool blur_of(struct blur *out, struct store_reader *reader, struct span key_name, uint64_t as_of,
             struct arena *arena, struct err *err)
{
    struct json key, role, *head = ARENA_NEW(arena, struct json);
    struct span row;

    *out = (struct blur){0};
    if (!store_get(reader, "key", key_name, as_of, &row, NULL, arena, err) ||
        !parse_row(&key, row, arena, err))
        return false;
    struct span name = json_get_text(&key, "role");
    if (name.len == 0)
        return true;
    const char *item = arena_printf(arena, "role/%.*s", SPAN_ARG(name));
    if (!in_force_term(reader, item, as_of, &row, arena, err) || !parse_row(&role, row, arena, err))
        return false;
    if (json_get_integer(&role, "blur", 0) != 1)
        return true;
    if (!in_force_term(reader, "agreement", as_of, &row, arena, err) ||
        !parse_row(head, row, arena, err))
        return false;
    *out = (struct blur){terms_head_of(head).blur_m, json_get(head, "blur_keeps")};
    return true;
}

bool blur_of_record(struct blur *out, struct store_reader *reader, const struct record *record,
                    struct arena *arena, struct err *err)
{
    const struct json *row;
    struct err malformed; /* a void record's body may be anything */
    struct part part;

    if (!blur_of(out, reader, record->by, STORE_LATEST, arena, err))
        return false;
    bool is_whole = parts_check(record->body, &malformed);
    for (size_t i = 0; is_whole && out->radius_m == 0 && part_at(record->body, i, &part); i++) {
        if (part.tier != TIER_PUBLIC)
            continue;
        if (!one_row(reader, "view_part", part.stored, STORE_LATEST, &row, arena, err))
            return false;
        out->radius_m = json_get_integer(row, "blur_m", 0);
    }
    return true;
}

/* --- where --- */

/* The middle of the n-th of `count` equal parts of `whole`, and its ends. */
struct stretch {
    int64_t from, middle, to;
};

static struct stretch stretch_of(int64_t at, int64_t whole, int64_t least)
{
    int64_t count = least > 0 && whole / least > 1 ? whole / least : 1;
    int64_t n = at * count / whole;

    n = n < count ? n : count - 1;
    while (n > 0 && whole * n / count > at)
        n--;
    while (n + 1 < count && whole * (n + 1) / count <= at)
        n++;
    struct stretch out = {.from = whole * n / count, .to = whole * (n + 1) / count};
    out.middle = out.from + (out.to - out.from) / 2;
    return out;
}

static int64_t nearest_pole_e7(const struct stretch *row)
{
    int64_t south = row->from - TURN_E7 / 4, north = row->to - TURN_E7 / 4;

    return -south > north ? -south : north;
}

static int64_t nearest_equator_e7(const struct stretch *row)
{
    int64_t south = row->from - TURN_E7 / 4, north = row->to - TURN_E7 / 4;

    if (south < 0 && north > 0)
        return 0;
    return south < 0 ? north : south;
}

struct geo_cover blur_point(struct geo_point point, int64_t radius_m)
{
    int64_t side_e7 = 2 * radius_m * 10000000 / LEAST_DEGREE_M + 1;
    struct stretch row = stretch_of(point.lat_e7 + TURN_E7 / 4, TURN_E7 / 2, side_e7);
    double narrow = cos((double)nearest_pole_e7(&row) * RADIANS_OF_E7);
    double wide_e7 = narrow > 0 ? (double)side_e7 / narrow : (double)TURN_E7;
    struct stretch column = stretch_of(point.lon_e7 + TURN_E7 / 2, TURN_E7,
                                       wide_e7 < (double)TURN_E7 ? (int64_t)wide_e7 + 1 : TURN_E7);
    struct geo_point centre = {row.middle - TURN_E7 / 4, column.middle - TURN_E7 / 2};
    struct geo_point corner = {nearest_equator_e7(&row), column.from - TURN_E7 / 2};
    double most_m = geo_between(centre, corner).most_m;

    return (struct geo_cover){centre, isfinite(most_m) ? (int64_t)ceil(most_m) : radius_m};
}

/* --- what --- */

/* Places in words, what a position rests on, and the text as it came, which may have all of it. */
static bool tells_where(struct span name, const struct blur *blur)
{
    static const char *const always[] = {"lat_e7",         "lon_e7",     "uncertainty_m", "shape",
                                         "position_basis", "shape_form", "as_received"};

    for (size_t i = 0; i < ARRAY_LEN(always); i++)
        if (span_is(name, always[i]))
            return true;
    return (span_is(name, "place_name") || span_is(name, "admin")) &&
           !(blur->keeps && json_lists(blur->keeps, name));
}

static void put_point(struct json *out, const struct json *fields, const struct blur *blur,
                      struct arena *arena)
{
    const struct json *lat = json_get(fields, "lat_e7"), *lon = json_get(fields, "lon_e7");

    if (!lat || !lon || lat->type != JSON_INTEGER || lon->type != JSON_INTEGER)
        return;
    struct geo_cover cell =
        blur_point((struct geo_point){lat->integer, lon->integer}, blur->radius_m);
    int64_t said_m = json_get_integer(fields, "uncertainty_m", 0);
    json_set_integer(out, "lat_e7", cell.centre.lat_e7, arena);
    json_set_integer(out, "lon_e7", cell.centre.lon_e7, arena);
    json_set_integer(out, "uncertainty_m", said_m > cell.radius_m ? said_m : cell.radius_m, arena);
}

/* Also within lists and objects. */
static bool says_where(const struct json *value, struct arena *arena)
{
    bool says = value->type == JSON_STRING && blur_text_tells(value->string, arena);

    for (uint32_t i = 0; !says && value->type == JSON_ARRAY && i < value->array.count; i++)
        says = says_where(&value->array.at[i], arena);
    for (uint32_t i = 0; !says && value->type == JSON_OBJECT && i < value->object.count; i++)
        says = says_where(&value->object.at[i].value, arena);
    return says;
}

/* Of a text that has a position in it, that there is one. */
static void put_field(struct json *out, const struct json_member *member, struct arena *arena)
{
    const char *name = arena_text(arena, member->key);

    if (!says_where(&member->value, arena))
        json_set(out, name, member->value, arena);
    else if (member->value.type == JSON_STRING)
        json_set(out, name, json_text("…"), arena);
}

struct json blur_fields(const struct json *fields, const struct blur *blur, struct arena *arena)
{
    struct json out = json_object();

    if (blur->radius_m == 0)
        return *fields;
    for (uint32_t i = 0; i < fields->object.count; i++) {
        const struct json_member *member = &fields->object.at[i];

        if (!tells_where(member->key, blur))
            put_field(&out, member, arena);
    }
    put_point(&out, fields, blur, arena);
    json_set_integer(&out, "blur_m", blur->radius_m, arena);
    return out;
}
