#include "journal/tile_writer.h"

#include "journal/log_reader.h"

#include <stdlib.h>

struct tile_writer {
    struct disk *disk;
    struct edge *edge;
    uint64_t from;      /* what is published */
    struct arena arena; /* of the bundle */
    struct buf bundle;  /* the entries of the tile of leaves that is not full */
};

static bool write_tile(struct disk *disk, struct tile tile, struct span bytes, struct err *err)
{
    char path[LOG_PATH];

    log_tile_path(path, tile);
    return disk_replace(disk, path, bytes, false, err);
}

/* What is published stays untouched: written anew, a crash before the sync could tear it. */
static bool is_published(const struct tile_writer *writer, struct tile tile)
{
    return tile_width_at(tile.level, tile.index, writer->from) == tile.width;
}

static bool write_hashes(void *context, struct tile tile, const struct hash *hash, struct err *err)
{
    struct tile_writer *writer = context;

    return is_published(writer, tile) ||
           write_tile(writer->disk, tile, span_make(hash, tile.width * sizeof *hash), err);
}

static void empty_bundle(struct tile_writer *writer)
{
    arena_reset(&writer->arena);
    writer->bundle = buf_in(&writer->arena, LOG_BUNDLE_BYTES);
}

static struct tile bundle_at(const struct edge *edge)
{
    return (struct tile){TILE_ENTRIES, edge->size / TILE_WIDTH, edge->size % TILE_WIDTH};
}

/* Exactly the entries that are published: the file may be the full one of a later size
 * that was never signed. */
static bool load_bundle(struct tile_writer *writer, struct err *err)
{
    struct tile tile = bundle_at(writer->edge);
    struct arena arena = {0};
    struct span rest, entry;
    bool ok = tile.width == 0 || log_read_bundle(writer->disk, tile, &rest, &arena, err);

    for (unsigned i = 0; ok && i < tile.width; i++) {
        ok = tile_bundle_next(&rest, &entry) ||
             err_set(err, ERR_CONFLICT, "the last bundle of entries is cut short");
        if (ok)
            tile_bundle_put(&writer->bundle, entry);
    }
    arena_free(&arena);
    return ok;
}

bool tile_writer_open(struct tile_writer **out, struct disk *disk, struct edge *edge,
                      struct err *err)
{
    struct tile_writer *writer = calloc(1, sizeof *writer);

    if (!writer)
        abort();
    writer->disk = disk;
    writer->edge = edge;
    writer->from = edge->size;
    empty_bundle(writer);
    if (!load_bundle(writer, err)) {
        tile_writer_close(writer);
        return false;
    }
    *out = writer;
    return true;
}

bool tile_writer_add(struct tile_writer *writer, struct span entry, struct err *err)
{
    struct tile tile = bundle_at(writer->edge);

    tile_bundle_put(&writer->bundle, entry);
    if (++tile.width == TILE_WIDTH) {
        assert(!writer->bundle.full);
        if (!write_tile(writer->disk, tile, buf_span(&writer->bundle), err))
            return false;
        empty_bundle(writer);
    }
    return edge_push(writer->edge, merkle_leaf(entry), write_hashes, writer, err);
}

bool tile_writer_end(struct tile_writer *writer, struct err *err)
{
    struct tile tile = bundle_at(writer->edge);

    assert(!writer->bundle.full);
    return (tile.width == 0 || is_published(writer, tile) ||
            write_tile(writer->disk, tile, buf_span(&writer->bundle), err)) &&
           edge_flush(writer->edge, write_hashes, writer, err);
}

void tile_writer_close(struct tile_writer *writer)
{
    if (!writer)
        return;
    arena_free(&writer->arena);
    free(writer);
}
