#include "journal/tile_check.h"

#define TELL_BUNDLES 64u

/* The first finding stays. Returns false, so that the walk ends. */
static bool find(struct tile_check *check, struct tile tile, const char *what)
{
    log_tile_path(check->path, tile);
    err_set(&check->why, ERR_CONFLICT, "%s", what);
    return false;
}

static bool find_entry(struct tile_check *check, struct tile tile, unsigned place, const char *what)
{
    check->has_entry = true;
    check->entry = tile.index * TILE_WIDTH + place;
    return find(check, tile, what);
}

/* The file itself: no other width may stand in for it. */
static bool read_file(struct tile_check *check, struct tile tile, struct span *out,
                      struct arena *arena, struct err *err)
{
    char path[LOG_PATH];

    log_tile_path(path, tile);
    if (disk_read(check->disk, path, LOG_BUNDLE_BYTES, out, arena, err))
        return true;
    if (err->kind == ERR_IO)
        return false;
    return find(check, tile, err->kind == ERR_MISSING ? "it is not there" : err->text);
}

/* What stands above a full tile of leaves, or of a partial one what the checkpoint says,
 * decides between the entries and their hashes. */
static bool entries_are_right(const struct tile_check *check, struct tile tile,
                              const struct hash *hash)
{
    struct edge edge = check->edge;
    struct hash above[TILE_WIDTH];
    struct arena arena = {0};
    struct err ignored;

    if (tile.width < TILE_WIDTH)
        return check->root && hash_equal(*check->root, edge_root(&edge));
    struct tile over = {1, tile.index / TILE_WIDTH, 0};
    unsigned place = tile.index % TILE_WIDTH;
    over.width = tile_width_at(over.level, over.index, check->size);
    bool ok = over.width > place && log_read_hashes(check->disk, over, above, &arena, &ignored);
    arena_free(&arena);
    return ok && hash_equal(above[place], edge_tile_root(hash));
}

static bool compare_leaves(struct tile_check *check, struct tile tile, const struct hash *hash,
                           unsigned place)
{
    struct tile bundle = {TILE_ENTRIES, tile.index, tile.width};

    if (entries_are_right(check, tile, hash))
        return find(check, tile, "it does not hold the hashes of its entries");
    return find_entry(check, bundle, place, "it is not the entry whose hash the log holds");
}

static bool compare_hashes(void *context, struct tile tile, const struct hash *hash,
                           struct err *err)
{
    struct tile_check *check = context;
    struct arena arena = {0};
    struct span bytes = {0};
    unsigned place = 0;

    bool ok = read_file(check, tile, &bytes, &arena, err);
    if (ok && bytes.len != tile.width * sizeof *hash)
        ok = find(check, tile, "it has not the length of its hashes");
    while (ok && place < tile.width &&
           memcmp(bytes.at + place * sizeof *hash, &hash[place], sizeof *hash) == 0)
        place++;
    if (ok && place < tile.width)
        ok = tile.level == 0 ? compare_leaves(check, tile, hash, place)
                             : find(check, tile, "it does not hold the hashes of the tiles below");
    arena_free(&arena);
    return ok;
}

/* An entry was taken out, or the end is gone: the hashes tell which. */
static bool find_short(struct tile_check *check, struct tile bundle, unsigned count)
{
    struct tile leaves = {0, bundle.index, bundle.width};
    struct hash want[TILE_WIDTH];
    struct arena arena = {0};
    struct err ignored;
    unsigned place = 0;

    if (log_read_hashes(check->disk, leaves, want, &arena, &ignored))
        while (place < count && hash_equal(want[place], check->edge.hash[0][place]))
            place++;
    arena_free(&arena);
    return place < count
               ? find_entry(check, bundle, place, "it is not the entry whose hash the log holds")
               : find_entry(check, bundle, count, "the bundle ends before or within it");
}

static bool check_bundle(struct tile_check *check, struct arena *arena, struct err *err)
{
    struct tile tile = {TILE_ENTRIES, check->edge.size / TILE_WIDTH, 0};
    struct span rest, entry;

    tile.width = tile_width_at(tile.level, tile.index, check->size);
    if (!read_file(check, tile, &rest, arena, err))
        return false;
    for (unsigned i = 0; i < tile.width; i++) {
        if (!tile_bundle_next(&rest, &entry))
            return find_short(check, tile, i);
        if (!edge_push(&check->edge, merkle_leaf(entry), compare_hashes, check, err))
            return false;
    }
    return rest.len == 0 || find(check, tile, "it goes on behind its last entry");
}

bool tile_check(struct tile_check *check, struct err *err)
{
    struct arena arena = {0};
    bool ok = true;

    assert(check->edge.size % TILE_WIDTH == 0 && check->edge.size <= check->size);
    while (ok && check->edge.size < check->size) {
        ok = check_bundle(check, &arena, err);
        arena_reset(&arena);
        if (check->edge.size / TILE_WIDTH % TELL_BUNDLES == 0 || check->edge.size == check->size)
            journal_tell(check->progress, "check tiles", check->edge.size, check->size);
    }
    ok = ok && edge_flush(&check->edge, compare_hashes, check, err);
    arena_free(&arena);
    return ok || check->path[0] != '\0';
}
