#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/test.h"
#include "codec/hex.h"
#include "store/pack.h"
#include "store/parts.h"
#include "sys/disk_sim.h"

#define PACK "parts/pack/000001"

/* "x" for a small part, "X" for one with a file of its own; any other text for itself. */
static struct span part_of(const char *text, struct arena *arena)
{
    uint8_t *large;

    if (strcmp(text, "X") != 0)
        return span_of(text);
    large = arena_alloc(arena, LIMIT_SMALL_PART_BYTES + 1);
    memset(large, 'X', LIMIT_SMALL_PART_BYTES + 1);
    return span_make(large, LIMIT_SMALL_PART_BYTES + 1);
}

static void add(struct parts *parts, struct span part)
{
    struct err err = {0};

    if (!parts_add(parts, part, &err))
        fail_msg("%s", err.text);
}

static bool has(struct parts *parts, struct span part)
{
    struct arena arena = {0};
    struct hash hash = hash_of(part);
    struct span got;
    struct err err;
    bool there = parts_have(parts, &hash);

    if (there) {
        assert_true(parts_get(parts, &hash, &got, &arena, &err));
        assert_true(span_equal(got, part));
    } else {
        assert_false(parts_get(parts, &hash, &got, &arena, &err));
        assert_true(err.kind == ERR_MISSING || err.kind == ERR_CONFLICT);
    }
    arena_free(&arena);
    return there;
}

static struct parts *open_parts(struct disk *disk)
{
    struct parts *parts = NULL;
    struct err err = {0};

    if (!parts_open(&parts, disk, &err))
        fail_msg("%s", err.text);
    return parts;
}

static void test_added_and_found(void **state)
{
    static const char *const texts[] = {"", "a", "ab", "X", "another"};
    struct arena arena = {0};
    struct disk *disk;
    struct err err;

    (void)state;
    assert_true(disk_sim_open(&disk, 1));
    struct parts *parts = open_parts(disk);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CHECK_CASE(texts[i], !has(parts, part_of(texts[i], &arena)));
        add(parts, part_of(texts[i], &arena));
        CHECK_CASE(texts[i], has(parts, part_of(texts[i], &arena)));
    }
    assert_true(parts_sync(parts, &err));
    uint64_t size, again;
    assert_true(disk_size(disk, PACK, &size, &err));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        add(parts, part_of(texts[i], &arena));
    assert_true(disk_size(disk, PACK, &again, &err));
    assert_int_equal(size, again); /* none is written twice */
    parts_close(parts);

    parts = open_parts(disk);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        CHECK_CASE(texts[i], has(parts, part_of(texts[i], &arena)));
    assert_false(has(parts, SPAN_LIT("b")));
    add(parts, SPAN_LIT("b"));
    parts_close(parts);
    parts = open_parts(disk);
    assert_true(has(parts, SPAN_LIT("b")) && has(parts, SPAN_LIT("a")));
    parts_close(parts);
    parts_close(NULL);
    disk_close(disk);
    arena_free(&arena);
}

/* Beside one who writes, who may be in the middle of it. */
static void test_read_alone(void **state)
{
    struct disk *disk;
    struct disk_file *pack;
    struct parts *parts, *beside;
    struct err err = {0};
    uint64_t size, again;
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    assert_true(parts_open_read(&beside, disk, &err)); /* there is nothing yet */
    assert_false(has(beside, SPAN_LIT("one")));
    parts_close(beside);
    parts = open_parts(disk);
    add(parts, SPAN_LIT("one"));
    add(parts, SPAN_LIT("another"));
    parts_close(parts);
    assert_true(disk_append_open(disk, PACK, &pack, &err));
    assert_true(disk_append(pack, SPAN_LIT("the beginning of a head"), &err));
    disk_append_close(pack);
    assert_true(disk_size(disk, PACK, &size, &err));

    assert_true(parts_open_read(&beside, disk, &err));
    assert_true(has(beside, SPAN_LIT("one")) && has(beside, SPAN_LIT("another")));
    parts_close(beside);
    assert_true(disk_size(disk, PACK, &again, &err));
    assert_int_equal(size, again);
    parts_close(open_parts(disk)); /* who writes cuts it */
    assert_true(disk_size(disk, PACK, &again, &err));
    assert_true(again < size);
    disk_close(disk);
}

