#include "sync/pull_tree.h"

#include "base/test.h"
#include "journal/pair.h"
#include "sync/liar.h"

/* Hashes that another shows: every step from one size to another, around every boundary. */

static const uint64_t sizes[] = {1,   2,     3,     255,   256,   257,   258,   511,   512,  513,
                                 600, 65280, 65535, 65536, 65537, 65791, 65792, 66048, 66300};

static struct pair whole; /* a log that went through all these sizes */

static int open_whole(void **state)
{
    (void)state;
    pair_open(&whole, sizes, ARRAY_LEN(sizes));
    return 0;
}

static int close_whole(void **state)
{
    (void)state;
    pair_close(&whole);
    return 0;
}

static void check_bundle(const char *name, struct pull_tree *tree, uint64_t index)
{
    struct span entry[TILE_WIDTH], own;
    struct log_reader *reader;
    struct arena work = {0};
    struct err err = {0};

    if (!pull_tree_bundle(tree, index, entry, &work, &err))
        fail_msg("%s: %s", name, err.text);
    assert_true(log_reader_open(&reader, whole.disk, pair_last(&whole)->checkpoint.size, &err));
    for (unsigned i = 0; i < TILE_WIDTH; i++) {
        assert_true(log_reader_entry(reader, index * TILE_WIDTH + i, &own, &err));
        CHECK_CASE(name, span_equal(entry[i], own));
    }
    log_reader_close(reader);
    arena_free(&work);
}

/* Some bundles of the range: those at its ends, and where a tile of the second level ends. */
static void check_bundles(const char *name, struct pull_tree *tree, uint64_t from, uint64_t to)
{
    for (uint64_t index = from / TILE_WIDTH; index < to / TILE_WIDTH; index++)
        if (index < from / TILE_WIDTH + 2 || index + 2 >= to / TILE_WIDTH || index % 256 == 255 ||
            index % 256 == 0)
            check_bundle(name, tree, index);
}

static void load_edge(struct edge *out, uint64_t size)
{
    struct err err = {0};

    if (!edge_load(out, whole.disk, size, &err))
        fail_msg("%s", err.text);
}

/* Of one log the path leads from the root that is here. */
static void check_path(const char *name, struct pull_tree *tree, const struct edge *own,
                       const struct checkpoint *target)
{
    struct merkle_proof path;
    struct hash root;
    struct err err = {0};

    CHECK_CASE(name, pull_tree_prove(tree, &root, &path, &err));
    CHECK_CASE(name, hash_equal(root, edge_root(own)));
    CHECK_CASE(name, merkle_verify_consistency(&path, own->size, target->size, root, target->root));
}

static void test_every_step(void **state)
{
    struct source_disk from = {.disk = whole.disk, .name = "the log"};
    static struct edge own;
    (void)state;

    for (unsigned no_partials = 0; no_partials < 2; no_partials++)
        for (size_t a = 0; a <= whole.heads; a++)
            for (size_t b = a; b < whole.heads; b++) {
                struct liar liar = {.honest = source_of_disk(&from), .no_partials = no_partials};
                const struct checkpoint *target = &whole.head[b].checkpoint;
                uint64_t size = a > 0 ? whole.head[a - 1].checkpoint.size : 0;
                struct source source = liar_source(&liar);
                struct pull_tree *tree;
                struct err err = {0};
                char name[60];

                snprintf(name, sizeof name, "%" PRIu64 " to %" PRIu64, size, target->size);
                load_edge(&own, size);
                if (!pull_tree_open(&tree, &source, &own, target, &err) ||
                    !pull_tree_extends(tree, &err))
                    fail_msg("%s: %s", name, err.text);
                if (size > 0)
                    check_path(name, tree, &own, target);
                check_bundles(name, tree, size, target->size);
                pull_tree_close(tree);
            }
}

/* What a step asks for is what lies beyond our own edge. */
static void test_requests(void **state)
{
    static const struct {
        uint64_t from, to;
        uint64_t asked; /* of the tree; bundles that are full come later */
    } cases[] = {
        {1, 2, 1},         /* the last bundle alone */
        {257, 258, 1},     /* and so where a tile stands above it */
        {511, 512, 1},     /* the tile above it alone: no entry is left over */
        {512, 600, 1},     /* a new bundle */
        {255, 600, 2},     /* and what is above it */
        {65536, 65537, 1}, /* of tile 2/000 nothing is new */
        {65535, 65537, 3}, /* it is, and the tile of level 1 below it */
        {0, 66300, 3},
    };
    struct source_disk from = {.disk = whole.disk, .name = "the log"};
    static struct edge own;
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct liar liar = {.honest = source_of_disk(&from)};
        struct source source = liar_source(&liar);
        const struct checkpoint *target = NULL;
        struct pull_tree *tree;
        struct err err = {0};
        char name[60];

        for (size_t n = 0; n < whole.heads; n++)
            if (whole.head[n].checkpoint.size == cases[i].to)
                target = &whole.head[n].checkpoint;
        snprintf(name, sizeof name, "%" PRIu64 " to %" PRIu64, cases[i].from, cases[i].to);
        load_edge(&own, cases[i].from);
        CHECK_CASE(name, pull_tree_open(&tree, &source, &own, target, &err) &&
                             pull_tree_extends(tree, &err));
        if (liar.asked != cases[i].asked)
            fail_msg("%s: %" PRIu64 " requests", name, liar.asked);
        pull_tree_close(tree);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_step),
                                          cmocka_unit_test(test_requests)};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, open_whole, close_whole);
}
