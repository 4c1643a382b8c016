#include "node/unlogged.h"

#include "journal/applier.h"
#include "journal/log_reader.h"
#include "journal/rows.h"
#include "ledger/merkle.h"
#include "sync/lines.h"

#include <pthread.h>
#include <stdlib.h>

#define ROWS_BYTES ((size_t)64 << 20)
#define GONE SPAN_LIT("-") /* in place of a row that would be removed */

struct touched {
    const char *table;
    struct span key;
};

struct unlogged {
    pthread_mutex_t lock;
    struct unlogged_options options;
    struct store_reader *reader;
    struct log_reader *roots;

    uint64_t size; /* entries of the log that this is made over */
    uint64_t last; /* the number in the outbox that was looked at last */
    uint64_t left; /* what had left the outbox by then */
    struct rows *rows;
    struct touched *touched;
    size_t touched_count, touched_room;
    struct unlogged_item *item;
    size_t count, room;
    struct arena arena; /* of all that is above */
};

bool unlogged_open(struct unlogged **out, const struct unlogged_options *options, struct err *err)
{
    struct unlogged *u = calloc(1, sizeof *u);

    if (!u || pthread_mutex_init(&u->lock, NULL))
        abort();
    u->options = *options;
    u->rows = rows_open(ROWS_BYTES);
    if (!store_reader_open(options->store, &u->reader, err) ||
        !log_reader_open(&u->roots, journal_disk(options->journal), 0, err)) {
        unlogged_close(u);
        return false;
    }
    store_reader_rest(u->reader);
    *out = u;
    return true;
}

void unlogged_close(struct unlogged *u)
{
    if (!u)
        return;
    rows_close(u->rows);
    store_reader_close(u->reader);
    log_reader_close(u->roots);
    free(u->touched);
    free(u->item);
    arena_free(&u->arena);
    pthread_mutex_destroy(&u->lock);
    free(u);
}

/* --- rows ---------------------------------------------------------------- */

bool unlogged_row(struct unlogged *u, const char *table, struct span key, bool *out_here,
                  const struct json **out, struct arena *arena, struct err *err)
{
    struct span bytes;
    struct json *row;

    *out = NULL;
    if (!rows_get(u->rows, table, key, &bytes, arena, err))
        return false;
    *out_here = bytes.at != NULL;
    if (!bytes.at || span_equal(bytes, GONE))
        return true;
    row = ARENA_NEW(arena, struct json);
    *out = row;
    return json_parse(row, bytes, arena, err);
}

static bool get_row(void *context, const char *table, struct span key, const struct json **out,
                    struct arena *arena, struct err *err)
{
    struct unlogged *u = context;
    struct applier_lookup log = {.reader = u->reader, .as_of = STORE_LATEST};
    struct register_lookup lookup = applier_lookup(&log);
    bool here;

    if (!unlogged_row(u, table, key, &here, out, arena, err))
        return false;
    return here || lookup.get(lookup.context, table, key, out, arena, err);
}

/* Of what is not here, none that any record has seen. */
static bool get_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct unlogged *u = context;
    struct merkle tree;

    *out = (struct hash){0};
    if (size > log_reader_size(u->roots))
        return true;
    if (!merkle_load(&tree, size, log_reader_hash, u->roots, err))
        return false;
    *out = merkle_root(&tree);
    return true;
}

struct register_lookup unlogged_lookup(struct unlogged *u)
{
    return (struct register_lookup){u, get_row, get_root};
}

static void touch(struct unlogged *u, const char *table, struct span key)
{
    if (u->touched_count == u->touched_room) {
        u->touched_room = u->touched_room ? 2 * u->touched_room : 256;
        u->touched = reallocarray(u->touched, u->touched_room, sizeof *u->touched);
        if (!u->touched)
            abort();
    }
    u->touched[u->touched_count++] = (struct touched){table, arena_copy(&u->arena, key)};
}

static bool put_rows(struct unlogged *u, const struct effects *effects, struct arena *arena,
                     struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < effects->count; i++) {
        const struct effect *effect = &effects->at[i];
        struct span bytes = effect->row ? json_bytes(effect->row, arena) : GONE, before;

        ok = rows_get(u->rows, effect->table, effect->key, &before, arena, err) &&
             rows_set(u->rows, effect->table, effect->key, bytes, err);
        if (ok && !before.at)
            touch(u, effect->table, effect->key);
    }
    return ok;
}

/* --- judging ------------------------------------------------------------- */

/* The reason of a void entry stands in the row of its verdict. */
static struct span reason_of(const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        if (strcmp(effects->at[i].table, "verdict") == 0)
            return json_get_text(effects->at[i].row, "reason");
    return (struct span){0};
}

static uint64_t next_index(const struct unlogged *u)
{
    return u->count ? u->item[u->count - 1].index + 1 : u->size;
}

static bool apply(struct unlogged *u, struct span note, struct effects *out, struct arena *arena,
                  struct err *err)
{
    const struct register_entry entry = {
        .index = next_index(u), .bytes = note, .author_verified = true};
    const struct register_lookup lookup = unlogged_lookup(u);

    return register_apply(out, &lookup, &entry, arena, err);
}

bool unlogged_judge(struct unlogged *u, struct span note, struct unlogged_judged *out,
                    struct arena *arena, struct err *err)
{
    struct effects effects;

