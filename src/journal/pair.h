#pragma once

/* For tests only: a log as its keeper grows it, and a copy elsewhere that follows it. Behind
 * base/test.h. */

#include "journal/audit.h"
#include "journal/follow.h"
#include "journal/log_reader.h"
#include "journal/replay.h"
#include "journal/tile_writer.h"
#include "journal/world_log.h"

#define PAIR_HEADS 32u

struct pair {
    struct world *w;
    struct disk *disk; /* the keeper's directory: log and parts */
    struct store *store;
    struct parts *parts;
    struct edge edge;
    struct arena arena; /* of what follows */
    struct submission first[WORLD_START];
    struct head {
        struct checkpoint checkpoint;
        struct span note;
        struct hash digest; /* after its last entry */
    } head[PAIR_HEADS];
    size_t heads;
    struct log_keys keys;
    uint64_t fork; /* from this entry on it is another log than its twin; 0: nowhere */
};

struct copy { /* of the log, in another's hands */
    struct pair *pair;
    struct disk *disk;
    struct store *store;
    struct journal *journal; /* NULL: not open */
};

/* Mostly what is no record, and void: there is no signature in it to verify, and tests are about
 * places in the log. */
static inline struct submission pair_entry(struct pair *p, uint64_t n)
{
    if (n < WORLD_START)
        return p->first[n];
    if (n % 16 == 11)
        return world_any(p->w, &arena);
    const char *word = p->fork > 0 && n >= p->fork ? "another" : "noise";
    return (struct submission){.note = span_of(arena_printf(&arena, "%s %" PRIu64, word, n))};
}

static inline void pair_add(struct pair *p, struct tile_writer *writer,
                            const struct submission *entry)
{
    struct err err = {0};

    assert_true(tile_writer_add(writer, entry->note, &err));
    for (size_t i = 0; i < entry->part_count; i++)
        assert_true(parts_add(p->parts, entry->part[i], &err));
}

static inline struct span pair_sign(const struct checkpoint *checkpoint,
                                    const struct note_signer *log, struct arena *own)
{
    struct buf text = buf_in(own, 1000);

    checkpoint_put(&text, checkpoint);
    return note_sign(buf_span(&text), log, own);
}

/* Grows the keeper's log to `size` entries, and signs. */
static inline void pair_grow(struct pair *p, uint64_t size)
{
    struct replay_result replayed;
    struct tile_writer *writer;
    struct err err = {0};

    assert_true(tile_writer_open(&writer, p->disk, &p->edge, &err));
    for (uint64_t n = p->edge.size; n < size; n++) {
        struct submission entry = pair_entry(p, n);
        pair_add(p, writer, &entry);
    }
    assert_true(tile_writer_end(writer, &err) && parts_sync(p->parts, &err));
    tile_writer_close(writer);

    struct head head = {.checkpoint = {.size = size, .root = edge_root(&p->edge)}};
    memcpy(head.checkpoint.origin, p->w->log.name, sizeof p->w->log.name);
    head.note = pair_sign(&head.checkpoint, &p->w->log, &p->arena);
    assert_true(disk_replace(p->disk, LOG_CHECKPOINT, head.note, false, &err));
    const struct replay_options options = {.disk = p->disk, .store = p->store};
    if (!replay_run(&replayed, &options, &err))
        fail_msg("%s", err.text);
    head.digest = replayed.digest;
    assert_true(p->heads < PAIR_HEADS);
    p->head[p->heads++] = head;
}

static inline const struct head *pair_last(const struct pair *p)
{
    return &p->head[p->heads - 1];
}

static inline void pair_open_fork(struct pair *p, const uint64_t *size, size_t count, uint64_t fork)
{
    struct err err = {0};

    *p = (struct pair){.w = world_new(1), .fork = fork};
    assert_true(disk_sim_open(&p->disk, 1) && parts_open(&p->parts, p->disk, &err));
    open_store(&p->store);
    world_start(p->w, p->first, &p->arena);
    p->keys = (struct log_keys){.at = {note_signer_key(&p->w->log)}, .count = 1};
    for (size_t i = 0; i < count; i++)
        pair_grow(p, size[i]);
}

static inline void pair_open(struct pair *p, const uint64_t *size, size_t count)
{
    pair_open_fork(p, size, count, 0);
}

