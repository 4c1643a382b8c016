/* What of a request and a response can be told without a server. */

#include "net/http.h"

#include "base/reader.h"
#include "codec/json.h"

#include <stdarg.h>
#include <stdio.h>

static struct span trim(struct span s)
{
    while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'))
        s = span_from(s, 1);
    while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* RFC 9110 §13.1.2: a list of entity tags, or "*". Our tags hold no comma, so that one in
 * a foreign tag, which cuts it in two, cannot make it equal to ours: each half lacks a
 * quote. */
bool http_etag_matches(struct span if_none_match, struct span etag)
{
    struct span rest = if_none_match;

    if (etag.len == 0)
        return false;
    assert(!memchr(etag.at, ',', etag.len) && !memchr(etag.at, '"', etag.len));
    while (rest.len) {
        struct span tag;
        if (!span_cut(&rest, ',', &tag)) {
            tag = rest;
            rest = (struct span){0};
        }
        tag = trim(tag);
        if (span_is(tag, "*"))
            return true;
        if (span_starts_with(tag, SPAN_LIT("W/")))
            tag = span_from(tag, 2);
        if (tag.len == etag.len + 2 && tag.at[0] == '"' && tag.at[tag.len - 1] == '"' &&
            span_equal(span_slice(tag, 1, etag.len), etag))
            return true;
    }
    return false;
}

enum http_range http_range(struct span header, uint64_t size, uint64_t *out_from, uint64_t *out_len)
{
    const struct span unit = SPAN_LIT("bytes=");
    struct span last = header, first;
    uint64_t from, to = UINT64_MAX - 1;

    if (!span_starts_with(header, unit))
        return HTTP_RANGE_NONE;
    last = span_from(header, unit.len);
    if (!span_cut(&last, '-', &first) || !decimal_parse(&from, first, UINT64_MAX - 1) ||
        (last.len && (!decimal_parse(&to, last, UINT64_MAX - 1) || to < from)))
        return HTTP_RANGE_NONE;
    if (from >= size)
        return HTTP_RANGE_BEYOND;
    *out_from = from;
    *out_len = to < size ? to - from + 1 : size - from;
    return HTTP_RANGE_SOME;
}

/* Errors repeat what was sent, so that its sender can see what arrived; what is no text
 * is made one. */
static void make_text(char *text)
{
    if (json_text_valid(span_of(text)))
        return;
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            *text = '?';
}

void http_error(const struct http_request *request, struct http_response *response, int status,
                const char *format, ...)
{
    struct json object = json_object();
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    assert(len >= 0);
    char *text = arena_alloc(request->arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);

    make_text(text);
    json_set_string(&object, "error", span_of(text), request->arena);
    *response = (struct http_response){
        .status = status,
        .type = "application/json",
        .body = json_bytes(&object, request->arena),
    };
}
