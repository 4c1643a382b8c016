/*
 * A query string, and the same bytes as an If-None-Match. Whatever is read as valid is
 * text, is not longer than what was sent, and when it is escaped and read again is the
 * same; and the names and values of the whole are those of its halves.
 */

#include "base/buf.h"
#include "codec/json.h"
#include "net/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void escape(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        buf_printf(out, "%%%02X", text.at[i]);
}

static void check_again(const struct http_parameter *p, struct arena *arena)
{
    struct buf text = buf_in(arena, SIZE_MAX / 4);
    struct http_parameter again;

    if (p->name.len == 0 && p->value.len == 0)
        return;
    escape(&text, p->name);
    buf_byte(&text, '=');
    escape(&text, p->value);
    struct span rest = buf_span(&text);
    assert(http_query_next(&rest, &again, arena) && again.valid && rest.len == 0);
    assert(span_equal(again.name, p->name) && span_equal(again.value, p->value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct span rest = span_make(data, size);
    size_t total = 0;
    struct http_parameter p;

    while (http_query_next(&rest, &p, &arena)) {
        if (!p.valid)
            continue;
        assert(json_text_valid(p.name) && json_text_valid(p.value));
        total += p.name.len + p.value.len;
        check_again(&p, &arena);
    }
    assert(total <= size);

    /* A tag is found in a list exactly if it would be found with more lists around it. */
    bool found = http_etag_matches(span_make(data, size), SPAN_LIT("n1"));
    struct buf longer = buf_in(&arena, SIZE_MAX / 4);
    buf_text(&longer, "\"x\",");
    buf_put(&longer, span_make(data, size));
    buf_text(&longer, ", W/\"y\"");
    assert(http_etag_matches(buf_span(&longer), SPAN_LIT("n1")) == found);
    arena_free(&arena);
    return 0;
}
