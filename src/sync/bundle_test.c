#include "sync/bundle.h"

#include "base/test.h"
#include "journal/pair.h"
#include "sync/bundle_section.h"
#include "sync/pull.h"

/* A range of a log as one file, carried and damaged on the way. */

static const uint64_t sizes[] = {8, 30, 255, 256, 300, 520, 600};

static struct pair whole;

static int open_whole(void **state)
{
    (void)state;
    pair_open(&whole, sizes, ARRAY_LEN(sizes));
    return 0;
}

static int close_whole(void **state)
{
    (void)state;
    pair_close(&whole);
    return 0;
}

static bool put(void *context, struct span bytes, struct err *err)
{
    (void)err;
    buf_put(context, bytes);
    return true;
}

static const struct head *head_of(uint64_t size)
{
    for (size_t i = 0; i < whole.heads; i++)
        if (whole.head[i].checkpoint.size == size)
            return &whole.head[i];
    fail_msg("no head of size %" PRIu64, size);
    return NULL;
}

static struct span export_range(uint64_t from, uint64_t size, struct bundle_written *out)
{
    struct buf buf = buf_in(&arena, 1u << 30);
    const struct bundle_export options = {.disk = whole.disk,
                                          .parts = whole.parts,
                                          .from = from,
                                          .note = head_of(size)->note,
                                          .size = size,
                                          .held = pair_last(&whole)->checkpoint.size,
                                          .put = put,
                                          .context = &buf};
    struct bundle_written written;
    struct err err = {0};

    if (!bundle_export(&written, &options, &err))
        fail_msg("%s", err.text);
    assert_int_equal(written.bytes, buf.len);
    if (out)
        *out = written;
    return buf_span(&buf);
}

/* A file of these bytes, on a disk of its own. */
static struct disk *disk_with(struct span bytes)
{
    struct disk *disk;
    struct err err = {0};

    assert_true(disk_sim_open(&disk, 1) && disk_replace(disk, "bundle", bytes, false, &err));
    return disk;
}

static bool import(struct copy *c, struct span bytes, struct pull_result *out, struct err *err)
{
    struct disk *disk = disk_with(bytes);
    struct bundle *bundle = NULL;
    struct arena own = {0};
    struct span note;

    *out = (struct pull_result){0};
    *err = (struct err){0};
    bool ok = bundle_open(&bundle, disk, "bundle", err);
    if (ok) {
        const struct source source = source_of_bundle(bundle);
        ok = source_get(&source, "checkpoint", LIMIT_CHECKPOINT_BYTES, &note, &own, err) &&
             pull_log(out, c->journal, &source, note, err);
    }
    arena_free(&own);
    bundle_close(bundle);
    disk_close(disk);
    return ok;
}

static void copy_at(struct copy *c, uint64_t size)
{
    struct pull_result result;
    struct err err;

    copy_new(c, &whole, 1);
    copy_open(c);
    if (size > 0 && !import(c, export_range(0, size, NULL), &result, &err))
        fail_msg("%s", err.text);
    assert_int_equal(copy_size(c), size);
}