static void test_too_large(void **state)
{
    struct disk *disk;
    struct err err;
    uint8_t *bytes = calloc(1, LIMIT_PART_BYTES + 1);

    (void)state;
    assert_true(disk_sim_open(&disk, 1));
    struct parts *parts = open_parts(disk);
    assert_false(parts_add(parts, span_make(bytes, LIMIT_PART_BYTES + 1), &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    parts_close(parts);
    disk_close(disk);
    free(bytes);
}

/* What a batch of small parts costs. */
static void test_syncs(void **state)
{
    struct disk *disk;
    struct err err;

    (void)state;
    assert_true(disk_sim_open(&disk, 1));
    struct parts *parts = open_parts(disk);
    assert_true(parts_sync(parts, &err));
    assert_int_equal(disk_syncs(disk), 0);
    for (int i = 0; i < 1000; i++)
        add(parts, span_make(&i, sizeof i));
    assert_true(parts_sync(parts, &err));
    uint64_t first = disk_syncs(disk);
    assert_true(first <= 4); /* two directories, the pack, its name */
    for (int i = 1000; i < 2000; i++)
        add(parts, span_make(&i, sizeof i));
    assert_true(parts_sync(parts, &err));
    assert_int_equal(disk_syncs(disk), first + 1);
    assert_true(parts_sync(parts, &err));
    assert_int_equal(disk_syncs(disk), first + 1);
    parts_close(parts);
    disk_close(disk);
}

/* Packs as they may be found: each letter a part, "!" one whose bytes are others, "~" one cut
 * short, "0" forty zeros. What is good is there afterwards; the pack ends where it should,
 * and so does a second opening find it. */
static const struct {
    const char *name;
    const char *pack, *next; /* the first, and the second if there is one */
    const char *have;
    const char *first; /* what the first pack is cut to */
} found[] = {
    {"nothing", "", NULL, "", ""},
    {"whole", "abc", NULL, "abc", "abc"},
    {"cut short", "ab~", NULL, "ab", "ab"},
    {"cut short at once", "~", NULL, "", ""},
    {"zeros at the end", "ab0", NULL, "ab", "ab"},
    {"zeros alone", "0", NULL, "", ""},
    {"not what its hash says", "a!", NULL, "a", "a"},
    {"good behind bad", "a!b", NULL, "ab", "a"},
    {"good behind bad, cut short", "a!bc~", NULL, "abc", "a"},
    {"good behind zeros", "!ab", NULL, "ab", ""},
    {"two packs", "ab", "cd", "abcd", "ab"},
    {"the first is torn", "ab!c", "de", "abcde", "ab"},
    {"both are torn", "a!b", "c!d~", "abcd", "a"},
    {"the same twice", "aba", "ab", "ab", "aba"},
};

static struct span pack_of(const char *letters, struct arena *arena)
{
    struct buf buf = buf_in(arena, 100000);

    for (; *letters; letters++) {
        struct span part = span_make(letters, 1);
        struct hash hash = hash_of(part);

        if (*letters == '0')
            buf_put(&buf, span_make(arena_alloc(arena, 40), 40));
        else
            pack_put(&buf, &hash, *letters == '!' ? SPAN_LIT("?") : part);
        if (*letters == '~')
            buf.len -= 1;
    }
    return buf_span(&buf);
}

static void check_found(size_t i, struct parts *parts)
{
    for (char letter = 'a'; letter <= 'f'; letter++) {
        bool want = strchr(found[i].have, letter) != NULL;
        CHECK_CASE(found[i].name, has(parts, span_make(&letter, 1)) == want);
    }
    CHECK_CASE(found[i].name, !has(parts, SPAN_LIT("!")) && !has(parts, SPAN_LIT("?")));
}

static void test_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(found); i++) {
        struct arena arena = {0};
        struct disk *disk;
        struct span got;
        struct err err = {0};

        assert_true(disk_sim_open(&disk, i));
        assert_true(disk_replace(disk, PACK, pack_of(found[i].pack, &arena), true, &err));
        if (found[i].next)
            assert_true(disk_replace(disk, "parts/pack/000002", pack_of(found[i].next, &arena),
                                     true, &err));
        for (int times = 0; times < 2; times++) {
            struct parts *parts = open_parts(disk);
            check_found(i, parts);
            parts_close(parts);
            CHECK_CASE(found[i].name, disk_read(disk, PACK, 10000, &got, &arena, &err));
            CHECK_CASE(found[i].name, span_equal(got, pack_of(found[i].first, &arena)));
        }

        /* And it goes on from there. */
        struct parts *parts = open_parts(disk);
        add(parts, SPAN_LIT("f"));
        parts_close(parts);
        parts = open_parts(disk);
        assert_true(has(parts, SPAN_LIT("f")));
        parts_close(parts);
        disk_close(disk);
        arena_free(&arena);
    }
}

