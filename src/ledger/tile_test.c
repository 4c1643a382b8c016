#include "base/limits.h"
#include "base/test.h"
#include "ledger/tile.h"

static void test_paths(void **state)
{
    static const struct {
        const char *path;
        struct tile tile;
    } cases[] = {
        {"tile/0/000", {0, 0, 256}},
        {"tile/0/000.p/1", {0, 0, 1}},
        {"tile/0/000.p/255", {0, 0, 255}},
        {"tile/0/x001/x234/067", {0, 1234067, 256}},
        {"tile/0/x001/x234/067.p/8", {0, 1234067, 8}},
        {"tile/1/007", {1, 7, 256}},
        {"tile/9/999", {9, 999, 256}},
        {"tile/10/x001/000", {10, 1000, 256}},
        {"tile/63/x999/999.p/17", {63, 999999, 17}},
        {"tile/entries/000", {TILE_ENTRIES, 0, 256}},
        {"tile/entries/x001/x000/000.p/99", {TILE_ENTRIES, 1000000, 99}},
        {"tile/entries/x035/x184/x372/x088/831", {TILE_ENTRIES, LIMIT_TREE_SIZE / TILE_WIDTH, 256}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char path[TILE_PATH];
        struct tile tile;

        tile_path(path, cases[i].tile);
        CHECK_CASE(cases[i].path, strcmp(path, cases[i].path) == 0);
        CHECK_CASE(cases[i].path, tile_path_parse(&tile, span_of(path)));
        CHECK_CASE(cases[i].path, tile.level == cases[i].tile.level);
        CHECK_CASE(cases[i].path, tile.index == cases[i].tile.index);
        CHECK_CASE(cases[i].path, tile.width == cases[i].tile.width);
    }
}

static void test_wrong_paths(void **state)
{
    static const char *const cases[] = {
        "",
        "/",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/000",
        "/tile/0/000",
        "tile/0/000/",
        "tile//000",
        "tiles/0/000",
        "TILE/0/000",
        "../tile/0/000",
        "tile/../0/000",
        "tile/0/../000",
        "tile/00/000", /* a leading zero */
        "tile/01/000",
        "tile/64/000", /* a level that no tree has */
        "tile/-1/000",
        "tile/+1/000",
        "tile/x/000",
        "tile/18446744073709551616/000",
        "tile/entry/000",
        "tile/entries0/000",
        "tile/data/000",
        "tile/0/0", /* not three digits */
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1234",
        "tile/0/00a",
        "tile/0/ 00",
        "tile/0/-01",
        "tile/0/x000", /* the last group with an x */
        "tile/0/x001",
        "tile/0/x001/x002",
        "tile/0/001/002", /* another without */
        "tile/0/X001/002",
        "tile/0/x000/001", /* a leading group of zeros */
        "tile/0/x000/x000/001",
        "tile/0/001/x002/003", /* a good group behind a bad one */
        "tile/0/x0a1/x002/003",
        "tile/0//x001/002",
        "tile/0/x01/002",
        "tile/0/x0001/002",
        "tile/0/x001//002",
        "tile/0/x001/002/",
        "tile/0/000.p", /* widths */
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/01",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000.p/-1",
        "tile/0/000.p/ 1",
        "tile/0/000.P/1",
        "tile/0/000/1",
        "tile/0/000.p1",
        "tile/0/.p/1",
        "tile/0/000.",
        "tile/0.p/1/000",
        "tile/0/000 ",
        "tile/0/000\n",
        "tile/0/000.p/1\n",
        "tile/0/x035/x184/x372/x088/832", /* past the largest log */
        "tile/0/x999/x999/x999/x999/999",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "checkpoint",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tile tile = {.width = 99};
        CHECK_CASE(cases[i], !tile_path_parse(&tile, span_of(cases[i])));
        CHECK_CASE(cases[i], tile.width == 99);
    }
    assert_false(tile_path_parse(&(struct tile){0}, SPAN_LIT("tile/0/000\0")));
}

static void test_widths(void **state)
{
    static const struct {
        const char *name;
        unsigned level;
        uint64_t index, size;
        unsigned width;
    } cases[] = {
        {"nothing in an empty log", 0, 0, 0, 0},
        {"one entry", TILE_ENTRIES, 0, 1, 1},
        {"one leaf hash", 0, 0, 1, 1},
        {"nothing above it", 1, 0, 1, 0},
        {"almost full", 0, 0, 255, 255},
        {"full", 0, 0, 256, 256},
        {"nothing beside a full one", 0, 1, 256, 0},
        {"one above a full one", 1, 0, 256, 1},
        {"the next begins", 0, 1, 257, 1},
        {"the first stays full", 0, 0, 257, 256},
        {"the second level", 1, 0, 65535, 255},
        {"the second level full", 1, 0, 65536, 256},
        {"the third begins", 2, 0, 65536, 1},
        {"C2SP's example: 70,000, level 0", 0, 273, 70000, 112},
        {"C2SP's example: 70,000, level 1", 1, 1, 70000, 17},
        {"C2SP's example: 70,000, level 2", 2, 0, 70000, 1},
        {"the top of the largest log", 6, 0, LIMIT_TREE_SIZE, 31},
        {"nothing above the largest log", 7, 0, LIMIT_TREE_SIZE, 0},
        {"nor at a level that shifts all away", 8, 0, LIMIT_TREE_SIZE, 0},
        {"nor at the last level", 63, 0, LIMIT_TREE_SIZE, 0},
        {"far past the end", 0, UINT64_MAX, LIMIT_TREE_SIZE, 0},
        {"past the end by a multiple of 2^56", 0, UINT64_C(1) << 56, 1000, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   tile_width_at(cases[i].level, cases[i].index, cases[i].size) == cases[i].width);
}

/* The slow way: one entry after another, every tile that it makes or widens. A tile that
 * is widened twice is wanted once, at its last width. */
#define MOST_TILES 2048
struct tiles {
    struct tile tile[MOST_TILES];
    size_t count;
};

static void want(struct tiles *tiles, unsigned level, uint64_t number)
{
    const struct tile tile = {level, number / 256, (unsigned)(number % 256) + 1};

    for (size_t i = tiles->count; i-- > 0;) /* the last are those being filled */
        if (tiles->tile[i].level == level && tiles->tile[i].index == tile.index) {
            tiles->tile[i] = tile;
            return;
        }
    assert_true(tiles->count < MOST_TILES);
    tiles->tile[tiles->count++] = tile;
}

static void add_entry(struct tiles *tiles, uint64_t index)
{
    want(tiles, TILE_ENTRIES, index);
    want(tiles, 0, index);
    uint64_t whole = 256; /* leaves below one hash of the level */
    for (unsigned level = 1; (index + 1) % whole == 0; level++, whole *= 256)
        want(tiles, level, (index + 1) / whole - 1);
}

static bool same(struct tile a, struct tile b)
{
    return a.level == b.level && a.index == b.index && a.width == b.width;
}

static bool has(const struct tiles *tiles, struct tile tile)
{
    for (size_t i = 0; i < tiles->count; i++)
        if (same(tiles->tile[i], tile))
            return true;
    return false;
}

static void check_walk(uint64_t old_size, uint64_t size)
{
    static struct tiles wanted, walked;
    struct tile_walk walk = {.old_size = old_size, .size = size};
    struct tile tile = {0};

    wanted.count = walked.count = 0;
    for (uint64_t index = old_size; index < size; index++)
        add_entry(&wanted, index);
    while (tile_walk_next(&walk, &tile)) {
        if (!has(&wanted, tile) || has(&walked, tile))
            fail_msg("%" PRIu64 " to %" PRIu64 ": level %u, index %" PRIu64 ", width %u", old_size,
                     size, tile.level, tile.index, tile.width);
        /* Entries first, then level by level, so that a tile's hashes are there. */
        unsigned before = walked.count ? walked.tile[walked.count - 1].level : TILE_ENTRIES;
        assert_true(tile.level == before ||
                    tile.level == (before == TILE_ENTRIES ? 0 : before + 1));
        walked.tile[walked.count++] = tile;
    }
    assert_int_equal(walked.count, wanted.count);
    assert_false(tile_walk_next(&walk, &tile)); /* and it stays so */
}

static void test_walk(void **state)
{
    static const uint64_t ends[] = {0,     1,     2,     100,   255,    256,    257,   511,
                                    512,   513,   1000,  65279, 65280,  65281,  65535, 65536,
                                    65537, 65791, 65792, 65793, 131071, 131072, 131073};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        for (size_t j = i; j < ARRAY_LEN(ends) && ends[j] - ends[i] <= 70000; j++)
            check_walk(ends[i], ends[j]);
    for (uint64_t old_size = 200; old_size < 600; old_size++)
        for (uint64_t size = old_size; size < 600; size += 7)
            check_walk(old_size, size);
}

/* Three levels of full tiles: too many for the slow way, so by count and by ends. */
static void test_walk_to_a_third_level(void **state)
{
    const uint64_t size = UINT64_C(256) * 256 * 256;
    struct tile_walk walk = {.old_size = size - 1, .size = size};
    static const struct tile want_in_order[] = {
        {TILE_ENTRIES, 65535, 256}, {0, 65535, 256}, {1, 255, 256}, {2, 0, 256}, {3, 0, 1},
    };
    struct tile tile = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(want_in_order); i++) {
        assert_true(tile_walk_next(&walk, &tile));
        assert_true(same(tile, want_in_order[i]));
    }
    assert_false(tile_walk_next(&walk, &tile));
}

static void test_bundles(void **state)
{
    struct arena arena = {0};
    uint8_t *longest = arena_alloc(&arena, LIMIT_ENTRY_BYTES);
    const struct span entries[] = {SPAN_LIT("first"), SPAN_LIT(""), SPAN_LIT("\n"),
                                   span_make(longest, LIMIT_ENTRY_BYTES), SPAN_LIT("last")};
    struct buf buf = buf_in(&arena, 1u << 20);
    struct span entry;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(entries); i++)
        tile_bundle_put(&buf, entries[i]);
    struct span bundle = buf_span(&buf);
    assert_int_equal(bundle.len, 5 * 2 + 5 + 0 + 1 + LIMIT_ENTRY_BYTES + 4);
    assert_memory_equal(bundle.at, "\0\5first\0\0\0\1\n\xff\xff", 14);
    for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
        assert_true(tile_bundle_next(&bundle, &entry));
        assert_true(span_equal(entry, entries[i]));
    }
    assert_int_equal(bundle.len, 0);
    assert_false(tile_bundle_next(&bundle, &entry));
    arena_free(&arena);
}

static void test_broken_bundles(void **state)
{
    const struct {
        const char *name;
        struct span bundle;
        size_t entries;
    } cases[] = {
        {"half a length", SPAN_LIT("\0"), 0},
        {"a length and nothing", SPAN_LIT("\0\1"), 0},
        {"a byte short", SPAN_LIT("\0\5firs"), 0},
        {"the longest, a byte short", SPAN_LIT("\xff\xff..."), 0},
        {"half a length behind a good one", SPAN_LIT("\0\1a\0"), 1},
        {"a byte short behind two", SPAN_LIT("\0\1a\0\0\0\3bc"), 2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span bundle = cases[i].bundle, entry;
        size_t count = 0;

        while (tile_bundle_next(&bundle, &entry))
            count++;
        CHECK_CASE(cases[i].name, count == cases[i].entries);
        CHECK_CASE(cases[i].name, bundle.len > 0); /* so the caller knows that it broke off */
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_paths),
    cmocka_unit_test(test_wrong_paths),
    cmocka_unit_test(test_widths),
    cmocka_unit_test(test_walk),
    cmocka_unit_test(test_walk_to_a_third_level),
    cmocka_unit_test(test_bundles),
    cmocka_unit_test(test_broken_bundles),
};

RUN_TESTS(tests)
