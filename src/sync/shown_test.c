#include "sync/shown.h"

#include "base/test.h"
#include "journal/audit.h"
#include "journal/pair.h"
#include "sync/liar.h"

/* An audit of a log that another shows: as of the directory, and lied to in every way. */

#define ENTRIES 300u /* a full bundle, and one that is not */

static struct pair keeper;

static int keeper_open(void **state)
{
    static const uint64_t sizes[] = {ENTRIES};
    struct err err = {0};
    (void)state;

    pair_open(&keeper, sizes, ARRAY_LEN(sizes));
    assert_true(log_keys_write(&keeper.keys, keeper.disk, &err));
    return 0;
}

static int keeper_close(void **state)
{
    (void)state;
    pair_close(&keeper);
    return 0;
}

static bool audit_shown(struct audit_result *out, const struct source *source, struct err *err)
{
    const struct source *lanes[] = {source};
    struct audit_options options = {
        .disk = shown_open(lanes, 1), .agreement_id = keeper.w->id, .shown = true};

    *err = (struct err){0};
    bool ok = audit_run(out, &options, err);
    disk_close(options.disk);
    return ok;
}

static void test_the_same_as_of_the_directory(void **state)
{
    struct source_disk from = {.disk = keeper.disk, .name = "the keeper"};
    const struct source source = source_of_disk(&from);
    const struct audit_options options = {.disk = keeper.disk, .agreement_id = keeper.w->id};
    struct audit_result here, there;
    struct err err = {0};
    (void)state;

    assert_true(audit_run(&here, &options, &err) && here.ok);
    if (!audit_shown(&there, &source, &err) || !there.ok)
        fail_msg("%s%s", err.text, there.text);
    assert_int_equal(there.entries, ENTRIES);
    assert_true(hash_equal(here.root, there.root) && hash_equal(here.digest, there.digest));
    assert_true(here.holds == there.holds && here.marked == there.marked &&
                here.voided == there.voided);
    assert_true(there.shown && there.parts == 0 && there.owed == here.parts && there.owed > 0);
    source_disk_close(&from);
}

/* Without log.vkey the log of a first term can be audited still. */
static bool is_no_lie(const struct liar *liar)
{
    return liar->lie == LIE_MISSING && strcmp(liar->about, "log.vkey") == 0;
}

/* A lie is found, and said of the file it was told about; that nothing was answered is a fault. */
static void lie_at(uint64_t at, enum lie lie, bool once, bool *out_lied)
{
    struct source_disk from = {.disk = keeper.disk, .name = "the keeper"};
    struct liar liar = {.honest = source_of_disk(&from), .lie = lie, .at = at, .once = once};
    const struct source source = liar_source(&liar);
    struct audit_result result;
    struct err err;
    char name[1600];

    bool ran = audit_shown(&result, &source, &err);
    snprintf(name, sizeof name, "request %" PRIu64 ", %s, lie %d: %s%s", at, liar.about, (int)lie,
             err.text, ran ? result.text : "");
    *out_lied = liar.lied;
    CHECK_CASE(name, ran == !(liar.lied && lie == LIE_MUTE));
    CHECK_CASE(name, !ran || result.ok == (!liar.lied || is_no_lie(&liar)));
    CHECK_CASE(name, ran || err.kind == ERR_IO);
    if (ran && !result.ok)
        CHECK_CASE(name, strstr(result.text, "checkpoint") || strstr(result.text, liar.about));
    source_disk_close(&from);
}

static void test_every_lie(void **state)
{
    struct source_disk from = {.disk = keeper.disk, .name = "the keeper"};
    struct liar honest = {.honest = source_of_disk(&from)};
    const struct source source = liar_source(&honest);
    struct audit_result result;
    struct err err;
    bool lied;
    (void)state;

    assert_true(audit_shown(&result, &source, &err) && result.ok);
    assert_true(honest.asked > 8);
    for (uint64_t at = 0; at < honest.asked; at++)
        for (int lie = LIE_NONE + 1; lie < LIES; lie++) {
            lie_at(at, (enum lie)lie, false, &lied);
            assert_true(lied);
            lie_at(at, (enum lie)lie, true, &lied);
            assert_true(lied);
        }
    source_disk_close(&from);
}

/* What was proven is what is judged: an answer that is asked for twice is the same, or found. */
static void test_another_answer(void **state)
{
    static const struct {
        const char *path;
        enum lie lie;
    } cases[] = {
        {"tile/entries/000", LIE_BIT},   {"tile/entries/000", LIE_SHORT},
        {"tile/entries/000", LIE_EMPTY}, {"tile/entries/000", LIE_MISSING},
        {"tile/0/000", LIE_BIT},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct source_disk from = {.disk = keeper.disk, .name = "the keeper"};
        struct liar liar = {.honest = source_of_disk(&from), .lie = cases[i].lie};
        const struct source source = liar_source(&liar), *lanes[] = {&source};
        struct disk *disk = shown_open(lanes, 1);
        struct span first, again;
        struct err err = {0};
        char path[LOG_PATH];

        snprintf(path, sizeof path, "log/%s", cases[i].path);
        liar.at = UINT64_MAX;
        CHECK_CASE(path, disk_read(disk, path, LOG_BUNDLE_BYTES, &first, &arena, &err));
        CHECK_CASE(path, disk_read(disk, path, LOG_BUNDLE_BYTES, &again, &arena, &err) &&
                             span_equal(first, again));
        liar.at = liar.asked;
        CHECK_CASE(path, !disk_read(disk, path, LOG_BUNDLE_BYTES, &again, &arena, &err));
        CHECK_CASE(path, liar.lied && err.kind == ERR_CONFLICT);
        disk_close(disk);
        arena_reset(&arena);
        source_disk_close(&from);
    }
}

/* A tile that is not full is asked for once: it may make way for the full one meanwhile. What was
 * not there stays away. */
static void test_asked_once(void **state)
{
    static const struct {
        const char *path;
        bool there;
        unsigned asked; /* by three readings */
    } cases[] = {
        {"log/tile/entries/001.p/44", true, 1},
        {"log/tile/1/000.p/1", true, 1},
        {"log/tile/entries/001", false, 1},
        {"log/tile/0/000", true, 3},
        {"log/checkpoint", true, 3},
        {"signer", false, 0},
        {"keys/a.key", false, 0},
        {"log/tile/0/x", false, 0},
        {"term/1/checkpoint", false, 0},
        {"log/../signer", false, 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct source_disk from = {.disk = keeper.disk, .name = "the keeper"};
        struct liar liar = {.honest = source_of_disk(&from)};
        const struct source source = liar_source(&liar), *lanes[] = {&source};
        struct disk *disk = shown_open(lanes, 1);
        struct span got;
        struct err err = {0};

        for (unsigned n = 0; n < 3; n++)
            CHECK_CASE(cases[i].path, disk_read(disk, cases[i].path, LOG_BUNDLE_BYTES, &got, &arena,
                                                &err) == cases[i].there);
        CHECK_CASE(cases[i].path, liar.asked == cases[i].asked);
        disk_close(disk);
        arena_reset(&arena);
        source_disk_close(&from);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_same_as_of_the_directory), cmocka_unit_test(test_every_lie),
    cmocka_unit_test(test_another_answer), cmocka_unit_test(test_asked_once)};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, keeper_open, keeper_close);
}
