/* What is SQLite's own: that it is still there after closing, that what is damaged or
 * foreign is refused, and that readers on other threads see whole commits. */

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/test.h"
#include "store/store_sqlite.h"
#include "sys/scratch.h"

struct here {
    struct scratch scratch;
    struct arena arena;
    char path[100];
    char url[110];
};

static int set_up(void **state)
{
    struct here *here = calloc(1, sizeof *here);

    here->scratch = scratch_make();
    snprintf(here->path, sizeof here->path, "%s/store.db", here->scratch.path);
    snprintf(here->url, sizeof here->url, "sqlite:%s", here->path);
    *state = here;
    return 0;
}

static int tear_down(void **state)
{
    struct here *here = *state;

    arena_free(&here->arena);
    scratch_remove(&here->scratch);
    free(here);
    return 0;
}

static struct span text(struct arena *arena, const char *kind, uint64_t number)
{
    return span_of(arena_printf(arena, "%s-%d", kind, (int)number));
}

/* One entry with some of everything. */
static void put_entry(struct store_tx *tx, uint64_t index)
{
    struct arena arena = {0};
    struct err err = {0};
    struct hash digest = hash_of(span_make(&index, sizeof index));
    struct store_find_row row = {
        .record = text(&arena, "record", index),
        .incident = text(&arena, "incident", index / 3),
        .index = index,
        .has_position = true,
        .lat_e7 = (int32_t)(index * 1000003),
        .lon_e7 = 660000000,
        .has_time = true,
        .from_ms = (int64_t)index,
        .to_ms = (int64_t)index + 5,
        .act = SPAN_LIT("shelling"),
        .side = SPAN_LIT("pak"),
    };
    bool ok = store_put(tx, index, "record", row.record, text(&arena, "row", index), &err) &&
              store_put(tx, index, "clock", SPAN_LIT("clock"), text(&arena, "tick", index), &err) &&
              store_count_add(tx, "records", 1, &err) && store_find_put(tx, &row, &err) &&
              store_put_digest(tx, index, &digest, &err);

    if (!ok)
        fail_msg("%s", err.text);
    arena_free(&arena);
}

static void fill(const char *url, uint64_t from, uint64_t to)
{
    struct store *store;
    struct store_tx *tx;
    struct err err = {0};

    if (!store_open(&store, url, &err))
        fail_msg("%s", err.text);
    assert_true(store_begin(store, &tx, &err));
    for (uint64_t i = from; i < to; i++)
        put_entry(tx, i);
    assert_true(store_commit(&tx, &err));
    store_close(store);
}

/* Reads all there is. False, with a reason, where something cannot be read; what is read is
 * not asked to be right: rows may have rotted within. */
static bool read_all(const char *url, uint64_t *out_applied, struct err *err)
{
    struct store_query query = {.limit = 1000, .has_time = true, .to_ms = 1000};
    struct arena arena = {0};
    struct store *store = NULL;
    struct store_reader *reader = NULL;
    struct store_row *row;
    struct store_found *found;
    struct store_count *counts;
    struct hash digest;
    size_t count;
    bool ok = store_open(&store, url, err) && store_reader_open(store, &reader, err) &&
              store_applied(reader, out_applied, err) &&
              store_scan(reader, "record", (struct span){0}, (struct span){0}, STORE_LATEST, 10000,
                         &row, &count, &arena, err) &&
              store_history(reader, "clock", SPAN_LIT("clock"), &row, &count, &arena, err) &&
              store_counts(reader, &counts, &count, &arena, err) &&
              store_find(reader, &query, &found, &count, &arena, err);

    for (uint64_t i = 0; ok && i < *out_applied && i < 1000; i++)
        ok = store_digest(reader, i, &digest, err) || err->kind == ERR_MISSING;
    store_reader_close(reader);
    store_close(store);
    arena_free(&arena);
    return ok;
}

