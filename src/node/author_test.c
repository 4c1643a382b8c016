#include "node/author.h"

#include "base/test.h"
#include "node/house.h"

static struct json fields(struct house *h, const char *text)
{
    struct json flat;
    struct err err = {0};

    house_ok(json_parse(&flat, span_of(text), &h->arena, &err), &err);
    return flat;
}

/* Signs one incident and gives back what was signed. */
static struct record say(struct house *h, struct node *node, struct author *author, bool submit)
{
    struct json flat = fields(h, "{\"title\":\"a crossing\"}");
    struct submission submission;
    struct answer answer;
    struct record record;
    struct err err = {0};
    char id[65];

    house_ok(author_sign(author, "incident.open", &flat, &submission, id, &h->arena, &err), &err);
    house_ok(record_parse(&record, submission.note, &h->arena, &err), &err);
    assert_string_equal(id, record.id_text);
    if (submit) {
        house_ok(node_submit(node, &submission, 1, &answer, &h->arena, &err), &err);
        assert_int_equal(answer.kind, ANSWER_LOGGED);
    }
    return record;
}

static struct author *open_author(struct node *node)
{
    struct author *author = NULL;
    struct err err = {0};

    house_ok(author_open(&author, node, HOUSE_AUTHOR, &err), &err);
    return author;
}

/* Numbers follow one another, through closing and opening, however many there are. */
static void test_chain(void **state)
{
    static const size_t batches[] = {1, 1, 2, 3, 1, 9, 16};
    struct house *h = house_build(1);
    struct node *node = house_open(h, NULL);
    struct span prev;
    uint64_t seq = 0;
    struct err err = {0};

    (void)state;
    house_found(h, node);
    prev = span_of(h->world->id);
    for (size_t i = 0; i < ARRAY_LEN(batches); i++) {
        struct author *author = open_author(node);

        for (size_t j = 0; j < batches[i]; j++) {
            struct record record = say(h, node, author, true);

            assert_int_equal(record.seq, ++seq);
            assert_true(span_equal(record.prev, prev));
            prev = span_of(arena_printf(&h->arena, "%s", record.id_text));
        }
        author_close(author);
        house_ok(node_settle(node, &err), &err);
    }
    node_close(node);
    house_end(h);
}

/* What is signed and never handed in takes no number for good. */
static void test_signed_and_lost(void **state)
{
    struct house *h = house_build(2);
    struct node *node = house_open(h, NULL);

    (void)state;
    house_found(h, node);
    for (int i = 0; i < 2; i++) {
        struct author *author = open_author(node);

        assert_int_equal(say(h, node, author, false).seq, 1);
        assert_int_equal(say(h, node, author, false).seq, 2);
        author_close(author);
    }
    node_close(node);
    house_end(h);
}

/* It has seen the last checkpoint; before there is one, nothing. */
static void test_seen(void **state)
{
    struct house *h = house_build(3);
    struct node *node = house_open(h, NULL);
    struct author *author = open_author(node);
    struct record record = say(h, node, author, false);

    (void)state;
    assert_int_equal(record.seen_size, 0);
    assert_true(hash_equal(record.seen_root, hash_of((struct span){0})));
    assert_int_equal(record.prev.len, 0);
    author_close(author);

    house_found(h, node);
    author = open_author(node);
    record = say(h, node, author, false);
    assert_int_equal(record.seen_size, house_entries(h, node));
    author_close(author);
    node_close(node);
    house_end(h);
}

static void test_sign_refuses(void **state)
{
    static const struct {
        const char *name, *kind, *fields, *fault;
        enum err_kind fault_kind;
    } cases[] = {
        {"well formed", "incident.open", "{\"title\":\"x\"}", "", ERR_NONE},
        {"no kind", "incident.opened", "{}", "there is no kind \"incident.opened\"", ERR_USAGE},
        {"an unknown field", "incident.open", "{\"name\":\"x\"}", "no field \"name\"",
         ERR_MALFORMED},
        {"a field is missing", "record.withdraw", "{}", "\"record\" is missing", ERR_MALFORMED},
        {"a field of another type", "incident.open", "{\"title\":1}", "\"title\"", ERR_MALFORMED},
        {"not an object", "incident.open", "[]", "must be an object", ERR_MALFORMED},
    };
    struct house *h = house_build(4);
    struct node *node = house_open(h, NULL);

    (void)state;
    house_found(h, node);
    struct author *author = open_author(node);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json flat = fields(h, cases[i].fields);
        struct submission out = {.part_count = 99};
        struct err err = {0};
        char id[65] = "before";

        bool ok = author_sign(author, cases[i].kind, &flat, &out, id, &h->arena, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault_kind == ERR_NONE));
        CHECK_CASE(cases[i].name, err.kind == cases[i].fault_kind);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || (out.part_count == 99 && strcmp(id, "before") == 0));
    }
    assert_int_equal(say(h, node, author, false).seq, 2); /* the refused took no number */
    author_close(author);
    node_close(node);
    house_end(h);
}

static void test_one_at_a_time(void **state)
{
    struct house *h = house_build(5);
    struct node *node = house_open(h, NULL);
    struct author *author = open_author(node), *second = NULL;
    struct err err = {0};

    (void)state;
    assert_false(author_open(&second, node, HOUSE_AUTHOR, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(author_open_file(&second, node, house_path(h, "keys/" HOUSE_AUTHOR ".key"), &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    author_close(author);
    assert_true(author_open_file(&second, node, house_path(h, "keys/" HOUSE_AUTHOR ".key"), &err));
    author_close(second);
    assert_false(author_open(&second, node, "obs/9", &err));
    assert_int_equal(err.kind, ERR_MISSING);
    node_close(node);
    house_end(h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_chain),         cmocka_unit_test(test_signed_and_lost),
    cmocka_unit_test(test_seen),          cmocka_unit_test(test_sign_refuses),
    cmocka_unit_test(test_one_at_a_time),
};

RUN_TESTS(tests)
