#include "node/inside.h"

#include "base/limits.h"
#include "ledger/cosignature.h"
#include "sync/pull.h"

#include <stdio.h>

/* This node as a witness, and the others' cosignatures. */

#define GATHER_PATIENCE_MS 1000u
#define GATHER_AGAIN_MS 1000 /* for lines that did not come in time */
#define PULL_PATIENCE_MS 3000u
#define PLAIN "text/plain; charset=utf-8"

/* --- what the witness asks --- */

static bool pull_from(struct node *node, const char *url, struct span note, struct err *err)
{
    struct source_peer peer = {&node->live->pull, url, PULL_PATIENCE_MS};
    struct source source = source_of_peer(&peer);
    struct pull_result result;

    return pull_log(&result, node->journal, &source, note, err);
}

/* From whoever keeps the log; who else could have a checkpoint that is not published yet? The
 * log here may contradict it, and then no source can help. */
static bool pull_for(struct node *node, struct span note, struct err *err)
{
    size_t keeper = atomic_load(&node->live->keeper);

    if (node_keeps(node))
        return err_set(err, ERR_CONFLICT, "this node keeps the log, and has signed no such size");
    if (keeper == SETTINGS_PEERS)
        return err_set(err, ERR_MISSING, "the settings name no peer that keeps the log");
    return pull_from(node, node->settings.peer[keeper].url, note, err);
}

/* Asked before every cosignature for another, and before none of our own: cosign_turn waits as
 * well. */
static bool hold(void *context, const struct checkpoint *checkpoint, struct span note,
                 struct err *err)
{
    struct node *node = context;
    struct live *live = node->live;
    struct arena arena = {0};
    struct journal_head head;
    bool ok = true;

    if (atomic_load(&live->waits_for) > 0)
        return err_set(err, ERR_IO, "too few of this node's peers have answered yet");
    pthread_mutex_lock(&live->lock);
    journal_head(node->journal, &head, &arena);
    if (head.checkpoint.size < checkpoint->size)
        ok = pull_for(node, note, err);
    journal_head(node->journal, &head, &arena);
    log_reader_resize(live->roots, head.checkpoint.size);
    pthread_mutex_unlock(&live->lock);
    arena_free(&arena);
    return ok;
}

static bool root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct node *node = context;
    struct live *live = node->live;
    struct merkle tree;

    pthread_mutex_lock(&live->lock);
    bool ok = size <= log_reader_size(live->roots) ||
              err_set(err, ERR_MISSING, "size %" PRIu64 " is not held here", size);
    ok = ok && merkle_load(&tree, size, log_reader_hash, live->roots, err);
    if (ok)
        *out = merkle_root(&tree);
    pthread_mutex_unlock(&live->lock);
    return ok;
}

static void keys(void *context, struct log_keys *out)
{
    struct node *node = context;

    pthread_mutex_lock(&node->live->lock);
    *out = *node_log_keys(node);
    pthread_mutex_unlock(&node->live->lock);
}

bool cosign_open(struct node *node, struct err *err)
{
    struct witness_options options = {
        .disk = node->world.disk,
        .signer = &node->witness,
        .clock = node->world.clock,
        .agreement = node->settings.agreement,
        .hold = hold,
        .root = root,
        .keys = keys,
        .context = node,
    };
    struct live *live = node->live;

    for (size_t i = 0; i < node->settings.peer_count; i++)
        live->gather[i].url = node->settings.peer[i].url;
    for (size_t i = 0; i < node->settings.witness_count; i++)
        live->gather[node->settings.peer_count + i].url = node->settings.witnesses[i].url;
    return !node->settings.witness[0] || witness_open(&live->witness, &options, err);
}

void cosign_close(struct node *node)
{
    witness_close(node->live->witness);
}

/* --- lines --- */

bool cosign_merge(struct node *node, struct span note, struct err *err)
{
    struct live *live = node->live;
    struct arena arena = {0};
    struct journal_head head;
    bool ok = true;

    pthread_mutex_lock(&live->lock);
    journal_head(node->journal, &head, &arena);
    struct span merged = witness_merge(&live->set, head.note, note, &arena);
    if (!span_equal(merged, head.note))
        ok = journal_put_lines(node->journal, merged, err);
    pthread_mutex_unlock(&live->lock);
    arena_free(&arena);
    return ok;
}

static bool has_own_line(const struct node *node, struct span bytes, struct arena *arena)
{
    struct note_key own = note_signer_key(&node->witness);
    struct err ignored = {0};
    struct note note;

    return note_parse(&note, bytes, arena, &ignored) && note_find(&note, &own);
}

/* This node's own line on a checkpoint that it holds; the note as it was where it may not. */
static struct span own_line(struct node *node, const struct checkpoint *checkpoint,
                            struct span note, struct arena *arena)
{
    struct err refused = {0};
    struct span line;

    if (!node->live->witness || has_own_line(node, note, arena) ||
        !witness_cosign(node->live->witness, checkpoint, note, &line, arena, &refused))
        return note;
    return witness_merge(&node->live->set, note, line, arena);
}

/* --- witnesses that do not count --- */

static void keep_external(struct live *live, const char *name, uint64_t size, uint64_t seconds)
{
    size_t n = 0;

    pthread_mutex_lock(&live->contacts_lock);
    while (n < live->externals && strcmp(live->external[n].name, name) != 0)
        n++;
    if (n < EXTERNALS) {
        snprintf(live->external[n].name, sizeof live->external[n].name, "%s", name);
        live->external[n].size = size;
        live->external[n].seconds = seconds;
        live->externals += n == live->externals;
    }
    pthread_mutex_unlock(&live->contacts_lock);
}

