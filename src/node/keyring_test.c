#include "node/keyring.h"

#include "base/test.h"
#include "sys/disk.h"
#include "sys/scratch.h"

#include <sys/stat.h>

#define KEY_A "keys/a.key"

static struct note_signer signer_of(const char *name)
{
    static const uint8_t seed[SIGN_SEED_BYTES] = {1, 2, 3};
    struct note_signer signer;

    note_signer_make(&signer, span_of(name), NOTE_TYPE_ED25519, seed);
    return signer;
}

static char *below(const struct scratch *scratch, const char *path, struct arena *arena)
{
    return arena_printf(arena, "%s/%s", scratch->path, path);
}

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0 || fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

static size_t files_in(const struct scratch *scratch, struct arena *arena)
{
    struct disk *disk;
    struct disk_entry *entry;
    size_t count;
    struct err err = {0};

    assert_true(disk_open(&disk, scratch->path, false, &err));
    assert_true(disk_list(disk, "", &entry, &count, arena, &err));
    disk_close(disk);
    return count;
}

/* A name is a path below DIR/keys, and never leads anywhere else. */
static void test_names(void **state)
{
    static const struct {
        const char *name;
        bool fits;
    } cases[] = {
        {"a", true},
        {"party/pakistan/1", true},
        {"demo.invalid/x/term/1", true},
        {"a..b", true},
        {"-", true},
        {"a/-/b", true},
        {"..", false},
        {".", false},
        {".hidden", false},
        {"../a", false},
        {"../../a", false},
        {"a/..", false},
        {"a/../../../b", false},
        {"a/./b", false},
        {"a/.b", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scratch scratch = scratch_make();
        struct note_signer signer = signer_of(cases[i].name), back = {0};
        struct arena arena = {0};
        struct err err = {0};
        int fd = -1;

        CHECK_CASE(cases[i].name, keyring_write(scratch.path, &signer, &err) == cases[i].fits);
        CHECK_CASE(cases[i].name, files_in(&scratch, &arena) == cases[i].fits);
        CHECK_CASE(cases[i].name,
                   keyring_read(&back, scratch.path, cases[i].name, &err) == cases[i].fits);
        CHECK_CASE(cases[i].name,
                   keyring_hold(&back, &fd, scratch.path, cases[i].name, &err) == cases[i].fits);
        CHECK_CASE(cases[i].name, cases[i].fits ? strcmp(back.name, signer.name) == 0 &&
                                                      err.kind == ERR_NONE && fd >= 0
                                                : err.kind == ERR_USAGE && fd == -1);
        if (fd >= 0)
            close(fd);
        arena_free(&arena);
        scratch_remove(&scratch);
    }
}

/* What the file of key "a" may hold. */
static void test_files(void **state)
{
    struct arena arena = {0};
    struct note_signer a = signer_of("a"), b = signer_of("b"), witness;
    const uint8_t seed[SIGN_SEED_BYTES] = {4};

    (void)state;
    note_signer_make(&witness, span_of("a"), NOTE_TYPE_COSIGNATURE, seed);
    const char *line = note_signer_text(&a, &arena);
    const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"one line", arena_printf(&arena, "%s\n", line), ""},
        {"nothing", "", "a.key: not a key file"},
        {"no newline", line, "a.key: not a key file"},
        {"an empty line", "\n", "a.key: key file: not a private key"},
        {"a second line", arena_printf(&arena, "%s\n\n", line), "a.key: not a key file"},
        {"longer than any key", arena_printf(&arena, "%s%600s\n", line, ""),
         "a.key: not a key file"},
        {"another's", arena_printf(&arena, "%s\n", note_signer_text(&b, &arena)),
         "holds the key b: it must hold a"},
        {"a witness's", arena_printf(&arena, "%s\n", note_signer_text(&witness, &arena)),
         "it cosigns, and signs no records"},
        {"a public key", "a+00000000+AQ\n", "not a private key"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scratch scratch = scratch_make();
        struct note_signer got = {.name = "before"};
        struct err err = {0};

        assert_true(keyring_write(scratch.path, &a, &err));
        put_file(below(&scratch, KEY_A, &arena), cases[i].text);
        bool ok = keyring_read(&got, scratch.path, "a", &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || strcmp(got.name, "before") == 0);
        CHECK_CASE(cases[i].name, strstr(err.text, line + strlen(line) - 40) == NULL);
        scratch_remove(&scratch);
    }
    arena_free(&arena);
}

