/* What stands behind the '?' of a request: hostile bytes to names and values. */

#include "net/http.h"

#include "codec/json.h"

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %XX and, as forms send it, '+' for a space. */
static bool decode(struct span *out, struct span in, struct arena *arena)
{
    uint8_t *at = arena_alloc(arena, in.len);
    size_t len = 0;

    for (size_t i = 0; i < in.len; i++) {
        if (in.at[i] == '%') {
            int high = i + 2 < in.len ? hex_digit(in.at[i + 1]) : -1;
            int low = i + 2 < in.len ? hex_digit(in.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            at[len++] = (uint8_t)(high << 4 | low);
            i += 2;
        } else {
            at[len++] = in.at[i] == '+' ? ' ' : in.at[i];
        }
    }
    *out = span_make(at, len);
    return json_text_valid(*out);
}

bool http_query_next(struct span *query, struct http_parameter *out, struct arena *arena)
{
    struct span pair = {0}, name;

    while (pair.len == 0) {
        if (query->len == 0)
            return false;
        if (!span_cut(query, '&', &pair)) {
            pair = *query;
            *query = (struct span){0};
        }
    }

    *out = (struct http_parameter){0};
    if (!span_cut(&pair, '=', &name)) {
        name = pair;
        pair = (struct span){0};
    }
    out->valid = decode(&out->name, name, arena);
    out->valid = decode(&out->value, pair, arena) && out->valid;
    return true;
}

struct span http_query(const struct http_request *request, const char *name)
{
    struct span rest = request->query;
    struct http_parameter parameter;

    while (http_query_next(&rest, &parameter, request->arena))
        if (parameter.valid && span_is(parameter.name, name))
            return parameter.value;
    return (struct span){0};
}
