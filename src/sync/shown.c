#include "sync/shown.h"

#include "base/limits.h"
#include "journal/log_keys.h"
#include "journal/log_reader.h"
#include "sys/disk_backend.h"

#include <stdlib.h>

struct given { /* the first answer of a tile */
    struct tile tile;
    enum { GIVEN_NOT_YET, GIVEN_BYTES, GIVEN_NONE } what;
    struct hash hash;
    uint8_t *kept; /* of a tile that is not full; NULL of another */
    size_t len;
};

struct shown {
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t freed;
    const struct source *lane[SHOWN_LANES];
    bool busy[SHOWN_LANES];
    size_t lanes;
    struct given *slot;
    size_t count, room; /* room: a power of two */
};

/* What was given. The lock is held. */

/* Nobody chooses tiles so that they meet: a log has them one after another. */
static size_t slot_of(const struct shown *shown, struct tile tile)
{
    uint64_t mixed = (tile.index * 128 + tile.level) * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(mixed >> 32) & (shown->room - 1);

    for (; shown->slot[at].what != GIVEN_NOT_YET; at = (at + 1) & (shown->room - 1)) {
        const struct tile *there = &shown->slot[at].tile;

        if (there->level == tile.level && there->index == tile.index && there->width == tile.width)
            break;
    }
    return at;
}

static void make_room(struct shown *shown)
{
    struct given *old = shown->slot;
    size_t old_room = shown->room;

    if (2 * shown->count < shown->room)
        return;
    shown->room = old_room ? 2 * old_room : 256;
    shown->slot = calloc(shown->room, sizeof *shown->slot);
    if (!shown->slot)
        abort();
    for (size_t i = 0; i < old_room; i++)
        if (old[i].what != GIVEN_NOT_YET)
            shown->slot[slot_of(shown, old[i].tile)] = old[i];
    free(old);
}

static struct given *given_of(struct shown *shown, struct tile tile)
{
    make_room(shown);
    return &shown->slot[slot_of(shown, tile)];
}

static bool keep(struct shown *shown, struct given *given, struct given now, struct span bytes)
{
    if (now.tile.width < TILE_WIDTH && now.what == GIVEN_BYTES) {
        now.kept = malloc(bytes.len + 1);
        if (!now.kept)
            abort();
        memcpy(now.kept, bytes.at, bytes.len);
        now.len = bytes.len;
    }
    *given = now;
    shown->count++;
    return true;
}

/* Whether it is the first answer, or the same again. */
static bool stands(struct shown *shown, struct given now, struct span bytes)
{
    bool same = true;

    pthread_mutex_lock(&shown->lock);
    struct given *given = given_of(shown, now.tile);
    if (given->what == GIVEN_NOT_YET)
        keep(shown, given, now, bytes);
    else
        same = given->what == now.what && hash_equal(given->hash, now.hash);
    pthread_mutex_unlock(&shown->lock);
    return same;
}

/* What need not be asked for again. */
static bool recall(struct shown *shown, struct tile tile, bool *out_none, struct span *out,
                   struct arena *arena)
{
    pthread_mutex_lock(&shown->lock);
    const struct given *given = given_of(shown, tile);
    bool known = given->kept || given->what == GIVEN_NONE;
    *out_none = given->what == GIVEN_NONE;
    if (given->kept)
        *out = arena_copy(arena, span_make(given->kept, given->len));
    pthread_mutex_unlock(&shown->lock);
    return known;
}

/* Asking. */

static size_t take_lane(struct shown *shown)
{
    size_t lane = 0;

    pthread_mutex_lock(&shown->lock);
    for (; shown->busy[lane]; lane = lane + 1 < shown->lanes ? lane + 1 : 0)
        if (lane + 1 == shown->lanes)
            pthread_cond_wait(&shown->freed, &shown->lock);
    shown->busy[lane] = true;
    pthread_mutex_unlock(&shown->lock);
    return lane;
}

static void give_back(struct shown *shown, size_t lane)
{
    pthread_mutex_lock(&shown->lock);
    shown->busy[lane] = false;
    pthread_cond_signal(&shown->freed);
    pthread_mutex_unlock(&shown->lock);
}

static bool ask(struct shown *shown, const char *path, size_t limit, struct span *out,
                struct arena *arena, struct err *err)
{
    size_t lane = take_lane(shown);
    bool ok = source_get(shown->lane[lane], path, limit, out, arena, err);

