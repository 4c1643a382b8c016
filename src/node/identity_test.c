#include "node/identity.h"

#include "base/test.h"
#include "crypto/sign.h"
#include "node/keyring.h"
#include "node/unlock.h"
#include "sys/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define SECRET "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
#define PUBLIC "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

static const struct age_identity known = {"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"};

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0 || fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

static void test_parse(void **state)
{
    static const struct {
        const char *name, *text, *fault; /* "": is accepted */
    } cases[] = {
        {"as age-keygen writes it",
         "# created: 2026-01-02T03:04:05Z\n# public key: " PUBLIC "\n" SECRET "\n", ""},
        {"alone", SECRET "\n", ""},
        {"between comments and empty lines", "\n# a\n\n" SECRET "\n#" SECRET "\n\n", ""},
        {"nothing", "", "no identity"},
        {"comments alone", "# " SECRET "\n", "no identity"},
        {"no newline", SECRET, "line not ended"},
        {"a comment that is not ended", SECRET "\n# and", "line not ended"},
        {"two", SECRET "\n" SECRET "\n", "more than one"},
        {"something behind it", SECRET "\nmore\n", "more than one"},
        {"a space before it", " " SECRET "\n", "does not begin"},
        {"a carriage return", SECRET "\r\n", "characters long"},
        {"a letter changed",
         "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEA\n",
         "checksum"},
        {"a recipient", PUBLIC "\n", "does not begin"},
        {"a key that signs", "PRIVATE+KEY+a+00000000+AQ\n", "does not begin"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct age_identity got = {"left alone"};
        struct err err = {0};
        bool ok = identity_parse(&got, span_of(cases[i].text), &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, strstr(err.text, "GFPYYS") == NULL);
        CHECK_CASE(cases[i].name, memcmp(&got, ok ? known.secret : (const uint8_t *)"left alone",
                                         ok ? sizeof got : 11) == 0);
    }
}

/* In DIR/keys it stands beside the key, which is listed without it. */
static void test_beside_a_key(void **state)
{
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct note_signer signer;
    struct age_identity made, got;
    const char **name;
    struct err err = {0};
    struct stat st;
    size_t count;

    (void)state;
    keyring_make(&signer, "party/x/1");
    identity_make(&made);
    assert_true(keyring_write(scratch.path, &signer, &err));
    assert_false(identity_read(&got, scratch.path, "party/x/1", &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_true(identity_write(scratch.path, "party/x/1", &made, &err));
    assert_true(identity_write(scratch.path, "party/y/1", &made, &err)); /* with no key */
    assert_false(identity_write(scratch.path, "party/x/1", &known, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(identity_read(&got, scratch.path, "party/x/1", &err));
    assert_memory_equal(&got, &made, sizeof got);
    assert_int_equal(stat(arena_printf(&arena, "%s/keys/party/x/1.age", scratch.path), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_true(keyring_list(&name, &count, scratch.path, &arena, &err));
    assert_int_equal(count, 1);
    assert_string_equal(name[0], "party/x/1");
    arena_free(&arena);
    scratch_remove(&scratch);
}

static void test_refused_files(void **state)
{
    static const struct {
        const char *name, *key;
        mode_t mode;
        size_t comment_bytes;
        enum err_kind kind; /* ERR_NONE: is read */
    } cases[] = {
        {"as written", "a", 0600, 0, ERR_NONE},
        {"not to be changed", "a", 0400, 0, ERR_NONE},
        {"the group reads", "a", 0640, 0, ERR_REFUSED},
        {"others read", "a", 0604, 0, ERR_REFUSED},
        {"as large as may be", "a", 0600, 4096 - 76, ERR_NONE},
        {"larger", "a", 0600, 4096 - 75, ERR_LIMIT},
        {"of another", "b", 0600, 0, ERR_MISSING},
        {"of nobody", "../keys/a", 0600, 0, ERR_USAGE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scratch scratch = scratch_make();
        struct arena arena = {0};
        struct age_identity got;
        struct err err = {0};
        const char *path = arena_printf(&arena, "%s/keys/a.age", scratch.path);
        char *comment = arena_alloc(&arena, cases[i].comment_bytes + 1);

        memset(comment, '#', cases[i].comment_bytes);
        assert_true(identity_write(scratch.path, "a", &known, &err));
        put_file(path, arena_printf(&arena, "%s\n" SECRET "\n", comment));
        assert_int_equal(chmod(path, cases[i].mode), 0);
        bool ok = identity_read(&got, scratch.path, cases[i].key, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].name, err.kind == cases[i].kind);
        arena_free(&arena);
        scratch_remove(&scratch);
    }
}

static void test_file_anywhere(void **state)
{
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct age_identity got;
    struct err err = {0};
    const char *path = arena_printf(&arena, "%s/desk.age", scratch.path);

    (void)state;
    assert_false(identity_read_file(&got, path, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_true(identity_write_file(path, &known, &err));
    assert_true(identity_read_file(&got, path, &err));
    assert_memory_equal(&got, &known, sizeof got);
    assert_false(identity_write_file(path, &known, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    arena_free(&arena);
    scratch_remove(&scratch);
}

static void say_passphrase(struct arena *arena, const struct scratch *scratch, const char *said)
{
    const char *path = arena_printf(arena, "%s/passphrase", scratch->path);

    put_file(path, said);
    assert_int_equal(setenv("SULH_PASSPHRASE_FILE", path, 1), 0);
    unlock_forget();
}

/* Under a passphrase and back; who serves others asks nobody. */
static void test_under_a_passphrase(void **state)
{
    static const struct passphrase passphrase = {"a barrage at dawn", 17};
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct age_identity got;
    struct err err = {0};
    struct stat st;
    const char *path;

    (void)state;
    assert_true(identity_path(&path, scratch.path, "a", &arena, &err));
    assert_false(identity_is_open(path));
    assert_true(identity_write(scratch.path, "a", &known, &err));
    assert_true(identity_is_open(path));
    assert_true(identity_read_open(&got, scratch.path, "a", &err));
    assert_true(identity_rewrite(path, &known, &passphrase, &err));
    assert_false(identity_is_open(path));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);

    assert_false(identity_read_open(&got, scratch.path, "a", &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    say_passphrase(&arena, &scratch, "a barrage at dusk\n");
    assert_false(identity_read(&got, scratch.path, "a", &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    say_passphrase(&arena, &scratch, "a barrage at dawn\n");
    assert_true(identity_read(&got, scratch.path, "a", &err));
    assert_memory_equal(&got, &known, sizeof got);
    assert_int_equal(setenv("SULH_PASSPHRASE_FILE", "/nowhere", 1), 0);
    assert_true(identity_read_file(&got, path, &err)); /* not asked for twice */

    assert_true(identity_rewrite(path, &known, NULL, &err));
    assert_true(identity_is_open(path) && identity_read_open(&got, scratch.path, "a", &err));
    assert_int_equal(unsetenv("SULH_PASSPHRASE_FILE"), 0);
    unlock_forget();
    arena_free(&arena);
    scratch_remove(&scratch);
}

static int start(void **state)
{
    (void)state;
    return sign_start() ? 0 : -1;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_parse, start), cmocka_unit_test(test_beside_a_key),
    cmocka_unit_test(test_refused_files),      cmocka_unit_test(test_file_anywhere),
    cmocka_unit_test(test_under_a_passphrase),
};

RUN_TESTS(tests)
