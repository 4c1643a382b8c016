/* Hotspots of FIRMS. What is opened keeps the invariants of feeds, and holds readings by satellite
 * alone, each with a time and a place; what is refused names file, line and column. */

#include "feed/firms.h"
#include "feed/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_readings(struct feed *feed)
{
    struct feed_item item;
    struct err err = {0};
    bool more;

    while (feed_next(feed, &item, &more, &err) && more) {
        assert(strcmp(item.kind, "incident.read") == 0);
        assert(!item.incident.len && !item.supersedes.len);
        assert(span_is(json_get_string(&item.flat, "means", SPAN_LIT("")), "satellite"));
        assert(json_get(&item.flat, "at") && json_get(&item.flat, "lat_e7"));
        assert(json_get_integer(&item.flat, "uncertainty_m", 0) > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct remarks quiet = {0};
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    size_t count;

    if (firms_open(&feed, "f.csv", span_make(data, size), &quiet, &arena, &err)) {
        check_feed(&feed, &count, &arena);
        check_readings(&feed);
        feed_close(&feed);
    } else {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(strstr(err.text, "f.csv: line ") && strstr(err.text, ", column "));
    }
    arena_free(&arena);
    return 0;
}
