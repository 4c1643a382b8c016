#include "sync/witness.h"

#include "base/test.h"
#include "sync/witness_house.h"

#define TEXT TERM "1\n9\n" HASH "1\n"

/* Cosigning without being asked over HTTP. */
static void test_cosign(void **state)
{
    static const struct {
        const char *name;
        uint64_t before, held, lies_from; /* lies_from: of the log held now */
        unsigned terms, term;
        uint64_t size, asked_lies_from;
        enum err_kind kind;
        size_t evidence;
    } cases[] = {
        {"the first", 0, 100, NEVER, 1, 1, 9, NEVER, ERR_NONE, 0},
        {"the next", 5, 100, NEVER, 1, 1, 9, NEVER, ERR_NONE, 0},
        {"the same again", 9, 100, NEVER, 1, 1, 9, NEVER, ERR_NONE, 0},
        {"smaller", 9, 100, NEVER, 1, 1, 8, NEVER, ERR_REFUSED, 0},
        {"the same, another root", 9, 100, NEVER, 1, 1, 9, 3, ERR_CONFLICT, 1},
        {"larger, another root", 5, 100, NEVER, 1, 1, 9, 3, ERR_CONFLICT, 1},
        {"not held", 5, 8, NEVER, 1, 1, 9, NEVER, ERR_MISSING, 0},
        {"what was cosigned is not in it", 5, 100, 3, 1, 1, 9, 3, ERR_REFUSED, 0},
        {"what was cosigned is in it still", 5, 100, 7, 1, 1, 9, 7, ERR_NONE, 0},
        {"the next term", 5, 100, NEVER, 2, 2, 9, NEVER, ERR_NONE, 0},
        {"the next term, cut back", 50, 100, 30, 2, 2, 40, 30, ERR_NONE, 0},
        {"the term before, of the log", 5, 100, NEVER, 2, 1, 9, NEVER, ERR_REFUSED, 0},
        {"the term before, gone on alone", 5, 100, NEVER, 2, 1, 9, 6, ERR_REFUSED, 0},
        {"a term that is not known", 5, 100, NEVER, 1, 2, 9, NEVER, ERR_REFUSED, 0},
        {"no term at all", 0, 100, NEVER, 0, 1, 9, NEVER, ERR_REFUSED, 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house house;
        struct err err = {0};
        struct span line = {0};

        house_open(&house);
        if (cases[i].before > 0)
            house_cosign(&house, cases[i].before);
        house.w.held = cases[i].held;
        house.w.lies_from = cases[i].lies_from;
        house.w.terms = cases[i].terms;
        struct checkpoint before = witness_last(house.witness);
        struct checkpoint checkpoint = witness_world_checkpoint(
            &house.w, cases[i].term, cases[i].size, cases[i].asked_lies_from);
        struct span note = witness_world_note(&checkpoint, &house.w.log[cases[i].term - 1], &arena);
        bool ok = witness_cosign(house.witness, &checkpoint, note, &line, &arena, &err);
        if ((ok ? ERR_NONE : err.kind) != cases[i].kind)
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name,
                   ok ==
                       house_line(&house, line, witness_world_text(&checkpoint, &arena), SECONDS));
        CHECK_CASE(cases[i].name,
                   house_same(witness_last(house.witness), ok ? checkpoint : before));
        CHECK_CASE(cases[i].name, house_files(&house, "evidence") == cases[i].evidence);
        CHECK_CASE(cases[i].name, house.w.holds == 0);
        house_close(&house);
    }
}

