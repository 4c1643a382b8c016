#include "sync/gather.h"

#include "base/test.h"
#include "register/test_log.h"

/* Which witnesses count, from the register as the store keeps it. */

static struct arena arena;

/* A store with these rows, as of one entry. */

static struct store *store_new(struct store_tx **tx)
{
    struct store *store;
    struct err err = {0};

    assert_true(store_open(&store, "memory:", &err) && store_begin(store, tx, &err));
    return store;
}

static void put(struct store_tx *tx, const char *table, struct span key, struct span bytes)
{
    struct err err = {0};

    assert_true(store_put(tx, 0, table, key, bytes, &err));
}

/* Names of those in force, a bar, names of the others; or the fault. */
static const char *read_set(struct store *store, struct store_tx *tx, struct witness_set *out)
{
    struct buf text = buf_in(&arena, 4096);
    struct witness_set set = {.count = 99};
    struct store_reader *reader = NULL;
    struct err err = {0};
    const struct hash digest = {{0}};

    assert_true(store_put_digest(tx, 0, &digest, &err) && store_commit(&tx, &err) &&
                store_reader_open(store, &reader, &err));
    bool ok = witness_set_read(&set, reader, &err);
    store_reader_close(reader);
    store_close(store);
    if (!ok) {
        assert_int_equal(set.count, 99); /* left alone */
        return arena_text(&arena, span_of(err.text));
    }
    for (int in_force = 1; in_force >= 0; in_force--) {
        for (size_t i = 0; i < set.count; i++)
            if (set.in_force[i] == in_force)
                buf_printf(&text, "%s ", set.at[i].name);
        if (in_force)
            buf_text(&text, "| ");
    }
    buf_printf(&text, "%zu", set.quorum);
    if (out)
        *out = set;
    return arena_text(&arena, buf_span(&text));
}

static const char *set_of(struct test_log *log, struct witness_set *out)
{
    struct store_tx *tx;
    struct store *store = store_new(&tx);

    for (size_t i = 0; i < log->row_room; i++)
        if (log->row[i].row)
            put(tx, log->row[i].table, log->row[i].key, json_bytes(log->row[i].row, &arena));
    return read_set(store, tx, out);
}

static void begin(struct test_log *log)
{
    struct err err = {0};

    test_log_open(log, NULL);
    struct record_draft draft = test_draft(log, "north/root", "agreement.adopt", test_adopt);
    json_set_integer(&draft.body, "quorum", 2, &log->arena);
    json_set(&draft.body, "witnesses",
             test_body(log, "[{'key':'%w1','org':'north'},{'key':'%w2','org':'south'},"
                            "{'key':'%w3','org':'mediators'}]"),
             &log->arena);
    assert_true(test_append(log, test_sign(log, &draft), &err));
    test_name_it(log, "adopt");
    test_say(log, "south/root", "agreement.part", "{'content':~,'file':'agreement.toml','n':1}");
    test_say(log, "north/root", "agreement.concur", "{'agreement':'$adopt'}");
    test_say(log, "south/root", "agreement.concur", "{'agreement':'$adopt'}");
}

static void tick(struct test_log *log, uint64_t size, uint64_t second)
{
    const char *const witnesses[] = {"w2", "w3", NULL};
    const uint64_t seconds[] = {second, second};
    struct record_draft draft = test_draft(log, "north/node", "clock.tick", "{}");
    struct err err = {0};

    json_set_string(&draft.body, "checkpoint", test_checkpoint(log, size, witnesses, seconds),
                    &log->arena);
    assert_true(test_append(log, test_sign(log, &draft), &err));
}

static void test_changes(void **state)
{
    static const struct {
        const char *name, *kind, *body; /* no kind: a tick that covers all before it */
        const char *want;
    } steps[] = {
        {"the first", "agreement.concur", "{'agreement':'$adopt'}", "w1 w2 w3 | 2"},
        {"one who is in force is revoked", "member.revoke", "{'name':'w1','reason':'lost'}",
         "w1 w2 w3 | 2"},
        {"one in its place", "member.admit", "{'job':'witness','key':'%w4','org':'north'}",
         "w1 w2 w3 | w4 2"},
        {"revoked before a tick", "member.revoke", "{'name':'w4','reason':'lost'}", "w1 w2 w3 | 2"},
        {"another", "member.admit", "{'job':'witness','key':'%w5','org':'north'}",
         "w1 w2 w3 | w5 2"},
        {"who sees hashes only does not count", "member.admit",
         "{'job':'external','key':'%w6','org':'north'}", "w1 w2 w3 | w5 2"},
        {"an author does not", "member.admit",
         "{'job':'author','key':'@desk','org':'north','role':'reader'}", "w1 w2 w3 | w5 2"},
        {"the tick that covers them", NULL, NULL, "w2 w3 w5 | 2"},
    };
    struct test_log log;
    struct witness_set set;
    (void)state;

    begin(&log);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        if (steps[i].kind)
            test_say(&log, "north/root", steps[i].kind, steps[i].body);
        else
            tick(&log, log.size, 1000);
        const char *got = set_of(&log, &set);
        if (strcmp(got, steps[i].want) != 0)
            fail_msg("case \"%s\": %s", steps[i].name, got);
    }
    for (size_t i = 0; i < set.count; i++)
        assert_true(span_is(test_vkey(&log, set.at[i].name, NOTE_TYPE_COSIGNATURE),
                            note_key_text(&set.at[i], &arena)));
    test_log_close(&log);
    arena_reset(&arena);
}

