#include "sync/outbox.h"

#include "base/limits.h"
#include "base/test.h"
#include "sync/outbox_world.h"

#include <pthread.h>

/* What is put is there, once, in its order, and after a restart; and what is damaged is told. */

static struct outbox_world *opened(uint64_t seed)
{
    struct outbox_world *w = outbox_world_new(seed);
    struct err err = {0};

    if (!outbox_world_open(w, &err))
        fail_msg("%s", err.text);
    return w;
}

static void reopen(struct outbox_world *w)
{
    struct err err = {0};

    if (!outbox_world_open(w, &err))
        fail_msg("%s", err.text);
}

static void put(struct outbox_world *w, struct submission submission)
{
    struct err err = {0};

    if (!outbox_put(w->outbox, &submission, 1, w->now_ms, &err))
        fail_msg("%s", err.text);
}

static size_t listed(struct outbox_world *w, const struct outbox_item **out)
{
    size_t count;

    outbox_list(w->outbox, 0, SIZE_MAX, out, &count, &w->arena);
    return count;
}

static size_t damaged(struct outbox_world *w, const struct outbox_damage **out)
{
    size_t count;

    outbox_damaged(w->outbox, out, &count, &w->arena);
    return count;
}

static void test_put(void **state)
{
    struct outbox_world *w = opened(1);
    struct submission three[3] = {outbox_world_any(w, 0), outbox_world_any(w, 1),
                                  outbox_world_with_part(w, outbox_world_any(w, 0), "a part")};
    const struct outbox_item *item;
    struct outbox_offer *offer;
    struct err err = {0};
    (void)state;

    assert_true(outbox_put(w->outbox, three, 3, w->now_ms, &err));
    for (unsigned opened_again = 0; opened_again < 2; opened_again++) {
        assert_int_equal(listed(w, &item), 3);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(item[i].number, i + 1);
            assert_string_equal(item[i].id, outbox_world_id(w, &three[i]));
            assert_string_equal(item[i].kind, "incident.open");
            assert_string_equal(item[i].by, i == 1 ? "people/1" : "people/0");
            assert_int_equal(item[i].seq, i == 2 ? 2 : 1);
            assert_int_equal(item[i].since_ms, WORLD_START_MS);
            assert_int_equal(item[i].state, OUTBOX_WAITING);
            assert_string_equal(item[i].reason, "");
        }
        assert_int_equal(outbox_next(w->outbox, 10, 1 << 20, w->now_ms, &offer, &w->arena), 3);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(offer[i].number, i + 1);
            assert_true(span_equal(offer[i].submission.note, three[i].note));
            assert_int_equal(offer[i].submission.part_count, three[i].part_count);
        }
        assert_true(span_is(offer[2].submission.part[0], "a part"));
        w->now_ms += 1000;
        reopen(w);
    }
    outbox_world_free(w);
}

static void test_list_pages(void **state)
{
    struct outbox_world *w = opened(1);
    const struct outbox_item *item;
    size_t count;
    (void)state;

    for (unsigned i = 0; i < 5; i++)
        put(w, outbox_world_any(w, 0));
    outbox_list(w->outbox, 2, 2, &item, &count, &w->arena);
    assert_int_equal(count, 2);
    assert_int_equal(item[0].number, 3);
    assert_int_equal(item[1].number, 4);
    outbox_list(w->outbox, 5, 2, &item, &count, &w->arena);
    assert_int_equal(count, 0);
    outbox_world_free(w);
}

/* Whether the bytes stand in any file here. */
static bool stands(struct outbox_world *w, struct span bytes)
{
    struct disk_entry *entry;
    struct span file;
    size_t count;
    struct err err = {0};
    bool found = false;

    assert_true(disk_list(w->disk, "outbox", &entry, &count, &w->arena, &err));
    for (size_t i = 0; i < count; i++) {
        assert_true(disk_read(w->disk, entry[i].path, SIZE_MAX, &file, &w->arena, &err));
        found = found || memmem(file.at, file.len, bytes.at, bytes.len);
    }
    return found;
}

