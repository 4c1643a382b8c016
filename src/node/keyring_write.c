#include "node/keyring_inside.h"

#include "sys/entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Key files, written: the bytes, the file and the names of the directories it stands in are on
 * the disk before anybody is told that there is a key. */

void keyring_make(struct note_signer *out, const char *name)
{
    uint8_t seed[SIGN_SEED_BYTES];

    entropy_fill(seed, sizeof seed);
    note_signer_make(out, span_of(name), NOTE_TYPE_ED25519, seed);
    sign_wipe(seed, sizeof seed);
}

/* --- what is written --- */

struct text {
    struct arena arena;
    struct span bytes;
};

static void wipe_text(struct text *text)
{
    sign_wipe((void *)(uintptr_t)text->bytes.at, text->bytes.len);
    arena_free(&text->arena);
}

static bool seal(struct key_file *out, const struct note_signer *signer,
                 const struct passphrase *under, struct err *err)
{
    struct secretbox_key key;

    out->cost = KEY_FILE_COST;
    entropy_fill(out->salt, sizeof out->salt);
    entropy_fill(out->nonce, sizeof out->nonce);
    bool ok = secretbox_key_of(&key, passphrase_span(under), out->salt, out->cost) ||
              err_set(err, ERR_LIMIT, "to encrypt a key takes %" PRIu32 " MiB of memory",
                      out->cost.memory_kib / 1024);
    if (ok)
        key_file_seal(out, signer, &key);
    sign_wipe(&key, sizeof key);
    return ok;
}

static void put_text(struct text *out, const struct key_file *file)
{
    struct buf buf = buf_in(&out->arena, KEY_FILE_BYTES);

    key_file_put(&buf, file);
    assert(!buf.full);
    out->bytes = buf_span(&buf);
}

static bool text_of(struct text *out, const struct note_signer *signer,
                    const struct passphrase *under, struct err *err)
{
    struct key_file file = {0};

    if (under && !seal(&file, signer, under, err))
        return false;
    if (!under)
        key_file_plain(&file, signer);
    put_text(out, &file);
    key_file_wipe(&file);
    return true;
}

/* --- files --- */

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

/* The name of the file alone. */
static bool sync_name(const char *path, struct err *err)
{
    struct arena arena = {0};
    char *directory = arena_printf(&arena, "%s", path), *slash = strrchr(directory, '/');

    if (slash)
        slash[slash == directory] = '\0';
    bool ok = sync_directory(slash ? directory : ".", err);
    arena_free(&arena);
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

static bool write_new(const char *path, const char *name, struct span bytes, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return errno == EEXIST
                   ? err_set(err, ERR_CONFLICT, "there is a key %s already: %s", name, path)
                   : err_errno(err, "make %s", path);
    bool ok = write_all(fd, bytes, path, err);
    close(fd);
    if (!ok)
        unlink(path); /* half a key is none, and would stand in the way of a whole one */
    return ok;
}

bool keyring_put(const char *directory, const char *path, const char *name, struct span bytes,
                 struct err *err)
{
    struct arena arena = {0};
    char *copy = arena_printf(&arena, "%s", path);
    bool ok = make_directories(copy, err) && write_new(path, name, bytes, err) &&
              sync_names(directory, copy, err);

    arena_free(&arena);
    return ok;
}

bool keyring_put_file(const char *path, const char *name, struct span bytes, struct err *err)
{
    return write_new(path, name, bytes, err) && sync_name(path, err);
}

static bool put_in(const char *directory, const char *name, struct span bytes, struct err *err)
{
    struct arena arena = {0};
    const char *path;
    bool ok = keyring_path(&path, directory, name, &arena, err) &&
              keyring_put(directory, path, name, bytes, err);

    arena_free(&arena);
    return ok;
}

/* --- new files --- */

bool keyring_write_under(const char *directory, const struct note_signer *signer,
                         const struct passphrase *under, struct err *err)
{
    struct text text = {0};
    bool ok =
        text_of(&text, signer, under, err) && put_in(directory, signer->name, text.bytes, err);

    wipe_text(&text);
    return ok;
}

bool keyring_write(const char *directory, const struct note_signer *signer, struct err *err)
{
    return keyring_write_under(directory, signer, NULL, err);
}

bool keyring_write_file(const char *path, const struct note_signer *signer,
                        const struct passphrase *under, struct err *err)
{
    struct text text = {0};
    bool ok =
        text_of(&text, signer, under, err) && keyring_put_file(path, signer->name, text.bytes, err);

    wipe_text(&text);
    return ok;
}

/* As it is; but first opened, so that one that cannot be is found now. */
bool keyring_copy(struct note_signer *out, const char *path, const char *directory, struct err *err)
{
    struct arena arena = {0};
    struct buf text = buf_in(&arena, KEY_FILE_BYTES);
    struct key_file file = {0};
    struct note_signer signer = {0};
    int fd = keyring_open(path, err);
    bool ok =
        fd >= 0 && keyring_parse(&file, fd, path, err) && keyring_unlock(&signer, &file, path, err);

    if (ok)
        key_file_put(&text, &file);
    struct text written = {arena, buf_span(&text)};
    ok = ok && put_in(directory, signer.name, written.bytes, err);
    if (ok)
        *out = signer;
    if (fd >= 0)
        close(fd);
    wipe_text(&written);
    key_file_wipe(&file);
    sign_secret_wipe(&signer.secret);
    return ok;
}

/* --- in place of a file --- */

static bool check_holds(const struct key_file *file, const struct note_signer *signer,
                        const char *path, struct err *err)
{
    const struct note_key key = note_signer_key(signer);

    return note_key_equal(&file->key, &key) ||
           err_set(err, ERR_CONFLICT, "%s holds another key by now", path);
}

bool keyring_replace(const char *path, const char *name, struct span bytes, struct err *err)
{
    struct arena arena = {0};
    const char *beside = arena_printf(&arena, "%s.new", path);
    bool ok = write_new(beside, name, bytes, err);

    if (ok && rename(beside, path) != 0) {
        ok = err_errno(err, "put %s in the place of %s", beside, path);
        unlink(beside);
    }
    ok = ok && sync_name(path, err);
    arena_free(&arena);
    return ok;
}

bool keyring_rewrite(const char *path, const struct note_signer *signer,
                     const struct passphrase *under, struct err *err)
{
    struct text text = {0};
    struct key_file file = {0};
    int fd = keyring_open(path, err);
    bool ok = fd >= 0 && keyring_hold_open(fd, path, err) && keyring_parse(&file, fd, path, err) &&
              check_holds(&file, signer, path, err) && text_of(&text, signer, under, err) &&
              keyring_replace(path, signer->name, text.bytes, err);

    if (fd >= 0)
        close(fd);
    key_file_wipe(&file);
    wipe_text(&text);
    return ok;
}
