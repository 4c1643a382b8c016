#include "node/keyring_inside.h"

#include "node/unlock.h"
#include "sys/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

bool keyring_path_of(const char **out, const char *directory, const char *name, const char *suffix,
                     struct arena *arena, struct err *err)
{
    if (!check_name(name, err))
        return false;
    *out = arena_printf(arena, "%s/" KEY_FOLDER "%s%s", directory, name, suffix);
    return true;
}

bool keyring_path(const char **out, const char *directory, const char *name, struct arena *arena,
                  struct err *err)
{
    return keyring_path_of(out, directory, name, KEY_SUFFIX, arena, err);
}

/* --- what is in a file --- */

bool keyring_parse(struct key_file *out, int fd, const char *path, struct err *err)
{
    uint8_t text[KEY_FILE_BYTES];
    ssize_t n = pread(fd, text, sizeof text, 0);
    bool ok =
        n >= 0 ? key_file_parse(out, span_make(text, (size_t)n), err) : err_errno(err, "read");

    sign_wipe(text, sizeof text);
    return ok || err_wrap(err, "%s", path);
}

bool keyring_unlock(struct note_signer *out, const struct key_file *file, const char *path,
                    struct err *err)
{
    if (file->is_sealed)
        return unlock_key(out, file, err) || err_wrap(err, "%s", path);
    *out = file->signer;
    return true;
}

static bool read_key(struct note_signer *out, int fd, const char *path, struct err *err)
{
    struct key_file file = {0};
    bool ok = keyring_parse(&file, fd, path, err) && keyring_unlock(out, &file, path, err);

    key_file_wipe(&file);
    return ok;
}

static bool check_is(const struct note_signer *signer, const char *name, const char *path,
                     struct err *err)
{
    return strcmp(signer->name, name) == 0 ||
           err_set(err, ERR_MALFORMED, "%s holds the key %s: it must hold %s", path, signer->name,
                   name);
}

/* A key of either type is given out by keyring_read alone. */
static bool check_signs(const struct note_signer *signer, const char *path, struct err *err)
{
    return signer->type == NOTE_TYPE_ED25519 ||
           err_set(err, ERR_REFUSED, "%s: a witness's key: it cosigns, and signs no records", path);
}

static bool give_or_wipe(struct note_signer *out, struct note_signer *signer, bool ok)
{
    if (ok)
        *out = *signer;
    sign_secret_wipe(&signer->secret);
    return ok;
}

/* --- opening files --- */

bool keyring_check_private(int fd, const char *path, struct err *err)
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
    if (fd < 0 || keyring_check_private(fd, path, err))
        return fd;
    close(fd);
    return -1;
}

int keyring_open(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        err_errno(err, "open %s", path);
    return fd;
}

bool keyring_hold_open(int fd, const char *name, struct err *err)
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

/* --- reading --- */

bool keyring_read_file(struct note_signer *out, const char *path, struct err *err)
{
    int fd = keyring_open(path, err);
    bool ok = fd >= 0 && read_key(out, fd, path, err);

    if (fd >= 0)
        close(fd);
    return ok;
}

bool keyring_hold_file(struct note_signer *out, int *out_fd, const char *path, struct err *err)
{
    struct note_signer signer = {0};
    int fd = keyring_open(path, err);
    bool ok = fd >= 0 && keyring_hold_open(fd, path, err) && read_key(&signer, fd, path, err) &&
              check_signs(&signer, path, err);

    return give_or_close(out_fd, fd, give_or_wipe(out, &signer, ok));
}

bool keyring_hold(struct note_signer *out, int *out_fd, const char *directory, const char *name,
                  struct err *err)
{
    struct arena arena = {0};
    struct note_signer signer = {0};
    const char *path;
    int fd = -1;
    bool ok = keyring_path(&path, directory, name, &arena, err) &&
              (fd = open_key(path, name, err)) >= 0 && keyring_hold_open(fd, name, err) &&
              read_key(&signer, fd, path, err) && check_is(&signer, name, path, err) &&
              check_signs(&signer, path, err);

    arena_free(&arena);
    return give_or_close(out_fd, fd, give_or_wipe(out, &signer, ok));
}

bool keyring_read(struct note_signer *out, const char *directory, const char *name, struct err *err)
{
    struct arena arena = {0};
    struct note_signer signer = {0};
    const char *path;
    int fd = -1;
    bool ok = keyring_path(&path, directory, name, &arena, err) &&
              (fd = open_key(path, name, err)) >= 0 && read_key(&signer, fd, path, err) &&
              check_is(&signer, name, path, err);

    if (fd >= 0)
        close(fd);
    arena_free(&arena);
    return give_or_wipe(out, &signer, ok);
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