/* Stores that no register has written. */
static void test_rows(void **state)
{
#define ROW(witnesses, pending)                                                                    \
    "{\"pending\":[" pending "],\"quorum\":1,\"witnesses\":[" witnesses "]}"
    static const struct {
        const char *name, *quorum; /* NULL: no row */
        const char *want;          /* or a part of the fault */
    } cases[] = {
        {"as it should be", ROW("\"w1\"", ""), "w1 | 1"},
        {"nothing yet", NULL, "| 0"},
        {"nobody", ROW("", ""), "| 1"},
        {"one twice", ROW("\"w1\",\"w1\"", ""), "w1 | 1"},
        {"in force and admitted", ROW("\"w1\"", "{\"name\":\"w1\"}"), "w1 | 1"},
        {"a key that is not there", ROW("\"w2\"", ""), "no key of its witness w2"},
        {"an admitted one that is not there", ROW("", "{\"name\":\"w2\"}"), "no key of its"},
        {"a key that is none", ROW("\"bad\"", ""), "key"},
        {"a number for a name", ROW("7", ""), "no key of its witness"},
        {"a change that is none", ROW("", "7"), "no key of its witness"},
        {"no JSON", "{", "read the witnesses"},
        {"no object", "[]", "is none"},
        {"without witnesses", "{\"pending\":[],\"quorum\":1}", "is none"},
        {"without changes", "{\"quorum\":1,\"witnesses\":[]}", "is none"},
    };
    struct test_log log;
    (void)state;

    test_log_open(&log, NULL);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct store_tx *tx;
        struct store *store = store_new(&tx);
        const char *key = arena_printf(&arena, "{\"state\":\"active\",\"vkey\":\"%.*s\"}",
                                       SPAN_ARG(test_vkey(&log, "w1", NOTE_TYPE_COSIGNATURE)));

        put(tx, "key", SPAN_LIT("w1"), span_of(key));
        put(tx, "key", SPAN_LIT("bad"), SPAN_LIT("{\"state\":\"active\",\"vkey\":\"bad\"}"));
        if (cases[i].quorum)
            put(tx, "quorum", SPAN_LIT("quorum"), span_of(cases[i].quorum));
        const char *got = read_set(store, tx, NULL);
        if (!strstr(got, cases[i].want))
            fail_msg("case \"%s\": %s", cases[i].name, got);
    }
    test_log_close(&log);
    arena_reset(&arena);
}

/* More than a checkpoint has room for. */
static void test_many(void **state)
{
    struct buf row = buf_in(&arena, 8192), want = buf_in(&arena, 4096);
    struct test_log log;
    struct store_tx *tx;
    struct store *store = store_new(&tx);
    (void)state;

    test_log_open(&log, NULL);
    buf_text(&row, "{\"pending\":[{\"name\":\"w070\"}],\"quorum\":5,\"witnesses\":[");
    for (unsigned i = 0; i < 71; i++) {
        const char *name = arena_printf(&arena, "w%03u", i);
        const char *key = arena_printf(&arena, "{\"state\":\"active\",\"vkey\":\"%.*s\"}",
                                       SPAN_ARG(test_vkey(&log, name, NOTE_TYPE_COSIGNATURE)));
        put(tx, "key", span_of(name), span_of(key));
        if (i < 70)
            buf_printf(&row, "%s\"%s\"", i ? "," : "", name);
        if (i < WITNESSES_MOST)
            buf_printf(&want, "%s ", name);
    }
    buf_text(&row, "]}");
    buf_text(&want, "| 5");
    put(tx, "quorum", SPAN_LIT("quorum"), buf_span(&row));
    assert_string_equal(read_set(store, tx, NULL), arena_text(&arena, buf_span(&want)));
    test_log_close(&log);
    arena_reset(&arena);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_changes),
                                          cmocka_unit_test(test_rows), cmocka_unit_test(test_many)};
RUN_TESTS(tests)
