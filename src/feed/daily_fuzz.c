/* A mission's daily table. What is opened keeps the invariants of feeds, and holds observations
 * alone; what is refused names file, line and column. */

#include "feed/daily.h"
#include "feed/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_observations(struct feed *feed)
{
    struct feed_item item;
    struct err err = {0};
    bool more;

    while (feed_next(feed, &item, &more, &err) && more) {
        const struct json *least = json_get(&item.flat, "count_min");

        assert(strcmp(item.kind, "incident.observe") == 0 && !item.incident.len);
        assert(json_get(&item.flat, "at") && json_get(&item.flat, "place_name"));
        assert(!least || json_get_integer(&item.flat, "count_max", INT64_MAX) >= least->integer);
        assert(least || !json_get(&item.flat, "count_max"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct remarks quiet = {0};
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    size_t count;

    if (daily_open(&feed, "f.csv", span_make(data, size), &quiet, &arena, &err)) {
        check_feed(&feed, &count, &arena);
        check_observations(&feed);
        feed_close(&feed);
    } else {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(strstr(err.text, "f.csv: line ") && strstr(err.text, ", column "));
    }
    arena_free(&arena);
    return 0;
}
