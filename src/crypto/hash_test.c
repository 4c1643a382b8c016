#include "base/test.h"
#include "crypto/hash.h"

#include <pthread.h>
#include <sodium.h>

static struct hash unhex(const char *text)
{
    struct hash out;

    assert_int_equal(sodium_hex2bin(out.bytes, HASH_BYTES, text, strlen(text), NULL, NULL, NULL),
                     0);
    return out;
}

/* FIPS 180-4 and its examples, and lengths about the ends of SHA-256's 64-byte blocks. */
static const struct {
    const char *name;
    const char *text;
    const char *hash;
} cases[] = {
    {"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"56 bytes", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"112 bytes",
     "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrl"
     "mnopqrsmnopqrstnopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
};

static void test_hash_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hash want = unhex(cases[i].hash);
        CHECK_CASE(cases[i].name, hash_equal(hash_of(span_of(cases[i].text)), want));
        want.bytes[31] ^= 1;
        CHECK_CASE(cases[i].name, !hash_equal(hash_of(span_of(cases[i].text)), want));
    }
}

static void test_wherever_it_is_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span text = span_of(cases[i].text);
        for (size_t cut = 0; cut <= text.len; cut++) {
            const struct span parts[] = {span_slice(text, 0, cut), span_from(text, cut)};
            CHECK_CASE(cases[i].name, hash_equal(hash_of_parts(parts, 2), unhex(cases[i].hash)));
        }
    }
    assert_true(hash_equal(hash_of_parts(NULL, 0), unhex(cases[0].hash)));
}

static void test_hasher(void **state)
{
    struct hasher *hasher = hasher_new();
    uint8_t as[1000];

    (void)state;
    memset(as, 'a', sizeof as);
    for (int round = 0; round < 2; round++) { /* it is ready for the next */
        for (int i = 0; i < 1000; i++)
            hasher_add(hasher, span_make(as, sizeof as));
        assert_true(
            hash_equal(hasher_end(hasher),
                       unhex("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")));
    }
    hasher_add(hasher, span_of("abc")); /* others may hash in between */
    struct hash other = hash_of(span_of(""));
    assert_true(hash_equal(hasher_end(hasher), unhex(cases[1].hash)));
    assert_true(hash_equal(other, unhex(cases[0].hash)));
    hasher_free(hasher);
    hasher_free(NULL);
}

static void *hash_many(void *seed)
{
    struct hash *hash = seed;

    for (int i = 0; i < 20000; i++)
        *hash = hash_of(hash_span(hash));
    return NULL;
}

static void test_threads(void **state)
{
    pthread_t thread[8];
    struct hash got[ARRAY_LEN(thread)], want[ARRAY_LEN(thread)];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
        want[i] = got[i] = hash_of(span_make(&i, sizeof i));
        assert_int_equal(pthread_create(&thread[i], NULL, hash_many, &got[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
        hash_many(&want[i]);
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_true(hash_equal(got[i], want[i]));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_hash_of),
    cmocka_unit_test(test_wherever_it_is_cut),
    cmocka_unit_test(test_hasher),
    cmocka_unit_test(test_threads),
};

RUN_TESTS(tests)
