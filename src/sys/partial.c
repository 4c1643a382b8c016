#include "sys/partial.h"

#include "sys/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DIRECTORY_MODE 0750
#define FILE_MODE 0640

struct partial {
    int directory, fd;
    char name[NAME_MAX + 1];
    uint64_t bytes;
    void *mapped; /* NULL: it is not */
};

static int open_directory(const char *directory)
{
    return open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* One that was removed while it was waited for is not the one of that name any more. */
static bool lock(struct partial *partial, struct err *err)
{
    int failed = flock(partial->fd, LOCK_EX | LOCK_NB);
    struct stat st;

    if (failed && errno == EWOULDBLOCK)
        return err_set(err, ERR_CONFLICT, "somebody else is sending it now");
    if (failed)
        return err_errno(err, "lock %s", partial->name);
    if (fstat(partial->fd, &st) != 0)
        return err_errno(err, "%s", partial->name);
    if (st.st_nlink == 0 || !S_ISREG(st.st_mode))
        return err_set(err, ERR_CONFLICT, "somebody else has just sent it");
    partial->bytes = (uint64_t)st.st_size;
    return true;
}

static bool open_both(struct partial *partial, const char *directory, struct err *err)
{
    if (mkdir(directory, DIRECTORY_MODE) != 0 && errno != EEXIST)
        return err_errno(err, "make %s", directory);
    partial->directory = open_directory(directory);
    if (partial->directory < 0)
        return err_errno(err, "open %s", directory);
    partial->fd = openat(partial->directory, partial->name,
                         O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (partial->fd < 0)
        return err_errno(err, "open %s/%s", directory, partial->name);
    return lock(partial, err);
}

bool partial_open(struct partial **out, const char *directory, const char *name, struct err *err)
{
    struct partial *partial = calloc(1, sizeof *partial);

    assert(strlen(name) <= NAME_MAX && name[0] != '.' && !strchr(name, '/'));
    if (!partial)
        abort();
    partial->directory = partial->fd = -1;
    memcpy(partial->name, name, strlen(name));
    if (!open_both(partial, directory, err)) {
        partial_close(partial);
        return false;
    }
    *out = partial;
    return true;
}

uint64_t partial_bytes(const struct partial *partial)
{
    return partial->bytes;
}

static bool write_all(struct partial *partial, struct span bytes, struct err *err)
{
    for (uint64_t at = partial->bytes; bytes.len > 0;) {
        ssize_t wrote = pwrite(partial->fd, bytes.at, bytes.len, (off_t)at);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return err_errno(err, "write %s", partial->name);
        bytes = span_from(bytes, (size_t)wrote);
        at += (uint64_t)wrote;
    }
    return fdatasync(partial->fd) == 0 || err_errno(err, "sync %s", partial->name);
}

bool partial_append(struct partial *partial, struct span bytes, struct err *err)
{
    struct statvfs left;

    assert(!partial->mapped);
    if (fstatvfs(partial->fd, &left) != 0)
        return err_errno(err, "how much of the disk is left");
    if ((uint64_t)left.f_bavail * left.f_frsize < SPOOL_RESERVE_BYTES + bytes.len)
        return err_set(err, ERR_LIMIT, "the disk is nearly full");
    if (!write_all(partial, bytes, err)) {
        /* Should this fail as well, what is too much has a wrong hash in the end. */
        (void)!ftruncate(partial->fd, (off_t)partial->bytes);
        return false;
    }
    partial->bytes += bytes.len;
    return true;
}

bool partial_map(struct partial *partial, struct span *out, struct err *err)
{
    if (!partial->mapped && partial->bytes > 0) {
        void *at = mmap(NULL, (size_t)partial->bytes, PROT_READ, MAP_SHARED, partial->fd, 0);

        if (at == MAP_FAILED)
            return err_errno(err, "map %s", partial->name);
        partial->mapped = at;
    }
    *out = span_make(partial->mapped, (size_t)partial->bytes);
    return true;
}

void partial_close(struct partial *partial)
{
    if (!partial)
        return;
    if (partial->mapped)
        munmap(partial->mapped, (size_t)partial->bytes);
    if (partial->fd >= 0)
        close(partial->fd);
    if (partial->directory >= 0)
        close(partial->directory);
    free(partial);
}

void partial_close_remove(struct partial *partial)
{
    unlinkat(partial->directory, partial->name, 0);
    partial_close(partial);
}

uint64_t partial_size(const char *directory, const char *name)
{
    int at = open_directory(directory);
    struct stat st;

    if (at < 0)
        return 0;
    bool there = fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
    close(at);
    return there ? (uint64_t)st.st_size : 0;
}

/* Not from under whoever has it open, who is about to go on with it. */
static bool remove_free(int directory, const char *name)
{
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return false;
    bool removed = flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(directory, name, 0) == 0;
    close(fd);
    return removed;
}

unsigned partial_clear(const char *directory, int64_t since_ms)
{
    DIR *dir = opendir(directory);
    unsigned removed = 0;
    struct stat st;

    if (!dir)
        return 0;
    for (const struct dirent *at; (at = readdir(dir)) != NULL;) {
        bool old = fstatat(dirfd(dir), at->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                   S_ISREG(st.st_mode) && (int64_t)st.st_mtim.tv_sec * 1000 < since_ms;
        removed += old && remove_free(dirfd(dir), at->d_name);
    }
    closedir(dir);
    return removed;
}
