#include "node/inside.h"

#include "codec/hex.h"
#include "codec/json.h"
#include "net/http_client.h"
#include "node/keyring.h"
#include "record/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOLDER_PATIENCE_NS UINT64_C(5000000000) /* a short command ends, a server starts */
#define HOLDER_WAIT_US 20000u
#define HOLDER_ANSWER_S 10u /* it may be writing a large batch */

static char *path_in(const struct node *node, const char *name, struct arena *arena)
{
    return arena_printf(arena, "%s/%s", node->directory, name);
}

/* The socket's file alone says nothing: a server that was killed leaves it behind. */
static bool holder_answers(struct node *node)
{
    struct arena arena = {0};
    struct http_call call = {
        .url = "http://node/checkpoint",
        .socket_path = path_in(node, "socket", &arena),
        .method = "GET",
        .limit = LIMIT_CHECKPOINT_BYTES,
        .timeout_s = HOLDER_ANSWER_S,
    };
    struct http_reply reply;
    struct err none = {0};
    bool answered = http_do(&call, &reply, &arena, &none);

    arena_free(&arena);
    return answered;
}

/* True when this process holds the directory, or (*held false) another does and serves. */
static bool take_hold(struct node *node, bool *held, struct err *err)
{
    uint64_t start = clock_ticks_ns();

    do {
        struct err busy = {0};

        *held = disk_lock(node->world.disk, &busy);
        if (*held || (busy.kind == ERR_CONFLICT && holder_answers(node)))
            return true;
        if (busy.kind != ERR_CONFLICT) {
            *err = busy;
            return false;
        }
        usleep(HOLDER_WAIT_US);
    } while (clock_ticks_ns() - start < HOLDER_PATIENCE_NS);
    return err_set(err, ERR_CONFLICT,
                   "another process is at work in it and no server answers at its socket: try "
                   "again when that has ended");
}

static bool holder_key(void *context, const char *name, struct note_signer *out, struct err *err)
{
    struct node *node = context;

    return keyring_read(out, node->directory, name, err);
}

bool node_key(const struct node *node, const char *name, struct note_signer *out, struct err *err)
{
    return node->world.key(node->world.context, name, out, err);
}

const struct note_signer *node_own_key(const struct node *node)
{
    return node->journal ? &node->own : NULL;
}

/* A key that the settings do not name is not wanted. */
static bool read_signer(struct node *node, const char *name, uint8_t type, struct note_signer *out,
                        struct err *err)
{
    if (!name[0])
        return true;
    if (!node_key(node, name, out, err))
        return false;
    return out->type == type ||
           err_set(err, ERR_MALFORMED, "the key %s cannot %s: it is of another type", name,
                   type == NOTE_TYPE_COSIGNATURE ? "cosign" : "sign");
}

static bool read_signers(struct node *node, struct err *err)
{
    const struct settings *settings = &node->settings;

    return read_signer(node, settings->name, NOTE_TYPE_ED25519, &node->own, err) &&
           read_signer(node, settings->promise, NOTE_TYPE_ED25519, &node->promise, err) &&
           read_signer(node, settings->witness, NOTE_TYPE_COSIGNATURE, &node->witness, err);
}

static bool start_log_process(struct node *node, struct err *err)
{
    struct note_signer *const others[] = {&node->own, &node->promise, &node->witness};
    const struct log_process_options options = {.directory = node->directory,
                                                .name = node->settings.origin,
                                                .forget = others,
                                                .forget_count = ARRAY_LEN(others)};

    if (!log_process_open(&node->log_process, &options, err))
        return false;
    node->log_signer = log_process_signer(node->log_process);
    return true;
}

/* The other keys before the log's: a passphrase that is theirs as well is asked for once. */
static bool take_keys(struct node *node, bool apart, struct err *err)
{
    if (!read_signers(node, err))
        return false;
    if (!node_keeps(node))
        return true;
    if (apart)
        return start_log_process(node, err);
    if (!read_signer(node, node->settings.origin, NOTE_TYPE_ED25519, &node->log, err))
        return false;
    node->log_here = (struct log_signer_here){.disk = node->world.disk, .key = &node->log};
    node->log_signer = log_signer_in(&node->log_here);
    return true;
}

