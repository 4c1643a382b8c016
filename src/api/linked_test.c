#include "api/linked.h"

#include "base/test.h"

#include <stdio.h>

/* Claims as "side matter subject figure [state]", one a line; the figure "min-max", "min+"
 * (open-ended), "~best" or "." for none. */
static struct linked_list claims(const char *text, struct arena *arena)
{
    struct linked_list out = {.at = ARENA_ARRAY(arena, struct linked, 20)};
    struct span rest = span_of(text), line;

    while (span_cut(&rest, '\n', &line)) {
        char side[20], matter[20], subject[20], figure[20], state[20] = "live";
        struct json *row = ARENA_NEW(arena, struct json);
        long long min, max;
        int read = sscanf(arena_text(arena, line), "%19s %19s %19s %19s %19s", side, matter,
                          subject, figure, state);

        assert_true(read >= 4);
        *row = json_object();
        json_set_string(row, "side", arena_copy(arena, span_of(side)), arena);
        json_set_string(row, "matter", arena_copy(arena, span_of(matter)), arena);
        json_set_string(row, "subject", arena_copy(arena, span_of(subject)), arena);
        if (sscanf(figure, "~%lld", &max) == 1)
            json_set_integer(row, "best", max, arena);
        else if (sscanf(figure, "%lld-%lld", &min, &max) == 2)
            json_set_integer(row, "min", min, arena), json_set_integer(row, "max", max, arena);
        else if (sscanf(figure, "%lld+", &min) == 1)
            json_set_integer(row, "min", min, arena);
        bool linked = strcmp(state, "unlinked") != 0;
        json_set_string(row, "state", arena_copy(arena, span_of(linked ? state : "live")), arena);
        out.at[out.count++] =
            (struct linked){.kind = SPAN_LIT("claim"), .linked = linked, .row = row};
    }
    return out;
}

static const char *contested(const struct linked_list *list, struct arena *arena)
{
    struct json found = linked_contested(list, arena);
    struct buf out = buf_in(arena, 1000);

    for (uint32_t i = 0; i < found.array.count; i++) {
        const struct json *one = &found.array.at[i], *sides = json_get(one, "sides");

        buf_printf(&out, "%.*s/%.*s:", SPAN_ARG(json_get_string(one, "matter", (struct span){0})),
                   SPAN_ARG(json_get_string(one, "subject", (struct span){0})));
        for (uint32_t j = 0; j < sides->array.count; j++)
            buf_printf(&out, "%s%.*s", j ? "," : "", SPAN_ARG(sides->array.at[j].string));
        buf_byte(&out, ' ');
    }
    return arena_text(arena, buf_span(&out));
}

static void test_contested(void **state)
{
    static const struct {
        const char *name;
        const char *claims;
        const char *is;
    } cases[] = {
        {"nobody says anything", "", ""},
        {"one side alone", "n killed s 58-58\n", ""},
        {"other figures", "n killed s 58-58\ns killed s 23-23\n", "killed/s:n,s "},
        {"the same figure", "n killed s 23-23\ns killed s 23-23\n", ""},
        {"open-ended is another figure", "n killed s 23+\ns killed s 23-23\n", "killed/s:n,s "},
        {"a best estimate is another figure", "n killed s ~23\ns killed s 23-23\n",
         "killed/s:n,s "},
        {"of other subjects", "n killed s 58-58\ns killed n 23-23\n", ""},
        {"on other matters", "n killed s 58-58\ns wounded s 23-23\n", ""},
        {"a side that corrected itself and left both standing",
         "n killed s 58-58\nn killed s 20-20\n", ""},
        {"one of two figures is shared", "n killed s 58-58\nn killed s 20-20\ns killed s 20-20\n",
         "killed/s:n,s "},
        {"three sides, two agree", "n killed s 5-5\ns killed s 5-5\nq killed s 6-6\n",
         "killed/s:n,q,s "},
        {"superseded does not count", "n killed s 58-58 superseded\ns killed s 23-23\n", ""},
        {"withdrawn does not count", "n killed s 58-58\ns killed s 23-23 withdrawn\n", ""},
        {"unlinked does not count", "n killed s 58-58 unlinked\ns killed s 23-23\n", ""},
        {"who began it", "n initiator s .\ns initiator n .\n", "initiator/:n,s "},
        {"both say that one began it", "n initiator s .\ns initiator s .\n", ""},
        {"one side names two", "n initiator s .\nn initiator q .\n", ""},
        {"where some give figures, those who give none are left out",
         "n killed s .\ns killed n 4-4\ns killed q .\n", ""},
        {"two matters, in order",
         "n wounded s 1-1\ns wounded s 2-2\nn killed s 1-1\ns killed s 2-2\n",
         "killed/s:n,s wounded/s:n,s "},
        {"two subjects of one matter",
         "n killed s 1-1\ns killed s 2-2\nn killed n 1-1\ns killed n 2-2\n",
         "killed/n:n,s killed/s:n,s "},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct linked_list list = claims(cases[i].claims, &arena);
        const char *is = contested(&list, &arena);

        if (strcmp(is, cases[i].is) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", cases[i].name, is, cases[i].is);
        for (size_t j = 0; j < list.count / 2; j++) { /* whatever the order they came in */
            struct linked other = list.at[j];
            list.at[j] = list.at[list.count - 1 - j];
            list.at[list.count - 1 - j] = other;
        }
        CHECK_CASE(cases[i].name, strcmp(contested(&list, &arena), cases[i].is) == 0);
        arena_free(&arena);
    }
}

static void test_sides(void **state)
{
    struct arena arena = {0};
    struct linked_list list = claims("south a b .\nnorth a b 1+\nsouth c d .\n"
                                     "west a b . withdrawn\neast a b . unlinked\n",
                                     &arena);
    struct json sides = linked_sides(&list, &arena);

    (void)state;
    assert_true(span_is(json_bytes(&sides, &arena), "[\"north\",\"south\"]"));
    list.at[0].kind = SPAN_LIT("incident.report");
    list.at[2].kind = SPAN_LIT("incident.observe");
    sides = linked_sides(&list, &arena);
    assert_true(span_is(json_bytes(&sides, &arena), "[\"north\"]"));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_contested),
    cmocka_unit_test(test_sides),
};
RUN_TESTS(tests)
