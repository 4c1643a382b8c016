#include "node/node.h"

#include "base/test.h"
#include "node/house.h"
#include "sync/outbox.h"

/* A keeper's directory that went on beyond the end of its term: what is left of it, and what waits.
 */

#define MORE 3u /* incidents after the start */

/* A log of a start, a tick, incidents and a tick; its size. */
static uint64_t make_log(struct house *h)
{
    struct node *node = house_open(h, NULL);
    struct err err = {0};

    house_found(h, node);
    for (unsigned i = 0; i < MORE; i++) {
        struct submission one = world_incident(h->world, &h->arena);
        struct answer answer;

        house_ok(node_submit(node, &one, 1, &answer, &h->arena, &err), &err);
    }
    house_ok(node_settle(node, &err), &err);
    uint64_t size = house_entries(h, node);
    node_close(node);
    return size;
}

static size_t waiting(struct house *h)
{
    struct outbox_options options = {0};
    struct outbox *outbox = NULL;
    struct outbox_status status;
    struct err err = {0};

    house_ok(disk_open(&options.disk, h->scratch.path, false, &err) &&
                 outbox_open(&outbox, &options, 1, &err),
             &err);
    outbox_status(outbox, &status);
    outbox_close(outbox);
    disk_close(options.disk);
    return status.state[OUTBOX_WAITING];
}

static bool has(struct house *h, const char *path)
{
    return access(house_path(h, path), F_OK) == 0;
}

static bool keeps(struct house *h)
{
    struct node *node = house_open(h, NULL);
    bool is_keeper = node_keeps(node);

    node_close(node);
    return is_keeper;
}

static void test_set_aside(void **state)
{
    static const struct {
        const char *name;
        int64_t past;     /* the end of the term, before that of the log */
        uint64_t records; /* that wait */
        enum err_kind kind;
        const char *fault;
    } cases[] = {
        {"a tick beyond", 1, 1, ERR_NONE, ""},
        {"incidents, too", MORE + 1, MORE + 1, ERR_NONE, ""},
        {"it went on no further, and keeps it no more", 0, 0, ERR_NONE, ""},
        {"one entry that the log has not", -1, 0, ERR_USAGE, "nothing is beyond"},
        {"a size far away", -100000, 0, ERR_USAGE, "nothing is beyond"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house *h = house_build(i);
        uint64_t size = make_log(h), records = 99;
        uint64_t end = (uint64_t)((int64_t)size - cases[i].past);
        struct err err = {0};
        bool ok = node_set_aside(h->scratch.path, end, &records, &err);

        CHECK_CASE(cases[i].name, (ok ? ERR_NONE : err.kind) == cases[i].kind);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, waiting(h) == cases[i].records);
        CHECK_CASE(cases[i].name, !ok || records == cases[i].records);
        CHECK_CASE(cases[i].name, has(h, "aside") == ok && has(h, "log/checkpoint") == !ok);
        if (ok) { /* once: what is done again finds no log */
            CHECK_CASE(cases[i].name, !node_set_aside(h->scratch.path, end, &records, &err));
            CHECK_CASE(cases[i].name, err.kind == ERR_MISSING);
            CHECK_CASE(cases[i].name, waiting(h) == cases[i].records);
        }
        CHECK_CASE(cases[i].name, keeps(h) == !ok);
        house_end(h);
    }
}

/* Cut short before the log is moved, and done again: each record waits once. */
static void test_again(void **state)
{
    struct house *h = house_build(1);
    uint64_t end = make_log(h) - MORE - 1, records;
    struct err err = {0};

    (void)state;
    house_write(h, "aside", SPAN_LIT("a file where the folder is to be"));
    assert_false(node_set_aside(h->scratch.path, end, &records, &err));
    assert_int_equal(waiting(h), MORE + 1);
    assert_true(has(h, "log/checkpoint"));
    assert_int_equal(remove(house_path(h, "aside")), 0);
    house_ok(node_set_aside(h->scratch.path, end, &records, &err), &err);
    assert_int_equal(waiting(h), MORE + 1);
    assert_false(has(h, "log/checkpoint"));
    house_end(h);
}

/* Not beside a process that holds it. */
static void test_held(void **state)
{
    struct house *h = house_build(1);
    uint64_t end = make_log(h) - 1, records;
    struct node *node = house_open(h, NULL);
    struct err err = {0};

    (void)state;
    assert_false(node_set_aside(h->scratch.path, end, &records, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    node_close(node);
    assert_int_equal(waiting(h), 0);
    assert_true(keeps(h));
    house_end(h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_set_aside),
    cmocka_unit_test(test_again),
    cmocka_unit_test(test_held),
};

RUN_TESTS(tests)
