#include <stdio.h>

#include "base/test.h"
#include "store/pack.h"

#define ZEROS_32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define HASH_OF_A                                                                                  \
    "\xca\x97\x81\x12\xca\x1b\xbd\xca\xfa\xc2\x31\xb3\x9a\x23\xdc\x4d"                             \
    "\xa7\x86\xef\xf8\x14\x7c\x4e\x72\xb9\x80\x77\x85\xaf\xee\x48\xbb"
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
#define PART_A HASH_OF_A "\0\0\0\1a"

static const struct {
    const char *name;
    struct span pack;
    size_t whole; /* parts */
    size_t good;  /* of them, those whose bytes hash to what they should */
    size_t end;
} cases[] = {
    {"nothing", BYTES(""), 0, 0, 0},
    {"a part", BYTES(PART_A), 1, 1, 37},
    {"two", BYTES(PART_A PART_A), 2, 2, 74},
    {"other bytes", BYTES(HASH_OF_A "\0\0\0\1b"), 1, 0, 37},
    {"good behind other bytes", BYTES(HASH_OF_A "\0\0\0\1b" PART_A), 2, 1, 74},
    {"an empty part with another hash", BYTES(ZEROS_32 "\0\0\0\0"), 1, 0, 36},
    {"a hash cut short", BYTES(PART_A "\xca\x97"), 1, 1, 37},
    {"a head cut short", BYTES(HASH_OF_A "\0\0\0"), 0, 0, 0},
    {"a head alone", BYTES(HASH_OF_A "\0\0\0\1"), 0, 0, 0},
    {"bytes cut short", BYTES(PART_A HASH_OF_A "\0\0\0\2a"), 1, 1, 37},
    {"the largest length",
     BYTES(HASH_OF_A "\xff\xff\xff\xff"
                     "a"),
     0, 0, 0},
};

static void test_next(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reader r = reader_over(cases[i].pack);
        struct pack_part part;
        size_t whole = 0, good = 0;

        while (pack_next(&r, &part)) {
            whole++;
            good += part.good;
        }
        CHECK_CASE(cases[i].name, whole == cases[i].whole && good == cases[i].good);
        CHECK_CASE(cases[i].name, reader_offset(&r) == cases[i].end && !reader_failed(&r));
        CHECK_CASE(cases[i].name, !pack_next(&r, &part) && reader_offset(&r) == cases[i].end);
    }
}

static void test_put(void **state)
{
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, 100);
    struct hash hash = hash_of(SPAN_LIT("a"));

    (void)state;
    pack_put(&buf, &hash, SPAN_LIT("a"));
    assert_true(span_equal(buf_span(&buf), SPAN_LIT(PART_A)));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_next),
    cmocka_unit_test(test_put),
};
RUN_TESTS(tests)
