#include "sync/pull.h"

#include "base/test.h"
#include "journal/pair.h"
#include "sync/liar.h"

/* Pulling from those who tell the truth, and from those who do not. */

static bool pull_from(struct copy *c, const struct source *source, const struct head *head,
                      struct pull_result *out, struct err *err)
{
    *out = (struct pull_result){0};
    *err = (struct err){0};
    return pull_log(out, c->journal, source, head->note, err);
}

/* A copy of the log up to this head, straight from its keeper. */
static void copy_to(struct copy *c, struct pair *p, const struct head *head)
{
    struct source_disk from = {.disk = p->disk, .name = "the keeper"};
    const struct source source = source_of_disk(&from);
    struct pull_result result;
    struct err err;

    copy_new(c, p, 1);
    copy_open(c);
    if (!pull_from(c, &source, head, &result, &err))
        fail_msg("%s", err.text);
    source_disk_close(&from);
}

/* From size to size, some of them far. */
static void test_growing(void **state)
{
    static const struct {
        const char *name;
        uint64_t size[8]; /* 0: the end */
    } cases[] = {
        {"one by one", {1, 2, 3, 9}},
        {"around a bundle", {8, 255, 256, 257, 300}},
        {"bundle by bundle", {256, 512, 768}},
        {"all at once", {600}},
        {"into a second tile of tiles", {300, 65535, 65537}},
        {"over its end", {65536}},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct pair p;
        struct copy c;
        uint64_t before = 0;

        pair_open(&p, cases[i].size, 0);
        copy_new(&c, &p, 1);
        copy_open(&c);
        struct source_disk from = {.disk = p.disk, .name = "the keeper"};
        const struct source source = source_of_disk(&from);
        for (size_t n = 0; n < ARRAY_LEN(cases[i].size) && cases[i].size[n] > 0; n++) {
            struct pull_result result;
            struct err err;

            pair_grow(&p, cases[i].size[n]);
            source_disk_close(&from); /* there may be more parts */
            if (!pull_from(&c, &source, pair_last(&p), &result, &err))
                fail_msg("%s: %s", cases[i].name, err.text);
            CHECK_CASE(cases[i].name, result.entries == cases[i].size[n] - before);
            CHECK_CASE(cases[i].name, result.owed == 0);
            CHECK_CASE(cases[i].name, copy_size(&c) == cases[i].size[n]);
            before = cases[i].size[n];
        }
        pair_check(cases[i].name, &c);
        source_disk_close(&from);
        copy_free(&c);
        pair_close(&p);
    }
}

/* Lies. */

static bool is_part(const char *path)
{
    return strncmp(path, "parts/", 6) == 0;
}

/* One answer, spoiled in one way: the log stays as it was, and goes on from there. Where it was
 * a part, it is owed. */
static void lie_about(struct pair *p, const char *path, enum lie lie)
{
    static const enum err_kind kinds[LIES] = {
        [LIE_BIT] = ERR_MALFORMED,  [LIE_FIRST] = ERR_MALFORMED, [LIE_SHORT] = ERR_MALFORMED,
        [LIE_LONG] = ERR_MALFORMED, [LIE_EMPTY] = ERR_MALFORMED, [LIE_HALF] = ERR_MALFORMED,
        [LIE_ENDLESS] = ERR_LIMIT,  [LIE_MISSING] = ERR_MISSING, [LIE_MUTE] = ERR_IO,
    };
    const struct head *head = pair_last(p);
    struct source_disk from = {.disk = p->disk, .name = "the keeper"};
    struct liar liar = {.honest = source_of_disk(&from), .lie = lie, .path = path};
    const struct source source = liar_source(&liar);
    struct pull_result result;
    struct copy c;
    struct err err;
    char name[800];

    copy_to(&c, p, &p->head[0]);
    bool ok = pull_from(&c, &source, head, &result, &err);
    snprintf(name, sizeof name, "%.100s, lie %d: %s", path, (int)lie, err.text);
    CHECK_CASE(name, liar.lied && ok == is_part(path));
    CHECK_CASE(name, ok ? result.owed == 1 : err.kind == kinds[lie]);
    CHECK_CASE(name, copy_size(&c) == (ok ? head : &p->head[0])->checkpoint.size);
    pair_check(name, &c);
    if (!ok)
        CHECK_CASE(name, pull_from(&c, &liar.honest, head, &result, &err) && result.owed == 0);
    CHECK_CASE(name, copy_size(&c) == head->checkpoint.size);
    source_disk_close(&from);
    copy_free(&c);
}

