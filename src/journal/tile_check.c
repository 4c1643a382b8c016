#include "journal/tile_check.h"

#include "journal/pool.h"

#include <stdlib.h>

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

/* Beside a server at work the full tile may have taken the place of the partial one, whose
 * hashes or entries it begins with: *tile is what was read. */
static bool read_file(struct disk *disk, struct tile *tile, struct span *out, struct arena *arena,
                      struct err *err)
{
    char path[LOG_PATH];
    struct err missing;

    log_tile_path(path, *tile);
    if (disk_read(disk, path, LOG_BUNDLE_BYTES, out, arena, err))
        return true;
    if (err->kind != ERR_MISSING || tile->width == TILE_WIDTH)
        return false;
    log_tile_path(path, (struct tile){tile->level, tile->index, TILE_WIDTH});
    if (!disk_read(disk, path, LOG_BUNDLE_BYTES, out, arena, &missing))
        return false;
    tile->width = TILE_WIDTH;
    return true;
}

/* A disk that does not answer is a fault, all else about it is found. */
static bool find_unread(struct tile_check *check, struct tile tile, struct err *err)
{
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
    struct tile file = tile;
    unsigned place = 0;

    bool ok = read_file(check->disk, &file, &bytes, &arena, err) || find_unread(check, tile, err);
    if (ok && bytes.len != file.width * sizeof *hash)
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

/* Bundles are read and hashed several at a time, on all cores, while the tree is built over
 * those before: two windows take turns. */

#define WINDOW 8u                /* bundles */
#define ALONE 8u                 /* so few are not worth another thread */
#define USUAL_BYTES (512u << 10) /* of a bundle: for these memory is asked for once */

struct bundle {
    struct tile tile;
    struct arena arena;
    struct err err; /* of a kind: it could not be read */
    struct hash leaf[TILE_WIDTH];
    unsigned count;   /* entries there are */
    size_t left_over; /* bytes behind the last, where all are there */
};

struct window {
    struct disk *disk;
    struct bundle bundle[WINDOW];
    size_t count;
};

static void hash_bundle(void *context, size_t piece)
{
    struct window *window = context;
    struct bundle *bundle = &window->bundle[piece];
    struct span rest, entry;
    struct tile file = bundle->tile;

    bundle->err.kind = ERR_NONE;
    bundle->count = 0;
    arena_reset(&bundle->arena);
    if (!read_file(window->disk, &file, &rest, &bundle->arena, &bundle->err))
        return;
    while (bundle->count < bundle->tile.width && tile_bundle_next(&rest, &entry))
        bundle->leaf[bundle->count++] = merkle_leaf(entry);
    bundle->left_over = file.width == bundle->tile.width ? rest.len : 0;
}

static struct window *window_new(struct disk *disk, bool many)
{
    struct window *window = calloc(1, sizeof *window);

    if (!window)
        abort();
    window->disk = disk;
    for (size_t i = 0; many && i < WINDOW; i++)
        (void)arena_alloc(&window->bundle[i].arena, USUAL_BYTES);
    return window;
}

static void window_free(struct window *window)
{
    for (size_t i = 0; i < WINDOW; i++)
        arena_free(&window->bundle[i].arena);
    free(window);
}

/* From bundle `first` on. */
static void window_start(struct window *window, struct pool *pool, uint64_t first, uint64_t size)
{
    unsigned width;

    for (window->count = 0; window->count < WINDOW; window->count++) {
        uint64_t index = first + window->count;
        width = tile_width_at(TILE_ENTRIES, index, size);
        if (width == 0)
            break;
        window->bundle[window->count].tile = (struct tile){TILE_ENTRIES, index, width};
    }
    pool_start(pool, hash_bundle, window, window->count, 1);
}

/* An entry was taken out, or the end is gone: the hashes tell which. */
static bool find_short(struct tile_check *check, const struct bundle *bundle)
{
    struct tile leaves = {0, bundle->tile.index, bundle->tile.width};
    struct hash want[TILE_WIDTH];
    struct arena arena = {0};
    struct err ignored;
    unsigned place = 0;

    if (log_read_hashes(check->disk, leaves, want, &arena, &ignored))
        while (place < bundle->count && hash_equal(want[place], bundle->leaf[place]))
            place++;
    arena_free(&arena);
    return find_entry(check, bundle->tile, place,
                      place < bundle->count ? "it is not the entry whose hash the log holds"
                                            : "the bundle ends before or within it");
}

static bool take_bundle(struct tile_check *check, const struct bundle *bundle, struct err *err)
{
    if (bundle->err.kind != ERR_NONE) {
        *err = bundle->err;
        return find_unread(check, bundle->tile, err);
    }
    if (bundle->count < bundle->tile.width)
        return find_short(check, bundle);
    for (unsigned i = 0; i < bundle->count; i++)
        if (!edge_push(&check->edge, bundle->leaf[i], compare_hashes, check, err))
            return false;
    return bundle->left_over == 0 || find(check, bundle->tile, "it goes on behind its last entry");
}

static bool take_window(struct tile_check *check, const struct window *window, struct err *err)
{
    for (size_t i = 0; i < window->count; i++)
        if (!take_bundle(check, &window->bundle[i], err))
            return false;
    journal_tell(check->progress, "check tiles", check->edge.size, check->size);
    return true;
}

static bool take_all(struct tile_check *check, struct pool *pool, struct window *window[2],
                     struct err *err)
{
    uint64_t next = check->edge.size / TILE_WIDTH;
    bool ok = true;

    window_start(window[0], pool, next, check->size);
    for (unsigned now = 0; ok && window[now]->count > 0; now = !now) {
        next += window[now]->count;
        pool_wait(pool);
        window_start(window[!now], pool, next, check->size);
        ok = take_window(check, window[now], err);
    }
    pool_wait(pool);
    return ok && edge_flush(&check->edge, compare_hashes, check, err);
}

bool tile_check(struct tile_check *check, struct err *err)
{
    bool many = (check->size - check->edge.size) / TILE_WIDTH > ALONE;
    struct pool *pool = pool_open(many ? pool_cores() : 0);
    struct window *window[2] = {window_new(check->disk, many), window_new(check->disk, many)};

    assert(check->edge.size % TILE_WIDTH == 0 && check->edge.size <= check->size);
    bool ok = take_all(check, pool, window, err);
    pool_close(pool);
    window_free(window[0]);
    window_free(window[1]);
    return ok || check->path[0] != '\0';
}