static void test_erase(void **state)
{
    static const struct {
        const char *name;
        unsigned which; /* of the parts below */
        bool held;
        size_t left; /* parts of the first record */
    } cases[] = {
        {"a small one", 0, true, 1},
        {"a large one", 1, true, 1},
        {"the other record's", 2, true, 2},
        {"nobody's", 3, false, 2},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct outbox_world *w = opened(i);
        struct span part[4] = {SPAN_LIT("a small part"),
                               span_make(NULL, LIMIT_SMALL_PART_BYTES + 9),
                               SPAN_LIT("one of another"), SPAN_LIT("that is not here")};
        uint8_t *large = arena_alloc(&w->arena, part[1].len);
        struct submission one = outbox_world_any(w, 0), other = outbox_world_any(w, 1), got;
        struct outbox_status before, after;
        struct err err = {0};
        bool held;

        memset(large, 'L', part[1].len);
        part[1].at = large;
        one.part = part;
        one.part_count = 2;
        other.part = &part[2];
        other.part_count = 1;
        put(w, one);
        put(w, other);
        struct hash stored = hash_of(part[cases[i].which]);
        outbox_status(w->outbox, &before);
        CHECK_CASE(cases[i].name, outbox_erase(w->outbox, &stored, &held, &err));
        CHECK_CASE(cases[i].name, held == cases[i].held);
        for (unsigned again = 0; again < 2; again++) {
            const struct outbox_damage *damage;

            outbox_status(w->outbox, &after);
            CHECK_CASE(cases[i].name, before.bytes - after.bytes ==
                                          (held ? part[cases[i].which].len + sizeof(uint32_t) : 0));
            CHECK_CASE(cases[i].name, outbox_get(w->outbox, 1, &got, &w->arena));
            CHECK_CASE(cases[i].name, span_equal(got.note, one.note));
            CHECK_CASE(cases[i].name, got.part_count == cases[i].left);
            for (unsigned n = 0; n < 3; n++)
                CHECK_CASE(cases[i].name, stands(w, part[n]) == (n != cases[i].which));
            CHECK_CASE(cases[i].name, damaged(w, &damage) == 0);
            reopen(w);
        }
        outbox_world_free(w);
    }
}

/* Cut off anywhere: the part is there whole, or gone; the other record is there; what is damaged is
 * told. */
static void test_erase_cut_off(void **state)
{
    const struct span part = SPAN_LIT("a part to be destroyed");
    unsigned whole = 0, gone = 0, cut = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 40; seed++) {
        struct outbox_world *w = opened(seed);
        struct submission one =
            outbox_world_with_part(w, outbox_world_any(w, 0), "a part to be destroyed");
        struct hash stored = hash_of(part);
        const struct outbox_damage *damage;
        const struct outbox_item *item;
        struct err err = {0};
        bool held;

        put(w, one);
        put(w, outbox_world_any(w, 1));
        disk_sim_fail_after(w->disk, disk_sim_operations(w->disk) + 1 + seed % 6);
        bool ok = outbox_erase(w->outbox, &stored, &held, &err);
        outbox_close(w->outbox);
        w->outbox = NULL;
        struct disk *after = disk_sim_crash(w->disk, seed);
        disk_close(w->disk);
        w->disk = after;
        reopen(w);
        size_t told = damaged(w, &damage);
        assert_true(listed(w, &item) + told == 2);
        assert_true(!ok || (told == 0 && !stands(w, part)));
        whole += stands(w, part);
        gone += !stands(w, part);
        cut += told;
        outbox_world_free(w);
    }
    assert_true(whole > 3 && gone > 3 && cut > 0);
}

