/* The OpenAPI 3.0 document, made from the table of routes. Written as text: it needs
 * `true`, which our JSON has not. */

#include "api/call.h"

#define DOCUMENT_BYTES (1u << 18)

static void put_string(struct buf *out, const char *text)
{
    struct json value = json_text(text);

    json_encode(out, &value);
}

static void put_schema(struct buf *out, const struct api_parameter *parameter)
{
    static const char *const form[] = {
        [API_INTEGER] = "\"type\":\"integer\",\"format\":\"int64\"",
        [API_TEXT] = "\"type\":\"string\"",
        [API_ID] = "\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"",
        [API_BOX] = "\"type\":\"string\",\"pattern\":\"^-?[0-9]+(,-?[0-9]+){3}$\"",
        [API_CURSOR] = "\"type\":\"string\",\"pattern\":\"^(none|-?[0-9]+)\\\\.[0-9a-f]{64}$\"",
        [API_REST] = "\"type\":\"string\"",
    };

    buf_printf(out, "{%s", form[parameter->type]);
    if (parameter->type == API_INTEGER)
        buf_printf(out, ",\"minimum\":%" PRId64 ",\"maximum\":%" PRId64, parameter->min,
                   parameter->max);
    if (parameter->type == API_TEXT || parameter->type == API_REST)
        buf_printf(out, ",\"minLength\":%" PRId64 ",\"maxLength\":%" PRId64, parameter->min,
                   parameter->max);
    buf_byte(out, '}');
}

static void put_parameter(struct buf *out, const struct api_parameter *parameter, const char *in,
                          bool *first)
{
    buf_printf(out, "%s{\"name\":\"%s\",\"in\":\"%s\",", *first ? "" : ",", parameter->name, in);
    *first = false;
    if (strcmp(in, "path") == 0)
        buf_text(out, "\"required\":true,");
    buf_text(out, "\"description\":");
    put_string(out, parameter->about);
    buf_text(out, ",\"schema\":");
    put_schema(out, parameter);
    buf_byte(out, '}');
}

static void put_parameters(struct buf *out, const struct api_route *route)
{
    bool first = true;

    buf_text(out, ",\"parameters\":[");
    if (route->in_path.name)
        put_parameter(out, &route->in_path, "path", &first);
    for (size_t i = 0; i < API_QUERY && route->query[i].name; i++)
        put_parameter(out, &route->query[i], "query", &first);
    if (route->view)
        put_parameter(out, &api_as_of, "query", &first);
    buf_byte(out, ']');
}

static void put_responses(struct buf *out, const struct api_route *route)
{
    static const struct {
        const char *status, *about;
        enum { ALL, GET_ONLY, POST_ONLY, PARTICIPANTS_ONLY } of;
    } others[] = {
        {"304", "What If-None-Match names is still what would be answered.", GET_ONLY},
        {"400", "A parameter or the body is not as it must be.", ALL},
        {"401", "It is for the participants, and nobody is signed in.", PARTICIPANTS_ONLY},
        {"403", "What would sign in does not: the error says why.", POST_ONLY},
        {"404", "There is no such thing.", GET_ONLY},
        {"413", "The body is too large.", POST_ONLY},
        {"415", "The body is of another type.", POST_ONLY},
        {"429", "Too much from one address that has not signed in: Retry-After says when.",
         POST_ONLY},
        {"503", "The node cannot answer now.", ALL},
    };
    bool get = strcmp(route->method, "GET") == 0;

    buf_printf(out,
               ",\"responses\":{\"200\":{\"description\":\"Answered.\",\"content\":{\"%s\":{}}}",
               route->type);
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if ((others[i].of == GET_ONLY && !get) || (others[i].of == POST_ONLY && get) ||
            (others[i].of == PARTICIPANTS_ONLY && route->may != API_PARTICIPANTS))
            continue;
        buf_printf(out, ",\"%s\":{\"description\":", others[i].status);
        put_string(out, others[i].about);
        buf_byte(out, '}');
    }
    buf_byte(out, '}');
}

static void put_route(struct buf *out, const struct api_route *route)
{
    bool get = strcmp(route->method, "GET") == 0;

    buf_printf(out, "\"%s\":{\"summary\":", get ? "get" : "post");
    put_string(out, route->about);
    put_parameters(out, route);
    if (route->may == API_PARTICIPANTS)
        buf_text(out, ",\"security\":[{},{\"token\":[]},{\"cookie\":[]}]");
    if (route->takes)
        buf_printf(out, ",\"requestBody\":{\"required\":true,\"content\":{\"%s\":{}}}",
                   route->takes);
    put_responses(out, route);
    buf_byte(out, '}');
}

bool openapi_answer(struct api_call *call, struct err *err)
{
    struct buf out = buf_in(call->arena, DOCUMENT_BYTES);
    const struct api_route *route, *before = NULL;

    (void)err;
    buf_text(&out,
             "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"Sulh\",\"version\":\"1\","
             "\"description\":\"What a node answers over HTTP: see doc/api.md.\"},\"paths\":{");
    /* Those of one path stand one after another. */
    for (size_t i = 0; (route = api_route_at(i)) != NULL; before = route, i++) {
        bool same = before && strcmp(before->pattern, route->pattern) == 0;

        if (before)
            buf_text(&out, same ? "," : "},");
        if (!same) {
            put_string(&out, route->pattern);
            buf_text(&out, ":{");
        }
        put_route(&out, route);
    }
    buf_printf(&out,
               "}},\"components\":{\"securitySchemes\":{"
               "\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
               "\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"%s\"}}}}",
               call->door->cookie);
    assert(!out.full);
    return api_answer_bytes(call, buf_span(&out));
}