static bool open_journal(struct node *node, const struct journal_view *view,
                         const struct journal_progress *progress, struct err *err)
{
    struct journal_options options = {
        .disk = node->world.disk,
        .store = node->world.store,
        .clock = node->world.clock,
        .keys = &node->keys,
        .node = &node->own,
        .agreement = node->settings.agreement,
    };

    if (node_keeps(node)) {
        options.log = &node->log_signer;
        options.promise = &node->promise;
        options.cosign = cosign_gather;
        options.cosign_context = node;
    }
    if (view)
        options.view = *view;
    if (progress)
        options.progress = *progress;
    if (!journal_open(&node->journal, &options, err))
        return false;
    node->parts = journal_parts(node->journal);
    return true;
}

static bool open_store(struct node *node, struct err *err)
{
    struct arena arena = {0};
    const char *path = path_in(node, "store.db", &arena);
    bool ok = store_open(&node->world.store, arena_printf(&arena, "sqlite:%s", path), err);

    arena_free(&arena);
    return ok;
}

static bool read_settings(struct node *node, struct err *err)
{
    return settings_read(&node->settings, node->world.disk, err) &&
           log_keys_read(&node->keys, node->world.disk, err);
}

/* Whoever keeps the log appends at once; but what waited when it took over must not be lost. */
static bool open_outbox(struct node *node, struct err *err)
{
    const struct outbox_options options = {.disk = node->world.disk};

    return outbox_open(&node->outbox, &options, clock_now_ms(node->world.clock), err);
}

/* What is the same in a directory and in a given world. */
static bool open_all(struct node *node, bool held, const struct journal_view *view,
                     const struct journal_progress *progress, struct err *err)
{
    return (held ? open_journal(node, view, progress, err)
                 : parts_open_read(&node->parts, node->world.disk, err)) &&
           store_reader_open(node->world.store, &node->reader, err) &&
           (!held || (open_outbox(node, err) && term_begin(node, err)));
}

static struct node *node_new(void)
{
    struct node *node = calloc(1, sizeof *node);

    if (!node)
        abort();
    return node;
}

static bool open_directory(struct node **out, const char *directory, bool apart,
                           const struct journal_view *view, const struct journal_progress *progress,
                           struct err *err)
{
    struct node *node = node_new();
    bool held = false;

    node->world.clock = clock_system();
    node->world.key = holder_key;
    node->world.context = node;
    int len = snprintf(node->directory, sizeof node->directory, "%s", directory);
    bool ok = (size_t)len < sizeof node->directory ||
              err_set(err, ERR_LIMIT, "the directory's path is too long");
    ok = ok && disk_open(&node->world.disk, directory, false, err);
    ok = ok && read_settings(node, err) && take_hold(node, &held, err) &&
         (!held || take_keys(node, apart, err)) && open_store(node, err) &&
         open_all(node, held, view, progress, err);
    if (ok)
        *out = node;
    else
        node_close(node);
    return ok || err_wrap(err, "%s", directory);
}

bool node_open(struct node **out, const char *directory, const struct journal_view *view,
               const struct journal_progress *progress, struct err *err)
{
    return open_directory(out, directory, false, view, progress, err);
}

bool node_open_server(struct node **out, const char *directory, const struct journal_view *view,
                      const struct journal_progress *progress, struct err *err)
{
    return open_directory(out, directory, true, view, progress, err);
}

bool node_open_in(struct node **out, const struct node_world *world,
                  const struct journal_view *view, struct err *err)
{
    struct node *node = node_new();

    node->world = *world;
    bool ok = read_settings(node, err) && take_keys(node, false, err) &&
              open_all(node, true, view, NULL, err);
    if (ok)
        *out = node;
    else
        node_close(node);
    return ok;
}

void node_close(struct node *node)
{
    if (!node)
        return;
    node_part(node);
    store_reader_close(node->reader);
    if (!node->journal)
        parts_close(node->parts);
    outbox_close(node->outbox);
    journal_close(node->journal);
    log_process_close(node->log_process);
    if (node->directory[0]) {
        store_close(node->world.store);
        disk_close(node->world.disk);
    }
    sign_secret_wipe(&node->own.secret);
    sign_secret_wipe(&node->log.secret);
    sign_secret_wipe(&node->promise.secret);
    sign_secret_wipe(&node->witness.secret);
    free(node);
}

