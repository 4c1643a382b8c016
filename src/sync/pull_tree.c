#include "sync/pull_tree.h"

#include "journal/log_reader.h"

#include <stdlib.h>

struct pull_tree {
    const struct source *source;
    struct edge own, right; /* `right` is the target's */
    struct hash root;
    /* On each level the full tile that was asked for last, proven. */
    struct {
        bool there;
        uint64_t index;
        struct hash hash[TILE_WIDTH];
    } full[EDGE_LEVELS];
    struct arena arena; /* of the last entries */
    struct span last[TILE_WIDTH];
};

/* Hashes (entries) on a level that stand before the tile (bundle) which is not full. */
static uint64_t count_at(const struct edge *edge, unsigned level)
{
    return edge->size >> 8 * level;
}

static struct tile partial_at(const struct edge *edge, unsigned level)
{
    uint64_t count = count_at(edge, level);

    return (struct tile){level, count / TILE_WIDTH, count % TILE_WIDTH};
}

/* What the source gives. */

/* A partial tile that has become full since may stand there as the full one alone. */
static bool get_tile(const struct source *source, struct tile *tile, size_t limit, struct span *out,
                     struct arena *arena, struct err *err)
{
    char path[TILE_PATH];
    struct err gone;

    tile_path(path, *tile);
    if (source_get(source, path, limit, out, arena, err))
        return true;
    if (err->kind != ERR_MISSING || tile->width == TILE_WIDTH)
        return false;
    tile_path(path, (struct tile){tile->level, tile->index, TILE_WIDTH});
    if (!source_get(source, path, limit, out, arena, &gone))
        return false;
    tile->width = TILE_WIDTH;
    return true;
}

static bool malformed(const struct source *source, struct tile tile, struct err *err,
                      const char *what)
{
    char path[TILE_PATH];

    tile_path(path, tile);
    return err_set(err, ERR_MALFORMED, "%s: %s: %s", source->name, path, what);
}

static bool get_hashes(const struct source *source, struct tile tile, struct hash out[TILE_WIDTH],
                       struct err *err)
{
    struct tile given = tile;
    struct arena arena = {0};
    struct span bytes;

    bool ok = get_tile(source, &given, sizeof(struct hash) * TILE_WIDTH, &bytes, &arena, err);
    if (ok && bytes.len != given.width * sizeof(struct hash))
        ok = malformed(source, given, err, "it has not the length of its hashes");
    if (ok)
        memcpy(out, bytes.at, tile.width * sizeof *out);
    arena_free(&arena);
    return ok;
}

static bool get_entries(const struct source *source, struct tile tile,
                        struct span entry[TILE_WIDTH], struct hash leaf[TILE_WIDTH],
                        struct arena *arena, struct err *err)
{
    struct tile given = tile;
    struct span rest;

    if (!get_tile(source, &given, LOG_BUNDLE_BYTES, &rest, arena, err))
        return false;
    for (unsigned i = 0; i < tile.width; i++) {
        if (!tile_bundle_next(&rest, &entry[i]))
            return malformed(source, given, err, "it ends before its last entry");
        leaf[i] = merkle_leaf(entry[i]);
    }
    return given.width != tile.width || rest.len == 0 ||
           malformed(source, given, err, "it goes on behind its last entry");
}

/* The right edge. */

/* On levels where the target has no more hashes than we do, our own will do if they have the
 * root; if they have not, the source may have shown something false, or another log. */
static bool get_right_edge(struct pull_tree *tree, bool alone, struct err *err)
{
    bool ok = true;

    for (unsigned level = 1; ok && level < EDGE_LEVELS; level++) {
        struct tile tile = partial_at(&tree->right, level);

        if (tile.width == 0)
            continue;
        if (!alone && count_at(&tree->own, level) == count_at(&tree->right, level))
            memcpy(tree->right.hash[level], tree->own.hash[level], sizeof tree->right.hash[level]);
        else
            ok = get_hashes(tree->source, tile, tree->right.hash[level], err);
    }
    return ok;
}

static bool has_root(const struct pull_tree *tree)
{
    return hash_equal(edge_root(&tree->right), tree->root);
}

static bool prove_right_edge(struct pull_tree *tree, struct err *err)
{
    struct tile last = partial_at(&tree->right, 0);

    last.level = TILE_ENTRIES;
    if (last.width > 0 &&
        !get_entries(tree->source, last, tree->last, tree->right.hash[0], &tree->arena, err))
        return false;
    if (!get_right_edge(tree, false, err))
        return false;
    if (has_root(tree))
        return true;
    return get_right_edge(tree, true, err) &&
           (has_root(tree) ||
            err_set(err, ERR_MALFORMED, "%s: its hashes have not the root of the checkpoint",
                    tree->source->name));
}

/* Any hash. */

/* Hash number `index` of a level, which is proven. */
static bool get_hash(struct pull_tree *tree, unsigned level, uint64_t index, struct hash *out,
                     struct err *err);

