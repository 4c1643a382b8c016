#include "sync/outbox_file.h"

#include "base/limits.h"
#include "base/test.h"
#include "sync/outbox_world.h"

#define SINCE_AT 4u
#define LENGTH_AT 12u

static struct span sample(struct outbox_world *w)
{
    struct submission submission = outbox_world_with_part(w, outbox_world_any(w, 0), "a part");
    struct err err = {0};
    struct span out;

    assert_true(outbox_file_encode(&out, &submission, 7, &w->arena, &err));
    return out;
}

/* The same with these bytes at `at`, and its hash put right again. */
static struct span with(struct outbox_world *w, struct span file, size_t at, struct span bytes)
{
    uint8_t *copy = (uint8_t *)arena_text(&w->arena, file);

    memcpy(copy + at, bytes.at, bytes.len);
    struct hash sum = hash_of(span_make(copy, file.len - HASH_BYTES));
    memcpy(copy + file.len - HASH_BYTES, sum.bytes, HASH_BYTES);
    return span_make(copy, file.len);
}

static struct span of_payload(struct outbox_world *w, struct span payload)
{
    struct buf buf = buf_in(&w->arena, OUTBOX_FILE_BYTES);

    buf_text(&buf, "SLHO");
    buf_u64be(&buf, 7);
    buf_u32be(&buf, (uint32_t)payload.len);
    buf_put(&buf, payload);
    struct hash sum = hash_of(buf_span(&buf));
    buf_put(&buf, hash_span(&sum));
    return buf_span(&buf);
}

static struct span payload_of(struct outbox_world *w, size_t count)
{
    struct submission submission[2] = {outbox_world_any(w, 0), outbox_world_any(w, 0)};
    struct err err = {0};
    struct span out;

    assert_true(submission_encode(&out, submission, count, &w->arena, &err));
    return out;
}

static void test_parse(void **state)
{
    struct outbox_world *w = outbox_world_new(1);
    struct span file = sample(w);
    const struct {
        const char *name;
        struct span bytes;
        const char *fault;
    } cases[] = {
        {"whole", file, ""},
        {"written by hand", of_payload(w, payload_of(w, 1)), ""},
        {"since the first moment", with(w, file, SINCE_AT, SPAN_LIT("\0\0\0\0\0\0\0\1")), ""},
        {"nothing", SPAN_LIT(""), "at byte 0"},
        {"a byte too many", arena_copy(&w->arena, span_make(file.at, file.len + 1)), "left over"},
        {"another word in front", with(w, file, 0, SPAN_LIT("SLHB")), "at byte"},
        {"since 1970", with(w, file, SINCE_AT, SPAN_LIT("\0\0\0\0\0\0\0\0")), "no time"},
        {"since before 1970", with(w, file, SINCE_AT, SPAN_LIT("\377\377\377\377\377\377\377\377")),
         "no time"},
        {"since past the last year", with(w, file, SINCE_AT, SPAN_LIT("\0\0\377\0\0\0\0\0")),
         "no time"},
        {"a payload of nothing", of_payload(w, SPAN_LIT("")), "no record"},
        {"longer than it is", with(w, file, LENGTH_AT, SPAN_LIT("\377\377\377\377")), "at byte"},
        {"shorter than it is", with(w, file, LENGTH_AT, SPAN_LIT("\0\0\0\1")), "left over"},
        {"two records", of_payload(w, payload_of(w, 2)), "must be one"},
        {"a note that is no record", of_payload(w, SPAN_LIT("\0\0\0\3abc\0\0")), "record"},
        {"an empty note", of_payload(w, SPAN_LIT("\0\0\0\0\0\0")), "record"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct outbox_file got = {.since_ms = 99};
        struct span again;
        struct err err = {0};
        bool ok = outbox_file_parse(&got, cases[i].bytes, &w->arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault));
        CHECK_CASE(cases[i].name, ok || (got.since_ms == 99 && err.kind == ERR_MALFORMED));
        CHECK_CASE(cases[i].name, !ok || outbox_file_encode(&again, &got.submission, got.since_ms,
                                                            &w->arena, &err));
        CHECK_CASE(cases[i].name, !ok || span_equal(again, cases[i].bytes));
    }
    outbox_world_free(w);
}

/* Whatever a disk loses or changes of it is seen. */
static void test_damage(void **state)
{
    struct outbox_world *w = outbox_world_new(1);
    struct span file = sample(w);
    struct arena arena = {0};

    (void)state;
    for (size_t len = 0; len < file.len; len++) {
        struct outbox_file got;
        struct err err = {0};

        arena_reset(&arena);
        if (outbox_file_parse(&got, span_slice(file, 0, len), &arena, &err))
            fail_msg("cut to %zu bytes", len);
    }
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        struct outbox_file got;
        struct err err = {0};

        arena_reset(&arena);
        uint8_t *copy = (uint8_t *)arena_text(&arena, file);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (outbox_file_parse(&got, span_make(copy, file.len), &arena, &err))
            fail_msg("bit %zu turned", bit);
    }
    arena_free(&arena);
    outbox_world_free(w);
}

static void test_encode(void **state)
{
    struct outbox_world *w = outbox_world_new(1);
    const struct submission good = outbox_world_any(w, 0);
    struct span *parts = ARENA_ARRAY(&w->arena, struct span, LIMIT_RECORD_PARTS + 1);
    struct span large = span_make(arena_alloc(&w->arena, SUBMISSION_BYTES), SUBMISSION_BYTES);
    size_t room = SUBMISSION_BYTES - good.note.len - 10;
    const struct {
        const char *name;
        struct submission submission;
        int64_t since_ms, want_ms;
        const char *fault;
    } cases[] = {
        {"plain", good, 7, 7, ""},
        {"a clock that starts in 1970", good, 0, 1, ""},
        {"a clock before 1970", good, INT64_MIN, 1, ""},
        {"a clock past the last year", good, INT64_MAX, LIMIT_TIME_MAX_MS, ""},
        {"as many parts as there may be", {good.note, parts, LIMIT_RECORD_PARTS}, 7, 7, ""},
        {"as large as may be", {good.note, &(struct span){large.at, room}, 1}, 7, 7, ""},
        {"a byte more", {good.note, &(struct span){large.at, room + 1}, 1}, 7, 0, "bytes"},
        {"a part more", {good.note, parts, LIMIT_RECORD_PARTS + 1}, 7, 0, "at most 64"},
        {"no record", {.note = SPAN_LIT("abc")}, 7, 0, "record"},
        {"nothing", {.note = SPAN_LIT("")}, 7, 0, "record"},
        {"larger than a record", {.note = span_slice(large, 0, 65536)}, 7, 0, "65536 bytes"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct outbox_file got;
        struct span file = SPAN_LIT("as it was");
        struct err err = {0};
        struct arena arena = {0};
        bool ok = outbox_file_encode(&file, &cases[i].submission, cases[i].since_ms, &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault));
        CHECK_CASE(cases[i].name, ok || (err.kind == ERR_REFUSED && span_is(file, "as it was")));
        CHECK_CASE(cases[i].name, !ok || outbox_file_parse(&got, file, &arena, &err));
        CHECK_CASE(cases[i].name, !ok || got.since_ms == cases[i].want_ms);
        arena_free(&arena);
    }
    outbox_world_free(w);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_damage),
    cmocka_unit_test(test_encode),
};
RUN_TESTS(tests)
