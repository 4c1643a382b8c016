#include "base/test.h"
#include "sync/liars_check.h"

#define ELSEWHERE "test.invalid/other"

static void test_fork(void **state)
{
    static const struct {
        const char *name;
        struct liars_saying a, b;
        const char *fault;
    } cases[] = {
#define SAYS(who, what, number, ...) {.by = who, .title = what, .seq = number, __VA_ARGS__}
#define FIRST SAYS(LIARS_AUTHOR, "x", 7, 0)
        {"two records", FIRST, SAYS(LIARS_AUTHOR, "y", 7, 0), ""},

        {"the same record", FIRST, FIRST, "the same record twice"},
        {"two numbers", FIRST, SAYS(LIARS_AUTHOR, "y", 8, 0), "are number 7 and 8"},
        {"two keys", FIRST, SAYS("party/b/node", "y", 7, 0), "by two keys"},
        {"one by another in its name", FIRST, SAYS(LIARS_AUTHOR, "y", 7, "mallory"),
         "does not hold"},
        {"the other by another in its name", SAYS(LIARS_AUTHOR, "y", 7, "mallory"), FIRST,
         "does not hold"},
        {"one of another agreement", FIRST, SAYS(LIARS_AUTHOR, "y", 7, 0, ELSEWHERE),
         "of another agreement"},
        {"by a key that is not known", SAYS("party/a/2", "x", 7, 0), SAYS("party/a/2", "y", 7, 0),
         "no key known here"},
        {"by a key that signs no records", SAYS("observer/e/promise", "x", 7, 0),
         SAYS("observer/e/promise", "y", 7, 0), "no key known here"},
#undef FIRST
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        liars_check(
            cases[i].name,
            liars_with(liars_pair("fork", "records", liars_say(cases[i].a), liars_say(cases[i].b)),
                       liars_author()),
            LIARS_AUTHOR, cases[i].fault);
}

/* Keys of entry 0 need nobody's word; what is no record proves nothing. */
static void test_fork_others(void **state)
{
    struct span x = liars_say((struct liars_saying)SAYS("party/a/root", "x", 1, 0));
    struct span said = liars_say((struct liars_saying)SAYS("party/b/node", "x", 7, 0));

    (void)state;
    liars_check("a root signs two first records, one of them entry 0",
                liars_pair("fork", "records", liars_entry0(), x), "party/a/root", "");
    liars_check("a node",
                liars_pair("fork", "records", said,
                           liars_say((struct liars_saying)SAYS("party/b/node", "y", 7, 0))),
                "party/b/node", "");
    liars_check("an author nobody admitted",
                liars_pair("fork", "records",
                           liars_say((struct liars_saying)SAYS(LIARS_AUTHOR, "x", 7, 0)),
                           liars_say((struct liars_saying)SAYS(LIARS_AUTHOR, "y", 7, 0))),
                "", "no key known here");
    liars_check("no record", liars_pair("fork", "records", said, SPAN_LIT("x")), "", "record:");
    liars_check("a checkpoint", liars_pair("fork", "records", said, liars_checkpoint("A5 L")), "",
                "record:");
}

/* --- refusals --- */

static struct misbehaviour refusal_file(struct liars_refusal refusal, struct span offered,
                                        struct span record, struct span receipt)
{
    struct json evidence = json_object();

    json_set_string(&evidence, "record", record, &liars);
    json_set_string(&evidence, "refusal", liars_refusal(refusal, offered), &liars);
    json_set_string(&evidence, "receipt", receipt, &liars);
    return liars_file("refusal", evidence);
}

/* Of a node key's record, which entry 0 names: no receipt is needed. */
static void test_refusal(void **state)
{
    static const struct {
        const char *name;
        struct liars_refusal refusal;
        struct liars_saying record;
        const char *fault;
    } cases[] = {
#define SAID SAYS("party/b/node", "x", 7, 0)
#define REFUSED(why, at, ...) {.reason = why, .size = at, __VA_ARGS__}
        {"its key is known", REFUSED("unknown key", 5, 0), SAID, ""},
        {"it is a record", REFUSED("not a record", 5, 0), SAID, ""},
        {"it is of this agreement", REFUSED("another agreement", 5, 0), SAID, ""},
        {"its signature holds", REFUSED("signature does not hold", 5, 0), SAID, ""},
        {"it is not too large", REFUSED("too large", 1, 0), SAID, ""},

        {"before there was an entry", REFUSED("unknown key", 0, 0), SAID, "judged at 0 entries"},
        {"by another's node", REFUSED("unknown key", 5, "party/b/node"), SAID,
         "did not keep the log"},
        {"by the promise key", REFUSED("unknown key", 5, "observer/e/promise"), SAID,
         "no node key known here"},
        {"by a stranger", REFUSED("unknown key", 5, "stranger"), SAID, "no node key known here"},
        {"in another agreement", REFUSED("unknown key", 5, 0, ELSEWHERE), SAID,
         "the refusal is of another agreement"},
        {"of another term", REFUSED("unknown key", 5, 0, 0, LIARS_AGREEMENT "/term/2"), SAID,
         "not known here"},
        {"rightly: of another agreement", REFUSED("another agreement", 5, 0),
         SAYS("party/b/node", "x", 7, 0, ELSEWHERE), "a record of another agreement"},
        {"rightly: its signature", REFUSED("signature does not hold", 5, 0),
         SAYS("party/b/node", "x", 7, "mallory"), "does not hold"},
        {"rightly: its key", REFUSED("unknown key", 5, 0), SAYS("party/b/2", "x", 7, 0),
         "no key known here"},
#undef SAID
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span record = liars_say(cases[i].record);

        liars_check(cases[i].name, refusal_file(cases[i].refusal, record, record, (struct span){0}),
                    LIARS_OPERATOR, cases[i].fault);
    }
    struct span record = liars_say(cases[0].record), bytes = SPAN_LIT("hello");
    liars_check("of other bytes", refusal_file(cases[0].refusal, bytes, record, (struct span){0}),
                "", "of other bytes");
    liars_check("rightly: it is no record",
                refusal_file(cases[0].refusal, bytes, bytes, (struct span){0}), "", "record:");
    liars_check(
        "a receipt where entry 0 is enough",
        refusal_file(cases[0].refusal, record, record, liars_receipt(liars_read("A9 L"), 3)), "",
        "entry 0 names the key");
}

/* Of an author's record, whose admission is entry 3. */
static void test_refusal_of_author(void **state)
{
    static const struct {
        const char *name;
        struct liars_refusal refusal;
        const char *log;
        uint64_t index; /* that the receipt is of */
        const char *fault;
    } cases[] = {
        {"admitted before", REFUSED("unknown key", 9, 0), "A9 L", 3, ""},
        {"admitted just before", REFUSED("unknown key", 4, 0), "A9 L", 3, ""},
        {"as the log shows later", REFUSED("unknown key", 4, 0), "A12 L", 3, ""},

        {"judged just before", REFUSED("unknown key", 3, 0), "A9 L", 3, "before entry 3"},
        {"another entry's receipt", REFUSED("unknown key", 9, 0), "A9 L", 4, "is not number 4"},
        {"a log nobody signed", REFUSED("unknown key", 9, 0), "A9 0", 3, "not signed by the log"},
        {"the log of another term", REFUSED("unknown key", 9, 0), "A9 L/2", 3, "another log's"},
        {"another agreement's log", REFUSED("unknown key", 9, 0), "A9 L/x", 3, "another log's"},
    };
    struct span record = liars_say((struct liars_saying)SAYS(LIARS_AUTHOR, "x", 7, 0));
    struct span receipt = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct liars_checkpoint log = liars_read(cases[i].log);

        log.log.record = liars_author();
        log.log.record_at = 3;
        receipt = liars_receipt(log, cases[i].index);
        liars_check(
            cases[i].name,
            liars_with(refusal_file(cases[i].refusal, record, record, receipt), liars_author()),
            LIARS_OPERATOR, cases[i].fault);
    }
    liars_check("no receipt",
                liars_with(refusal_file(cases[0].refusal, record, record, (struct span){0}),
                           liars_author()),
                "", "no receipt");
    liars_check("no admission", refusal_file(cases[0].refusal, record, record, receipt), "",
                "no key known here");
}

