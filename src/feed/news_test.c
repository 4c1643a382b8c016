#include "feed/news.h"

#include "base/test.h"
#include "feed/invariants.h"
#include "feed/published.h"

#define MAPPING                                                                                    \
    "name='x'\n[origin]\npublisher='P'\nlicence='L'\ngroup='press/x'\n[property]\nid='id'\n"       \
    "text='text'\nheadline='title'\npublisher='by'\npublished='date'\nlanguage='lang'\nurl='url'"  \
    "\n"                                                                                           \
    "claimant='who'\nside='side'\nmatter='matter'\nsubject='of'\n"
#define WHOSE "{\"publisher\":\"P. Licence: L. One origin: press/x. Not graded.\"}"

static const struct remarks quiet = {0};

static bool read_text(struct span *out, const char *text, const char *mapping, struct arena *arena,
                      struct err *err)
{
    struct feed feed;
    size_t count;

    if (!news_open(&feed, "f.json", span_of(text), "m.toml", span_of(mapping), &quiet, arena, err))
        return false;
    *out = check_feed(&feed, &count, arena);
    feed_close(&feed);
    return true;
}

#define MAPPED(head, property)                                                                     \
    "name='x'\n" head "[origin]\npublisher='P'\nlicence='L'\ngroup='press/"                        \
    "x'\n[property]\n" property