/* Beside the packs, what is no part. */
static void test_strangers(void **state)
{
    static const struct {
        const char *name, *path;
        bool goes;
    } strangers[] = {
        {"another name", "parts/pack/readme", false},
        {"a number too short", "parts/pack/00001", false},
        {"a number too long", "parts/pack/0000001", false},
        {"number nought", "parts/pack/000000", false},
        {"a name that is no hash", "parts/large/photo", false},
        {"capital digits",
         "parts/large/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false},
        {"elsewhere", "parts/000001", false},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
        struct disk *disk;
        struct span got;
        struct err err;

        assert_true(disk_sim_open(&disk, i));
        assert_true(disk_replace(disk, strangers[i].path, pack_of("a", &arena), true, &err));
        struct parts *parts = open_parts(disk);
        CHECK_CASE(strangers[i].name, !has(parts, SPAN_LIT("a")));
        CHECK_CASE(strangers[i].name, disk_read(disk, strangers[i].path, 100, &got, &arena, &err));
        parts_close(parts);
        disk_close(disk);
    }
    arena_free(&arena);
}

/* A part that has rotted is said to be damaged, is not had, and can be added again. */
static void rot(const char *text, const char *path, uint64_t seed, unsigned *met)
{
    struct arena arena = {0};
    struct span part = part_of(text, &arena);
    struct hash hash = hash_of(part);
    struct disk *disk;
    struct span got;
    struct err err;

    assert_true(disk_sim_open(&disk, seed));
    struct parts *parts = open_parts(disk);
    add(parts, part);
    assert_true(parts_sync(parts, &err));
    disk_sim_rot(disk, path, seed);
    if (!parts_get(parts, &hash, &got, &arena, &err)) { /* not in the head of the pack */
        assert_int_equal(err.kind, ERR_CONFLICT);
        assert_false(parts_have(parts, &hash));
        assert_false(parts_get(parts, &hash, &got, &arena, &err));
        add(parts, part);
        assert_true(has(parts, part));
        parts_close(parts);
        parts = open_parts(disk);
        assert_true(has(parts, part));
        (*met)++;
    }
    parts_close(parts);
    disk_close(disk);
    arena_free(&arena);
}

static void test_rot(void **state)
{
    struct arena arena = {0};
    struct span large = part_of("X", &arena);
    struct hash hash = hash_of(large);
    char name[2 * HASH_BYTES + 1];
    unsigned met = 0;

    (void)state;
    hex_text(name, hash_span(&hash));
    for (uint64_t seed = 0; seed < 40; seed++)
        rot("a part of some length, so that the rot meets it", PACK, seed, &met);
    assert_true(met > 10);
    rot("X", arena_printf(&arena, "parts/large/%s", name), 1, &met);
    arena_free(&arena);
}

/* --- erasing --- */

/* How often the bytes stand on the disk, under whatever name. */
static unsigned times_on_disk(struct disk *disk, struct span bytes)
{
    struct arena arena = {0};
    struct disk_entry *entry;
    size_t count;
    struct span file;
    struct err err = {0};
    unsigned times = 0;

    assert_true(disk_list(disk, "", &entry, &count, &arena, &err));
    for (size_t i = 0; i < count; i++) {
        assert_true(disk_read(disk, entry[i].path, SIZE_MAX, &file, &arena, &err));
        for (size_t at = 0; at + bytes.len <= file.len; at++)
            times += memcmp(file.at + at, bytes.at, bytes.len) == 0;
    }
    arena_free(&arena);
    return times;
}

static bool erase(struct parts *parts, struct span part)
{
    struct hash hash = hash_of(part);
    struct err err = {0};
    bool held;

    if (!parts_erase(parts, &hash, &held, &err))
        fail_msg("%s", err.text);
    assert_true(parts_erased(parts, &hash) && !parts_have(parts, &hash));
    return held;
}

static void check_erased(struct disk *disk, struct parts *parts, struct span part, const char *name)
{
    struct hash hash = hash_of(part);
    struct arena arena = {0};
    struct err err = {0};
    struct span got;
    uint64_t size;

    CHECK_CASE(name, !has(parts, part) && !parts_size(parts, &hash, &size));
    CHECK_CASE(name, !parts_get(parts, &hash, &got, &arena, &err) && err.kind == ERR_MISSING);
    CHECK_CASE(name, !parts_read(parts, &hash, 0, 1, &got, &arena, &err) &&
                         strstr(err.text, "was erased"));
    add(parts, part); /* whoever brings it again */
    CHECK_CASE(name,
               !parts_have(parts, &hash) &&
                   times_on_disk(disk, span_slice(part, 0, part.len < 40 ? part.len : 40)) == 0);
    arena_free(&arena);
}

static void test_erased(void **state)
{
    static const struct {
        const char *name;
        const char *text; /* part_of */
        bool held;
    } cases[] = {
        {"the first of a pack", "first of all that is here", true},
        {"in the middle", "in the middle of some others", true},
        {"the last", "at the end, where is appended", true},
        {"one with a file of its own", "X", true},
        {"one that nobody brought", "not here at all", false},
    };
    static const char *const others[] = {"kept, before", "kept, after", "a third"};
    struct arena arena = {0};
    struct disk *disk;
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    struct parts *parts = open_parts(disk);
    add(parts, part_of(cases[0].text, &arena));
    add(parts, SPAN_LIT("kept, before"));
    add(parts, part_of(cases[1].text, &arena));
    add(parts, SPAN_LIT("kept, after"));
    add(parts, part_of(cases[3].text, &arena));
    add(parts, part_of(cases[2].text, &arena));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, erase(parts, part_of(cases[i].text, &arena)) == cases[i].held);
    add(parts, SPAN_LIT("a third"));
    for (unsigned again = 0; again < 2; again++) {
        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
            check_erased(disk, parts, part_of(cases[i].text, &arena), cases[i].name);
            CHECK_CASE(cases[i].name, /* it is known what there was, also later */
                       erase(parts, part_of(cases[i].text, &arena)) == cases[i].held);
        }
        for (size_t i = 0; i < ARRAY_LEN(others); i++)
            CHECK_CASE(others[i], has(parts, span_of(others[i])));
        parts_close(parts);
        parts = open_parts(disk);
    }
    parts_close(parts);
    disk_close(disk);
    arena_free(&arena);
}

