/* News. What is opened keeps the invariants of feeds, and opens no incident; mending what was
 * mended ends with what is UTF-8 and no longer than it was; what is refused names file, line and
 * column. */

#include "codec/utf8.h"
#include "feed/invariants.h"
#include "feed/mend.h"
#include "feed/news.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char mapping[] =
    "name='x'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[property]\nid='id'\ntext='text'\n"
    "headline='title'\npublisher='by'\npublished='date'\nlanguage='lang'\nurl='url'\n"
    "claimant='who'\nside='side'\nmatter='matter'\nsubject='of'\n";

static void check_mended(struct span text, struct arena *arena)
{
    struct mended once;

    if (!utf8_valid(text))
        return;
    once = mend_text(text, arena);
    assert(utf8_valid(once.text) && once.text.len <= 2 * text.len);
    assert(mend_changed(&once) || span_equal(once.text, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct remarks quiet = {0};
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    struct feed_item item;
    bool more = true;
    size_t count;

    check_mended(text, &arena);
    if (news_open(&feed, "f.json", text, "m.toml", span_of(mapping), &quiet, &arena, &err)) {
        check_feed(&feed, &count, &arena);
        while (feed_next(&feed, &item, &more, &err) && more)
            assert(!item.incident.len && !item.supersedes.len);
        feed_close(&feed);
    } else {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(strstr(err.text, "f.json: line ") && strstr(err.text, ", column "));
    }
    arena_free(&arena);
    return 0;
}
