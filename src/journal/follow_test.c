#include "journal/follow.h"

#include "base/test.h"
#include "journal/pair.h"

/*
 * Following what another keeps. The power goes at every step: what is here afterwards is the
 * log as it was or the log that has grown, and says nothing else than its keeper's.
 */

static const uint64_t sizes[] = {8, 30, 255, 256, 257, 270, 300};

/* Where tiles of the second level are at stake the steps are too many to cut at each. */
static const uint64_t far[] = {8, 511, 512, 600, 1030};

/* What the record names of parts, from the leader's own. */
static bool give_parts(struct follow *follow, struct pair *p, struct span entry, struct arena *own,
                       struct err *err)
{
    struct record record;
    struct part part;
    struct hash stored;
    struct span bytes;
    bool ok = true;

    if (!record_parse(&record, entry, own, err))
        return true;
    for (size_t n = 0; ok && part_at(record.body, n, &part); n++) {
        assert_true(hex_parse(stored.bytes, sizeof stored.bytes, part.stored) &&
                    parts_get(p->parts, &stored, &bytes, own, err));
        ok = follow_part(follow, bytes, err);
    }
    return ok;
}

static bool give_entries(struct follow *follow, struct pair *p, uint64_t until, struct err *err)
{
    struct log_reader *reader;
    struct arena own = {0};
    struct span entry;
    bool ok = true;

    assert_true(log_reader_open(&reader, p->disk, pair_last(p)->checkpoint.size, err));
    while (ok && follow_next(follow) < until) {
        arena_reset(&own);
        assert_true(log_reader_entry(reader, follow_next(follow), &entry, err));
        ok = follow_entry(follow, entry, err) && give_parts(follow, p, entry, &own, err);
    }
    log_reader_close(reader);
    arena_free(&own);
    return ok;
}

static bool advance(struct copy *c, const struct head *head, struct err *err)
{
    struct follow *follow;

    if (!follow_begin(&follow, c->journal, head->note, err))
        return false;
    if (!give_entries(follow, c->pair, head->checkpoint.size, err)) {
        follow_abandon(follow);
        return false;
    }
    return follow_end(follow, err);
}

/* Through all heads that are still ahead. */
static bool advance_all(struct copy *c, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < c->pair->heads; i++)
        if (c->pair->head[i].checkpoint.size > copy_size(c))
            ok = advance(c, &c->pair->head[i], err);
    return ok;
}

static void must_advance_all(const char *name, struct copy *c)
{
    struct err err = {0};

    if (!advance_all(c, &err))
        fail_msg("%s: %s", name, err.text);
}

static void test_growing(void **state)
{
    static const struct {
        const uint64_t *size;
        size_t count;
    } cases[] = {{sizes, ARRAY_LEN(sizes)}, {far, ARRAY_LEN(far)}};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct pair p;
        struct copy c;
        struct err err = {0};
        char name[40];

        pair_open(&p, cases[i].size, cases[i].count);
        copy_new(&c, &p, 1);
        copy_open(&c);
        for (size_t n = 0; n < p.heads; n++) {
            snprintf(name, sizeof name, "size %" PRIu64, p.head[n].checkpoint.size);
            CHECK_CASE(name, advance(&c, &p.head[n], &err));
            CHECK_CASE(name, copy_size(&c) == p.head[n].checkpoint.size);
            pair_check(name, &c);
        }
        copy_free(&c);
        pair_close(&p);
    }
}

/* Cut off at the n-th change, and in the recovery from that once more. */
static void cut_at(struct pair *p, uint64_t n, uint64_t steps)
{
    struct copy c;
    struct err err = {0};
    char name[64];

    snprintf(name, sizeof name, "step %" PRIu64 " of %" PRIu64, n, steps);
    copy_new(&c, p, n);
    disk_sim_fail_after(c.disk, n);
    CHECK_CASE(name, !copy_try_open(&c, &err) || !advance_all(&c, &err));
    copy_crash(&c, n);
    pair_check_audit(name, &c, false);
    disk_sim_fail_after(c.disk, 1 + n % 7);
    if (copy_try_open(&c, &err))
        (void)!advance_all(&c, &err);
    copy_crash(&c, n + 1);
    copy_open(&c);
    must_advance_all(name, &c);
    pair_check(name, &c);
    copy_free(&c);
}

static void test_every_step(void **state)
{
    struct pair p;
    struct copy c;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    copy_new(&c, &p, 0);
    copy_open(&c);
    must_advance_all("uncut", &c);
    uint64_t steps = disk_sim_operations(c.disk);
    copy_free(&c);
    for (uint64_t n = 1; n <= steps; n++)
        cut_at(&p, n, steps);
    pair_close(&p);
}

