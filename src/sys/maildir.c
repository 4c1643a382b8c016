#include "sys/maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct maildir {
    int in, seen, out; /* new/, cur/ and out/ */
};

#define FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

static int folder(const char *path, const char *name, bool make)
{
    char whole[PATH_MAX];

    if ((size_t)snprintf(whole, sizeof whole, "%s/%s", path, name) >= sizeof whole) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (make && mkdir(whole, 0700) != 0 && errno != EEXIST)
        return -1;
    return open(whole, FOLDER | O_NOFOLLOW);
}

bool maildir_open(struct maildir **out, const char *path, struct err *err)
{
    struct maildir m = {.in = -1, .seen = -1, .out = -1};

    m.in = folder(path, "new", false);
    m.seen = m.in < 0 ? -1 : folder(path, "cur", false);
    if (m.seen < 0 && (errno == ENOENT || errno == ENOTDIR))
        err_set(err, ERR_MISSING, "%s is no maildir: it has no new/ and cur/", path);
    else if (m.seen < 0)
        err_errno(err, "open %s", path);
    m.out = m.seen < 0 ? -1 : folder(path, "../out", true);
    if (m.seen >= 0 && m.out < 0)
        err_errno(err, "make %s/../out", path);
    if (m.out < 0) {
        if (m.in >= 0)
            close(m.in);
        if (m.seen >= 0)
            close(m.seen);
        return false;
    }
    *out = malloc(sizeof **out);
    if (!*out)
        abort();
    **out = m;
    return true;
}

void maildir_close(struct maildir *maildir)
{
    if (!maildir)
        return;
    close(maildir->in);
    close(maildir->seen);
    close(maildir->out);
    free(maildir);
}

static int by_name(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

bool maildir_list(struct maildir *maildir, const char ***out, size_t *out_count,
                  struct arena *arena, struct err *err)
{
    int fd = openat(maildir->in, ".", FOLDER);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;

    if (!dir) {
        if (fd >= 0)
            close(fd);
        return err_errno(err, "list new/");
    }
    *out = ARENA_ARRAY(arena, const char *, MAILDIR_PAGE);
    *out_count = 0;
    while (*out_count < MAILDIR_PAGE && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            (*out)[(*out_count)++] = arena_text(arena, span_of(entry->d_name));
    closedir(dir);
    qsort(*out, *out_count, sizeof **out, by_name);
    return true;
}

static bool read_all(int fd, size_t len, struct span *out, struct arena *arena, struct err *err)
{
    uint8_t *at = arena_alloc(arena, len + 1);
    size_t got = 0;
    ssize_t n = 1;

    while (got < len && n != 0) {
        n = read(fd, at + got, len - got);
        if (n < 0 && errno != EINTR)
            return err_errno(err, "read a mail");
        got += n > 0 ? (size_t)n : 0;
    }
    *out = span_make(at, got);
    return true;
}

bool maildir_read(struct maildir *maildir, const char *name, size_t limit, struct span *out,
                  struct arena *arena, struct err *err)
{
    int fd = openat(maildir->in, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;

    if (fd < 0 && errno == ENOENT)
        return err_set(err, ERR_MISSING, "it is gone");
    if (fd < 0 && errno == ELOOP)
        return err_set(err, ERR_CONFLICT, "a link, which is not followed");
    if (fd < 0)
        return err_errno(err, "open a mail");
    bool ok = fstat(fd, &st) == 0 || err_errno(err, "stat a mail");
    ok = ok && (S_ISREG(st.st_mode) || err_set(err, ERR_CONFLICT, "it is no regular file"));
    ok = ok && ((uint64_t)st.st_size <= limit ||
                err_set(err, ERR_LIMIT, "a mail of more than %zu MiB", limit >> 20));
    ok = ok && read_all(fd, (size_t)st.st_size, out, arena, err);
    close(fd);
    return ok;
}

bool maildir_seen(struct maildir *maildir, const char *name, struct err *err)
{
    char seen[NAME_MAX + 1];

    if ((size_t)snprintf(seen, sizeof seen, "%s:2,S", name) >= sizeof seen)
        snprintf(seen, sizeof seen, "%s", name);
    return (renameat(maildir->in, name, maildir->seen, seen) == 0 && fsync(maildir->seen) == 0 &&
            fsync(maildir->in) == 0) ||
           err_errno(err, "move a mail to cur/");
}

static bool write_all(int fd, struct span bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.at, bytes.len);

        if (n < 0 && errno != EINTR)
            return false;
        bytes = span_from(bytes, n > 0 ? (size_t)n : 0);
    }
    return fsync(fd) == 0;
}

bool maildir_answer(struct maildir *maildir, const char *name, struct span bytes, struct err *err)
{
    char unfinished[NAME_MAX + 1];

    snprintf(unfinished, sizeof unfinished, ".%s", name);
    int fd = openat(maildir->out, unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                    0600);
    bool ok = fd >= 0 && write_all(fd, bytes);
    int fault = errno;

    if (fd >= 0)
        close(fd);
    errno = fault;
    ok = ok && renameat(maildir->out, unfinished, maildir->out, name) == 0 &&
         fsync(maildir->out) == 0;
    return ok || err_errno(err, "write an answer to out/");
}
