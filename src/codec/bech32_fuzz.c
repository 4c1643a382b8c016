/* The texts of age's keys: what is read is written as the text that it was read from. */

#include "codec/bech32.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        const char *prefix;
        size_t len;
    } forms[] = {{"age", 32}, {"AGE-SECRET-KEY-", 32}, {"x", 1}, {"a1b", 3}, {"Q", 0}};
    struct span text = span_make(data, size);

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct arena arena = {0};
        struct buf written = buf_in(&arena, size);
        struct err err = {0};
        uint8_t bytes[32];

        if (bech32_parse(bytes, forms[i].len, forms[i].prefix, text, &err)) {
            bech32_put(&written, forms[i].prefix, span_make(bytes, forms[i].len));
            assert(!written.full && span_equal(buf_span(&written), text));
        }
        arena_free(&arena);
    }
    return 0;
}
