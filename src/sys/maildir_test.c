#include "sys/maildir.h"

#include "base/test.h"
#include "sys/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

struct site {
    struct scratch scratch;
    char box[128];
    struct arena arena;
};

static void put(const struct site *site, const char *name, const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", site->box, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static bool is_there(const struct site *site, const char *name)
{
    char path[256];
    struct stat st;

    snprintf(path, sizeof path, "%s/%s", site->box, name);
    return lstat(path, &st) == 0;
}

static void make(struct site *site, const char *const *folder, size_t count)
{
    *site = (struct site){.scratch = scratch_make()};
    snprintf(site->box, sizeof site->box, "%s/box", site->scratch.path);
    assert_int_equal(mkdir(site->box, 0700), 0);
    for (size_t i = 0; i < count; i++) {
        char path[256];

        snprintf(path, sizeof path, "%s/%s", site->box, folder[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
}

static void unmake(struct site *site)
{
    arena_free(&site->arena);
    scratch_remove(&site->scratch);
}

static const char *const whole[] = {"new", "cur", "tmp"};

static void test_open(void **state)
{
    static const struct {
        const char *name;
        const char *folder[2];
        size_t count;
        enum err_kind kind;
    } cases[] = {
        {"a maildir", {"new", "cur"}, 2, ERR_NONE},
        {"no new/", {"cur"}, 1, ERR_MISSING},
        {"no cur/", {"new"}, 1, ERR_MISSING},
        {"an empty folder", {NULL}, 0, ERR_MISSING},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct maildir *maildir = NULL;
        struct err err = {0};
        struct site site;

        make(&site, cases[i].folder, cases[i].count);
        CHECK_CASE(cases[i].name,
                   maildir_open(&maildir, site.box, &err) == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].name, err.kind == cases[i].kind);
        maildir_close(maildir);
        unmake(&site);
    }
}

static void test_taken(void **state)
{
    struct maildir *maildir;
    struct err err = {0};
    struct site site;
    const char **name;
    size_t count;
    struct span text;

    (void)state;
    make(&site, whole, 3);
    put(&site, "new/2.b", "two");
    put(&site, "new/1.a", "one");
    put(&site, "new/.hidden", "x");
    put(&site, "tmp/3.c", "x");
    assert_true(maildir_open(&maildir, site.box, &err));
    assert_true(maildir_list(maildir, &name, &count, &site.arena, &err));
    assert_int_equal(count, 2);
    assert_string_equal(name[0], "1.a");
    assert_true(maildir_read(maildir, "1.a", 3, &text, &site.arena, &err));
    assert_true(span_is(text, "one"));
    assert_true(maildir_seen(maildir, "1.a", &err));
    assert_true(is_there(&site, "cur/1.a:2,S") && !is_there(&site, "new/1.a"));
    assert_true(maildir_answer(maildir, "k.eml", SPAN_LIT("first"), &err));
    assert_true(maildir_answer(maildir, "k.eml", SPAN_LIT("again"), &err));
    assert_true(is_there(&site, "../out/k.eml") && !is_there(&site, "../out/.k.eml"));
    maildir_close(maildir);
    unmake(&site);
}

static void test_refused(void **state)
{
    static const struct {
        const char *name, *file;
        enum err_kind kind;
    } cases[] = {
        {"too large", "2.b", ERR_LIMIT},  {"gone", "9.z", ERR_MISSING},
        {"a link", "link", ERR_CONFLICT}, {"a folder", "folder", ERR_CONFLICT},
        {"a pipe", "pipe", ERR_CONFLICT},
    };
    struct maildir *maildir;
    struct err err = {0};
    struct site site;
    char path[256];
    struct span text;

    (void)state;
    make(&site, whole, 3);
    put(&site, "new/2.b", "four");
    snprintf(path, sizeof path, "%s/new/link", site.box);
    assert_int_equal(symlink("2.b", path), 0);
    snprintf(path, sizeof path, "%s/new/folder", site.box);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/new/pipe", site.box);
    assert_int_equal(mkfifo(path, 0700), 0);
    assert_true(maildir_open(&maildir, site.box, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err fault = {0};

        CHECK_CASE(cases[i].name,
                   !maildir_read(maildir, cases[i].file, 3, &text, &site.arena, &fault));
        CHECK_CASE(cases[i].name, fault.kind == cases[i].kind);
    }
    assert_false(maildir_seen(maildir, "9.z", &err));
    maildir_close(maildir);
    unmake(&site);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_open),
    cmocka_unit_test(test_taken),
    cmocka_unit_test(test_refused),
};

RUN_TESTS(tests)
