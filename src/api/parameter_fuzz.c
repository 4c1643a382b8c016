/*
 * The first byte chooses a route, the rest is its query, and what stands in its path. What
 * is taken is within its bounds, and written again it is taken as the same.
 */

#include "api/call.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t route_count(void)
{
    size_t count = 0;

    while (api_route_at(count))
        count++;
    return count;
}

/* As a person would write it who had only the value. */
static const char *spell(const struct api_parameter *parameter, const struct api_value *value,
                         struct arena *arena)
{
    switch (parameter->type) {
    case API_INTEGER:
        return arena_printf(arena, "%" PRId64, value->integer);
    case API_BOX:
        return arena_printf(arena, "%d,%d,%d,%d", value->south, value->west, value->north,
                            value->east);
    case API_CURSOR:
        if (value->integer == INT64_MAX)
            return arena_printf(arena, "none.%.*s", SPAN_ARG(value->text));
        return arena_printf(arena, "%" PRId64 ".%.*s", value->integer, SPAN_ARG(value->text));
    default:
        return arena_text(arena, value->text);
    }
}

static void check(const struct api_parameter *parameter, const struct api_value *value,
                  struct arena *arena)
{
    struct api_value again;
    struct err err = {0};

    if (!value->given)
        return;
    if (parameter->type == API_INTEGER)
        assert(value->integer >= parameter->min && value->integer <= parameter->max);
    if (parameter->type == API_ID || parameter->type == API_CURSOR)
        assert(value->text.len == 64);
    if (parameter->type == API_BOX) {
        assert(value->south <= value->north);
        assert(value->south >= -900000000 && value->north <= 900000000);
        assert(value->west >= -1800000000 && value->west <= 1800000000);
        assert(value->east >= -1800000000 && value->east <= 1800000000);
    }
    struct span text = span_of(spell(parameter, value, arena));
    assert(api_parameter_parse(&again, parameter, text, arena, &err));
    assert(again.integer == value->integer && again.south == value->south &&
           again.west == value->west && again.north == value->north && again.east == value->east);
    assert(parameter->type == API_CURSOR ? span_equal(again.text, value->text)
                                         : span_equal(again.text, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err err = {0};
    struct api_value as_of = {0}, in_path = {0};

    if (size == 0)
        return 0;
    struct http_request request = {.query = span_make(data + 1, size - 1), .arena = &arena};
    struct api_call call = {
        .request = &request, .arena = &arena, .route = api_route_at(data[0] % route_count())};
    const struct api_route *route = call.route;

    if (api_query_parse(&call, &as_of, &err)) {
        for (size_t i = 0; i < API_QUERY && route->query[i].name; i++)
            check(&route->query[i], &call.query[i], &arena);
        assert(!as_of.given || route->view);
        check(&api_as_of, &as_of, &arena);
    } else {
        assert(err.kind == ERR_USAGE && err.text[0]);
    }
    if (route->in_path.name &&
        api_parameter_parse(&in_path, &route->in_path, request.query, &arena, &err))
        check(&route->in_path, &in_path, &arena);
    arena_free(&arena);
    return 0;
}
