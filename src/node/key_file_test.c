#include "node/key_file.h"

#include "base/test.h"

#define NAME "party/pakistan/root"
#define LEAST ((struct secretbox_cost){1, 8})

static struct note_signer signer_of(const char *name, uint8_t type, uint8_t first)
{
    const uint8_t seed[SIGN_SEED_BYTES] = {first, 2, 3};
    struct note_signer signer;

    note_signer_make(&signer, span_of(name), type, seed);
    return signer;
}

static struct secretbox_key key_of(const char *passphrase, const struct key_file *file)
{
    struct secretbox_key key;

    assert_true(secretbox_key_of(&key, span_of(passphrase), file->salt, file->cost));
    return key;
}

static struct key_file sealed(const struct note_signer *signer, const char *passphrase)
{
    struct key_file file = {.cost = LEAST, .salt = "a salt of 16", .nonce = "used but once"};
    struct secretbox_key key = key_of(passphrase, &file);

    key_file_seal(&file, signer, &key);
    return file;
}

static const char *text_of(const struct key_file *file, struct arena *arena)
{
    struct buf buf = buf_in(arena, KEY_FILE_BYTES);

    key_file_put(&buf, file);
    buf_byte(&buf, '\0');
    assert_false(buf.full);
    return (const char *)buf.at;
}

/* Sealed, written, read, opened: of either type, under the longest name. */
static void test_round(void **state)
{
    static const char longest[] = "0123456789012345678901234567890123456789012345678/"
                                  "01234567890123456789012345678901234567890123456789";
    const struct {
        const char *name;
        struct note_signer signer;
    } cases[] = {
        {"a root's", signer_of(NAME, NOTE_TYPE_ED25519, 1)},
        {"a witness's", signer_of("party/pakistan/witness", NOTE_TYPE_COSIGNATURE, 2)},
        {"the shortest name", signer_of("a", NOTE_TYPE_ED25519, 3)},
        {"the longest name", signer_of(longest, NOTE_TYPE_ED25519, 4)},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct note_signer *signer = &cases[i].signer;
        struct key_file file = sealed(signer, "open sesame"), read = {0};
        struct secretbox_key key = key_of("open sesame", &file);
        struct note_signer got = {0};
        struct err err = {0};
        const char *text = text_of(&file, &arena);

        CHECK_CASE(cases[i].name, key_file_parse(&read, span_of(text), &err));
        CHECK_CASE(cases[i].name, read.is_sealed && strcmp(read.key.name, signer->name) == 0);
        CHECK_CASE(cases[i].name, key_file_unseal(&got, &read, &key, &err));
        CHECK_CASE(cases[i].name, strcmp(got.name, signer->name) == 0 && got.type == signer->type);
        CHECK_CASE(cases[i].name,
                   memcmp(got.secret.seed, signer->secret.seed, SIGN_SEED_BYTES) == 0);
        CHECK_CASE(cases[i].name, strstr(text, "PRIVATE") == NULL);

        key_file_plain(&file, signer);
        CHECK_CASE(cases[i].name, key_file_parse(&read, span_of(text_of(&file, &arena)), &err));
        CHECK_CASE(cases[i].name, !read.is_sealed && strcmp(read.signer.name, signer->name) == 0);
    }
    arena_free(&arena);
}

/* Made by the argon2 program of the algorithm's authors, and XChaCha20-Poly1305 written out from
 * its draft: `printf 'open sesame' | argon2 'sulh test salt 1' -id -t 2 -k 64 -p 1 -l 32 -r`. */
#define VECTOR_LINE "PRIVATE+KEY+north/root+104cf578+AZZ9xJDFzehQDalnX+XytiIGzNnZHDuxavMVFYCKSsw6"
#define VECTOR_KEY "north/root+104cf578+AVPDUYl4s9xBt+E8u39iqD53qQWyfNIW7viUuhAdUbMa"
#define VECTOR_COST "argon2id 2 64 c3VsaCB0ZXN0IHNhbHQgMQ=="
#define VECTOR_BOX                                                                                 \
    "YSBub25jZSBvZiAyNCBieXRlcywgbm8uQHkyEjBgz77EVNT35rgNTjjJ7316CPIb3LFerlww9VSN4ZDSbBv9xZA7jC9w" \
    "H5gngXP3+2deV4xwub+TSDup1w8gGBbMU0T6lupBK0iThctg2Rqu8h23rZ29KEL6"
