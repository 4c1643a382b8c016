#include "sync/witness.h"

#include "base/test.h"
#include "sync/witness_house.h"

static void test_freeze(void **state)
{
    static const struct freezing cases[] = {
        {"as large as cosigned", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE},
        {"larger", 12, NEVER, TERM "2", LOG_2, true, ERR_NONE},
        {"for the term after next", 9, NEVER, TERM "3", LOG_3, true, ERR_NONE},
        {"smaller than cosigned", 8, NEVER, TERM "2", LOG_2, true, ERR_REFUSED},
        {"another tree", 12, 3, TERM "2", LOG_2, true, ERR_CONFLICT},
        {"not held", 101, NEVER, TERM "2", LOG_2, true, ERR_MISSING},
        {"for itself", 9, NEVER, TERM "1", LOG_2, true, ERR_USAGE},
        {"for a term before all", 9, NEVER, TERM "0", LOG_2, true, ERR_USAGE},
        {"for another agreement's", 9, NEVER, "south/term/2", LOG_2, true, ERR_USAGE},
        {"for no term", 9, NEVER, WITNESS_WORLD_NAME, LOG_2, true, ERR_USAGE},
        {"for no name", 9, NEVER, TERM "2 ", LOG_2, true, ERR_USAGE},
        {"for a number with a zero before it", 9, NEVER, TERM "02", LOG_2, true, ERR_USAGE},
        {"another origin's key", 9, NEVER, TERM "3", LOG_2, true, ERR_USAGE},
        {"a witness's key", 9, NEVER, TERM "2", WITNESS_KEY, true, ERR_USAGE},
        {"no key", 9, NEVER, TERM "2", NO_KEY, true, ERR_USAGE},
        {"a witness's key to promise", 9, NEVER, TERM "2", LOG_2, false, ERR_USAGE},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct statement statement;
        struct house house;
        struct err err = {0}, none = {0};
        struct span note = {0};

        house_open(&house);
        const struct note_key node = note_signer_key(&house.w.node);
        house_cosign(&house, 9);
        bool ok = house_freeze(&house, 1, &cases[i], &note, &err);
        if ((ok ? ERR_NONE : err.kind) != cases[i].kind)
            fail_msg("case \"%s\": %d %s", cases[i].name, err.kind, err.text);
        CHECK_CASE(cases[i].name, house_files(&house, "frozen") == ok);
        CHECK_CASE(cases[i].name,
                   house_ask(&house, house_body(&house, 9, 20)).status == (ok ? 404 : 200));
        CHECK_CASE(cases[i].name,
                   !ok ||
                       (statement_parse(&statement, note, &arena, &none) &&
                        statement_verify(&statement, &node) && span_is(statement.word, "freeze") &&
                        json_get_integer(&statement.members, "size", 0) == (int64_t)cases[i].size));
        house_close(&house);
    }
}

/* One note a next origin, before and after a new start; what is frozen stays so. */
static void test_freeze_again(void **state)
{
    static const struct {
        struct freezing f;
        bool same; /* as the first note */
    } cases[] = {
        {{"the same", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE}, true},
        {{"another size", 10, NEVER, TERM "2", LOG_2, true, ERR_REFUSED}, false},
        {{"for another term", 10, NEVER, TERM "3", LOG_3, true, ERR_NONE}, false},
        {{"that one again", 10, NEVER, TERM "3", LOG_3, true, ERR_NONE}, false},
        {{"that one, smaller", 9, NEVER, TERM "3", LOG_3, true, ERR_REFUSED}, false},
        {{"the first again", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE}, true},
    };
    struct house house;
    struct err err = {0};
    struct span first, note;
    (void)state;

    house_open(&house);
    house_cosign(&house, 9);
    assert_true(house_freeze(&house, 1, &cases[0].f, &first, &err));
    for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
        const struct freezing *f = &cases[i % ARRAY_LEN(cases)].f;
        struct err why = {0};

        bool ok = house_freeze(&house, 1, f, &note, &why);
        CHECK_CASE(f->name, (ok ? ERR_NONE : why.kind) == f->kind);
        CHECK_CASE(f->name, (ok && span_equal(note, first)) == cases[i % ARRAY_LEN(cases)].same);
        CHECK_CASE(f->name, house_ask(&house, house_body(&house, 9, 20)).status == 404);
        witness_close(house.witness);
        house_open_witness(&house);
    }
    assert_int_equal(house_files(&house, "frozen"), 2);
    uint64_t size = 99;
    assert_true(witness_frozen(house.witness, TERM "1", &size) && size == 10); /* the larger */
    size = 99;
    assert_false(witness_frozen(house.witness, TERM "2", &size));
    assert_false(witness_frozen(house.witness, "", &size));
    assert_int_equal(size, 99);

    /* The next term is cosigned, and what is over is not frozen anew. */
    house.w.terms = 2;
    house_cosign(&house, 30);
    static const struct freezing late = {"late", 9, NEVER, TERM "3", LOG_3, true, 0};
    assert_true(house_freeze(&house, 1, &cases[0].f, &note, &err) && span_equal(note, first));
    assert_false(house_freeze(&house, 1, &late, &note, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_int_equal(witness_last(house.witness).size, 30);
    house_close(&house);
}

/* A witness that hears of the hand-over only from the log freezes nothing of what is over. */
static void test_freeze_of_the_past(void **state)
{
    static const struct freezing late = {"late", 9, NEVER, TERM "3", LOG_3, true, 0};
    struct house house;
    struct err err = {0};
    struct span note;
    (void)state;

    house_open(&house);
    house_cosign(&house, 9);
    house.w.terms = 2;
    assert_false(house_freeze(&house, 1, &late, &note, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_int_equal(house_files(&house, "frozen"), 0);
    house_close(&house);
}

/* Notes that are well made, and not what this witness can have signed. */
static void test_frozen_by_others(void **state)
{
    static const struct freezing f = {"", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE};
    static const struct freezing other = {"", 12, NEVER, TERM "2", LOG_2, true, ERR_NONE};
    static const char *const names[] = {"another agreement's", "a second one for a term"};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct house house, elsewhere;
        struct disk_entry *entry;
        struct err err = {0};
        struct span note;
        size_t count;

        house_open(&house);
        house_open(&elsewhere);
        assert_true(house_freeze(&house, 1, &f, &note, &err));
        assert_true(house_freeze(&elsewhere, 1, i ? &other : &f, &note, &err));
        if (i == 0) { /* signed for another agreement */
            struct buf text = buf_in(&arena, 4096);
            const char *rest = strchr(arena_text(&arena, note), '\n');
            buf_printf(&text, "south%.*s\n", (int)(strstr(rest, "\n\n") - rest), rest);
            note = note_sign(buf_span(&text), &house.w.node, &arena);
            struct hash hash = hash_of(note);
            char hex[65];
            hex_text(hex, hash_span(&hash));
            assert_true(disk_replace(house.disk, arena_printf(&arena, "frozen/%s.note", hex), note,
                                     true, &err));
        } else {
            assert_true(disk_list(elsewhere.disk, "frozen", &entry, &count, &arena, &err));
            assert_true(disk_replace(house.disk, entry->path, note, true, &err));
        }
        house_reopens(&house, names[i], ERR_CONFLICT);
        house_close(&house);
        witness_close(elsewhere.witness);
        disk_close(elsewhere.disk);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_freeze), cmocka_unit_test(test_freeze_again),
    cmocka_unit_test(test_freeze_of_the_past), cmocka_unit_test(test_frozen_by_others)};
RUN_TESTS(tests)
