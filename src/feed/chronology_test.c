#include "feed/chronology.h"

#include "base/test.h"
#include "feed/invariants.h"
#include "feed/published.h"

#define EVENTS                                                                                     \
    "event_id,date_start,date_end,time_local,tz,utc_if_known,place,admin1,territory,lat,lon,"      \
    "geo_precision,event_type,phase,in_dispute,third_party,summary,source_ids\n"
#define CLAIMS                                                                                     \
    "claim_id,event_id,claimant,claimant_side,about,subject,value_min,value_max,qualifier,"        \
    "date_made,paraphrase,supersedes,source_ids\n"
#define SOURCES                                                                                    \
    "source_id,publisher,published,language,url\n"                                                 \
    "s1,The Post,2025-10-10,en,https://example.org/1\n"                                            \
    "s2,Die Zeitung,,,\n"
#define EVENT "x,2025-10-11,,,,,,,,,,,,,,,,\n"

static bool open_texts(struct feed *out, const char *events, const char *claims,
                       const char *sources, struct arena *arena, struct err *err)
{
    const struct chronology_text text = {span_of(events), span_of(claims), span_of(sources)};
    const struct remarks quiet = {0};

    return chronology_open(out, &text, &quiet, arena, err);
}

/* The fields of one item, as canonical JSON; empty when there is none. */
static struct span item_fields(struct feed *feed, const char *kind, const char *id,
                               struct arena *arena)
{
    struct feed_item item;
    struct err err = {0};
    bool more;

    feed_rewind(feed);
    while (feed_next(feed, &item, &more, &err) && more)
        if (strcmp(item.kind, kind) == 0 && span_is(item.external_id, id))
            return json_bytes(&item.flat, arena);
    return (struct span){0};
}

/* --- what rows become --- */

#define DAY(at)                                                                                    \
    "{\"at_ms\":" at ",\"basis\":\"press\",\"offset_min\":0,\"uncertainty_ms\":43200000}"