static void test_clock(void **state)
{
    static const struct {
        const char *name;
        int64_t now_ms;
        uint64_t seconds; /* 0: none */
    } cases[] = {
        {"the first second", 1000, 1},
        {"rounded down", 1999, 1},
        {"the last second", INT64_C(9007199254740999), UINT64_C(9007199254740)},
        {"second zero", 999, 0},
        {"before 1970", -1000, 0},
        {"past the last", INT64_C(9007199254741000), 0},
        {"the end of time", INT64_MAX, 0},
        {"the beginning of time", INT64_MIN, 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house house;

        house_open(&house);
        house.w.now_ms = cases[i].now_ms;
        struct checkpoint checkpoint = witness_world_checkpoint(&house.w, 1, 9, NEVER);
        struct witness_reply reply = house_ask(&house, house_body(&house, 0, 9));
        CHECK_CASE(cases[i].name, reply.status == (cases[i].seconds ? 200 : 503));
        CHECK_CASE(cases[i].name,
                   !cases[i].seconds ||
                       house_line(&house, reply.body, witness_world_text(&checkpoint, &arena),
                                  cases[i].seconds));
        CHECK_CASE(cases[i].name, witness_last(house.witness).size == (cases[i].seconds ? 9 : 0));
        house_close(&house);
    }
}

/* A clock that is set back cosigns nothing until it has caught up, nor does the next process. */
static void test_clock_back(void **state)
{
    static const struct {
        const char *name;
        int64_t now_s;
        uint64_t size;
        int status;
    } steps[] = {
        {"the first", 10000, 5, 200},
        {"an hour back", 10000 - 3600, 9, 503},
        {"a second back", 9999, 9, 503},
        {"a second back, the same size", 9999, 5, 503},
        {"the same second", 10000, 9, 200},
        {"the same size, later", 20000, 9, 200},
        {"later than the first, not than the last", 15000, 10, 503},
        {"as late as the last", 20000, 10, 200},
    };
    struct house house;
    (void)state;

    house_open(&house);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        uint64_t before = witness_last(house.witness).size;

        house.w.now_ms = steps[i].now_s * 1000;
        struct witness_reply reply = house_ask(&house, house_body(&house, before, steps[i].size));
        char *text = arena_text(&arena, reply.body);
        if (reply.status != steps[i].status)
            fail_msg("case \"%s\": %d %s", steps[i].name, reply.status, text);
        CHECK_CASE(steps[i].name, reply.status == 200 || strstr(text, "behind the last"));
        CHECK_CASE(steps[i].name, witness_last(house.witness).size ==
                                      (reply.status == 200 ? steps[i].size : before));
        witness_close(house.witness);
        house_open_witness(&house);
    }
    house_close(&house);
}

/* A log that lies more often than there is room for. */
static void test_evidence(void **state)
{
    struct house house;
    struct err none = {0};
    (void)state;

    house_open(&house);
    assert_true(disk_replace(house.disk, "evidence/promise-1", SPAN_LIT("another's"), true, &none));
    for (uint64_t from = 0; from < 30; from++) {
        struct checkpoint checkpoint = witness_world_checkpoint(&house.w, 1, 40, from);
        struct span note = witness_world_note(&checkpoint, &house.w.log[0], &arena);
        struct span body = witness_world_body(0, 40, from, note, &arena), kept;
        struct hash hash = hash_of(witness_world_text(&checkpoint, &arena));
        char hex[65], path[96];
        struct err err = {0};

        for (int again = 0; again < 2; again++)
            assert_int_equal(house_ask(&house, body).status, 422);
        assert_int_equal(house_files(&house, "evidence"), 1 + (from < 16 ? from + 1 : 16));
        hex_text(hex, hash_span(&hash));
        snprintf(path, sizeof path, "evidence/checkpoint-40-%.16s", hex);
        assert_int_equal(disk_read(house.disk, path, 10000, &kept, &arena, &err), from < 16);
        assert_true(from >= 16 || span_equal(kept, note));
        witness_close(house.witness); /* it counts them again */
        house_open_witness(&house);
    }
    assert_int_equal(witness_last(house.witness).size, 0);
    house_close(&house);
}

/* Recalling. */

