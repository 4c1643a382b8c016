/* A mission's counts. What is opened keeps the invariants of feeds, and holds claims
 * alone; what is refused names file, line and column. */

#include "feed/counts.h"
#include "feed/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_claims(struct feed *feed)
{
    struct feed_item item;
    struct err err = {0};
    bool more;

    while (feed_next(feed, &item, &more, &err) && more) {
        assert(strcmp(item.kind, "claim") == 0 && !item.incident.len);
        assert(json_get(&item.flat, "made") && json_get(&item.flat, "best"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct remarks quiet = {0};
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    size_t count;

    if (counts_open(&feed, "f.csv", span_make(data, size), &quiet, &arena, &err)) {
        check_feed(&feed, &count, &arena);
        check_claims(&feed);
        feed_close(&feed);
    } else {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(strstr(err.text, "f.csv: line ") && strstr(err.text, ", column "));
    }
    arena_free(&arena);
    return 0;
}
