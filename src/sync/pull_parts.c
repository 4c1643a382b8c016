#include "sync/pull_parts.h"

#include "base/limits.h"
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

/* A large one comes in pieces, so that a line that breaks off, or is slow, gets on with it: what
 * has come waits beside the uploads, not synced, for in the end its hash tells. */
#define PIECE_BYTES ((size_t)128 << 10)
#define PIECE_TRIES 3u

struct fetching {
    struct pull_parts *parts;
    char path[sizeof "parts/" + 2 * HASH_BYTES];
    char waits[sizeof "upload/.pull" + 2 * HASH_BYTES];
    uint64_t start_ns;
    bool got_on; /* a piece has come */
};

static bool get_piece(struct fetching *f, uint64_t from, struct span *out, struct arena *arena)
{
    struct err none;
    bool ok = false;

    /* Who does not give the first is asked another time. */
    for (unsigned i = 0; !ok && i < (from > 0 ? PIECE_TRIES : 1); i++) {
        ok = source_get_piece(f->parts->source, f->path, from, PIECE_BYTES, out, arena, &none);
        if (!ok && none.kind != ERR_IO) /* an answer, and no */
            break;
    }
    return ok;
}

static bool put_piece(struct fetching *f, struct span piece)
{
    struct disk_file *file;
    struct err none;

    if (!disk_append_open(f->parts->disk, f->waits, &file, &none))
        return false;
    bool ok = disk_append(file, piece, &none);
    disk_append_close(file);
    return ok;
}

/* All that waits. */
static bool take_pieces(struct fetching *f, struct span *out, struct arena *arena)
{
    struct err none;
    bool ok = disk_read(f->parts->disk, f->waits, LIMIT_PART_BYTES, out, arena, &none);

    return disk_remove(f->parts->disk, f->waits, &none) && ok;
}

static bool get_in_pieces(struct fetching *f, struct span *out, struct arena *arena)
{
    struct arena scratch = {0};
    struct span piece = {0};
    struct err none;
    uint64_t at = 0;
    bool ok = true, last = false;

    if (!disk_size(f->parts->disk, f->waits, &at, &none))
        at = 0;
    while (ok && !last) {
        arena_reset(&scratch);
        ok = get_piece(f, at, &piece, &scratch);
        last = ok && piece.len < PIECE_BYTES;
        if (ok && last && at == 0) { /* the most are small */
            *out = arena_copy(arena, piece);
            arena_free(&scratch);
            return true;
        }
        ok = ok && at + piece.len <= LIMIT_PART_BYTES && put_piece(f, piece);
        f->got_on = f->got_on || (ok && piece.len > 0);
        at += ok ? piece.len : 0;
        uint64_t spent_ns = f->parts->spent_ns + clock_ticks_ns() - f->start_ns;
        if (!last && spent_ns >= SPENT_MOST_NS)
            break; /* another time */
    }
    arena_free(&scratch);
    return last && ok && take_pieces(f, out, arena);
}

static bool get(struct fetching *f, struct span *out, struct arena *arena)
{
    struct err none;

    if (f->parts->source->get_piece)
        return get_in_pieces(f, out, arena);
    return source_get(f->parts->source, f->path, LIMIT_PART_BYTES, out, arena, &none);
}

/* Whether it is here now. The bytes must have the hash that the record names: whether they open
 * the commitment is for those to see who read them. */
static bool fetch(struct pull_parts *parts, struct follow *follow, const struct hash *stored,
                  bool *out_came, struct err *err)
{
    struct fetching f = {.parts = parts, .start_ns = clock_ticks_ns()};
    char hex[2 * HASH_BYTES + 1];
    struct arena arena = {0};
    struct span bytes;

    hex_text(hex, hash_span(stored));
    snprintf(f.path, sizeof f.path, "parts/%s", hex);
    snprintf(f.waits, sizeof f.waits, "upload/%s.pull", hex);
    *out_came = get(&f, &bytes, &arena) && hash_equal(hash_of(bytes), *stored);
    bool ok = !*out_came || follow_part(follow, bytes, err);
    bool in_vain = !*out_came && !f.got_on;
    parts->came += *out_came;
    parts->bytes += *out_came ? bytes.len : 0;
    parts->failed += in_vain;
    uint64_t took_ns = clock_ticks_ns() - f.start_ns;
    parts->spent_ns += took_ns;
    parts->lost_ns += in_vain ? took_ns : 0;
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
    if (parts_have(parts->have, &stored) || parts_erased(parts->have, &stored))
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
    struct pull_parts parts = {
        .have = journal_parts(journal), .source = source, .disk = journal_disk(journal)};
    uint64_t next = from;

    if (!run(&parts, &next, journal, err))
        return err_wrap(err, "pull parts");
    *out = (struct pull_result){.parts = parts.came, .owed = parts.owed};
    *out_next = next;
    return true;
}
