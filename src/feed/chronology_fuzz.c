/* A chronology, its three files behind one another with a NUL between. What is opened keeps
 * the invariants of feeds, and has as many claims as it should; what is refused names file,
 * line and column. */

#include "feed/chronology.h"
#include "feed/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span rest = span_make(data, size);
    struct chronology_text text = {0};
    const struct remarks quiet = {0};
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    size_t count;

    if (!span_cut(&rest, '\0', &text.events) || !span_cut(&rest, '\0', &text.claims))
        return 0;
    text.sources = rest;
    if (chronology_open(&feed, &text, &quiet, &arena, &err)) {
        check_feed(&feed, &count, &arena);
        feed_close(&feed);
    } else {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(strstr(err.text, ".csv: line ") && strstr(err.text, ", column "));
    }
    arena_free(&arena);
    return 0;
}
