#include "sync/pull_parts.h"

#include "codec/hex.h"
#include "journal/log_reader.h"
#include "record/kind.h"
#include "record/record.h"
#include "sync/pull.h"
#include "sys/clock.h"

#include <stdio.h>

/* Of one call: as much as a few hours of work bring, and no more than a disk takes in a
 * minute. */
#define BYTES_MOST (UINT64_C(1) << 30)
/* Requests in vain: a second or two of a near source's time. */
#define FAILED_MOST 256u
/* Whoever gives parts slowly or not at all must not keep the entries from coming. */
#define LOST_MOST_NS UINT64_C(5000000000)
#define SPENT_MOST_NS UINT64_C(30000000000)
/* Entries that one call to pull_parts looks at. */
#define ENTRIES_MOST 65536u

/* Whether it is here now. The bytes must have the hash that the record names: whether they open
 * the commitment is for those to see who read them. */
static bool fetch(struct pull_parts *parts, struct follow *follow, const struct hash *stored,
                  bool *out_came, struct err *err)
{
    char hex[2 * HASH_BYTES + 1], path[sizeof hex + 8];
    struct arena arena = {0};
    struct span bytes;
    struct err none;

    hex_text(hex, hash_span(stored));
    snprintf(path, sizeof path, "parts/%s", hex);
    uint64_t start = clock_ticks_ns();
    *out_came = source_get(parts->source, path, LIMIT_PART_BYTES, &bytes, &arena, &none) &&
                hash_equal(hash_of(bytes), *stored);
    bool ok = !*out_came || follow_part(follow, bytes, err);
    parts->came += *out_came;
    parts->bytes += *out_came ? bytes.len : 0;
    parts->failed += !*out_came;
    uint64_t took_ns = clock_ticks_ns() - start;
    parts->spent_ns += took_ns;
    parts->lost_ns += *out_came ? 0 : took_ns;
    parts->exhausted = parts->bytes >= BYTES_MOST || parts->failed >= FAILED_MOST ||
                       parts->spent_ns >= SPENT_MOST_NS || parts->lost_ns >= LOST_MOST_NS;
    arena_free(&arena);
    return ok;
}

static bool take_part(struct pull_parts *parts, struct follow *follow, const struct part *part,
                      struct err *err)
{
    struct hash stored;
    bool came = false;
    bool is_hash = hex_parse(stored.bytes, sizeof stored.bytes, part->stored);

    assert(is_hash); /* of the shape of parts */
    if (parts_have(parts->have, &stored))
        return true;
    bool ok = parts->exhausted || fetch(parts, follow, &stored, &came, err);
    parts->owed += !came;
    return ok;
}

bool pull_parts_of(struct pull_parts *parts, struct follow *follow, struct span entry,
                   struct err *err)
{
    static const char word[] = "\"parts\":[";
    struct arena arena = {0};
    struct record record;
    struct part part;
    struct err none;
    bool ok = true;

    if (!memmem(entry.at, entry.len, word, sizeof word - 1))
        return true;
    bool names = record_parse(&record, entry, &arena, &none) && parts_check(record.body, &none);
    for (size_t n = 0; ok && names && part_at(record.body, n, &part); n++)
        ok = take_part(parts, follow, &part, err);
    arena_free(&arena);
    return ok;
}

/* Late ones. */

/* One that the bounds fell in is looked at again by the next call, if this one got so far as to
 * have seen another. */
static bool take_late(struct pull_parts *parts, struct follow *follow, struct log_reader *reader,
                      uint64_t *next, struct err *err)
{
    uint64_t size = log_reader_size(reader);
    uint64_t end = size < *next + ENTRIES_MOST ? size : *next + ENTRIES_MOST;
    uint64_t first = *next, owed = 0;
    struct span entry;
    bool ok = true;

    for (; ok && *next < end && !parts->exhausted; ++*next) {
        owed = parts->owed;
        ok = log_reader_entry(reader, *next, &entry, err) &&
             pull_parts_of(parts, follow, entry, err);
    }
    if (parts->exhausted && *next > first + 1) {
        --*next;
        parts->owed = owed;
    }
    return ok;
}

static bool run(struct pull_parts *parts, uint64_t *next, struct journal *journal, struct err *err)
{
    struct log_reader *reader;
    struct follow *follow;

    if (!follow_begin_parts(&follow, journal, err))
        return false;
    if (!log_reader_open(&reader, journal_disk(journal), follow_target(follow)->size, err)) {
        follow_abandon(follow);
        return false;
    }
    bool ok = take_late(parts, follow, reader, next, err);
    log_reader_close(reader);
    if (ok)
        return follow_end(follow, err);
    follow_abandon(follow);
    return false;
}

bool pull_parts(struct pull_result *out, uint64_t *out_next, struct journal *journal,
                const struct source *source, uint64_t from, struct err *err)
{
    struct pull_parts parts = {.have = journal_parts(journal), .source = source};
    uint64_t next = from;

    if (!run(&parts, &next, journal, err))
        return err_wrap(err, "pull parts");
    *out = (struct pull_result){.parts = parts.came, .owed = parts.owed};
    *out_next = next;
    return true;
}
