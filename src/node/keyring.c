#include "node/keyring.h"

#include "sys/disk.h"
#include "sys/entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_FILE_BYTES 512u /* "PRIVATE+KEY+", a name, an id, 44 characters of base64 */
#define KEY_FOLDER "keys/"
#define KEY_SUFFIX ".key"

/* format §1.1 lets a part of a name be "..". */
static bool check_name(const char *name, struct err *err)
{
    bool dotted = name[0] == '.' || strstr(name, "/.");

    return (note_name_valid(span_of(name)) && !dotted) ||
           err_set(err, ERR_USAGE,
                   "\"%s\" cannot name a key: it must be of a-z 0-9 . _ - and single / between, "
                   "no part beginning with a dot",
                   name);
}

static char *key_path(const char *directory, const char *name, struct arena *arena)
{
    return arena_printf(arena, "%s/" KEY_FOLDER "%s" KEY_SUFFIX, directory, name);
}

/* --- writing --- */

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

static bool sync_directory(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = (fd >= 0 && fsync(fd) == 0) || err_errno(err, "sync %s", path);

    if (fd >= 0)
        close(fd);
    return ok;
}

/* The names of the file and of the directories that it stands in. */
static bool sync_names(const char *directory, char *path, struct err *err)
{
    bool ok = true;

    while (ok && strlen(path) > strlen(directory)) {
        *strrchr(path, '/') = '\0';
        ok = sync_directory(path, err);
    }
    return ok;
}

static bool write_all(int fd, struct span bytes, const char *path, struct err *err)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.at, bytes.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, "write %s", path);
        bytes = span_from(bytes, (size_t)n);
    }
    return fsync(fd) == 0 || err_errno(err, "sync %s", path);
}

static bool write_new(const char *path, const char *name, const char *line, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return errno == EEXIST ? err_set(err, ERR_CONFLICT, "there is a key %s already", name)
                               : err_errno(err, "make %s", path);
    bool ok = write_all(fd, span_of(line), path, err) && write_all(fd, SPAN_LIT("\n"), path, err);
    close(fd);
    if (!ok)
        unlink(path); /* half a key is none, and would stand in the way of a whole one */
    return ok;
}

bool keyring_write(const char *directory, const struct note_signer *signer, struct err *err)
{
    struct arena arena = {0};
    char *path = key_path(directory, signer->name, &arena);
    char *line = note_signer_text(signer, &arena);
    bool ok = check_name(signer->name, err) && make_directories(path, err) &&
              write_new(path, signer->name, line, err) && sync_names(directory, path, err);

    sign_wipe(line, strlen(line));
    arena_free(&arena);
    return ok;
}

/* --- reading --- */

static bool parse_key(struct note_signer *out, struct span text, struct err *err)
{
    struct span line;

    if (!span_cut(&text, '\n', &line) || text.len)
        return err_set(err, ERR_MALFORMED, "not a key file: it must be one line, PRIVATE+KEY+…");
    if (!note_signer_parse(out, line, err))
        return false;
    return out->type == NOTE_TYPE_ED25519 ||
           err_set(err, ERR_REFUSED, "a witness's key: it cosigns, and signs no records");
}

static bool read_key(struct note_signer *out, int fd, const char *path, struct err *err)
{
    char text[KEY_FILE_BYTES];
    struct note_signer signer = {0};
    ssize_t n = pread(fd, text, sizeof text, 0);
    bool ok = n >= 0 ? parse_key(&signer, span_make(text, (size_t)n), err) : err_errno(err, "read");

    if (ok)
        *out = signer;
    sign_wipe(text, sizeof text);
    sign_secret_wipe(&signer.secret);
    return ok || err_wrap(err, "%s", path);
}

static bool read_key_of(struct note_signer *out, int fd, const char *name, const char *path,
                        struct err *err)
{
    struct note_signer signer = {0};
    bool ok = read_key(&signer, fd, path, err);

    if (ok && strcmp(signer.name, name) != 0)
        ok = err_set(err, ERR_MALFORMED, "%s holds the key %s: it must hold %s", path, signer.name,
                     name);
    if (ok)
        *out = signer;
    sign_secret_wipe(&signer.secret);
    return ok;
}

static bool check_private(int fd, const char *path, struct err *err)
{
    struct stat st;

    if (fstat(fd, &st))
        return err_errno(err, "stat %s", path);
    return (st.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
           err_set(err, ERR_REFUSED, "%s is open to others: chmod 600 it, or revoke the key", path);
}

/* The descriptor, or -1. */
static int open_key(const char *path, const char *name, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        err_set(err, ERR_MISSING, "no key \"%s\" here: sulh key list shows those there are", name);
    else if (fd < 0)
        err_errno(err, "open %s", path);
    if (fd < 0 || check_private(fd, path, err))
        return fd;
    close(fd);
    return -1;
}

static bool hold(int fd, const char *name, struct err *err)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    return errno == EWOULDBLOCK
               ? err_set(err, ERR_CONFLICT, "another process is signing as %s", name)
               : err_errno(err, "hold %s", name);
}

/* The descriptor goes to the caller when all is well. */
static bool give_or_close(int *out_fd, int fd, bool ok)
{
    if (ok)
        *out_fd = fd;
    else if (fd >= 0)
        close(fd);
    return ok;
}

bool keyring_read_file(struct note_signer *out, const char *path, struct err *err)
{
    int fd;

    if (!keyring_hold_file(out, &fd, path, err))
        return false;
    close(fd);
    return true;
}

bool keyring_hold_file(struct note_signer *out, int *out_fd, const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 || err_errno(err, "open %s", path);

    ok = ok && hold(fd, path, err) && read_key(out, fd, path, err);
    return give_or_close(out_fd, fd, ok);
}

bool keyring_hold(struct note_signer *out, int *out_fd, const char *directory, const char *name,
                  struct err *err)
{
    struct arena arena = {0};
    const char *path = key_path(directory, name, &arena);
    int fd = -1;
    bool ok = check_name(name, err) && (fd = open_key(path, name, err)) >= 0 &&
              hold(fd, name, err) && read_key_of(out, fd, name, path, err);

    arena_free(&arena);
    return give_or_close(out_fd, fd, ok);
}

bool keyring_read(struct note_signer *out, const char *directory, const char *name, struct err *err)
{
    struct arena arena = {0};
    const char *path = key_path(directory, name, &arena);
    int fd = -1;
    bool ok = check_name(name, err) && (fd = open_key(path, name, err)) >= 0 &&
              read_key_of(out, fd, name, path, err);

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
    sign_wipe(seed, sizeof seed);
}

bool keyring_list(const char ***out, size_t *out_count, const char *directory, struct arena *arena,
                  struct err *err)
{
    const size_t folder = strlen(KEY_FOLDER), suffix = strlen(KEY_SUFFIX);
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

            if (span_ends_with(path, SPAN_LIT(KEY_SUFFIX)))
                name[kept++] =
                    arena_text(arena, span_slice(path, folder, path.len - folder - suffix));
        }
        *out = name;
        *out_count = kept;
    }
    disk_close(disk);
    return ok;
}