/* What adds nothing is here already. */
static void test_once(void **state)
{
    struct outbox_world *w = outbox_world_new(1);
    const struct submission plain = outbox_world_any(w, 0), other = outbox_world_any(w, 0),
                            one = outbox_world_with_part(w, plain, "one"),
                            two = outbox_world_with_part(w, plain, "two");
    const struct {
        const char *name;
        struct submission first, second;
        size_t here;
    } cases[] = {
        {"the same", plain, plain, 1},
        {"the same with its part", one, one, 1},
        {"without the part that is here", one, plain, 1},
        {"another record", plain, other, 2},
        {"with a part that was missing", plain, one, 2},
        {"with another part", one, two, 2},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct outbox_item *item;
        struct submission both[2] = {cases[i].first, cases[i].second};
        struct err err = {0};

        for (unsigned how = 0; how < 3; how++) { /* one by one, at once, after a restart */
            disk_close(w->disk);
            assert_true(disk_sim_open(&w->disk, i));
            reopen(w);
            CHECK_CASE(cases[i].name, outbox_put(w->outbox, both, how == 1 ? 2 : 1, 7, &err));
            if (how == 2)
                reopen(w);
            CHECK_CASE(cases[i].name, outbox_put(w->outbox, &both[1], 1, 8, &err));
            CHECK_CASE(cases[i].name, listed(w, &item) == cases[i].here);
            CHECK_CASE(cases[i].name, item[0].since_ms == 7);
            outbox_close(w->outbox);
            w->outbox = NULL;
        }
    }
    outbox_world_free(w);
}

/* All of it or nothing. */
static void test_refused(void **state)
{
    struct outbox_world *w = outbox_world_new(1);
    const struct submission a = outbox_world_any(w, 0), b = outbox_world_any(w, 0),
                            c = outbox_world_any(w, 0), bad = {.note = SPAN_LIT("no record")};
    const struct {
        const char *name;
        struct outbox_options limits;
        struct submission put[3];
        size_t count;
        enum err_kind fault;
        const char *says;
    } cases[] = {
        {"none", {0}, {a}, 0, ERR_NONE, ""},
        {"as many as may wait", {.records = 3}, {a, b, c}, 3, ERR_NONE, ""},
        {"the same counts once", {.records = 1}, {a}, 1, ERR_NONE, ""},
        {"one too many", {.records = 2}, {a, b, c}, 3, ERR_LIMIT, "3 records would wait"},
        {"bytes enough", {.bytes = 2000}, {a}, 1, ERR_NONE, ""},
        {"too many bytes", {.bytes = 1000}, {a, b, c}, 3, ERR_LIMIT, "at most 1000 may"},
        {"no record", {0}, {bad}, 1, ERR_REFUSED, "record 1 of 1"},
        {"no record among good ones", {0}, {a, b, bad}, 3, ERR_REFUSED, "record 3 of 3"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct outbox_options options = cases[i].limits;
        const struct outbox_item *item;
        struct outbox_status status;
        struct err err = {0};

        disk_close(w->disk);
        assert_true(disk_sim_open(&w->disk, i));
        options.disk = w->disk;
        assert_true(outbox_open(&w->outbox, &options, w->now_ms, &err));
        bool ok = outbox_put(w->outbox, cases[i].put, cases[i].count, w->now_ms, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault == ERR_NONE));
        CHECK_CASE(cases[i].name, ok || err.kind == cases[i].fault);
        CHECK_CASE(cases[i].name, ok || strstr(err.text, cases[i].says));
        CHECK_CASE(cases[i].name, listed(w, &item) == (ok ? cases[i].count : 0));
        /* What is here may be put again, be it full. */
        CHECK_CASE(cases[i].name,
                   !ok || outbox_put(w->outbox, cases[i].put, cases[i].count, w->now_ms, &err));
        outbox_status(w->outbox, &status);
        CHECK_CASE(cases[i].name, status.state[OUTBOX_WAITING] == (ok ? cases[i].count : 0));
        outbox_close(w->outbox);
        w->outbox = NULL;
    }
    outbox_world_free(w);
}

/* --- the end of a chain --- */

/* Signed by one key under the name of another. */
static struct submission forged(struct outbox_world *w, unsigned as, uint64_t seq)
{
    struct note_signer kept = w->key[as].signer;
    uint64_t kept_seq = w->key[as].seq;
    char kept_prev[65];

