#include "sys/disk_sim.h"

#include <stdlib.h>

#include "sys/disk_backend.h"
#include "sys/sim_file.h"
#include "sys/sim_names.h"

struct disk_sim {
    pthread_mutex_t lock;
    uint64_t seed;
    uint64_t operations; /* that changed something */
    uint64_t fail_at;    /* 0: never */
    bool gone;           /* the power is */
    bool full;
    bool locked;
    struct sim_names names;
};

/* splitmix64: any seed gives a good sequence. */
static uint64_t chance_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static bool powered(const struct disk_sim *sim, struct err *err)
{
    return !sim->gone || err_set(err, ERR_IO, "the power is gone");
}

static bool has_room(const struct disk_sim *sim, struct err *err)
{
    return !sim->full || err_set(err, ERR_IO, "no room is left on it");
}

/* One more change. Where the power goes at this one, a write, a rename, a creation or a
 * removal is in flight (its caller has noted it already), and a sync has not happened. */
static bool lasted(struct disk_sim *sim, struct err *err)
{
    sim->operations++;
    sim->gone = sim->fail_at > 0 && sim->operations >= sim->fail_at;
    return powered(sim, err);
}

static struct disk_sim *enter(void *state)
{
    struct disk_sim *sim = state;

    pthread_mutex_lock(&sim->lock);
    return sim;
}

static bool leave(struct disk_sim *sim, bool ok)
{
    pthread_mutex_unlock(&sim->lock);
    return ok;
}

static bool create(struct disk_sim *sim, const char *path, union disk_handle *out, struct err *err)
{
    if (!sim_names_has_directory(&sim->names, path))
        return err_set(err, ERR_MISSING, "there is no directory for it");
    if (!has_room(sim, err))
        return false;
    struct sim_file *file = sim_file_new();
    sim_names_link(&sim->names, path, file);
    if (!lasted(sim, err)) {
        sim_file_release(file);
        return false;
    }
    out->file = file;
    return true;
}

static bool open_named(struct disk_sim *sim, const char *path, enum disk_mode mode,
                       union disk_handle *out, struct err *err)
{
    const struct sim_name *name = sim_names_find(&sim->names, path);

    if (name && (!name->file || mode == DISK_NEW))
        return err_set(err, ERR_CONFLICT, "it is there already, or no regular file");
    if (name) {
        out->file = sim_file_retain(name->file);
        return true;
    }
    if (mode == DISK_APPEND || mode == DISK_NEW)
        return create(sim, path, out, err);
    return err_set(err, ERR_MISSING, "there is none");
}

static bool sim_open(void *state, const char *path, enum disk_mode mode, union disk_handle *out,
                     struct err *err)
{
    struct disk_sim *sim = enter(state);

    return leave(sim, powered(sim, err) && open_named(sim, path, mode, out, err));
}

static void sim_release(void *state, union disk_handle handle)
{
    struct disk_sim *sim = enter(state);

    sim_file_release(handle.file);
    leave(sim, true);
}

static bool sim_size(void *state, union disk_handle handle, uint64_t *out, struct err *err)
{
    struct disk_sim *sim = enter(state);

    *out = sim_file_now(handle.file).len;
    return leave(sim, powered(sim, err));
}

static bool sim_read(void *state, union disk_handle handle, uint64_t offset, uint8_t *at,
                     size_t len, size_t *out_got, struct err *err)
{
    struct disk_sim *sim = enter(state);
    struct span now = sim_file_now(handle.file);
    size_t left = offset < now.len ? now.len - (size_t)offset : 0;

    *out_got = left < len ? left : len;
    if (*out_got > 0)
        memcpy(at, now.at + offset, *out_got);
    return leave(sim, powered(sim, err));
}

static bool sim_append(void *state, union disk_handle handle, struct span bytes, struct err *err)
{
    struct disk_sim *sim = enter(state);
    bool ok = powered(sim, err) && has_room(sim, err);

    if (ok) {
        sim_file_append(handle.file, bytes);
        ok = lasted(sim, err);
    }
    return leave(sim, ok);
}