static bool load_full(struct pull_tree *tree, unsigned level, uint64_t index, struct err *err)
{
    struct tile tile = {level, index, TILE_WIDTH};
    struct hash above;

    tree->full[level].there = false;
    tree->full[level].index = index;
    if (!get_hash(tree, level + 1, index, &above, err) ||
        !get_hashes(tree->source, tile, tree->full[level].hash, err))
        return false;
    if (!hash_equal(edge_tile_root(tree->full[level].hash), above))
        return malformed(tree->source, tile, err, "it is not the one that the tile above names");
    tree->full[level].there = true;
    return true;
}

/* Ends at the top, for there the tile of the edge is the only one. */
static bool get_hash(struct pull_tree *tree, unsigned level, uint64_t index, struct hash *out,
                     struct err *err)
{
    uint64_t tile = index / TILE_WIDTH;

    assert(level < EDGE_LEVELS && index < count_at(&tree->right, level));
    if (tile == partial_at(&tree->right, level).index) {
        *out = tree->right.hash[level][index % TILE_WIDTH];
        return true;
    }
    if ((!tree->full[level].there || tree->full[level].index != tile) &&
        !load_full(tree, level, tile, err))
        return false;
    *out = tree->full[level].hash[index % TILE_WIDTH];
    return true;
}

/* Our own log. */

/* What is proven by the signed root contradicts what another has proven. */
static bool split(const struct pull_tree *tree, struct err *err)
{
    return err_set(err, ERR_CONFLICT,
                   "the checkpoint of %" PRIu64 " entries does not extend the %" PRIu64
                   " that are here: the log's key has signed two histories",
                   tree->right.size, tree->own.size);
}

/* Of the leaves only those of the target's last tile are known yet; else see pull_tree_bundle. */
bool pull_tree_extends(struct pull_tree *tree, struct err *err)
{
    struct hash shown;

    for (unsigned level = EDGE_LEVELS - 1; level > 0; level--) {
        struct tile own = partial_at(&tree->own, level);

        for (unsigned i = 0; i < own.width; i++) {
            if (!get_hash(tree, level, own.index * TILE_WIDTH + i, &shown, err))
                return false;
            if (!hash_equal(shown, tree->own.hash[level][i]))
                return split(tree, err);
        }
    }
    struct tile own = partial_at(&tree->own, 0);
    return own.index != partial_at(&tree->right, 0).index ||
           memcmp(tree->right.hash[0], tree->own.hash[0], own.width * sizeof shown) == 0 ||
           split(tree, err);
}

bool pull_tree_open(struct pull_tree **out, const struct source *source, const struct edge *own,
                    const struct checkpoint *target, struct err *err)
{
    struct pull_tree *tree = calloc(1, sizeof *tree);

    if (!tree)
        abort();
    assert(own->size < target->size);
    tree->source = source;
    tree->own = *own;
    tree->right.size = target->size;
    tree->root = target->root;
    if (!prove_right_edge(tree, err)) {
        pull_tree_close(tree);
        return false;
    }
    *out = tree;
    return true;
}

/* A merkle_lookup: of a subtree that a tile's hashes make up. */
static bool subtree(void *context, unsigned level, uint64_t index, struct hash *out,
                    struct err *err)
{
    struct pull_tree *tree = context;
    unsigned within = level % 8, count = 1u << within;
    struct hash hash[TILE_WIDTH];

    for (unsigned i = 0; i < count; i++)
        if (!get_hash(tree, level / 8, (index << within) + i, &hash[i], err))
            return false;
    for (; count > 1; count /= 2)
        for (unsigned i = 0; i < count / 2; i++)
            hash[i] = merkle_node(&hash[2 * i], &hash[2 * i + 1]);
    *out = hash[0];
    return true;
}

bool pull_tree_prove(struct pull_tree *tree, struct hash *out_root, struct merkle_proof *out_path,
                     struct err *err)
{
    struct merkle first;

    if (!merkle_load(&first, tree->own.size, subtree, tree, err) ||
        !merkle_prove_consistency(out_path, tree->own.size, tree->right.size, subtree, tree, err))
        return false;
    *out_root = merkle_root(&first);
    return true;
}

void pull_tree_close(struct pull_tree *tree)
{
    if (!tree)
        return;
    arena_free(&tree->arena);
    free(tree);
}

bool pull_tree_bundle(struct pull_tree *tree, uint64_t index, struct span entry[TILE_WIDTH],
                      struct arena *arena, struct err *err)
{
    struct tile tile = {TILE_ENTRIES, index, TILE_WIDTH}, own = partial_at(&tree->own, 0);
    struct hash leaf[TILE_WIDTH], proven;

    assert(index >= own.index);
    if (!get_hash(tree, 1, index, &proven, err) ||
        !get_entries(tree->source, tile, entry, leaf, arena, err))
        return false;
    if (!hash_equal(edge_tile_root(leaf), proven))
        return malformed(tree->source, tile, err, "these are not the entries that the log holds");
    return index > own.index || memcmp(leaf, tree->own.hash[0], own.width * sizeof *leaf) == 0 ||
           split(tree, err);
}

const struct span *pull_tree_last(const struct pull_tree *tree)
{
    return tree->last;
}
