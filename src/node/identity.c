#include "node/identity.h"

#include "crypto/sign.h"
#include "node/keyring_inside.h"
#include "node/unlock.h"
#include "sys/entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define SUFFIX ".age"
#define FILE_BYTES 4096u /* an identity has 75, age-keygen's comments 110, a passphrase 180 */

/* --- what is in a file --- */

bool identity_parse(struct age_identity *out, struct span text, struct err *err)
{
    struct age_identity found;
    struct span line;
    size_t count = 0;
    bool ok = true;

    while (ok && text.len > 0) {
        ok = span_cut(&text, '\n', &line) ||
             err_set(err, ERR_MALFORMED, "identity file: line not ended");
        if (!ok || line.len == 0 || line.at[0] == '#')
            continue;
        ok = count++ == 0 ? age_identity_parse(&found, line, err)
                          : err_set(err, ERR_MALFORMED, "identity file: more than one identity");
    }
    if (ok && count == 0)
        ok = err_set(err, ERR_MALFORMED, "identity file: no identity");
    if (ok)
        *out = found;
    sign_wipe(&found, sizeof found);
    return ok;
}

static struct span text_of(const struct age_identity *identity, struct arena *arena)
{
    const struct age_recipient recipient = age_identity_recipient(identity);
    struct buf buf = buf_in(arena, FILE_BYTES);

    buf_reserve(&buf, FILE_BYTES); /* so that no copy is left behind */
    buf_printf(&buf, "# public key: %.*s\n", SPAN_ARG(age_recipient_text(&recipient, arena)));
    age_identity_put(&buf, identity);
    buf_byte(&buf, '\n');
    assert(!buf.full);
    return buf_span(&buf);
}

static void wipe_text(struct span text)
{
    sign_wipe((void *)(uintptr_t)text.at, text.len);
}

void identity_make(struct age_identity *out)
{
    entropy_fill(out->secret, sizeof out->secret);
}

/* --- files --- */

/* The descriptor, or -1. */
static int open_identity(const char *path, const char *whose, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        err_set(err, ERR_MISSING, "%s has no identity here to read with: sulh key reader makes one",
                whose);
    else if (fd < 0)
        err_errno(err, "open %s", path);
    return fd;
}

/* Whether somebody may be asked for a passphrase. */
enum asking { MAY_ASK, MAY_NOT_ASK };

static bool parse_under(struct age_identity *out, struct span file, const char *whose,
                        struct err *err)
{
    struct arena arena = {0};
    struct buf plain = buf_in(&arena, FILE_BYTES);
    bool ok = unlock_age(&plain, file, whose, err) && identity_parse(out, buf_span(&plain), err);

    wipe_text(buf_span(&plain));
    arena_free(&arena);
    return ok;
}

static bool parse_file(struct age_identity *out, struct span file, const char *whose,
                       enum asking asking, struct err *err)
{
    if (!age_is_file(file))
        return identity_parse(out, file, err);
    return asking == MAY_ASK ? parse_under(out, file, whose, err)
                             : err_set(err, ERR_REFUSED, "is under a passphrase");
}

static bool read_identity(struct age_identity *out, int fd, const char *path, const char *whose,
                          enum asking asking, struct err *err)
{
    uint8_t text[FILE_BYTES + 1];
    ssize_t n = pread(fd, text, sizeof text, 0);
    bool ok = n >= 0 || err_errno(err, "read");

    if (ok && (size_t)n > FILE_BYTES)
        ok = err_set(err, ERR_LIMIT, "identity file: more than %u bytes", FILE_BYTES);
    ok = ok && parse_file(out, span_make(text, (size_t)n), whose, asking, err);
    sign_wipe(text, sizeof text);
    return ok || err_wrap(err, "%s", path);
}

bool identity_read_file(struct age_identity *out, const char *path, struct err *err)
{
    int fd = open_identity(path, path, err);
    bool ok = fd >= 0 && read_identity(out, fd, path, path, MAY_ASK, err);

    if (fd >= 0)
        close(fd);
    return ok;
}

bool identity_path(const char **out, const char *directory, const char *name, struct arena *arena,
                   struct err *err)
{
    return keyring_path_of(out, directory, name, SUFFIX, arena, err);
}

static bool read_beside(struct age_identity *out, const char *directory, const char *name,
                        enum asking asking, struct err *err)
{
    struct arena arena = {0};
    const char *path;
    int fd = -1;
    bool ok = identity_path(&path, directory, name, &arena, err) &&
              (fd = open_identity(path, name, err)) >= 0 && keyring_check_private(fd, path, err) &&
              read_identity(out, fd, path, name, asking, err);

    if (fd >= 0)
        close(fd);
    arena_free(&arena);
    return ok;
}

bool identity_read(struct age_identity *out, const char *directory, const char *name,
                   struct err *err)
{
    return read_beside(out, directory, name, MAY_ASK, err);
}

bool identity_read_open(struct age_identity *out, const char *directory, const char *name,
                        struct err *err)
{
    return read_beside(out, directory, name, MAY_NOT_ASK, err);
}

bool identity_is_open(const char *path)
{
    uint8_t text[FILE_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof text, 0);
    bool is_open = n >= 0 && !age_is_file(span_make(text, (size_t)n));

    sign_wipe(text, sizeof text);
    if (fd >= 0)
        close(fd);
    return is_open;
}

bool identity_write(const char *directory, const char *name, const struct age_identity *identity,
                    struct err *err)
{
    struct arena arena = {0};
    struct span text = text_of(identity, &arena);
    const char *path;
    bool ok = identity_path(&path, directory, name, &arena, err) &&
              keyring_put(directory, path, name, text, err);

    wipe_text(text);
    arena_free(&arena);
    return ok;
}

bool identity_write_file(const char *path, const struct age_identity *identity, struct err *err)
{
    struct arena arena = {0};
    struct span text = text_of(identity, &arena);
    bool ok = keyring_put_file(path, path, text, err);

    wipe_text(text);
    arena_free(&arena);
    return ok;
}

static bool seal(struct span *text, const struct passphrase *under, struct arena *arena,
                 struct err *err)
{
    struct buf file = buf_in(arena, FILE_BYTES);
    struct age_seed seed;

    entropy_fill(seed.bytes, sizeof seed.bytes);
    bool ok = age_encrypt_under(&file, passphrase_span(under), *text, &seed, err);
    sign_wipe(&seed, sizeof seed);
    *text = buf_span(&file);
    return ok;
}

bool identity_rewrite(const char *path, const struct age_identity *identity,
                      const struct passphrase *under, struct err *err)
{
    struct arena arena = {0};
    struct span open = text_of(identity, &arena), text = open;
    bool ok = (!under || seal(&text, under, &arena, err)) && keyring_replace(path, path, text, err);

    wipe_text(open);
    arena_free(&arena);
    return ok;
}
