/* The store in SQLite and the store in memory, made by different ways, are given the same
 * random orders and asked the same random questions: the answers must be the same bytes. */

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/test.h"
#include "store/store.h"
#include "sys/scratch.h"

#define SEEDS 60u
#define STEPS 1500u
#define READERS 3u

struct both {
    struct store *store[2];
    struct store_tx *tx[2];
    struct store_reader *reader[READERS][2];
    bool resting[READERS];
    uint64_t index, committed;
    bool begun; /* the entry under way has rows */
    uint64_t chance;
    struct arena arena; /* of one step */
};

static uint64_t draw(struct both *both, uint64_t below)
{
    both->chance ^= both->chance << 13;
    both->chance ^= both->chance >> 7;
    both->chance ^= both->chance << 17;
    return (both->chance >> 11) % below;
}

/* Few keys, so that they meet; with NUL and 0xff in them, and some the front of others. */
static struct span draw_key(struct both *both)
{
    static const uint8_t bytes[] = {0, 'a', 'b', 0xff};
    size_t len = (size_t)draw(both, 4);
    uint8_t *at = arena_alloc(&both->arena, len + 1);

    for (size_t i = 0; i < len; i++)
        at[i] = bytes[draw(both, sizeof bytes)];
    return span_make(at, len);
}

static const char *draw_table(struct both *both)
{
    static const char *const names[] = {"t", "tt", "u", "case"};

    return names[draw(both, ARRAY_LEN(names))];
}

static struct span draw_name(struct both *both, const char *kind, uint64_t count)
{
    return span_of(arena_printf(&both->arena, "%s-%d", kind, (int)draw(both, count)));
}

static uint64_t draw_as_of(struct both *both)
{
    return draw(both, 3) ? draw(both, both->index + 2) : STORE_LATEST;
}

#define BOTH(both, CALL)                                                                           \
    do {                                                                                           \
        for (size_t k = 0; k < 2; k++) {                                                           \
            struct err err = {0};                                                                  \
            if (!(CALL))                                                                           \
                fail_msg("%s: %s", k ? "memory" : "sqlite", err.text);                             \
        }                                                                                          \
    } while (0)

static void open_tx(struct both *both)
{
    BOTH(both, store_begin(both->store[k], &both->tx[k], &err));
}

static void put_row(struct both *both)
{
    const char *table = draw_table(both);
    struct span key = draw_key(both);
    struct span row = draw(both, 5) ? draw_name(both, "row", 1000) : (struct span){0};

    if (draw(both, 20) == 0)
        row = SPAN_LIT("");
    BOTH(both, store_put(both->tx[k], both->index, table, key, row, &err));
    both->begun = true;
}

static void put_digest(struct both *both)
{
    struct hash digest = hash_of(span_make(&both->index, sizeof both->index));

    BOTH(both, store_put_digest(both->tx[k], both->index, &digest, &err));
    both->index++;
    both->begun = false;
}

static void add_count(struct both *both)
{
    struct span name = draw_name(both, "count", 100);
    int64_t by = (int64_t)draw(both, 7) - 3;

    BOTH(both, store_count_add(both->tx[k], (const char *)name.at, by, &err));
}

static void put_find(struct both *both)
{
    struct store_find_row row = {
        .index = draw(both, 300),
        .incident = draw_name(both, "incident", 60),
        .has_position = draw(both, 4) > 0,
        .lat_e7 = (int32_t)draw(both, 1800000001) - 900000000,
        .lon_e7 = (int32_t)((int64_t)draw(both, 3600000001) - 1800000000),
        .has_time = draw(both, 4) > 0,
        .from_ms = (int64_t)draw(both, 1000) - 500,
        .act = draw(both, 3) ? draw_name(both, "act", 4) : SPAN_LIT(""),
        .side = draw(both, 3) ? draw_name(both, "side", 3) : SPAN_LIT(""),
    };

    row.record = span_of(arena_printf(&both->arena, "record-%d", (int)row.index));
    row.to_ms = row.from_ms + (int64_t)draw(both, 100);
    BOTH(both, store_find_put(both->tx[k], &row, &err));
}

static void remove_find(struct both *both)
{
    struct span record = draw_name(both, "record", 300);
    struct span incident = draw_name(both, "incident", 60);

    BOTH(both, store_find_remove(both->tx[k], record, incident, &err));
}

static void commit(struct both *both)
{
    if (both->begun)
        put_digest(both);
    BOTH(both, store_commit(&both->tx[k], &err));
    both->committed = both->index;
    open_tx(both);
}

