#include "journal/replay.h"

#include "base/test.h"
#include "journal/audit.h"
#include "journal/world_log.h"

/*
 * Rules that this program lacks (format §10.6): the log goes on, the store stays where they
 * come into force, without a fault, and whoever asks is told.
 */

#define LACKED 2 /* a rules number that no program has yet */
#define BEFORE ((uint64_t)WORLD_START + 1)

static struct submission world_rules(struct world *w, int64_t number)
{
    struct json body = json_object();

    json_set_integer(&body, "number", number, &arena);
    return world_sign(w, &w->root, "rules.adopt", &body, &arena);
}

/* A published log whose last entry brings rules that are lacking into force. */
static void switch_rules(struct world_log *b)
{
    setup(b);
    start(b);
    struct answer answer = append_one(b, world_rules(b->w, LACKED));
    assert_int_equal(answer.kind, ANSWER_LOGGED);
    publish(b);
}

/* And three entries by the new rules. */
static void go_on(struct world_log *b)
{
    for (size_t i = 0; i < 3; i++) {
        struct answer answer = append_one(b, world_incident(b->w, &arena));
        assert_int_equal(answer.kind, ANSWER_LOGGED);
        assert_int_equal(answer.index, BEFORE + i);
    }
    publish(b);
}

static void test_the_log_goes_on(void **state)
{
    struct world_log b;
    struct journal_head head;

    (void)state;
    switch_rules(&b);
    assert_int_equal(applied(b.store), BEFORE);
    struct hash digest = digest_of(b.store);
    go_on(&b);
    journal_head(b.journal, &head, &arena);
    assert_int_equal(head.checkpoint.size, BEFORE + 3);
    assert_int_equal(applied(b.store), BEFORE);

    reopen(&b);
    assert_int_equal(applied(b.store), BEFORE);
    assert_true(hash_equal(digest_of(b.store), digest));
    append_one(&b, world_incident(b.w, &arena));
    publish(&b);
    assert_int_equal(applied(b.store), BEFORE);
    teardown(&b);
}

static struct replay_result replayed(struct world_log *b)
{
    struct store *store;
    struct replay_result result;
    struct err err = {0};

    open_store(&store);
    const struct replay_options options = {.disk = b->disk, .store = store};
    if (!replay_run(&result, &options, &err))
        fail_msg("%s", err.text);
    assert_int_equal(applied(store), result.entries);
    assert_true(hash_equal(digest_of(store), result.digest));
    store_close(store);
    return result;
}

static void test_replay_stops(void **state)
{
    struct world_log b;

    (void)state;
    switch_rules(&b);
    struct replay_result whole = replayed(&b);
    assert_int_equal(whole.entries, BEFORE); /* there is nothing yet that it could not apply */
    assert_int_equal(whole.lacks_rules, 0);

    go_on(&b);
    struct replay_result stopped = replayed(&b);
    assert_int_equal(stopped.entries, BEFORE);
    assert_int_equal(stopped.lacks_rules, LACKED);
    assert_true(hash_equal(stopped.digest, whole.digest));
    teardown(&b);
}

static struct audit_result audited(struct world_log *b)
{
    const struct audit_options options = {.disk = b->disk, .store = b->store};
    struct audit_result result;
    struct err err = {0};

    if (!audit_run(&result, &options, &err))
        fail_msg("%s", err.text);
    return result;
}

static void test_audit_names_the_entry(void **state)
{
    struct world_log b;
    char want[100];

    (void)state;
    switch_rules(&b);
    assert_true(audited(&b).ok);
    go_on(&b);
    struct audit_result result = audited(&b);
    assert_false(result.ok);
    assert_true(result.has_entry);
    assert_int_equal(result.entry, BEFORE);
    assert_string_equal(result.path, "");
    snprintf(want, sizeof want,
             "entry %" PRIu64 ": rules number %d, in force from entry %" PRIu64
             " on, is not in this program",
             BEFORE, LACKED, BEFORE);
    assert_string_equal(result.text, want);
    teardown(&b);
}

/* What is staged and not published is said as well. */
static void test_audit_of_what_is_staged(void **state)
{
    struct world_log b;

    (void)state;
    switch_rules(&b);
    append_one(&b, world_incident(b.w, &arena));
    struct audit_result result = audited(&b);
    assert_false(result.ok);
    assert_int_equal(result.entry, BEFORE);
    teardown(&b);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_log_goes_on),
    cmocka_unit_test(test_replay_stops),
    cmocka_unit_test(test_audit_names_the_entry),
    cmocka_unit_test(test_audit_of_what_is_staged),
};

RUN_TESTS(tests)