/* What rotted was brought again: both copies go. */
static void test_erased_with_its_older_copy(void **state)
{
    const struct span part = SPAN_LIT("a part of some length, so that the rot meets it");
    struct hash hash = hash_of(part);
    struct arena arena = {0};
    struct disk *disk;
    struct span got;
    struct err err = {0};
    unsigned met = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 20; seed++) {
        assert_true(disk_sim_open(&disk, seed));
        struct parts *parts = open_parts(disk);
        add(parts, part);
        add(parts, SPAN_LIT("another"));
        assert_true(parts_sync(parts, &err));
        disk_sim_rot(disk, PACK, seed);
        bool rotten = !parts_get(parts, &hash, &got, &arena, &err);
        add(parts, part);
        assert_true(has(parts, part) && erase(parts, part));
        met += rotten;
        assert_int_equal(times_on_disk(disk, span_slice(part, 0, 12)), 0);
        assert_int_equal(times_on_disk(disk, span_slice(part, 30, 12)), 0);
        parts_close(parts);
        disk_close(disk);
    }
    assert_true(met > 5);
    arena_free(&arena);
}

/* Once it is said, durably, that it is to be destroyed, it is: whatever cuts that off. */
static void test_erased_through_power_cuts(void **state)
{
    static const char *const texts[] = {"a small one, to be destroyed", "X"};
    struct arena arena = {0};
    unsigned cut = 0, done = 0, undone = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 120; seed++) {
        struct span part = part_of(texts[seed % 2], &arena);
        struct hash hash = hash_of(part);
        struct err err = {0};
        struct disk *disk;
        bool held;

        assert_true(disk_sim_open(&disk, seed));
        struct parts *parts = open_parts(disk);
        add(parts, SPAN_LIT("kept, before"));
        add(parts, part);
        add(parts, SPAN_LIT("kept, after"));
        assert_true(parts_sync(parts, &err));
        disk_sim_fail_after(disk, disk_sim_operations(disk) + 1 + seed / 2 % 12);
        bool ok = parts_erase(parts, &hash, &held, &err);
        parts_close(parts);
        struct disk *after = disk_sim_crash(disk, seed);
        disk_close(disk);
        parts = open_parts(after);
        cut += !ok;
        if (ok || parts_erased(parts, &hash)) {
            check_erased(after, parts, part, texts[seed % 2]);
            assert_true(erase(parts, part)); /* there was one */
            done++;
        } else {
            assert_true(has(parts, part));
            undone++;
        }
        assert_true(has(parts, SPAN_LIT("kept, before")) && has(parts, SPAN_LIT("kept, after")));
        parts_close(parts);
        disk_close(after);
        arena_reset(&arena);
    }
    assert_true(cut > 20 && done > 20 && undone > 5);
    arena_free(&arena);
}

