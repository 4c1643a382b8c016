#include "journal/edge.h"

#include "journal/log_reader.h"

#define BITS 8u /* levels of the tree between two levels of tiles */

static unsigned width_at(const struct edge *edge, unsigned level)
{
    return (unsigned)(edge->size >> BITS * level) % TILE_WIDTH;
}

static struct tile partial_at(const struct edge *edge, unsigned level)
{
    uint64_t count = edge->size >> BITS * level;

    return (struct tile){level, count / TILE_WIDTH, (unsigned)(count % TILE_WIDTH)};
}

bool edge_load(struct edge *out, struct disk *disk, uint64_t size, struct err *err)
{
    struct arena arena = {0};
    bool ok = true;

    memset(out, 0, sizeof *out);
    out->size = size;
    for (unsigned level = 0; ok && level < EDGE_LEVELS; level++) {
        struct tile tile = partial_at(out, level);
        ok = tile.width == 0 || log_read_hashes(disk, tile, out->hash[level], &arena, err);
        arena_reset(&arena);
    }
    arena_free(&arena);
    return ok;
}

/* Of a complete subtree; `hash` is overwritten. */
static struct hash fold(struct hash *hash, size_t count)
{
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            hash[i] = merkle_node(&hash[2 * i], &hash[2 * i + 1]);
    return hash[0];
}

struct hash edge_tile_root(const struct hash hash[TILE_WIDTH])
{
    struct hash copy[TILE_WIDTH];

    memcpy(copy, hash, sizeof copy);
    return fold(copy, TILE_WIDTH);
}

bool edge_push(struct edge *edge, struct hash leaf, edge_sink *sink, void *context, struct err *err)
{
    struct hash hash = leaf;

    assert(edge->size < LIMIT_TREE_SIZE);
    for (unsigned level = 0; level < EDGE_LEVELS; level++) {
        struct tile tile = partial_at(edge, level);

        edge->hash[level][tile.width++] = hash;
        if (tile.width < TILE_WIDTH)
            break;
        if (!sink(context, tile, edge->hash[level], err))
            return false;
        hash = fold(edge->hash[level], TILE_WIDTH);
    }
    edge->size++;
    return true;
}

bool edge_flush(const struct edge *edge, edge_sink *sink, void *context, struct err *err)
{
    for (unsigned level = 0; level < EDGE_LEVELS; level++) {
        struct tile tile = partial_at(edge, level);
        if (tile.width > 0 && !sink(context, tile, edge->hash[level], err))
            return false;
    }
    return true;
}

void edge_align(struct edge *edge)
{
    edge->size -= width_at(edge, 0);
}

struct hash edge_root(const struct edge *edge)
{
    struct merkle tree = {.size = edge->size};
    struct hash part[TILE_WIDTH];

    for (unsigned level = 0; level < EDGE_LEVELS; level++) {
        unsigned width = width_at(edge, level);
        unsigned start = 0;
        for (unsigned bit = BITS; bit-- > 0;) {
            if (!(width >> bit & 1))
                continue;
            memcpy(part, &edge->hash[level][start], sizeof(struct hash) << bit);
            tree.peak[BITS * level + bit] = fold(part, (size_t)1 << bit);
            start += 1u << bit;
        }
    }
    return merkle_root(&tree);
}
