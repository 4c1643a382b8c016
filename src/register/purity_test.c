#include "base/test.h"
#include "register/scenario.h"

/*
 * That the register is a function of the log: of nothing but the bytes and the rows, with
 * every fault of a look-up passed on and no row of an earlier entry touched.
 */

#define CLAIM(more)                                                                                \
    "{'channel':'filed','claimant':'Command'," more "'matter':'killed','side':'north',"            \
    "'subject':'south'}"

#define WITNESSES "[{'key':'%w1','org':'south'}]"

static const struct line lines[] = {
    {"an incident", "incident", "north/desk", "incident.open", "{'external_id':'1'}", "holds"},
    {"a claim filed under it", "claim", "north/desk", "claim",
     CLAIM("'external_id':'7','incident':'$incident',"), "holds"},
    {"its better", "better", "north/desk", "claim",
     CLAIM("'external_id':'7','incident':'$incident','supersedes':'$claim',"), "holds"},
    {"a report", "report", "south/desk", "incident.report", "{'act':'shelling'}", "holds"},
    {"a link", NULL, "north/desk", "incident.link",
     "{'basis':'same_event','incident':'$incident','record':'$report'}", "holds"},
    {"and no more", NULL, "north/desk", "incident.unlink",
     "{'incident':'$incident','record':'$report'}", "holds"},
    {"taken back", NULL, "north/desk", "record.withdraw", "{'reason':'error','record':'$better'}",
     "holds"},
    {"a void one", NULL, "reader", "claim", CLAIM(""), "void capability rules 1 claim"},
    {"a revocation", NULL, "north/desk", "member.revoke", "{'name':'reader','reason':'left'}",
     "holds"},
    {"a rotation", NULL, "north/root", "member.rotate", "{'consent':&north/root>r2,'key':'@r2'}",
     "holds"},
    {"a witness goes", NULL, "south/root", "member.revoke", "{'name':'w1','reason':'left'}",
     "holds"},
    {"another comes", NULL, "south/root", "member.admit",
     "{'job':'witness','key':'%w2','org':'south'}", "holds"},
    {"a tick", NULL, "north/node", "clock.tick", "{'at_ms':1760000900000}", "holds"},
    {"other terms, later", "terms", "south/root", "agreement.amend",
     "{'from_ms':1760001000000,'pieces':[{'file':'agreement.toml','n':1,'sha256':'#'}],"
     "'version':2}",
     "holds"},
    {"their piece", NULL, "r2", "agreement.part",
     "{'amendment':'$terms','content':~,'file':'agreement.toml','n':1}", "holds"},
    {"their last concurrence", NULL, "r2", "agreement.concur", "{'agreement':'$terms'}", "holds"},
    {"judged by the first terms", NULL, "south/desk", "incident.report", "{'act':'shelling'}",
     "holds"},
    {"an amendment", "rules", "south/root", "rules.adopt", "{'number':2}", "holds"},
    {"its concurrence, the last", NULL, "r2", "agreement.concur", "{'agreement':'$rules'}",
     "holds"},
};

#define MOST 64

struct history {
    size_t count;
    struct span entry[MOST];
    struct span effects[MOST];
    struct hash digest[MOST];
};

static void remember(struct history *h, struct test_log *log, struct span entry)
{
    assert(h->count < MOST);
    h->entry[h->count] = entry;
    h->effects[h->count] = arena_copy(&log->arena, log->effects_bytes);
    h->digest[h->count++] = log->digest;
}

static void build(struct test_log *log, struct history *h)
{
    struct err err = {0};

    *h = (struct history){0};
    test_log_open(log, NULL);
    test_begin_with(log, WITNESSES);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct span entry = test_record(log, lines[i].by, lines[i].kind, lines[i].body);

        if (lines[i].as)
            test_name_it(log, lines[i].as);
        CHECK_CASE(lines[i].name, test_append(log, entry, &err));
        CHECK_CASE(lines[i].name, strcmp(test_verdict(log), lines[i].want) == 0);
        remember(h, log, entry);
    }
}

