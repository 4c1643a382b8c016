#include "api/owed.h"

#include "api/row_store.h"
#include "base/test.h"
#include "codec/hex.h"
#include "sys/disk_sim.h"

/* What is owed, and what is not; by now. */

struct world {
    struct row_store rows;
    struct disk *disk;
    struct parts *parts;
    struct owed *owed;
};

static void world_open(struct world *w)
{
    struct err err = {0};

    *w = (struct world){.owed = owed_open()};
    row_store_open(&w->rows);
    row_store_ok(disk_sim_open(&w->disk, 1) && parts_open(&w->parts, w->disk, &err), &err);
}

static void world_close(struct world *w)
{
    owed_close(w->owed);
    parts_close(w->parts);
    disk_close(w->disk);
    row_store_close(&w->rows);
}

/* What was put until now is there for readers, and more may be put. */
static struct store_reader *commit(struct world *w)
{
    struct store_reader *reader = NULL;
    struct err err = {0};

    row_store_ok(store_commit(&w->rows.tx, &err) &&
                     store_reader_open(w->rows.store, &reader, &err) &&
                     store_begin(w->rows.store, &w->rows.tx, &err),
                 &err);
    return reader;
}

static struct span bytes_of(struct world *w, unsigned n)
{
    return span_of(arena_printf(&w->rows.arena, "part %u", n));
}

static const char *hex_of(struct world *w, struct hash hash)
{
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    return arena_text(&w->rows.arena, span_of(text));
}

static const char *commitment_of(struct world *w, unsigned n)
{
    return hex_of(w, hash_of(span_of(arena_printf(&w->rows.arena, "commitment %u", n))));
}

/* An entry that names part `n`, whose row is in this state from then on; NULL: it has none. */
static void put(struct world *w, unsigned n, const char *state)
{
    const char *stored = hex_of(w, hash_of(bytes_of(w, n)));
    const char *commitment = commitment_of(w, n);

    if (state)
        row_store_put(&w->rows, "part", commitment,
                      arena_printf(&w->rows.arena, "{'state':'%s'}", state));
    row_store_put(&w->rows, "view_copy", arena_printf(&w->rows.arena, "%s %s", commitment, stored),
                  "{}");
}

/* As views.c does with an entry whose record is the first in effect to name part `n`. */
static void note(struct world *w, unsigned n)
{
    const char *stored = hex_of(w, hash_of(bytes_of(w, n)));
    struct part part = {.commitment = span_of(commitment_of(w, n)), .stored = span_of(stored)};
    struct err err = {0};

    put(w, n, "held");
    row_store_ok(owed_note(w->rows.tx, w->rows.index, &part, w->parts, &w->rows.arena, &err), &err);
    row_store_put(&w->rows, "of no account", "x", "{}"); /* the entry that noted it ends */
}

static void keep(struct world *w, unsigned n)
{
    struct err err = {0};

    row_store_ok(parts_add(w->parts, bytes_of(w, n), &err), &err);
}

static void erase(struct world *w, unsigned n)
{
    struct hash hash = hash_of(bytes_of(w, n));
    struct err err = {0};
    bool held;

    row_store_ok(parts_erase(w->parts, &hash, &held, &err), &err);
}

/* "PARTS ENTRY", "0", or "" where it is not known yet. */
static const char *look(struct world *w, struct store_reader *reader)
{
    struct owed_count count;
    struct err err = {0};

    row_store_ok(owed_look(w->owed, reader, w->parts, &count, &err), &err);
    if (!count.whole)
        return "";
    return count.parts == 0
               ? "0"
               : arena_printf(&w->rows.arena, "%" PRIu64 " %" PRIu64, count.parts, count.entry);
}

static const char *look_now(struct world *w)
{
    struct store_reader *reader = commit(w);
    const char *said = look(w, reader);

    store_reader_close(reader);
    return said;
}

