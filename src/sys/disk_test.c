/* What holds for every disk, said once and asked of each. */

#include "base/buf.h"
#include "base/test.h"
#include "sys/disk_sim.h"
#include "sys/scratch.h"

enum step_kind {
    END, /* of a case */
    WRITE,
    WRITE_LATER, /* not durable */
    APPEND,
    CUT,
    OVERWRITE,
    REMOVE,
    SYNC_DIRECTORY,
    SYNC_ALL,
    READ,
    READ_AT,
    SIZE,
    LIST,
};

struct step {
    enum step_kind kind;
    const char *path;
    const char *text; /* what is written, or must be read */
    uint64_t number;  /* a size, an offset or a limit */
    enum err_kind fault;
};

#define STEPS 12
#define OK(kind, path, text, number)                                                               \
    {                                                                                              \
        kind, path, text, number, ERR_NONE                                                         \
    }
#define NO(kind, path, text, number, fault)                                                        \
    {                                                                                              \
        kind, path, text, number, fault                                                            \
    }

static const char long_path[] =
    "0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/"
    "0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/"
    "0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/01234567890";

static const struct {
    const char *name;
    struct step step[STEPS];
} cases[] = {
    {"what is written is read", {OK(WRITE, "a", "one", 0), OK(READ, "a", "one", 3)}},
    {"an empty file", {OK(WRITE, "a", "", 0), OK(READ, "a", "", 0), OK(SIZE, "a", "", 0)}},
    {"the newer takes the place of the older",
     {OK(WRITE, "a", "one", 0), OK(WRITE, "a", "two!", 0), OK(READ, "a", "two!", 9),
      OK(SIZE, "a", "", 4)}},
    {"what waits for its sync is read all the same",
     {OK(WRITE_LATER, "d/a", "one", 0), OK(READ, "d/a", "one", 9), OK(SYNC_ALL, "", "", 0),
      OK(READ, "d/a", "one", 9)}},
    {"what waited and is gone again hinders no sync",
     {OK(WRITE_LATER, "d/a", "one", 0), OK(WRITE_LATER, "d/b", "two", 0), OK(REMOVE, "d/a", "", 0),
      OK(SYNC_ALL, "", "", 0), OK(LIST, "", "d/b:3", 0)}},
    {"directories are made as needed",
     {OK(WRITE, "a/b/c", "one", 0), OK(APPEND, "a/d/e", "two", 0),
      OK(LIST, "", "a/b/c:3 a/d/e:3", 0)}},
    {"appended at the end",
     {OK(APPEND, "a", "one", 0), OK(APPEND, "a", "", 0), OK(APPEND, "a", "two", 0),
      OK(READ, "a", "onetwo", 6)}},
    {"a part of a file",
     {OK(WRITE, "a", "0123456789", 0), OK(READ_AT, "a", "345", 3), OK(READ_AT, "a", "", 10),
      OK(READ_AT, "a", "9", 9)}},
    {"cut back, and appended to",
     {OK(APPEND, "a", "012345", 0), OK(CUT, "a", "", 2), OK(APPEND, "a", "x", 0),
      OK(READ, "a", "01x", 3)}},
    {"overwritten in its place",
     {OK(APPEND, "a", "012345", 0), OK(OVERWRITE, "a", "xy", 2), OK(READ, "a", "01xy45", 9),
      OK(OVERWRITE, "a", "z", 5), OK(OVERWRITE, "a", "", 6), OK(APPEND, "a", "6", 0),
      OK(READ, "a", "01xy4z6", 9)}},
    {"overwritten beyond its end, or where nothing is",
     {OK(WRITE, "a", "012", 0), NO(OVERWRITE, "a", "xy", 2, ERR_CONFLICT),
      NO(OVERWRITE, "a", "", 4, ERR_CONFLICT), OK(READ, "a", "012", 9),
      NO(OVERWRITE, "b", "x", 0, ERR_MISSING), NO(OVERWRITE, "../a", "x", 0, ERR_REFUSED)}},
    {"cut to what it is", {OK(APPEND, "a", "01", 0), OK(CUT, "a", "", 2), OK(READ, "a", "01", 2)}},
    {"removed, and again",
     {OK(WRITE, "a", "x", 0), OK(REMOVE, "a", "", 0), OK(REMOVE, "a", "", 0),
      OK(REMOVE, "d/a", "", 0), NO(READ, "a", "", 9, ERR_MISSING)}},
    {"the list is of bytes in order, and of one directory",
     {OK(WRITE, "a/x", "1", 0), OK(WRITE, "a.b", "22", 0), OK(WRITE, "a-b", "333", 0),
      OK(WRITE, "b/a", "", 0), OK(LIST, "", "a-b:3 a.b:2 a/x:1 b/a:0", 0),
      OK(LIST, "a", "a/x:1", 0), OK(LIST, "none", "", 0), OK(LIST, "a.b", "", 0)}},
    {"a directory is synced",
     {OK(WRITE, "d/a", "x", 0), OK(SYNC_DIRECTORY, "d", "", 0), OK(SYNC_DIRECTORY, "", "", 0)}},

    {"no file",
     {NO(READ, "a", "", 9, ERR_MISSING), NO(SIZE, "a", "", 0, ERR_MISSING),
      NO(READ_AT, "a", "", 0, ERR_MISSING), NO(CUT, "a", "", 0, ERR_MISSING)}},
    {"no directory",
     {NO(READ, "d/a", "", 9, ERR_MISSING), NO(SYNC_DIRECTORY, "d", "", 0, ERR_MISSING),
      NO(CUT, "d/a", "", 0, ERR_MISSING)}},
    {"larger than asked for", {OK(WRITE, "a", "0123", 0), NO(READ, "a", "", 3, ERR_LIMIT)}},
    {"beyond the end",
     {OK(WRITE, "a", "0123", 0), NO(READ_AT, "a", "34", 3, ERR_MISSING),
      NO(READ_AT, "a", "", 5, ERR_MISSING)}},
    {"cut to more than it has",
     {OK(WRITE, "a", "0123", 0), NO(CUT, "a", "", 5, ERR_CONFLICT), OK(READ, "a", "0123", 9)}},
    {"a directory is no file",
     {OK(WRITE, "d/a", "x", 0), NO(READ, "d", "", 9, ERR_CONFLICT),
      NO(APPEND, "d", "x", 0, ERR_CONFLICT), NO(WRITE, "d", "x", 0, ERR_CONFLICT),
      NO(REMOVE, "d", "", 0, ERR_CONFLICT), OK(LIST, "d", "d/a:1", 0)}},
    {"a file is no directory",
     {OK(WRITE, "a", "x", 0), NO(READ, "a/b", "", 9, ERR_MISSING),
      NO(WRITE, "a/b", "y", 0, ERR_CONFLICT), NO(APPEND, "a/b", "y", 0, ERR_CONFLICT),
      OK(REMOVE, "a/b", "", 0), NO(SYNC_DIRECTORY, "a", "", 0, ERR_MISSING),
      OK(LIST, "", "a:1", 0)}},
    {"no path", {NO(READ, "", "", 9, ERR_REFUSED), NO(WRITE, "", "x", 0, ERR_REFUSED)}},
    {"from the root", {NO(READ, "/a", "", 9, ERR_REFUSED), NO(WRITE, "/a", "x", 0, ERR_REFUSED)}},
    {"upwards",
     {NO(READ, "../a", "", 9, ERR_REFUSED), NO(READ, "d/../a", "", 9, ERR_REFUSED),
      NO(WRITE, "d/..", "x", 0, ERR_REFUSED), NO(LIST, "..", "", 0, ERR_REFUSED),
      NO(APPEND, "../a", "x", 0, ERR_REFUSED), NO(REMOVE, "..", "", 0, ERR_REFUSED),
      NO(CUT, "../a", "", 0, ERR_REFUSED), NO(SYNC_DIRECTORY, "..", "", 0, ERR_REFUSED)}},
    {"where it is", {NO(READ, "./a", "", 9, ERR_REFUSED), NO(READ, "a/.", "", 9, ERR_REFUSED)}},
    {"an empty step", {NO(READ, "d//a", "", 9, ERR_REFUSED), NO(READ, "a/", "", 9, ERR_REFUSED)}},
    {"a path too long", {NO(WRITE, long_path, "x", 0, ERR_REFUSED)}},
    {"the end of unfinished files is kept for them",
     {NO(WRITE, "a.new", "x", 0, ERR_REFUSED), NO(APPEND, "a.new", "x", 0, ERR_REFUSED),
      OK(REMOVE, "a.new", "", 0), OK(LIST, "", "", 0)}},
};