/* The answers of others' services, cut to one item. */
static void test_published_by_others(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *mapping, *want;
    } cases[] = {
        {"ReliefWeb: under another name, and within members and lists",
         "{\"time\":7,\"links\":{},\"totalCount\":1,\"count\":1,\"data\":[{\"id\":\"4012345\","
         "\"score\":1,"
         "\"fields\":{\"title\":\"Flash Update #1\",\"body\":\"Shelling was reported.\",\"url\":"
         "\"https://reliefweb.int/node/4012345\",\"source\":[{\"id\":1503,\"name\":\"OCHA\"}],"
         "\"date\":{\"created\":\"2025-10-11T12:00:00+00:00\"},\"language\":[{\"code\":\"en\"}]}}]"
         "}",
         MAPPED("list='data'\n",
                "id='id'\ntext='fields.body'\nheadline='fields.title'\npublisher='fields.source.0."
                "name'"
                "\npublished='fields.date.created'\nlanguage='fields.language.0.code'\n"
                "url='fields.url'\n"),
         "\"sources\":[{\"headline\":\"Flash Update #1\",\"language\":\"en\",\"published\":"
         "\"2025-10-11T12:00:00+00:00\",\"publisher\":\"OCHA\",\"url\":"
         "\"https://reliefweb.int/node/4012345\"},"},
        {"GDELT: no text but a title, the address for an id",
         "{\"articles\":[{\"url\":\"https://e.example/a\",\"url_mobile\":\"\",\"title\":\"Border "
         "closed\","
         "\"seendate\":\"20251011T120000Z\",\"socialimage\":\"\",\"domain\":\"e.example\","
         "\"language\":"
         "\"Urdu\",\"sourcecountry\":\"Pakistan\"}]}",
         MAPPED("list='articles'\n",
                "id='url'\ntext='text'\nheadline='title'\npublisher='domain'\nurl='url'\n"),
         "incident.report news/x/https://e.example/a "},
        {"JSON Feed 1.1",
         "{\"version\":\"https://jsonfeed.org/version/"
         "1.1\",\"title\":\"F\",\"items\":[{\"id\":\"n1\","
         "\"content_html\":\"<p>Closed.</p>\",\"url\":\"https://e.example/n1\",\"date_published\":"
         "\"2025-10-11T12:00:00Z\",\"authors\":[{\"name\":\"A\"}]}]}",
         MAPPED("", "id='id'\ntext='content_html'\npublished='date_published'\n"
                    "publisher='authors.0.name'\nurl='url'\n"),
         "\"publisher\":\"A\""},
        {"a member whose name has a point goes first",
         "{\"id\":1,\"a.b\":\"T\",\"a\":{\"b\":\"U\"}}", MAPPED("", "id='id'\ntext='a.b'\n"),
         "\"summary\":\"T\""},
        {"an element that there is not is nothing", "{\"id\":1,\"t\":\"T\",\"by\":[]}",
         MAPPED("", "id='id'\ntext='t'\npublisher='by.0.name'\n"),
         "\"sources\":[" WHOSE "],\"summary\":\"T\"}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got;

        if (!read_text(&got, cases[i].text, cases[i].mapping, &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        if (!strstr(arena_text(&arena, got), cases[i].want))
            fail_msg("case \"%s\": %s not in %s", cases[i].name, cases[i].want,
                     arena_text(&arena, got));
        arena_free(&arena);
    }
}

static void test_accepts(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"what it states and no more", "{\"id\":\"1\",\"text\":\"T\",\"other\":[1.5,null]}",
         "incident.report news/x/1 "
         "{\"external_id\":\"news/x/1\",\"means\":\"press\",\"sources\":[" WHOSE
         "],\"summary\":\"T\"}\n"},
        {"its source, before who compiled it",
         "{\"id\":1,\"text\":\"T\",\"title\":\"H\",\"by\":\"B\",\"date\":\"2025-10-09\",\"lang\":"
         "\"ps\",\"url\":\"https://x\"}",
         "\"sources\":[{\"headline\":\"H\",\"language\":\"ps\",\"published\":\"2025-10-09\","
         "\"publisher\":\"B\",\"url\":\"https://x\"}," WHOSE "]"},
        {"null is nothing", "{\"id\":1,\"text\":\"T\",\"by\":null,\"title\":null}",
         "\"sources\":[" WHOSE "],\"summary\":\"T\"}"},
        {"a headline alone", "{\"id\":1,\"text\":null,\"title\":\"H\"}", "\"summary\":\"H\"}"},
        {"what came is kept beside what was mended", "{\"id\":1,\"text\":\"<b>Ø¯</b>\"}",
         "\"as_received\":\"<b>Ø¯</b>\",\"external_id\":\"news/x/"
         "1\",\"means\":\"press\",\"sources\":[" WHOSE
         "],\"summary\":\"د\\n\\n[text mended: HTML taken out; UTF-8 that was read as Windows-1252 "
         "undone]\"}"},
        {"a headline, too", "{\"id\":1,\"text\":\"T\",\"title\":\"A&amp;B\"}",
         "\"summary\":\"T\\n\\n[headline mended: HTML taken out]\"}"},
        {"as it came", "{\"id\":1,\"text\":\"T\",\"title\":\"A&amp;B\"}",
         "\"as_received\":\"A&amp;B\""},
        {"both as they came", "{\"id\":1,\"text\":\"<b>T</b>\",\"title\":\"A&amp;B\"}",
         "\"as_received\":\"A&amp;B\\n\\n<b>T</b>\""},
        {"an item that says who claims what of whom is a claim",
         "{\"id\":1,\"text\":\"T\",\"who\":\"W\",\"side\":\"PAK\",\"matter\":\"killed\",\"of\":"
         "\"Z\","
         "\"date\":\"2025-10-09\"}",
         "claim news/x/1 {\"channel\":\"press\",\"claimant\":\"W\",\"external_id\":\"news/x/1\","
         "\"made\":{\"at_ms\":1760011200000,\"basis\":\"document\",\"offset_min\":0,"
         "\"uncertainty_ms\":93600000},\"matter\":\"killed\",\"side\":\"PAK\""},
        {"a list", "[{\"id\":1,\"text\":\"T\"},{\"id\":2,\"text\":\"U\"}]", "news/x/2"},
        {"JSON Feed", "{\"version\":\"1\",\"items\":[{\"id\":3,\"text\":\"T\"}]}", "news/x/3"},
        {"lines", "{\"id\":1,\"text\":\"T\"}\n{\"id\":4,\"text\":\"U\"}\n", "news/x/4"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got;

        if (!read_text(&got, cases[i].text, MAPPING, &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        if (!strstr(arena_text(&arena, got), cases[i].want))
            fail_msg("case \"%s\": %s not in %s", cases[i].name, cases[i].want,
                     arena_text(&arena, got));
        arena_free(&arena);
    }
}

/* Who speaks is not yet who claims: one of four is missing, and there is no claim. */
static void test_invents_nothing(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "{\"id\":1,\"text\":\"23 killed\",\"who\":\"W\"}",
        "{\"id\":1,\"text\":\"T\",\"who\":\"W\",\"side\":\"PAK\",\"matter\":\"killed\"}",
        "{\"id\":1,\"text\":\"T\",\"who\":\"\",\"side\":\"P\",\"matter\":\"m\",\"of\":\"Z\"}",
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got;

        CHECK_CASE(cases[i], read_text(&got, cases[i], MAPPING, &arena, &err));
        CHECK_CASE(cases[i], !strstr(arena_text(&arena, got), "claim "));
        arena_free(&arena);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"nothing", "", "the file is empty"},
        {"no id", "{\"text\":\"T\"}", "line 1, column 1: has no id"},
        {"an id with a space", "{\"id\":\"a b\",\"text\":\"T\"}", "is no id"},
        {"no words", "{\"id\":1,\"text\":\"\"}", "has neither a text nor a headline"},
        {"only tags", "{\"id\":1,\"text\":\"<p></p>\"}", "has neither a text nor a headline"},
        {"a text that is a list", "{\"id\":1,\"text\":[\"T\"]}", "must be a text or a number"},
        {"a date with a space", "{\"id\":1,\"text\":\"T\",\"date\":\"9 October\"}",
         "\"published\" does not fit"},
        {"no object", "[\"T\"]", "column 2: an item must be an object"},
        {"an item twice", "{\"id\":1,\"text\":\"T\"}\n{\"id\":1,\"text\":\"U\"}",
         "line 2, column 1: its id stands in line 1 already"},
        {"a line cut off", "{\"id\":1,\"text\":\"T\"}\n{\"id\":2,\"te", "line 2, column 9: this"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got;

        CHECK_CASE(cases[i].name, !read_text(&got, cases[i].text, MAPPING, &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

/* Longer than a record may hold: cut, with the hash of all of it. */
static void test_long(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf text = buf_in(&arena, SIZE_MAX);
    struct err err = {0};
    struct span got;

    buf_text(&text, "{\"id\":1,\"text\":\"<p>");
    for (int i = 0; i < 5000; i++)
        buf_text(&text, "ستا ښار ");
    buf_text(&text, "\"}");
    buf_byte(&text, 0);
    assert_true(read_text(&got, (const char *)buf_span(&text).at, MAPPING, &arena, &err));
    assert_non_null(
        strstr(arena_text(&arena, got), "as received it has 70003 bytes with SHA-256 "));
    arena_free(&arena);
}

/* The same words, as they were and damaged: mended, each says what the other does. */
static void test_published(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct span whole = read_published("data/news/official_statements.jsonl", &arena), damaged;
    struct span mapping = read_published("data/news/damaged.toml", &arena);
    const char *toml = arena_text(&arena, mapping);
    static const char *const words[] = {"د کابل په ښار کې د یوې چاودنې غږ",
                                        "Tarafların barışın sağlanmasını",
                                        "على وقف فوري لإطلاق النار", "don’t worry"};

    assert_true(read_text(&whole, arena_text(&arena, whole), toml, &arena, &err));
    damaged = read_published("data/news/damaged.jsonl", &arena);
    assert_true(read_text(&damaged, arena_text(&arena, damaged), toml, &arena, &err));
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        CHECK_CASE(words[i], strstr(arena_text(&arena, damaged), words[i]));
    assert_null(strstr(arena_text(&arena, whole), "as_received"));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_accepts),
    cmocka_unit_test(test_published_by_others),
    cmocka_unit_test(test_invents_nothing),
    cmocka_unit_test(test_refuses),
    cmocka_unit_test(test_long),
    cmocka_unit_test(test_published),
};

RUN_TESTS(tests)