/* Other arenas, other blocks, other addresses: every allocation of the second log is
 * displaced, and its rows are asked for from memory that was used before. */
static void test_same_entries_same_bytes(void **state)
{
    struct test_log first, second;
    struct history h;
    struct err err = {0};

    (void)state;
    build(&first, &h);
    test_log_open(&second, NULL);
    memset(arena_alloc(&second.arena, 100003), 0xa5, 100003);
    memset(arena_alloc(&second.work, 77), 0xa5, 77);
    test_begin_with(&second, WITNESSES);
    for (size_t i = 0; i < h.count; i++) {
        memset(arena_alloc(&second.arena, 1 + 17 * i), 0xa5, 1 + 17 * i);
        CHECK_CASE(lines[i].name, test_append(&second, h.entry[i], &err));
        CHECK_CASE(lines[i].name, span_equal(second.effects_bytes, h.effects[i]));
        CHECK_CASE(lines[i].name, hash_equal(second.digest, h.digest[i]));
    }
    test_log_close(&first);
    test_log_close(&second);
}

/* §10.2: in order, each once, none that changes nothing. */
static void test_effects_are_in_order(void **state)
{
    struct test_log log;
    struct history h;

    (void)state;
    build(&log, &h);
    for (size_t i = 0; i < h.count; i++) {
        struct json list;
        struct err err = {0};

        assert_true(json_parse_canonical(&list, h.effects[i], &log.arena, &err));
        assert_int_equal(list.type, JSON_ARRAY);
        assert_true(list.array.count > 0);
        for (size_t e = 0; e < list.array.count; e++) {
            const struct json *now = &list.array.at[e];

            assert_true(now->array.count == 2 || now->array.count == 3);
            if (e == 0)
                continue;
            const struct json *before = &list.array.at[e - 1];
            int order = span_compare(before->array.at[0].string, now->array.at[0].string);
            assert_true(order < 0 || (order == 0 && span_compare(before->array.at[1].string,
                                                                 now->array.at[1].string) < 0));
        }
    }
    test_log_close(&log);
}

static bool writes(const struct effects *effects, const char *table)
{
    for (size_t i = 0; i < effects->count; i++)
        if (strcmp(effects->at[i].table, table) == 0)
            return true;
    return false;
}

/* A tick without changes of witnesses writes `quorum` as it was: that is no effect. */
static void test_unchanged_is_left_out(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin(&log);
    test_say(&log, "north/node", "clock.tick", "{'at_ms':1760000900000}");
    assert_true(writes(&log.effects, "clock"));
    assert_false(writes(&log.effects, "quorum"));
    test_log_close(&log);
}

/* §10.2: a row that is removed stands without its row. */
static void test_effects_bytes(void **state)
{
    struct arena arena = {0};
    struct json row = json_object();

    (void)state;
    json_set_integer(&row, "n", 1, &arena);
    struct effect at[] = {{"claim", SPAN_LIT("a \"b\""), &row}, {"external", SPAN_LIT("c"), NULL}};
    const struct effects effects = {.at = at, .count = 2}, nothing = {0};
    assert_true(span_is(register_effects_bytes(&effects, &arena),
                        "[[\"claim\",\"a \\\"b\\\"\",{\"n\":1}],[\"external\",\"c\"]]"));
    assert_true(span_is(register_effects_bytes(&nothing, &arena), "[]"));
    arena_free(&arena);
}

static void test_digest(void **state)
{
    struct hash zero = {0};

    (void)state;
    for (uint64_t index = 0; index < 300; index += 149) {
        uint8_t by_hand[32 + 8 + 2] = {0};
        by_hand[32 + 6] = (uint8_t)(index >> 8);
        by_hand[32 + 7] = (uint8_t)index;
        memcpy(by_hand + 40, "[]", 2);
        assert_true(hash_equal(register_digest(&zero, index, SPAN_LIT("[]")),
                               hash_of(span_make(by_hand, sizeof by_hand))));
    }
}

