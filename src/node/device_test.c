#include "node/device.h"

#include "base/test.h"
#include "sys/scratch.h"

struct here {
    struct scratch scratch;
    struct disk *disk;
};

static struct here here_make(void)
{
    struct here here = {.scratch = scratch_make()};
    struct err err = {0};

    assert_true(disk_open(&here.disk, here.scratch.path, false, &err));
    return here;
}

static void here_end(struct here *here)
{
    disk_close(here->disk);
    scratch_remove(&here->scratch);
}

static struct device_secret add(struct here *here, const char *name)
{
    struct device device = {.since_ms = 1000};
    struct device_secret secret;
    struct err err = {0};

    snprintf(device.name, sizeof device.name, "%s", name);
    snprintf(device.on_behalf, sizeof device.on_behalf, "observer/monitor-%s", name);
    snprintf(device.language, sizeof device.language, "ps");
    assert_true(device_add(here->disk, &device, &secret, &err));
    return secret;
}

static void test_names(void **state)
{
    static const struct {
        const char *name;
        bool valid;
    } cases[] = {
        {"a", true},
        {"monitor-7", true},
        {"abcdefghijklmnopqrstuvwxyz0123456789-abc", true},
        {"", false},
        {"7", false},
        {"-a", false},
        {"Monitor", false},
        {"a/b", false},
        {"a.new", false},
        {"..", false},
        {"a b", false},
        {"پ", false},
        {"abcdefghijklmnopqrstuvwxyz0123456789-abcd", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, device_name_valid(span_of(cases[i].name)) == cases[i].valid);
    assert_true(device_language_valid(SPAN_LIT("prs")));
    assert_false(device_language_valid(SPAN_LIT("fa")));
}

static void test_token_and_password(void **state)
{
    struct here here = here_make();
    struct device_secret seven = add(&here, "seven"), eight = add(&here, "eight");
    struct device found;
    struct err err = {0};

    (void)state;
    assert_true(device_of_token(here.disk, span_of(seven.token), &found, &err));
    assert_string_equal(found.name, "seven");
    assert_string_equal(found.on_behalf, "observer/monitor-seven");
    assert_string_equal(found.language, "ps");
    assert_int_equal(found.since_ms, 1000);
    assert_true(device_password_holds(&found, span_of(seven.password)));
    assert_false(device_password_holds(&found, span_of(eight.password)));
    assert_false(device_password_holds(&found, (struct span){0}));
    assert_false(device_of_token(here.disk, span_from(span_of(seven.token), 1), &found, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_string_equal(found.name, "seven"); /* refused: out is left alone */
    here_end(&here);
}

static void test_nothing_of_the_secret_is_kept(void **state)
{
    struct here here = here_make();
    struct device_secret secret = add(&here, "seven");
    struct arena arena = {0};
    struct disk_entry *entry;
    struct err err = {0};
    size_t count;

    (void)state;
    assert_true(disk_list(here.disk, "", &entry, &count, &arena, &err));
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        struct span bytes;
        assert_null(strstr(entry[i].path, secret.token));
        assert_true(disk_read(here.disk, entry[i].path, 4096, &bytes, &arena, &err));
        assert_null(strstr(arena_text(&arena, bytes), secret.token));
        assert_null(strstr(arena_text(&arena, bytes), secret.password));
    }
    arena_free(&arena);
    here_end(&here);
}

static void test_renewed(void **state)
{
    struct here here = here_make();
    struct device_secret before = add(&here, "seven"), after;
    struct device found;
    struct err err = {0};

    (void)state;
    assert_true(device_renew(here.disk, "seven", &found, &after, &err));
    assert_false(device_of_token(here.disk, span_of(before.token), &found, &err));
    assert_true(device_of_token(here.disk, span_of(after.token), &found, &err));
    assert_true(device_password_holds(&found, span_of(after.password)));
    assert_false(device_password_holds(&found, span_of(before.password)));
    here_end(&here);
}

static void test_removed(void **state)
{
    struct here here = here_make();
    struct device_secret secret = add(&here, "seven"), again;
    struct device found, same = {.name = "seven", .on_behalf = "a/b", .language = "en"};
    struct arena arena = {0};
    struct device *list;
    struct err err = {0};
    size_t count;

    (void)state;
    assert_true(device_remove(here.disk, "seven", &err));
    assert_true(device_of_token(here.disk, span_of(secret.token), &found, &err));
    assert_true(found.removed);
    assert_false(device_add(here.disk, &same, &again, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(device_remove(here.disk, "seven", &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_false(device_renew(here.disk, "seven", &found, &again, &err));
    assert_false(device_remove(here.disk, "nine", &err));
    assert_int_equal(err.kind, ERR_MISSING);
    add(&here, "eight");
    assert_true(device_list(here.disk, &list, &count, &arena, &err));
    assert_int_equal(count, 2);
    assert_string_equal(list[0].name, "eight");
    assert_true(list[1].removed);
    arena_free(&arena);
    here_end(&here);
}

static void test_damaged(void **state)
{
    static const struct {
        const char *name, *text;
    } cases[] = {
        {"nothing", ""},
        {"no JSON", "x"},
        {"an empty object", "{}"},
        {"a list", "[]"},
        {"another's name", "{\"name\":\"A\"}"},
    };
    struct here here = here_make();
    struct device found;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};

        CHECK_CASE(cases[i].name, disk_replace(here.disk, "devices/name/seven",
                                               span_of(cases[i].text), false, &err));
        CHECK_CASE(cases[i].name, !device_find(here.disk, SPAN_LIT("seven"), &found, &err));
        CHECK_CASE(cases[i].name, err.kind == ERR_MALFORMED);
    }
    here_end(&here);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_names),
    cmocka_unit_test(test_token_and_password),
    cmocka_unit_test(test_nothing_of_the_secret_is_kept),
    cmocka_unit_test(test_renewed),
    cmocka_unit_test(test_removed),
    cmocka_unit_test(test_damaged),
};
RUN_TESTS(tests)
