#include "sys/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* How much is written between two looks at what is left. */
#define LOOK_BYTES (1u << 20)

struct spool {
    int fd;
    uint64_t bytes;
    uint64_t look_at; /* the size at which to look again at what is left */
    void *mapped;     /* NULL: not yet, or there is nothing */
};

/* For file systems that make no file without a name. */
static int make_and_unlink(const char *directory)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/spool-XXXXXX", directory);

    if (len < 0 || (size_t)len >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

bool spool_open(struct spool **out, const char *directory, struct err *err)
{
    int fd = open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
        fd = make_and_unlink(directory);
    if (fd < 0)
        return err_errno(err, "no temporary file in %s", directory);

    struct spool *spool = calloc(1, sizeof *spool);
    if (!spool)
        abort();
    spool->fd = fd;
    *out = spool;
    return true;
}

static bool look(struct spool *spool, size_t len, struct err *err)
{
    struct statvfs left;

    if (spool->bytes < spool->look_at)
        return true;
    if (fstatvfs(spool->fd, &left) != 0)
        return err_errno(err, "how much of the disk is left");
    if ((uint64_t)left.f_bavail * left.f_frsize < SPOOL_RESERVE_BYTES + LOOK_BYTES + len)
        return err_set(err, ERR_LIMIT, "the disk is nearly full");
    spool->look_at = spool->bytes + LOOK_BYTES;
    return true;
}

bool spool_put(struct spool *spool, struct span bytes, struct err *err)
{
    assert(!spool->mapped);
    if (!look(spool, bytes.len, err))
        return false;
    while (bytes.len > 0) {
        ssize_t wrote = write(spool->fd, bytes.at, bytes.len);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return err_errno(err, "write a temporary file");
        bytes = span_from(bytes, (size_t)wrote);
        spool->bytes += (uint64_t)wrote;
    }
    return true;
}

uint64_t spool_bytes(const struct spool *spool)
{
    return spool->bytes;
}

bool spool_map(struct spool *spool, struct span *out, struct err *err)
{
    if (!spool->mapped && spool->bytes > 0) {
        void *at = mmap(NULL, (size_t)spool->bytes, PROT_READ, MAP_SHARED, spool->fd, 0);

        if (at == MAP_FAILED)
            return err_errno(err, "map a temporary file");
        spool->mapped = at;
    }
    *out = span_make(spool->mapped, (size_t)spool->bytes);
    return true;
}

void spool_close(struct spool *spool)
{
    if (!spool)
        return;
    if (spool->mapped)
        munmap(spool->mapped, (size_t)spool->bytes);
    close(spool->fd);
    free(spool);
}
