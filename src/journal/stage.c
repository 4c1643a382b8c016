#include "journal/stage.h"

#include "base/buf.h"
#include "base/reader.h"
#include "crypto/hash.h"

#include <stdio.h>
#include <stdlib.h>

#define MAGIC "SLHB"
#define DIRECTORY "stage" /* its sizeof counts the slash */

size_t stage_entry_bytes(struct span entry)
{
    return 2 + entry.len;
}

size_t stage_part_bytes(struct span part)
{
    return HASH_BYTES + 4 + part.len;
}

static size_t payload_bytes(const struct stage_batch *batch)
{
    size_t sum = 0;

    for (size_t i = 0; i < batch->entry_count; i++)
        sum += stage_entry_bytes(batch->entry[i]);
    for (size_t i = 0; i < batch->part_count; i++)
        sum += stage_part_bytes(batch->part[i]);
    return sum;
}

static void put_part(struct buf *buf, struct span part)
{
    struct hash stored = hash_of(part);

    buf_put(buf, hash_span(&stored));
    buf_u32be(buf, (uint32_t)part.len);
    buf_put(buf, part);
}

struct span stage_encode(const struct stage_batch *batch, struct arena *arena)
{
    size_t payload = payload_bytes(batch);
    struct buf buf = buf_in(arena, STAGE_HEADER_BYTES + payload + HASH_BYTES);

    assert(payload <= STAGE_PAYLOAD_BYTES);
    assert(batch->entry_count <= LIMIT_BATCH_RECORDS && batch->part_count <= STAGE_PARTS);
    assert(batch->first <= LIMIT_TREE_SIZE - batch->entry_count);

    buf_text(&buf, MAGIC);
    buf_u64be(&buf, batch->first);
    buf_u32be(&buf, (uint32_t)batch->entry_count);
    buf_u32be(&buf, (uint32_t)batch->part_count);
    buf_u32be(&buf, (uint32_t)payload);
    for (size_t i = 0; i < batch->entry_count; i++) {
        assert(batch->entry[i].len <= LIMIT_ENTRY_BYTES);
        buf_u16be(&buf, (uint16_t)batch->entry[i].len);
        buf_put(&buf, batch->entry[i]);
    }
    for (size_t i = 0; i < batch->part_count; i++)
        put_part(&buf, batch->part[i]);

    struct hash hash = hash_of(buf_span(&buf));
    buf_put(&buf, hash_span(&hash));
    assert(!buf.full);
    return buf_span(&buf);
}

struct header {
    uint64_t first;
    uint32_t entries, parts, payload;
};

/* Counts within their limits and within the bytes that the header itself announces, so
 * that no memory is asked for on the word of a torn block. */
static struct header read_header(struct reader *r)
{
    struct header h;

    reader_expect(r, MAGIC);
    h.first = reader_u64be(r);
    h.entries = reader_u32be(r);
    h.parts = reader_u32be(r);
    h.payload = reader_u32be(r);
    if (h.entries > LIMIT_BATCH_RECORDS || h.parts > STAGE_PARTS || h.payload > STAGE_PAYLOAD_BYTES)
        reader_fail(r, "larger than a batch may be");
    else if ((uint64_t)h.entries * stage_entry_bytes((struct span){0}) +
                 (uint64_t)h.parts * stage_part_bytes((struct span){0}) >
             h.payload)
        reader_fail(r, "more entries and parts than the payload can hold");
    else if (h.first > LIMIT_TREE_SIZE - h.entries)
        reader_fail(r, "an index past the limit");
    return h;
}

static struct span take_part(struct reader *r)
{
    struct span stored = reader_take(r, HASH_BYTES);
    struct span part = reader_take(r, reader_u32be(r));

    if (!reader_failed(r)) {
        struct hash hash = hash_of(part);
        if (!span_equal(stored, hash_span(&hash)))
            reader_fail(r, "a part that is not what its hash says");
    }
    return part;
}

/* The payload is exactly its entries and parts. */
static void read_payload(struct reader *r, const struct header *h, struct stage_batch *out,
                         struct arena *arena)
{
    struct span *entry = ARENA_ARRAY(arena, struct span, h->entries);
    struct span *part = ARENA_ARRAY(arena, struct span, h->parts);
    size_t end = reader_offset(r) + h->payload;

    for (size_t i = 0; i < h->entries; i++)
        entry[i] = reader_take(r, reader_u16be(r));
    for (size_t i = 0; i < h->parts; i++)
        part[i] = take_part(r);
    if (!reader_failed(r) && reader_offset(r) != end)
        reader_fail(r, "a payload of another length");
    *out = (struct stage_batch){h->first, entry, h->entries, part, h->parts};
}

static void check_hash(struct reader *r)
{
    struct hash want = hash_of(span_slice(r->in, 0, reader_offset(r)));
    struct span got = reader_take(r, HASH_BYTES);

    if (!reader_failed(r) && !span_equal(got, hash_span(&want)))
        reader_fail(r, "its hash is another");
}

bool stage_parse(struct stage_batch *out, size_t *out_len, struct span bytes, struct arena *arena,
                 struct err *err)
{
    struct reader r = reader_over(bytes);
    struct stage_batch batch = {0};
    struct header h = read_header(&r);

    if (!reader_failed(&r) && h.payload > reader_left(&r))
        reader_fail(&r, "cut short");
    if (!reader_failed(&r))
        read_payload(&r, &h, &batch, arena);
    if (!reader_failed(&r))
        check_hash(&r);
    if (reader_failed(&r))
        return err_set(err, ERR_MALFORMED, "staged batch: %s, at byte %zu", r.why,
                       reader_offset(&r));
    *out = batch;
    *out_len = reader_offset(&r);
    return true;
}

/* Files. */