bool node_holds(const struct node *node)
{
    return node->journal != NULL;
}

bool node_keeps(const struct node *node)
{
    return node->settings.origin[0] != '\0';
}

struct clock node_clock(const struct node *node)
{
    return node->world.clock;
}

const char *node_directory(const struct node *node)
{
    return node->directory;
}

const struct settings *node_settings(const struct node *node)
{
    return &node->settings;
}

/* .invalid is reserved for what must never be taken for real (RFC 2606). */
bool node_is_demo(const struct node *node)
{
    return span_starts_with(span_of(node->settings.agreement), SPAN_LIT("demo.invalid/"));
}

const struct log_keys *node_log_keys(const struct node *node)
{
    return node->journal ? journal_keys(node->journal) : &node->keys;
}

struct disk *node_disk(struct node *node)
{
    return node->world.disk;
}

struct store *node_store(struct node *node)
{
    return node->world.store;
}

struct parts *node_parts(struct node *node)
{
    return node->parts;
}

struct journal *node_journal(struct node *node)
{
    return node->journal;
}

struct store_reader *node_reader(struct node *node)
{
    return node->reader;
}

/* Whoever holds the node may have followed into another term since this process read its keys:
 * those are written before the first checkpoint that needs them. */
static bool open_checkpoint(struct node *node, struct checkpoint *out, struct span bytes,
                            struct arena *arena, struct err *err)
{
    struct err unknown = {0};
    struct note note;

    if (log_keys_open(node_log_keys(node), out, &note, bytes, arena, &unknown))
        return true;
    if (unknown.kind == ERR_MISSING && !node->journal)
        return log_keys_read(&node->keys, node->world.disk, err) &&
               log_keys_open(&node->keys, out, &note, bytes, arena, err);
    *err = unknown;
    return false;
}

bool node_checkpoint(struct node *node, struct checkpoint *out, struct span *out_note,
                     struct arena *arena, struct err *err)
{
    struct err missing = {0};

    *out = (struct checkpoint){.root = hash_of((struct span){0})};
    *out_note = (struct span){0};
    if (log_reader_checkpoint(node->world.disk, out_note, arena, &missing))
        return open_checkpoint(node, out, *out_note, arena, err);
    if (missing.kind == ERR_MISSING)
        return true;
    *err = missing;
    return false;
}

static bool public_part(const struct record *record, struct part *out)
{
    for (size_t i = 0; part_at(record->body, i, out); i++)
        if (out->tier == TIER_PUBLIC && out->media.len == 0)
            return true;
    return false;
}

/* The bytes that open the commitment. They are their author's: whatever they are, it is no
 * fault of ours. */
static bool find_part(struct parts *parts, const struct part *part, struct span *out,
                      bool *out_here, struct arena *arena, struct err *err)
{
    struct hash hash;
    struct span stored;
    struct err gone = {0};

    *out_here = hex_parse(hash.bytes, sizeof hash.bytes, part->stored) &&
                parts_get(parts, &hash, &stored, arena, &gone) && part_open(part, stored, out);
    if (gone.kind == ERR_NONE || gone.kind == ERR_MISSING || gone.kind == ERR_CONFLICT)
        return true;
    *err = gone;
    return false;
}

bool node_public(struct parts *parts, const struct record *record, struct json *out, bool *out_here,
                 struct arena *arena, struct err *err)
{
    const struct kind *kind = kind_find(record->kind, record->version);
    struct part part;
    struct span bytes;
    struct err unfit = {0};

    *out = json_object();
    *out_here = true;
    if (!public_part(record, &part))
        return true;
    if (!find_part(parts, &part, &bytes, out_here, arena, err))
        return false;
    *out_here = *out_here && kind && kind_check_part(kind, TIER_PUBLIC, bytes, arena, &unfit) &&
                json_parse_canonical(out, bytes, arena, &unfit);
    return true;
}
