#include "sync/gather.h"

#include "base/test.h"
#include "sync/gather_house.h"

/* Of w1 to w4; w4 is not in force. */
static void test_count(void **state)
{
    static const struct {
        const char *name, *lines;
        size_t want;
    } cases[] = {
        {"nobody", "", 0},
        {"one", "w1", 1},
        {"all", "w1 w2 w3 w4", 3},
        {"in another order", "w3 w1", 2},
        {"each once", "w1 w1 w2 w1", 2},
        {"one not in force", "w4", 0},
        {"strangers", "w5 w6", 0},
        {"over another text", "x1 w2", 1},
        {"a key of the same name", "s1", 0},
        {"that one, and its own", "s1 w1", 1},
        {"another key under its id", "i1", 0},
        {"a signature of another kind", "p1", 0},
        {"another time", "t1", 0},
        {"no time", "z1", 0},
        {"a bit turned", "b1", 0},
        {"cut short", "c1", 0},
        {"its first line does not hold", "b1 w1 w2", 1},
        {"its second line does not", "w1 b1", 1},
    };
    struct witness_world w = witness_world_make();
    struct witness_set set = set_make(4, 3);
    (void)state;

    set.in_force[0] = false; /* w4 */
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t got = witness_count(&set, with_lines(note_of(&w, SIZE), cases[i].lines));
        if (got != cases[i].want)
            fail_msg("case \"%s\": %zu", cases[i].name, got);
    }
    assert_int_equal(witness_count(&set, SPAN_LIT("no note\n")), 0);
    assert_int_equal(witness_count(&set, (struct span){0}), 0);
    arena_reset(&arena);
}

/* Of w1 to w4; lines as such, and on another note of the same text. */
static void test_merge(void **state)
{
    static const struct {
        const char *name, *note, *lines, *want;
    } cases[] = {
        {"nothing to nothing", "", "", ""},
        {"one to none", "", "w1", "w1"},
        {"one to another", "w1", "w2", "w1 w2"},
        {"in the order of names", "w3", "w4 w1 w2", "w1 w2 w3 w4"},
        {"what the note has in disorder", "w3 w1", "", "w1 w3"},
        {"the note's stays", "w1", "w1", "w1"},
        {"strangers go", "w9 w1", "w8 w2", "w1 w2"},
        {"what does not hold goes", "b1 w2", "b3 w4", "w2 w4"},
        {"one that does not hold makes room", "b1", "w1", "w1"},
        {"one that holds behind one that does not", "b1 w1", "x2 w2", "w1 w2"},
        {"over another text", "", "x1 x2", ""},
        {"keys of the same names", "s1", "s2 i3 p4", ""},
        {"other times", "t1", "z2", ""},
        {"each once", "w1 w1", "w2 w2 w2", "w1 w2"},
    };
    struct witness_world w = witness_world_make();
    const struct witness_set set = set_make(4, 3);
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span bare = note_of(&w, SIZE);
        struct span note = with_lines(bare, cases[i].note);
        struct span lines = lines_of(cases[i].lines, text_of(bare));

        for (int whole = 0; whole < 2; whole++) {
            if (whole)
                lines = with_lines(bare, cases[i].lines);
            struct span merged = witness_merge(&set, note, lines, &arena);
            const char *got = names_on(&w, &set, merged);
            if (strcmp(got, cases[i].want) != 0)
                fail_msg("case \"%s\": %s", cases[i].name, got);
            /* Again it is the same. */
            CHECK_CASE(cases[i].name,
                       span_equal(merged, witness_merge(&set, merged, lines, &arena)));
        }
    }
    arena_reset(&arena);
}

/* Of one witness's two lines that both hold, the note's stays. */
static void test_merge_keeps(void **state)
{
    struct witness_world w = witness_world_make();
    const struct witness_set set = set_make(1, 1);
    struct note_signer signer = witness_signer(1);
    struct span bare = note_of(&w, SIZE), note = with_lines(bare, "w1");
    struct buf later = buf_in(&arena, 10000);
    (void)state;

    cosignature_put_line(&later, text_of(bare), 9, &signer, &arena);
    assert_true(span_equal(witness_merge(&set, note, buf_span(&later), &arena), note));
    arena_reset(&arena);
}

/* What is not merged, and what nothing is merged into. */
static void test_merge_foreign(void **state)
{
    struct witness_world w = witness_world_make();
    const struct witness_set set = set_make(2, 1);
    struct span bare = note_of(&w, SIZE), text = text_of(bare);
    struct span note = with_lines(bare, "w1");
    struct span line = arena_copy(&arena, lines_of("w2", text));
    struct buf spaced = buf_in(&arena, 10000), many = buf_in(&arena, 100000);
    struct buf stranger = buf_in(&arena, 10000), other = buf_in(&arena, 10000);
    (void)state;

    buf_byte(&spaced, '\n');
    buf_put(&spaced, line);
    buf_put(&other, note_of(&w, SIZE + 1));
    buf_put(&other, line);
    for (int i = 0; i < 129; i++)
        buf_put(&many, line);
    buf_put(&stranger,
            witness_world_note(&(struct checkpoint){"elsewhere/term/1", 0, merkle_empty()},
                               &w.log[0], &arena));
    const struct {
        const char *name;
        struct span lines;
    } cases[] = {
        {"nothing", {0}},
        {"no lines", SPAN_LIT("hello\n")},
        {"a dash", SPAN_LIT("\xe2\x80\x94 ")},
        {"cut short", span_slice(line, 0, line.len - 1)},
        {"something behind", span_of(arena_printf(&arena, "%.*s\n", SPAN_ARG(line)))},
        {"an empty line before", buf_span(&spaced)},
        {"more than a note can have", buf_span(&many)},
        {"a note of another size", with_lines(note_of(&w, SIZE + 1), "w2")},
        {"a note of another size, with a line over this one", buf_span(&other)},
        {"half a note", text},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   span_equal(witness_merge(&set, note, cases[i].lines, &arena), note));

    const struct span unfit[] = {
        {0},  SPAN_LIT("hello\n"), text,
        line, buf_span(&stranger), note_sign(SPAN_LIT("a\nb\nc\n"), &w.log[0], &arena)};
    for (size_t i = 0; i < ARRAY_LEN(unfit); i++) {
        assert_true(span_equal(witness_merge(&set, unfit[i], line, &arena), unfit[i]));
        struct gather gather = {.set = &set}; /* no transport: nobody is asked */
        assert_true(span_equal(gather_run(&gather, unfit[i], &arena), unfit[i]));
    }
    arena_reset(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_count), cmocka_unit_test(test_merge), cmocka_unit_test(test_merge_keeps),
    cmocka_unit_test(test_merge_foreign)};
RUN_TESTS(tests)
