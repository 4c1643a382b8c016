#include "sync/witness_inside.h"

#include "base/test.h"
#include "codec/hex.h"
#include "ledger/cosignature.h"
#include "sys/disk_sim.h"

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define TEXT "north-south/term/1\n7\n" ROOT "1790000000\n"

/* Each with the hash that belongs to it, unless one is given. */
static void test_parse(void **state)
{
    static const struct {
        const char *name, *text, *sum;
        const char *fault;
    } cases[] = {
        {"as written", TEXT, NULL, ""},
        {"nothing of any size", "north-south/term/1\n0\n" ROOT "1\n", NULL, ""},
        {"the last second", "north-south/term/1\n0\n" ROOT "9007199254740\n", NULL, ""},
        {"another hash", TEXT, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
         "not the hash"},
        {"no hash", TEXT, "", "not the hash"},
        {"half a hash", "", "e3b0c44298fc1c14", "cut short"},
        {"nothing", "", "", "cut short"},
        {"only a hash", "", NULL, "at byte 0"},
        {"past the last second", "north-south/term/1\n7\n" ROOT "9007199254741\n", NULL, "larger"},
        {"no time", "north-south/term/1\n7\n" ROOT, NULL, "byte"},
        {"a time with a zero before it", "north-south/term/1\n7\n" ROOT "01\n", NULL, "zero"},
        {"a time cut short", "north-south/term/1\n7\n" ROOT "17", NULL, "byte"},
        {"a line too many", TEXT "1\n", NULL, "left over"},
        {"an empty line before the time", "north-south/term/1\n7\n" ROOT "\n1\n", NULL, "byte"},
        {"no root", "north-south/term/1\n7\n1\n", NULL, "byte"},
        {"a size that is none", "north-south/term/1\n07\n" ROOT "1\n", NULL, "leading zero"},
        {"no origin", "\n7\n" ROOT "1\n", NULL, "byte"},
        {"an origin that is none", "a b\n7\n" ROOT "1\n", NULL, "not an origin"},
    };
    struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf buf = buf_in(&arena, 1000);
        struct hash sum = hash_of(span_of(cases[i].text));
        struct cosigned got = {.seconds = 99};
        struct err err = {0};

        buf_text(&buf, cases[i].text);
        if (cases[i].sum) {
            buf_text(&buf, cases[i].sum);
        } else {
            hex_put(&buf, hash_span(&sum));
            buf_byte(&buf, '\n');
        }
        bool ok = witness_file_parse(&got, buf_span(&buf), &err);
        if (ok != !cases[i].fault[0] || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, ok || (got.seconds == 99 && err.kind == ERR_MALFORMED));
        CHECK_CASE(cases[i].name,
                   !ok || span_equal(witness_file_encode(&got, &arena), buf_span(&buf)));
    }
    arena_free(&arena);
}

static void test_read(void **state)
{
    const struct cosigned first = {{"north-south/term/1", 7, {{1}}}, 5};
    struct cosigned got = {.seconds = 99};
    struct disk *disk;
    struct err err = {0};
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    assert_true(witness_file_read(&got, disk, &err));
    assert_int_equal(got.seconds, 99); /* there is none: left alone */
    assert_true(witness_file_write(disk, &first, &err));
    assert_true(witness_file_read(&got, disk, &err));
    assert_int_equal(got.seconds, 5);
    assert_int_equal(got.checkpoint.size, 7);
    assert_true(disk_replace(disk, WITNESS_FILE, SPAN_LIT("x"), true, &err));
    assert_false(witness_file_read(&got, disk, &err));
    assert_int_equal(err.kind, ERR_MALFORMED);
    disk_close(disk);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse),
                                          cmocka_unit_test(test_read)};
RUN_TESTS(tests)
