/* A slip comes off paper, from anybody: what is accepted is again a slip of the same bytes. */

#include "base/buf.h"
#include "cli/hotline_slip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err err = {0};
    struct span bytes, again, *line;
    size_t count;

    if (hotline_slip_parse(&bytes, span_make(data, size), &arena, &err)) {
        struct buf text = buf_in(&arena, SIZE_MAX);
        bool ok = hotline_slip_lines(&line, &count, bytes, &arena, &err);

        assert(ok);
        for (size_t i = 0; i < count; i++) {
            buf_put(&text, line[i]);
            buf_byte(&text, '\n');
        }
        ok = hotline_slip_parse(&again, buf_span(&text), &arena, &err);
        assert(ok && span_equal(again, bytes));
    }
    arena_free(&arena);
    return 0;
}
