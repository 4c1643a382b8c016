#include "api/uploads.h"

#include "base/test.h"
#include "sys/scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define DAY_MS INT64_C(86400000)

static bool keep_none(void *context, struct span stored, struct err *err)
{
    (void)context;
    (void)stored;
    (void)err;
    return true;
}

/* The first bytes, or those from `offset` on, of the part whose hash begins so. */
static bool put(struct uploads *uploads, uint8_t which, uint64_t offset, size_t len, int64_t now_ms,
                struct err *err)
{
    static const uint8_t bytes[256 << 10];
    struct upload upload = {.org = SPAN_LIT("org/a"),
                            .offset = offset,
                            .size = 2 << 20,
                            .bytes = span_make(bytes, len)};
    uint64_t reached;

    upload.stored.bytes[0] = which;
    return uploads_put(uploads, &upload, now_ms, &reached, keep_none, NULL, err);
}

/* Each file costs something, be there next to nothing in it; to go on with one costs what comes. */
static void test_costs(void **state)
{
    static const struct {
        const char *name;
        uint8_t which;
        uint64_t offset;
        size_t len;
        int64_t at_ms;
        bool taken; /* of four times the least */
    } steps[] = {
        {"a byte", 1, 0, 1, 1, true},
        {"another byte of it", 1, 1, 1, 1, true},
        {"a byte of another", 2, 0, 1, 1, true},
        {"as much as a byte costs", 3, 0, UPLOADS_LEAST_BYTES, 1, true},
        {"more than is left", 4, 0, 1, 1, false},
        {"of one that was begun", 1, 2, UPLOADS_LEAST_BYTES - 1, 1, true},
        {"no more of it", 1, UPLOADS_LEAST_BYTES + 1, 1, 1, false},
        {"a day later", 4, 0, 1, 1 + DAY_MS, true},
    };
    struct scratch scratch = scratch_make();
    struct uploads *uploads = uploads_open(scratch.path, 4 * UPLOADS_LEAST_BYTES, 0);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        struct err err = {0};
        bool ok = put(uploads, steps[i].which, steps[i].offset, steps[i].len, steps[i].at_ms, &err);

        CHECK_CASE(steps[i].name, ok == steps[i].taken && (ok || err.kind == ERR_LIMIT));
    }
    uploads_close(uploads);
    scratch_remove(&scratch);
}

static uint64_t come(struct uploads *uploads, uint8_t which)
{
    return uploads_size(uploads, &(struct hash){.bytes = {which}});
}

/* A server that runs on clears what is left lying, too. */
static void test_left_lying(void **state)
{
    struct scratch scratch = scratch_make();
    struct uploads *uploads = uploads_open(scratch.path, 0, 0);
    const struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    struct err err = {0};
    char path[4200];

    (void)state;
    assert_true(put(uploads, 1, 0, 10, 1, &err) && put(uploads, 2, 0, 10, 1, &err));
    snprintf(path, sizeof path, "%s/upload/01%062d.part", scratch.path, 0);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    assert_true(put(uploads, 3, 0, 10, 2, &err));
    assert_int_equal(come(uploads, 1), 10);
    assert_true(put(uploads, 3, 10, 10, 2 + DAY_MS, &err));
    assert_int_equal(come(uploads, 1), 0);
    assert_int_equal(come(uploads, 2), 10);
    assert_int_equal(come(uploads, 3), 20);
    uploads_close(uploads);
    scratch_remove(&scratch);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_costs),
    cmocka_unit_test(test_left_lying),
};
RUN_TESTS(tests)
