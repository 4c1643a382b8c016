#include "base/test.h"
#include "cli/hotline_line.h"

static const char *const settings[] = {"via", "in", NULL};
static const struct hotline_grammar say = {"say", "TO [via=ORG] [in=L] TEXT", 1, settings,
                                           LINE_TEXT};
static const struct hotline_grammar may = {"may", "TO [TEXT]", 1, NULL, LINE_MAYBE_TEXT};
static const struct hotline_grammar no = {"no", "A B [via=ORG]", 2, settings, LINE_NO_TEXT};

static void test_line(void **state)
{
    static const struct {
        const char *name;
        const struct hotline_grammar *grammar;
        const char *line, *word, *via, *text;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"a text", &say, "say x hello there", "x", "", "hello there", ""},
        {"a setting before it", &say, "say x via=y hello", "x", "y", "hello", ""},
        {"two settings", &say, "say x in=ur via=y hello", "x", "y", "hello", ""},
        {"spaces around", &say, "  say   x\tvia=y   hello  there \r\n", "x", "y", "hello  there",
         ""},
        {"a text like a setting", &say, "say x : via=y hello", "x", "", "via=y hello", ""},
        {"behind a setting, too", &say, "say x via=z : via=y", "x", "z", "via=y", ""},
        {"a setting in the text", &say, "say x hello via=y", "x", "", "hello via=y", ""},
        {"a word with = that is none", &say, "say x 2+2=4", "x", "", "2+2=4", ""},
        {"a text of another script", &say, "say x ہاں، سنا", "x", "", "ہاں، سنا", ""},
        {"no text where there may be none", &may, "may x", "x", "", "", ""},
        {"what is no setting there", &may, "may x via=y", "x", "", "via=y", ""},
        {"no text", &no, "no x b via=y", "x", "y", "", ""},

        {"nothing behind the word", &say, "say", "", "", "", "say: say TO"},
        {"no text", &say, "say x", "", "", "", "say: say TO"},
        {"a setting and no text", &say, "say x via=y", "", "", "", "say: say TO"},
        {"nothing behind the mark", &say, "say x :", "", "", "", "say: say TO"},
        {"a setting twice", &say, "say x via=y via=z hello", "", "", "", "say: say TO"},
        {"a setting of nothing", &say, "say x via= hello", "", "", "", "say: say TO"},
        {"a word too few", &no, "no x", "", "", "", "say: no A B"},
        {"a word too many", &no, "no x b c", "", "", "", "say: no A B"},
        {"a setting that it does not have", &no, "no x b of=y", "", "", "", "say: no A B"},
        {"a text behind a setting", &no, "no x b via=y c", "", "", "", "say: no A B"},
        {"no word", &may, "may  ", "", "", "", "say: may TO"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hotline_line got = {.settings = 99};
        struct err err = {0};
        bool ok = hotline_line_read(&got, cases[i].grammar, span_of(cases[i].line), &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        if (!ok) {
            CHECK_CASE(cases[i].name, err.kind == ERR_USAGE && got.settings == 99);
            continue;
        }
        CHECK_CASE(cases[i].name, span_is(got.word[0], cases[i].word));
        CHECK_CASE(cases[i].name, span_is(hotline_line_setting(&got, "via"), cases[i].via));
        CHECK_CASE(cases[i].name, span_is(got.text, cases[i].text));
    }
}

static void test_word(void **state)
{
    (void)state;
    assert_true(span_is(hotline_line_word(SPAN_LIT("  watch now")), "watch"));
    assert_true(hotline_line_word(SPAN_LIT(" \t\n")).len == 0);
    assert_true(hotline_line_word((struct span){0}).len == 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_line),
    cmocka_unit_test(test_word),
};

RUN_TESTS(tests)
