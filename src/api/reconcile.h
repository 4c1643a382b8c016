#pragma once

/*
 * Two ledgers laid beside each other: what two organisations reported, item by item, by the
 * signed links of `ledger.match`. A view, which decides nothing: how many events both have, with
 * one author or two, and which only one of them has. One may count shots and the other volleys;
 * so no total of one is ever set against a total of the other without this table between them.
 *
 * An organisation's ledger is its live reports and observations. A match holds on for what
 * replaced the item that it names.
 */

#include "codec/json.h"
#include "store/store.h"

struct reconcile_query {
    struct span left, right; /* organisations */
    struct span sector;      /* empty: any */
    bool has_time;
    int64_t from_ms, to_ms; /* items that began in [from_ms, to_ms); such as have no time are not
                               in it, and are counted */
    uint64_t as_of;         /* an entry, or STORE_LATEST */
};

struct reconcile_pair {
    struct span left, right; /* ids of live items */
    struct span result;      /* "same_author", "different_author" or "same_event" */
    bool observed;           /* a third organisation has an observation of the same event */
};

struct reconcile {
    struct reconcile_pair *pair; /* at least one of the two is within sector and time */
    size_t pairs;
    struct span *only_left, *only_right; /* items that nothing of the other is matched with */
    size_t only_left_count, only_right_count;
    int64_t same_author, different_author, author_open; /* pairs, by result */
    int64_t observed;                                   /* pairs that are */
    int64_t left, right;                                /* items within sector and time */
    int64_t undated; /* of both, in the sector, where a time is asked for */
};

/* All is in the arena; lists are in bytewise order of the ids. ERR_USAGE where left is right. */
MUST_CHECK bool reconcile_read(struct reconcile *out, struct store_reader *reader,
                               const struct reconcile_query *query, struct arena *arena,
                               struct err *err);
struct json reconcile_json(const struct reconcile *reconcile, const struct reconcile_query *query,
                           struct arena *arena);