    memcpy(kept_prev, w->key[as].prev, sizeof kept_prev);
    w->key[as].signer.secret = w->key[3].signer.secret;
    w->key[as].seq = seq - 1;
    struct submission out = outbox_world_any(w, as);
    w->key[as].signer = kept;
    w->key[as].seq = kept_seq;
    memcpy(w->key[as].prev, kept_prev, sizeof kept_prev);
    return out;
}

static void test_last(void **state)
{
    struct outbox_world *w = opened(1);
    struct note_key key[3];
    struct outbox_last last;
    struct err err = {0};
    (void)state;

    for (unsigned i = 0; i < 3; i++)
        key[i] = note_signer_key(&w->key[i].signer);
    struct submission first = outbox_world_any(w, 0), second = outbox_world_any(w, 0),
                      third = outbox_world_any(w, 0);
    put(w, third); /* carried, in whatever order */
    put(w, first);
    put(w, second);
    put(w, outbox_world_any(w, 1));
    put(w, forged(w, 0, 9));
    put(w, forged(w, 0, 3));
    put(w, forged(w, 2, LIMIT_INTEGER));

    for (unsigned opened_again = 0; opened_again < 2; opened_again++) {
        assert_true(outbox_last(w->outbox, &key[0], &last, &err));
        assert_int_equal(last.seq, 3);
        assert_string_equal(last.id, outbox_world_id(w, &third));
        assert_true(outbox_last(w->outbox, &key[1], &last, &err));
        assert_int_equal(last.seq, 1);
        assert_string_equal(last.id, w->key[1].prev);
        assert_true(outbox_last(w->outbox, &key[2], &last, &err));
        assert_int_equal(last.seq, 0);
        assert_string_equal(last.id, "");
        reopen(w);
    }
    outbox_world_free(w);
}

