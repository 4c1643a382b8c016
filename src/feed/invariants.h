#pragma once

/*
 * For tests and fuzzers: what holds of every feed that was opened, whatever was in it. Walks
 * through its items twice and asserts that
 *
 *   - each has the shape of its kind, its incident and what it supersedes put in;
 *   - kind and external id name it alone, and the id begins with the feed's name;
 *   - what it names has come before it, and nothing is superseded twice;
 *   - no range runs backwards and no time ends before it began;
 *   - the second walk gives the same items.
 */

#include "feed/feed.h"
#include "feed/keys.h"
#include "record/kind.h"

#define INVARIANT_ID "00000000000000000000000000000000000000000000000000000000000000ff"

static inline struct span invariant_name(const char *kind, struct span external_id,
                                         struct arena *arena)
{
    return span_of(arena_printf(arena, "%s %.*s", kind, SPAN_ARG(external_id)));
}

static inline void check_times(const struct json *flat)
{
    const struct json *start = json_get(flat, "start"), *end = json_get(flat, "end");

    if (!end)
        return;
    assert(start);
    assert(json_get_integer(end, "at_ms", 0) + json_get_integer(end, "uncertainty_ms", 0) >=
           json_get_integer(start, "at_ms", 0) - json_get_integer(start, "uncertainty_ms", 0));
}

static inline void check_item(const struct feed *feed, const struct feed_item *item,
                              struct arena *arena)
{
    const struct kind *kind = kind_find(span_of(item->kind), 1);
    struct kind_fields fields;
    struct json flat = json_object();
    struct err err = {0};

    assert(kind && item->line > 0 && item->file);
    for (size_t i = 0; i < item->flat.object.count; i++)
        json_set(&flat, arena_text(arena, item->flat.object.at[i].key),
                 item->flat.object.at[i].value, arena);
    if (item->incident.len)
        json_set(&flat, "incident", json_text(INVARIANT_ID), arena);
    if (item->supersedes.len)
        json_set(&flat, "supersedes", json_text(INVARIANT_ID), arena);
    bool fits = kind_split(kind, &flat, TIER_PUBLIC, &fields, arena, &err);
    assert(fits);
    struct span prefix = span_of(arena_printf(arena, "%s/", feed->source));
    assert(span_starts_with(item->external_id, prefix));
    assert(span_equal(json_get(&flat, "external_id")->string, item->external_id));
    assert(json_get_integer(&flat, "min", 0) <= json_get_integer(&flat, "max", INT64_MAX));
    check_times(&flat);
}

/* All items as text, a line each. */
static inline struct span check_walk(struct feed *feed, size_t *out_count, struct arena *arena)
{
    struct buf text = buf_in(arena, SIZE_MAX);
    struct feed_item item;
    struct err err = {0};
    bool more = true;

    *out_count = 0;
    for (;;) {
        bool ok = feed_next(feed, &item, &more, &err);
        assert(ok); /* all of it was checked when it was opened */
        if (!more)
            return buf_span(&text);
        check_item(feed, &item, arena);
        (*out_count)++;
        buf_printf(&text, "%s %.*s", item.kind, SPAN_ARG(item.external_id));
        if (item.incident.len)
            buf_printf(&text, " in %.*s", SPAN_ARG(item.incident));
        if (item.supersedes.len)
            buf_printf(&text, " supersedes %.*s", SPAN_ARG(item.supersedes));
        buf_byte(&text, ' ');
        json_encode(&text, &item.flat);
        buf_byte(&text, '\n');
    }
}

static inline void check_names(struct feed *feed, struct arena *arena)
{
    struct keys items = {0}, revisions = {0};
    struct csv_cell twice, first;
    struct feed_item item;
    struct err err = {0};
    bool more = true;

    while (feed_next(feed, &item, &more, &err) && more) {
        struct csv_cell cell = {.text = invariant_name(item.kind, item.external_id, arena)};

        keys_add(&items, cell, items.count, arena);
        if (item.supersedes.len) {
            cell.text = invariant_name(item.kind, item.supersedes, arena);
            keys_add(&revisions, cell, items.count - 1, arena);
        }
    }
    assert(keys_sort(&items, &twice, &first) && keys_sort(&revisions, &twice, &first));
    feed_rewind(feed);
    for (size_t at = 0; feed_next(feed, &item, &more, &err) && more; at++) {
        struct span incident = invariant_name("incident.open", item.incident, arena);
        struct span before = invariant_name(item.kind, item.supersedes, arena);

        assert(!item.incident.len || keys_find(&items, incident)->row < at);
        assert(!item.supersedes.len || keys_find(&items, before)->row < at);
    }
}

static inline struct span check_feed(struct feed *feed, size_t *out_count, struct arena *arena)
{
    size_t again_count;
    struct span text = check_walk(feed, out_count, arena);

    feed_rewind(feed);
    check_names(feed, arena);
    feed_rewind(feed);
    struct span again = check_walk(feed, &again_count, arena);
    assert(*out_count == again_count && span_equal(text, again));
    feed_rewind(feed);
    return text;
}
