#include "node/inbox.h"

#include "base/test.h"
#include "sys/scratch.h"

struct here {
    struct scratch scratch;
    struct disk *disk;
    struct inbox *inbox;
    struct arena arena;
};

static void here_open(struct here *here)
{
    struct err err = {0};

    assert_true(disk_open(&here->disk, here->scratch.path, false, &err));
    assert_true(inbox_open(&here->inbox, here->disk, &err));
}

static void here_close(struct here *here)
{
    inbox_close(here->inbox);
    disk_close(here->disk);
}

static struct here here_make(void)
{
    struct here here = {.scratch = scratch_make()};

    here_open(&here);
    return here;
}

static void here_end(struct here *here)
{
    here_close(here);
    arena_free(&here->arena);
    scratch_remove(&here->scratch);
}

/* One piece of a form: "form instance before xml last | named… | brought…". */
struct piece {
    const char *form, *instance, *before, *xml;
    bool last;
    const char *named[3], *brought[3];
};

static enum inbox_verdict take(struct here *here, const struct piece *given, size_t *out_lacks)
{
    struct span named[3];
    struct inbox_file file[3];
    struct inbox_piece piece = {.device = SPAN_LIT("seven"),
                                .on_behalf = SPAN_LIT("observer/seven"),
                                .form = span_of(given->form),
                                .version = SPAN_LIT("1"),
                                .instance = span_of(given->instance),
                                .before = span_of(given->before),
                                .xml = span_of(given->xml),
                                .named = named,
                                .file = file,
                                .last = given->last,
                                .at_ms = 1000};
    enum inbox_verdict verdict = INBOX_KEPT;
    struct err err = {0};

    for (; piece.named_count < 3 && given->named[piece.named_count]; piece.named_count++)
        named[piece.named_count] = span_of(given->named[piece.named_count]);
    for (; piece.file_count < 3 && given->brought[piece.file_count]; piece.file_count++)
        file[piece.file_count] = (struct inbox_file){span_of(given->brought[piece.file_count]),
                                                     SPAN_LIT("image/jpeg"), SPAN_LIT("photo")};
    bool ok = inbox_take(here->inbox, &piece, &verdict, out_lacks, &err);
    if (!ok)
        fail_msg("%s", err.text);
    return verdict;
}

static size_t due(struct here *here, char (*out)[INBOX_KEY_TEXT])
{
    return inbox_due(here->inbox, 8, 2000, out);
}

/* What comes, one after another, and what is said to it. */
static void test_take(void **state)
{
    static const struct {
        const char *name;
        struct piece piece;
        enum inbox_verdict verdict;
        size_t lacks, ready; /* complete ones by then */
    } steps[] = {
        {"a whole form", {"f", "a", "", "<a/>", true, {0}, {0}}, INBOX_KEPT, 0, 1},
        {"the same again", {"f", "a", "", "<a/>", true, {0}, {0}}, INBOX_KNOWN, 0, 1},
        {"with other XML", {"f", "a", "", "<a />", true, {0}, {0}}, INBOX_OTHER, 0, 1},
        {"of another form", {"g", "a", "", "<a />", true, {0}, {0}}, INBOX_KEPT, 0, 2},
        {"one of two files, more to come",
         {"f", "b", "", "<b/>", false, {"عکس.jpg", "2.jpg"}, {"عکس.jpg"}},
         INBOX_KEPT,
         1,
         2},
        {"the same piece again",
         {"f", "b", "", "<b/>", false, {"عکس.jpg", "2.jpg"}, {"عکس.jpg"}},
         INBOX_KNOWN,
         1,
         2},
        {"the other file",
         {"f", "b", "", "<b/>", true, {"عکس.jpg", "2.jpg"}, {"2.jpg"}},
         INBOX_KEPT,
         0,
         3},
        {"the last piece again",
         {"f", "b", "", "<b/>", true, {"عکس.jpg", "2.jpg"}, {"2.jpg"}},
         INBOX_KNOWN,
         0,
         3},
        {"the last piece, and a file is missing",
         {"f", "c", "", "<c/>", true, {"1.jpg"}, {0}},
         INBOX_KEPT,
         1,
         3},
        {"it comes later", {"f", "c", "", "<c/>", true, {"1.jpg"}, {"1.jpg"}}, INBOX_KEPT, 0, 4},
        {"a file that nobody names",
         {"f", "d", "", "<d/>", true, {0}, {"x.jpg"}},
         INBOX_KEPT,
         0,
         5},
        {"all files, and more to come",
         {"f", "e", "", "<e/>", false, {"1.jpg"}, {"1.jpg"}},
         INBOX_KEPT,
         0,
         5},
        {"only that it was the last",
         {"f", "e", "", "<e/>", true, {"1.jpg"}, {0}},
         INBOX_KEPT,
         0,
         6},
        {"in the place of one that never came",
         {"f", "h", "none", "<h/>", true, {0}, {0}},
         INBOX_UNKNOWN,
         0,
         6},
        {"in the place of one of another form",
         {"g", "h", "b", "<h/>", true, {0}, {0}},
         INBOX_UNKNOWN,
         0,
         6},
        {"in the place of one", {"f", "i", "a", "<i/>", true, {0}, {0}}, INBOX_KEPT, 0, 7},
        {"that again", {"f", "i", "a", "<i/>", true, {0}, {0}}, INBOX_KNOWN, 0, 7},
        {"another in the same place", {"f", "j", "a", "<j/>", true, {0}, {0}}, INBOX_STALE, 0, 7},
        {"in the place of the later", {"f", "k", "i", "<k/>", true, {0}, {0}}, INBOX_KEPT, 0, 8},
    };
    struct here here = here_make();
    char keys[8][INBOX_KEY_TEXT];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        size_t lacks = 9;

        CHECK_CASE(steps[i].name, take(&here, &steps[i].piece, &lacks) == steps[i].verdict);
        CHECK_CASE(steps[i].name, lacks == steps[i].lacks);
        CHECK_CASE(steps[i].name, due(&here, keys) == steps[i].ready);
        if (i % 3 == 0) { /* nothing of it hangs on this process */
            here_close(&here);
            here_open(&here);
            CHECK_CASE(steps[i].name, due(&here, keys) == steps[i].ready);
        }
    }
    here_end(&here);
}