/* From where it begins or later, to where it ends. */
static void test_carried(void **state)
{
    static const struct {
        const char *name;
        uint64_t from, to, here;
        enum err_kind kind; /* ERR_NONE: it is taken */
    } cases[] = {
        {"all", 0, 600, 0, ERR_NONE},
        {"a bundle that is not full", 0, 8, 0, ERR_NONE},
        {"from where the receiver is", 300, 600, 300, ERR_NONE},
        {"over a full bundle", 30, 300, 30, ERR_NONE},
        {"within one bundle", 8, 30, 8, ERR_NONE},
        {"to its end", 30, 256, 30, ERR_NONE},
        {"from its end", 256, 520, 256, ERR_NONE},
        {"to an earlier size", 0, 520, 0, ERR_NONE},
        {"the receiver holds more than it begins with", 8, 600, 300, ERR_NONE},
        {"the receiver holds none, and it has all", 0, 300, 8, ERR_NONE},
        {"fewer than it begins with, in the same bundle", 300, 600, 256, ERR_NONE},
        {"fewer than it begins with", 300, 600, 255, ERR_MISSING},
        {"nothing is here", 300, 600, 0, ERR_MISSING},
        {"all of it is here", 30, 300, 300, ERR_USAGE},
        {"more is here", 30, 300, 520, ERR_USAGE},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bundle_written written;
        struct pull_result result;
        struct copy c;
        struct err err;

        copy_at(&c, cases[i].here);
        struct span bytes = export_range(cases[i].from, cases[i].to, &written);
        bool ok = import(&c, bytes, &result, &err);
        if (ok != (cases[i].kind == ERR_NONE) || (!ok && err.kind != cases[i].kind))
            fail_msg("%s: %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, copy_size(&c) == (ok ? cases[i].to : cases[i].here));
        CHECK_CASE(cases[i].name, written.owed == 0);
        CHECK_CASE(cases[i].name, !ok || cases[i].here < cases[i].from || result.owed == 0);
        pair_check(cases[i].name, &c);
        copy_free(&c);
    }
}

/* The same of the same log, whoever writes it. */
static void test_one_form(void **state)
{
    struct span bytes = export_range(30, 600, NULL), again;
    struct disk *disk = disk_with(bytes);
    struct bundle *bundle;
    struct err err = {0};
    uint64_t first;
    (void)state;

    again = export_range(30, 600, NULL);
    assert_true(span_equal(bytes, again));
    assert_true(bundle_open(&bundle, disk, "bundle", &err));
    assert_null(bundle_cut(bundle));
    assert_true(bundle_first(bundle, &first));
    assert_int_equal(first, 0); /* of the bundle in which entry 30 is */
    bundle_close(bundle);
    disk_close(disk);
}

/* As a source. */
static void test_gives(void **state)
{
    static const struct {
        const char *path;
        size_t limit;
        enum err_kind kind;
    } cases[] = {
        {"checkpoint", 4096, ERR_NONE},
        {"tile/1/000.p/2", 8192, ERR_NONE},
        {"tile/entries/001", LOG_BUNDLE_BYTES, ERR_NONE},
        {"tile/entries/002.p/88", LOG_BUNDLE_BYTES, ERR_NONE},
        {"checkpoint", 10, ERR_LIMIT},
        {"tile/1/000.p/1", 8192, ERR_NONE}, /* its beginning */
        {"tile/entries/001.p/255", LOG_BUNDLE_BYTES, ERR_NONE},
        {"tile/entries/002.p/1", LOG_BUNDLE_BYTES, ERR_NONE},
        {"tile/1/000.p/3", 8192, ERR_MISSING},
        {"tile/entries/002.p/89", LOG_BUNDLE_BYTES, ERR_MISSING},
        {"tile/1/000", 8192, ERR_MISSING},
        {"tile/2/000.p/1", 8192, ERR_MISSING},
        {"tile/0/000", 8192, ERR_MISSING},
        {"tile/entries/000", LOG_BUNDLE_BYTES, ERR_MISSING}, /* before it begins */
        {"tile/entries/003", LOG_BUNDLE_BYTES, ERR_MISSING},
        {"term/1/checkpoint", 4096, ERR_MISSING},
        {"keys/a.key", 4096, ERR_MISSING},
        {"", 4096, ERR_MISSING},
    };
    struct disk *disk = disk_with(export_range(300, 600, NULL));
    struct bundle *bundle;
    struct span got;
    struct err err = {0};
    (void)state;

    assert_true(bundle_open(&bundle, disk, "bundle", &err));
    const struct source source = source_of_bundle(bundle);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool ok = source_get(&source, cases[i].path, cases[i].limit, &got, &arena, &err);

        CHECK_CASE(cases[i].path, ok == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].path, ok || err.kind == cases[i].kind);
    }
    assert_true(source_get(&source, "checkpoint", 4096, &got, &arena, &err));
    assert_true(span_equal(got, pair_last(&whole)->note));
    assert_true(source_get(&source, "tile/entries/001.p/44", LOG_BUNDLE_BYTES, &got, &arena, &err));
    assert_true(span_equal(got, pair_tile(whole.disk, (struct tile){TILE_ENTRIES, 1, 44}, &arena)));
    assert_true(source_get(&source, "tile/1/000.p/1", 8192, &got, &arena, &err));
    assert_true(span_equal(got, pair_tile(whole.disk, (struct tile){1, 0, 1}, &arena)));
    bundle_close(bundle);
    disk_close(disk);
}