/* What an honest source is asked for, in this order. */
static size_t list_requests(struct pair *p, char out[][LIAR_PATH], size_t room)
{
    struct source_disk from = {.disk = p->disk, .name = "the keeper"};
    size_t count = 0;
    bool asked = true;

    for (; asked; count++) {
        struct liar liar = {.honest = source_of_disk(&from), .lie = LIE_BIT, .at = count};
        const struct source source = liar_source(&liar);
        struct pull_result result;
        struct copy c;
        struct err err;

        copy_to(&c, p, &p->head[0]);
        (void)!pull_from(&c, &source, pair_last(p), &result, &err);
        asked = liar.lied;
        assert_true(count < room);
        memcpy(out[count], liar.about, LIAR_PATH);
        copy_free(&c);
    }
    source_disk_close(&from);
    return count - 1;
}

/* Every answer, spoiled in every way; but of parts, which are all alike, only the first. */
static void test_every_lie(void **state)
{
    static const uint64_t sizes[] = {40, 300};
    static char path[64][LIAR_PATH];
    struct pair p;
    size_t parts = 0;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    size_t count = list_requests(&p, path, ARRAY_LEN(path));
    for (size_t i = 0; i < count; i++) {
        parts += is_part(path[i]);
        for (int lie = LIE_NONE + 1; lie < LIES; lie++)
            if (!is_part(path[i]) || parts == 1 || lie == LIE_BIT)
                lie_about(&p, path[i], (enum lie)lie);
    }
    assert_true(parts > 10 && count - parts == 3);
    pair_close(&p);
}

/* Who says otherwise when asked again is not proof of two logs. */
static void test_lies_once(void **state)
{
    static const uint64_t sizes[] = {40, 300};
    struct pair p;
    bool lied = true;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    for (uint64_t at = 0; lied; at++) {
        struct source_disk from = {.disk = p.disk, .name = "the keeper"};
        struct liar liar = {
            .honest = source_of_disk(&from), .lie = LIE_BIT, .at = at, .once = true};
        const struct source source = liar_source(&liar);
        struct pull_result result;
        struct copy c;
        struct err err;
        char name[40];

        snprintf(name, sizeof name, "request %" PRIu64, at);
        copy_to(&c, &p, &p.head[0]);
        bool ok = pull_from(&c, &source, pair_last(&p), &result, &err);
        lied = liar.lied;
        CHECK_CASE(name, ok || err.kind == ERR_MALFORMED);
        CHECK_CASE(name, copy_size(&c) == (ok ? 300 : 40));
        pair_check(name, &c);
        source_disk_close(&from);
        copy_free(&c);
    }
    pair_close(&p);
}

