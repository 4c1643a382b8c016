#include "node/keyring.h"

#include "base/test.h"
#include "node/key_file.h"
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
        {"longer than any key", arena_printf(&arena, "%s%1200s\n", line, ""),
         "a.key: not a key file"},
        {"another's", arena_printf(&arena, "%s\n", note_signer_text(&b, &arena)),
         "holds the key b: it must hold a"},
        {"a witness's", arena_printf(&arena, "%s\n", note_signer_text(&witness, &arena)), ""},
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

/* --- encrypted --- */

static struct note_signer witness_of(const char *name)
{
    struct note_signer signer = signer_of(name);

    signer.type = NOTE_TYPE_COSIGNATURE;
    return signer;
}

/* As keyring_write_under would, but opened in no time. */
static void put_sealed(const char *path, const struct note_signer *signer, const char *passphrase)
{
    struct key_file file = {.cost = {1, 8}, .salt = "of its own"};
    struct secretbox_key key;
    struct arena arena = {0};
    struct buf text = buf_in(&arena, KEY_FILE_BYTES);

    memcpy(file.salt + 10, passphrase, 4);
    assert_true(secretbox_key_of(&key, span_of(passphrase), file.salt, file.cost));
    key_file_seal(&file, signer, &key);
    key_file_put(&text, &file);
    buf_byte(&text, '\0');
    put_file(path, (const char *)text.at);
    arena_free(&arena);
}

static void say_passphrase(const struct scratch *scratch, const char *text, struct arena *arena)
{
    const char *path = below(scratch, "passphrase", arena);

    put_file(path, text);
    assert_int_equal(setenv("SULH_PASSPHRASE_FILE", path, 1), 0);
}

static struct passphrase passphrase_of(const char *text)
{
    struct passphrase passphrase = {.len = strlen(text)};

    memcpy(passphrase.bytes, text, passphrase.len);
    return passphrase;
}

