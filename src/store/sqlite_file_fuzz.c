/*
 * A store whose file has been tampered with. The input patches a whole one, four bytes at a
 * time (where, three bytes, and what), so that every run gets past the first page. It may be
 * refused, or hold other rows; it may not make the program touch what it should not.
 */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/store_sqlite.h"
#include "sys/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct scratch scratch;
static char path[100], url[110];
static uint8_t image[1 << 20];
static size_t image_len;

static void clean_up(void)
{
    scratch_remove(&scratch);
}

static void put_entry(struct store_tx *tx, uint64_t index)
{
    struct err err;
    struct hash digest = hash_of(span_make(&index, sizeof index));
    struct span key = span_make(&index, sizeof index);
    struct store_find_row row = {
        .record = key,
        .incident = span_make(&index, 1),
        .index = index,
        .has_position = index % 3 > 0,
        .lat_e7 = (int32_t)(index % 90) * 10000000,
        .has_time = index % 4 > 0,
        .from_ms = (int64_t)index,
        .to_ms = (int64_t)index + 9,
        .act = SPAN_LIT("act"),
    };
    bool ok = store_put(tx, index, "record", key, hash_span(&digest), &err) &&
              store_put(tx, index, "clock", SPAN_LIT("clock"), key, &err) &&
              store_count_add(tx, "records", 1, &err) && store_find_put(tx, &row, &err) &&
              store_put_digest(tx, index, &digest, &err);
    assert(ok);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct store *store;
    struct store_tx *tx;
    struct err err;

    (void)argc;
    (void)argv;
    scratch = scratch_make();
    atexit(clean_up);
    snprintf(path, sizeof path, "%s/store.db", scratch.path);
    snprintf(url, sizeof url, "sqlite:%s", path);
    bool ok = store_open(&store, url, &err) && store_begin(store, &tx, &err);
    assert(ok);
    for (uint64_t i = 0; i < 300; i++)
        put_entry(tx, i);
    ok = store_commit(&tx, &err);
    assert(ok);
    store_close(store);

    FILE *file = fopen(path, "rb");
    image_len = fread(image, 1, sizeof image, file);
    assert(image_len > 0 && image_len < sizeof image);
    fclose(file);
    return 0;
}

static void write_patched(const uint8_t *data, size_t size)
{
    static uint8_t patched[sizeof image];
    char journal[110];

    snprintf(journal, sizeof journal, "%s-wal", path); /* where the run before ended badly */
    unlink(journal);
    FILE *file = fopen(path, "wb");
    memcpy(patched, image, image_len);
    for (size_t i = 0; i + 4 <= size; i += 4) {
        size_t at = (size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2];
        patched[at % image_len] = data[i + 3];
    }
    fwrite(patched, 1, image_len, file);
    fclose(file);
}

static bool read_all(struct store_reader *reader, struct arena *arena, struct err *err)
{
    const struct store_query queries[] = {
        {.limit = 500},
        {.limit = 500, .has_time = true, .to_ms = 100},
        {.limit = 500, .has_box = true, .south_e7 = INT32_MIN, .north_e7 = INT32_MAX, .west_e7 = 1},
    };
    const struct span all = {0};
    struct store_row *row;
    struct store_count *counts;
    struct store_found *found;
    struct store_find_row *finds;
    struct hash digest;
    size_t count;
    bool ok = store_scan(reader, "record", all, all, STORE_LATEST, 500, &row, &count, arena, err) &&
              store_history(reader, "clock", SPAN_LIT("clock"), &row, &count, arena, err) &&
              store_counts(reader, &counts, &count, arena, err) &&
              store_find_rows(reader, SPAN_LIT("\7"), &finds, &count, arena, err) &&
              (store_digest(reader, 7, &digest, err) || err->kind == ERR_MISSING);

    for (size_t i = 0; ok && i < ARRAY_LEN(queries); i++)
        ok = store_find(reader, &queries[i], &found, &count, arena, err);
    return ok;
}

static bool write_one(struct store *store, struct err *err)
{
    struct store_find_row row = {.record = SPAN_LIT("r"), .incident = SPAN_LIT("\7")};
    struct hash digest = {0};
    struct store_tx *tx = NULL;
    uint64_t next;

    if (!store_begin(store, &tx, err))
        return false;
    bool ok = store_applied(store_tx_reader(tx), &next, err);
    row.index = next;
    ok = ok && store_put(tx, next, "clock", SPAN_LIT("clock"), SPAN_LIT("x"), err) &&
         store_find_put(tx, &row, err) && store_find_remove(tx, row.record, row.incident, err) &&
         store_put_digest(tx, next, &digest, err) && store_commit(&tx, err);
    store_rollback(ok ? NULL : tx);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct store *store = NULL;
    struct store_reader *reader = NULL;
    struct arena arena = {0};
    struct err err = {0};

    write_patched(data, size);
    bool ok = store_open(&store, url, &err) && store_reader_open(store, &reader, &err) &&
              read_all(reader, &arena, &err);
    store_reader_close(reader);
    ok = ok && write_one(store, &err);
    assert(ok || err.kind == ERR_CONFLICT || err.kind == ERR_IO);
    assert(ok || err.text[0]);
    store_close(store);
    arena_free(&arena);
    return 0;
}