/* --- what no record names --- */

enum since { NOTHING, IS_NAMED, IS_ASKED, IS_ADDED, IS_ERASED };

static void happens(struct parts *parts, enum since since, struct span part)
{
    struct hash hash = hash_of(part);
    uint64_t size;

    if (since == IS_NAMED)
        parts_name(parts, &hash);
    if (since == IS_ASKED)
        assert_true(parts_ask(parts, &hash, &size) && size == part.len);
    if (since == IS_ADDED)
        add(parts, part);
    if (since == IS_ERASED)
        assert_true(erase(parts, part));
}

static bool clear(struct parts *parts, const struct hash *hash)
{
    struct err err = {0};
    bool cleared;

    assert_true(parts_clear(parts, hash, &cleared, &err));
    return cleared;
}

static void test_cleared(void **state)
{
    static const struct {
        const char *name, *text;
        enum since since; /* it was listed as one that nobody names */
        bool listed, cleared;
    } cases[] = {
        {"a large one", "X", NOTHING, true, true},
        {"a small one is never one of them", "x", NOTHING, false, false},
        {"a record names it", "X", IS_NAMED, true, false},
        {"it is asked for", "X", IS_ASKED, true, false},
        {"it is brought again", "X", IS_ADDED, true, false},
        {"it was erased", "X", IS_ERASED, true, false},
    };
    struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span part = part_of(cases[i].text, &arena);
        struct hash hash = hash_of(part);
        struct parts_unnamed *list;
        struct disk *disk;
        size_t count;

        assert_true(disk_sim_open(&disk, i));
        struct parts *parts = open_parts(disk);
        add(parts, part);
        CHECK_CASE(cases[i].name, !clear(parts, &hash)); /* it was brought just now */
        parts_unnamed(parts, &list, &count, &arena);
        CHECK_CASE(cases[i].name, count == cases[i].listed && (!count || list[0].brought));
        parts_unnamed(parts, &list, &count, &arena);
        CHECK_CASE(cases[i].name, count == cases[i].listed && (!count || !list[0].brought));
        happens(parts, cases[i].since, part);
        CHECK_CASE(cases[i].name, clear(parts, &hash) == cases[i].cleared);
        CHECK_CASE(cases[i].name, !clear(parts, &hash));
        bool kept = !cases[i].cleared && cases[i].since != IS_ERASED;
        CHECK_CASE(cases[i].name, has(parts, part) == kept);
        parts_close(parts);
        parts = open_parts(disk);
        CHECK_CASE(cases[i].name, has(parts, part) == kept);
        add(parts, part); /* it may come again, but for what was erased */
        CHECK_CASE(cases[i].name, has(parts, part) == (cases[i].since != IS_ERASED));
        parts_close(parts);
        disk_close(disk);
    }
    arena_free(&arena);
}