static void test_from_before(void **state)
{
    static const struct {
        const char *name, *state;
        enum { ABSENT, KEPT, ERASED } is;
        const char *said;
    } cases[] = {
        {"not here", "held", ABSENT, "1 1"},
        {"here", "held", KEPT, "0"},
        {"erased here", "ordered", ERASED, "0"},
        {"to be erased, and never here", "ordered", ABSENT, "0"},
        {"erased everywhere", "erased", ABSENT, "0"},
        {"of a void record", NULL, ABSENT, "0"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct world w;

        world_open(&w);
        put(&w, 1, cases[i].state);
        if (cases[i].is != ABSENT)
            keep(&w, 1);
        if (cases[i].is == ERASED)
            erase(&w, 1);
        const char *said = look_now(&w);
        CHECK_CASE(cases[i].name, strcmp(said, cases[i].said) == 0);
        world_close(&w);
    }
}

/* One step after another, each with what is said then. */
static void test_as_it_goes(void **state)
{
    struct world w;

    (void)state;
    world_open(&w);
    assert_string_equal(look_now(&w), "0"); /* of an empty log */
    put(&w, 1, "held");                     /* entries 0 and 1 */
    assert_string_equal(look_now(&w), "0"); /* nobody noted it: it was here */
    note(&w, 2);
    assert_string_equal(look_now(&w), "1 4");
    note(&w, 3);
    assert_string_equal(look_now(&w), "2 4");
    assert_string_equal(look_now(&w), "2 4"); /* and is not counted again */
    keep(&w, 2);
    assert_string_equal(look_now(&w), "1 7");
    keep(&w, 4);
    note(&w, 4);
    assert_string_equal(look_now(&w), "1 7"); /* that was here */
    erase(&w, 3);
    assert_string_equal(look_now(&w), "0");
    note(&w, 3);
    assert_string_equal(look_now(&w), "0"); /* what was erased is not owed again */
    world_close(&w);
}

/* A start anew: what came late is not owed, though it was noted; and is not counted twice. */
static void test_start(void **state)
{
    struct world w;

    (void)state;
    world_open(&w);
    note(&w, 1);
    note(&w, 2);
    keep(&w, 1);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(look_now(&w), "1 4");
        owed_close(w.owed);
        w.owed = owed_open();
    }
    world_close(&w);
}

/* Readers of other threads have not all seen the same. */
static void test_older_reader(void **state)
{
    struct world w;

    (void)state;
    world_open(&w);
    put(&w, 1, "held");
    struct store_reader *older = commit(&w);
    put(&w, 2, "held");
    note(&w, 3);
    struct store_reader *newer = commit(&w);
    assert_string_equal(look(&w, newer), "3 1");
    assert_string_equal(look(&w, older), "3 1");
    note(&w, 4);
    assert_string_equal(look(&w, older), "3 1");
    assert_string_equal(look_now(&w), "4 1");
    assert_string_equal(look(&w, newer), "4 1");
    store_reader_close(older);
    store_reader_close(newer);
    world_close(&w);
}

/* More than are looked at at once; so much later, all of them have come. */
static void test_many(void **state)
{
    const unsigned count = OWED_AT_ONCE + 10;
    struct world w;
    const char *all;

    (void)state;
    world_open(&w);
    for (unsigned n = 0; n < count; n++)
        put(&w, n, "held");
    struct store_reader *reader = commit(&w);
    all = arena_printf(&w.rows.arena, "%u 1", count);
    assert_string_equal(look(&w, reader), "");
    assert_string_equal(look(&w, reader), all);
    assert_string_equal(look(&w, reader), all);
    for (unsigned n = 0; n < count; n++)
        keep(&w, n);
    assert_string_not_equal(look(&w, reader), "0");
    assert_string_equal(look(&w, reader), "0");
    store_reader_close(reader);
    world_close(&w);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_from_before), cmocka_unit_test(test_as_it_goes),
    cmocka_unit_test(test_start),       cmocka_unit_test(test_older_reader),
    cmocka_unit_test(test_many),
};
RUN_TESTS(tests)
