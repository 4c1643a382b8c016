/* Aircraft. What is opened keeps the invariants of feeds, and holds readings alone, each with a
 * time and a place; what is refused names file, line and column. How long it is says beside
 * which of the two features. */

#include "feed/adsb.h"
#include "feed/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char area[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"id\":\"line\",\"uncertainty_m\":1000},"
    "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[70,33],[70,35]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"id\":\"square\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[70,33.9],[70.2,33.9],[70.2,34.1],[70,34.1],[70,33.9]]]}}]}";

static void check_open(struct span text, const char *feature, struct arena *arena)
{
    const struct remarks quiet = {0};
    const char *mapping = arena_printf(
        arena,
        "name='rx'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[area]\nfile='a'\n"
        "feature='%s'\n[receiver]\nposition_m=500\n",
        feature);
    struct adsb_input input = {.file = "f.json",
                               .mapping_file = "m.toml",
                               .area_file = "a",
                               .text = text,
                               .mapping = span_of(mapping),
                               .area = span_of(area)};
    struct err err = {0};
    struct feed feed;
    struct feed_item item;
    bool more = true;
    size_t count;

    if (!adsb_open(&feed, &input, &quiet, arena, &err)) {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(strstr(err.text, "f.json: line ") && strstr(err.text, ", column "));
        return;
    }
    check_feed(&feed, &count, arena);
    while (feed_next(&feed, &item, &more, &err) && more)
        assert(json_get(&item.flat, "at") && json_get(&item.flat, "lat_e7"));
    feed_close(&feed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};

    check_open(span_make(data, size), size % 2 ? "line" : "square", &arena);
    arena_free(&arena);
    return 0;
}
