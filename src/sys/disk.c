#include "sys/disk_backend.h"

#include <stdlib.h>

/* Of a whole path: one component, unfinished, still fits in the 255 bytes of a name. */
#define PATH_BYTES 250u
#define LOST "a sync failed before: what the disk holds is not known"

struct disk_file {
    struct disk *disk;
    union disk_handle handle;
    bool torn; /* an append failed: nobody knows what stands at its end */
    char path[PATH_BYTES + 1];
};

struct disk *disk_over(const struct disk_backend *backend, void *state)
{
    struct disk *disk = calloc(1, sizeof *disk);

    if (!disk || pthread_mutex_init(&disk->lock, NULL))
        abort();
    disk->backend = backend;
    disk->state = state;
    return disk;
}

void disk_close(struct disk *disk)
{
    if (!disk)
        return;
    disk->backend->close(disk->state);
    path_set_free(&disk->unsynced);
    pthread_mutex_destroy(&disk->lock);
    free(disk);
}

uint64_t disk_syncs(const struct disk *disk)
{
    return atomic_load(&disk->syncs);
}

bool disk_check_path(const char *path, struct err *err)
{
    struct span left = span_of(path);
    struct span part;
    bool more = left.len > 0 && left.len <= PATH_BYTES;
    bool good = more;

    while (more && good) {
        more = span_cut(&left, '/', &part);
        if (!more)
            part = left;
        good = part.len > 0 && !span_is(part, ".") && !span_is(part, "..");
    }
    return good || err_set(err, ERR_REFUSED, "not a path below the directory");
}

/* Nothing may be changed any more once a sync has failed. */
static bool check_change(struct disk *disk, const char *path, struct err *err)
{
    if (atomic_load(&disk->lost))
        return err_set(err, ERR_IO, "%s", LOST);
    return disk_check_path(path, err);
}

static bool check_make(struct disk *disk, const char *path, struct err *err)
{
    if (!check_change(disk, path, err))
        return false;
    if (span_ends_with(span_of(path), span_of(DISK_UNFINISHED)))
        return err_set(err, ERR_REFUSED, "\"%s\" is how unfinished files end", DISK_UNFINISHED);
    return true;
}

/* That there is nothing of the name (ERR_MISSING) is no failed sync, and no sync. */
static bool synced(struct disk *disk, bool ok, const struct err *err)
{
    if (ok || err->kind == ERR_IO)
        atomic_fetch_add(&disk->syncs, 1);
    if (!ok && err->kind == ERR_IO)
        atomic_store(&disk->lost, true);
    return ok;
}

static bool sync_handle(struct disk *disk, union disk_handle handle, struct err *err)
{
    return synced(disk, disk->backend->sync(disk->state, handle, err), err);
}

static bool sync_names(struct disk *disk, const char *directory, struct err *err)
{
    return synced(disk, disk->backend->sync_directory(disk->state, directory, err), err);
}

bool disk_lock(struct disk *disk, struct err *err)
{
    bool ok = disk->backend->lock(disk->state, err) &&
              synced(disk, disk->backend->settle(disk->state, err), err);

    return ok || err_wrap(err, "lock");
}

/* The directory that `path` stands in: "" for the top. */
static const char *directory_of(char out[PATH_BYTES + 1], const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;

    memcpy(out, path, len);
    out[len] = '\0';
    return out;
}

static bool make_directory(struct disk *disk, const char *path, struct err *err)
{
    char above[PATH_BYTES + 1];
    bool made;

    if (!disk->backend->make_directory(disk->state, path, &made, err))
        return false;
    return !made || sync_names(disk, directory_of(above, path), err);
}

/* Directories are few and made once, so each is durable as soon as it is there, and
 * disk_sync_directory need not ask what was made above it. */
static bool make_directories_above(struct disk *disk, const char *path, struct err *err)
{
    char part[PATH_BYTES + 1];
    bool ok = true;

    for (const char *slash = strchr(path, '/'); ok && slash; slash = strchr(slash + 1, '/')) {
        size_t len = (size_t)(slash - path);

        memcpy(part, path, len);
        part[len] = '\0';
        ok = make_directory(disk, part, err);
    }
    return ok;
}

/* `mode` makes the file; where its directory is missing, that as well. */
static bool open_making(struct disk *disk, const char *path, enum disk_mode mode,
                        union disk_handle *out, struct err *err)
{
    if (disk->backend->open(disk->state, path, mode, out, err))
        return true;
    return err->kind == ERR_MISSING && make_directories_above(disk, path, err) &&
           disk->backend->open(disk->state, path, mode, out, err);
}

/* Reading. */

static bool read_open(struct disk *disk, const char *path, union disk_handle *out, uint64_t *size,
                      struct err *err)
{
    if (!disk_check_path(path, err) || !disk->backend->open(disk->state, path, DISK_READ, out, err))
        return false;
    if (disk->backend->size(disk->state, *out, size, err))
        return true;
    disk->backend->release(disk->state, *out);
    return false;
}

