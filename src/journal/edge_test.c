#include "journal/edge.h"

#include "base/test.h"
#include "journal/log_reader.h"
#include "journal/tile_check.h"
#include "journal/tile_writer.h"
#include "journal/tree.h"
#include "sys/disk_sim.h"

#include <stdio.h>

/* Writing, reading and checking tiles, against the plain tree of ledger/merkle. */

static struct span entry_text(char out[40], uint64_t index)
{
    return span_make(out, (size_t)snprintf(out, 40, "entry number %" PRIu64, index));
}

static void grow(struct disk *disk, struct edge *edge, struct merkle *plain, uint64_t size)
{
    struct tile_writer *writer;
    struct err err = {0};
    char text[40];

    assert_true(tile_writer_open(&writer, disk, edge, &err));
    while (edge->size < size) {
        struct span entry = entry_text(text, edge->size);
        merkle_push(plain, merkle_leaf(entry));
        assert_true(tile_writer_add(writer, entry, &err));
    }
    assert_true(tile_writer_end(writer, &err));
    assert_true(disk_sync_all(disk, &err));
    tile_writer_close(writer);
}

/* Sizes that a log passes through, round after round. */
static const uint64_t sizes[] = {1,   2,   3,     255,   256,   257,   258,   511,
                                 512, 600, 65535, 65536, 65537, 65800, 66048, 70000};

static void check_readers(struct disk *disk, uint64_t size, const struct merkle *plain)
{
    struct log_reader *reader;
    struct merkle loaded;
    struct err err = {0};
    char text[40];
    struct span entry;

    assert_true(log_reader_open(&reader, disk, size, &err));
    assert_true(merkle_load(&loaded, size, log_reader_hash, reader, &err));
    assert_true(hash_equal(merkle_root(&loaded), merkle_root(plain)));
    for (uint64_t i = 0; i < size; i += size / 7 + 1) {
        assert_true(log_reader_entry(reader, i, &entry, &err));
        assert_true(span_equal(entry, entry_text(text, i)));
    }
    assert_true(log_reader_entry(reader, size - 1, &entry, &err));
    log_reader_close(reader);
}

static void test_grow(void **state)
{
    static struct edge edge, loaded;
    struct merkle plain = {0};
    struct disk *disk;
    struct err err = {0};
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    edge = (struct edge){0};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        static struct tile_check check, from;
        from = (struct tile_check){.disk = disk, .edge = edge, .size = sizes[i]};
        edge_align(&from.edge);
        grow(disk, &edge, &plain, sizes[i]);
        assert_true(hash_equal(edge_root(&edge), merkle_root(&plain)));
        assert_true(tile_check(&from, &err));
        assert_int_equal(from.path[0], 0);
        assert_true(hash_equal(edge_root(&from.edge), merkle_root(&plain)));
        check = (struct tile_check){.disk = disk, .size = sizes[i]};
        assert_true(tile_check(&check, &err));
        assert_int_equal(check.path[0], 0);
        assert_true(hash_equal(edge_root(&check.edge), merkle_root(&plain)));
        assert_true(edge_load(&loaded, disk, sizes[i], &err));
        assert_true(hash_equal(edge_root(&loaded), merkle_root(&plain)));
        check_readers(disk, sizes[i], &plain);
    }
    disk_close(disk);
}

/* The power goes before what was written is synced: what was published before is whole. */
static void test_published_is_untouched(void **state)
{
    static const struct {
        uint64_t from, to;
    } cases[] = {{7, 9}, {256, 257}, {300, 301}, {511, 513}, {600, 900}};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        for (uint64_t seed = 0; seed < 30; seed++) {
            static struct edge edge;
            static struct tile_check check;
            struct merkle plain = {0};
            struct disk *disk;
            struct tile_writer *writer;
            struct err err = {0};
            char text[40], name[60];

            snprintf(name, sizeof name, "%" PRIu64 " to %" PRIu64 ", seed %" PRIu64, cases[i].from,
                     cases[i].to, seed);
            assert_true(disk_sim_open(&disk, seed));
            edge = (struct edge){0};
            grow(disk, &edge, &plain, cases[i].from);
            assert_true(tile_writer_open(&writer, disk, &edge, &err));
            while (edge.size < cases[i].to)
                assert_true(tile_writer_add(writer, entry_text(text, edge.size), &err));
            assert_true(tile_writer_end(writer, &err));
            tile_writer_close(writer);
            struct disk *after = disk_sim_crash(disk, seed);
            check = (struct tile_check){.disk = after, .size = cases[i].from};
            CHECK_CASE(name, tile_check(&check, &err));
            CHECK_CASE(name, check.path[0] == '\0');
            CHECK_CASE(name, hash_equal(edge_root(&check.edge), merkle_root(&plain)));
            disk_close(disk);
            disk_close(after);
        }
}

/* Every root of the past, while some of the log is published and some is not. */
static void test_tree(void **state)
{
    static const struct {
        uint64_t published, pushed, published_later;
    } cases[] = {{0, 1, 1},     {0, 700, 0},     {0, 700, 512},   {1, 600, 300}, {255, 2, 257},
                 {256, 1, 256}, {300, 300, 599}, {513, 600, 700}, {700, 0, 700}, {100, 500, 100}};
    static struct merkle at[1200];
    (void)state;

    for (size_t i = 1; i < ARRAY_LEN(at); i++) {
        char text[40];
        at[i] = at[i - 1];
        merkle_push(&at[i], merkle_leaf(entry_text(text, i - 1)));
    }
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        static struct edge edge;
        struct merkle plain = {0};
        struct disk *disk;
        struct tree *tree;
        struct err err = {0};
        struct hash root;
        char name[40], text[40];
        uint64_t size = cases[i].published + cases[i].pushed;

        snprintf(name, sizeof name, "number %zu", i);
        assert_true(disk_sim_open(&disk, 1));
        edge = (struct edge){0};
        grow(disk, &edge, &plain, cases[i].published);
        assert_true(tree_open(&tree, disk, cases[i].published, &err));
        for (uint64_t n = cases[i].published; n < size; n++)
            CHECK_CASE(name, tree_push(tree, merkle_leaf(entry_text(text, n)), &err));
        grow(disk, &edge, &plain,
             cases[i].published_later > cases[i].published ? cases[i].published_later
                                                           : cases[i].published);
        if (cases[i].published_later > cases[i].published)
            tree_publish(tree, cases[i].published_later);
        for (uint64_t n = 0; n <= size; n++) {
            CHECK_CASE(name, tree_root(tree, n, &root, &err));
            CHECK_CASE(name, hash_equal(root, merkle_root(&at[n])));
        }
        for (uint64_t n = size; n < size + 300; n++) /* and on */
            CHECK_CASE(name, tree_push(tree, merkle_leaf(entry_text(text, n)), &err));
        CHECK_CASE(name, tree_root(tree, size + 300, &root, &err));
        if (size + 300 < ARRAY_LEN(at))
            CHECK_CASE(name, hash_equal(root, merkle_root(&at[size + 300])));
        tree_close(tree);
        disk_close(disk);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_grow),
                                          cmocka_unit_test(test_published_is_untouched),
                                          cmocka_unit_test(test_tree)};
RUN_TESTS(tests)
