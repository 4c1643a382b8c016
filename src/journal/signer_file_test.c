#include "journal/signer_file.h"

#include "base/test.h"
#include "sys/disk_sim.h"

#define TEXT "log/term/1\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static void test_parse(void **state)
{
    static const struct {
        const char *name;
        size_t at;  /* of the byte that is changed */
        char to;    /* NUL: none is */
        size_t cut; /* bytes off the end */
        const char *fault;
    } cases[] = {
        {"as written", 0, 0, 0, ""},
        {"size changed", 11, '8', 0, "not the hash"},
        {"root changed", 13, 'D', 0, "not the hash"},
        {"hash changed", sizeof TEXT - 1, '/', 0, "not the hash"},
        {"last newline gone", 0, 0, 1, "not the hash"},
        {"last newline another", sizeof TEXT - 1 + 64, ' ', 0, "not the hash"},
        {"hash cut", 0, 0, 20, "not the hash"},
        {"hash gone", 0, 0, 65, "cut short"},
        {"all gone", 0, 0, sizeof TEXT - 1 + 65, "cut short"},
    };
    struct checkpoint checkpoint;
    struct arena arena = {0};
    struct err none = {0};
    (void)state;

    assert_true(checkpoint_parse(&checkpoint, SPAN_LIT(TEXT), &none));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint got = {.size = 99};
        struct err err = {0};
        struct span bytes = arena_copy(&arena, signer_file_encode(&checkpoint, &arena));

        assert_int_equal(bytes.len, sizeof TEXT - 1 + 65);
        char *copy = arena_text(&arena, bytes);
        if (cases[i].to)
            copy[cases[i].at] = cases[i].to;
        bool ok = signer_file_parse(&got, span_make(copy, bytes.len - cases[i].cut), &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok ? got.size == 7 : got.size == 99);
    }
    arena_free(&arena);
}

/* Durable when it returns: a crash afterwards finds this one, or, during it, one of two. */
static void test_durable(void **state)
{
    struct err err = {0};
    (void)state;

    for (uint64_t seed = 0; seed < 50; seed++) {
        struct checkpoint first = {"log/term/1", 7, {{1}}}, second = {"log/term/1", 9, {{2}}};
        struct checkpoint got;
        struct disk *disk, *after;

        assert_true(disk_sim_open(&disk, seed));
        assert_false(signer_file_read(&got, disk, &err));
        assert_int_equal(err.kind, ERR_MISSING);
        assert_true(signer_file_write(disk, &first, &err));
        disk_sim_fail_after(disk, disk_sim_operations(disk) + 1 + seed % 6);
        bool written = signer_file_write(disk, &second, &err);
        after = disk_sim_crash(disk, seed);
        assert_true(signer_file_read(&got, after, &err));
        assert_true(got.size == 9 || (!written && got.size == 7));
        disk_close(disk);
        disk_close(after);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse),
                                          cmocka_unit_test(test_durable)};
RUN_TESTS(tests)