/* What the file cannot rule out it says. */
static void test_unless(void **state)
{
    struct liars_checkpoint log = liars_read("A9 L");
    struct span record = liars_say((struct liars_saying)SAYS(LIARS_AUTHOR, "x", 7, 0));
    struct proven proven;
    struct err err;

    (void)state;
    log.log.record = liars_author();
    log.log.record_at = 3;
    struct misbehaviour file =
        liars_with(refusal_file((struct liars_refusal)REFUSED("unknown key", 9, 0), record, record,
                                liars_receipt(log, 3)),
                   liars_author());
    assert_true(misbehaviour_verify(&proven, misbehaviour_encode(&file, &liars),
                                    liars_id(liars_entry0()), &liars, &err));
    assert_true(span_is(proven.unless,
                        "entry 3, which admits " LIARS_AUTHOR ", is void (doc/format.md §9.2)"));
    for (size_t n = 0; liars_each(n, &file); n++) {
        assert_true(misbehaviour_verify(&proven, misbehaviour_encode(&file, &liars),
                                        liars_id(liars_entry0()), &liars, &err));
        assert_int_equal(proven.unless.len, 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_fork, liars_reset),
    cmocka_unit_test_teardown(test_fork_others, liars_reset),
    cmocka_unit_test_teardown(test_refusal, liars_reset),
    cmocka_unit_test_teardown(test_refusal_of_author, liars_reset),
    cmocka_unit_test_teardown(test_unless, liars_reset),
};
RUN_TESTS(tests)
