#include "node/unlock.h"

#include "codec/age.h"
#include "node/passphrase.h"

#include <pthread.h>

#define REMEMBERED_FILES 16u /* a node opens four, a command one more */

static struct {
    pthread_mutex_t lock;
    struct passphrase last;
    struct {
        uint8_t salt[SECRETBOX_SALT_BYTES];
        struct secretbox_cost cost;
        struct secretbox_key key;
    } file[REMEMBERED_FILES];
    size_t count; /* of files remembered so far; the oldest makes room */
} memory = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void remember(const struct key_file *file, const struct secretbox_key *key)
{
    size_t at = memory.count++ % REMEMBERED_FILES;

    memcpy(memory.file[at].salt, file->salt, sizeof file->salt);
    memory.file[at].cost = file->cost;
    memory.file[at].key = *key;
}

static bool same_work(size_t at, const struct key_file *file)
{
    return memcmp(memory.file[at].salt, file->salt, sizeof file->salt) == 0 &&
           memory.file[at].cost.passes == file->cost.passes &&
           memory.file[at].cost.memory_kib == file->cost.memory_kib;
}

static bool open_remembered(struct note_signer *out, const struct key_file *file)
{
    struct err ignored;

    for (size_t i = 0; i < memory.count && i < REMEMBERED_FILES; i++)
        if (same_work(i, file) && key_file_unseal(out, file, &memory.file[i].key, &ignored))
            return true;
    return false;
}

static bool try_passphrase(struct note_signer *out, const struct key_file *file,
                           const struct passphrase *passphrase, struct err *err)
{
    struct secretbox_key key;
    bool ok = secretbox_key_of(&key, passphrase_span(passphrase), file->salt, file->cost) ||
              err_set(err, ERR_LIMIT, "opening %s takes %" PRIu32 " MiB of memory: there is less",
                      file->key.name, file->cost.memory_kib / 1024);

    ok = ok && key_file_unseal(out, file, &key, err);
    if (ok)
        remember(file, &key);
    sign_wipe(&key, sizeof key);
    return ok;
}

static bool ask(struct note_signer *out, const struct key_file *file, struct err *err)
{
    struct passphrase passphrase = {0};
    bool ok = passphrase_ask(&passphrase, file->key.name, err) &&
              try_passphrase(out, file, &passphrase, err);

    if (ok)
        memory.last = passphrase;
    passphrase_wipe(&passphrase);
    return ok;
}

bool unlock_key(struct note_signer *out, const struct key_file *file, struct err *err)
{
    struct err ignored;

    assert(file->is_sealed);
    pthread_mutex_lock(&memory.lock);
    bool ok = open_remembered(out, file) ||
              (memory.last.len && try_passphrase(out, file, &memory.last, &ignored)) ||
              ask(out, file, err);
    pthread_mutex_unlock(&memory.lock);
    return ok;
}

static bool ask_age(struct buf *out, struct span file, const char *name, struct err *err)
{
    struct passphrase passphrase = {0};
    bool ok = passphrase_ask(&passphrase, name, err) &&
              age_decrypt_under(out, passphrase_span(&passphrase), file, err);

    if (ok)
        memory.last = passphrase;
    passphrase_wipe(&passphrase);
    return ok;
}

bool unlock_age(struct buf *out, struct span file, const char *name, struct err *err)
{
    struct err ignored = {0};

    pthread_mutex_lock(&memory.lock);
    bool ok = (memory.last.len &&
               age_decrypt_under(out, passphrase_span(&memory.last), file, &ignored)) ||
              ask_age(out, file, name, err);
    pthread_mutex_unlock(&memory.lock);
    return ok;
}

void unlock_forget(void)
{
    pthread_mutex_lock(&memory.lock);
    passphrase_wipe(&memory.last);
    sign_wipe(memory.file, sizeof memory.file);
    memory.count = 0;
    pthread_mutex_unlock(&memory.lock);
}