/* A chain is not continued before a record that cannot be read. */
static void test_last_damaged(void **state)
{
    struct outbox_world *w = opened(1);
    struct note_key key = note_signer_key(&w->key[0].signer);
    const struct outbox_damage *damage;
    struct outbox_last last = {.seq = 99};
    struct err err = {0};
    (void)state;

    put(w, outbox_world_any(w, 0));
    put(w, outbox_world_any(w, 0));
    disk_sim_rot(w->disk, "outbox/0000000000000002", 1000); /* since it was opened */
    assert_false(outbox_last(w->outbox, &key, &last, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_non_null(strstr(err.text, "outbox/0000000000000002 is damaged"));
    assert_int_equal(last.seq, 99);
    reopen(w);
    assert_false(outbox_last(w->outbox, &key, &last, &err));
    assert_int_equal(damaged(w, &damage), 1);
    assert_true(outbox_drop(w->outbox, damage[0].number, &err));
    assert_true(outbox_last(w->outbox, &key, &last, &err));
    assert_int_equal(last.seq, 1);
    reopen(w);
    assert_int_equal(damaged(w, &damage), 0);
    outbox_world_free(w);
}

/* --- damage --- */

static void write_file(struct outbox_world *w, const char *path, struct span bytes)
{
    struct err err = {0};

    assert_true(disk_replace(w->disk, path, bytes, true, &err));
}

static struct span read_file(struct outbox_world *w, const char *path)
{
    struct span out = {0};
    struct err err = {0};

    if (!disk_read(w->disk, path, 1 << 20, &out, &w->arena, &err))
        assert_int_equal(err.kind, ERR_MISSING);
    return out;
}

#define PATH(n) "outbox/000000000000000" #n

/* Something happened to the second of three: the others are as they were, nothing is removed,
 * and the next number is behind all. */
static void test_damage(void **state)
{
    static const struct {
        const char *name;
        const char *path, *bytes; /* NULL: one bit of the file turns */
        const char *why;
        size_t here;
        uint64_t next;
        bool record;
    } cases[] = {
        {"a record rots", PATH(2), NULL, "", 2, 4, true},
        {"a record is cut to nothing", PATH(2), "", "at byte 0", 2, 4, true},
        {"a record is something else", PATH(2), "hello", "at byte 0", 2, 4, true},
        {"a promise rots", PATH(2) ".promise", "hello", "", 3, 4, false},
        {"a refusal rots", PATH(2) ".refusal", "hello", "", 3, 4, false},
        {"a promise for none", PATH(7) ".promise", "hello", "not here", 3, 8, false},
        {"a refusal of none", PATH(7) ".refusal", "hello", "not here", 3, 8, false},
        {"a copy that somebody made", PATH(2) ".bak", "hello", "no file of", 3, 4, false},
        {"a short number", "outbox/2", "hello", "no file of", 3, 4, false},
        {"number 0", PATH(0), "hello", "no file of", 3, 4, false},
        {"a word", "outbox/readme.txt.and.more", "hello", "no file of", 3, 4, false},
        {"a sign", "outbox/+000000000000002", "hello", "no file of", 3, 4, false},
        {"a directory", PATH(2) ".d/x", "hello", "no file of", 3, 4, false},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct outbox_world *w = opened(i);
        const struct outbox_damage *damage;
        const struct outbox_item *item;

        for (unsigned n = 0; n < 3; n++)
            put(w, outbox_world_any(w, n));
        if (cases[i].bytes)
            write_file(w, cases[i].path, span_of(cases[i].bytes));
        else
            disk_sim_rot(w->disk, cases[i].path, 999);
        struct span before = read_file(w, cases[i].path);
        reopen(w);
        CHECK_CASE(cases[i].name, damaged(w, &damage) == 1);
        CHECK_CASE(cases[i].name, strcmp(damage->path, cases[i].path) == 0);
        CHECK_CASE(cases[i].name, damage->is_record == cases[i].record);
        CHECK_CASE(cases[i].name, damage->why[0] && strstr(damage->why, cases[i].why));
        CHECK_CASE(cases[i].name, span_equal(before, read_file(w, cases[i].path)));
        CHECK_CASE(cases[i].name, listed(w, &item) == cases[i].here);
        for (size_t n = 0; n < cases[i].here; n++)
            CHECK_CASE(cases[i].name, item[n].state == OUTBOX_WAITING);
        put(w, outbox_world_any(w, 3));
        CHECK_CASE(cases[i].name, listed(w, &item) == cases[i].here + 1);
        CHECK_CASE(cases[i].name, item[cases[i].here].number == cases[i].next);
        outbox_world_free(w);
    }
}

/* It rots while the outbox is open. */
static void test_damage_when_offered(void **state)
{
    struct outbox_world *w = opened(1);
    const struct outbox_damage *damage;
    const struct outbox_item *item;
    struct outbox_offer *offer;
    (void)state;

    for (unsigned n = 0; n < 3; n++)
        put(w, outbox_world_any(w, n));
    disk_sim_rot(w->disk, PATH(2), 5);
    assert_int_equal(damaged(w, &damage), 0);
    assert_int_equal(outbox_next(w->outbox, 10, 1 << 20, w->now_ms, &offer, &w->arena), 2);
    assert_int_equal(offer[0].number, 1);
    assert_int_equal(offer[1].number, 3);
    assert_int_equal(damaged(w, &damage), 1);
    assert_string_equal(damage->path, PATH(2));
    assert_int_equal(listed(w, &item), 2);
    outbox_world_free(w);
}

static size_t unfinished(struct outbox_world *w)
{
    struct disk_entry *file;
    size_t count, found = 0;
    struct err err = {0};

    assert_true(disk_list(w->disk, "outbox", &file, &count, &w->arena, &err));
    for (size_t i = 0; i < count; i++)
        found += span_ends_with(span_of(file[i].path), span_of(DISK_UNFINISHED));
    return found;
}

/* A write that a crash cut off was never answered, and leaves nothing. */
static void test_unfinished(void **state)
{
    size_t seen = 0;
    (void)state;

    for (uint64_t step = 1; step <= 60; step++) {
        struct outbox_world *w = opened(step);
        struct submission second;
        const struct outbox_damage *damage;
        const struct outbox_item *item;
        struct err err = {0};

        put(w, outbox_world_any(w, 0));
        second = outbox_world_any(w, 0);
        disk_sim_fail_after(w->disk, disk_sim_operations(w->disk) + 1 + step % 6);
        bool ok = outbox_put(w->outbox, &second, 1, w->now_ms, &err);
        assert_true(ok || err.kind == ERR_IO);
        assert_int_equal(listed(w, &item), ok ? 2 : 1);
        struct disk *after = disk_sim_crash(w->disk, step);
        disk_close(w->disk);
        w->disk = after;
        seen += unfinished(w);
        reopen(w);
        assert_int_equal(unfinished(w), 0);
        assert_int_equal(damaged(w, &damage), 0);
        assert_in_range(listed(w, &item), ok ? 2 : 1, 2);
        outbox_world_free(w);
    }
    assert_true(seen > 0);
}

/* --- dropping --- */

static void test_drop(void **state)
{
    struct outbox_world *w = opened(1);
    struct submission a = outbox_world_any(w, 0), b = outbox_world_any(w, 1),
                      c = outbox_world_any(w, 2);
    struct answer promise = outbox_world_promise(w, &b, 7), refusal = outbox_world_refusal(w, &c);
    const struct outbox_item *item;
    static const struct {
        const char *name;
        uint64_t number;
        enum err_kind fault;
    } cases[] = {
        {"none", 0, ERR_MISSING},           {"one that there never was", 9, ERR_MISSING},
        {"promised", 2, ERR_REFUSED},       {"waiting", 1, ERR_NONE},
        {"the same again", 1, ERR_MISSING}, {"refused", 3, ERR_NONE},
    };
    struct err err = {0};
    (void)state;

    put(w, a);
    put(w, b);
    put(w, c);
    assert_true(outbox_answered(w->outbox, 2, &promise, w->now_ms, &err));
    assert_true(outbox_answered(w->outbox, 3, &refusal, w->now_ms, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        err.kind = ERR_NONE;
        bool ok = outbox_drop(w->outbox, cases[i].number, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault == ERR_NONE));
        CHECK_CASE(cases[i].name, ok || err.kind == cases[i].fault);
    }
    reopen(w);
    assert_int_equal(listed(w, &item), 1);
    assert_int_equal(item[0].number, 2);
    assert_int_equal(read_file(w, PATH(3) ".refusal").len, 0);
    put(w, c); /* it may come again, and nothing is known of it */
    assert_int_equal(listed(w, &item), 2);
    assert_int_equal(item[1].state, OUTBOX_WAITING);
    outbox_world_free(w);
}

/* --- what is shown --- */

static void test_status(void **state)
{
    struct outbox_world *w = opened(1);
    struct outbox_status status;
    const struct outbox_item *item;
    struct err err = {0};
    uint64_t bytes = 0;
    (void)state;

    outbox_status(w->outbox, &status);
    assert_int_equal(status.oldest_ms, 0);
    assert_int_equal(status.bytes, 0);
    for (unsigned n = 0; n < 4; n++) {
        struct submission one = outbox_world_any(w, n);
        struct answer promise = outbox_world_promise(w, &one, 7),
                      refusal = outbox_world_refusal(w, &one);

        put(w, one);
        w->now_ms += 1000;
        assert_true(n != 1 || outbox_answered(w->outbox, n + 1, &promise, w->now_ms, &err));
        assert_true(n != 2 || outbox_answered(w->outbox, n + 1, &refusal, w->now_ms, &err));
    }
    write_file(w, "outbox/x", SPAN_LIT(""));
    reopen(w);
    assert_int_equal(listed(w, &item), 4);
    for (size_t i = 0; i < 4; i++)
        bytes += item[i].bytes;
    assert_int_equal(item[1].index, 7);
    assert_string_equal(item[2].reason, "unknown key");
    outbox_status(w->outbox, &status);
    assert_int_equal(status.state[OUTBOX_WAITING], 2);
    assert_int_equal(status.state[OUTBOX_PROMISED], 1);
    assert_int_equal(status.state[OUTBOX_REFUSED], 1);
    assert_int_equal(status.state[OUTBOX_LOGGED], 0);
    assert_int_equal(status.damaged, 1);
    assert_int_equal(status.bytes, bytes);
    assert_int_equal(status.oldest_ms, WORLD_START_MS);
    for (enum outbox_state i = OUTBOX_WAITING; i <= OUTBOX_LOGGED; i++)
        assert_true(outbox_state_word(i)[0] >= 'a');
    outbox_world_free(w);
}

/* Each of six was offered at the start, or not, and something was said to it, or not. */
static void test_overdue(void **state)
{
    struct outbox_world *w = opened(1);
    struct outbox_overdue overdue[32];
    struct outbox_offer *offer;
    struct submission one[6];
    struct err err = {0};
    (void)state;

    for (unsigned n = 0; n < 6; n++) {
        one[n] = outbox_world_any(w, n % WORLD_KEYS);
        put(w, one[n]);
    }
    assert_int_equal(outbox_next(w->outbox, 5, 1 << 20, w->now_ms, &offer, &w->arena), 5);
    assert_int_equal(outbox_overdue(w->outbox, w->now_ms + 60000, 60000, overdue, 32), 0);
    outbox_offered(w->outbox, offer, 5, w->now_ms);
    outbox_offered(w->outbox, offer, 5, w->now_ms + 5000); /* the first attempt counts */
    assert_int_equal(outbox_overdue(w->outbox, w->now_ms + 59999, 60000, overdue, 32), 0);
    assert_int_equal(outbox_overdue(w->outbox, w->now_ms - 90000, 60000, overdue, 32), 0);
    assert_int_equal(outbox_overdue(w->outbox, w->now_ms + 60000, 60000, overdue, 32), 5);
    assert_int_equal(outbox_overdue(w->outbox, w->now_ms + 60000, 60000, overdue, 3), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(overdue[i].id, outbox_world_id(w, &one[i]));
        assert_int_equal(overdue[i].since_ms, w->now_ms);
    }

    /* A promise is no entry; a refusal that nobody signed is no answer. */
    struct answer promise = outbox_world_promise(w, &one[0], 7),
                  refusal = outbox_world_refusal(w, &one[1]), unsigned_refusal = refusal,
                  later = {.kind = ANSWER_LATER, .later_ms = 1000};
    unsigned_refusal.refusal = (struct span){0};
    assert_true(outbox_answered(w->outbox, 1, &promise, w->now_ms, &err));
    assert_true(outbox_answered(w->outbox, 2, &refusal, w->now_ms, &err));
    assert_true(outbox_answered(w->outbox, 3, &unsigned_refusal, w->now_ms, &err));
    assert_true(outbox_answered(w->outbox, 4, &later, w->now_ms, &err));
    assert_int_equal(outbox_overdue(w->outbox, w->now_ms + 60000, 60000, overdue, 32), 4);
    assert_string_equal(overdue[0].id, outbox_world_id(w, &one[0]));
    assert_string_equal(overdue[1].id, outbox_world_id(w, &one[2]));
    assert_string_equal(overdue[2].id, outbox_world_id(w, &one[3]));
    assert_string_equal(overdue[3].id, outbox_world_id(w, &one[4]));

    /* The same record, here twice, is named once. */
    put(w, outbox_world_with_part(w, one[4], "a part"));
    assert_int_equal(outbox_next(w->outbox, 9, 1 << 20, w->now_ms, &offer, &w->arena), 3);
    outbox_offered(w->outbox, offer, 3, w->now_ms);
    assert_int_equal(outbox_overdue(w->outbox, w->now_ms + 60000, 60000, overdue, 32), 5);
    outbox_world_free(w);
}

/* Several put at a time, while others offer, answer and look. */

enum { PUTTERS = 3, EACH = 150 };

struct putter {
    pthread_t thread;
    struct outbox *outbox;
    struct submission record[EACH];
    bool ok;
};

static void *put_all(void *context)
{
    struct putter *putter = context;
    struct err err = {0};

    putter->ok = true;
    for (size_t i = 0; i < EACH; i += 5)
        putter->ok = putter->ok && outbox_put(putter->outbox, &putter->record[i], 5, 7, &err);
    return NULL;
}

static void test_threads(void **state)
{
    struct outbox_world *w = opened(1);
    struct putter *putter = ARENA_ARRAY(&w->arena, struct putter, PUTTERS);
    const struct outbox_item *item;
    struct outbox_status status;
    uint64_t seq[PUTTERS] = {0};
    struct err err = {0};
    size_t promised = 0, rounds = 0;
    (void)state;

    for (unsigned i = 0; i < PUTTERS; i++) {
        putter[i].outbox = w->outbox;
        for (size_t n = 0; n < EACH; n++)
            putter[i].record[n] = outbox_world_any(w, i);
    }
    for (unsigned i = 0; i < PUTTERS; i++)
        assert_int_equal(pthread_create(&putter[i].thread, NULL, put_all, &putter[i]), 0);
    while (promised < PUTTERS * EACH) {
        struct outbox_offer *offer;

        assert_true(++rounds < 1000000);
        size_t count = outbox_next(w->outbox, 20, 1 << 20, w->now_ms, &offer, &w->arena);

        for (size_t i = 0; i < count; i++, promised++) {
            struct answer answer = outbox_world_promise(w, &offer[i].submission, promised);
            assert_true(outbox_answered(w->outbox, offer[i].number, &answer, w->now_ms, &err));
        }
        outbox_status(w->outbox, &status);
        assert_true(status.state[OUTBOX_PROMISED] == promised);
    }
    for (unsigned i = 0; i < PUTTERS; i++) {
        assert_int_equal(pthread_join(putter[i].thread, NULL), 0);
        assert_true(putter[i].ok);
    }
    assert_int_equal(listed(w, &item), PUTTERS * EACH);
    for (size_t i = 0; i < PUTTERS * EACH; i++) {
        assert_int_equal(item[i].state, OUTBOX_PROMISED);
        assert_int_equal(item[i].seq, ++seq[item[i].by[strlen("people/")] - '0']);
    }
    outbox_world_free(w);
}

/* One that holds more than may be put, as after a log was set aside: all of it is there and goes
 * out, and no more comes in until it has. */
static void test_fuller_than_full(void **state)
{
    struct outbox_world *w = outbox_world_new(1);
    struct outbox_options options = {.disk = w->disk, .records = SIZE_MAX, .bytes = UINT64_MAX};
    struct submission more = outbox_world_any(w, 0);
    struct outbox_offer *offer;
    struct err err = {0};
    (void)state;

    assert_true(outbox_open(&w->outbox, &options, w->now_ms, &err));
    for (unsigned i = 0; i < 5; i++) {
        struct submission one = outbox_world_any(w, 1);

        assert_true(outbox_put(w->outbox, &one, 1, w->now_ms, &err));
    }
    outbox_close(w->outbox);
    options.records = 3;
    assert_true(outbox_open(&w->outbox, &options, w->now_ms, &err));
    assert_int_equal(outbox_next(w->outbox, 9, 1 << 20, w->now_ms, &offer, &w->arena), 5);
    assert_false(outbox_put(w->outbox, &more, 1, w->now_ms, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    for (uint64_t n = 1; n <= 3; n++)
        assert_true(outbox_drop(w->outbox, n, &err));
    assert_true(outbox_put(w->outbox, &more, 1, w->now_ms, &err));
    outbox_world_free(w);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_fuller_than_full),
    cmocka_unit_test(test_erase),
    cmocka_unit_test(test_erase_cut_off),
    cmocka_unit_test(test_put),
    cmocka_unit_test(test_list_pages),
    cmocka_unit_test(test_once),
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_last),
    cmocka_unit_test(test_last_damaged),
    cmocka_unit_test(test_damage),
    cmocka_unit_test(test_damage_when_offered),
    cmocka_unit_test(test_unfinished),
    cmocka_unit_test(test_drop),
    cmocka_unit_test(test_status),
    cmocka_unit_test(test_overdue),
    cmocka_unit_test(test_threads),
};
RUN_TESTS(tests)