struct failing {
    struct register_lookup under;
    size_t left;
};

static bool fail_now(struct failing *f, struct err *err)
{
    if (f->left-- > 0)
        return false;
    f->left = SIZE_MAX;
    return !err_set(err, ERR_IO, "the disk is gone");
}

static bool failing_get(void *context, const char *table, struct span key, const struct json **out,
                        struct arena *arena, struct err *err)
{
    struct failing *f = context;

    return !fail_now(f, err) && f->under.get(f->under.context, table, key, out, arena, err);
}

static bool failing_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct failing *f = context;

    return !fail_now(f, err) && f->under.root(f->under.context, size, out, err);
}

/* Whichever look-up fails, the fault comes out and no verdict; and once none fails, the
 * effects are what they would have been. */
static void test_faults_come_out(void **state)
{
    struct test_log log;
    struct history h;
    struct err err = {0};

    (void)state;
    build(&log, &h);
    struct test_log again;
    test_log_open(&again, NULL);
    test_begin_with(&again, WITNESSES);
    for (size_t i = 0; i < h.count; i++) {
        for (size_t nth = 0;; nth++) {
            struct failing f = {test_lookup(&again), nth};
            const struct register_lookup lookup = {&f, failing_get, failing_root};
            const struct register_entry entry = {.index = again.size, .bytes = h.entry[i]};
            struct effects effects = {.count = 99};
            struct arena work = {0};

            err = (struct err){0};
            bool ok = register_apply(&effects, &lookup, &entry, &work, &err);
            CHECK_CASE(lines[i].name, ok || (err.kind == ERR_IO && effects.count == 99));
            CHECK_CASE(lines[i].name, nth < 100);
            arena_free(&work);
            if (ok)
                break;
            CHECK_CASE(lines[i].name, strstr(err.text, "the disk is gone") != NULL);
        }
        CHECK_CASE(lines[i].name, test_append(&again, h.entry[i], &err));
        CHECK_CASE(lines[i].name, span_equal(again.effects_bytes, h.effects[i]));
    }
    test_log_close(&log);
    test_log_close(&again);
}

/* The rows that a look-up gives belong to the store: an entry works on copies. */
static void test_rows_are_left_alone(void **state)
{
    struct test_log log;
    struct history h;
    struct err err = {0};

    (void)state;
    build(&log, &h);
    struct test_log again;
    test_log_open(&again, NULL);
    test_begin_with(&again, WITNESSES);
    for (size_t i = 0; i < h.count; i++) {
        struct register_lookup lookup = test_lookup(&again);
        const struct register_entry entry = {.index = again.size, .bytes = h.entry[i]};
        struct effects effects;
        struct arena before = {0};
        struct span *row = ARENA_ARRAY(&before, struct span, again.row_room);

        for (size_t r = 0; r < again.row_room; r++)
            if (again.row[r].row)
                row[r] = json_bytes(again.row[r].row, &before);
        CHECK_CASE(lines[i].name, register_apply(&effects, &lookup, &entry, &before, &err));
        for (size_t r = 0; r < again.row_room; r++)
            CHECK_CASE(lines[i].name,
                       !again.row[r].row ||
                           span_equal(row[r], json_bytes(again.row[r].row, &before)));
        arena_free(&before);
        CHECK_CASE(lines[i].name, test_append(&again, h.entry[i], &err));
    }
    test_log_close(&log);
    test_log_close(&again);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_entries_same_bytes),
    cmocka_unit_test(test_effects_are_in_order),
    cmocka_unit_test(test_unchanged_is_left_out),
    cmocka_unit_test(test_effects_bytes),
    cmocka_unit_test(test_digest),
    cmocka_unit_test(test_faults_come_out),
    cmocka_unit_test(test_rows_are_left_alone),
};

RUN_TESTS(tests)