/* Many crashes to a life; sometimes what was begun is given up first. */
static void test_seeds(void **state)
{
    struct pair p;
    (void)state;

    pair_open(&p, far, ARRAY_LEN(far));
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct copy c;
        struct err err = {0};
        struct follow *follow;
        char name[32];
        struct world *chance = world_new(seed);

        snprintf(name, sizeof name, "seed %" PRIu64, seed);
        copy_new(&c, &p, seed);
        for (unsigned crashes = 0; crashes < 6; crashes++) {
            disk_sim_fail_after(c.disk, 1 + world_below(chance, 60));
            const struct head *last = pair_last(&p);
            bool ok = copy_try_open(&c, &err);
            if (ok && copy_size(&c) < last->checkpoint.size && world_below(chance, 2) == 0 &&
                follow_begin(&follow, c.journal, last->note, &err)) {
                uint64_t left = last->checkpoint.size - copy_size(&c);
                ok = give_entries(follow, &p, copy_size(&c) + world_below(chance, left), &err);
                follow_abandon(follow);
            }
            if (ok)
                (void)!advance_all(&c, &err);
            copy_crash(&c, world_chance(chance));
            pair_check_audit(name, &c, false);
        }
        copy_open(&c);
        pair_check(name, &c);
        must_advance_all(name, &c);
        pair_check(name, &c);
        copy_free(&c);
        free(chance);
    }
    pair_close(&p);
}

/* Given up half way, with the power staying on until it is, and going right after. */
static void test_abandoned(void **state)
{
    struct pair p;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct copy c;
        struct follow *follow;
        struct err err = {0};
        char name[32];

        snprintf(name, sizeof name, "seed %" PRIu64, seed);
        copy_new(&c, &p, seed);
        copy_open(&c);
        CHECK_CASE(name, advance(&c, &p.head[0], &err));
        CHECK_CASE(name, follow_begin(&follow, c.journal, pair_last(&p)->note, &err));
        CHECK_CASE(name, give_entries(follow, &p, 8 + seed * 5 % 290, &err));
        follow_abandon(follow);
        pair_check(name, &c);
        if (seed % 4) { /* else it goes on */
            copy_crash(&c, seed);
            pair_check_audit(name, &c, false);
            copy_open(&c);
        }
        CHECK_CASE(name, copy_size(&c) == 8);
        pair_check(name, &c);
        must_advance_all(name, &c);
        pair_check(name, &c);
        copy_free(&c);
    }
    pair_close(&p);
}

/* The same tree, signed by another key under its own name. */
static struct span sign_head(const struct checkpoint *head, const struct note_signer *signer)
{
    struct checkpoint checkpoint = *head;

    memcpy(checkpoint.origin, signer->name, sizeof checkpoint.origin);
    return pair_sign(&checkpoint, signer, &arena);
}

static struct span with_line(struct span note, const char *name)
{
    struct buf buf = buf_in(&arena, 4000);
    uint8_t signature[72] = {1};

    buf_put(&buf, note);
    note_put_line(&buf, span_of(name), 7, span_make(signature, sizeof signature));
    return buf_span(&buf);
}

/* What is refused, and leaves the directory as it was. */

struct
try { /* a copy at 30 entries that is to be brought to 300 */
    struct pair *pair;
    struct copy copy;
    struct span note;
    uint64_t give; /* entries until here */
    bool spoil;    /* the last of them */
};

static void as_it_should_be(struct try *t)
{
    (void)t;
}
static void with_strangers(struct try *t)
{
    t->note = with_line(t->note, "somebody/else");
}
static void too_few(struct try *t)
{
    t->give--;
}
static void another_entry(struct try *t)
{
    t->spoil = true;
}
static void another_root(struct try *t)
{
    struct checkpoint changed = pair_last(t->pair)->checkpoint;

    changed.root.bytes[3] ^= 1;
    t->note = sign_head(&changed, &t->pair->w->log);
}
static void not_larger(struct try *t)
{
    t->note = t->pair->head[1].note;
}
static void smaller(struct try *t)
{
    t->note = t->pair->head[0].note;
}
static void unknown_origin(struct try *t)
{
    struct note_signer other;

    world_key(t->pair->w, &other, WORLD_NAME "/term/2");
    t->note = sign_head(&pair_last(t->pair)->checkpoint, &other);
}
static void another_key(struct try *t)
{
    struct note_signer other;

    world_key(t->pair->w, &other, WORLD_NAME "/term/1");
    t->note = sign_head(&pair_last(t->pair)->checkpoint, &other);
}
static void signed_twice(struct try *t)
{
    struct note_key key = note_signer_key(&t->pair->w->log);
    struct buf buf = buf_in(&arena, 4000);
    uint8_t signature[SIGN_SIGNATURE_BYTES] = {1};

    buf_put(&buf, t->note);
    note_put_line(&buf, span_of(key.name), note_key_id(span_of(key.name), key.type, &key.key),
                  span_make(signature, sizeof signature));
    t->note = buf_span(&buf);
}
static void no_note(struct try *t)
{
    t->note = SPAN_LIT("hello");
}
static void broken(struct try *t)
{
    struct err err = {0};

    disk_sim_fail_after(t->copy.disk, 1);
    CHECK_CASE("break it", !advance(&t->copy, &t->pair->head[2], &err));
    disk_sim_fail_after(t->copy.disk, 0);
}

