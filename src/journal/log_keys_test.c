#include "journal/log_keys.h"

#include "base/test.h"
#include "sys/disk_sim.h"

#include <stdio.h>

static struct arena arena;

static struct note_signer signer_of(const char *name, uint8_t type)
{
    uint8_t seed[SIGN_SEED_BYTES] = {0};
    struct note_signer out;

    for (size_t i = 0; name[i]; i++)
        seed[i % sizeof seed] = (uint8_t)(seed[i % sizeof seed] + name[i]);
    assert_true(sign_start());
    note_signer_make(&out, span_of(name), type, seed);
    return out;
}

static struct note_key key_of(const char *name, uint8_t type)
{
    struct note_signer signer = signer_of(name, type);

    return note_signer_key(&signer);
}

static const char *vkey_of(const char *name, uint8_t type)
{
    struct note_key key = key_of(name, type);

    return note_key_text(&key, &arena);
}

#define LOG NOTE_TYPE_ED25519
#define WITNESS NOTE_TYPE_COSIGNATURE

static void test_parse(void **state)
{
    const char *one = vkey_of("truce/term/1", LOG), *two = vkey_of("truce/term/2", LOG);
    const struct {
        const char *name;
        const char *text;
        size_t count;
        const char *fault; /* "": is taken */
    } cases[] = {
        {"one", arena_printf(&arena, "%s\n", one), 1, ""},
        {"two", arena_printf(&arena, "%s\n%s\n", one, two), 2, ""},
        {"in their order, whatever it is", arena_printf(&arena, "%s\n%s\n", two, one), 2, ""},
        {"none", "", 0, "no key"},
        {"an empty line", "\n", 0, "line 1"},
        {"a line that has no end", one, 0, "line 1 has no end"},
        {"a second that has none", arena_printf(&arena, "%s\n%s", one, two), 0, "line 2 has no"},
        {"an empty line behind", arena_printf(&arena, "%s\n\n", one), 0, "line 2"},
        {"a space behind", arena_printf(&arena, "%s \n", one), 0, "line 1"},
        {"twice the same", arena_printf(&arena, "%s\n%s\n", one, one), 0, "two keys of the origin"},
        {"a key of a witness", arena_printf(&arena, "%s\n", vkey_of("w", WITNESS)), 0, "no key of"},
        {"no vkey", "truce/term/1+00000000+AQ==\n", 0, "line 1"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct log_keys keys = {.count = 9};
        struct err err = {0};
        bool ok = log_keys_parse(&keys, span_of(cases[i].text), &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, ok || err.kind == ERR_MALFORMED);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, keys.count == (ok ? cases[i].count : 9));
    }
    arena_free(&arena);
}

/* As many terms as there may be, and one more. */
static void test_most(void **state)
{
    static struct log_keys keys, again;
    struct disk *disk;
    struct err err = {0};
    char name[40];
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    assert_false(log_keys_read(&again, disk, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    for (unsigned i = 0; i < LIMIT_TERMS; i++) {
        snprintf(name, sizeof name, "truce/term/%u", i + 1);
        struct note_key key = key_of(name, LOG);
        assert_true(log_keys_add(&keys, &key, &err));
        assert_string_equal(log_keys_last(&keys)->name, name);
    }
    struct note_key more = key_of("truce/term/65", LOG);
    assert_false(log_keys_add(&keys, &more, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_int_equal(keys.count, LIMIT_TERMS);

    assert_true(log_keys_write(&keys, disk, &err));
    assert_true(log_keys_read(&again, disk, &err));
    assert_int_equal(again.count, LIMIT_TERMS);
    for (size_t i = 0; i < again.count; i++)
        assert_string_equal(again.at[i].name, keys.at[i].name);
    assert_ptr_equal(log_keys_find(&again, SPAN_LIT("truce/term/7")), &again.at[6]);
    assert_null(log_keys_find(&again, SPAN_LIT("truce/term/65")));
    assert_null(log_keys_find(&again, SPAN_LIT("truce/term/")));
    disk_close(disk);
    arena_free(&arena);
}

static struct span checkpoint_by(const char *origin, const char *key)
{
    struct note_signer signer = signer_of(key, LOG);
    struct checkpoint checkpoint = {.size = 5};
    struct buf text = buf_in(&arena, 1000);

    memcpy(checkpoint.origin, origin, strlen(origin));
    checkpoint_put(&text, &checkpoint);
    return note_sign(buf_span(&text), &signer, &arena);
}

/* A checkpoint counts by the key of its own origin. */
static void test_open(void **state)
{
    static struct log_keys keys;
    const struct {
        const char *name;
        struct span bytes;
        enum err_kind kind;
    } cases[] = {
        {"of the first term", checkpoint_by("truce/term/1", "truce/term/1"), ERR_NONE},
        {"of the second", checkpoint_by("truce/term/2", "truce/term/2"), ERR_NONE},
        {"of a third", checkpoint_by("truce/term/3", "truce/term/3"), ERR_MISSING},
        {"of another log", checkpoint_by("other/term/1", "other/term/1"), ERR_MISSING},
        {"of the second, by the first's key", checkpoint_by("truce/term/2", "truce/term/1"),
         ERR_REFUSED},
        {"of the first, by the second's key", checkpoint_by("truce/term/1", "truce/term/2"),
         ERR_REFUSED},
        {"nothing", {0}, ERR_MALFORMED},
        {"no line", SPAN_LIT("truce/term/1"), ERR_MALFORMED},
        {"an origin and nothing else", SPAN_LIT("truce/term/1\n"), ERR_MALFORMED},
    };
    struct note_key one = key_of("truce/term/1", LOG), two = key_of("truce/term/2", LOG);
    struct err err = {0};
    (void)state;

    assert_true(log_keys_add(&keys, &one, &err) && log_keys_add(&keys, &two, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint got = {.size = 99};
        struct note note = {0};
        bool ok = log_keys_open(&keys, &got, &note, cases[i].bytes, &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].name, ok || err.kind == cases[i].kind);
        CHECK_CASE(cases[i].name, got.size == (ok ? 5 : 99));
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse), cmocka_unit_test(test_most),
                                          cmocka_unit_test(test_open)};
RUN_TESTS(tests)