static void roll_back(struct both *both)
{
    for (size_t k = 0; k < 2; k++)
        store_rollback(both->tx[k]);
    both->index = both->committed;
    both->begun = false;
    open_tx(both);
}

static void move_reader(struct both *both)
{
    size_t which = (size_t)draw(both, READERS);

    both->resting[which] = draw(both, 4) == 0;
    if (both->resting[which])
        for (size_t k = 0; k < 2; k++)
            store_reader_rest(both->reader[which][k]);
    else
        BOTH(both, store_reader_refresh(both->reader[which][k], &err));
}

/* Questions, and the answers as text. */

struct question {
    struct store_reader *reader[2];
    const char *table;
    struct span key, after;
    uint64_t as_of;
    size_t limit;
    struct store_query query;
};

static void show(struct buf *out, struct span bytes)
{
    buf_printf(out, "%d:", bytes.at ? (int)bytes.len : -1);
    buf_put(out, bytes);
    buf_text(out, " ");
}

static void show_rows(struct buf *out, const struct store_row *row, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        show(out, row[i].key);
        show(out, row[i].row);
        buf_printf(out, "@%d ", (int)row[i].at);
    }
}

static bool ask_get(const struct question *q, size_t k, struct buf *out, struct err *err)
{
    struct span row;
    uint64_t at;
    bool ok = store_get(q->reader[k], q->table, q->key, q->as_of, &row, &at, out->arena, err);

    if (ok)
        show(out, row);
    if (ok && row.at)
        buf_printf(out, "@%d", (int)at);
    return ok;
}

static bool ask_scan(const struct question *q, size_t k, struct buf *out, struct err *err)
{
    struct store_row *row;
    size_t count;
    bool ok = store_scan(q->reader[k], q->table, span_slice(q->key, 0, q->key.len / 2), q->after,
                         q->as_of, q->limit, &row, &count, out->arena, err);

    if (ok)
        show_rows(out, row, count);
    return ok;
}

static bool ask_history(const struct question *q, size_t k, struct buf *out, struct err *err)
{
    struct store_row *row;
    size_t count;
    bool ok = store_history(q->reader[k], q->table, q->key, &row, &count, out->arena, err);

    if (ok)
        show_rows(out, row, count);
    return ok;
}

static bool ask_counts(const struct question *q, size_t k, struct buf *out, struct err *err)
{
    struct store_count *counts;
    size_t count;
    bool ok = store_counts(q->reader[k], &counts, &count, out->arena, err);

    for (size_t i = 0; ok && i < count; i++) {
        show(out, counts[i].name);
        buf_printf(out, "%d ", (int)counts[i].value);
    }
    return ok;
}

static bool ask_applied(const struct question *q, size_t k, struct buf *out, struct err *err)
{
    uint64_t applied = 0;
    struct hash digest;
    bool ok = store_applied(q->reader[k], &applied, err);
    bool there = ok && store_digest(q->reader[k], q->as_of, &digest, err);

    buf_printf(out, "%d ", (int)applied);
    show(out, there ? hash_span(&digest) : (struct span){0});
    return ok && (there || err->kind == ERR_MISSING);
}

static bool ask_find(const struct question *q, size_t k, struct buf *out, struct err *err)
{
    struct store_found *found;
    size_t count;
    bool ok = store_find(q->reader[k], &q->query, &found, &count, out->arena, err);

    for (size_t i = 0; ok && i < count; i++) {
        show(out, found[i].incident);
        buf_printf(out, "%" PRId64 " ", found[i].first_ms);
    }
    return ok;
}

static bool ask_find_rows(const struct question *q, size_t k, struct buf *out, struct err *err)
{
    struct store_find_row *row;
    size_t count;
    bool ok = store_find_rows(q->reader[k], q->query.after_incident, &row, &count, out->arena, err);

    for (size_t i = 0; ok && i < count; i++) {
        show(out, row[i].record);
        show(out, row[i].incident);
        show(out, row[i].act);
        show(out, row[i].side);
        buf_printf(out, "%d %d %d ", (int)row[i].index, row[i].has_position, row[i].has_time);
        if (row[i].has_position)
            buf_printf(out, "%d,%d ", (int)row[i].lat_e7, (int)row[i].lon_e7);
        if (row[i].has_time)
            buf_printf(out, "%d-%d ", (int)row[i].from_ms, (int)row[i].to_ms);
    }
    return ok;
}

