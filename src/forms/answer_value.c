#include "forms/answer_value.h"

#include "base/reader.h"
#include "feed/when.h"
#include "forms/xml.h"

#define FILE_NAME_BYTES 255u
#define DEGREE_DIGITS 7 /* 1e-7 degree is a centimetre */
#define LONGEST_NUMBER 30u
#define LONGEST_POINT 130u

/* The vaguest of a kind, taken where nobody said. */
static const struct form_exactness *vaguest(enum ask_as as)
{
    const struct form_exactness *last = NULL;

    for (size_t i = 0; form_exactness_at(as, i); i++)
        last = form_exactness_at(as, i);
    return last;
}

/* Of a moment, the middle of its day in its zone. */
static int64_t noon_of(int64_t at_ms, struct zone zone)
{
    struct calendar_date day = calendar_date(at_ms + (int64_t)zone.offset_min * MS_PER_MINUTE);

    return when_day_ms(day, zone) + MS_PER_DAY / 2;
}

bool value_time(struct json *out, struct span text, const struct form_exactness *exact,
                struct arena *arena, struct err *err)
{
    const struct form_exactness *how = exact ? exact : vaguest(ASK_EXACT);
    struct zone zone;
    int64_t at_ms;

    if (!when_moment(&at_ms, &zone, text, zone_of((struct span){0})))
        return err_set(err, ERR_MALFORMED, "no date and time");
    if (exact && strcmp(exact->word, "day") == 0)
        at_ms = noon_of(at_ms, zone);

    *out = json_object();
    json_set_integer(out, "at_ms", at_ms, arena);
    json_set_string(out, "basis", span_of(how->basis), arena);
    json_set_integer(out, "offset_min", zone.offset_min, arena);
    json_set_integer(out, "uncertainty_ms", how->within + zone.doubt_ms, arena);
    return true;
}

/* A decimal number in units of 10^-places, rounded away from zero if `up` and to the nearest
 * otherwise. No exponent. */
static bool scaled(int64_t *out, struct span text, int places, bool up)
{
    bool negative = text.len > 0 && text.at[0] == '-';
    struct span rest = negative ? span_from(text, 1) : text;
    struct span whole = rest, fraction = {0};
    uint64_t value;

    if (rest.len > LONGEST_NUMBER)
        return false;
    if (span_cut(&rest, '.', &whole))
        fraction = rest;
    if (!decimal_parse(&value, whole, 99999999) ||
        (whole.len < text.len - negative && !fraction.len))
        return false;
    bool more = false, half = false;
    for (size_t i = 0; i < fraction.len || i < (size_t)places; i++) {
        uint8_t digit = i < fraction.len ? fraction.at[i] : '0';
        if (digit < '0' || digit > '9')
            return false;
        if (i < (size_t)places)
            value = value * 10 + (digit - '0');
        else
            more |= digit != '0';
        if (i == (size_t)places)
            half = digit >= '5';
    }
    value += up ? more : half;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

/* Cuts the next word off; false at the end. */
static bool next_word(struct span *rest, struct span *out)
{
    *rest = xml_trimmed(*rest);
    if (rest->len == 0)
        return false;
    for (size_t i = 0; i < rest->len; i++)
        if (memchr(" \t\n\r", rest->at[i], 4)) {
            *out = span_slice(*rest, 0, i);
            *rest = span_from(*rest, i);
            return true;
        }
    *out = *rest;
    *rest = (struct span){0};
    return true;
}

bool value_point(struct value_point *out, struct span text, struct err *err)
{
    struct span words[4], rest = text;
    struct value_point point = {0};
    int64_t altitude;
    size_t count = 0;

    while (count < ARRAY_LEN(words) && next_word(&rest, &words[count]))
        count++;
    bool ok = text.len <= LONGEST_POINT && count >= 2 && xml_trimmed(rest).len == 0;
    ok = ok && scaled(&point.lat_e7, words[0], DEGREE_DIGITS, false);
    ok = ok && scaled(&point.lon_e7, words[1], DEGREE_DIGITS, false);
    ok = ok && (count < 3 || scaled(&altitude, words[2], 0, false));
    ok = ok && (count < 4 || scaled(&point.accuracy_m, words[3], 0, true));
    if (!ok || point.accuracy_m < 0)
        return err_set(err, ERR_MALFORMED, "no position: latitude, longitude, altitude, accuracy");
    *out = point;
    return true;
}

static struct json point_as_json(const struct value_point *point, struct arena *arena)
{
    struct json out = json_object();

    json_set_integer(&out, "lat_e7", point->lat_e7, arena);
    json_set_integer(&out, "lon_e7", point->lon_e7, arena);
    return out;
}

bool value_shape(struct json *out, struct span text, bool area, struct arena *arena,
                 struct err *err)
{
    struct json points = json_array();
    struct span rest = text, one = {0};

    for (bool more = true; more;) {
        struct value_point point;
        more = span_cut(&rest, ';', &one);
        struct span words = xml_trimmed(more ? one : rest);
        if (!more && words.len == 0)
            break; /* behind the last semicolon */
        if (!value_point(&point, words, err))
            return err_wrap(err, "point %u", points.array.count + 1);
        json_push(&points, point_as_json(&point, arena), arena);
    }
    if (area && points.array.count > 0) {
        uint32_t last = points.array.count - 1;
        if (last == 0 || !json_equal(&points.array.at[0], &points.array.at[last]))
            return err_set(err, ERR_MALFORMED, "its last point is not its first");
        points.array.count = last;
    }
    *out = points;
    return true;
}

bool value_integer(struct json *out, struct span text, struct err *err)
{
    bool negative = text.at[0] == '-';
    uint64_t value;

    if (!decimal_parse(&value, span_from(text, negative), LIMIT_INTEGER))
        return err_set(err, ERR_MALFORMED, "no whole number");
    *out = json_integer(negative ? -(int64_t)value : (int64_t)value);
    return true;
}

struct json value_list(struct span text, struct arena *arena)
{
    struct json list = json_array();
    struct span word;

    while (next_word(&text, &word))
        json_push(&list, json_string(word), arena);
    return list;
}

bool value_file(struct span text, struct err *err)
{
    bool plain = text.len <= FILE_NAME_BYTES && !span_is(text, ".") && !span_is(text, "..");

    for (size_t i = 0; plain && i < text.len; i++)
        plain = text.at[i] >= ' ' && text.at[i] != '/' && text.at[i] != '\\' && text.at[i] != 0x7f;
    return plain || err_set(err, ERR_MALFORMED, "no bare name of a file");
}
