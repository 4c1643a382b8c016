#include "node/pinned.h"

#include "base/calendar.h"
#include "base/test.h"
#include "node/house.h"

#define NOW_MS INT64_C(1793404800000)
#define HOURS(n) (INT64_C(n) * MS_PER_HOUR)

static void test_renewal(void **state)
{
    static const struct {
        const char *name;
        int64_t at_ms;
        bool is_new;
    } cases[] = {
        {"at first", NOW_MS, true},
        {"at once", NOW_MS, false},
        {"within the day", NOW_MS + HOURS(24) - 1, false},
        {"a day later", NOW_MS + HOURS(24), true},
        {"after a long sleep", NOW_MS + HOURS(2400), true},
        {"and within that day", NOW_MS + HOURS(2410), false},
        {"where the clock was set back", NOW_MS, true},
        {"a little", NOW_MS - 1000, true},
    };
    struct house *h = house_build(61);
    struct node *node = house_open(h, NULL);
    struct note_key key = note_signer_key(&h->world->node.signer);
    const struct pin_node whose = {SPAN_LIT(WORLD_NAME), &key};
    struct pinned *pinned = NULL;
    struct err err = {0};

    (void)state;
    house_ok(pinned_open(&pinned, node, &err), &err);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t at_ms = cases[i].at_ms;
        struct span statement;
        struct pin pin;
        bool is_new = pinned_renew(pinned, at_ms, &statement, &h->arena);

        CHECK_CASE(cases[i].name, is_new == cases[i].is_new);
        if (!is_new)
            continue;
        CHECK_CASE(cases[i].name, pin_check(&pin, statement, &whose, at_ms, &h->arena, &err));
        CHECK_CASE(cases[i].name, hash_equal(pin.certificate.certificate, pinned_hash(pinned)));
        CHECK_CASE(cases[i].name, pin.from_ms == at_ms - HOURS(24));
        CHECK_CASE(cases[i].name, pin.to_ms == at_ms + HOURS(168));
        CHECK_CASE(cases[i].name,
                   !pin_check(&pin, statement, &whose, at_ms + HOURS(169), &h->arena, &err));
    }
    pinned_close(pinned);
    pinned_close(NULL);
    node_close(node);
    house_end(h);
}

/* The certificate outlives the process; a file that is no certificate is refused. */
static void test_certificate(void **state)
{
    struct house *h = house_build(62);
    struct node *node = house_open(h, NULL);
    struct pinned *pinned = NULL;
    struct err err = {0};

    (void)state;
    house_ok(pinned_open(&pinned, node, &err), &err);
    struct hash first = pinned_hash(pinned);
    assert_non_null(strstr(pinned_pem(pinned), "BEGIN CERTIFICATE"));
    pinned_close(pinned);
    house_ok(pinned_open(&pinned, node, &err), &err);
    assert_true(hash_equal(first, pinned_hash(pinned)));
    pinned_close(pinned);
    pinned = NULL;
    assert_int_equal(truncate(house_path(h, "tls/server.pem"), 100), 0);
    assert_false(pinned_open(&pinned, node, &err));
    assert_int_equal(err.kind, ERR_MALFORMED);
    assert_null(pinned);
    node_close(node);
    house_end(h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_renewal),
    cmocka_unit_test(test_certificate),
};
RUN_TESTS(tests)