static bool read_whole(struct disk *disk, union disk_handle handle, uint64_t offset, size_t len,
                       struct span *out, struct arena *arena, struct err *err)
{
    uint8_t *at = arena_alloc(arena, len);
    size_t got = 0;

    if (!disk->backend->read(disk->state, handle, offset, at, len, &got, err))
        return false;
    if (got < len)
        return err_set(err, ERR_IO, "cut shorter while it was read");
    *out = span_make(at, len);
    return true;
}

bool disk_read(struct disk *disk, const char *path, size_t limit, struct span *out,
               struct arena *arena, struct err *err)
{
    union disk_handle handle;
    uint64_t size;

    if (!read_open(disk, path, &handle, &size, err))
        return err_wrap(err, "read %s", path);
    bool ok = size <= limit ||
              err_set(err, ERR_LIMIT, "%" PRIu64 " bytes, at most %zu are read", size, limit);
    ok = ok && read_whole(disk, handle, 0, (size_t)size, out, arena, err);
    disk->backend->release(disk->state, handle);
    return ok || err_wrap(err, "read %s", path);
}

bool disk_read_at(struct disk *disk, const char *path, uint64_t offset, size_t len,
                  struct span *out, struct arena *arena, struct err *err)
{
    union disk_handle handle;
    uint64_t size;

    if (!read_open(disk, path, &handle, &size, err))
        return err_wrap(err, "read %s", path);
    bool there = offset <= size && len <= size - offset;
    bool ok = there || err_set(err, ERR_MISSING, "it has %" PRIu64 " bytes", size);
    ok = ok && read_whole(disk, handle, offset, len, out, arena, err);
    disk->backend->release(disk->state, handle);
    return ok || err_wrap(err, "read %s, %zu bytes at %" PRIu64, path, len, offset);
}

bool disk_size(struct disk *disk, const char *path, uint64_t *out, struct err *err)
{
    union disk_handle handle;

    if (!read_open(disk, path, &handle, out, err))
        return err_wrap(err, "size of %s", path);
    disk->backend->release(disk->state, handle);
    return true;
}

/* Appending. */

bool disk_append_open(struct disk *disk, const char *path, struct disk_file **out, struct err *err)
{
    union disk_handle handle;

    if (!check_make(disk, path, err) || !open_making(disk, path, DISK_APPEND, &handle, err))
        return err_wrap(err, "open %s", path);

    struct disk_file *file = calloc(1, sizeof *file);
    if (!file)
        abort();
    file->disk = disk;
    file->handle = handle;
    memcpy(file->path, path, strlen(path) + 1);
    *out = file;
    return true;
}

static bool check_file(struct disk_file *file, struct err *err)
{
    if (file->torn)
        return err_set(err, ERR_IO, "an append failed before: it must be cut back first");
    return check_change(file->disk, file->path, err);
}

bool disk_append(struct disk_file *file, struct span bytes, struct err *err)
{
    struct disk *disk = file->disk;

    if (!check_file(file, err))
        return err_wrap(err, "append to %s", file->path);
    file->torn = !disk->backend->append(disk->state, file->handle, bytes, err);
    return !file->torn || err_wrap(err, "append to %s", file->path);
}

bool disk_sync(struct disk_file *file, struct err *err)
{
    bool ok = check_file(file, err) && sync_handle(file->disk, file->handle, err);

    return ok || err_wrap(err, "sync %s", file->path);
}

void disk_append_close(struct disk_file *file)
{
    if (!file)
        return;
    file->disk->backend->release(file->disk->state, file->handle);
    free(file);
}

static bool cut(struct disk *disk, union disk_handle handle, uint64_t size, struct err *err)
{
    uint64_t now;

    if (!disk->backend->size(disk->state, handle, &now, err))
        return false;
    if (now < size)
        return err_set(err, ERR_CONFLICT, "it has only %" PRIu64 " bytes", now);
    return disk->backend->truncate(disk->state, handle, size, err) &&
           sync_handle(disk, handle, err);
}

bool disk_truncate(struct disk *disk, const char *path, uint64_t size, struct err *err)
{
    union disk_handle handle;
    bool ok = check_change(disk, path, err) &&
              disk->backend->open(disk->state, path, DISK_CUT, &handle, err);

    if (ok) {
        ok = cut(disk, handle, size, err);
        disk->backend->release(disk->state, handle);
    }
    return ok || err_wrap(err, "cut %s to %" PRIu64 " bytes", path, size);
}

static bool write_over(struct disk *disk, union disk_handle handle, uint64_t offset,
                       struct span bytes, struct err *err)
{
    uint64_t size;

    if (!disk->backend->size(disk->state, handle, &size, err))
        return false;
    if (offset > size || bytes.len > size - offset)
        return err_set(err, ERR_CONFLICT, "it has only %" PRIu64 " bytes", size);
    return disk->backend->overwrite(disk->state, handle, offset, bytes, err) &&
           sync_handle(disk, handle, err);
}

