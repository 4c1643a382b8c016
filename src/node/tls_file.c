#include "node/tls_file.h"

#include "base/calendar.h"
#include "crypto/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Some systems take none that is good for more than 825 days. */
#define GOOD_FOR_MS (INT64_C(800) * MS_PER_DAY)
#define RENEWED_MS (INT64_C(100) * MS_PER_DAY) /* before its end, at a start of the server */

/* --- reading --- */

static bool check_private(int fd, const char *path, struct err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return err_errno(err, "stat %s", path);
    return (st.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
           err_set(err, ERR_REFUSED, "%s is open to others: chmod 600 it, or make it anew", path);
}

/* ERR_MISSING when there is none. */
static bool read_file(const char *path, struct tls_identity *out, struct arena *arena,
                      struct err *err)
{
    char text[TLS_PEM_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT ? err_set(err, ERR_MISSING, "there is no %s", path)
                               : err_errno(err, "open %s", path);
    bool ok = check_private(fd, path, err);
    ssize_t n = ok ? read(fd, text, sizeof text) : 0;
    close(fd);
    ok = ok && (n >= 0 || err_errno(err, "read %s", path));
    ok = ok && (tls_identity_parse(out, span_make(text, (size_t)n), arena, err) ||
                err_wrap(err, "%s", path));
    sign_wipe(text, sizeof text);
    return ok;
}

/* --- writing --- */

static bool write_whole(int fd, const char *text)
{
    size_t len = strlen(text);

    return write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
}

/* In one step, so that a crash leaves the one before or none. It need not be durable: another
 * would do as well. */
static bool write_file(const char *directory, const char *path, const char *text,
                       struct arena *arena, struct err *err)
{
    const char *folder = arena_printf(arena, "%s/tls", directory);
    const char *unfinished = arena_printf(arena, "%s.new", path);

    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return err_errno(err, "make %s", folder);
    int fd = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_errno(err, "make %s", unfinished);
    bool ok = write_whole(fd, text) || err_errno(err, "write %s", unfinished);
    close(fd);
    return ok && (rename(unfinished, path) == 0 || err_errno(err, "put %s in its place", path));
}

static bool make_file(const char *directory, const char *path, int64_t now_ms,
                      struct tls_identity *out, struct arena *arena, struct err *err)
{
    return tls_identity_make(out, now_ms, now_ms + GOOD_FOR_MS, arena, err) &&
           write_file(directory, path, out->pem, arena, err);
}

bool tls_file_open(struct tls_identity *out, const char *directory, int64_t now_ms,
                   struct arena *arena, struct err *err)
{
    const char *path = arena_printf(arena, "%s/tls/server.pem", directory);
    struct tls_identity identity;
    struct err missing = {0};
    char end[CALENDAR_TEXT];

    if (!read_file(path, &identity, arena, &missing)) {
        if (missing.kind == ERR_MISSING)
            return make_file(directory, path, now_ms, out, arena, err);
        *err = missing;
        return false;
    }
    if (identity.ours && identity.to_ms - now_ms < RENEWED_MS) {
        tls_identity_wipe(&identity);
        return make_file(directory, path, now_ms, out, arena, err);
    }
    if (identity.to_ms <= now_ms) {
        calendar_format(end, identity.to_ms, 0);
        tls_identity_wipe(&identity);
        return err_set(err, ERR_CONFLICT,
                       "%s: the certificate ended on %s: put a new one there, or take the file "
                       "away, and one is made",
                       path, end);
    }
    *out = identity;
    return true;
}
