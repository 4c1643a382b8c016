#include "journal/log_reader.h"

#include <stdlib.h>

#define LEVELS_OF_TILE 8u /* of the tree, between one level of tiles and the next */
#define SLOTS 64u         /* tiles kept: half a megabyte, and a proof needs fewer than 8 */

struct slot {
    struct tile tile; /* width 0: empty */
    struct hash hash[TILE_WIDTH];
};

struct log_reader {
    struct disk *disk;
    uint64_t size;
    struct slot slot[SLOTS];
    struct arena bundle_arena; /* holds the last bundle read */
    struct tile bundle;        /* width 0: none */
    struct span entry[TILE_WIDTH];
};

bool log_reader_open(struct log_reader **out, struct disk *disk, uint64_t size, struct err *err)
{
    if (size > LIMIT_TREE_SIZE)
        return err_set(err, ERR_LIMIT, "a log of %" PRIu64 " entries", size);
    struct log_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    reader->disk = disk;
    reader->size = size;
    *out = reader;
    return true;
}

void log_reader_close(struct log_reader *reader)
{
    if (!reader)
        return;
    arena_free(&reader->bundle_arena);
    free(reader);
}

void log_reader_resize(struct log_reader *reader, uint64_t size)
{
    assert(size >= reader->size && size <= LIMIT_TREE_SIZE);
    reader->size = size;
}

uint64_t log_reader_size(const struct log_reader *reader)
{
    return reader->size;
}

bool log_reader_checkpoint(struct disk *disk, struct span *out, struct arena *arena,
                           struct err *err)
{
    return disk_read(disk, LOG_CHECKPOINT, LIMIT_CHECKPOINT_BYTES, out, arena, err);
}

void log_tile_path(char *out, struct tile tile)
{
    memcpy(out, "log/", 4);
    tile_path(out + 4, tile);
}

static bool read_tile(struct disk *disk, struct tile tile, size_t limit, struct span *out,
                      struct arena *arena, struct err *err)
{
    char path[LOG_PATH];

    log_tile_path(path, tile);
    if (disk_read(disk, path, limit, out, arena, err))
        return true;
    if (err->kind != ERR_MISSING || tile.width == TILE_WIDTH)
        return false;
    /* A reader of an older size comes after the full tile has taken its place. */
    struct err missing = *err;
    tile.width = TILE_WIDTH;
    log_tile_path(path, tile);
    if (disk_read(disk, path, limit, out, arena, err))
        return true;
    *err = missing;
    return false;
}

bool log_read_hashes(struct disk *disk, struct tile tile, struct hash out[TILE_WIDTH],
                     struct arena *arena, struct err *err)
{
    struct span bytes;
    char path[LOG_PATH];

    assert(tile.level < TILE_ENTRIES);
    if (!read_tile(disk, tile, sizeof(struct hash) * TILE_WIDTH, &bytes, arena, err))
        return false;
    size_t want = tile.width * sizeof(struct hash);
    log_tile_path(path, tile);
    if (bytes.len != want && bytes.len != TILE_WIDTH * sizeof(struct hash))
        return err_set(err, ERR_CONFLICT, "%s has %zu bytes, not %zu", path, bytes.len, want);
    memcpy(out, bytes.at, want);
    return true;
}

bool log_read_bundle(struct disk *disk, struct tile tile, struct span *out, struct arena *arena,
                     struct err *err)
{
    assert(tile.level == TILE_ENTRIES);
    return read_tile(disk, tile, LOG_BUNDLE_BYTES, out, arena, err);
}

/* Tiles. */

static bool load_tile(struct log_reader *reader, struct tile tile, const struct slot **out,
                      struct err *err)
{
    struct slot *slot = &reader->slot[(tile.index * LEVELS_OF_TILE + tile.level) % SLOTS];
    struct arena arena = {0};
    bool ok = true;

    if (slot->tile.level != tile.level || slot->tile.index != tile.index ||
        slot->tile.width < tile.width) {
        slot->tile.width = 0;
        ok = log_read_hashes(reader->disk, tile, slot->hash, &arena, err);
        if (ok)
            slot->tile = tile;
        arena_free(&arena);
    }
    *out = slot;
    return ok;
}

static struct hash fold(const struct hash *hash, size_t count)
{
    if (count == 1)
        return hash[0];
    struct hash left = fold(hash, count / 2);
    struct hash right = fold(hash + count / 2, count / 2);
    return merkle_node(&left, &right);
}

bool log_reader_hash(void *context, unsigned level, uint64_t index, struct hash *out,
                     struct err *err)
{
    struct log_reader *reader = context;
    size_t count = (size_t)1 << level % LEVELS_OF_TILE; /* hashes of the tile below this one */
    struct tile tile = {.level = level / LEVELS_OF_TILE};
    const struct slot *slot;

    assert(level < 64 && (index + 1) << level <= reader->size);
    uint64_t first = index * count;
    tile.index = first / TILE_WIDTH;
    tile.width = tile_width_at(tile.level, tile.index, reader->size);
    if (!load_tile(reader, tile, &slot, err))
        return err_wrap(err, "hash %" PRIu64 " of level %u", index, level);
    *out = fold(&slot->hash[first % TILE_WIDTH], count);
    return true;
}

/* Entries. */

static bool load_bundle(struct log_reader *reader, struct tile tile, struct err *err)
{
    struct span rest;
    char path[LOG_PATH];

    reader->bundle.width = 0;
    arena_reset(&reader->bundle_arena);
    if (!log_read_bundle(reader->disk, tile, &rest, &reader->bundle_arena, err))
        return false;
    log_tile_path(path, tile);
    for (unsigned i = 0; i < tile.width; i++) {
        if (!tile_bundle_next(&rest, &reader->entry[i]))
            return err_set(err, ERR_CONFLICT, "%s is cut short in entry %u of it", path, i);
    }
    reader->bundle = tile;
    return true;
}

bool log_reader_entry(struct log_reader *reader, uint64_t index, struct span *out, struct err *err)
{
    struct tile tile = {.level = TILE_ENTRIES, .index = index / TILE_WIDTH};
    unsigned place = index % TILE_WIDTH;

    assert(index < reader->size);
    tile.width = tile_width_at(tile.level, tile.index, reader->size);
    if ((reader->bundle.index != tile.index || reader->bundle.width <= place) &&
        !load_bundle(reader, tile, err))
        return err_wrap(err, "entry %" PRIu64, index);
    *out = reader->entry[place];
    return true;
}
