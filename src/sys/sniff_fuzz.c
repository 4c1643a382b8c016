/* The type of any bytes: a word with a stroke, and the same when asked again. */

#include "sys/sniff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct span type, again;
    struct err err = {0};

    assert(sniff_type(&type, span_make(data, size), &arena, &err));
    assert(type.len > 2 && memchr(type.at, '/', type.len));
    assert(sniff_type(&again, span_make(data, size), &arena, &err) && span_equal(type, again));
    arena_free(&arena);
    return 0;
}