    give_back(shown, lane);
    if (!ok && err->kind == ERR_REFUSED)
        err->kind = ERR_IO; /* that it is not given to us says nothing about the log */
    return ok;
}

static bool get_tile(struct shown *shown, const char *path, struct tile tile, struct span *out,
                     struct arena *arena, struct err *err)
{
    size_t limit = tile.level == TILE_ENTRIES ? LOG_BUNDLE_BYTES : tile.width * sizeof(struct hash);
    struct given now = {.tile = tile, .what = GIVEN_BYTES};
    bool none;

    if (recall(shown, tile, &none, out, arena))
        return !none || err_set(err, ERR_MISSING, "there was none before");
    bool ok = ask(shown, path, limit, out, arena, err);
    if (!ok && err->kind != ERR_MISSING)
        return false;
    if (ok)
        now.hash = hash_of(*out);
    else
        now.what = GIVEN_NONE;
    if (!stands(shown, now, ok ? *out : (struct span){0}))
        return err_set(err, ERR_CONFLICT, "%s: %s: it is not what was given for it before",
                       shown->lane[0]->name, path);
    return ok;
}

static bool get(struct shown *shown, const char *path, struct span *out, struct arena *arena,
                struct err *err)
{
    const struct span log = SPAN_LIT("log/");
    struct tile tile;

    if (strcmp(path, LOG_KEYS_FILE) == 0)
        return ask(shown, path, LOG_KEYS_BYTES, out, arena, err);
    if (strcmp(path, LOG_CHECKPOINT) == 0)
        return ask(shown, path + log.len, LIMIT_CHECKPOINT_BYTES, out, arena, err);
    if (!span_starts_with(span_of(path), log) ||
        !tile_path_parse(&tile, span_from(span_of(path), log.len)))
        return err_set(err, ERR_MISSING, "it is not shown");
    return get_tile(shown, path + log.len, tile, out, arena, err);
}

/* The disk. */

struct shown_file {
    struct arena arena;
    struct span bytes;
};

static bool open_file(void *state, const char *path, enum disk_mode mode, union disk_handle *out,
                      struct err *err)
{
    struct shown_file *file;

    assert(mode == DISK_READ); /* who writes here has mistaken it for another disk */
    file = calloc(1, sizeof *file);
    if (!file)
        abort();
    if (!get(state, path, &file->bytes, &file->arena, err)) {
        arena_free(&file->arena);
        free(file);
        return false;
    }
    out->file = file;
    return true;
}

static void release(void *state, union disk_handle handle)
{
    struct shown_file *file = handle.file;

    (void)state;
    arena_free(&file->arena);
    free(file);
}

static bool size(void *state, union disk_handle handle, uint64_t *out, struct err *err)
{
    const struct shown_file *file = handle.file;

    (void)state;
    (void)err;
    *out = file->bytes.len;
    return true;
}

static bool read_file(void *state, union disk_handle handle, uint64_t offset, uint8_t *at,
                      size_t len, size_t *out_got, struct err *err)
{
    const struct shown_file *file = handle.file;
    struct span rest =
        span_from(file->bytes, offset < file->bytes.len ? (size_t)offset : file->bytes.len);

    (void)state;
    (void)err;
    *out_got = rest.len < len ? rest.len : len;
    if (*out_got > 0)
        memcpy(at, rest.at, *out_got);
    return true;
}

static bool list(void *state, const char *path, struct disk_listing *listing, struct err *err)
{
    (void)state;
    (void)path;
    (void)listing;
    (void)err;
    return true;
}

static void close_all(void *state)
{
    struct shown *shown = state;

    for (size_t i = 0; i < shown->room; i++)
        free(shown->slot[i].kept);
    free(shown->slot);
    pthread_cond_destroy(&shown->freed);
    pthread_mutex_destroy(&shown->lock);
    free(shown);
}

/* What is only read needs no other steps; a call of one would be a bug, and ends the program. */
static const struct disk_backend backend = {
    .close = close_all,
    .open = open_file,
    .release = release,
    .size = size,
    .read = read_file,
    .list = list,
};

struct disk *shown_open(const struct source *lane[], size_t count)
{
    struct shown *shown = calloc(1, sizeof *shown);

    assert(count > 0 && count <= SHOWN_LANES);
    if (!shown || pthread_mutex_init(&shown->lock, NULL) || pthread_cond_init(&shown->freed, NULL))
        abort();
    memcpy(shown->lane, lane, count * sizeof(const struct source *));
    shown->lanes = count;
    return disk_over(&backend, shown);
}