static bool sim_truncate(void *state, union disk_handle handle, uint64_t size, struct err *err)
{
    struct disk_sim *sim = enter(state);
    bool ok = powered(sim, err);

    if (ok) {
        sim_file_cut(handle.file, (size_t)size);
        ok = lasted(sim, err);
    }
    return leave(sim, ok);
}

static bool sim_overwrite(void *state, union disk_handle handle, uint64_t offset, struct span bytes,
                          struct err *err)
{
    struct disk_sim *sim = enter(state);
    bool ok = powered(sim, err);

    if (ok) {
        sim_file_overwrite(handle.file, (size_t)offset, bytes);
        ok = lasted(sim, err);
    }
    return leave(sim, ok);
}

static bool sim_sync(void *state, union disk_handle handle, struct err *err)
{
    struct disk_sim *sim = enter(state);
    bool ok = powered(sim, err) && lasted(sim, err);

    if (ok)
        sim_file_sync(handle.file);
    return leave(sim, ok);
}

static bool rename_named(struct disk_sim *sim, const char *from, const char *to, struct err *err)
{
    const struct sim_name *source = sim_names_find(&sim->names, from);
    const struct sim_name *target = sim_names_find(&sim->names, to);

    if (!source)
        return err_set(err, ERR_MISSING, "there is none");
    if (target && !target->file)
        return err_set(err, ERR_CONFLICT, "it is a directory");
    sim_names_rename(&sim->names, from, to);
    return lasted(sim, err);
}

static bool sim_rename(void *state, const char *from, const char *to, struct err *err)
{
    struct disk_sim *sim = enter(state);

    return leave(sim, powered(sim, err) && rename_named(sim, from, to, err));
}

static bool remove_named(struct disk_sim *sim, const char *path, struct err *err)
{
    const struct sim_name *name = sim_names_find(&sim->names, path);

    if (!name)
        return true;
    if (!name->file)
        return err_set(err, ERR_CONFLICT, "it is a directory");
    sim_names_remove(&sim->names, path);
    return lasted(sim, err);
}

static bool sim_remove(void *state, const char *path, struct err *err)
{
    struct disk_sim *sim = enter(state);

    return leave(sim, powered(sim, err) && remove_named(sim, path, err));
}

static bool make_named(struct disk_sim *sim, const char *path, bool *out_made, struct err *err)
{
    const struct sim_name *name = sim_names_find(&sim->names, path);

    *out_made = !name;
    if (name)
        return !name->file || err_set(err, ERR_CONFLICT, "it is there already");
    if (!sim_names_has_directory(&sim->names, path))
        return err_set(err, ERR_MISSING, "there is no directory for it");
    if (!has_room(sim, err))
        return false;
    sim_names_link(&sim->names, path, NULL);
    return lasted(sim, err);
}

static bool sim_make_directory(void *state, const char *path, bool *out_made, struct err *err)
{
    struct disk_sim *sim = enter(state);

    return leave(sim, powered(sim, err) && make_named(sim, path, out_made, err));
}

static bool sync_named(struct disk_sim *sim, const char *path, struct err *err)
{
    const struct sim_name *name = path[0] ? sim_names_find(&sim->names, path) : NULL;

    if (path[0] && (!name || name->file))
        return err_set(err, ERR_MISSING, "there is no such directory");
    if (!lasted(sim, err))
        return false;
    sim_names_sync(&sim->names, path);
    return true;
}

static bool sim_sync_directory(void *state, const char *path, struct err *err)
{
    struct disk_sim *sim = enter(state);

    return leave(sim, powered(sim, err) && sync_named(sim, path, err));
}

static bool sim_list(void *state, const char *path, struct disk_listing *listing, struct err *err)
{
    struct disk_sim *sim = enter(state);
    const struct sim_names *names = &sim->names;

    for (size_t i = 0; i < names->now.count; i++) {
        const struct sim_name *name = &names->now.at[i];

        if (name->file && sim_path_below(name->path, path))
            disk_listing_add(listing,
                             (struct disk_entry){arena_printf(listing->arena, "%s", name->path),
                                                 sim_file_now(name->file).len, true});
    }
    return leave(sim, powered(sim, err));
}