static bool give(struct try *t, struct follow *follow, struct err *err)
{
    if (!give_entries(follow, t->pair, t->give - t->spoil, err))
        return false;
    return !t->spoil || follow_entry(follow, SPAN_LIT("another"), err);
}

static bool run(struct try *t, struct err *err)
{
    struct follow *follow;

    if (!follow_begin(&follow, t->copy.journal, t->note, err))
        return false;
    if (!give(t, follow, err)) {
        follow_abandon(follow);
        return false;
    }
    return follow_end(follow, err);
}

static void test_refused(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct try *t);
        enum err_kind kind; /* ERR_NONE: is taken */
        const char *fault;
    } cases[] = {
        {"as it should be", as_it_should_be, ERR_NONE, ""},
        {"lines of others", with_strangers, ERR_NONE, ""},
        {"too few entries", too_few, ERR_CONFLICT, "299 entries do not have the root"},
        {"another entry", another_entry, ERR_CONFLICT, "300 entries do not have the root"},
        {"another root", another_root, ERR_CONFLICT, "300 entries do not have the root"},
        {"a checkpoint of the same size", not_larger, ERR_CONFLICT, "not beyond"},
        {"a smaller checkpoint", smaller, ERR_CONFLICT, "not beyond"},
        {"an unknown origin", unknown_origin, ERR_MISSING, "none that is known here"},
        {"signed by another key", another_key, ERR_REFUSED, "not signed by the log's key"},
        {"signed twice", signed_twice, ERR_REFUSED, "twice"},
        {"no note", no_note, ERR_MALFORMED, "no checkpoint"},
        {"a broken journal", broken, ERR_IO, "opened anew"},
    };
    struct pair p;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct try t = {.pair = &p, .note = pair_last(&p)->note, .give = 300};
        struct err err = {0};

        copy_new(&t.copy, &p, 1);
        copy_open(&t.copy);
        CHECK_CASE(cases[i].name, advance(&t.copy, &p.head[0], &err));
        CHECK_CASE(cases[i].name, advance(&t.copy, &p.head[1], &err));
        cases[i].change(&t);
        bool ok = run(&t, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].name, ok || err.kind == cases[i].kind);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, copy_size(&t.copy) == (ok ? 300 : 30));
        if (cases[i].change != broken)
            pair_check(cases[i].name, &t.copy);
        copy_crash(&t.copy, 1);
        copy_open(&t.copy);
        pair_check(cases[i].name, &t.copy);
        must_advance_all(cases[i].name, &t.copy);
        pair_check(cases[i].name, &t.copy);
        copy_free(&t.copy);
    }
    pair_close(&p);
}

/* Of a directory that is empty the key is known, and the agreement's name. */

static void test_another_entry_0(void **state)
{
    static const struct {
        const char *name;
        const char *agreement; /* of the copy */
        bool other_world;      /* entry 0 is of another log, whose key signed as ours */
        enum err_kind kind;
        const char *fault;
    } cases[] = {
        {"ours", WORLD_NAME, false, ERR_NONE, ""},
        {"of another agreement", "test.invalid/other", false, ERR_REFUSED, "of the agreement"},
        {"naming another log key", WORLD_NAME, true, ERR_REFUSED, "log key"},
    };
    static const uint64_t one[] = {8};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct pair p;
        struct copy c;
        struct err err = {0};

        pair_open(&p, one, 1);
        if (cases[i].other_world) {
            struct note_signer ours;
            world_key(p.w, &ours, WORLD_NAME "/term/1");
            p.keys.at[0] = note_signer_key(&ours);
            p.head[0].note = sign_head(&p.head[0].checkpoint, &ours);
        }
        copy_new(&c, &p, 1);
        struct journal_options options = {.disk = c.disk,
                                          .store = c.store,
                                          .clock = {world_now, p.w},
                                          .keys = &p.keys,
                                          .agreement = cases[i].agreement};
        assert_true(journal_open(&c.journal, &options, &err));
        bool ok = advance(&c, &p.head[0], &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].name, ok || err.kind == cases[i].kind);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, copy_size(&c) == (ok ? 8 : 0));
        /* It can be opened again: nothing of it is there. */
        journal_close(c.journal);
        c.journal = NULL;
        CHECK_CASE(cases[i].name, journal_open(&c.journal, &options, &err));
        copy_free(&c);
        pair_close(&p);
    }
}