static void test_read_and_done(void **state)
{
    static const struct piece one = {"f", "a", "", "<a/>", false, {"1.jpg", "2.jpg"}, {"2.jpg"}},
                              two = {"f", "a", "", "<a/>", true, {"1.jpg", "2.jpg"}, {"1.jpg"}},
                              other = {"f", "a", "", "<b/>", true, {0}, {0}};
    struct here here = here_make();
    char keys[8][INBOX_KEY_TEXT], id[65] = "";
    struct inbox_record record = {.id = "0123456789012345678901234567890123456789012345678901234567"
                                        "890123"},
                        *signed_before;
    struct inbox_form form;
    struct err err = {0};
    size_t lacks, count;

    (void)state;
    take(&here, &one, &lacks);
    take(&here, &two, &lacks);
    assert_int_equal(due(&here, keys), 1);
    assert_true(inbox_read(here.inbox, keys[0], &form, &here.arena, &err));
    assert_true(span_is(form.xml, "<a/>") && span_is(form.on_behalf, "observer/seven"));
    assert_int_equal(form.file_count, 2);
    assert_true(span_is(form.file[0].name, "1.jpg") && span_is(form.file[0].bytes, "photo"));
    assert_true(span_is(form.file[1].name, "2.jpg"));

    assert_true(inbox_hold(here.inbox, keys[0], 3000, "later", &err));
    assert_int_equal(inbox_due(here.inbox, 8, 2999, keys), 0);
    assert_int_equal(inbox_due(here.inbox, 8, 3000, keys), 1);

    memcpy(record.key, keys[0], sizeof record.key);
    assert_true(inbox_signing(here.inbox, &record, 1, &err));
    here_close(&here);
    here_open(&here);
    assert_true(inbox_signed(here.inbox, &signed_before, &count, &here.arena, &err));
    assert_int_equal(count, 1);
    assert_string_equal(signed_before[0].id, record.id);
    assert_false(inbox_record_of(here.inbox, SPAN_LIT("f"), SPAN_LIT("a"), id, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_true(inbox_done(here.inbox, signed_before, 1, &err));
    assert_true(inbox_done(here.inbox, signed_before, 1, &err)); /* once more does nothing */
    assert_int_equal(due(&here, keys), 0);
    assert_true(inbox_record_of(here.inbox, SPAN_LIT("f"), SPAN_LIT("a"), id, &err));
    assert_string_equal(id, record.id);
    assert_int_equal(take(&here, &two, &lacks), INBOX_KNOWN);
    assert_int_equal(take(&here, &other, &lacks), INBOX_OTHER);
    here_close(&here);
    here_open(&here);
    assert_int_equal(due(&here, keys), 0);
    here_end(&here);
}

/* What was written when the power went is whole, or is not there; what was acknowledged is there.
 */
static void test_cut_short(void **state)
{
    static const struct piece whole = {"f", "a", "", "<a/>", true, {"1.jpg"}, {"1.jpg"}};
    struct here here = here_make();
    struct disk_entry *entry;
    struct span bytes;
    struct err err = {0};
    char keys[8][INBOX_KEY_TEXT];
    size_t count, lacks;

    (void)state;
    take(&here, &whole, &lacks);
    assert_true(disk_list(here.disk, "inbox/wait", &entry, &count, &here.arena, &err));
    assert_int_equal(count, 1);
    assert_true(disk_read(here.disk, entry[0].path, 65536, &bytes, &here.arena, &err));
    for (size_t len = 0; len < bytes.len; len++) {
        assert_true(disk_replace(here.disk, entry[0].path, span_slice(bytes, 0, len), false, &err));
        here_close(&here);
        here_open(&here);
        assert_int_equal(due(&here, keys), 0);
    }
    assert_int_equal(take(&here, &whole, &lacks), INBOX_KEPT); /* in its place */
    assert_int_equal(due(&here, keys), 1);
    here_end(&here);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_take),
    cmocka_unit_test(test_read_and_done),
    cmocka_unit_test(test_cut_short),
};
RUN_TESTS(tests)