struct stage {
    struct disk_file *file;
    uint64_t next; /* the index that the next batch begins with */
};

void stage_path(char out[STAGE_PATH], uint64_t first)
{
    assert(first <= LIMIT_TREE_SIZE);
    snprintf(out, STAGE_PATH, DIRECTORY "/%016" PRIu64, first);
}

bool stage_open(struct stage **out, struct disk *disk, uint64_t first, struct err *err)
{
    char path[STAGE_PATH];
    struct disk_file *file = NULL;

    stage_path(path, first);
    if (!disk_append_open(disk, path, &file, err) || !disk_sync_directory(disk, DIRECTORY, err)) {
        disk_append_close(file);
        return err_wrap(err, "open the stage");
    }

    struct stage *stage = malloc(sizeof *stage);
    if (!stage)
        abort();
    *stage = (struct stage){file, first};
    *out = stage;
    return true;
}

bool stage_write(struct stage *stage, const struct stage_batch *batch, struct arena *arena,
                 struct err *err)
{
    assert(batch->first == stage->next);
    if (!disk_append(stage->file, stage_encode(batch, arena), err) || !disk_sync(stage->file, err))
        return err_wrap(err, "stage %zu records from entry %" PRIu64 " on", batch->entry_count,
                        batch->first);
    stage->next += batch->entry_count;
    return true;
}

void stage_close(struct stage *stage)
{
    if (!stage)
        return;
    disk_append_close(stage->file);
    free(stage);
}

/* "stage/" and exactly 16 digits: the order of the names is that of the numbers. */
static bool parse_path(uint64_t *out, struct span path)
{
    char again[STAGE_PATH];
    uint64_t first = 0;

    if (path.len != sizeof DIRECTORY + 16)
        return false;
    for (size_t i = sizeof DIRECTORY; i < path.len; i++) {
        if (path.at[i] < '0' || path.at[i] > '9')
            return false;
        first = first * 10 + (path.at[i] - '0');
    }
    if (first > LIMIT_TREE_SIZE)
        return false;
    stage_path(again, first);
    *out = first;
    return span_is(path, again);
}

bool stage_list(struct disk *disk, struct stage_file **out, size_t *out_count, struct arena *arena,
                struct err *err)
{
    struct disk_entry *entry;
    size_t count;

    if (!disk_list(disk, DIRECTORY, &entry, &count, arena, err))
        return false;
    struct stage_file *file = ARENA_ARRAY(arena, struct stage_file, count);
    for (size_t i = 0; i < count; i++) {
        if (!entry[i].regular || !parse_path(&file[i].first, span_of(entry[i].path)))
            return err_set(err, ERR_CONFLICT, "%s is no file of the stage", entry[i].path);
        file[i].bytes = entry[i].size;
    }
    *out = file;
    *out_count = count;
    return true;
}

/* The header at `at`; *out_whole false where there is none. */
static bool peek(const struct stage_walk *walk, uint64_t at, struct header *out, bool *out_whole,
                 struct arena *arena, struct err *err)
{
    char path[STAGE_PATH];
    struct span bytes;

    *out_whole = false;
    if (walk->file.bytes - at < STAGE_HEADER_BYTES)
        return true;
    stage_path(path, walk->file.first);
    if (!disk_read_at(walk->disk, path, at, STAGE_HEADER_BYTES, &bytes, arena, err))
        return false;
    struct reader r = reader_over(bytes);
    *out = read_header(&r);
    *out_whole = !reader_failed(&r);
    return true;
}

static uint64_t batch_bytes(const struct header *h)
{
    return (uint64_t)STAGE_HEADER_BYTES + h->payload + HASH_BYTES;
}

/* A batch is written only after the one before was synced: one that the next follows was
 * whole once, and answered. That is damage, and no recovery may pass over it. */
static bool refuse_damage(const struct stage_walk *walk, const struct header *h,
                          struct arena *arena, struct err *err)
{
    struct header next;
    bool whole;
    char path[STAGE_PATH];

    if (!peek(walk, walk->at + batch_bytes(h), &next, &whole, arena, err))
        return false;
    stage_path(path, walk->file.first);
    return !whole || next.first != h->first + h->entries ||
           err_set(err, ERR_CONFLICT, "%s is damaged, at byte %" PRIu64, path, walk->at);
}

static bool take_batch(struct stage_walk *walk, const struct header *h, enum stage_next *out,
                       struct stage_batch *out_batch, struct arena *arena, struct err *err)
{
    char path[STAGE_PATH];
    struct span bytes;
    size_t len;
    struct err torn;

    stage_path(path, walk->file.first);
    if (!disk_read_at(walk->disk, path, walk->at, (size_t)batch_bytes(h), &bytes, arena, err))
        return false;
    if (!stage_parse(out_batch, &len, bytes, arena, &torn)) {
        *out = STAGE_TORN;
        return refuse_damage(walk, h, arena, err);
    }
    if (h->first != walk->file.first + walk->count)
        return err_set(err, ERR_CONFLICT,
                       "%s: a batch from entry %" PRIu64 " on where %" PRIu64 " must follow", path,
                       h->first, walk->file.first + walk->count);
    walk->at += len;
    walk->count += h->entries;
    *out = STAGE_BATCH;
    return true;
}

bool stage_walk_next(struct stage_walk *walk, enum stage_next *out, struct stage_batch *out_batch,
                     struct arena *arena, struct err *err)
{
    uint64_t left = walk->file.bytes - walk->at;
    struct header h;
    bool whole;

    if (!peek(walk, walk->at, &h, &whole, arena, err))
        return false;
    if (whole && batch_bytes(&h) <= left)
        return take_batch(walk, &h, out, out_batch, arena, err);
    *out = left == 0 ? STAGE_END : STAGE_TORN;
    return true;
}