/* The rest of the journal, where it follows. */

static void test_nothing_else_in(void **state)
{
    static const uint64_t one[] = {8};
    struct pair p;
    struct copy c;
    struct answer answer;
    struct follow *follow;
    struct err err = {0};
    (void)state;

    pair_open(&p, one, 1);
    copy_new(&c, &p, 1);
    copy_open(&c);
    struct submission tick = world_tick(p.w, &arena);
    assert_false(journal_append(c.journal, &tick, 1, &answer, &arena, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_true(journal_publish(c.journal, &err));
    assert_false(follow_begin_parts(&follow, c.journal, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_int_equal(copy_size(&c), 0);
    copy_free(&c);
    pair_close(&p);
}

/* What is staged here was promised by a key that is here no longer. */
static void test_staged_entries(void **state)
{
    struct world_log b;
    struct err err = {0};
    (void)state;

    setup(&b);
    start(&b);
    publish(&b);
    append_one(&b, world_tick(b.w, &arena));
    journal_close(b.journal);
    struct log_keys keys = {.at = {note_signer_key(&b.w->log)}, .count = 1};
    struct journal_options options = world_options(b.w, b.disk, b.store);
    options.log = NULL;
    options.promise = NULL;
    options.keys = &keys;
    b.journal = NULL;
    assert_false(journal_open(&b.journal, &options, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_non_null(strstr(err.text, "stage holds entries from 8 on"));
    teardown(&b);
}

/* Parts that come when the entries are long there. */

static bool add_late(struct copy *c, const struct span *part, size_t count, struct err *err)
{
    struct follow *follow;
    bool ok = follow_begin_parts(&follow, c->journal, err);

    if (!ok)
        return false;
    for (size_t i = 0; ok && i < count; i++)
        ok = follow_part(follow, part[i], err);
    if (ok)
        return follow_end(follow, err);
    follow_abandon(follow);
    return false;
}

static void test_late_parts(void **state)
{
    static const uint64_t one[] = {8};
    const size_t large = LIMIT_SMALL_PART_BYTES + 1;
    struct pair p;
    struct span part[3] = {SPAN_LIT("the first"), {0}, SPAN_LIT("the third")};
    (void)state;

    pair_open(&p, one, 1);
    part[1] = span_make(arena_alloc(&arena, large), large);
    for (uint64_t n = 0;; n++) {
        struct copy c;
        struct err err = {0};
        char name[32];

        snprintf(name, sizeof name, "step %" PRIu64, n);
        copy_new(&c, &p, n);
        copy_open(&c);
        must_advance_all(name, &c);
        if (n > 0)
            disk_sim_fail_after(c.disk, disk_sim_operations(c.disk) + n);
        bool cut = !add_late(&c, part, ARRAY_LEN(part), &err);
        CHECK_CASE(name, n > 0 || !cut);
        copy_crash(&c, n);
        pair_check_audit(name, &c, false);
        copy_open(&c);
        pair_check(name, &c);
        for (size_t i = 0; !cut && i < ARRAY_LEN(part); i++) {
            struct hash stored = hash_of(part[i]);
            CHECK_CASE(name, parts_have(journal_parts(c.journal), &stored));
        }
        copy_free(&c);
        if (n > 0 && !cut)
            break;
    }
    pair_close(&p);
}

/* Lines of witnesses are put behind the log's, and cut off. */
static void test_put_lines(void **state)
{
    static const uint64_t one[] = {8};
    struct pair p;
    struct audit_result result;
    bool met = false, cut = true;
    (void)state;

    pair_open(&p, one, 1);
    for (uint64_t n = 1; cut; n++) {
        struct copy c;
        struct err err = {0};
        char name[32];

        snprintf(name, sizeof name, "step %" PRIu64, n);
        copy_new(&c, &p, n);
        copy_open(&c);
        must_advance_all(name, &c);
        disk_sim_fail_after(c.disk, disk_sim_operations(c.disk) + n);
        cut = !journal_put_lines(c.journal, p.head[0].note, &err);
        copy_crash(&c, n);
        const struct audit_options options = {.disk = c.disk};
        CHECK_CASE(name, audit_run(&result, &options, &err) && result.ok);
        met = met || result.to_recover;
        copy_open(&c);
        pair_check(name, &c);
        copy_free(&c);
    }
    assert_true(met); /* a checkpoint not finished was among them */
    pair_close(&p);
}

/* Terms: log.vkey lists those that the checkpoint knows of. */

static size_t keys_there(struct copy *c)
{
    static struct log_keys keys;
    struct err err = {0};

    if (log_keys_read(&keys, c->disk, &err))
        return keys.count;
    assert_int_equal(err.kind, ERR_MISSING);
    return 0;
}

static void test_next_term(void **state)
{
    struct pair p;
    struct copy c;
    struct note_signer next, other;
    struct follow *follow;
    struct err err = {0};
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    world_key(p.w, &next, WORLD_NAME "/term/2");
    world_key(p.w, &other, WORLD_NAME "/term/2");
    struct note_key key = note_signer_key(&next), another = note_signer_key(&other);
    copy_new(&c, &p, 1);
    copy_open(&c);
    assert_true(advance(&c, &p.head[0], &err));
    assert_true(follow_term(c.journal, &key, &err) && follow_term(c.journal, &key, &err));
    assert_false(follow_term(c.journal, &another, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_int_equal(journal_keys(c.journal)->count, 2);
    assert_int_equal(keys_there(&c), 1);
    /* Still of the old term, as long as nothing of the new one is here. */
    assert_true(advance(&c, &p.head[1], &err));
    p.head[2].note = sign_head(&p.head[2].checkpoint, &next);
    if (!advance(&c, &p.head[2], &err))
        fail_msg("%s", err.text);
    assert_false(follow_begin(&follow, c.journal, p.head[3].note, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_non_null(strstr(err.text, "term of " WORLD_NAME "/term/1 has ended"));

    assert_true(log_keys_read(&p.keys, c.disk, &err));
    assert_int_equal(p.keys.count, 2);
    copy_crash(&c, 1);
    copy_open(&c);
    assert_int_equal(copy_size(&c), 255);
    assert_int_equal(journal_keys(c.journal)->count, 2);
    copy_free(&c);
    pair_close(&p);
}

/* The step to a new term, cut off anywhere. */
static void test_next_term_cut_off(void **state)
{
    struct pair p;
    struct note_signer next;
    bool old = false, new = false;
    (void)state;

    pair_open(&p, sizes, 2);
    world_key(p.w, &next, WORLD_NAME "/term/2");
    struct note_key key = note_signer_key(&next);
    const struct log_keys first = p.keys;
    p.head[1].note = sign_head(&p.head[1].checkpoint, &next);
    for (uint64_t n = 1; !new; n++) {
        struct copy c;
        struct err err = {0};
        char name[32];

        snprintf(name, sizeof name, "step %" PRIu64, n);
        p.keys = first;
        copy_new(&c, &p, n);
        copy_open(&c);
        CHECK_CASE(name, advance(&c, &p.head[0], &err) && follow_term(c.journal, &key, &err));
        disk_sim_fail_after(c.disk, disk_sim_operations(c.disk) + n);
        new = advance(&c, &p.head[1], &err);
        copy_crash(&c, n);
        CHECK_CASE(name, log_keys_read(&p.keys, c.disk, &err));
        old = old || p.keys.count == 1;
        copy_open(&c);
        CHECK_CASE(name, copy_size(&c) == 8 || copy_size(&c) == 30);
        CHECK_CASE(name, keys_there(&c) == (copy_size(&c) == 8 ? 1 : 2));
        CHECK_CASE(name, journal_keys(c.journal)->count == keys_there(&c));
        CHECK_CASE(name, follow_term(c.journal, &key, &err) && advance_all(&c, &err));
        CHECK_CASE(name, keys_there(&c) == 2);
        copy_free(&c);
    }
    assert_true(old);
    pair_close(&p);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_growing),         cmocka_unit_test(test_every_step),
    cmocka_unit_test(test_seeds),           cmocka_unit_test(test_abandoned),
    cmocka_unit_test(test_refused),         cmocka_unit_test(test_another_entry_0),
    cmocka_unit_test(test_nothing_else_in), cmocka_unit_test(test_staged_entries),
    cmocka_unit_test(test_late_parts),      cmocka_unit_test(test_put_lines),
    cmocka_unit_test(test_next_term),       cmocka_unit_test(test_next_term_cut_off),
};
RUN_TESTS(tests)
