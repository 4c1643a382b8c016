/* An identity file: what is read is the one line that neither is empty nor a comment. */

#include "node/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size), line;
    struct arena arena = {0};
    struct buf written = buf_in(&arena, 100);
    struct age_identity identity, again;
    struct err err = {0};
    size_t found = 0;

    if (identity_parse(&identity, text, &err)) {
        age_identity_put(&written, &identity);
        while (span_cut(&text, '\n', &line))
            found += span_equal(line, buf_span(&written));
        assert(found == 1 && text.len == 0);
        buf_byte(&written, '\n');
        assert(identity_parse(&again, buf_span(&written), &err));
        assert(memcmp(&again, &identity, sizeof again) == 0);
    }
    arena_free(&arena);
    return 0;
}