/* Cut short anywhere: what follows of it is nothing false, it says where it ended, and the whole
 * file then goes on. */
static void test_cut_short(void **state)
{
    struct span bytes = export_range(8, 30, NULL);
    struct copy c;
    struct pull_result result;
    struct err err;
    (void)state;

    for (size_t len = 0; len < bytes.len; len += 1 + len % 7) {
        struct disk *disk = disk_with(span_slice(bytes, 0, len));
        struct bundle *bundle;
        char name[60], where[40];

        snprintf(name, sizeof name, "%zu of %zu bytes", len, bytes.len);
        snprintf(where, sizeof where, "byte %zu", len);
        if (bundle_open(&bundle, disk, "bundle", &err)) {
            CHECK_CASE(name, bundle_cut(bundle) && strstr(bundle_cut(bundle), where));
            bundle_close(bundle);
        } else {
            CHECK_CASE(name, len < strlen(BUNDLE_LINE) && err.kind == ERR_MALFORMED);
        }
        disk_close(disk);
    }
    for (size_t len = 0; len < bytes.len; len += 1 + bytes.len / 50) {
        char name[60];

        snprintf(name, sizeof name, "%zu of %zu bytes", len, bytes.len);
        copy_at(&c, 8);
        bool ok = import(&c, span_slice(bytes, 0, len), &result, &err);
        CHECK_CASE(name, ok || err.kind == ERR_MISSING || err.kind == ERR_MALFORMED);
        CHECK_CASE(name, copy_size(&c) == (ok ? 30 : 8));
        pair_check(name, &c);
        if (!ok)
            CHECK_CASE(name, import(&c, bytes, &result, &err) && result.owed == 0);
        CHECK_CASE(name, copy_size(&c) == 30);
        copy_free(&c);
    }
}

/* A bit turned on the way. */
static void test_damaged(void **state)
{
    struct span bytes = export_range(8, 30, NULL);
    struct world *chance = world_new(7);
    (void)state;

    for (unsigned n = 0; n < 150; n++) {
        size_t at = n < 30 ? n : world_below(chance, bytes.len);
        char *damaged = arena_text(&arena, bytes);
        struct copy c;
        struct pull_result result;
        struct err err;
        char name[700];

        damaged[at] = (char)(damaged[at] ^ (1 << world_below(chance, 8)));
        copy_at(&c, 8);
        bool ok = import(&c, span_make(damaged, bytes.len), &result, &err);
        snprintf(name, sizeof name, "byte %zu: %.500s", at, ok ? "" : err.text);
        CHECK_CASE(name, !ok || result.owed == 1); /* it was in a part */
        CHECK_CASE(name, ok || err.kind == ERR_MALFORMED || err.kind == ERR_MISSING);
        CHECK_CASE(name, copy_size(&c) == (ok ? 30 : 8));
        pair_check(name, &c);
        copy_free(&c);
    }
    free(chance);
}

/* Files that are no bundle, or not of the one form. */

static struct span join(const struct span *piece, size_t count)
{
    struct buf buf = buf_in(&arena, 1u << 20);

    for (size_t i = 0; i < count; i++)
        buf_put(&buf, piece[i]);
    return buf_span(&buf);
}