static bool sim_lock(void *state, struct err *err)
{
    union disk_handle handle;
    bool ok = sim_open(state, "lock", DISK_APPEND, &handle, err);

    if (!ok)
        return false;
    sim_release(state, handle);
    struct disk_sim *sim = enter(state);
    assert(!sim->locked);
    sim->locked = true;
    return leave(sim, true);
}

/* Nothing came before: a simulated disk begins with what is durable. */
static bool sim_settle(void *state, struct err *err)
{
    struct disk_sim *sim = enter(state);

    return leave(sim, powered(sim, err));
}

static void sim_close(void *state)
{
    struct disk_sim *sim = state;

    sim_names_free(&sim->names);
    pthread_mutex_destroy(&sim->lock);
    free(sim);
}

static const struct disk_backend sim_backend = {
    .close = sim_close,
    .lock = sim_lock,
    .settle = sim_settle,
    .open = sim_open,
    .release = sim_release,
    .size = sim_size,
    .read = sim_read,
    .append = sim_append,
    .truncate = sim_truncate,
    .overwrite = sim_overwrite,
    .sync = sim_sync,
    .rename = sim_rename,
    .remove = sim_remove,
    .make_directory = sim_make_directory,
    .sync_directory = sim_sync_directory,
    .list = sim_list,
};

static struct disk *sim_new(uint64_t seed, struct sim_names names)
{
    struct disk_sim *sim = calloc(1, sizeof *sim);

    if (!sim || pthread_mutex_init(&sim->lock, NULL))
        abort();
    sim->seed = seed;
    sim->names = names;
    return disk_over(&sim_backend, sim);
}

bool disk_sim_open(struct disk **out, uint64_t seed)
{
    *out = sim_new(seed, (struct sim_names){0});
    return true;
}

static struct disk_sim *sim_of(const struct disk *disk)
{
    assert(disk->backend == &sim_backend);
    return disk->state;
}

/* How much got through differs from crash to crash, from nothing to everything, so that the
 * two ends are met often; within one crash each thing is decided on its own. */
struct disk *disk_sim_crash(struct disk *disk, uint64_t seed)
{
    struct disk_sim *sim = enter(sim_of(disk));
    uint64_t state = sim->seed ^ seed * UINT64_C(0x2545f4914f6cdd1d);
    struct sim_chance chance = {.next = chance_next, .state = &state};

    chance.of_four = (unsigned)(chance_next(&state) % 5);
    struct sim_names survived = sim_names_crash(&sim->names, &chance);
    leave(sim, true);
    return sim_new(chance_next(&state), survived);
}

void disk_sim_fail_after(struct disk *disk, uint64_t operations)
{
    struct disk_sim *sim = enter(sim_of(disk));

    sim->fail_at = operations;
    sim->gone = operations > 0 && sim->operations >= operations;
    leave(sim, true);
}

void disk_sim_fill(struct disk *disk, bool full)
{
    struct disk_sim *sim = enter(sim_of(disk));

    sim->full = full;
    leave(sim, true);
}

/* Everything got through and nothing was torn. */
static uint64_t chance_through(uint64_t *state)
{
    return *state;
}

struct disk *disk_sim_copy(struct disk *disk)
{
    struct disk_sim *sim = enter(sim_of(disk));
    uint64_t all = 3;
    struct sim_chance chance = {.next = chance_through, .state = &all, .of_four = 4};
    struct sim_names copied = sim_names_crash(&sim->names, &chance);
    uint64_t seed = sim->seed;

    leave(sim, true);
    return sim_new(seed, copied);
}

uint64_t disk_sim_operations(const struct disk *disk)
{
    struct disk_sim *sim = enter(sim_of(disk));
    uint64_t operations = sim->operations;

    leave(sim, true);
    return operations;
}

void disk_sim_rot(struct disk *disk, const char *path, uint64_t seed)
{
    struct disk_sim *sim = enter(sim_of(disk));
    const struct sim_name *name = sim_names_find(&sim->names, path);

    assert(name && name->file);
    sim_file_rot(name->file, chance_next(&seed));
    leave(sim, true);
}
