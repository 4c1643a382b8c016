#include "node/keyring.h"

#include "sys/disk.h"
#include "sys/entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_FILE_BYTES 512u /* "PRIVATE+KEY+", a name, an id, 44 characters of base64 */
#define KEY_SUFFIX ".key"

static bool make_directories(char *path, struct err *err)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool ok = mkdir(path, 0700) == 0 || errno == EEXIST || err_errno(err, "make %s", path);
        *slash = '/';
        if (!ok)
            return false;
    }
    return true;
}

static char *key_path(const char *directory, const char *name, struct arena *arena)
{
    return arena_printf(arena, "%s/keys/%s" KEY_SUFFIX, directory, name);
}

static bool write_line(int fd, const char *line, const char *path, struct err *err)
{
    struct span rest = span_of(line);

    while (rest.len) {
        ssize_t n = write(fd, rest.at, rest.len);
        if (n < 0)
            return err_errno(err, "write %s", path);
        rest = span_from(rest, (size_t)n);
    }
    return fsync(fd) == 0 || err_errno(err, "sync %s", path);
}

bool keyring_write(const char *directory, const struct note_signer *signer, struct err *err)
{
    struct arena arena = {0};
    char *path = key_path(directory, signer->name, &arena);
    char *line = arena_printf(&arena, "%s\n", note_signer_text(signer, &arena));
    bool ok = make_directories(path, err);

    if (ok) {
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0 && errno == EEXIST)
            ok = err_set(err, ERR_CONFLICT, "there is a key %s already", signer->name);
        else
            ok = fd < 0 ? err_errno(err, "make %s", path) : write_line(fd, line, path, err);
        if (fd >= 0)
            close(fd);
    }
    explicit_bzero(line, strlen(line));
    arena_free(&arena);
    return ok;
}

/* A key file is one line; the rest of the buffer stays zero. */
static bool read_line(struct note_signer *out, int fd, const char *path, struct err *err)
{
    char text[KEY_FILE_BYTES];
    ssize_t n = pread(fd, text, sizeof text, 0);
    bool ok = n >= 0 || err_errno(err, "read %s", path);

    if (ok && (n == 0 || (size_t)n == sizeof text || text[n - 1] != '\n'))
        ok = err_set(err, ERR_MALFORMED, "%s: not a key file of one line", path);
    ok = ok &&
         (note_signer_parse(out, span_make(text, (size_t)n - 1), err) || err_wrap(err, "%s", path));
    explicit_bzero(text, sizeof text);
    return ok;
}

static int open_key(const char *path, const char *name, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        err_set(err, ERR_MISSING, "no key \"%s\" here: sulh key list shows those there are", name);
    else if (fd < 0)
        err_errno(err, "open %s", path);
    return fd;
}

bool keyring_read_file(struct note_signer *out, const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return err_errno(err, "open %s", path);
    bool ok = read_line(out, fd, path, err);
    close(fd);
    return ok;
}

bool keyring_hold(struct note_signer *out, int *out_fd, const char *directory, const char *name,
                  struct err *err)
{
    struct arena arena = {0};
    struct note_signer signer;
    int fd = -1;
    bool ok = note_name_valid(span_of(name)) ||
              err_set(err, ERR_USAGE, "\"%s\" is not a key's name (doc/format.md §1.1)", name);

    if (ok)
        ok = (fd = open_key(key_path(directory, name, &arena), name, err)) >= 0;
    if (ok && flock(fd, LOCK_EX | LOCK_NB) != 0)
        ok = err_set(err, ERR_CONFLICT, "another process is signing as %s", name);
    ok = ok && read_line(&signer, fd, name, err);
    if (ok && strcmp(signer.name, name) != 0)
        ok = err_set(err, ERR_CONFLICT, "the file of key %s holds key %s", name, signer.name);
    if (ok) {
        *out = signer;
        *out_fd = fd;
    } else if (fd >= 0) {
        close(fd);
    }
    sign_secret_wipe(&signer.secret);
    arena_free(&arena);
    return ok;
}

bool keyring_read(struct note_signer *out, const char *directory, const char *name, struct err *err)
{
    struct arena arena = {0};
    const char *path = key_path(directory, name, &arena);
    int fd = open_key(path, name, err);
    bool ok = fd >= 0 && read_line(out, fd, path, err);

    if (fd >= 0)
        close(fd);
    arena_free(&arena);
    return ok;
}

void keyring_make(struct note_signer *out, const char *name)
{
    uint8_t seed[SIGN_SEED_BYTES];

    entropy_fill(seed, sizeof seed);
    note_signer_make(out, span_of(name), NOTE_TYPE_ED25519, seed);
    explicit_bzero(seed, sizeof seed);
}

bool keyring_list(const char ***out, size_t *out_count, const char *directory, struct arena *arena,
                  struct err *err)
{
    struct disk *disk;
    struct disk_entry *entry;
    size_t count, kept = 0;

    if (!disk_open(&disk, directory, false, err))
        return false;
    bool ok = disk_list(disk, "keys", &entry, &count, arena, err);
    if (ok) {
        const char **name = ARENA_ARRAY(arena, const char *, count);
        for (size_t i = 0; i < count; i++) {
            struct span path = span_of(entry[i].path);
            if (!span_ends_with(path, span_of(KEY_SUFFIX)))
                continue;
            path =
                span_slice(path, strlen("keys/"), path.len - strlen("keys/") - strlen(KEY_SUFFIX));
            name[kept++] = arena_text(arena, path);
        }
        *out = name;
        *out_count = kept;
    }
    disk_close(disk);
    return ok;
}
