/* What stands in a query or a path: hostile bytes to values. */

#include "api/call.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"

const struct api_parameter api_as_of = {
    "as_of",
    API_INTEGER,
    0,
    LIMIT_INTEGER,
    "Answer as if this entry were the last; without it, the last published one.",
};

/* A decimal integer that may be negative, with no other spelling. */
static bool parse_integer(int64_t *out, struct span text, int64_t min, int64_t max)
{
    bool negative = text.len > 0 && text.at[0] == '-';
    uint64_t value;

    if (!decimal_parse(&value, negative ? span_from(text, 1) : text, LIMIT_INTEGER) ||
        (negative && value == 0))
        return false;
    int64_t integer = negative ? -(int64_t)value : (int64_t)value;
    if (integer < min || integer > max)
        return false;
    *out = integer;
    return true;
}

static bool parse_id(struct span text)
{
    uint8_t bytes[HASH_BYTES];

    return hex_parse(bytes, sizeof bytes, text);
}

/* West may be east of east: the box then crosses the 180th meridian. */
static bool parse_box(struct api_value *out, struct span text)
{
    static const int64_t most[] = {900000000, 1800000000, 900000000, 1800000000};
    int64_t side[4];

    for (size_t i = 0; i < ARRAY_LEN(side); i++) {
        struct span one = text;
        if (i < 3 && !span_cut(&text, ',', &one))
            return false;
        if (!parse_integer(&side[i], one, -most[i], most[i]))
            return false;
    }
    if (side[0] > side[2])
        return false;
    out->south = (int32_t)side[0];
    out->west = (int32_t)side[1];
    out->north = (int32_t)side[2];
    out->east = (int32_t)side[3];
    return true;
}

/* TIME.ID, where the page before ended. */
static bool parse_cursor(struct api_value *out, struct span text)
{
    struct span time;

    if (!span_cut(&text, '.', &time) || !parse_id(text))
        return false;
    out->text = text;
    if (span_is(time, "none")) {
        out->integer = INT64_MAX;
        return true;
    }
    return parse_integer(&out->integer, time, -LIMIT_INTEGER, LIMIT_INTEGER);
}

static bool parse(struct api_value *out, const struct api_parameter *parameter, struct span text)
{
    out->text = text;
    switch (parameter->type) {
    case API_INTEGER:
        return parse_integer(&out->integer, text, parameter->min, parameter->max);
    case API_TEXT:
    case API_REST:
        return (int64_t)text.len >= parameter->min && (int64_t)text.len <= parameter->max &&
               json_text_valid(text); /* a path was not decoded: it may be any bytes */
    case API_ID:
        return parse_id(text);
    case API_BOX:
        return parse_box(out, text);
    case API_CURSOR:
        return parse_cursor(out, text);
    }
    return false;
}

/* What would have been right. */
static const char *form(const struct api_parameter *parameter, struct arena *arena)
{
    switch (parameter->type) {
    case API_INTEGER:
        return arena_printf(arena, "an integer from %" PRId64 " to %" PRId64, parameter->min,
                            parameter->max);
    case API_TEXT:
    case API_REST:
        return arena_printf(arena, "%" PRId64 " to %" PRId64 " bytes of UTF-8", parameter->min,
                            parameter->max);
    case API_ID:
        return "64 lower-case hex digits";
    case API_BOX:
        return "SOUTH,WEST,NORTH,EAST, integers of 1e-7 degree, south not above north";
    case API_CURSOR:
        return "what \"next\" of the page before said";
    }
    return "";
}

bool api_parameter_parse(struct api_value *out, const struct api_parameter *parameter,
                         struct span text, struct arena *arena, struct err *err)
{
    struct api_value value = {.given = true};

    if (!parse(&value, parameter, text))
        return err_set(err, ERR_USAGE, "%s is \"%.*s\": give %s", parameter->name,
                       (int)(text.len < 100 ? text.len : 100), (const char *)text.at,
                       form(parameter, arena));
    *out = value;
    return true;
}

const struct api_value *api_value(const struct api_call *call, const char *name)
{
    for (size_t i = 0; i < API_QUERY && call->route->query[i].name; i++)
        if (strcmp(call->route->query[i].name, name) == 0)
            return &call->query[i];
    assert(!"a parameter that the route does not have");
    return NULL;
}

/* Where the value of a parameter goes; NULL when the route has none of that name. */
static struct api_value *place(struct api_call *call, struct api_value *as_of, struct span name,
                               const struct api_parameter **out)
{
    for (size_t i = 0; i < API_QUERY && call->route->query[i].name; i++)
        if (span_is(name, call->route->query[i].name)) {
            *out = &call->route->query[i];
            return &call->query[i];
        }
    *out = &api_as_of;
    return call->route->view && span_is(name, api_as_of.name) ? as_of : NULL;
}

static const char *known(const struct api_call *call)
{
    struct buf names = buf_in(call->arena, 1000);

    for (size_t i = 0; i < API_QUERY && call->route->query[i].name; i++)
        buf_printf(&names, "%s%s", names.len ? ", " : "", call->route->query[i].name);
    if (call->route->view)
        buf_printf(&names, "%s%s", names.len ? ", " : "", api_as_of.name);
    return names.len ? arena_text(call->arena, buf_span(&names)) : "none";
}

bool api_query_parse(struct api_call *call, struct api_value *as_of, struct err *err)
{
    struct span rest = call->request->query;
    struct http_parameter given;

    if (call->route->any_query)
        return true;
    while (http_query_next(&rest, &given, call->arena)) {
        const struct api_parameter *parameter;
        struct api_value *value = place(call, as_of, given.name, &parameter);

        if (!given.valid)
            return err_set(err, ERR_USAGE, "the query is not percent-encoded UTF-8");
        if (!value)
            return err_set(err, ERR_USAGE, "there is no parameter \"%.*s\" here; there are: %s",
                           (int)(given.name.len < 100 ? given.name.len : 100),
                           (const char *)given.name.at, known(call));
        if (value->given)
            return err_set(err, ERR_USAGE, "%s is given twice", parameter->name);
        if (!api_parameter_parse(value, parameter, given.value, call->arena, err))
            return false;
    }
    return true;
}