static void test_it_stays(void **state)
{
    struct here *here = *state;
    struct store_reader *reader;
    struct store *store;
    struct store_tx *tx;
    struct err err = {0};
    struct span row;
    uint64_t at;

    fill(here->url, 0, 10);
    fill(here->url, 10, 20);
    assert_true(store_open(&store, here->url, &err));
    assert_true(store_reader_open(store, &reader, &err));
    assert_true(store_applied(reader, &at, &err));
    assert_int_equal(at, 20);
    assert_true(store_get(reader, "record", SPAN_LIT("record-7"), STORE_LATEST, &row, &at,
                          &here->arena, &err));
    assert_true(span_is(row, "row-7") && at == 7);

    /* What was not committed does not stay. */
    assert_true(store_begin(store, &tx, &err));
    put_entry(tx, 20);
    store_rollback(tx);
    store_reader_close(reader);
    store_close(store);
    assert_true(read_all(here->url, &at, &err));
    assert_int_equal(at, 20);
}

/* More than is held in memory, so that it is written out in the middle of a transaction. */
static void test_large_transaction(void **state)
{
    enum { ENTRIES = 150, BYTES = 1 << 20 };
    struct here *here = *state;
    struct store *store;
    struct store_tx *tx;
    struct err err = {0};
    struct span row;
    uint8_t *bytes = malloc(BYTES);

    memset(bytes, 'x', BYTES);
    assert_true(store_open(&store, here->url, &err));
    assert_true(store_begin(store, &tx, &err));
    for (uint64_t i = 0; i < ENTRIES; i++) {
        struct arena arena = {0};
        struct hash digest = {0};
        memcpy(bytes, &i, sizeof i);
        assert_true(
            store_put(tx, i, "t", text(&arena, "key", i % 40), span_make(bytes, BYTES), &err));
        assert_true(store_put(tx, i, "t", SPAN_LIT("same"), text(&arena, "row", i), &err));
        assert_true(store_put_digest(tx, i, &digest, &err));
        arena_free(&arena);
    }
    for (uint64_t i = 0; i < ENTRIES; i++) {
        uint64_t at;
        assert_true(store_get(store_tx_reader(tx), "t", text(&here->arena, "key", i % 40), i, &row,
                              &at, &here->arena, &err));
        assert_true(row.len == BYTES && at == i && memcmp(row.at, &i, sizeof i) == 0);
        assert_true(store_get(store_tx_reader(tx), "t", SPAN_LIT("same"), i, &row, &at,
                              &here->arena, &err));
        assert_true(at == i);
        arena_reset(&here->arena);
    }
    assert_true(store_commit(&tx, &err));
    store_close(store);
    free(bytes);
}

/* Paths that SQLite would take for something else. */
static void test_paths(void **state)
{
    static const char *const names[] = {":memory:", "file:x?mode=memory", "x;y", "-x", "ä b"};
    struct here *here = *state;
    char before[500];

    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(here->scratch.path), 0);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *url = arena_printf(&here->arena, "sqlite:%s", names[i]);
        struct stat st;

        fill(url, 0, 3);
        CHECK_CASE(names[i], stat(names[i], &st) == 0);
        CHECK_CASE(names[i], (st.st_mode & 07) == 0);
    }
    assert_int_equal(chdir(before), 0);
}

/* Databases that are not ours, or are more or less than ours. */

#define OURS 0x53756c68

