#include "feed/mend.h"

#include "base/test.h"

#define HTML 1
#define MOJIBAKE 2
#define OTHER 4

static void test_mend(void **state)
{
    (void)state;
    static const struct {
        const char *name, *damaged, *want;
        int what;
        size_t lost;
    } cases[] = {
        {"nothing wrong", "Firing went on.", "Firing went on.", 0, 0},
        {"nothing at all", "", "", 0, 0},
        {"words of any script", "د کابل په ښار کې", "د کابل په ښار کې", 0, 0},
        {"a joiner that is meant", "می‌خواهم", "می‌خواهم", 0, 0},
        {"accents that are meant", "Türkiye’nin görüşü – «evet»", "Türkiye’nin görüşü – «evet»", 0,
         0},
        {"paragraphs", "One.\n\nTwo.", "One.\n\nTwo.", 0, 0},
        {"tags", "<p>Firing <b>went</b> on.</p>", "Firing went on.", HTML, 0},
        {"lines by tags", "One.<br/>Two.<p class=\"a>b\">Three.</p>", "One.\nTwo.\nThree.", HTML,
         0},
        {"a script", "<script>var a = '<b>';</script>Text", "Text", HTML, 0},
        {"a script that does not end", "Text<script>var a", "Text", HTML, 0},
        {"a comment", "Te<!-- <p> -->xt", "Text", HTML, 0},
        {"less than", "5 < 6 and a<", "5 < 6 and a<", 0, 0},
        {"a tag that does not end", "a <b and c", "a <b and c", 0, 0},
        {"entities", "Q&amp;A &#39;said&#x27; &ldquo;so&rdquo;", "Q&A 'said' “so”", HTML, 0},
        {"entities of entities", "Q&amp;amp;A", "Q&A", HTML, 0},
        {"no entity", "AT&T; R&D", "AT&T; R&D", 0, 0},
        {"an entity of nothing", "a&#0;b &#xD800; &#x110000;", "a&#0;b &#xD800; &#x110000;", 0, 0},
        {"Arabic as Windows-1252", "Ø¯ Ú©Ø§Ø¨Ù„", "د کابل", MOJIBAKE, 0},
        {"twice", "Ã˜Â¯", "د", MOJIBAKE, 0},
        {"a dash and quotes", "donâ€™t â€“ so", "don’t – so", MOJIBAKE, 0},
        {"beside what is meant in another script", "کابل â€“ so", "کابل – so", MOJIBAKE, 0},
        {"beside what is meant in the same: left", "Ã© et é", "Ã© et é", 0, 0},
        {"one that is cut: left", "caf\xc3\x83", "caf\xc3\x83", 0, 0},
        {"spaces", "  a \t b \r\n\r\n\r\n c  ", "a b\n\nc", OTHER, 0},
        {"what is not seen",
         "\xef\xbb\xbf"
         "a\xc2\xad"
         "b\x01",
         "ab", OTHER, 0},
        {"a space that does not break", "10\xc2\xa0km", "10 km", OTHER, 0},
        {"characters lost", "Kab\xef\xbf\xbdl \xef\xbf\xbd", "Kab\xef\xbf\xbdl \xef\xbf\xbd", 0, 2},
        {"all of it", "<p>donâ€™t&nbsp;go</p>", "don’t go", HTML | MOJIBAKE | OTHER, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct mended got = mend_text(span_of(cases[i].damaged), &arena);
        int what = (got.html ? HTML : 0) | (got.mojibake ? MOJIBAKE : 0);

        if (!span_is(got.text, cases[i].want))
            fail_msg("case \"%s\": %.*s", cases[i].name, SPAN_ARG(got.text));
        CHECK_CASE(cases[i].name, what == (cases[i].what & (HTML | MOJIBAKE)));
        CHECK_CASE(cases[i].name, mend_changed(&got) == (cases[i].what != 0));
        CHECK_CASE(cases[i].name, got.lost == cases[i].lost);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_mend)};

RUN_TESTS(tests)