static void test_event(void **state)
{
    (void)state;
    static const struct {
        const char *name, *row;
        const char *open, *report; /* parts of the fields */
    } cases[] = {
        {"as little as may be", EVENT, "\"title\":\"2025-10-11\"",
         "{\"external_id\":\"chronology/x\",\"means\":\"press\",\"start\":{\"at_ms\":1760184000000,"
         "\"basis\":\"press\",\"offset_min\":0,\"uncertainty_ms\":93600000}}"},
        {"words", "x,2025-10-11,,,,,Here,There,AFG,,,,raid,early,a; b,UN,What,\n",
         "\"title\":\"Here, 2025-10-11\"",
         "{\"admin\":\"There\",\"disputed\":[\"a\",\"b\"],\"external_id\":\"chronology/x\","
         "\"means\":\"press\",\"phase\":\"early\",\"place_name\":\"Here\",\"start\":{\"at_ms\":"
         "1760184000000,\"basis\":\"press\",\"offset_min\":0,\"uncertainty_ms\":93600000},"
         "\"summary\":\"What\",\"territory\":\"AFG\",\"third_party\":\"UN\",\"type\":\"raid\"}"},
        {"days in a zone", "x,2025-10-11,2025-10-12,,PKT,,Here,,,,,,,,,,,\n",
         "\"title\":\"Here, 2025-10-11/2025-10-12\"",
         "\"end\":{\"at_ms\":1760252400000,\"basis\":\"press\",\"offset_min\":300,"
         "\"uncertainty_ms\":43200000},"},
        {"a day in a zone is that day there", "x,2025-10-11,2025-10-11,,AFT,,,,,,,,,,,,,\n",
         "\"title\":\"2025-10-11\"",
         "\"start\":{\"at_ms\":1760167800000,\"basis\":\"press\",\"offset_min\":270,"
         "\"uncertainty_ms\":43200000}"},
        {"a known moment", "x,2025-10-09,,21:50,AFT,2025-10-09T17:20Z,,,,,,,,,,,,\n", "",
         "\"start\":{\"at_ms\":1760030400000,\"basis\":\"press\",\"offset_min\":270,"
         "\"uncertainty_ms\":1800000},\"time_text\":\"21:50 (AFT)\""},
        {"it ends after it began", "x,2025-10-09,2025-10-09,,AFT,2025-10-09T17:20Z,,,,,,,,,,,,\n",
         "",
         "\"end\":{\"at_ms\":1760034300000,\"basis\":\"press\",\"offset_min\":270,"
         "\"uncertainty_ms\":3900000}"},
        {"a moment is in no doubt", "x,2025-10-09,,,,2025-10-09T17:20Z,,,,,,,,,,,,\n", "",
         "\"start\":{\"at_ms\":1760030400000,\"basis\":\"press\",\"offset_min\":0,"
         "\"uncertainty_ms\":1800000}"},
        {"a zone that nobody knows", "x,2025-10-09,,dawn,Here/There,,,,,,,,,,,,,\n", "",
         "\"uncertainty_ms\":93600000},\"time_text\":\"dawn (Here/There)\""},
        {"a time without a zone", "x,2025-10-09,,dawn,,,,,,,,,,,,,,\n", "",
         "\"time_text\":\"dawn\""},
        {"an exact place", "x,2025-10-11,,,,,,,,31.00575,66.40001,1,,,,,,\n", "",
         "\"lat_e7\":310057500,\"lon_e7\":664000100,\"means\":\"press\",\"position_basis\":"
         "\"geo_precision 1: exact place\",\"start\":{"},
        {"a town", "x,2025-10-11,,,,,,,,31,66,2,,,,,,\n", "", ",\"uncertainty_m\":15000}"},
        {"a district", "x,2025-10-11,,,,,,,,31,66,3,,,,,,\n", "", ",\"uncertainty_m\":50000}"},
        {"a front", "x,2025-10-11,,,,,,,,31,66,4,,,,,,\n", "", ",\"uncertainty_m\":200000}"},
        {"south and west", "x,2025-10-11,,,,,,,,-31,-66,1,,,,,,\n", "",
         "\"lat_e7\":-310000000,\"lon_e7\":-660000000"},
        {"nowhere", "x,2025-10-11,,,,,,,,,,9,,,,,,\n", "", "\"means\":\"press\",\"start\""},
        {"sources", "x,2025-10-11,,,,,,,,,,,,,,,,s2; s1\n", "",
         "\"sources\":[{\"id\":\"s2\",\"publisher\":\"Die Zeitung\"},{\"id\":\"s1\",\"language\":"
         "\"en\",\"published\":\"2025-10-10\",\"publisher\":\"The Post\",\"url\":"
         "\"https://example.org/1\"}]"},
        {"other scripts", "x,2025-10-11,,,,,چمن,,,,,,,,,,\"ایک, دو\",\n",
         "\"title\":\"چمن, 2025-10-11\"", "\"summary\":\"ایک, دو\""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct feed feed;

        if (!open_texts(&feed, arena_printf(&arena, "%s%s", EVENTS, cases[i].row), CLAIMS, SOURCES,
                        &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        const char *open =
            arena_text(&arena, item_fields(&feed, "incident.open", "chronology/x", &arena));
        const char *report =
            arena_text(&arena, item_fields(&feed, "incident.report", "chronology/x", &arena));
        if (!strstr(open, cases[i].open) || !strstr(report, cases[i].report))
            fail_msg("case \"%s\":\n%s\n%s", cases[i].name, open, report);
        arena_free(&arena);
    }
}

#define CLAIM_HEAD "{\"channel\":\"press\",\"claimant\":\"MoD\",\"external_id\":\"chronology/c\","
#define CLAIM_TAIL "\"side\":\"B\",\"subject\":\"them\"}"

static void test_claim(void **state)
{
    (void)state;
    static const struct {
        const char *name, *row, *fields;
    } cases[] = {
        {"as little as may be", "c,x,MoD,B,killed,them,,,,,,,\n",
         CLAIM_HEAD "\"matter\":\"killed\"," CLAIM_TAIL},
        {"one figure", "c,x,MoD,B,killed,them,23,23,exact,,,,\n",
         CLAIM_HEAD
         "\"matter\":\"killed\",\"max\":23,\"min\":23,\"qualifier\":\"exact\"," CLAIM_TAIL},
        {"open-ended", "c,x,MoD,B,killed,them,200,,more_than,,,,\n",
         CLAIM_HEAD "\"matter\":\"killed\",\"min\":200,\"qualifier\":\"more_than\"," CLAIM_TAIL},
        {"only an upper end", "c,x,MoD,B,killed,them,,7,,,,,\n",
         CLAIM_HEAD "\"matter\":\"killed\",\"max\":7," CLAIM_TAIL},
        {"zero is a figure", "c,x,MoD,B,killed,them,0,0,,,,,\n",
         CLAIM_HEAD "\"matter\":\"killed\",\"max\":0,\"min\":0," CLAIM_TAIL},
        {"the largest", "c,x,MoD,B,killed,them,9007199254740991,,,,,,\n",
         CLAIM_HEAD "\"matter\":\"killed\",\"min\":9007199254740991," CLAIM_TAIL},
        {"a day", "c,x,MoD,B,killed,them,,,,2025-10-12,,,\n",
         CLAIM_HEAD "\"made\":" DAY("1760270400000") ",\"matter\":\"killed\"," CLAIM_TAIL},
        {"a word that nobody knows", "c,x,MoD,B,weather,them,,,,,,,\n",
         CLAIM_HEAD "\"matter\":\"weather\"," CLAIM_TAIL},
        {"words", "c,x,MoD,B,terms,them,,,,,\"said \"\"so\"\", they say\",,s1\n",
         CLAIM_HEAD "\"matter\":\"terms\",\"side\":\"B\",\"sources\":[{\"id\":\"s1\",\"language\":"
                    "\"en\",\"published\":\"2025-10-10\",\"publisher\":\"The Post\",\"url\":"
                    "\"https://example.org/1\"}],\"statement\":\"said \\\"so\\\", they say\","
                    "\"subject\":\"them\"}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct feed feed;

        if (!open_texts(&feed, EVENTS EVENT, arena_printf(&arena, "%s%s", CLAIMS, cases[i].row),
                        SOURCES, &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        struct span fields = item_fields(&feed, "claim", "chronology/c", &arena);
        if (!span_is(fields, cases[i].fields))
            fail_msg("case \"%s\":\n%.*s", cases[i].name, SPAN_ARG(fields));
        arena_free(&arena);
    }
}

/* --- in which order --- */

static void test_order(void **state)
{
    (void)state;
    static const struct {
        const char *name, *events, *claims, *order;
    } cases[] = {
        {"nothing", "", "", ""},
        {"an event alone", EVENT, "", "+x "},
        {"events by day, then id",
         "b,2025-01-02,,,,,,,,,,,,,,,,\na,2025-01-02,,,,,,,,,,,,,,,,\nc,2025-01-01,,,,,,,,,,,,,,,,"
         "\n",
         "", "+c +a +b "},
        {"claims by day made, then id, whatever their event",
         "e,2025-01-01,,,,,,,,,,,,,,,,\nf,2025-01-09,,,,,,,,,,,,,,,,\n",
         "c3,e,M,B,k,s,,,,2025-01-05,,,\nc2,f,M,B,k,s,,,,2025-01-05,,,\n"
         "c1,e,M,B,k,s,,,,2025-01-06,,,\n",
         "+f c2 +e c3 c1 "},
        {"an event that nobody speaks of keeps its day",
         "e,2025-01-01,,,,,,,,,,,,,,,,\nf,2025-01-03,,,,,,,,,,,,,,,,\n",
         "c1,e,M,B,k,s,,,,2025-01-02,,,\nc2,e,M,B,k,s,,,,2025-01-04,,,\n", "+e c1 +f c2 "},
        {"a claim without a day has its event's", "e,2025-01-05,,,,,,,,,,,,,,,,\n",
         "c1,e,M,B,k,s,,,,2025-01-06,,,\nc2,e,M,B,k,s,,,,,,,\n", "+e c2 c1 "},
        {"a revision", "e,2025-01-01,,,,,,,,,,,,,,,,\n",
         "c1,e,M,B,k,s,,,,2025-01-01,,,\nc2,e,M,B,k,s,,,,2025-01-02,,c1,\n", "+e c1 c2>c1 "},
        {"of another event, and further down in the file",
         "e,2025-01-01,,,,,,,,,,,,,,,,\nf,2025-01-02,,,,,,,,,,,,,,,,\n",
         "c2,f,M,B,k,s,,,,2025-01-02,,c1,\nc1,e,M,B,k,s,,,,2025-01-01,,,\n", "+e c1 +f c2>c1 "},
        {"revised twice", "e,2025-01-01,,,,,,,,,,,,,,,,\n",
         "c1,e,M,B,k,s,,,,2025-01-01,,,\nc2,e,M,B,k,s,,,,2025-01-01,,c1,\n"
         "c3,e,M,B,k,s,,,,2025-01-02,,c2,\n",
         "+e c1 c2>c1 c3>c2 "},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf order = buf_in(&arena, 1000);
        struct err err = {0};
        struct feed feed;
        struct feed_item item;
        size_t count;
        bool more;

        if (!open_texts(&feed, arena_printf(&arena, "%s%s", EVENTS, cases[i].events),
                        arena_printf(&arena, "%s%s", CLAIMS, cases[i].claims), SOURCES, &arena,
                        &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        check_feed(&feed, &count, &arena);
        while (feed_next(&feed, &item, &more, &err) && more) {
            struct span id = span_from(item.external_id, strlen("chronology/"));

            if (strcmp(item.kind, "incident.open") == 0) {
                buf_printf(&order, "+%.*s ", SPAN_ARG(id));
            } else if (strcmp(item.kind, "incident.report") == 0) {
                CHECK_CASE(cases[i].name, span_equal(item.incident, item.external_id));
            } else {
                buf_put(&order, id);
                if (item.supersedes.len)
                    buf_printf(&order, ">%.*s",
                               SPAN_ARG(span_from(item.supersedes, strlen("chronology/"))));
                buf_byte(&order, ' ');
            }
        }
        if (!span_is(buf_span(&order), cases[i].order))
            fail_msg("case \"%s\": %.*s", cases[i].name, SPAN_ARG(buf_span(&order)));
        arena_free(&arena);
    }
}

/* --- what is refused, and where --- */

#define LONG_65 "ooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo"
#define LONG_101 LONG_65 "oooooooooooooooooooooooooooooooooooo"

/* The fault is told of this file, and nothing was opened. */
static void check_refused(const char *name, const char *events, const char *claims,
                          const char *sources, const char *file, const char *fault)
{
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed = {.source = "untouched"};

    CHECK_CASE(name, !open_texts(&feed, events, claims, sources, &arena, &err));
    if (!strstr(err.text, arena_printf(&arena, "%s: %s", file, fault)))
        fail_msg("case \"%s\": %s", name, err.text);
    CHECK_CASE(name, strcmp(feed.source, "untouched") == 0);
    arena_free(&arena);
}

/* A row behind its header. */
static void check_row_refused(const char *name, const char *header, const char *rows,
                              const char *fault)
{
    struct arena arena = {0};
    const char *text = arena_printf(&arena, "%s%s", header, rows);

    if (strcmp(header, EVENTS) == 0)
        check_refused(name, text, CLAIMS, SOURCES, "events.csv", fault);
    else
        check_refused(name, EVENTS EVENT, text, SOURCES, "claims.csv", fault);
    arena_free(&arena);
}

static void test_refuse_event(void **state)
{
    (void)state;
    static const struct {
        const char *name, *row, *fault;
    } cases[] = {
        {"no id", ",2025-10-11,,,,,,,,,,,,,,,,\n", "line 2, column 1: \"event_id\" is empty"},
        {"an id with a space", "x y,2025-10-11,,,,,,,,,,,,,,,,\n",
         "line 2, column 1: \"event_id\" is no id: \"external_id\" must be printable ASCII"},
        {"an id that is too long", LONG_101 ",2025-10-11,,,,,,,,,,,,,,,,\n",
         "line 2, column 1: \"event_id\" is no id"},
        {"an id twice", EVENT "y,2025-10-11,,,,,,,,,,,,,,,,\n" EVENT,
         "line 4, column 1: \"event_id\" stands in line 2 already"},
        {"no first day", "x,,,,,,,,,,,,,,,,,\n", "line 2, column 3: \"date_start\" is empty"},
        {"a day that is not", "x,2025-02-30,,,,,,,,,,,,,,,,\n",
         "line 2, column 3: \"date_start\" must be a date that exists"},
        {"a last day that is not", "x,2025-10-11,2025-10-32,,,,,,,,,,,,,,,\n",
         "line 2, column 14: \"date_end\" must be a date that exists"},
        {"before every calendar", "x,0001-01-01,,,,,,,,,,,,,,,,\n",
         "line 2, column 3: \"date_start\" does not fit: \"start\": \"at_ms\" must be"},
        {"behind every calendar", "x,2025-10-11,9999-12-31,,,,,,,,,,,,,,,\n",
         "line 2, column 14: \"date_end\" does not fit: \"end\": \"at_ms\" must be"},
        {"it ends before it starts", "x,2025-10-11,2025-10-10,,,,,,,,,,,,,,,\n",
         "line 2, column 14: \"date_end\" is before the first day"},
        {"a moment that is not", "x,2025-10-11,,,,2025-10-11T24:01Z,,,,,,,,,,,,\n",
         "line 2, column 17: \"utc_if_known\" must be a time that exists"},
        {"a moment without a zone", "x,2025-10-11,,,,2025-10-11T17:20,,,,,,,,,,,,\n",
         "line 2, column 17: \"utc_if_known\" must be a time"},
        {"a moment of another week", "x,2025-10-11,,,UTC,2025-10-14T00:00Z,,,,,,,,,,,,\n",
         "line 2, column 20: \"utc_if_known\" is more than a day off the days of the event"},
        {"a moment of the week before", "x,2025-10-11,,,UTC,2025-10-09T23:59Z,,,,,,,,,,,,\n",
         "line 2, column 20: \"utc_if_known\" is more than a day off"},
        {"half a position", "x,2025-10-11,,,,,,,,31,,2,,,,,,\n",
         "line 2, column 24: \"lon\" is empty, and the other half"},
        {"the other half", "x,2025-10-11,,,,,,,,,66,2,,,,,,\n",
         "line 2, column 21: \"lat\" is empty, and the other half"},
        {"no precision", "x,2025-10-11,,,,,,,,31,66,,,,,,,\n",
         "line 2, column 27: \"geo_precision\" is empty beside a position"},
        {"a precision of no kind", "x,2025-10-11,,,,,,,,31,66,5,,,,,,\n",
         "line 2, column 27: \"geo_precision\" is no code of this source"},
        {"such a one without a position", "x,2025-10-11,,,,,,,,,,0,,,,,,\n",
         "line 2, column 23: \"geo_precision\" is no code"},
        {"a place at no place", "x,2025-10-11,,,,,,,,31,66,9,,,,,,\n",
         "line 2, column 27: \"geo_precision\" says that there is no place"},
        {"beyond the pole", "x,2025-10-11,,,,,,,,90.5,66,2,,,,,,\n",
         "line 2, column 21: \"lat\" must be a decimal number from -90 to 90"},
        {"beyond the date line", "x,2025-10-11,,,,,,,,31,-180.1,2,,,,,,\n",
         "line 2, column 24: \"lon\" must be a decimal number from -180 to 180"},
        {"no number", "x,2025-10-11,,,,,,,,31N,66,2,,,,,,\n",
         "line 2, column 21: \"lat\" must be a decimal number"},
        {"a source that is not there", "x,2025-10-11,,,,,,,,,,,,,,,,s1;s9\n",
         "line 2, column 29: \"source_ids\" names source number 2, which is not in sources.csv"},
        {"an empty source", "x,2025-10-11,,,,,,,,,,,,,,,,s1;\n",
         "line 2, column 29: \"source_ids\" has an empty item"},
        {"an empty matter", "x,2025-10-11,,,,,,,,,,,,,;a,,,\n",
         "line 2, column 26: \"in_dispute\" has an empty item"},
        {"a matter that is too long", "x,2025-10-11,,,,,,,,,,,,," LONG_65 ",,,\n",
         "line 2, column 26: \"in_dispute\" does not fit: \"disputed\" number 1"},
        {"a type that is too long", "x,2025-10-11,,,,,,,,,,," LONG_65 ",,,,,\n",
         "line 2, column 24: \"event_type\" does not fit: \"type\" must be 1 to 64 bytes long"},
        {"the second row", "x,2025-10-11,,,,,,,,,,,,,,,,\ny,2025-10-11,,,,,,,,x,,,,,,,,\n",
         "line 3, column 21: \"lat\" must be"},
        {"columns count characters", "x,2025-10-11,,,,,صلح,,,x,,,,,,,,\n",
         "line 2, column 24: \"lat\" must be"},
        {"lines count in quotes", "x,2025-10-11,,\"a\nb\nc\",,,,,,x,,,,,,,,\n",
         "line 4, column 9: \"lat\" must be"},
        {"a cell too few", "x,2025-10-11,,,,,,,,,,,,,,,\n",
         "line 2, column 28: the row ends after 17 of 18"},
        {"a cell too many", "x,2025-10-11,,,,,,,,,,,,,,,,,\n", "line 2, column 30: more than 18"},
        {"a quote left open", "x,2025-10-11,,,,,\"Here,,,,,,,,,,,\n" EVENT,
         "line 2, column 18: this quote is not closed"},
        {"not UTF-8", "x,2025-10-11,,,,,H\xe9re,,,,,,,,,,,\n", "line 2, column 19: not UTF-8"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check_row_refused(cases[i].name, EVENTS, cases[i].row, cases[i].fault);
}

static void test_refuse_claim(void **state)
{
    (void)state;
    static const struct {
        const char *name, *rows, *fault;
    } cases[] = {
        {"no id", ",x,M,B,k,s,,,,,,,\n", "line 2, column 1: \"claim_id\" is empty"},
        {"an id twice", "c,x,M,B,k,s,,,,,,,\nc,x,M,B,k,s,,,,,,,\n",
         "line 3, column 1: \"claim_id\" stands in line 2 already"},
        {"no event", "c,,M,B,k,s,,,,,,,\n", "line 2, column 3: \"event_id\" is empty"},
        {"an event that is not there", "c,y,M,B,k,s,,,,,,,\n",
         "line 2, column 3: \"event_id\" is in no row of events.csv"},
        {"nobody", "c,x,,B,k,s,,,,,,,\n", "line 2, column 5: \"claimant\" is empty"},
        {"no side", "c,x,M,,k,s,,,,,,,\n", "line 2, column 7: \"claimant_side\" is empty"},
        {"about nothing", "c,x,M,B,,s,,,,,,,\n", "line 2, column 9: \"about\" is empty"},
        {"of nobody", "c,x,M,B,k,,,,,,,,\n", "line 2, column 11: \"subject\" is empty"},
        {"a side that is too long", "c,x,M," LONG_65 ",k,s,,,,,,,\n",
         "line 2, column 7: \"claimant_side\" does not fit: \"side\" must be 1 to 64 bytes"},
        {"a negative figure", "c,x,M,B,k,s,-1,,,,,,\n",
         "line 2, column 13: \"value_min\" must be a whole number from 0 to 9007199254740991"},
        {"a fraction", "c,x,M,B,k,s,1.5,,,,,,\n", "line 2, column 13: \"value_min\" must be"},
        {"a word", "c,x,M,B,k,s,many,,,,,,\n", "line 2, column 13: \"value_min\" must be"},
        {"a figure beyond 2^53", "c,x,M,B,k,s,1,9007199254740992,,,,,\n",
         "line 2, column 15: \"value_max\" must be a whole number"},
        {"a range that runs backwards", "c,x,M,B,k,s,30,25,,,,,\n",
         "line 2, column 16: \"value_max\" is smaller than \"value_min\""},
        {"a day that is not", "c,x,M,B,k,s,,,,2025-11-31,,,\n",
         "line 2, column 16: \"date_made\" must be a date that exists"},
        {"a day before every calendar", "c,x,M,B,k,s,,,,0001-01-01,,,\n",
         "line 2, column 16: \"date_made\" does not fit: \"made\": \"at_ms\" must be"},
        {"it supersedes nothing", "c,x,M,B,k,s,,,,,,d,\n",
         "line 2, column 18: \"supersedes\" is in no row of claims.csv"},
        {"it supersedes itself", "c,x,M,B,k,s,,,,,,c,\n",
         "line 2, column 18: \"supersedes\" must name an earlier claim"},
        {"it supersedes what comes later",
         "c,x,M,B,k,s,,,,2025-01-01,,d,\nd,x,M,B,k,s,,,,2025-01-02,,,\n",
         "line 2, column 28: \"supersedes\" must name an earlier claim"},
        {"of one day, but a later id",
         "d,x,M,B,k,s,,,,2025-01-01,,,\nc,x,M,B,k,s,,,,2025-01-01,,d,\n",
         "line 3, column 28: \"supersedes\" must name an earlier claim"},
        {"each the other", "c,x,M,B,k,s,,,,,,d,\nd,x,M,B,k,s,,,,,,c,\n",
         "line 2, column 18: \"supersedes\" must name an earlier claim"},
        {"it was superseded already",
         "c,x,M,B,k,s,,,,,,,\nd,x,M,B,k,s,,,,,,c,\ne,x,M,B,k,s,,,,,,c,\n",
         "line 4, column 18: \"supersedes\" names a claim that line 3 supersedes already"},
        {"a source that is not there", "c,x,M,B,k,s,,,,,,,s3\n",
         "line 2, column 19: \"source_ids\" names source number 1"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check_row_refused(cases[i].name, CLAIMS, cases[i].rows, cases[i].fault);
}

static void test_refuse_source(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"no table", "", "line 1, column 1: the file is empty"},
        {"a column is missing", "source_id,publisher,published,language\n",
         "line 1, column 1: \"url\" is missing"},
        {"no id", SOURCES ",P,,,\n", "line 4, column 1: \"source_id\" is empty"},
        {"an id with a space", SOURCES "s 3,P,,,\n",
         "line 4, column 1: \"source_id\" does not fit"},
        {"an id twice", SOURCES "s1,P,,,\n", "line 4, column 1: \"source_id\" stands in line 2"},
        {"a day that is not", SOURCES "s3,P,2025-02-29,,\n",
         "line 4, column 6: \"published\" must be a date or a time that exists"},
        {"a language with a space", SOURCES "s3,P,,en ur,\n",
         "line 4, column 7: \"language\" does not fit"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check_refused(cases[i].name, EVENTS, CLAIMS, cases[i].text, "sources.csv", cases[i].fault);
}

/* --- the chronology that the demonstration runs on --- */

static void open_real(struct feed *out, struct arena *arena)
{
    const struct chronology_text text = {
        .events = read_published("data/chronology/events.csv", arena),
        .claims = read_published("data/chronology/claims.csv", arena),
        .sources = read_published("data/chronology/sources.csv", arena),
    };
    const struct remarks quiet = {0};
    struct err err = {0};

    if (!chronology_open(out, &text, &quiet, arena, &err))
        fail_msg("%s", err.text);
}

static void test_real_counts(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    struct feed_item item;
    size_t count, incidents = 0, reports = 0, claims = 0;
    bool more;

    open_real(&feed, &arena);
    check_feed(&feed, &count, &arena);
    while (feed_next(&feed, &item, &more, &err) && more) {
        incidents += strcmp(item.kind, "incident.open") == 0;
        reports += strcmp(item.kind, "incident.report") == 0;
        claims += strcmp(item.kind, "claim") == 0;
    }
    assert_int_equal(incidents, 23);
    assert_int_equal(reports, 23);
    assert_int_equal(claims, 96);
    assert_int_equal(count, 142);
    arena_free(&arena);
}

/* Who says how many were killed, and what replaces what, as the table of claims has it. */
static void test_real_claims(void **state)
{
    (void)state;
    static const struct {
        const char *id, *incident, *side, *matter, *subject;
        int64_t min, max; /* -1: not given */
        const char *supersedes;
    } cases[] = {
        /* the night of 11 to 12 October */
        {"e04-c03", "e04", "PAK", "killed", "PAK_military", 23, 23, ""},
        {"e04-c08", "e04", "AFG", "killed", "PAK_military", 58, 58, ""},
        {"e04-c05", "e04", "PAK", "killed", "AFG_forces_and_militants", 200, -1, ""},
        {"e04-c12", "e04", "AFG", "killed", "AFG_forces", 9, 9, ""},
        {"e04-c14", "e04", "MEDIA", "killed", "PAK_military", 12, 12, ""},
        {"e04-c15", "e04", "MEDIA", "killed", "PAK_military", 12, 15, ""},
        /* Paktika, and whether the truce was in force */
        {"e13-c01", "e13", "AFG", "in_force", "truce", -1, -1, ""},
        {"e13-c13", "e13", "BOTH", "in_force", "truce", -1, -1, ""},
        {"e13-c14", "e13", "MEDIA", "in_force", "truce", -1, -1, ""},
        {"e13-c04", "e13", "AFG", "killed", "AFG_civilians", 10, 10, ""},
        {"e13-c06", "e13", "MEDIA", "killed", "AFG_civilians", 17, 17, ""},
        /* the UN's totals, the second in place of the first; its own part figures stand */
        {"e11-c03", "e11", "UN", "killed", "AFG_civilians", 18, 18, ""},
        {"e14-c01", "e14", "UN", "killed", "AFG_civilians", 37, 37, "e11-c03"},
        {"e11-c04", "e11", "UN", "injured", "AFG_civilians", 360, 361, ""},
        {"e14-c02", "e14", "UN", "injured", "AFG_civilians", 425, 425, "e11-c04"},
        {"e11-c01", "e11", "UN", "killed", "AFG_civilians", 1, 1, ""},
        {"e07-c06", "e07", "UN", "killed", "AFG_civilians", 17, 17, ""},
        {"e02-c02", "e02", "AFG", "actor", "PAK_military", -1, -1, "e02-c01"},
        {"e08-c04", "e08", "AFG", "nature", "event", 2, 2, "e08-c03"},
        /* no figure is not zero */
        {"e03-c02", "e03", "AFG", "killed", "AFG_civilians", -1, -1, ""},
        {"e02-c05", "e02", "AFG", "killed", "AFG_civilians", 0, 0, ""},
    };
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;

    open_real(&feed, &arena);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *id = arena_printf(&arena, "chronology/%s", cases[i].id);
        struct feed_item item;
        bool more, found = false;

        feed_rewind(&feed);
        while (!found && feed_next(&feed, &item, &more, &err) && more)
            found = strcmp(item.kind, "claim") == 0 && span_is(item.external_id, id);
        CHECK_CASE(id, found);
        CHECK_CASE(id, span_ends_with(item.incident, span_of(cases[i].incident)));
        CHECK_CASE(id, span_is(json_get(&item.flat, "side")->string, cases[i].side));
        CHECK_CASE(id, span_is(json_get(&item.flat, "matter")->string, cases[i].matter));
        CHECK_CASE(id, span_is(json_get(&item.flat, "subject")->string, cases[i].subject));
        CHECK_CASE(id, json_get_integer(&item.flat, "min", -1) == cases[i].min);
        CHECK_CASE(id, json_get_integer(&item.flat, "max", -1) == cases[i].max);
        CHECK_CASE(id, span_ends_with(item.supersedes, span_of(cases[i].supersedes)));
        CHECK_CASE(id, (item.supersedes.len == 0) == (cases[i].supersedes[0] == '\0'));
    }
    arena_free(&arena);
}

/* Of which events each side says that the other began. */
static void test_real_initiators(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf both = buf_in(&arena, 1000);
    struct err err = {0};
    struct feed feed;
    bool more;

    open_real(&feed, &arena);
    for (int e = 1; e <= 23; e++) {
        const char *incident = arena_printf(&arena, "chronology/e%02d", e);
        struct feed_item item;
        bool blamed_afg = false, blamed_pak = false;

        feed_rewind(&feed);
        while (feed_next(&feed, &item, &more, &err) && more) {
            struct span matter = json_get_string(&item.flat, "matter", (struct span){0});
            struct span side = json_get_string(&item.flat, "side", (struct span){0});
            struct span subject = json_get_string(&item.flat, "subject", (struct span){0});

            if (!span_is(item.incident, incident) || !span_is(matter, "initiator"))
                continue;
            blamed_afg |= span_is(side, "PAK") && span_is(subject, "AFG_forces");
            blamed_pak |= span_is(side, "AFG") && span_is(subject, "PAK_military");
        }
        if (blamed_afg && blamed_pak)
            buf_printf(&both, "e%02d ", e);
    }
    assert_true(span_is(buf_span(&both), "e04 e07 e22 "));
    arena_free(&arena);
}

/* The strikes in Paktika lie behind the end of the 48 hours, 2025-10-17T13:00Z. */
static void test_real_truce(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct feed feed;
    struct json report;
    struct err err = {0};

    open_real(&feed, &arena);
    struct span fields = item_fields(&feed, "incident.report", "chronology/e13", &arena);
    assert_true(json_parse_canonical(&report, fields, &arena, &err));
    const struct json *start = json_get(&report, "start");
    int64_t at_ms = json_get_integer(start, "at_ms", 0);
    assert_int_equal(at_ms, 1760716800000); /* 16:00Z */
    assert_true(at_ms - json_get_integer(start, "uncertainty_ms", 0) > 1760706000000);
    assert_true(span_is(json_get(&report, "phase")->string, "disputed_gap"));
    assert_true(span_is(json_get(&report, "disputed")->array.at[0].string, "in_force"));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_event),           cmocka_unit_test(test_claim),
    cmocka_unit_test(test_order),           cmocka_unit_test(test_refuse_event),
    cmocka_unit_test(test_refuse_claim),    cmocka_unit_test(test_refuse_source),
    cmocka_unit_test(test_real_counts),     cmocka_unit_test(test_real_claims),
    cmocka_unit_test(test_real_initiators), cmocka_unit_test(test_real_truce),
};

RUN_TESTS(tests)