static const struct {
    const char *name;
    int32_t application, version;
    bool has_ours; /* our tables */
    const char *sql;
    const char *fault; /* "": it is opened */
} foreign[] = {
    {"our own", OURS, 1, true, "", ""},
    {"another program's", 1, 1, false, "CREATE TABLE a (b);", "another program"},
    {"another program's with our tables", 1, 1, true, "", "another program"},
    {"nobody's, with a table", 0, 0, false, "CREATE TABLE a (b);", "another program"},
    {"nobody's, with a version", 0, 1, false, "", "another program"},
    {"an older form", OURS, 0, true, "", "of form 0"},
    {"a newer form", OURS, 2, true, "", "of form 2"},
    {"our stamp without our tables", OURS, 1, false, "", "not the tables"},
    {"a table too many", OURS, 1, true, "CREATE TABLE a (b);", "not the tables"},
    {"an index too many", OURS, 1, true, "CREATE INDEX i ON row (at);", "not the tables"},
    {"a trigger", OURS, 1, true,
     "CREATE TRIGGER t AFTER INSERT ON digest BEGIN DELETE FROM digest; END;", "not the tables"},
    {"a view", OURS, 1, true, "CREATE VIEW v AS SELECT 1;", "not the tables"},
    {"a view in the place of a table", OURS, 1, true,
     "DROP TABLE digest; CREATE VIEW digest (at, digest) AS SELECT 1, 2;", "not the tables"},
    {"a table too few", OURS, 1, true, "DROP TABLE count;", "not the tables"},
    {"a column more", OURS, 1, true, "ALTER TABLE digest ADD COLUMN b BLOB;", "not the tables"},
    {"a table without its key", OURS, 1, true,
     "DROP TABLE digest; CREATE TABLE digest (at INTEGER, digest BLOB);", "not the tables"},
    {"an entry with a negative number", OURS, 1, true, "INSERT INTO digest VALUES (-9, x'00');",
     "negative"},
    {"a digest cut short", OURS, 1, true, "INSERT INTO digest VALUES (0, x'00');",
     "not of 32 bytes"},
};

static void test_foreign_databases(void **state)
{
    struct here *here = *state;

    for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
        const char *path = arena_printf(&here->arena, "%s-%zu", here->path, i);
        struct sqlite_form form = {
            .application = foreign[i].application,
            .version = foreign[i].version,
            .schema =
                arena_printf(&here->arena, "%s%s",
                             foreign[i].has_ours ? store_sqlite_form.schema : "", foreign[i].sql),
        };
        struct sqlite *db;
        struct err err = {0};
        uint64_t applied;

        if (!sqlite_open(&db, path, &form, &err))
            fail_msg("%s: %s", foreign[i].name, err.text);
        sqlite_close(db);
        bool ok = read_all(arena_printf(&here->arena, "sqlite:%s", path), &applied, &err);
        CHECK_CASE(foreign[i].name, ok == (foreign[i].fault[0] == '\0'));
        CHECK_CASE(foreign[i].name, ok || err.kind == ERR_CONFLICT);
        if (!ok && !strstr(err.text, foreign[i].fault))
            fail_msg("%s: %s", foreign[i].name, err.text);
    }
}

static void write_bytes(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static void test_foreign_files(void **state)
{
    static const struct {
        const char *name, *bytes;
        bool opened;
    } files[] = {
        {"an empty file", "", true},
        {"text", "This is not a database, and far too short to be one.", false},
        {"the start of a database", "SQLite format 3", false},
    };
    struct here *here = *state;

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct err err = {0};
        uint64_t applied;

        write_bytes(here->path, files[i].bytes, strlen(files[i].bytes));
        bool ok = read_all(here->url, &applied, &err);
        CHECK_CASE(files[i].name, ok == files[i].opened);
        CHECK_CASE(files[i].name, ok || err.kind == ERR_CONFLICT);
        CHECK_CASE(files[i].name, ok || strstr(err.text, "replay makes it anew"));
    }
}

static uint64_t next_chance(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state >> 11;
}