static struct span section_of(const char *path, const char *bytes)
{
    struct buf buf = buf_in(&arena, 4096);
    struct section section;

    assert_true(section_parse(&section, span_of(path)));
    section_put(&buf, &section, span_of(bytes));
    return buf_span(&buf);
}

static void test_form(void **state)
{
    const struct span line = SPAN_LIT(BUNDLE_LINE), end = SPAN_LIT("\0\0");
    const struct span checkpoint = section_of("checkpoint", "x");
    const struct span hashes = section_of("tile/1/000.p/1", "y");
    const struct span wider = section_of("tile/1/000.p/2", "yy");
    const struct span entries = section_of("tile/entries/001", "z");
    const struct {
        const char *name;
        struct span bytes;
        const char *fault; /* "": it opens */
    } cases[] = {
        {"nothing in it", join((struct span[]){line, end}, 2), ""},
        {"three sections", join((struct span[]){line, checkpoint, hashes, entries, end}, 5), ""},
        {"an empty file", {0}, "no bundle"},
        {"another file", SPAN_LIT("hello, I am a text of some length"), "no bundle"},
        {"another version", SPAN_LIT("sulh/bundle/v2\n\0\0"), "no bundle"},
        {"bytes behind its end", join((struct span[]){line, end, SPAN_LIT("x")}, 3),
         "bytes behind its end, at byte 17"},
        {"two bundles", join((struct span[]){line, end, line, end}, 4), "bytes behind its end"},
        {"a section twice", join((struct span[]){line, checkpoint, checkpoint, end}, 4),
         "not in its place"},
        {"in another order", join((struct span[]){line, hashes, checkpoint, end}, 4),
         "not in its place"},
        {"a tile of two widths", join((struct span[]){line, hashes, wider, end}, 4),
         "not in its place"},
        {"another path", join((struct span[]){line, SPAN_LIT("\0\4keys\0\0\0\0\0\0\0\0")}, 2),
         "no place in a bundle"},
        {"a length without end",
         join((struct span[]){line, SPAN_LIT("\0\12checkpoint\xff\xff\xff\xff\xff\xff\xff\xff")},
              2),
         "more bytes than may stand there"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct disk *disk = disk_with(cases[i].bytes);
        struct bundle *bundle = NULL;
        struct err err = {0};
        bool ok = bundle_open(&bundle, disk, "bundle", &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, ok || err.kind == ERR_MALFORMED);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        bundle_close(bundle);
        disk_close(disk);
    }
    struct disk *disk = disk_with((struct span){0});
    struct bundle *bundle;
    struct err err = {0};
    assert_false(bundle_open(&bundle, disk, "another", &err));
    assert_int_equal(err.kind, ERR_MISSING);
    disk_close(disk);
}

/* A tile that is not as long as its path says is no beginning of anything. */
static void test_narrow_of_short(void **state)
{
    static const char *const paths[] = {"tile/1/000.p/2", "tile/entries/000.p/2"};
    struct span bytes =
        join((struct span[]){SPAN_LIT(BUNDLE_LINE), section_of("tile/1/000", "short"),
                             section_of("tile/entries/000", "\1"), SPAN_LIT("\0\0")},
             4);
    struct disk *disk = disk_with(bytes);
    struct bundle *bundle;
    struct span got;
    struct err err = {0};
    (void)state;

    assert_true(bundle_open(&bundle, disk, "bundle", &err));
    const struct source source = source_of_bundle(bundle);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        CHECK_CASE(paths[i], !source_get(&source, paths[i], 8192, &got, &arena, &err));
        CHECK_CASE(paths[i], err.kind == ERR_MALFORMED);
    }
    bundle_close(bundle);
    disk_close(disk);
}

/* What is written of a directory that is not whole, or that has seen other terms. */

