#include "node/settings.h"

#include "base/test.h"
#include "sys/scratch.h"

#define WHOLE                                                                                      \
    "[node]\nagreement = \"a\"\norigin = \"a/term/1\"\npromise = \"o/promise\"\n"                  \
    "operator = \"o/node\"\n"
#define LONGEST                                                                                    \
    "a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789"   \
    "a123456789"

static void test_read(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"all four", WHOLE, ""},
        {"a comment and another table", WHOLE "# so\n[later]\nx = 1\n", ""},
        {"the longest name",
         "[node]\nagreement = \"" LONGEST "\"\norigin = \"a\"\npromise = \"b\"\n"
         "operator = \"c\"\n",
         ""},
        {"nothing", "", "sulh.toml: [node] agreement must be a name"},
        {"outside the table", "agreement = \"a\"\n", "[node] agreement must be a name"},
        {"one is missing", "[node]\nagreement = \"a\"\norigin = \"b\"\npromise = \"c\"\n",
         "[node] operator must be a name"},
        {"one is empty", "[node]\nagreement = \"a\"\norigin = \"\"\n",
         "[node] origin must be a name"},
        {"one is no name", "[node]\nagreement = \"a\"\norigin = \"A B\"\n",
         "[node] origin must be a name"},
        {"one is a number", "[node]\nagreement = 1\n", "[node] agreement must be a name"},
        {"too long by one", "[node]\nagreement = \"" LONGEST "x\"\n",
         "[node] agreement must be a name"},
        {"not TOML", "[node\n", "sulh.toml: "},
    };
    struct scratch scratch = scratch_make();
    struct disk *disk;
    struct err err = {0};

    (void)state;
    assert_true(disk_open(&disk, scratch.path, false, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct settings got = {.agreement = "before"};

        err = (struct err){0};
        assert_true(disk_replace(disk, "sulh.toml", span_of(cases[i].text), false, &err));
        bool ok = settings_read(&got, disk, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || strcmp(got.agreement, "before") == 0);
    }
    disk_close(disk);
    scratch_remove(&scratch);
}

static void test_missing(void **state)
{
    struct scratch scratch = scratch_make();
    struct settings got;
    struct disk *disk;
    struct err err = {0};

    (void)state;
    assert_true(disk_open(&disk, scratch.path, false, &err));
    assert_false(settings_read(&got, disk, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_non_null(strstr(err.text, "sulh init makes"));
    disk_close(disk);
    scratch_remove(&scratch);
}

static void test_written_is_read(void **state)
{
    static const struct settings before = {"demo.invalid/x", "demo.invalid/x/term/1",
                                           "observer/o/promise", "observer/o/node"};
    struct scratch scratch = scratch_make();
    struct settings after;
    struct disk *disk;
    struct err err = {0};

    (void)state;
    assert_true(disk_open(&disk, scratch.path, false, &err));
    assert_true(settings_write(&before, disk, &err));
    assert_true(settings_read(&after, disk, &err));
    assert_memory_equal(&before, &after, sizeof before);
    disk_close(disk);
    scratch_remove(&scratch);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_read),
    cmocka_unit_test(test_missing),
    cmocka_unit_test(test_written_is_read),
};

RUN_TESTS(tests)