static void test_recall(void **state)
{
    static const struct {
        const char *name;
        uint64_t before;
        unsigned term;
        uint64_t size, lies_from;
        const char *how; /* "ours", "stranger", "broken", "garbage", "other" */
        enum err_kind kind;
        uint64_t last;
    } cases[] = {
        {"larger", 5, 1, 9, NEVER, "ours", ERR_NONE, 9},
        {"nothing was known", 0, 1, 9, NEVER, "ours", ERR_NONE, 9},
        {"as large", 9, 1, 9, NEVER, "ours", ERR_NONE, 9},
        {"smaller", 9, 1, 5, NEVER, "ours", ERR_NONE, 9},
        {"smaller, of a later term", 9, 2, 5, NEVER, "ours", ERR_NONE, 5},
        {"as large, another tree", 9, 1, 9, 3, "ours", ERR_CONFLICT, 9},
        {"larger, another tree", 5, 1, 9, 3, "ours", ERR_NONE, 9},
        {"without a line of ours", 5, 1, 9, NEVER, "stranger", ERR_NONE, 5},
        {"our line over another text", 5, 1, 9, NEVER, "broken", ERR_NONE, 5},
        {"our line behind a broken one", 5, 1, 9, NEVER, "behind", ERR_NONE, 9},
        {"no note", 5, 1, 9, NEVER, "garbage", ERR_NONE, 5},
        {"another agreement", 5, 1, 9, NEVER, "other", ERR_NONE, 5},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house house;
        struct err err = {0};
        const char *how = cases[i].how;

        house_open(&house);
        if (cases[i].before > 0)
            house_cosign(&house, cases[i].before);
        struct checkpoint checkpoint =
            witness_world_checkpoint(&house.w, cases[i].term, cases[i].size, cases[i].lies_from);
        if (strcmp(how, "other") == 0)
            memcpy(checkpoint.origin, "south/term/1", sizeof "south/term/1");
        struct span text = witness_world_text(&checkpoint, &arena);
        struct buf note = buf_in(&arena, 10000);
        buf_put(&note, witness_world_note(&checkpoint, &house.w.log[0], &arena));
        if (strcmp(how, "broken") == 0 || strcmp(how, "behind") == 0)
            cosignature_put_line(&note, SPAN_LIT("another text\n"), 7, &house.w.witness, &arena);
        if (strcmp(how, "ours") == 0 || strcmp(how, "behind") == 0 || strcmp(how, "other") == 0)
            cosignature_put_line(&note, text, 7, &house.w.witness, &arena);
        struct span shown = strcmp(how, "garbage") == 0 ? SPAN_LIT("?\n") : buf_span(&note);

        bool ok = witness_recall(house.witness, shown, &err);
        CHECK_CASE(cases[i].name, (ok ? ERR_NONE : err.kind) == cases[i].kind);
        for (int again = 0; again < 2; again++) {
            CHECK_CASE(cases[i].name, witness_last(house.witness).size == cases[i].last);
            witness_close(house.witness);
            house_open_witness(&house);
        }
        /* A log that is not the one recalled is not cosigned, wherever it goes on to. */
        if (cases[i].last == 9 && cases[i].lies_from != NEVER && ok) {
            struct checkpoint larger = witness_world_checkpoint(&house.w, 1, 50, NEVER);
            CHECK_CASE(cases[i].name, !witness_cosign(house.witness, &larger, (struct span){0},
                                                      &text, &arena, &err));
            CHECK_CASE(cases[i].name, house_ask(&house, house_body(&house, 9, 50)).status == 422);
        }
        house_close(&house);
    }
}

/* The time of what is recalled counts, whatever its size. */
static void test_recall_time(void **state)
{
    static const struct {
        const char *name;
        uint64_t size, seconds;
        int64_t now_s;
        bool ok;
    } cases[] = {
        {"larger and later", 12, 3000, 2999, false},
        {"smaller and later", 5, 3000, 2999, false},
        {"as large and later", 9, 3000, 2999, false},
        {"larger and earlier", 12, 500, 999, false},
        {"larger and later, now", 12, 3000, 3000, true},
        {"smaller and later, now", 5, 3000, 3000, true},
        {"smaller and earlier", 5, 500, 1000, true},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint larger, given;
        struct buf note = buf_in(&arena, 10000);
        struct house house;
        struct err err = {0};
        struct span line;

        house_open(&house);
        house.w.now_ms = 1000 * 1000;
        larger = witness_world_checkpoint(&house.w, 1, 9, NEVER);
        assert_true(witness_cosign(house.witness, &larger, (struct span){0}, &line, &arena, &err));
        given = witness_world_checkpoint(&house.w, 1, cases[i].size, NEVER);
        buf_put(&note, witness_world_note(&given, &house.w.log[0], &arena));
        cosignature_put_line(&note, witness_world_text(&given, &arena), cases[i].seconds,
                             &house.w.witness, &arena);
        assert_true(witness_recall(house.witness, buf_span(&note), &err));
        witness_close(house.witness);
        house_open_witness(&house);
        CHECK_CASE(cases[i].name,
                   witness_last(house.witness).size == (cases[i].size > 9 ? cases[i].size : 9));
        house.w.now_ms = cases[i].now_s * 1000;
        larger = witness_world_checkpoint(&house.w, 1, 20, NEVER);
        CHECK_CASE(cases[i].name, witness_cosign(house.witness, &larger, (struct span){0}, &line,
                                                 &arena, &err) == cases[i].ok);
        house_close(&house);
    }
}