static bool export_from(struct disk *disk, uint64_t from, struct bundle_written *out,
                        struct buf *buf, struct err *err)
{
    struct parts *parts;

    assert_true(parts_open_read(&parts, disk, err));
    const struct bundle_export options = {.disk = disk,
                                          .parts = parts,
                                          .from = from,
                                          .note = head_of(600)->note,
                                          .size = 600,
                                          .held = 600,
                                          .put = put,
                                          .context = buf};
    bool ok = bundle_export(out, &options, err);
    parts_close(parts);
    return ok;
}

static struct disk *copy_of_whole(const char *without)
{
    struct disk *disk;
    struct disk_entry *file;
    struct span bytes;
    size_t count;
    struct err err = {0};

    assert_true(disk_sim_open(&disk, 1));
    assert_true(disk_list(whole.disk, "", &file, &count, &arena, &err));
    for (size_t i = 0; i < count; i++)
        if (strcmp(file[i].path, without) != 0)
            assert_true(disk_read(whole.disk, file[i].path, 1u << 30, &bytes, &arena, &err) &&
                        disk_replace(disk, file[i].path, bytes, false, &err));
    return disk;
}

static void test_not_whole(void **state)
{
    static const struct {
        const char *name, *without;
        bool ok;
        bool owed;
    } cases[] = {
        {"whole", "", true, false},
        {"without a tile", "log/tile/1/000.p/2", false, false},
        {"without a bundle", "log/tile/entries/001", false, false},
        {"without the last", "log/tile/entries/002.p/88", false, false},
        {"without its parts", "parts/pack/000001", true, true},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct disk *disk = copy_of_whole(cases[i].without);
        struct buf buf = buf_in(&arena, 1u << 30);
        struct bundle_written written = {0};
        struct err err = {0};
        bool ok = export_from(disk, 0, &written, &buf, &err);

        CHECK_CASE(cases[i].name, ok == cases[i].ok);
        CHECK_CASE(cases[i].name, ok || err.kind == ERR_MISSING);
        CHECK_CASE(cases[i].name, (written.owed > 0) == cases[i].owed);
        disk_close(disk);
    }
}

static void test_terms(void **state)
{
    static const struct {
        uint64_t term, size;
        bool in; /* a bundle from 30 to 600 */
    } cases[] = {{1, 8, false}, {2, 29, false}, {9, 30, true}, {10, 256, true}, {11, 601, false}};
    struct disk *disk = copy_of_whole("");
    struct buf buf = buf_in(&arena, 1u << 30);
    struct bundle_written written;
    struct bundle *bundle;
    struct span got;
    struct err err = {0};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint checkpoint = {.origin = WORLD_NAME "/term/1", .size = cases[i].size};
        assert_true(disk_replace(disk, arena_printf(&arena, "terms/%" PRIu64, cases[i].term),
                                 pair_sign(&checkpoint, &whole.w->log, &arena), false, &err));
    }
    assert_true(disk_replace(disk, "terms/opening", SPAN_LIT("a record"), false, &err));
    assert_true(export_from(disk, 30, &written, &buf, &err));
    struct disk *carried = disk_with(buf_span(&buf));
    assert_true(bundle_open(&bundle, carried, "bundle", &err));
    const struct source source = source_of_bundle(bundle);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *path = arena_printf(&arena, "term/%" PRIu64 "/checkpoint", cases[i].term);
        CHECK_CASE(path, source_get(&source, path, 4096, &got, &arena, &err) == cases[i].in);
    }
    bundle_close(bundle);
    disk_close(carried);
    disk_close(disk);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_carried),         cmocka_unit_test(test_one_form),
    cmocka_unit_test(test_gives),           cmocka_unit_test(test_cut_short),
    cmocka_unit_test(test_damaged),         cmocka_unit_test(test_form),
    cmocka_unit_test(test_narrow_of_short), cmocka_unit_test(test_not_whole),
    cmocka_unit_test(test_terms),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, open_whole, close_whole);
}