/* A line of a key that the register knows as that of an external witness. */
static void take_external(struct node *node, const struct note *note, const struct note_line *line,
                          uint64_t size, struct arena *arena)
{
    struct err ignored = {0};
    struct json row;
    struct note_key key;
    uint64_t seconds;

    if (line->name.len > LIMIT_NAME_BYTES)
        return;
    const char *name = arena_text(arena, line->name);
    if (node_row(node, "key", name, &row, arena, &ignored) &&
        span_is(json_get_string(&row, "job", (struct span){0}), "external") &&
        span_is(json_get_string(&row, "state", (struct span){0}), "active") &&
        note_key_parse(&key, json_get_string(&row, "vkey", (struct span){0}), &ignored) &&
        cosignature_verify(&seconds, note->text, line, &key))
        keep_external(node->live, key.name, size, seconds);
}

struct asked {
    struct node *node;
    struct span note;
    uint64_t size;
};

static void seen(void *context, const char *url, struct span lines)
{
    struct asked *asked = context;
    struct arena arena = {0};
    struct buf whole = buf_in(&arena, asked->note.len + lines.len);
    struct err ignored = {0};
    struct note note;

    (void)url;
    buf_put(&whole, asked->note);
    buf_put(&whole, lines);
    if (note_parse(&note, buf_span(&whole), &arena, &ignored))
        for (size_t i = 0; i < note.count; i++)
            take_external(asked->node, &note, &note.line[i], asked->size, &arena);
    arena_free(&arena);
}

bool node_external(struct node *node, size_t n, struct node_external *out)
{
    struct live *live = node->live;

    if (!live)
        return false;
    pthread_mutex_lock(&live->contacts_lock);
    bool there = n < live->externals;
    if (there) {
        memcpy(out->name, live->external[n].name, sizeof out->name);
        out->size = live->external[n].size;
        out->seconds = live->external[n].seconds;
    }
    pthread_mutex_unlock(&live->contacts_lock);
    return there;
}

/* --- asking --- */

static struct span ask_others(struct node *node, struct span note, const struct witness_set *set,
                              uint64_t size, struct arena *arena)
{
    struct live *live = node->live;
    struct asked asked = {node, note, size};
    struct log_reader *reader;
    struct err err = {0};

    if (!log_reader_open(&reader, node->world.disk, size, &err))
        return note;
    struct gather gather = {
        .transport = &live->turn,
        .peer = live->gather,
        .count = node->settings.peer_count + node->settings.witness_count,
        .set = set,
        .patience_ms = GATHER_PATIENCE_MS,
        .lookup = log_reader_hash,
        .lookup_context = reader,
        .seen = seen,
        .seen_context = &asked,
    };
    note = gather_run(&gather, note, arena);
    live->gathered_ms = clock_now_ms(node->world.clock); /* one who never answers is no hold-up */
    log_reader_close(reader);
    return note;
}

/* The tiles of a checkpoint that is not published yet are there already. */
static void hold_unpublished(struct live *live, uint64_t size)
{
    pthread_mutex_lock(&live->lock);
    log_reader_resize(live->roots, size);
    pthread_mutex_unlock(&live->lock);
}

/* Between signing and publishing. */
struct span cosign_gather(void *context, struct span note, struct arena *arena)
{
    struct node *node = context;
    struct checkpoint checkpoint;
    struct note parsed;
    struct err err = {0};

    if (!node->live || node->live->set.count == 0 || atomic_load(&node->live->waits_for) > 0 ||
        !log_keys_open(node_log_keys(node), &checkpoint, &parsed, note, arena, &err))
        return note;
    hold_unpublished(node->live, checkpoint.size);
    note = own_line(node, &checkpoint, note, arena);
    return ask_others(node, note, &node->live->set, checkpoint.size, arena);
}

/* Whoever keeps the log asks again for what did not come in time, until it has all lines. */
static bool ask_again(struct node *node, const struct journal_head *head, struct arena *arena,
                      struct err *err)
{
    struct live *live = node->live;
    struct witness_set *all = ARENA_NEW(arena, struct witness_set);

    if (!node_keeps(node) || witness_count(&live->set, head->note) == live->set.count ||
        !live_due(clock_now_ms(node->world.clock), live->gathered_ms, GATHER_AGAIN_MS))
        return true;
    *all = live->set;
    all->quorum = all->count;
    struct span note = ask_others(node, head->note, all, head->checkpoint.size, arena);
    return span_equal(note, head->note) || cosign_merge(node, note, err);
}

bool cosign_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    struct arena arena = {0};
    struct journal_head head;

    if (!witness_set_read(&live->set, node->reader, err))
        return false;
    journal_head(node->journal, &head, &arena);
    bool ok = true;
    if (live->set.count > 0 && head.checkpoint.size > 0 && atomic_load(&live->waits_for) == 0) {
        struct span note = own_line(node, &head.checkpoint, head.note, &arena);
        ok = (span_equal(note, head.note) || cosign_merge(node, note, err)) &&
             ask_again(node, &head, &arena, err);
    }
    arena_free(&arena);
    return ok;
}

void node_add_checkpoint(struct node *node, struct span body, struct witness_reply *out,
                         struct arena *arena)
{
    if (!node->live || !node->live->witness) {
        *out = (struct witness_reply){404, PLAIN, SPAN_LIT("this node cosigns nothing\n")};
        return;
    }
    witness_add_checkpoint(node->live->witness, body, out, arena);
}
