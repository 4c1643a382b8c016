#include "feed/shape.h"

#include "codec/utf8.h"
#include "feed/degrees.h"

#include <stdio.h>

const struct field *shape_field(const char *kind, const char *name)
{
    const struct kind *known = kind_find(span_of(kind), 1);
    const struct field *field = known ? kind_field(known, name) : NULL;

    assert(field);
    return field;
}

const struct field *shape_source_field(const char *name)
{
    const struct field *source = FIELD_OF("claim", "sources")->fields;

    for (size_t i = 0; i < source->count; i++)
        if (strcmp(source->fields[i].name, name) == 0)
            return &source->fields[i];
    assert(!"a member that sources do not have");
    return NULL;
}

struct span shape_external_id(struct row *row, size_t column, const char *source)
{
    struct span id = row_needed(row, column);
    struct buf buf = buf_in(row->arena, SIZE_MAX);
    struct err why = {0};

    buf_printf(&buf, "%s/", source);
    buf_put(&buf, id);
    struct json value = json_string(buf_span(&buf));
    if (id.len && !field_check(FIELD_OF("claim", "external_id"), &value, &why))
        row_fail(row, column, "is no id: %s", why.text);
    return value.string;
}

#define TITLE_DATES 30 /* bytes, and ample */

static void put_day(struct buf *buf, struct calendar_date day)
{
    buf_printf(buf, "%04d-%02d-%02d", day.year, day.month, day.day);
}

struct span shape_title(struct span place, struct calendar_date start, struct calendar_date end,
                        struct arena *arena)
{
    size_t room = (size_t)FIELD_OF("incident.open", "title")->max - TITLE_DATES;
    struct span shown = utf8_prefix(place, room);
    struct buf buf = buf_in(arena, SIZE_MAX);

    buf_put(&buf, shown);
    buf_text(&buf, shown.len < place.len ? " …, " : shown.len ? ", " : "");
    put_day(&buf, start);
    if (calendar_ms(end) != calendar_ms(start)) {
        buf_byte(&buf, '/');
        put_day(&buf, end);
    }
    return buf_span(&buf);
}

static const struct precision *precision_of(int64_t code, const struct precision *table,
                                            size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].code == code)
            return &table[i];
    return NULL;
}

void shape_position(struct row *row, size_t lat, size_t lon, size_t code,
                    const struct precision *table, size_t count, struct json *report)
{
    const struct precision *precision = NULL;
    int64_t lat_e7, lon_e7, number;
    bool has_lat = row_degrees(row, lat, &lat_e7, DEGREES_LAT_E7);
    bool has_lon = row_degrees(row, lon, &lon_e7, DEGREES_LON_E7);

    if (row_number(row, code, &number, 1000)) {
        precision = precision_of(number, table, count);
        if (!precision)
            row_fail(row, code, "is no code of this source");
    }
    if (!has_lat && !has_lon)
        return;
    if (!has_lat || !has_lon)
        row_fail(row, has_lat ? lon : lat, "is empty, and the other half of the position is not");
    else if (!precision)
        row_fail(row, code, "is empty beside a position: how exact is it?");
    else if (precision->uncertainty_m == SHAPE_NO_PLACE)
        row_fail(row, code, "says that there is no place, beside a position");
    if (row_failed(row))
        return;
    json_set_integer(report, "lat_e7", lat_e7, row->arena);
    json_set_integer(report, "lon_e7", lon_e7, row->arena);
    json_set_integer(report, "uncertainty_m", precision->uncertainty_m, row->arena);
    json_set(report, "position_basis", json_text(precision->basis), row->arena);
}

struct calendar_date shape_last_day(struct row *row, size_t column, struct calendar_date start)
{
    struct calendar_date day;

    if (!row_date(row, column, &day))
        return start;
    if (calendar_ms(day) < calendar_ms(start))
        row_fail(row, column, "is before the first day");
    return day;
}

void shape_set(struct row *row, size_t column, struct json *flat, const struct field *field,
               struct json value)
{
    struct err why = {0};

    if (value.type == JSON_ARRAY && value.array.count == 0)
        return;
    if (!field_check(field, &value, &why))
        row_fail(row, column, "does not fit: %s", why.text);
    json_set(flat, field->name, value, row->arena);
}

void shape_take(struct row *row, struct json *flat, const char *kind,
                const struct shape_taken *taken, size_t count)
{
    for (size_t i = 0; i < count; i++)
        row_set(row, taken[i].column, flat, shape_field(kind, taken[i].field));
}

struct feed_item shape_item(const struct row *row, const char *kind, struct span external_id,
                            struct json flat)
{
    json_set_string(&flat, "external_id", external_id, row->arena);
    return (struct feed_item){.kind = kind,
                              .external_id = external_id,
                              .flat = flat,
                              .file = row->sheet->file,
                              .line = row_line(row)};
}