/* Once more in the same life: where it stood is as good as never known. */
static void test_cleared_and_back(void **state)
{
    struct arena arena = {0};
    struct span part = part_of("X", &arena), got;
    struct hash hash = hash_of(part);
    struct parts_unnamed *list;
    struct err err = {0};
    struct disk *disk;
    size_t count;
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    struct parts *parts = open_parts(disk);
    add(parts, part);
    parts_unnamed(parts, &list, &count, &arena);
    assert_true(clear(parts, &hash));
    parts_unnamed(parts, &list, &count, &arena);
    assert_int_equal(count, 0);
    assert_false(parts_get(parts, &hash, &got, &arena, &err));
    add(parts, part);
    assert_true(has(parts, part));
    assert_false(clear(parts, &hash));
    parts_close(parts);
    disk_close(disk);
    arena_free(&arena);
}

/* Threads that read while one adds. */

#define SHARED_PARTS 400u

struct shared {
    struct parts *parts;
    atomic_uint added;
    atomic_bool wrong;
};

static void *read_shared(void *context)
{
    struct shared *shared = context;
    unsigned added = 0;

    while (added < SHARED_PARTS && !atomic_load(&shared->wrong)) {
        struct arena arena = {0};
        struct span got;
        struct err err;

        added = atomic_load(&shared->added);
        for (unsigned i = 0; i < SHARED_PARTS; i += 7) {
            struct hash hash = hash_of(span_make(&i, sizeof i));
            bool there = parts_get(shared->parts, &hash, &got, &arena, &err);

            if (i < added && (!there || !span_equal(got, span_make(&i, sizeof i))))
                atomic_store(&shared->wrong, true);
        }
        arena_free(&arena);
    }
    return NULL;
}