/* Where a tile of the second level is full: the hashes that prove others. */
static void test_lies_above(void **state)
{
    static const uint64_t sizes[] = {300, 66000};
    static const struct {
        const char *path;
        enum lie lie;
        enum err_kind kind;
        const char *text;
    } cases[] = {
        {"tile/entries/257.p/208", LIE_BIT, ERR_MALFORMED, "not the root"},
        {"tile/entries/257.p/208", LIE_SHORT, ERR_MALFORMED, "ends before"},
        {"tile/entries/257.p/208", LIE_LONG, ERR_MALFORMED, "goes on"},
        {"tile/entries/257.p/208", LIE_ENDLESS, ERR_LIMIT, "at most"},
        {"tile/1/001.p/1", LIE_FIRST, ERR_MALFORMED, "not the root"},
        {"tile/1/001.p/1", LIE_LONG, ERR_MALFORMED, "length"},
        {"tile/1/001.p/1", LIE_ENDLESS, ERR_LIMIT, "at most"},
        {"tile/2/000.p/1", LIE_FIRST, ERR_MALFORMED, "not the root"},
        {"tile/2/000.p/1", LIE_MISSING, ERR_MISSING, "tile/2/000.p/1"},
        {"tile/1/000", LIE_FIRST, ERR_MALFORMED, "tile above"}, /* a hash of our own, changed */
        {"tile/1/000", LIE_BIT, ERR_MALFORMED, "tile above"},
        {"tile/1/000", LIE_HALF, ERR_MALFORMED, "length"},
        {"tile/1/000", LIE_MISSING, ERR_MISSING, "tile/1/000"},
        {"tile/entries/001", LIE_FIRST, ERR_MALFORMED, "ends before"}, /* 33,000 bytes long */
        {"tile/entries/001", LIE_BIT, ERR_MALFORMED, "not the entries"},
        {"tile/entries/001", LIE_LONG, ERR_MALFORMED, "goes on"},
        {"tile/entries/001", LIE_ENDLESS, ERR_LIMIT, "at most"},
        {"tile/entries/255", LIE_BIT, ERR_MALFORMED, "not the entries"},
        {"tile/entries/256", LIE_BIT, ERR_MALFORMED, "not the entries"},
    };
    struct pair p;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct source_disk from = {.disk = p.disk, .name = "the keeper"};
        struct liar liar = {
            .honest = source_of_disk(&from), .lie = cases[i].lie, .path = cases[i].path};
        const struct source source = liar_source(&liar);
        struct pull_result result;
        struct copy c;
        struct err err;
        char name[700];

        copy_to(&c, &p, &p.head[0]);
        bool ok = pull_from(&c, &source, pair_last(&p), &result, &err);
        snprintf(name, sizeof name, "%s, lie %d: %s", cases[i].path, (int)cases[i].lie, err.text);
        CHECK_CASE(name, !ok && liar.lied);
        CHECK_CASE(name, err.kind == cases[i].kind);
        CHECK_CASE(name, strstr(err.text, cases[i].text) != NULL);
        CHECK_CASE(name, copy_size(&c) == 300);
        pair_check(name, &c);
        source_disk_close(&from);
        copy_free(&c);
    }
    pair_close(&p);
}

/* The other log's first entries, as many as are here, lead to its root and are not ours. */
static bool proves_split(const struct pull_split *split, const struct pair *here,
                         const struct pair *other)
{
    const struct checkpoint *first = &here->head[0].checkpoint;
    const struct checkpoint *second = &pair_last(other)->checkpoint;

    return split->known && !hash_equal(split->root, first->root) &&
           merkle_verify_consistency(&split->path, first->size, second->size, split->root,
                                     second->root);
}