/* A disk that rots: bytes changed, blocks of zeros, pages exchanged, the end cut off. */
static size_t damage(uint8_t *bytes, size_t len, uint64_t *chance)
{
    uint64_t how = next_chance(chance) % 5;
    size_t page = 8192 * (size_t)(next_chance(chance) % (len / 8192));
    size_t other = 8192 * (size_t)(next_chance(chance) % (len / 8192));
    uint8_t kept[8192];

    if (how == 0)
        return (size_t)(next_chance(chance) % len);
    if (how == 1) {
        memset(bytes + page, 0, 8192);
    } else if (how == 2) {
        memcpy(kept, bytes + page, 8192);
        memcpy(bytes + page, bytes + other, 8192);
        memcpy(bytes + other, kept, 8192);
    } else {
        for (uint64_t i = next_chance(chance) % 20 + 1; i > 0; i--)
            bytes[page + next_chance(chance) % (how == 3 ? 8192 : 128)] =
                (uint8_t)next_chance(chance);
    }
    return len;
}

static uint8_t *read_file(const char *path, size_t *out_len)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(4 << 20);

    *out_len = fread(bytes, 1, 4 << 20, file);
    assert_true(*out_len < 4 << 20);
    fclose(file);
    return bytes;
}

/* It may be opened, where the damage is to a row that SQLite cannot know; but never is
 * memory touched that should not be, and a refusal says what to do. */
static void test_damage(void **state)
{
    struct here *here = *state;
    unsigned refused = 0;
    size_t len;

    fill(here->url, 0, 600);
    uint8_t *whole = read_file(here->path, &len);
    uint8_t *bytes = malloc(len);
    for (uint64_t seed = 1; seed <= 600; seed++) {
        uint64_t chance = seed * UINT64_C(0x9e3779b97f4a7c15);
        struct err err = {0};
        uint64_t applied;

        memcpy(bytes, whole, len);
        write_bytes(here->path, bytes, damage(bytes, len, &chance));
        if (read_all(here->url, &applied, &err))
            continue;
        refused++;
        if (err.kind != ERR_CONFLICT || !strstr(err.text, "replay makes"))
            fail_msg("seed %d: %s", (int)seed, err.text);
    }
    assert_true(refused > 300);
    free(whole);
    free(bytes);
}

/* Threads that read while one writes: whatever they see is whole. */

struct watch {
    struct store *store;
    atomic_bool over;
    atomic_uint looks, changes;
    atomic_bool failed;
};

static bool look(struct store_reader *reader, uint64_t *out_applied, struct arena *arena,
                 struct err *err)
{
    struct store_row *row;
    struct store_count *counts;
    struct span clock;
    uint64_t clock_at;
    size_t rows, count;
    bool ok =
        store_applied(reader, out_applied, err) &&
        store_scan(reader, "record", (struct span){0}, (struct span){0}, STORE_LATEST, 100000, &row,
                   &rows, arena, err) &&
        store_counts(reader, &counts, &count, arena, err) &&
        store_get(reader, "clock", SPAN_LIT("clock"), STORE_LATEST, &clock, &clock_at, arena, err);

    if (*out_applied == 0)
        return ok && rows == 0 && count == 0 && !clock.at;
    return ok && rows == *out_applied && count == 1 && counts[0].value == (int64_t)rows &&
           clock_at == *out_applied - 1;
}

static void *watch_store(void *context)
{
    struct watch *watch = context;
    struct store_reader *reader;
    struct err err = {0};
    uint64_t seen = 0;
    bool ok = store_reader_open(watch->store, &reader, &err);

    while (ok && !atomic_load(&watch->over)) {
        struct arena arena = {0};
        uint64_t applied = 0, again = 0;

        ok = store_reader_refresh(reader, &err) && look(reader, &applied, &arena, &err) &&
             look(reader, &again, &arena, &err) && again == applied && applied >= seen;
        atomic_fetch_add(&watch->looks, 1);
        atomic_fetch_add(&watch->changes, applied != seen);
        seen = applied;
        arena_free(&arena);
    }
    if (!ok)
        atomic_store(&watch->failed, true);
    store_reader_close(reader);
    return NULL;
}