    if (!apply(u, note, &effects, arena, err))
        return false;
    *out = (struct unlogged_judged){effects.verdict, reason_of(&effects), effects.why};
    return true;
}

static bool is_logged(struct unlogged *u, const char *id, bool *out, struct arena *arena,
                      struct err *err)
{
    struct span row;
    bool ok = store_get(u->reader, "record", span_of(id), STORE_LATEST, &row, NULL, arena, err);

    *out = ok && row.at;
    return ok;
}

static void add_item(struct unlogged *u, const struct outbox_item *from,
                     const struct effects *effects)
{
    if (u->count == u->room) {
        u->room = u->room ? 2 * u->room : 64;
        u->item = reallocarray(u->item, u->room, sizeof *u->item);
        if (!u->item)
            abort();
    }
    uint64_t index = next_index(u);
    struct unlogged_item *item = &u->item[u->count++];
    *item = (struct unlogged_item){.number = from->number,
                                   .since_ms = from->since_ms,
                                   .state = from->state,
                                   .index = index,
                                   .verdict = effects->verdict};
    memcpy(item->id, from->id, sizeof item->id);
    memcpy(item->kind, from->kind, sizeof item->kind);
    memcpy(item->by, from->by, sizeof item->by);
    if (effects->verdict == VERDICT_VOID) {
        item->reason = arena_copy(&u->arena, reason_of(effects));
        item->why = arena_copy(&u->arena, effects->why);
    }
}

/* One that the log has by now is no part of it. */
static bool take_up(struct unlogged *u, const struct outbox_item *from, struct arena *arena,
                    struct err *err)
{
    struct submission submission;
    struct effects effects;
    bool logged;

    if (!is_logged(u, from->id, &logged, arena, err))
        return false;
    if (logged || !outbox_get(u->options.outbox, from->number, &submission, arena))
        return true;
    if (!apply(u, submission.note, &effects, arena, err) || !put_rows(u, &effects, arena, err))
        return false;
    if (!span_is(reason_of(&effects), "repeated"))
        add_item(u, from, &effects);
    return true;
}

static bool take_up_all(struct unlogged *u, const struct outbox_item *item, size_t count,
                        struct err *err)
{
    struct arena arena = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        if (item[i].number <= u->last)
            continue;
        arena_reset(&arena);
        ok = !lines_carry(span_of(item[i].kind)) || take_up(u, &item[i], &arena, err);
        u->last = item[i].number;
    }
    arena_free(&arena);
    return ok;
}

static void begin_anew(struct unlogged *u, uint64_t size)
{
    struct journal_head head;
    struct arena arena = {0};

    rows_close(u->rows);
    u->rows = rows_open(ROWS_BYTES);
    u->count = u->touched_count = 0;
    u->last = 0;
    u->size = size;
    arena_reset(&u->arena);
    journal_head(u->options.journal, &head, &arena);
    if (head.checkpoint.size > log_reader_size(u->roots))
        log_reader_resize(u->roots, head.checkpoint.size);
    arena_free(&arena);
}

/* What waits is listed before the log is looked at: what leaves in between is in the log by then.
 */
static bool list(struct unlogged *u, uint64_t after, const struct outbox_item **out,
                 size_t *out_count, uint64_t *out_size, struct arena *arena, struct err *err)
{
    outbox_list(u->options.outbox, after, SIZE_MAX, out, out_count, arena);
    return store_reader_refresh(u->reader, err) && store_applied(u->reader, out_size, err);
}

static bool catch_up(struct unlogged *u, struct arena *arena, struct err *err)
{
    struct outbox_status status;
    const struct outbox_item *item;
    size_t count;
    uint64_t size;

    outbox_status(u->options.outbox, &status);
    if (!list(u, u->last, &item, &count, &size, arena, err))
        return false;
    if (size != u->size || status.left != u->left) {
        if (!list(u, 0, &item, &count, &size, arena, err))
            return false;
        begin_anew(u, size);
        u->left = status.left;
    }
    return take_up_all(u, item, count, err);
}

bool unlogged_again(struct unlogged *u, struct err *err)
{
    struct arena arena = {0};
    bool ok = catch_up(u, &arena, err);

    if (!ok)
        u->left = UINT64_MAX; /* what was taken up by half is made anew */
    arena_free(&arena);
    return ok || err_wrap(err, "what waits of the hotline");
}

bool unlogged_begin(struct unlogged *u, struct err *err)
{
    pthread_mutex_lock(&u->lock);
    return unlogged_again(u, err);
}

void unlogged_end(struct unlogged *u)
{
    store_reader_rest(u->reader);
    pthread_mutex_unlock(&u->lock);
}

/* --- what there is ------------------------------------------------------- */

size_t unlogged_items(const struct unlogged *u, const struct unlogged_item **out)
{
    *out = u->item;
    return u->count;
}

uint64_t unlogged_size(const struct unlogged *u)
{
    return u->size;
}

struct store_reader *unlogged_reader(struct unlogged *u)
{
    return u->reader;
}

size_t unlogged_keys(struct unlogged *u, const char *table, struct span prefix, struct span **out,
                     struct arena *arena)
{
    struct span *key = ARENA_ARRAY(arena, struct span, u->touched_count);
    size_t count = 0;

    for (size_t i = 0; i < u->touched_count; i++)
        if (strcmp(u->touched[i].table, table) == 0 && span_starts_with(u->touched[i].key, prefix))
            key[count++] = u->touched[i].key;
    *out = key;
    return count;
}