#define VECTOR "sulh/key/v1\n" VECTOR_KEY "\n" VECTOR_COST "\n" VECTOR_BOX "\n"

static void test_vector(void **state)
{
    struct key_file file;
    struct note_signer signer;
    struct arena arena = {0};
    struct err err = {0};

    (void)state;
    assert_true(key_file_parse(&file, SPAN_LIT(VECTOR), &err));
    assert_string_equal(text_of(&file, &arena), VECTOR);
    struct secretbox_key key = key_of("open sesame", &file);
    assert_true(key_file_unseal(&signer, &file, &key, &err));
    assert_string_equal(note_signer_text(&signer, &arena), VECTOR_LINE);
    arena_free(&arena);
}

/* Whatever is not exactly what was sealed, under exactly that passphrase, does not open. */
static void test_does_not_open(void **state)
{
    static const struct {
        const char *name, *text, *passphrase, *fault;
    } cases[] = {
        {"as it is", VECTOR, "open sesame", ""},
        {"another passphrase", VECTOR, "open sesamE", "not the passphrase of north/root, or"},
        {"none", VECTOR, "", "not the passphrase"},
        {"one byte more", VECTOR, "open sesame\n", "not the passphrase"},
        {"another's name and key",
         "sulh/key/v1\nsouth/"
         "root+29e9309d+AVPDUYl4s9xBt+E8u39iqD53qQWyfNIW7viUuhAdUbMa\n" VECTOR_COST "\n" VECTOR_BOX
         "\n",
         "open sesame", "not the passphrase of south/root"},
        {"another salt",
         "sulh/key/v1\n" VECTOR_KEY "\nargon2id 2 64 c3VsaCB0ZXN0IHNhbHQgMg==\n" VECTOR_BOX "\n",
         "open sesame", "not the passphrase"},
        {"cheaper to try",
         "sulh/key/v1\n" VECTOR_KEY "\nargon2id 1 64 c3VsaCB0ZXN0IHNhbHQgMQ==\n" VECTOR_BOX "\n",
         "open sesame", "not the passphrase"},
        {"cut short",
         "sulh/key/v1\n" VECTOR_KEY "\n" VECTOR_COST
         "\nYSBub25jZSBvZiAyNCBieXRlcywgbm8uQHkyEjBgz77EVNT35rgNTjjJ7316CPIb3LFerlww\n",
         "open sesame", "not the passphrase"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct note_signer got = {.name = "before"};
        struct key_file file;
        struct err err = {0};

        CHECK_CASE(cases[i].name, key_file_parse(&file, span_of(cases[i].text), &err));
        struct secretbox_key key = key_of(cases[i].passphrase, &file);
        bool ok = key_file_unseal(&got, &file, &key, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, err.kind == (ok ? ERR_NONE : ERR_REFUSED));
        CHECK_CASE(cases[i].name, ok || strcmp(got.name, "before") == 0);
    }
}

/* Who seals can put one key's line under another's vkey; who opens it finds that out. */
static void test_holds_another(void **state)
{
    struct note_signer a = signer_of(NAME, NOTE_TYPE_ED25519, 1);
    struct note_signer b = signer_of(NAME, NOTE_TYPE_ED25519, 2), got = {.name = "before"};
    struct key_file file = sealed(&a, "open sesame");
    struct secretbox_key key = key_of("open sesame", &file);
    struct arena arena = {0};
    struct buf about = buf_in(&arena, KEY_FILE_BYTES);
    struct err err = {0};

    (void)state;
    file.key = note_signer_key(&b);
    key_file_put(&about, &file);
    struct span whole = buf_span(&about);
    size_t last = whole.len - 1;
    while (whole.at[last - 1] != '\n')
        last--;
    const char *line = arena_printf(&arena, "%s\n", note_signer_text(&a, &arena));
    secretbox_seal(file.sealed, span_of(line), span_slice(whole, 0, last), file.nonce, &key);
    assert_false(key_file_unseal(&got, &file, &key, &err));
    assert_int_equal(err.kind, ERR_MALFORMED);
    assert_non_null(strstr(err.text, "it says to hold " NAME " and holds another"));
    assert_string_equal(got.name, "before");
    arena_free(&arena);
}

/* What is refused before anything is spent on it. */
static void test_refused(void **state)
{
#define FORM "sulh/key/v1"
#define SALT "c3VsaCB0ZXN0IHNhbHQgMQ=="
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"as it is", VECTOR, ""},
        {"the most it may cost",
         FORM "\n" VECTOR_KEY "\nargon2id 16 524288 " SALT "\n" VECTOR_BOX "\n", ""},
        {"nothing", "", "not a key file"},
        {"its form alone", FORM "\n", "at byte 12"},
        {"another form", FORM "1\n" VECTOR_KEY "\n", "not a key file"},
        {"carriage returns", FORM "\r\n" VECTOR_KEY "\r\n", "not a key file"},
        {"no vkey", FORM "\n" NAME "\n" VECTOR_COST "\n" VECTOR_BOX "\n", "vkey: not NAME+KEYID"},
        {"an empty line", FORM "\n\n" VECTOR_COST "\n" VECTOR_BOX "\n", "empty line"},
        {"another function", FORM "\n" VECTOR_KEY "\nargon2i 2 64 " SALT "\n" VECTOR_BOX "\n",
         "begin with argon2id"},
        {"no passes", FORM "\n" VECTOR_KEY "\nargon2id 0 64 " SALT "\n" VECTOR_BOX "\n", "passes"},
        {"17 passes", FORM "\n" VECTOR_KEY "\nargon2id 17 64 " SALT "\n" VECTOR_BOX "\n", "passes"},
        {"passes beyond 64 bits",
         FORM "\n" VECTOR_KEY "\nargon2id 18446744073709551617 64 " SALT "\n" VECTOR_BOX "\n",
         "passes"},
        {"less memory than can be",
         FORM "\n" VECTOR_KEY "\nargon2id 2 7 " SALT "\n" VECTOR_BOX "\n", "its memory"},
        {"a KiB too much", FORM "\n" VECTOR_KEY "\nargon2id 2 524289 " SALT "\n" VECTOR_BOX "\n",
         "its memory"},
        {"terabytes", FORM "\n" VECTOR_KEY "\nargon2id 2 4294967295 " SALT "\n" VECTOR_BOX "\n",
         "its memory"},
        {"what is little in 32 bits",
         FORM "\n" VECTOR_KEY "\nargon2id 2 4294967360 " SALT "\n" VECTOR_BOX "\n", "its memory"},
        {"a leading zero", FORM "\n" VECTOR_KEY "\nargon2id 2 064 " SALT "\n" VECTOR_BOX "\n",
         "its memory"},
        {"two spaces", FORM "\n" VECTOR_KEY "\nargon2id 2  64 " SALT "\n" VECTOR_BOX "\n",
         "its memory"},
        {"no salt", FORM "\n" VECTOR_KEY "\nargon2id 2 64 \n" VECTOR_BOX "\n", "its salt"},
        {"15 bytes of salt",
         FORM "\n" VECTOR_KEY "\nargon2id 2 64 c3VsaCB0ZXN0IHNhbHQg\n" VECTOR_BOX "\n", "its salt"},
        {"more behind the salt",
         FORM "\n" VECTOR_KEY "\nargon2id 2 64 " SALT " 1\n" VECTOR_BOX "\n", "its salt"},
        {"nothing sealed", FORM "\n" VECTOR_KEY "\n" VECTOR_COST "\nYQ==\n", "its last line"},
        {"a nonce and a tag alone",
         FORM "\n" VECTOR_KEY "\n" VECTOR_COST
              "\nYSBub25jZSBvZiAyNCBieXRlcywgbm8uQHkyEjBgz77EVNT35rgNTg==\n",
         "its last line"},
        {"spare bits set", FORM "\n" VECTOR_KEY "\n" VECTOR_COST "\n" VECTOR_BOX "AB==\n",
         "its last line"},
        {"no newline at the end", FORM "\n" VECTOR_KEY "\n" VECTOR_COST "\n" VECTOR_BOX,
         "encrypted key file"},
        {"a line more", VECTOR "\n", "bytes left over"},
        {"a key that is open after all", VECTOR VECTOR_LINE "\n", "bytes left over"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct key_file got = {.sealed_len = 99};
        struct err err = {0};

        bool ok = key_file_parse(&got, span_of(cases[i].text), &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, ok || (err.kind == ERR_MALFORMED && got.sealed_len == 99));
    }
}

static int start(void **state)
{
    (void)state;
    return sign_start() ? 0 : -1;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_round, start),
    cmocka_unit_test(test_vector),
    cmocka_unit_test(test_does_not_open),
    cmocka_unit_test(test_holds_another),
    cmocka_unit_test(test_refused),
};

RUN_TESTS(tests)