/* Every way of reading takes both forms; what opened once is not asked for again. */
static void test_sealed(void **state)
{
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct note_signer a = signer_of("a"), w = witness_of("w"), got = {.name = "before"};
    const char *path = below(&scratch, KEY_A, &arena), *path_w = below(&scratch, "w", &arena);
    struct err err = {0};
    int fd = -1;

    (void)state;
    assert_true(keyring_write(scratch.path, &a, &err)); /* makes keys/ */
    put_sealed(path, &a, "one passphrase");
    put_sealed(path_w, &w, "two passphrase");

    say_passphrase(&scratch, "three passphrase\n", &arena);
    assert_false(keyring_read(&got, scratch.path, "a", &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_non_null(strstr(err.text, "a.key: not the passphrase of a, or"));
    assert_false(keyring_hold(&got, &fd, scratch.path, "a", &err));
    assert_false(keyring_read_file(&got, path, &err));
    assert_false(keyring_hold_file(&got, &fd, path, &err));
    assert_string_equal(got.name, "before");
    assert_int_equal(fd, -1);

    say_passphrase(&scratch, "one passphrase\n", &arena);
    assert_true(keyring_read(&got, scratch.path, "a", &err));
    assert_memory_equal(got.secret.seed, a.secret.seed, SIGN_SEED_BYTES);
    say_passphrase(&scratch, "two passphrase", &arena);
    assert_true(keyring_read_file(&got, path_w, &err));
    assert_int_equal(got.type, NOTE_TYPE_COSIGNATURE);

    assert_int_equal(setenv("SULH_PASSPHRASE_FILE", "/nowhere", 1), 0);
    assert_true(keyring_hold(&got, &fd, scratch.path, "a", &err));
    close(fd);
    assert_true(keyring_hold_file(&got, &fd, path, &err));
    close(fd);
    fd = -1;
    assert_false(keyring_hold_file(&got, &fd, path_w, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_non_null(strstr(err.text, "signs no records"));
    assert_int_equal(fd, -1);

    put_sealed(below(&scratch, "keys/b.key", &arena), &a, "one passphrase");
    assert_false(keyring_read(&got, scratch.path, "b", &err));
    assert_non_null(strstr(err.text, "holds the key a: it must hold b"));
    arena_free(&arena);
    scratch_remove(&scratch);
}

static void test_passphrase_files(void **state)
{
    static const struct {
        const char *name, *text;
        mode_t mode;
        const char *fault;
    } cases[] = {
        {"one line", "four passphrase\n", 0600, ""},
        {"no newline", "five passphrase", 0400, ""},
        {"in Urdu", "صلح نامہ\n", 0600, ""},
        {"the group reads", "six passphrase\n", 0640, "is open to others"},
        {"others read", "six passphrase\n", 0604, "is open to others"},
        {"empty", "", 0600, "must hold one line"},
        {"an empty line", "\n", 0600, "must hold one line"},
        {"two lines", "six passphrase\nmore\n", 0600, "must hold one line"},
        {"an empty line behind", "six passphrase\n\n", 0600, "must hold one line"},
        {"carriage return", "six passphrase\r\n", 0600, "must hold one line"},
        {"a tab", "six\tpassphrase\n", 0600, "must hold one line"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scratch scratch = scratch_make();
        struct arena arena = {0};
        struct passphrase got = {.len = 99};
        struct err err = {0};
        size_t len = strcspn(cases[i].text, "\n");

        say_passphrase(&scratch, cases[i].text, &arena);
        assert_int_equal(chmod(below(&scratch, "passphrase", &arena), cases[i].mode), 0);
        bool ok = passphrase_ask(&got, "a", &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, strstr(err.text, "six") == NULL);
        CHECK_CASE(cases[i].name,
                   ok ? span_equal(passphrase_span(&got), span_make(cases[i].text, len))
                      : got.len == 99);
        arena_free(&arena);
        scratch_remove(&scratch);
    }
}

static void test_new_passphrases(void **state)
{
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"long enough", "twelve bytes", ""},
        {"a byte short of it", "eleven byte", "would be guessed"},
        {"one", "x", "would be guessed"},
    };
    struct scratch scratch = scratch_make();
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct passphrase got = {.len = 99};
        struct err err = {0};

        say_passphrase(&scratch, cases[i].text, &arena);
        bool ok = passphrase_choose(&got, "a", &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || got.len == 99);
    }
    char *longest = arena_printf(&arena, "%1024s", "x"),
         *longer = arena_printf(&arena, " %s", longest);
    struct passphrase got = {0};
    struct err err = {0};
    say_passphrase(&scratch, longest, &arena);
    assert_true(passphrase_choose(&got, "a", &err));
    say_passphrase(&scratch, longer, &arena);
    assert_false(passphrase_choose(&got, "a", &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    arena_free(&arena);
    scratch_remove(&scratch);
}

/* Open, encrypted, encrypted otherwise, open again: always the same key, and 0600. */
static void test_rewrite(void **state)
{
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct note_signer a = signer_of("a"), other, got = {0};
    struct passphrase under = passphrase_of("seven passphrase");
    const char *path = below(&scratch, "a.key", &arena);
    struct stat st;
    struct err err = {0};
    struct span text;
    struct disk *disk;
    int fd;

    (void)state;
    keyring_make(&other, "a");
    assert_true(keyring_write_file(path, &a, NULL, &err));
    assert_false(keyring_write_file(path, &other, NULL, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(keyring_rewrite(path, &other, &under, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(keyring_hold_file(&got, &fd, path, &err));
    assert_false(keyring_rewrite(path, &a, &under, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    close(fd);
    assert_true(keyring_rewrite(path, &a, &under, &err));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(files_in(&scratch, &arena), 1);

    assert_true(disk_open(&disk, scratch.path, false, &err));
    assert_true(disk_read(disk, "a.key", KEY_FILE_BYTES, &text, &arena, &err));
    disk_close(disk);
    assert_true(span_starts_with(text, SPAN_LIT("sulh/key/v1\na+")));
    assert_null(memmem(text.at, text.len, "PRIVATE", 7));
    say_passphrase(&scratch, "seven passphrase", &arena);
    assert_true(keyring_read_file(&got, path, &err));
    assert_memory_equal(got.secret.seed, a.secret.seed, SIGN_SEED_BYTES);

    assert_true(keyring_rewrite(path, &a, NULL, &err));
    assert_true(keyring_read_file(&got, path, &err));
    arena_free(&arena);
    scratch_remove(&scratch);
}

static void test_copy(void **state)
{
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct note_signer w = witness_of("org/witness"), dotted = signer_of("a/.b"), got = {0};
    const char *path = below(&scratch, "from", &arena), *to = below(&scratch, "node", &arena);
    struct err err = {0};

    (void)state;
    put_sealed(path, &w, "eight passphrase");
    say_passphrase(&scratch, "nine passphrase", &arena);
    assert_false(keyring_copy(&got, path, to, &err)); /* it must open first */
    assert_int_equal(err.kind, ERR_REFUSED);
    say_passphrase(&scratch, "eight passphrase", &arena);
    assert_int_equal(mkdir(to, 0700), 0);
    assert_true(keyring_copy(&got, path, to, &err));
    assert_string_equal(got.name, "org/witness");
    assert_true(keyring_read(&got, to, "org/witness", &err));
    assert_false(keyring_copy(&got, path, to, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    put_file(path, arena_printf(&arena, "%s\n", note_signer_text(&dotted, &arena)));
    assert_false(keyring_copy(&got, path, to, &err));
    assert_int_equal(err.kind, ERR_USAGE);
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
    cmocka_unit_test(test_sealed),
    cmocka_unit_test(test_passphrase_files),
    cmocka_unit_test(test_new_passphrases),
    cmocka_unit_test(test_rewrite),
    cmocka_unit_test(test_copy),
};

RUN_TESTS(tests)
