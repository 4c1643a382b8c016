#include "journal/ahead.h"

#include "journal/pool.h"

#include <stdlib.h>

#define BLOCK 512u /* entries: a few hundred kilobytes, and some 20 ms of work */
#define KEYS 256u
#define TAKE 8u /* signatures at a time: half a millisecond */

struct verify_job {
    struct note note; /* one signature line */
    struct note_key key;
    bool holds; /* the answer */
};

struct block {
    struct arena arena;
    uint64_t first;
    size_t count;
    struct span entry[BLOCK];
    struct verify_job *job_of[BLOCK]; /* NULL: not verified ahead */
    struct verify_job job[BLOCK];
    size_t job_count;
};

struct ahead {
    struct history *history;
    const struct register_lookup *lookup;
    struct pool *pool;
    uint64_t next; /* to be handed out */
    struct block block[2];
    unsigned now;              /* the block that is handed out */
    struct note_key key[KEYS]; /* by the hash of its name; an empty name: none */
};

struct ahead *ahead_open(struct history *history, uint64_t from,
                         const struct register_lookup *lookup)
{
    struct ahead *ahead = calloc(1, sizeof *ahead);

    if (!ahead)
        abort();
    ahead->history = history;
    ahead->lookup = lookup;
    ahead->pool = pool_open(pool_cores());
    ahead->next = from;
    ahead->block[0].first = ahead->block[1].first = from;
    return ahead;
}

void ahead_close(struct ahead *ahead)
{
    if (!ahead)
        return;
    pool_close(ahead->pool);
    arena_free(&ahead->block[0].arena);
    arena_free(&ahead->block[1].arena);
    free(ahead);
}

static size_t slot_of(struct span name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ name.at[i]) * 16777619u;
    return hash % KEYS;
}

static bool find_key(struct ahead *ahead, struct span name, const struct note_key **out,
                     struct arena *arena, struct err *err)
{
    struct note_key *slot = &ahead->key[slot_of(name)];
    struct note_key key;
    bool found = true;

    if (!span_is(name, slot->name)) {
        if (!register_key(&key, &found, ahead->lookup, name, arena, err))
            return false;
        if (found)
            *slot = key;
    }
    *out = found ? slot : NULL;
    return true;
}

/* An entry that is no note, or by nobody known, is for the register to judge. */
static bool prepare(struct ahead *ahead, struct block *block, size_t i, struct err *err)
{
    struct verify_job *job = &block->job[block->job_count];
    const struct note_key *key;
    struct err no_note;

    block->job_of[i] = NULL;
    if (!note_parse(&job->note, block->entry[i], &block->arena, &no_note) || job->note.count != 1)
        return true;
    if (!note_name_valid(job->note.line[0].name))
        return true;
    if (!find_key(ahead, job->note.line[0].name, &key, &block->arena, err))
        return false;
    if (key) {
        job->key = *key;
        block->job_of[i] = job;
        block->job_count++;
    }
    return true;
}

static void verify(void *context, size_t piece)
{
    struct verify_job *job = (struct verify_job *)context + piece;

    job->holds = note_line_verify(&job->note, &job->note.line[0], &job->key);
}

static bool begin(struct ahead *ahead, struct block *block, uint64_t first, struct err *err)
{
    uint64_t left = history_size(ahead->history) - first;
    struct span entry;
    bool ok = true;

    arena_reset(&block->arena);
    block->first = first;
    block->count = left < BLOCK ? (size_t)left : BLOCK;
    block->job_count = 0;
    for (size_t i = 0; ok && i < block->count; i++) {
        ok = history_entry(ahead->history, first + i, &entry, err);
        if (ok)
            block->entry[i] = arena_copy(&block->arena, entry);
        ok = ok && prepare(ahead, block, i, err);
    }
    if (ok)
        pool_start(ahead->pool, verify, block->job, block->job_count, TAKE);
    return ok;
}

/* The block that was verified becomes the one handed out, and the one behind it is begun. */
static bool turn(struct ahead *ahead, struct err *err)
{
    struct block *before = &ahead->block[ahead->now];
    struct block *after = &ahead->block[!ahead->now];

    if (after->count == 0 && !begin(ahead, after, before->first, err)) /* at the very start */
        return false;
    pool_wait(ahead->pool);
    ahead->now = !ahead->now;
    return begin(ahead, before, after->first + after->count, err);
}

bool ahead_next(struct ahead *ahead, struct register_entry *out, struct err *err)
{
    const struct block *block = &ahead->block[ahead->now];

    assert(ahead->next < history_size(ahead->history));
    if (ahead->next == block->first + block->count) {
        if (!turn(ahead, err))
            return err_wrap(err, "read from entry %" PRIu64 " on", ahead->next);
        block = &ahead->block[ahead->now];
    }
    size_t i = (size_t)(ahead->next - block->first);
    *out = (struct register_entry){
        .index = ahead->next,
        .bytes = block->entry[i],
        .author_verified = block->job_of[i] && block->job_of[i]->holds,
    };
    ahead->next++;
    return true;
}