static bool append(struct disk *disk, const struct step *step, struct err *err)
{
    struct disk_file *file;

    if (!disk_append_open(disk, step->path, &file, err))
        return false;
    bool ok = disk_append(file, span_of(step->text), err) && disk_sync(file, err);
    disk_append_close(file);
    return ok;
}

static bool list(struct disk *disk, const struct step *step, struct span *out, struct arena *arena,
                 struct err *err)
{
    struct buf text = buf_in(arena, 1000);
    struct disk_entry *entry;
    size_t count;

    if (!disk_list(disk, step->path, &entry, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s%s:%d", i ? " " : "", entry[i].path, (int)entry[i].size);
    *out = buf_span(&text);
    return true;
}

/* *out is what was read. */
static bool take(struct disk *disk, const struct step *step, struct span *out, struct arena *arena,
                 struct err *err)
{
    uint64_t size = step->number;
    struct span text = span_of(step->text);
    bool ok = false;

    *out = text;
    switch (step->kind) {
    case WRITE:
    case WRITE_LATER:
        return disk_replace(disk, step->path, text, step->kind == WRITE, err);
    case APPEND:
        return append(disk, step, err);
    case CUT:
        return disk_truncate(disk, step->path, step->number, err);
    case OVERWRITE:
        return disk_overwrite(disk, step->path, step->number, span_of(step->text), err);
    case REMOVE:
        return disk_remove(disk, step->path, err);
    case SYNC_DIRECTORY:
        return disk_sync_directory(disk, step->path, err);
    case SYNC_ALL:
        return disk_sync_all(disk, err);
    case READ:
        return disk_read(disk, step->path, (size_t)step->number, out, arena, err);
    case READ_AT:
        return disk_read_at(disk, step->path, step->number, text.len, out, arena, err);
    case SIZE:
        ok = disk_size(disk, step->path, &size, err);
        assert_true(!ok || size == step->number);
        return ok;
    case LIST:
        return list(disk, step, out, arena, err);
    case END:
        break;
    }
    abort();
}

static void run(struct disk *disk, const char *name, const struct step *step)
{
    struct arena arena = {0};

    for (size_t i = 0; i < STEPS && step[i].kind != END; i++) {
        struct err err = {0};
        struct span got;
        char where[100];

        snprintf(where, sizeof where, "%s, step %zu", name, i + 1);
        bool ok = take(disk, &step[i], &got, &arena, &err);
        CHECK_CASE(where, ok == (step[i].fault == ERR_NONE));
        CHECK_CASE(where, ok || err.kind == step[i].fault);
        CHECK_CASE(where, !ok || span_is(got, step[i].text ? step[i].text : ""));
    }
    arena_free(&arena);
}

static void test_directory(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scratch scratch = scratch_make();
        struct disk *disk;
        struct err err;

        assert_true(disk_open(&disk, scratch.path, false, &err));
        run(disk, cases[i].name, cases[i].step);
        disk_close(disk);
        scratch_remove(&scratch);
    }
}

static void test_simulation(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct disk *disk;

        assert_true(disk_sim_open(&disk, i));
        run(disk, cases[i].name, cases[i].step);
        disk_close(disk);
    }
}

