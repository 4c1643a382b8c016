/* GeoJSON by a mapping. What is opened keeps the invariants of feeds; what is refused names file,
 * line and column. Up to a NUL the input is the mapping, if there is one, else one that fits. */

#include "feed/geojson.h"
#include "feed/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char usual[] =
    "name='x'\nclaimant='C'\nside='S'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n"
    "[position]\nuncertainty_m=100\n[property]\nid='id'\nstart='day'\nend='until'\nplace='place'\n"
    "uncertainty_m='acc'\n[[figure]]\nproperty='dead'\nmatter='killed'\nsubject='all'\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct remarks quiet = {0};
    struct span text = span_make(data, size), mapping = span_of(usual), own;
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    size_t count;

    if (span_cut(&text, 0, &own))
        mapping = own;
    if (geojson_open(&feed, "f.json", text, "m.toml", mapping, &quiet, &arena, &err)) {
        check_feed(&feed, &count, &arena);
        feed_close(&feed);
    } else {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(strstr(err.text, "m.toml: ") ||
               (strstr(err.text, "f.json: line ") && strstr(err.text, ", column ")));
    }
    arena_free(&arena);
    return 0;
}