bool disk_overwrite(struct disk *disk, const char *path, uint64_t offset, struct span bytes,
                    struct err *err)
{
    union disk_handle handle;
    bool ok = check_change(disk, path, err) &&
              disk->backend->open(disk->state, path, DISK_CUT, &handle, err);

    if (ok) {
        ok = write_over(disk, handle, offset, bytes, err);
        disk->backend->release(disk->state, handle);
    }
    return ok || err_wrap(err, "overwrite %s, %zu bytes at %" PRIu64, path, bytes.len, offset);
}

/* Replacing and removing. */

/* What an earlier run left behind makes way. */
static bool open_unfinished(struct disk *disk, const char *path, union disk_handle *out,
                            struct err *err)
{
    return disk->backend->remove(disk->state, path, err) &&
           open_making(disk, path, DISK_NEW, out, err);
}

/* As well as it goes: on a full disk it gives the room back. */
static void drop_unfinished(struct disk *disk, const char *path)
{
    struct err ignored;

    (void)disk->backend->remove(disk->state, path, &ignored);
}

static bool write_unfinished(struct disk *disk, const char *path, struct span bytes, bool durable,
                             struct err *err)
{
    union disk_handle handle;

    if (!open_unfinished(disk, path, &handle, err))
        return false;
    bool ok = disk->backend->append(disk->state, handle, bytes, err);
    ok = ok && (!durable || sync_handle(disk, handle, err));
    disk->backend->release(disk->state, handle);
    return ok || (drop_unfinished(disk, path), false);
}

static bool replace(struct disk *disk, const char *path, struct span bytes, bool durable,
                    struct err *err)
{
    char unfinished[PATH_BYTES + sizeof DISK_UNFINISHED];
    char above[PATH_BYTES + 1];
    size_t len = strlen(path);

    memcpy(unfinished, path, len);
    memcpy(unfinished + len, DISK_UNFINISHED, sizeof DISK_UNFINISHED);
    if (!write_unfinished(disk, unfinished, bytes, durable, err) ||
        !disk->backend->rename(disk->state, unfinished, path, err))
        return false;
    if (durable)
        return sync_names(disk, directory_of(above, path), err);
    pthread_mutex_lock(&disk->lock);
    path_set_add(&disk->unsynced, path);
    pthread_mutex_unlock(&disk->lock);
    return true;
}

bool disk_replace(struct disk *disk, const char *path, struct span bytes, bool durable,
                  struct err *err)
{
    bool ok = check_make(disk, path, err) && replace(disk, path, bytes, durable, err);

    return ok || err_wrap(err, "write %s", path);
}

bool disk_remove(struct disk *disk, const char *path, struct err *err)
{
    bool ok = check_change(disk, path, err) && disk->backend->remove(disk->state, path, err);

    return ok || err_wrap(err, "remove %s", path);
}

bool disk_sync_directory(struct disk *disk, const char *path, struct err *err)
{
    bool ok = check_change(disk, path[0] ? path : "top", err) && sync_names(disk, path, err);

    return ok || err_wrap(err, "sync directory \"%s\"", path);
}

static bool sync_path(struct disk *disk, const char *path, struct err *err)
{
    union disk_handle handle;

    if (!disk->backend->open(disk->state, path, DISK_READ, &handle, err))
        return err->kind == ERR_MISSING; /* removed since: its directory tells the rest */
    bool ok = sync_handle(disk, handle, err);
    disk->backend->release(disk->state, handle);
    return ok;
}

static bool sync_files(struct disk *disk, const struct path_set *files, struct err *err)
{
    for (size_t i = 0; i < files->count; i++) {
        if (!sync_path(disk, files->at[i], err))
            return err_wrap(err, "sync %s", files->at[i]);
    }
    return true;
}

/* Each once, however many files it has. */
static bool sync_directories_of(struct disk *disk, const struct path_set *files, struct err *err)
{
    struct path_set above = {0};
    char directory[PATH_BYTES + 1];
    bool ok = true;

    for (size_t i = 0; i < files->count; i++)
        path_set_add(&above, directory_of(directory, files->at[i]));
    path_set_settle(&above);
    for (size_t i = 0; ok && i < above.count; i++) {
        ok = sync_names(disk, above.at[i], err) ||
             err_wrap(err, "sync directory \"%s\"", above.at[i]);
    }
    path_set_free(&above);
    return ok;
}

bool disk_sync_all(struct disk *disk, struct err *err)
{
    if (atomic_load(&disk->lost))
        return err_set(err, ERR_IO, "%s", LOST);

    pthread_mutex_lock(&disk->lock);
    struct path_set files = disk->unsynced;
    disk->unsynced = (struct path_set){0};
    pthread_mutex_unlock(&disk->lock);

    path_set_settle(&files);
    bool ok = sync_files(disk, &files, err) && sync_directories_of(disk, &files, err);
    if (!ok)
        atomic_store(&disk->lost, true); /* the set is gone: nobody could make it good */
    path_set_free(&files);
    return ok;
}
