#include "sync/bundle_section.h"

#include "base/test.h"

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct arena arena;

static void test_paths(void **state)
{
    static const struct {
        const char *path;
        enum section_kind kind; /* SECTION_END: it is refused */
    } cases[] = {
        {"checkpoint", SECTION_CHECKPOINT},
        {"term/1/checkpoint", SECTION_TERM},
        {"term/9007199254740991/checkpoint", SECTION_TERM},
        {"tile/1/000", SECTION_HASHES},
        {"tile/1/000.p/7", SECTION_HASHES},
        {"tile/63/x001/234.p/255", SECTION_HASHES},
        {"tile/entries/000", SECTION_ENTRIES},
        {"tile/entries/x001/x234/067.p/1", SECTION_ENTRIES},
        {"parts/" HASH, SECTION_PART},

        {"", SECTION_END},
        {"checkpoint/", SECTION_END},
        {"Checkpoint", SECTION_END},
        {"term/0/checkpoint", SECTION_END},
        {"term/01/checkpoint", SECTION_END},
        {"term/9007199254740992/checkpoint", SECTION_END},
        {"term/1/checkpoint/", SECTION_END},
        {"term/1", SECTION_END},
        {"term//checkpoint", SECTION_END},
        {"tile/0/000", SECTION_END}, /* they follow from the entries */
        {"tile/64/000", SECTION_END},
        {"tile/1/000.p/0", SECTION_END},
        {"tile/1/000.p/256", SECTION_END},
        {"tile/1/00", SECTION_END},
        {"tile/entries/x000/001", SECTION_END},
        {"parts/", SECTION_END},
        {"parts/" HASH "00", SECTION_END},
        {"parts/00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff", SECTION_END},
        {"/checkpoint", SECTION_END},
        {"../keys/a.key", SECTION_END},
        {"log/checkpoint", SECTION_END},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct section section = {.term = 99};
        char again[SECTION_PATH + 1];
        bool ok = section_parse(&section, span_of(cases[i].path));

        CHECK_CASE(cases[i].path, ok == (cases[i].kind != SECTION_END));
        CHECK_CASE(cases[i].path, ok || section.term == 99);
        if (!ok)
            continue;
        CHECK_CASE(cases[i].path, section.kind == cases[i].kind);
        section_path(again, &section);
        CHECK_CASE(cases[i].path, strcmp(again, cases[i].path) == 0);
    }
}

static void test_order(void **state)
{
    static const char part[] = "parts/" HASH;
    const char *const paths[] = {
        "checkpoint",
        "term/2/checkpoint",
        "term/10/checkpoint",
        "tile/1/000",
        "tile/1/999",
        "tile/1/x001/000",
        "tile/1/x999/999",
        "tile/1/x001/x000/000",
        "tile/2/000.p/9",
        "tile/10/000",
        "tile/entries/000",
        "tile/entries/001.p/3",
        "tile/entries/x001/000",
        part,
        "parts/ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    };
    struct section a, b;
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        for (size_t j = 0; j < ARRAY_LEN(paths); j++) {
            int want = i < j ? -1 : i > j;

            assert_true(section_parse(&a, span_of(paths[i])) &&
                        section_parse(&b, span_of(paths[j])));
            int order = section_compare(&a, &b);
            if ((order > 0) - (order < 0) != want)
                fail_msg("%s and %s", paths[i], paths[j]);
        }
    assert_true(section_parse(&a, SPAN_LIT("tile/1/000.p/7")) &&
                section_parse(&b, SPAN_LIT("tile/1/000")));
    assert_int_equal(section_compare(&a, &b), 0); /* one place */
}

/* A path behind its length, and a length. */
static struct span head_of(const char *path, uint64_t len)
{
    struct buf buf = buf_in(&arena, 1000);

    buf_u16be(&buf, (uint16_t)strlen(path));
    buf_text(&buf, path);
    buf_u64be(&buf, len);
    return buf_span(&buf);
}

static void test_heads(void **state)
{
    char long_path[SECTION_PATH + 2];
    (void)state;

    memset(long_path, 'a', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    const struct {
        const char *name;
        struct span bytes;
        enum section_read read;
    } cases[] = {
        {"a checkpoint", head_of("checkpoint", 200), SECTION_WHOLE},
        {"an empty one", head_of("checkpoint", 0), SECTION_WHOLE},
        {"the end", SPAN_LIT("\0\0"), SECTION_WHOLE},
        {"hashes", head_of("tile/1/000", 8192), SECTION_WHOLE},
        {"entries", head_of("tile/entries/000", 256 * 65537), SECTION_WHOLE},
        {"a part", head_of("parts/" HASH, 64u << 20), SECTION_WHOLE},
        {"nothing", {0}, SECTION_CUT},
        {"one byte", SPAN_LIT("\0"), SECTION_CUT},
        {"a path cut short", span_slice(head_of("checkpoint", 1), 0, 8), SECTION_CUT},
        {"a length cut short", span_slice(head_of("checkpoint", 1), 0, 19), SECTION_CUT},
        {"another path", head_of("keys", 1), SECTION_WRONG},
        {"one too long", head_of(long_path, 1), SECTION_WRONG},
        {"one longer than there is", SPAN_LIT("\xff\xff"), SECTION_WRONG},
        {"hashes, one byte more", head_of("tile/1/000", 8193), SECTION_WRONG},
        {"entries, one byte more", head_of("tile/entries/000", 256 * 65537 + 1), SECTION_WRONG},
        {"a part, one byte more", head_of("parts/" HASH, (64u << 20) + 1), SECTION_WRONG},
        {"without end", head_of("checkpoint", UINT64_MAX), SECTION_WRONG},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct section_head head = {.len = 99};
        const char *why = NULL;
        enum section_read read = section_head_read(&head, cases[i].bytes, &why);

        CHECK_CASE(cases[i].name, read == cases[i].read);
        CHECK_CASE(cases[i].name, (read == SECTION_WRONG) == (why != NULL));
        CHECK_CASE(cases[i].name, read == SECTION_WHOLE || head.len == 99);
        CHECK_CASE(cases[i].name, read != SECTION_WHOLE || head.bytes == cases[i].bytes.len);
    }
    arena_free(&arena);
}

/* Any bit of a section that is turned is found. */
static void test_sections(void **state)
{
    struct section section;
    struct section_head head;
    struct buf buf = buf_in(&arena, 1000);
    const char *why;
    struct span got;
    (void)state;

    assert_true(section_parse(&section, SPAN_LIT("tile/1/000.p/2")));
    section_put(&buf, &section, SPAN_LIT("sixty-four bytes"));
    assert_int_equal(section_head_read(&head, buf_span(&buf), &why), SECTION_WHOLE);
    assert_int_equal(section_bytes(&head), buf.len);
    assert_true(section_open(&got, &head, buf_span(&buf)));
    assert_true(span_is(got, "sixty-four bytes"));
    for (size_t bit = 0; bit < 8 * buf.len; bit++) {
        char *bytes = arena_text(&arena, buf_span(&buf));
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        assert_false(section_open(&got, &head, span_make(bytes, buf.len)));
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_paths), cmocka_unit_test(test_order), cmocka_unit_test(test_heads),
    cmocka_unit_test(test_sections)};
RUN_TESTS(tests)