static void test_readers_on_threads(void **state)
{
    struct shared shared = {0};
    pthread_t thread[3];
    struct disk *disk;
    struct err err;

    (void)state;
    assert_true(disk_sim_open(&disk, 1));
    shared.parts = open_parts(disk);
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, read_shared, &shared), 0);
    for (unsigned i = 0; i < SHARED_PARTS; i++) {
        add(shared.parts, span_make(&i, sizeof i));
        atomic_store(&shared.added, i + 1);
        if (i % 50 == 0)
            assert_true(parts_sync(shared.parts, &err));
    }
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        pthread_join(thread[i], NULL);
    assert_false(atomic_load(&shared.wrong));
    parts_close(shared.parts);
    disk_close(disk);
}

/* Power cuts: what was synced is there, what was not may be; through several lives, each of
 * which may end anywhere, opening included. */

#define LIVES 5u
#define MOST_PARTS 100u

struct lives {
    struct disk *disk;
    uint64_t chance;
    unsigned born; /* the first part of this life */
    unsigned next;
    bool sure[MOST_PARTS]; /* synced */
};

static unsigned draw(struct lives *lives, unsigned below)
{
    lives->chance = lives->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(lives->chance >> 40) % below;
}

/* One in twenty is large. */
static struct span numbered_part(unsigned number, struct arena *arena)
{
    size_t len = number % 20 == 9 ? LIMIT_SMALL_PART_BYTES + 1 : 20;
    uint8_t *at = arena_alloc(arena, len);

    snprintf((char *)at, len, "part %u", number);
    return span_make(at, len);
}

static void live(struct lives *lives, struct parts *parts)
{
    struct arena arena = {0};
    struct err err;
    bool ok = true;

    lives->born = lives->next;
    for (int i = 0; ok && i < 15; i++) {
        if (draw(lives, 4) > 0) {
            ok = parts_add(parts, numbered_part(lives->next++, &arena), &err);
        } else {
            ok = parts_sync(parts, &err);
            for (unsigned k = lives->born; ok && k < lives->next; k++)
                lives->sure[k] = true;
        }
    }
    arena_free(&arena);
}

/* Whether it came so far as to open. */
static bool live_and_die(struct lives *lives, uint64_t seed)
{
    struct parts *parts = NULL;
    struct err err;

    disk_sim_fail_after(lives->disk, 1 + draw(lives, 60));
    bool opened = parts_open(&parts, lives->disk, &err);
    if (opened)
        live(lives, parts);
    parts_close(parts);
    struct disk *after = disk_sim_crash(lives->disk, seed);
    disk_close(lives->disk);
    lives->disk = after;
    return opened;
}

static void test_power_cuts(void **state)
{
    unsigned lost = 0, kept = 0, stillborn = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct lives lives = {.chance = seed};
        struct arena arena = {0};

        assert_true(disk_sim_open(&lives.disk, seed));
        for (unsigned i = 0; i < LIVES; i++)
            stillborn += !live_and_die(&lives, seed * LIVES + i);
        struct parts *parts = open_parts(lives.disk);
        for (unsigned i = 0; i < lives.next; i++) {
            bool there = has(parts, numbered_part(i, &arena));

            if (lives.sure[i] && !there)
                fail_msg("seed %d: part %u was synced and is lost", (int)seed, i);
            lost += !there;
            kept += there && !lives.sure[i];
        }
        parts_close(parts);
        disk_close(lives.disk);
        arena_free(&arena);
    }
    assert_true(lost > 0 && kept > 0 && stillborn > 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_added_and_found),
    cmocka_unit_test(test_read_alone),
    cmocka_unit_test(test_too_large),
    cmocka_unit_test(test_syncs),
    cmocka_unit_test(test_found),
    cmocka_unit_test(test_strangers),
    cmocka_unit_test(test_rot),
    cmocka_unit_test(test_power_cuts),
    cmocka_unit_test(test_erased),
    cmocka_unit_test(test_erased_with_its_older_copy),
    cmocka_unit_test(test_erased_through_power_cuts),
    cmocka_unit_test(test_cleared),
    cmocka_unit_test(test_cleared_and_back),
    cmocka_unit_test(test_readers_on_threads),
};
RUN_TESTS(tests)