/* Two logs, signed by one key, that part at some entry. */
static void test_split(void **state)
{
    static const uint64_t sizes[] = {299, 310, 512, 600, 65536, 66000};
    static const struct {
        const char *name;
        uint64_t fork;
        size_t to; /* of the other log */
        bool split;
    } cases[] = {
        {"within our bundle, far behind", 20, 3, true},
        {"in the last entry that is ours", 298, 3, true},
        {"the same bundle", 298, 1, true},
        {"a bundle of ours that is full", 20, 1, true},
        {"to a full bundle", 20, 2, true},
        {"ours is a part of it", 298, 2, true},
        {"a tile above", 20, 4, true},
        {"a tile above, our last entry", 298, 5, true},
        {"the next entry after ours", 300, 1, false},
    };
    struct pair p;
    (void)state;

    pair_open(&p, sizes, 1);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct pair other;
        struct copy c;
        struct pull_result result = {0};
        struct err err;

        pair_open_fork(&other, sizes, cases[i].to + 1, cases[i].fork);
        struct source_disk from = {.disk = other.disk, .name = "the other"};
        const struct source source = source_of_disk(&from);
        copy_to(&c, &p, &p.head[0]);
        bool ok = pull_from(&c, &source, pair_last(&other), &result, &err);
        if (ok == cases[i].split || (!ok && err.kind != ERR_CONFLICT))
            fail_msg("%s: %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, ok || strstr(err.text, "two histories"));
        CHECK_CASE(cases[i].name, ok || copy_size(&c) == 299);
        CHECK_CASE(cases[i].name, ok || proves_split(&result.split, &p, &other));
        if (!ok)
            pair_check(cases[i].name, &c);

        /* Who shows another log, and that not whole, has shown nothing. */
        if (cases[i].split) {
            char path[TILE_PATH];
            const struct tile last = {TILE_ENTRIES, pair_last(&other)->checkpoint.size / TILE_WIDTH,
                                      pair_last(&other)->checkpoint.size % TILE_WIDTH};
            const struct tile above = {1, 0, (unsigned)(sizes[cases[i].to] / TILE_WIDTH)};
            tile_path(path, last.width > 0 ? last : above);
            struct liar liar = {.honest = source, .lie = LIE_BIT, .path = path};
            const struct source lying = liar_source(&liar);
            result = (struct pull_result){0};
            ok = pull_from(&c, &lying, pair_last(&other), &result, &err);
            CHECK_CASE(cases[i].name, !ok && liar.lied && err.kind == ERR_MALFORMED);
            CHECK_CASE(cases[i].name, copy_size(&c) == 299 && !result.split.known);
        }
        source_disk_close(&from);
        copy_free(&c);
        pair_close(&other);
    }
    pair_close(&p);
}

/* Notes. */

static void test_notes(void **state)
{
    static const uint64_t sizes[] = {30, 255, 300, 600};
    struct pair p, other;
    struct copy c;
    struct note_signer stranger;
    struct pull_result result;
    struct err err;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    pair_open_fork(&other, sizes, ARRAY_LEN(sizes), 20);
    copy_to(&c, &p, &p.head[2]);
    world_key(p.w, &stranger, WORLD_NAME "/term/1");
    struct checkpoint wrong = p.head[3].checkpoint, elsewhere = wrong;
    wrong.root.bytes[0] ^= 1;
    memcpy(elsewhere.origin, WORLD_NAME "/term/9", sizeof WORLD_NAME "/term/9");
    const struct {
        const char *name;
        struct span note;
        enum err_kind kind;
        const char *text;
    } cases[] = {
        {"the present one", p.head[2].note, ERR_USAGE, "300 entries are here already"},
        {"an earlier one", p.head[0].note, ERR_USAGE, "300 entries are here already"},
        {"the present size of another log", other.head[2].note, ERR_CONFLICT, "two histories"},
        {"an earlier size of another log", other.head[1].note, ERR_CONFLICT, "two histories"},
        {"signed by another", pair_sign(&p.head[3].checkpoint, &stranger, &arena), ERR_REFUSED,
         "not signed by the log's key"},
        {"another root", pair_sign(&wrong, &p.w->log, &arena), ERR_MALFORMED, "not the root"},
        {"of another log", pair_sign(&elsewhere, &p.w->log, &arena), ERR_MISSING, "term/9"},
        {"no note", SPAN_LIT("nothing"), ERR_MALFORMED, "no checkpoint"},
    };

    struct source_disk from = {.disk = p.disk, .name = "the keeper"};
    const struct source source = source_of_disk(&from);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct head head = {.note = cases[i].note};
        bool ok = pull_from(&c, &source, &head, &result, &err);

        if (ok || err.kind != cases[i].kind || !strstr(err.text, cases[i].text))
            fail_msg("%s: %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, copy_size(&c) == 300);
    }
    pair_check("after all", &c);
    assert_true(pull_from(&c, &source, &p.head[3], &result, &err));
    source_disk_close(&from);
    copy_free(&c);
    pair_close(&other);
    pair_close(&p);
}