/* What opening finds. */

static void test_open(void **state)
{
    static const struct {
        const char *name, *path, *text;
        bool origin; /* the text is the origin of a file that is whole */
        enum err_kind kind;
    } cases[] = {
        {"nothing", "other", "x", false, ERR_NONE},
        {"an empty file", "witness", "", false, ERR_MALFORMED},
        {"half of one", "witness", TEXT, false, ERR_MALFORMED},
        {"this agreement's", "witness", TERM "1", true, ERR_NONE},
        {"a later term's", "witness", TERM "7", true, ERR_NONE},
        {"another agreement's", "witness", "south/term/1", true, ERR_CONFLICT},
        {"no term's", "witness", WITNESS_WORLD_NAME, true, ERR_CONFLICT},
        {"the zeroth term's", "witness", TERM "0", true, ERR_CONFLICT},
        {"too long", "witness", TEXT TEXT TEXT TEXT TEXT TEXT TEXT TEXT, false, ERR_LIMIT},
        {"no freeze note, and not by its name", "frozen/x.note", "x", false, ERR_MALFORMED},
        {"no freeze note, by its name",
         "frozen/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.note", "x", false,
         ERR_MALFORMED},
        {"an empty one",
         "frozen/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.note", "", false,
         ERR_MALFORMED},
        {"whatever in evidence", "evidence/x", "x", false, ERR_NONE},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct cosigned cosigned = {.checkpoint.size = 9, .seconds = 1};
        struct house house;
        struct err err = {0};

        house_open(&house);
        struct span bytes = span_of(cases[i].text);
        memcpy(cosigned.checkpoint.origin, bytes.at, cases[i].origin ? bytes.len : 0);
        if (cases[i].origin)
            bytes = witness_file_encode(&cosigned, &arena);
        assert_true(disk_replace(house.disk, cases[i].path, bytes, true, &err));
        house_reopens(&house, cases[i].name, cases[i].kind);
        house_close(&house);
    }
}

/* No bit of what it remembers can turn without being noticed. */
static void test_rot(void **state)
{
    static const struct freezing f = {"", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE};
    (void)state;

    for (uint64_t seed = 0; seed < 60; seed++) {
        struct disk_entry *entry;
        struct house house;
        struct err err = {0};
        struct span note;
        size_t count;

        house_open(&house);
        house_cosign(&house, 9);
        assert_true(house_freeze(&house, 1, &f, &note, &err));
        assert_true(disk_list(house.disk, "frozen", &entry, &count, &arena, &err));
        house_reopens(&house, "not rotten", ERR_NONE);
        disk_sim_rot(house.disk, seed % 2 ? "witness" : entry->path, seed);
        house_reopens(&house, seed % 2 ? "witness" : entry->path, ERR_MALFORMED);
        house_close(&house);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_cosign),     cmocka_unit_test(test_clock),
    cmocka_unit_test(test_clock_back), cmocka_unit_test(test_evidence),
    cmocka_unit_test(test_recall),     cmocka_unit_test(test_recall_time),
    cmocka_unit_test(test_open),       cmocka_unit_test(test_rot)};
RUN_TESTS(tests)