static struct store_query draw_query(struct both *both)
{
    return (struct store_query){
        .has_box = draw(both, 2),
        .south_e7 = (int32_t)draw(both, 1800000001) - 900000000,
        .north_e7 = (int32_t)draw(both, 1800000001) - 900000000,
        .west_e7 = (int32_t)((int64_t)draw(both, 3600000001) - 1800000000),
        .east_e7 = (int32_t)((int64_t)draw(both, 3600000001) - 1800000000),
        .has_time = draw(both, 2),
        .from_ms = (int64_t)draw(both, 1000) - 500,
        .to_ms = (int64_t)draw(both, 1000) - 500,
        .act = draw(both, 3) ? SPAN_LIT("") : draw_name(both, "act", 4),
        .side = draw(both, 3) ? SPAN_LIT("") : draw_name(both, "side", 3),
        .limit = (size_t)draw(both, 70),
        .has_after = draw(both, 2),
        .after_ms = draw(both, 9) ? (int64_t)draw(both, 1000) - 500 : INT64_MAX,
        .after_incident = draw_name(both, "incident", 60),
    };
}

static void ask(struct both *both, uint64_t seed, uint64_t step)
{
    static const struct {
        const char *name;
        bool (*ask)(const struct question *q, size_t k, struct buf *out, struct err *err);
    } asks[] = {
        {"get", ask_get},
        {"scan", ask_scan},
        {"history", ask_history},
        {"counts", ask_counts},
        {"applied", ask_applied},
        {"find", ask_find},
        {"find rows", ask_find_rows},
    };
    size_t which = (size_t)draw(both, ARRAY_LEN(asks));
    size_t reader = (size_t)draw(both, READERS + 2);
    bool own = reader >= READERS || both->resting[reader];
    struct question q = {
        .table = draw_table(both),
        .key = draw_key(both),
        .after = draw_key(both),
        .as_of = draw_as_of(both),
        .limit = (size_t)draw(both, 20),
        .query = draw_query(both),
    };
    struct buf answer[2];

    for (size_t k = 0; k < 2; k++) {
        struct err err = {0};

        q.reader[k] = own ? store_tx_reader(both->tx[k]) : both->reader[reader][k];
        answer[k] = buf_in(&both->arena, 1 << 20);
        if (!asks[which].ask(&q, k, &answer[k], &err))
            fail_msg("seed %d, step %d: %s", (int)seed, (int)step, err.text);
    }
    if (!span_equal(buf_span(&answer[0]), buf_span(&answer[1])))
        fail_msg("seed %d, step %d: %s of %s: sqlite \"%.*s\", memory \"%.*s\"", (int)seed,
                 (int)step, asks[which].name, own ? "the writer" : "a reader",
                 SPAN_ARG(buf_span(&answer[0])), SPAN_ARG(buf_span(&answer[1])));
}

static void step(struct both *both, uint64_t seed, uint64_t number)
{
    static const struct {
        unsigned of_thousand;
        void (*act)(struct both *both);
    } acts[] = {
        {300, put_row},    {100, put_digest}, {60, add_count}, {100, put_find},
        {30, remove_find}, {15, commit},      {5, roll_back},  {20, move_reader},
    };
    uint64_t drawn = draw(both, 1000);

    arena_reset(&both->arena);
    for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
        if (drawn < acts[i].of_thousand) {
            acts[i].act(both);
            return;
        }
        drawn -= acts[i].of_thousand;
    }
    ask(both, seed, number);
}

static void run(uint64_t seed)
{
    struct both both = {.chance = seed * 2 + 1};
    struct scratch scratch = scratch_make();
    char url[100];

    snprintf(url, sizeof url, "sqlite:%s/store.db", scratch.path);
    for (int i = 0; i < 20; i++)
        draw(&both, 2);
    BOTH(&both, store_open(&both.store[k], k ? "memory:" : url, &err));
    open_tx(&both);
    for (size_t i = 0; i < READERS; i++)
        BOTH(&both, store_reader_open(both.store[k], &both.reader[i][k], &err));
    for (uint64_t i = 0; i < STEPS; i++)
        step(&both, seed, i);
    for (size_t k = 0; k < 2; k++) {
        store_rollback(both.tx[k]);
        for (size_t i = 0; i < READERS; i++)
            store_reader_close(both.reader[i][k]);
        store_close(both.store[k]);
    }
    arena_free(&both.arena);
    scratch_remove(&scratch);
}

/* SEEDS=N asks for more than is usual, SEED=N for one. */
static void test_same_answers(void **state)
{
    const char *seeds = getenv("SEEDS");
    const char *seed = getenv("SEED");

    (void)state;
    if (seed) {
        run((uint64_t)atoll(seed));
        return;
    }
    for (uint64_t i = 0; i < (seeds ? (uint64_t)atoll(seeds) : SEEDS); i++)
        run(i);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_answers),
};
RUN_TESTS(tests)
