/* What only a real directory has: links, pipes, other processes. */

#include <fcntl.h>
#include <sys/stat.h>

#include "base/test.h"
#include "sys/disk.h"
#include "sys/scratch.h"

struct here {
    struct scratch scratch;
    struct disk *disk;
    struct arena arena;
    char outside[100]; /* a file beside the directory, that no link may lead to */
};

static int set_up(void **state)
{
    struct here *here = calloc(1, sizeof *here);
    struct err err;
    char directory[100];

    here->scratch = scratch_make();
    snprintf(directory, sizeof directory, "%s/dir", here->scratch.path);
    snprintf(here->outside, sizeof here->outside, "%s/outside", here->scratch.path);
    FILE *file = fopen(here->outside, "w");
    fputs("secret", file);
    fclose(file);
    assert_true(disk_open(&here->disk, directory, true, &err));
    *state = here;
    return 0;
}

static int tear_down(void **state)
{
    struct here *here = *state;

    disk_close(here->disk);
    arena_free(&here->arena);
    scratch_remove(&here->scratch);
    free(here);
    return 0;
}

static const char *inside(struct here *here, const char *name)
{
    return arena_printf(&here->arena, "%s/dir/%s", here->scratch.path, name);
}

static char *outside_now(struct here *here)
{
    static char text[20];
    FILE *file = fopen(here->outside, "r");

    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void test_links(void **state)
{
    struct here *here = *state;
    struct disk_file *file;
    struct disk_entry *entry;
    struct span got;
    struct err err;
    uint64_t size;
    size_t count;

    assert_int_equal(symlink("../outside", inside(here, "link")), 0);
    assert_int_equal(symlink("..", inside(here, "up")), 0);

    assert_false(disk_read(here->disk, "link", 100, &got, &here->arena, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(disk_size(here->disk, "link", &size, &err));
    assert_false(disk_append_open(here->disk, "link", &file, &err));
    assert_false(disk_truncate(here->disk, "link", 0, &err));
    assert_false(disk_overwrite(here->disk, "link", 0, SPAN_LIT("x"), &err));
    assert_false(disk_read(here->disk, "up/outside", 100, &got, &here->arena, &err));
    assert_false(disk_replace(here->disk, "up/outside", SPAN_LIT("x"), true, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(disk_append_open(here->disk, "up/outside", &file, &err));
    assert_true(disk_remove(here->disk, "up/outside", &err)); /* there is no such file below */
    assert_false(disk_sync_directory(here->disk, "up", &err));

    assert_true(disk_list(here->disk, "", &entry, &count, &here->arena, &err));
    assert_int_equal(count, 2);
    assert_string_equal(entry[0].path, "link");
    assert_false(entry[0].regular);
    assert_string_equal(entry[1].path, "up");
    assert_false(entry[1].regular);

    /* A file takes the place of the link, not of what it leads to; and a link can go. */
    assert_true(disk_replace(here->disk, "link", SPAN_LIT("mine"), true, &err));
    assert_true(disk_remove(here->disk, "up", &err));
    assert_string_equal(outside_now(here), "secret");
}

static void test_pipe(void **state)
{
    struct here *here = *state;
    struct disk_file *file;
    struct span got;
    struct err err;

    assert_int_equal(mkfifo(inside(here, "pipe"), 0600), 0);
    assert_false(disk_read(here->disk, "pipe", 100, &got, &here->arena, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(disk_append_open(here->disk, "pipe", &file, &err));
}

static void test_leftover(void **state)
{
    struct here *here = *state;
    struct disk_entry *entry;
    struct span got;
    struct err err;
    size_t count;

    /* Even where it is a link that somebody prepared. */
    assert_int_equal(symlink("../outside", inside(here, "a" DISK_UNFINISHED)), 0);
    assert_true(disk_list(here->disk, "", &entry, &count, &here->arena, &err));
    assert_int_equal(count, 1);
    assert_true(disk_replace(here->disk, "a", SPAN_LIT("mine"), true, &err));
    assert_true(disk_read(here->disk, "a", 4, &got, &here->arena, &err));
    assert_true(span_is(got, "mine"));
    assert_true(disk_list(here->disk, "", &entry, &count, &here->arena, &err));
    assert_int_equal(count, 1);
    assert_string_equal(outside_now(here), "secret");
}

static void test_lock(void **state)
{
    struct here *here = *state;
    struct disk *other;
    struct err err;

    assert_true(disk_lock(here->disk, &err));
    assert_int_equal(disk_syncs(here->disk), 1);
    assert_true(disk_open(&other, inside(here, ""), false, &err));
    assert_false(disk_lock(other, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);

    disk_close(here->disk);
    here->disk = other;
    assert_true(disk_lock(other, &err));
}

static void test_open(void **state)
{
    struct here *here = *state;
    struct disk *disk = NULL;
    struct err err;

    assert_false(disk_open(&disk, inside(here, "none"), false, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_false(disk_open(&disk, inside(here, "none/none"), true, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_false(disk_open(&disk, here->outside, true, &err));
    assert_null(disk);
    disk_close(NULL);
}

static void test_others_cannot_read(void **state)
{
    struct here *here = *state;
    struct stat st;
    struct err err;

    assert_true(disk_replace(here->disk, "d/a", SPAN_LIT("x"), true, &err));
    assert_int_equal(stat(inside(here, "d/a"), &st), 0);
    assert_int_equal(st.st_mode & 07, 0);
    assert_int_equal(stat(inside(here, "d"), &st), 0);
    assert_int_equal(st.st_mode & 07, 0);
}

static void test_maze(void **state)
{
    struct here *here = *state;
    struct disk_entry *entry;
    struct err err;
    size_t count;

    assert_true(disk_replace(here->disk, "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/a", SPAN_LIT("x"),
                             true, &err));
    assert_true(disk_list(here->disk, "", &entry, &count, &here->arena, &err));
    assert_int_equal(count, 1);
    assert_true(disk_replace(here->disk, "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/a", SPAN_LIT("x"),
                             true, &err));
    assert_false(disk_list(here->disk, "", &entry, &count, &here->arena, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    CASE(test_links), CASE(test_pipe), CASE(test_leftover),           CASE(test_lock),
    CASE(test_open),  CASE(test_maze), CASE(test_others_cannot_read),
};
RUN_TESTS(tests)
