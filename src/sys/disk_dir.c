#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/disk_backend.h"

/* Every path is walked from one directory that is held open, and no link is followed: whoever
 * can write there cannot lead the program elsewhere. */

/* Readable by the group, so that a static file server can serve the log and nobody else
 * reads what is sealed. */
#define FILE_MODE 0640
#define DIRECTORY_MODE 0750

/* Our own files are at most five deep; a listing need not follow somebody's maze. */
#define LIST_DEPTH 16u

struct disk_dir {
    int top;
    int lock; /* -1: not locked */
};

static bool fault(struct err *err, const char *what)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR: /* a file, or a link, where a directory should be */
        return err_set(err, ERR_MISSING, "there is none");
    case EEXIST:
        return err_set(err, ERR_CONFLICT, "it is there already");
    case EISDIR:
        return err_set(err, ERR_CONFLICT, "it is a directory");
    case ELOOP:
        return err_set(err, ERR_CONFLICT, "a link, which is not followed");
    default:
        return err_errno(err, "%s", what);
    }
}

/* Opens the directory that `path` stands in; *out_name is its last component. Closed by
 * walk_close. */
static int walk(const struct disk_dir *dir, const char *path, const char **out_name)
{
    int at = dir->top;
    const char *slash;

    while (at >= 0 && (slash = strchr(path, '/')) != NULL) {
        char part[NAME_MAX + 1];
        int before = at;

        assert((size_t)(slash - path) < sizeof part);
        memcpy(part, path, (size_t)(slash - path));
        part[slash - path] = '\0';
        at = openat(before, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (before != dir->top)
            close(before);
        path = slash + 1;
    }
    *out_name = path;
    return at;
}

static void walk_close(const struct disk_dir *dir, int at)
{
    int kept = errno;

    if (at >= 0 && at != dir->top)
        close(at);
    errno = kept;
}

static bool check_regular(int fd, struct err *err)
{
    struct stat st;

    if (fstat(fd, &st))
        return fault(err, "stat");
    return S_ISREG(st.st_mode) || err_set(err, ERR_CONFLICT, "it is no regular file");
}

static bool dir_open(void *state, const char *path, enum disk_mode mode, union disk_handle *out,
                     struct err *err)
{
    /* O_NONBLOCK: a pipe put in a file's place must not hold us up. */
    static const int always = O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    static const int flags[] = {
        [DISK_READ] = O_RDONLY,
        [DISK_CUT] = O_WRONLY,
        [DISK_APPEND] = O_WRONLY | O_APPEND | O_CREAT,
        [DISK_NEW] = O_WRONLY | O_APPEND | O_CREAT | O_EXCL,
    };
    const char *name;
    int at = walk(state, path, &name);
    int fd = at < 0 ? -1 : openat(at, name, flags[mode] | always, FILE_MODE);

    walk_close(state, at);
    if (fd < 0)
        return fault(err, "open");
    if (!check_regular(fd, err)) {
        close(fd);
        return false;
    }
    out->fd = fd;
    return true;
}

static void dir_release(void *state, union disk_handle handle)
{
    (void)state;
    close(handle.fd);
}

static bool dir_size(void *state, union disk_handle handle, uint64_t *out, struct err *err)
{
    struct stat st;

    (void)state;
    if (fstat(handle.fd, &st))
        return fault(err, "stat");
    *out = (uint64_t)st.st_size;
    return true;
}

static bool dir_read(void *state, union disk_handle handle, uint64_t offset, uint8_t *at,
                     size_t len, size_t *out_got, struct err *err)
{
    size_t got = 0;

    (void)state;
    while (got < len) {
        ssize_t n = pread(handle.fd, at + got, len - got, (off_t)(offset + got));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fault(err, "read");
        if (n == 0)
            break;
        got += (size_t)n;
    }
    *out_got = got;
    return true;
}

static bool dir_append(void *state, union disk_handle handle, struct span bytes, struct err *err)
{
    (void)state;
    while (bytes.len > 0) {
        ssize_t n = write(handle.fd, bytes.at, bytes.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fault(err, "write");
        bytes = span_from(bytes, (size_t)n);
    }
    return true;
}

static bool dir_truncate(void *state, union disk_handle handle, uint64_t size, struct err *err)
{
    (void)state;
    return ftruncate(handle.fd, (off_t)size) == 0 || fault(err, "truncate");
}

static bool dir_overwrite(void *state, union disk_handle handle, uint64_t offset, struct span bytes,
                          struct err *err)
{
    (void)state;
    while (bytes.len > 0) {
        ssize_t put = pwrite(handle.fd, bytes.at, bytes.len, (off_t)offset);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fault(err, "write");
        bytes = span_from(bytes, (size_t)put);
        offset += (uint64_t)put;
    }
    return true;
}

static bool dir_sync(void *state, union disk_handle handle, struct err *err)
{
    (void)state;
    return fdatasync(handle.fd) == 0 || fault(err, "fdatasync");
}

static bool dir_rename(void *state, const char *from, const char *to, struct err *err)
{
    const char *from_name;
    const char *to_name = strrchr(to, '/');
    int at = walk(state, from, &from_name);

    to_name = to_name ? to_name + 1 : to;
    assert(from_name - from == to_name - to); /* one directory */
    bool ok = at >= 0 && renameat(at, from_name, at, to_name) == 0;
    walk_close(state, at);
    return ok || fault(err, "rename");
}

static bool dir_remove(void *state, const char *path, struct err *err)
{
    const char *name;
    int at = walk(state, path, &name);
    bool ok = at >= 0 && unlinkat(at, name, 0) == 0;

    walk_close(state, at);
    return ok || errno == ENOENT || errno == ENOTDIR || fault(err, "unlink");
}

static bool is_directory(int at, const char *name)
{
    struct stat st;

    return fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static bool dir_make_directory(void *state, const char *path, bool *out_made, struct err *err)
{
    const char *name;
    int at = walk(state, path, &name);
    bool made = at >= 0 && mkdirat(at, name, DIRECTORY_MODE) == 0;
    bool ok = made || (at >= 0 && errno == EEXIST && is_directory(at, name)) ||
              fault(err, "make directory");

    walk_close(state, at);
    *out_made = made;
    return ok;
}

/* The directory itself, "" being the top. Closed by walk_close. */
static int open_directory(const struct disk_dir *dir, const char *path)
{
    const char *name;

    if (path[0] == '\0')
        return dir->top;
    int above = walk(dir, path, &name);
    int at = above < 0 ? -1 : openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    walk_close(dir, above);
    return at;
}

static bool dir_sync_directory(void *state, const char *path, struct err *err)
{
    int at = open_directory(state, path);
    bool ok = at >= 0 && fsync(at) == 0;

    walk_close(state, at);
    return ok || fault(err, "fsync");
}

static bool list_below(int fd, const char *path, size_t depth, struct disk_listing *listing,
                       struct err *err);

static bool list_one(int at, const char *above, const char *name, size_t depth,
                     struct disk_listing *listing, struct err *err)
{
    struct stat st;

    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW))
        return errno == ENOENT || fault(err, name); /* ENOENT: removed meanwhile */

    const char *path = above[0] ? arena_printf(listing->arena, "%s/%s", above, name)
                                : arena_printf(listing->arena, "%s", name);
    if (S_ISDIR(st.st_mode)) {
        int below = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        return below < 0 ? fault(err, path) : list_below(below, path, depth + 1, listing, err);
    }
    disk_listing_add(listing, (struct disk_entry){path, (uint64_t)st.st_size, S_ISREG(st.st_mode)});
    return true;
}

/* Takes `fd` over. */
static bool list_below(int fd, const char *path, size_t depth, struct disk_listing *listing,
                       struct err *err)
{
    DIR *stream = depth < LIST_DEPTH ? fdopendir(fd) : NULL;
    struct dirent *entry;
    bool ok = true;

    if (!stream) {
        close(fd);
        return depth < LIST_DEPTH ? fault(err, path)
                                  : err_set(err, ERR_LIMIT, "%s: directories too deep", path);
    }
    while (ok && (errno = 0, entry = readdir(stream)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            ok = list_one(fd, path, entry->d_name, depth, listing, err);
    }
    ok = ok && (errno == 0 || fault(err, path));
    closedir(stream);
    return ok;
}

static bool dir_list(void *state, const char *path, struct disk_listing *listing, struct err *err)
{
    const struct disk_dir *dir = state;
    int at = open_directory(dir, path);

    if (at == dir->top)
        at = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* a position of its own */
    if (at < 0)
        return errno == ENOENT || errno == ENOTDIR || fault(err, "open");
    return list_below(at, path, 0, listing, err);
}

static bool dir_lock(void *state, struct err *err)
{
    struct disk_dir *dir = state;
    int fd = openat(dir->top, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);

    assert(dir->lock < 0);
    if (fd < 0)
        return fault(err, "open lock");
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        bool held = errno == EWOULDBLOCK;
        err_errno(err, "flock");
        close(fd);
        return held ? err_set(err, ERR_CONFLICT, "another process holds the directory") : false;
    }
    dir->lock = fd;
    return true;
}

static bool dir_settle(void *state, struct err *err)
{
    const struct disk_dir *dir = state;

    return syncfs(dir->top) == 0 || fault(err, "syncfs");
}

static void dir_close(void *state)
{
    struct disk_dir *dir = state;

    if (dir->lock >= 0)
        close(dir->lock);
    close(dir->top);
    free(dir);
}

static const struct disk_backend directory_backend = {
    .close = dir_close,
    .lock = dir_lock,
    .settle = dir_settle,
    .open = dir_open,
    .release = dir_release,
    .size = dir_size,
    .read = dir_read,
    .append = dir_append,
    .truncate = dir_truncate,
    .overwrite = dir_overwrite,
    .sync = dir_sync,
    .rename = dir_rename,
    .remove = dir_remove,
    .make_directory = dir_make_directory,
    .sync_directory = dir_sync_directory,
    .list = dir_list,
};

/* The directory's own name is durable before anything is put in it. */
static bool make_top(const char *directory, int *out, struct err *err)
{
    if (mkdir(directory, DIRECTORY_MODE))
        return fault(err, "make directory");
    *out = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int above = *out < 0 ? -1 : openat(*out, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = above >= 0 && fsync(above) == 0;

    if (!ok)
        fault(err, "make directory");
    if (above >= 0)
        close(above);
    if (!ok && *out >= 0)
        close(*out);
    return ok;
}

bool disk_open(struct disk **out, const char *directory, bool create, struct err *err)
{
    int top = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = top >= 0;

    if (!ok && create && errno == ENOENT)
        ok = make_top(directory, &top, err);
    else if (!ok)
        fault(err, "open");
    if (!ok)
        return err_wrap(err, "directory %s", directory);

    struct disk_dir *dir = malloc(sizeof *dir);
    if (!dir)
        abort();
    *dir = (struct disk_dir){.top = top, .lock = -1};
    *out = disk_over(&directory_backend, dir);
    return true;
}