static void test_modes(void **state)
{
    static const struct {
        const char *name;
        mode_t mode;
        bool read;
    } cases[] = {
        {"as written", 0600, true},        {"not even to be changed", 0400, true},
        {"the group reads", 0640, false},  {"others read", 0604, false},
        {"the group writes", 0620, false}, {"everybody", 0666, false},
    };
    struct scratch scratch = scratch_make();
    struct note_signer a = signer_of("a"), got;
    struct arena arena = {0};
    struct stat st;
    struct err err = {0};

    (void)state;
    mode_t mask = umask(0);
    assert_true(keyring_write(scratch.path, &a, &err));
    umask(mask);
    assert_int_equal(stat(below(&scratch, "keys", &arena), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(below(&scratch, KEY_A, &arena), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        err = (struct err){0};
        assert_int_equal(chmod(below(&scratch, KEY_A, &arena), cases[i].mode), 0);
        CHECK_CASE(cases[i].name, keyring_read(&got, scratch.path, "a", &err) == cases[i].read);
        CHECK_CASE(cases[i].name, err.kind == (cases[i].read ? ERR_NONE : ERR_REFUSED));
    }
    arena_free(&arena);
    scratch_remove(&scratch);
}

static void test_no_second_of_a_name(void **state)
{
    struct scratch scratch = scratch_make();
    struct note_signer first = signer_of("a"), second, got;
    struct err err = {0};

    (void)state;
    keyring_make(&second, "a");
    assert_true(keyring_write(scratch.path, &first, &err));
    assert_false(keyring_write(scratch.path, &second, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(keyring_read(&got, scratch.path, "a", &err));
    assert_memory_equal(got.secret.seed, first.secret.seed, SIGN_SEED_BYTES);
    scratch_remove(&scratch);
}

static void test_hold(void **state)
{
    struct scratch scratch = scratch_make();
    struct note_signer a = signer_of("a"), got;
    struct arena arena = {0};
    const char *path = below(&scratch, KEY_A, &arena);
    int fd, other = -1;
    struct err err = {0};

    (void)state;
    assert_true(keyring_write(scratch.path, &a, &err));
    assert_true(keyring_hold(&got, &fd, scratch.path, "a", &err));
    assert_false(keyring_hold(&got, &other, scratch.path, "a", &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(keyring_hold_file(&got, &other, path, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_int_equal(other, -1);
    assert_true(keyring_read(&got, scratch.path, "a", &err)); /* to print its vkey, say */
    close(fd);
    assert_true(keyring_hold_file(&got, &fd, path, &err));
    close(fd);

    err = (struct err){0};
    assert_false(keyring_hold(&got, &fd, scratch.path, "b", &err));
    assert_int_equal(err.kind, ERR_MISSING);
    arena_free(&arena);
    scratch_remove(&scratch);
}

static void test_list(void **state)
{
    static const char *const names[] = {"b", "a/2", "a/1"};
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    const char **name;
    size_t count;
    struct err err = {0};

    (void)state;
    assert_true(keyring_list(&name, &count, scratch.path, &arena, &err));
    assert_int_equal(count, 0);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct note_signer signer = signer_of(names[i]);
        assert_true(keyring_write(scratch.path, &signer, &err));
    }
    put_file(below(&scratch, "keys/README", &arena), "not a key\n");
    assert_true(keyring_list(&name, &count, scratch.path, &arena, &err));
    assert_int_equal(count, ARRAY_LEN(names));
    assert_string_equal(name[0], "a/1");
    assert_string_equal(name[1], "a/2");
    assert_string_equal(name[2], "b");
    assert_false(keyring_list(&name, &count, "/nowhere", &arena, &err));
    arena_free(&arena);
    scratch_remove(&scratch);
}

static int start(void **state)
{
    (void)state;
    return sign_start() ? 0 : -1;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_names, start),
    cmocka_unit_test(test_files),
    cmocka_unit_test(test_modes),
    cmocka_unit_test(test_no_second_of_a_name),
    cmocka_unit_test(test_hold),
    cmocka_unit_test(test_list),
};

RUN_TESTS(tests)