static void watch(const char *url)
{
    struct watch watch = {0};
    pthread_t thread[3];
    struct store_tx *tx;
    struct err err = {0};
    uint64_t index = 0, tries = 0;

    assert_true(store_open(&watch.store, url, &err));
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, watch_store, &watch), 0);
    while (index < 400 || (atomic_load(&watch.changes) < 20 && index < 4000)) {
        assert_true(store_begin(watch.store, &tx, &err));
        for (int i = 0; i < 7; i++)
            put_entry(tx, index + (uint64_t)i);
        if (tries++ % 5 == 4) {
            store_rollback(tx);
            continue;
        }
        assert_true(store_commit(&tx, &err));
        index += 7;
    }
    atomic_store(&watch.over, true);
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        pthread_join(thread[i], NULL);
    assert_false(atomic_load(&watch.failed));
    assert_true(atomic_load(&watch.changes) >= 20);
    store_close(watch.store);
}

static void test_readers_on_threads(void **state)
{
    struct here *here = *state;

    watch(here->url);
    watch("memory:");
}

/* A reader that looks on keeps the journal of the database growing; one that rests does not. */
static void test_resting_reader(void **state)
{
    struct here *here = *state;
    struct store_reader *reader;
    struct store *store;
    struct store_tx *tx;
    struct err err = {0};
    struct stat st;
    off_t size[2];

    for (int rests = 0; rests < 2; rests++) {
        const char *path = arena_printf(&here->arena, "%s-%d", here->path, rests);
        uint8_t *bytes = calloc(1, 4 << 20);

        assert_true(store_open(&store, arena_printf(&here->arena, "sqlite:%s", path), &err));
        assert_true(store_reader_open(store, &reader, &err));
        if (rests)
            store_reader_rest(reader);
        for (uint64_t i = 0; i < 30; i++) {
            struct hash digest = {0};
            assert_true(store_begin(store, &tx, &err));
            assert_true(store_put(tx, i, "t", SPAN_LIT("k"), span_make(bytes, 4 << 20), &err));
            assert_true(store_put_digest(tx, i, &digest, &err));
            assert_true(store_commit(&tx, &err));
        }
        assert_int_equal(stat(arena_printf(&here->arena, "%s-wal", path), &st), 0);
        size[rests] = st.st_size;
        store_reader_close(reader);
        store_close(store);
        free(bytes);
    }
    assert_true(size[0] > 110 << 20);
    assert_true(size[1] < 90 << 20);
}

/* What a reader looks at is there until it rests; meanwhile the store goes on, and is tidied then.
 */
static void test_tidy(void **state)
{
    struct here *here = *state;
    struct store_reader *reader;
    struct store *store;
    struct err err = {0};
    struct stat st;
    bool tidied;

    fill(here->url, 0, 3);
    assert_true(store_open(&store, here->url, &err));
    assert_true(store_reader_open(store, &reader, &err));
    for (uint64_t index = 3; index < 6; index++) {
        struct store_tx *tx;

        assert_true(store_begin(store, &tx, &err));
        put_entry(tx, index);
        assert_true(store_commit(&tx, &err));
        assert_true(store_tidy(store, &tidied, &err));
        assert_false(tidied);
        assert_true(index % 2 == 0 || store_reader_refresh(reader, &err));
    }
    store_reader_rest(reader);
    assert_true(store_tidy(store, &tidied, &err));
    assert_true(tidied);
    assert_int_equal(stat(arena_printf(&here->arena, "%s-wal", here->path), &st), 0);
    assert_int_equal(st.st_size, 0);
    store_reader_close(reader);
    store_close(store);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    CASE(test_it_stays),          CASE(test_large_transaction),  CASE(test_paths),
    CASE(test_foreign_databases), CASE(test_foreign_files),      CASE(test_damage),
    CASE(test_resting_reader),    CASE(test_readers_on_threads), CASE(test_tidy),
};
RUN_TESTS(tests)