/* Each of them counts, and nothing else. */
static const struct {
    const char *name;
    struct step step[STEPS];
    uint64_t syncs;
} counted[] = {
    {"a file and its directory", {OK(WRITE, "a", "x", 0)}, 2},
    {"and one more for a directory that was made", {OK(WRITE, "d/a", "x", 0)}, 3},
    {"and for each above it", {OK(WRITE, "c/d/a", "x", 0), OK(WRITE, "c/d/b", "x", 0)}, 4 + 2},
    {"later", {OK(WRITE_LATER, "a", "x", 0)}, 0},
    {"all later, the directory once",
     {OK(WRITE_LATER, "a", "x", 0), OK(WRITE_LATER, "b", "x", 0), OK(SYNC_ALL, "", "", 0)},
     3},
    {"of many of one name the last",
     {OK(WRITE_LATER, "a", "x", 0), OK(WRITE_LATER, "a", "y", 0), OK(WRITE_LATER, "a", "z", 0),
      OK(SYNC_ALL, "", "", 0)},
     2},
    {"nothing left",
     {OK(WRITE_LATER, "a", "x", 0), OK(SYNC_ALL, "", "", 0), OK(SYNC_ALL, "", "", 0)},
     2},
    {"an append", {OK(APPEND, "a", "x", 0), OK(APPEND, "a", "x", 0)}, 2},
    {"a cut", {OK(WRITE_LATER, "a", "x", 0), OK(CUT, "a", "", 0)}, 1},
    {"an overwriting", {OK(WRITE_LATER, "a", "x", 0), OK(OVERWRITE, "a", "y", 0)}, 1},
    {"a directory", {OK(SYNC_DIRECTORY, "", "", 0)}, 1},
    {"a directory that is not there", {NO(SYNC_DIRECTORY, "d", "", 0, ERR_MISSING)}, 0},
    {"removing and reading",
     {OK(REMOVE, "a", "", 0), OK(LIST, "", "", 0), NO(READ, "a", "", 1, ERR_MISSING)},
     0},
};

static void test_syncs(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(counted); i++) {
        struct scratch scratch = scratch_make();
        struct disk *disk[2];
        struct err err;

        assert_true(disk_open(&disk[0], scratch.path, false, &err));
        assert_true(disk_sim_open(&disk[1], i));
        for (size_t k = 0; k < 2; k++) {
            run(disk[k], counted[i].name, counted[i].step);
            CHECK_CASE(counted[i].name, disk_syncs(disk[k]) == counted[i].syncs);
            disk_close(disk[k]);
        }
        scratch_remove(&scratch);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_directory),
    cmocka_unit_test(test_simulation),
    cmocka_unit_test(test_syncs),
};
RUN_TESTS(tests)