/* Whose entry 0 names another agreement, the log's key having signed it all the same. */
static void test_another_log(void **state)
{
    static const uint64_t sizes[] = {8};
    struct pair p;
    struct copy c;
    struct pull_result result;
    struct note_signer ours;
    struct err err;
    (void)state;

    pair_open(&p, sizes, 1);
    world_key(p.w, &ours, WORLD_NAME "/term/1");
    p.keys.at[0] = note_signer_key(&ours);
    const struct head head = {.note = pair_sign(&p.head[0].checkpoint, &ours, &arena)};
    struct source_disk from = {.disk = p.disk, .name = "the keeper"};
    const struct source source = source_of_disk(&from);
    copy_new(&c, &p, 1);
    copy_open(&c);
    assert_false(pull_from(&c, &source, &head, &result, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_non_null(strstr(err.text, "entry 0"));
    assert_int_equal(copy_size(&c), 0);
    source_disk_close(&from);
    copy_free(&c);
    pair_close(&p);
}

/* Parts. */

/* A source without parts, and later with. */
static void test_parts_late(void **state)
{
    static const uint64_t sizes[] = {30, 600};
    struct pair p;
    struct copy c;
    struct pull_result first, late;
    struct err err = {0};
    uint64_t next = 99;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    struct source_disk from = {.disk = p.disk, .name = "the keeper"};
    struct disk *empty;
    assert_true(disk_sim_open(&empty, 1));
    struct source_disk nowhere = {.disk = empty, .name = "nowhere"};
    struct source source = source_of_disk(&from);
    const struct source none = source_of_disk(&nowhere);

    /* Its parts are looked through before any is there. */
    assert_true(parts_open_read(&from.parts, empty, &err));
    copy_new(&c, &p, 1);
    copy_open(&c);
    assert_true(pull_from(&c, &source, pair_last(&p), &first, &err));
    assert_int_equal(first.entries, 600);
    assert_int_equal(first.parts, 0);
    assert_true(first.owed > 30);
    pair_check("without parts", &c);

    assert_true(pull_parts(&late, &next, c.journal, &none, 0, &err));
    assert_int_equal(late.parts, 0);
    assert_int_equal(late.owed, first.owed);
    assert_int_equal(next, 600);
    source_disk_close(&from); /* now it finds them */
    assert_true(pull_parts(&late, &next, c.journal, &source, 300, &err));
    assert_true(late.parts > 0 && late.parts < first.owed && late.owed == 0);
    uint64_t half = late.parts;
    assert_true(pull_parts(&late, &next, c.journal, &source, 0, &err));
    assert_int_equal(late.parts, first.owed - half);
    assert_int_equal(next, 600);
    assert_true(pull_parts(&late, &next, c.journal, &source, next, &err));
    assert_int_equal(late.parts + late.owed, 0);
    assert_int_equal(next, 600);
    pair_check("with parts", &c);
    copy_crash(&c, 5);
    copy_open(&c);
    assert_true(pull_parts(&late, &next, c.journal, &none, 0, &err));
    assert_int_equal(late.owed, 0); /* they have stayed */
    source_disk_close(&from);
    source_disk_close(&nowhere);
    disk_close(empty);
    copy_free(&c);
    pair_close(&p);
}

/* Names of parts that nobody has do not keep anybody from the log, nor asking for ever. */

static struct span naming_parts(struct pair *p, unsigned seed)
{
    struct json body = json_object();
    struct err err = {0};
    struct span note;
    uint8_t salt[PART_SALT_BYTES] = {0};
    struct record_draft draft = {.agreement = SPAN_LIT(WORLD_NAME),
                                 .kind = "incident.open",
                                 .version = 1,
                                 .by = SPAN_LIT("obs/1"),
                                 .seq = 1,
                                 .prev = span_of(p->w->id),
                                 .seen_root = merkle_empty()};

    for (unsigned i = 0; i < 40; i++) {
        salt[0] = (uint8_t)i;
        memcpy(salt + 1, &seed, sizeof seed);
        part_make(&body, salt, SPAN_LIT("gone"), &arena);
    }
    json_set(&body, "title", json_text("x"), &arena);
    draft.body = body;
    const struct json *parts = json_get(&body, "parts");
    for (size_t i = 1; i < parts->array.count; i++) /* one without `media` a tier */
        json_set(&parts->array.at[i], "media", json_text("image/png"), &arena);
    assert_true(record_sign(&note, &draft, &p->w->author[0].signer, &arena, &err));
    return note;
}

static void test_parts_that_are_nowhere(void **state)
{
    static const uint64_t sizes[] = {30};
    struct pair p;
    struct copy c;
    struct tile_writer *writer;
    struct pull_result result;
    struct err err = {0};
    uint64_t next = 0;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    assert_true(tile_writer_open(&writer, p.disk, &p.edge, &err));
    for (unsigned i = 0; i < 20; i++) {
        const struct submission entry = {.note = naming_parts(&p, i)};
        pair_add(&p, writer, &entry);
    }
    assert_true(tile_writer_end(writer, &err));
    tile_writer_close(writer);
    pair_grow(&p, 55);

    struct source_disk from = {.disk = p.disk, .name = "the keeper"};
    struct liar liar = {.honest = source_of_disk(&from)};
    const struct source source = liar_source(&liar);
    copy_to(&c, &p, &p.head[0]);
    assert_true(pull_from(&c, &source, pair_last(&p), &result, &err));
    assert_int_equal(result.owed, 800);
    assert_true(liar.asked > 256 && liar.asked < 270);
    pair_check("owed", &c);
    uint64_t asked = 0, owed = 0;
    for (unsigned i = 0; i < 4; i++) {
        liar.asked = 0;
        assert_true(pull_parts(&result, &next, c.journal, &source, next, &err));
        assert_true(liar.asked <= 256);
        asked += liar.asked;
        owed += result.owed;
    }
    assert_int_equal(next, 55); /* all of them have been asked for */
    assert_int_equal(owed, 800);
    assert_true(asked >= 800);
    source_disk_close(&from);
    copy_free(&c);
    pair_close(&p);
}

/* Beside the power going while it pulls: what it is told is what it wrote. */
static void test_power_goes(void **state)
{
    static const uint64_t sizes[] = {300, 600};
    struct pair p;
    bool done = false;
    (void)state;

    pair_open(&p, sizes, ARRAY_LEN(sizes));
    struct source_disk from = {.disk = p.disk, .name = "the keeper"};
    const struct source source = source_of_disk(&from);
    for (uint64_t n = 1; !done; n++) {
        struct pull_result result;
        struct copy c;
        struct err err;
        char name[40];

        snprintf(name, sizeof name, "step %" PRIu64, n);
        copy_to(&c, &p, &p.head[0]);
        disk_sim_fail_after(c.disk, disk_sim_operations(c.disk) + n);
        done = pull_from(&c, &source, pair_last(&p), &result, &err);
        CHECK_CASE(name, done || err.kind == ERR_IO);
        copy_crash(&c, n);
        pair_check_audit(name, &c, false);
        copy_open(&c);
        if (copy_size(&c) == 300)
            CHECK_CASE(name, pull_from(&c, &source, pair_last(&p), &result, &err));
        CHECK_CASE(name, copy_size(&c) == 600);
        pair_check(name, &c);
        copy_free(&c);
    }
    source_disk_close(&from);
    pair_close(&p);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_growing),
    cmocka_unit_test(test_every_lie),
    cmocka_unit_test(test_lies_once),
    cmocka_unit_test(test_lies_above),
    cmocka_unit_test(test_split),
    cmocka_unit_test(test_notes),
    cmocka_unit_test(test_another_log),
    cmocka_unit_test(test_parts_late),
    cmocka_unit_test(test_parts_that_are_nowhere),
    cmocka_unit_test(test_power_goes),
};
RUN_TESTS(tests)