static inline void pair_close(struct pair *p)
{
    parts_close(p->parts);
    store_close(p->store);
    disk_close(p->disk);
    arena_free(&p->arena);
    arena_free(&arena);
    free(p->w);
}

static inline void copy_new(struct copy *c, struct pair *p, uint64_t seed)
{
    *c = (struct copy){.pair = p};
    assert_true(disk_sim_open(&c->disk, seed));
    open_store(&c->store);
}

static inline void copy_free(struct copy *c)
{
    journal_close(c->journal);
    store_close(c->store);
    disk_close(c->disk);
}

static inline bool copy_try_open(struct copy *c, struct err *err)
{
    const struct journal_options options = {.disk = c->disk,
                                            .store = c->store,
                                            .clock = {world_now, c->pair->w},
                                            .keys = &c->pair->keys,
                                            .agreement = WORLD_NAME};

    return journal_open(&c->journal, &options, err);
}

static inline void copy_open(struct copy *c)
{
    struct err err = {0};

    if (!copy_try_open(c, &err))
        fail_msg("%s", err.text);
}

/* The power goes. Of the store a crash may have kept the last commit, or nothing at all. */
static inline void copy_crash(struct copy *c, uint64_t seed)
{
    journal_close(c->journal);
    c->journal = NULL;
    struct disk *after = disk_sim_crash(c->disk, seed);
    disk_close(c->disk);
    c->disk = after;
    if (seed % 3 == 0) {
        store_close(c->store);
        open_store(&c->store);
    }
}

static inline uint64_t copy_size(struct copy *c)
{
    struct journal_head head;
    struct arena own = {0};

    journal_head(c->journal, &head, &own);
    arena_free(&own);
    return head.checkpoint.size;
}

/* A tile of the log at exactly its width, wherever it stands by now. */
static inline struct span pair_tile(struct disk *disk, struct tile tile, struct arena *own)
{
    struct hash *hash = ARENA_ARRAY(own, struct hash, TILE_WIDTH);
    struct span bundle = {0}, rest, entry;
    struct err err = {0};

    if (tile.level != TILE_ENTRIES) {
        if (!log_read_hashes(disk, tile, hash, own, &err))
            fail_msg("%s", err.text);
        return span_make(hash, tile.width * sizeof *hash);
    }
    if (!log_read_bundle(disk, tile, &bundle, own, &err))
        fail_msg("%s", err.text);
    rest = bundle;
    for (unsigned i = 0; i < tile.width; i++)
        assert_true(tile_bundle_next(&rest, &entry));
    return span_slice(bundle, 0, bundle.len - rest.len);
}

static inline void pair_check_tiles(const char *name, struct copy *c, uint64_t size)
{
    struct tile_walk walk = {.size = size};
    struct arena own = {0};
    struct tile tile;

    while (size > 0 && tile_walk_next(&walk, &tile)) {
        arena_reset(&own);
        CHECK_CASE(
            name, span_equal(pair_tile(c->disk, tile, &own), pair_tile(c->pair->disk, tile, &own)));
    }
    arena_free(&own);
}

/* Nothing is wrong with the directory, whatever cut the last run off. */
static inline void pair_check_audit(const char *name, struct copy *c, bool settled)
{
    const struct audit_options options = {.disk = c->disk, .store = c->store};
    struct audit_result result;
    struct err err = {0};
    uint64_t size;

    if (!disk_size(c->disk, LOG_CHECKPOINT, &size, &err))
        return;
    if (!audit_run(&result, &options, &err) || !result.ok)
        fail_msg("%s: %s%s", name, err.text, result.text);
    CHECK_CASE(name, !settled || !result.to_recover);
}

/* The copy, open, is one of the heads, in every byte and every row. */
static inline void pair_check(const char *name, struct copy *c)
{
    uint64_t size = copy_size(c);
    const struct head *head = NULL;

    for (size_t i = 0; i < c->pair->heads; i++)
        if (c->pair->head[i].checkpoint.size == size)
            head = &c->pair->head[i];
    CHECK_CASE(name, size == 0 || head);
    CHECK_CASE(name, applied(c->store) == size);
    if (head)
        CHECK_CASE(name, hash_equal(digest_of(c->store), head->digest));
    pair_check_tiles(name, c, size);
    pair_check_audit(name, c, true);
}
