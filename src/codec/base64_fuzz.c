/* Base64 beside libsodium, whose decoder is as strict: both accept the same texts and
 * read the same bytes; and what was read is written as the text that it was read from. */

#include "codec/base64.h"

#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libsodium 1.0.18 takes every byte from 0x80 on for a slash. */
static bool is_ascii(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= 0x80)
            return false;
    return true;
}

static bool theirs_parse(struct span *out, struct span text, int variant, struct arena *arena)
{
    uint8_t *bytes = arena_alloc(arena, text.len);
    const char *end;

    if (sodium_base642bin(bytes, text.len, (const char *)text.at, text.len, NULL, &out->len, &end,
                          variant) != 0)
        return false;
    out->at = bytes;
    return (const uint8_t *)end == text.at + text.len;
}

static void check_raw(struct span text, struct arena *arena)
{
    uint8_t *bytes = arena_alloc(arena, text.len);
    struct buf written = buf_in(arena, text.len);
    struct span theirs;
    size_t len, room;
    bool ok = base64_raw_parse(bytes, text.len, &len, text);

    assert(ok == (is_ascii(text) &&
                  theirs_parse(&theirs, text, sodium_base64_VARIANT_ORIGINAL_NO_PADDING, arena)));
    if (!ok)
        return;
    assert(span_equal(span_make(bytes, len), theirs));
    base64_raw_put(&written, span_make(bytes, len));
    assert(!written.full && span_equal(buf_span(&written), text));
    assert(len == 0 || !base64_raw_parse(bytes, len - 1, &room, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct buf written = buf_in(&arena, size);
    struct span ours, theirs;
    bool ok = base64_parse(&ours, text, size, &arena);

    assert(ok ==
           (is_ascii(text) && theirs_parse(&theirs, text, sodium_base64_VARIANT_ORIGINAL, &arena)));
    check_raw(text, &arena);
    if (ok) {
        assert(span_equal(ours, theirs));
        base64_put(&written, ours);
        assert(!written.full && span_equal(buf_span(&written), text));
        assert(ours.len == 0 || !base64_parse(&ours, text, ours.len - 1, &arena));
    }
    arena_free(&arena);
    return 0;
}
