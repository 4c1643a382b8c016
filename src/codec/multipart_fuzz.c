/* Forms with files: parts stand in the body, apart and in order; and a form that is written
 * anew from what was read, with another boundary and names by RFC 8187, reads the same. The
 * content type is the first line, with its boundary. */

#include "codec/multipart.h"

#include "base/buf.h"
#include "base/limits.h"
#include "codec/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BOUNDARY "----=_written.anew'by/the:fuzzer"

static void put_extended(struct buf *buf, const char *name, struct span value)
{
    buf_printf(buf, "; %s*=UTF-8''", name);
    for (size_t i = 0; i < value.len; i++)
        buf_printf(buf, "%%%02X", value.at[i]);
}

static struct span write_form(const struct multipart_part *part, size_t count, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);

    for (size_t i = 0; i < count; i++) {
        buf_text(&buf, "--" BOUNDARY "\r\nContent-Disposition: form-data");
        put_extended(&buf, "name", part[i].name);
        if (part[i].has_filename)
            put_extended(&buf, "filename", part[i].filename);
        buf_text(&buf, "\r\n");
        if (part[i].type.len) {
            buf_text(&buf, "Content-Type:");
            buf_put(&buf, part[i].type);
            buf_text(&buf, "\r\n");
        }
        buf_text(&buf, "\r\n");
        buf_put(&buf, part[i].bytes);
        buf_text(&buf, "\r\n");
    }
    buf_text(&buf, "--" BOUNDARY "--");
    return buf_span(&buf);
}

static void check_same(const struct multipart_part *a, const struct multipart_part *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert(span_equal(a[i].name, b[i].name) && span_equal(a[i].filename, b[i].filename));
        assert(a[i].has_filename == b[i].has_filename && span_equal(a[i].type, b[i].type));
        assert(span_equal(a[i].bytes, b[i].bytes));
    }
}

/* A name may be too long for one header when each byte of it is %XX. */
static bool is_short(const struct multipart_part *part, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (3 * (part[i].name.len + part[i].filename.len) + 100 > LIMIT_FORM_HEADER_BYTES)
            return false;
    return true;
}

static void check_form(const struct multipart_part *part, size_t count, struct span body,
                       struct arena *arena)
{
    const uint8_t *at = body.at;
    struct multipart_part *again;
    size_t again_count;
    struct err err = {0};

    assert(count <= LIMIT_FORM_PARTS);
    for (size_t i = 0; i < count; i++) {
        assert(part[i].name.len > 0 && utf8_valid(part[i].name) && utf8_valid(part[i].filename));
        assert(part[i].bytes.len == 0 || part[i].bytes.at >= at);
        at = part[i].bytes.len ? part[i].bytes.at + part[i].bytes.len : at;
        assert(at <= body.at + body.len);
    }
    struct span written = write_form(part, count, arena);
    if (memmem(body.at, body.len, BOUNDARY, strlen(BOUNDARY)) || !is_short(part, count))
        return;
    assert(multipart_parse(&again, &again_count,
                           SPAN_LIT("multipart/form-data; boundary=\"" BOUNDARY "\""), written,
                           arena, &err));
    assert(again_count == count);
    check_same(part, again, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span body = span_make(data, size), type;
    struct arena arena = {0};
    struct multipart_part *part = NULL;
    size_t count = 0;
    struct err err = {0};

    if (!span_cut(&body, '\n', &type))
        return 0;
    if (multipart_parse(&part, &count, type, body, &arena, &err))
        check_form(part, count, body, &arena);
    else
        assert(err.kind != ERR_NONE && part == NULL && count == 0);
    arena_free(&arena);
    return 0;
}
