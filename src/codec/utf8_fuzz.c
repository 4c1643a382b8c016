/* UTF-8: a text is valid where its characters, each written again, are the text; and
 * then every prefix that utf8_prefix gives is valid, and within a character of its limit. */

#include "codec/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool spells_itself(struct span text)
{
    while (text.len > 0) {
        struct span rest = text;
        uint8_t bytes[4];
        uint32_t character;

        if (!utf8_next(&rest, &character))
            return false;
        struct span written = span_make(bytes, utf8_encode(bytes, character));
        assert(span_equal(written, span_slice(text, 0, text.len - rest.len)));
        text = rest;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    bool valid = utf8_valid(text);

    assert(valid == spells_itself(text));
    for (size_t limit = 0; limit <= size + 1; limit++) {
        struct span prefix = utf8_prefix(text, limit);
        assert(prefix.len <= limit && prefix.len <= size);
        assert(!valid || utf8_valid(prefix));
        assert(!valid || prefix.len + 3 >= limit || prefix.len == size);
    }
    return 0;
}
