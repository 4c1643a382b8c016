#include "feed/daily.h"

#include "base/test.h"
#include "feed/invariants.h"

#define HEAD                                                                                       \
    "observer_position,event_location,how,number,observation,description,weapon,date,time,tz\n"
#define ROW(how, number, observation, date, time, tz)                                              \
    HEAD "Hill 12,\"3-6km SE\"," how "," number "," observation ",undetermined,N/K," date "," time \
         "," tz "\n"
#define SAID(number) ROW("Heard", number, "Explosion", "2021-07-07", "19:05", "UTC")
#define AT(date, time, tz) ROW("Heard", "1", "Explosion", date, time, tz)
#define TIME(at, offset, off)                                                                      \
    "\"at\":{\"at_ms\":" at ",\"basis\":\"document\",\"offset_min\":" offset                       \
    ",\"uncertainty_ms\":" off "}"

static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        const char *item;    /* part of what becomes of it */
        const char *without; /* and no part of it */
    } cases[] = {
        {"what was perceived", SAID("3"), "\"summary\":\"Explosion; undetermined\"",
         "incident.open"},
        {"where, and from where", SAID("3"),
         "\"observer_place\":\"Hill 12\",\"place_name\":\"3-6km SE\"", "lat_e7"},
        {"by what weapon", SAID("3"), "\"weapon\":\"N/K\"", "\"act\""},
        {"a count", SAID("3"), "\"count_max\":3,\"count_min\":3,", "at_least"},
        {"it is exact", SAID("3"), "\"hedge\":\"exact\"", "about"},
        {"none, counted", SAID("0"), "\"count_max\":0,\"count_min\":0,", "at_least"},
        {"blank is not zero", SAID(""), "incident.observe daily/2021-07-07/", "count_"},
        {"nor hedged", SAID(""), "\"means\":\"heard\"", "hedge"},
        {"a range", SAID("3-5"), "\"count_max\":5,\"count_min\":3,", "hedge"},
        {"at least", SAID("at least 20"), "\"count_min\":20,", "count_max"},
        {"more, by a sign", SAID("20+"), "\"count_min\":20,", "count_max"},
        {"about", SAID("about 30"), "\"count_max\":30,\"count_min\":30,", "exact"},
        {"about, by a sign", SAID("~30"), "\"hedge\":\"about\"", "exact"},
        {"uncountable", SAID("Uncountable"), "\"hedge\":\"uncountable\"", "count_m"},
        {"heard", SAID("1"), "\"verb\":\"heard\"", "saw"},
        {"seen", ROW("saw", "1", "Flash", "2021-07-07", "19:05", ""), "\"means\":\"saw\"", "heard"},
        {"recorded by a camera", ROW("Camera", "1", "Flash", "2021-07-07", "19:05", ""),
         "\"means\":\"camera\"", "heard"},
        {"told", ROW("told", "1", "Shots", "2021-07-07", "19:05", ""), "\"verb\":\"was_told\"",
         "heard"},
        {"a minute, within five", AT("2021-07-07", "19:05", "UTC"),
         TIME("1625684730000", "0", "330000"), "dataset"},
        {"in its zone", AT("2021-07-07", "19:05", "EEST"), TIME("1625673930000", "180", "330000"),
         "dataset"},
        {"a while", AT("2021-07-07", "19:05-19:15", "UTC"), TIME("1625685030000", "0", "630000"),
         "dataset"},
        {"past midnight", AT("2021-07-07", "23:55-00:05", "UTC"),
         TIME("1625702430000", "0", "630000"), "dataset"},
        {"no time is a day", AT("2021-07-07", "", "UTC"), TIME("1625659200000", "0", "43200000"),
         "dataset"},
        {"no zone is in doubt", AT("2021-07-07", "19:05", ""),
         TIME("1625684730000", "0", "50730000"), "dataset"},
        {"its own number",
         "id,observer_position,event_location,how,number,observation,description,weapon,date,time\n"
         "157/4,,Road,saw,1,Shot,,,2021-07-07,19:05\n",
         "incident.observe daily/157/4 {", "weapon"},
        {"nothing in the table", HEAD, "", "incident"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        const struct remarks quiet = {0};
        struct err err = {0};
        struct feed feed;
        size_t count;

        if (!daily_open(&feed, "f.csv", span_of(cases[i].text), &quiet, &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        const char *items = arena_text(&arena, check_feed(&feed, &count, &arena));
        if (!strstr(items, cases[i].item) || strstr(items, cases[i].without))
            fail_msg("case \"%s\": %s", cases[i].name, items);
        feed_close(&feed);
        arena_free(&arena);
    }
}

static void test_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"an empty file", "", "line 1, column 1: the file is empty"},
        {"another table", "report_no,issued,region,violations\n",
         "\"observer_position\" is missing"},
        {"no number column",
         "observer_position,event_location,how,observation,description,weapon,date,time\n",
         "\"number\" is missing"},
        {"a column twice", "how,how\n", "line 1, column 5: \"how\" is there twice"},
        {"a row cut off", HEAD "Hill 12,Road,heard,3\n", "line 2, column 20: the row ends after 4"},
        {"an open quote", HEAD "\"Hill 12,Road\n", "line 2, column 1: this quote is not closed"},
        {"no UTF-8", HEAD "Hill \xff\n", "not UTF-8"},
        {"no place", HEAD "Hill 12,,heard,3,Shot,,,2021-07-07,19:05,\n",
         "\"event_location\" is empty"},
        {"no way", ROW("", "1", "Shot", "2021-07-07", "", ""), "\"how\" is empty"},
        {"two ways", ROW("heard and saw", "1", "Shot", "2021-07-07", "", ""), "\"how\" is none of"},
        {"an opinion", ROW("assessed", "1", "Shot", "2021-07-07", "", ""), "\"how\" is none of"},
        {"a dash for a number", SAID("-"), "line 2, column 26: \"number\" must be a whole number"},
        {"a negative number", SAID("-3"), "\"number\" must be"},
        {"words for a number", SAID("several"), "\"number\" must be"},
        {"half a shot", SAID("1.5"), "\"number\" must be"},
        {"a range the other way", SAID("5-3"), "\"number\" must be"},
        {"a range without an end", SAID("5-"), "\"number\" must be"},
        {"three ends", SAID("1-2-3"), "\"number\" must be"},
        {"at least how many", SAID("at least "), "\"number\" must be"},
        {"two hedges", SAID("~20+"), "\"number\" must be"},
        {"a leading zero", SAID("007"), "\"number\" must be"},
        {"beyond 2^53", SAID("9007199254740993"), "\"number\" must be"},
        {"a space", SAID("3 "), "\"number\" must be"},
        {"nothing perceived", ROW("heard", "1", "", "2021-07-07", "", ""),
         "\"observation\" is empty"},
        {"no day", AT("", "19:05", ""), "\"date\" is empty"},
        {"no such day", AT("2021-02-29", "19:05", ""), "\"date\" must be a date that exists"},
        {"a day the other way", AT("07.07.2021", "19:05", ""), "\"date\" must be a date"},
        {"hour 24", AT("2021-07-07", "24:00", ""), "\"time\" must be HH:MM"},
        {"minute 60", AT("2021-07-07", "19:60", ""), "\"time\" must be HH:MM"},
        {"no zero before it", AT("2021-07-07", "9:05", ""), "\"time\" must be HH:MM"},
        {"seconds too", AT("2021-07-07", "19:05:30", ""), "\"time\" must be HH:MM"},
        {"part of the day", AT("2021-07-07", "evening", ""), "\"time\" must be HH:MM"},
        {"half a while", AT("2021-07-07", "19:05-", ""), "\"time\" must be HH:MM"},
        {"one row twice",
         SAID("3") "Hill 12,\"3-6km SE\",Heard,4,Explosion,undetermined,N/K,2021-07-07,19:05,UTC\n",
         "line 3, column 1: daily/2021-07-07/"},
        {"two rows damaged", AT("2021-07-07", "19", "") "a,b,smelt,,c,,,2021-07-07,,\n",
         "2 rows are damaged; the first: f.csv: line 2, column"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        const struct remarks quiet = {0};
        struct err err = {0};
        struct feed feed = {.source = "untouched"};

        CHECK_CASE(cases[i].name,
                   !daily_open(&feed, "f.csv", span_of(cases[i].text), &quiet, &arena, &err));
        if (!strstr(err.text, cases[i].fault) || !strstr(err.text, "f.csv: line "))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, strcmp(feed.source, "untouched") == 0);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_read),
    cmocka_unit_test(test_refuse),
};

RUN_TESTS(tests)
