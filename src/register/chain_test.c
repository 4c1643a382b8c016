#include "base/test.h"
#include "register/scenario.h"

/*
 * One key's records logged in another order than they were signed in (format §3.4, §9.3).
 * Every name below is one record: a1 to a9 follow one another, v6 is a6 as a record of no
 * kind, x2 and x4 take the numbers of a2 and a4, y5 continues x4.
 */

#define CLAIM                                                                                      \
    "{'channel':'filed','claimant':'Command','matter':'killed','side':'south',"                    \
    "'subject':'north'}"

struct signed_record {
    const char *name;
    const char *after; /* NULL: entry 0 */
    uint64_t seq;
    const char *kind;
    int64_t said_at_ms; /* so that no two are the same */
    struct span note;
};

static void sign_all(struct test_log *log, struct signed_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct record_draft draft = test_draft(log, "south/desk", records[i].kind, CLAIM);
        char name[40];

        snprintf(name, sizeof name, "'$%s'", records[i].after ? records[i].after : "adopt");
        draft.prev = test_body(log, name).string;
        draft.seq = records[i].seq;
        draft.said_at_ms = records[i].said_at_ms;
        records[i].note = test_sign(log, &draft);
        test_name_it(log, records[i].name);
    }
}

static const char *verdict_now(struct test_log *log, const char *name)
{
    char spelling[40];

    snprintf(spelling, sizeof spelling, "'$%s'", name);
    struct span id = test_body(log, spelling).string;
    const struct json *record = test_row(log, "record", arena_text(&log->arena, id));
    struct span verdict = json_get_string(record, "verdict", (struct span){0});
    const char *of_entry = test_verdict_at(log, (uint64_t)json_get_integer(record, "index", -1));

    assert_memory_equal(of_entry, verdict.at, verdict.len); /* the two rows never part */
    return of_entry;
}

static const struct step {
    const char *log;  /* this record */
    const char *want; /* its verdict */
    const char *of;   /* then this one, logged before (NULL: none changes) */
    const char *now;  /* has this verdict */
} steps[] = {
    {"a2", "marked gap", NULL, NULL},
    {"a1", "holds", "a2", "holds"},
    {"x2", "void fork format §9.2", "a2", "holds"},
    {"a3", "holds", NULL, NULL},
    {"a5", "marked gap", NULL, NULL},
    {"x4", "holds", "a5", "marked fork"},
    {"a4", "void fork format §9.2", "a5", "marked fork"},
    {"y5", "void fork format §9.2", NULL, NULL},
    {"a7", "marked gap", NULL, NULL},
    {"v6", "void unknown_kind format §9.2", "a7", "marked fork"},
    {"a6", "void fork format §9.2", "a7", "marked fork"},
    {"a9", "marked gap", NULL, NULL},
    {"v8", "void unknown_kind format §9.2", "a9", "marked fork"},
    {"v11", "void gap unknown_kind format §9.2", NULL, NULL},
    {"a10", "holds", "v11", "void unknown_kind format §9.2"},
    {"y13", "marked gap", NULL, NULL},
    {"y12", "void prev format §9.2", "y13", "marked gap"},
    {"z12", "holds", "y13", "marked fork"},
};

static void test_chain(void **state)
{
    struct signed_record records[] = {
        {"a1", NULL, 1, "claim", 1, {0}},     {"a2", "a1", 2, "claim", 2, {0}},
        {"x2", "a1", 2, "claim", 3, {0}},     {"a3", "a2", 3, "claim", 4, {0}},
        {"a4", "a3", 4, "claim", 5, {0}},     {"x4", "a3", 4, "claim", 6, {0}},
        {"a5", "a4", 5, "claim", 7, {0}},     {"y5", "x4", 5, "claim", 8, {0}},
        {"a6", "a5", 6, "claim", 9, {0}},     {"v6", "a5", 6, "no.kind", 10, {0}},
        {"a7", "a6", 7, "claim", 11, {0}},    {"a8", "a7", 8, "claim", 12, {0}},
        {"v8", "a7", 8, "no.kind", 13, {0}},  {"a9", "a8", 9, "claim", 14, {0}},
        {"a10", "a9", 10, "claim", 15, {0}},  {"v11", "a10", 11, "no.kind", 16, {0}},
        {"y12", "x2", 12, "claim", 17, {0}},  {"y13", "y12", 13, "claim", 18, {0}},
        {"z12", "v11", 12, "claim", 19, {0}},
    };
    struct test_log log;
    struct err err = {0};

    (void)state;
    test_log_open(&log, NULL);
    test_begin(&log);
    sign_all(&log, records, ARRAY_LEN(records));
    for (size_t i = 0; i < ARRAY_LEN(steps); i++)
        for (size_t r = 0; r < ARRAY_LEN(records); r++) {
            if (strcmp(records[r].name, steps[i].log) != 0)
                continue;
            CHECK_CASE(steps[i].log, test_append(&log, records[r].note, &err));
            if (strcmp(test_verdict(&log), steps[i].want) != 0)
                fail_msg("%s: %s", steps[i].log, test_verdict(&log));
            CHECK_CASE(steps[i].log,
                       !steps[i].of || strcmp(verdict_now(&log, steps[i].of), steps[i].now) == 0);
        }
    test_log_close(&log);
}

/* A gap that is filled leaves the other marks, in their order. */
static void test_marks_stay(void **state)
{
    static const struct {
        const char *name;
        uint64_t seen_size;
        bool continues;
        const char *before, *after;
    } cases[] = {
        {"nothing else", 0, true, "marked gap", "holds"},
        {"nothing else, another record", 0, false, "marked gap", "marked fork"},
        {"ahead", 1000, true, "marked ahead gap", "marked ahead"},
        {"ahead, another record", 1000, false, "marked ahead gap", "marked ahead fork"},
        {"seen", 1, true, "marked gap seen", "marked seen"},
        {"seen, another record", 1, false, "marked gap seen", "marked fork seen"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;
        struct err err = {0};

        test_log_open(&log, NULL);
        test_begin(&log);
        struct record_draft draft = test_draft(&log, "south/desk", "claim", CLAIM);
        struct record_draft other = draft;
        other.said_at_ms++;
        struct span fills = test_sign(&log, cases[i].continues ? &draft : &other);
        test_sign(&log, &draft); /* what the next one names */
        draft = test_draft(&log, "south/desk", "claim", CLAIM);
        draft.seen_size = cases[i].seen_size;
        struct span later = test_sign(&log, &draft);

        CHECK_CASE(cases[i].name, test_append(&log, later, &err));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), cases[i].before) == 0);
        CHECK_CASE(cases[i].name, test_append(&log, fills, &err));
        CHECK_CASE(cases[i].name, strcmp(test_verdict_at(&log, log.size - 2), cases[i].after) == 0);
        test_log_close(&log);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_chain),
    cmocka_unit_test(test_marks_stay),
};

RUN_TESTS(tests)
