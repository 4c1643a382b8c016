#include "api/crossings.h"

#include "api/flows.h"
#include "api/notices.h"
#include "api/row_store.h"
#include "base/calendar.h"
#include "base/test.h"

/*
 * One crossing, `bridge`, two ways, one class, two parties and a mission; it is now noon of
 * 9 November 2025. Moments are "D" or "D:H" of November, UTC.
 */

#define NOVEMBER INT64_C(1761955200000)
#define OVER "'act':'over'"
#define HILL "'sector':'hill'"
#define NOW "{'counted_ms':0,'index':1,'now_ms':1762689600000,'size':1}"

static void begin(struct row_store *s)
{
    static const char *const terms[][2] = {
        {"agreement", "{'id':'agreement','version':1}"},
        {"crossing/bridge",
         "{'id':'bridge','name':{'en':'Old Bridge'},'sector':'hill','variants':['Qadim Pul']}"},
        {"direction/back", "{'id':'back'}"},
        {"direction/forth", "{'id':'forth'}"},
        {"organisation/mission", "{'id':'mission','kind':'observer'}"},
        {"organisation/north", "{'id':'north','kind':'party'}"},
        {"organisation/south", "{'id':'south','kind':'party'}"},
        {"traffic/cargo", "{'id':'cargo'}"},
    };

    row_store_open(s);
    row_store_put(s, "clock", "clock", NOW);
    row_store_put(s, "agreement", "1", "{'versions':[]}");
    for (size_t i = 0; i < ARRAY_LEN(terms); i++)
        row_store_put(s, "term", terms[i][0], terms[i][1]);
}

static const char *time_text(struct row_store *s, int day, int hour)
{
    return arena_printf(&s->arena,
                        "{'at_ms':%" PRId64 ",'basis':'watch','offset_min':0,'uncertainty_ms':0}",
                        NOVEMBER + (day - 1) * (int64_t)MS_PER_DAY + hour * (int64_t)MS_PER_HOUR);
}

/* As the register does: the row of the lane, and that of the declaration. */
static void declare(struct row_store *s, const char *org, const char *direction, const char *status,
                    int day, int until)
{
    const char *end = until ? arena_printf(&s->arena, ",'until':%s", time_text(s, until, 0)) : "";
    const char *row = arena_printf(
        &s->arena,
        "{'by':'%s/"
        "desk','class':'cargo','crossing':'bridge','direction':'%s','org':'%s','since':%s,"
        "'state':'%s','status':'%s'%s}",
        org, direction, org, time_text(s, day, 0), status, status, end);

    row_store_put(s, "declaration", arena_printf(&s->arena, "%04u", (unsigned)s->index), row);
    row_store_put(s, "lane", arena_printf(&s->arena, "bridge %s cargo %s", direction, org), row);
}

static void see(struct row_store *s, const char *status, int day)
{
    row_store_put(s, "lane_seen", "bridge forth cargo mission",
                  arena_printf(&s->arena,
                               "{'at':%s,'by':'mission/1','class':'cargo','crossing':'bridge',"
                               "'direction':'forth','org':'mission','state':'seen','status':'%s'}",
                               time_text(s, day, 0), status));
}

static struct json read_view(struct row_store *s)
{
    const struct crossings_query query = {.from_ms = NOVEMBER + 5 * (int64_t)MS_PER_DAY,
                                          .to_ms = NOVEMBER + 9 * (int64_t)MS_PER_DAY,
                                          .as_of = STORE_LATEST};
    struct json out;
    struct err err = {0};

    row_store_read(s);
    row_store_ok(crossings_read(&out, s->reader, &query, NULL, NULL, &s->arena, &err), &err);
    return out;
}

/* The lane forth: "back" comes first, by the order of ids. */
static const struct json *forth(const struct json *view)
{
    return &json_get(&json_get(view, "crossings")->array.at[0], "lanes")->array.at[1];
}

enum { TO_COME = 20 };

static void test_mismatch(void **state)
{
    static const struct {
        const char *name, *north, *south, *seen; /* NULL: no word */
        int since, until, seen_on;
        bool mismatch;
    } cases[] = {
        {"nobody has a word", NULL, NULL, NULL, 1, 0, 0, false},
        {"one alone", "closed", NULL, NULL, 1, 0, 0, false},
        {"both the same", "closed", "closed", NULL, 1, 0, 0, false},
        {"one denies it", "closed", "open", NULL, 1, 0, 0, true},
        {"closed and suspended are two words", "closed", "suspended", NULL, 1, 0, 0, true},
        {"one does not know", "closed", "unknown", NULL, 1, 0, 0, false},
        {"one has run out", "closed", "open", NULL, 1, 5, 0, false},
        {"not yet", "closed", "open", NULL, TO_COME, 0, 0, false},
        {"seen as declared", "closed", NULL, "closed", 1, 0, 7, false},
        {"seen otherwise", "closed", NULL, "open", 1, 0, 7, true},
        {"seen otherwise before it was declared", "closed", NULL, "open", 6, 0, 5, false},
        {"nobody could see", "closed", NULL, "unknown", 1, 0, 7, false},
        {"seen, and nobody has a word", NULL, NULL, "open", 1, 0, 7, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct row_store s;

        begin(&s);
        if (cases[i].north)
            declare(&s, "north", "forth", cases[i].north, 1, 0);
        if (cases[i].north && cases[i].since > 1 && !cases[i].south)
            declare(&s, "north", "forth", cases[i].north, cases[i].since, 0);
        if (cases[i].south)
            declare(&s, "south", "forth", cases[i].south, cases[i].since, cases[i].until);
        if (cases[i].seen)
            see(&s, cases[i].seen, cases[i].seen_on);
        struct json view = read_view(&s);
        const struct json *lane = forth(&view), *declared = json_get(lane, "declared");
        CHECK_CASE(cases[i].name, json_get_integer(lane, "mismatch", -1) == cases[i].mismatch);
        CHECK_CASE(cases[i].name, declared->array.count == 2);
        CHECK_CASE(cases[i].name, (json_get(&declared->array.at[0], "no_word") != NULL) ==
                                      (cases[i].north == NULL));
        CHECK_CASE(cases[i].name, (json_get(&declared->array.at[1], "no_word") != NULL) ==
                                      (cases[i].south == NULL));
        row_store_close(&s);
    }
}

#define HEAD "period,place,class,direction,measure,least,most,unit,note,url\n"

/* What is published of the bridge, over the four days that north shut one way, and three the
 * other. "ORGANISATION DAYS LEAST MOST" of each figure, or "-" where days mean nothing. */
static void test_flows(void **state)
{
    static const struct {
        const char *name, *line, *want;
    } cases[] = {
        {"of one direction", "2025,Old Bridge,cargo,forth,trade_per_day,1.6,,USD,,u\n",
         "north 4 6.4 "},
        {"by another of its names", "2025,Qadim Pul,cargo,forth,trade_per_day,10,,USD,,u\n",
         "north 4 40 "},
        {"of both", "2025,Old Bridge,cargo,,trade_per_day,1.5,2,USD,,u\n", "north 3 4.5 6"},
        {"a range", "2025,Old Bridge,cargo,back,loss_per_day,700,800,USD,,u\n",
         "north 3 2100 2400"},
        {"of a class that nobody shut", "2025,Old Bridge,camels,,trade_per_day,1,,USD,,u\n", ""},
        {"of no class", "2025,Old Bridge,,,people_per_day,1,,persons,,u\n", "-"},
        {"of no day", "2025,Old Bridge,cargo,,lorries_stranded,1,,lorries,,u\n", "-"},
        {"no figure", "2025,Old Bridge,cargo,forth,trade_per_day,many,,USD,,u\n", "north 4  "},
        {"of another place", "2025,Bridge,cargo,forth,trade_per_day,1,,USD,,u\n", "none"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct row_store s;
        struct lane_period period;
        struct lane_days_list lanes;
        struct json crossing, directions, out;
        struct err err = {0};

        row_store_open(&s);
        declare(&s, "north", "forth", "closed", 1, 0);
        declare(&s, "north", "back", "closed", 7, 0);
        declare(&s, "south", "forth", "open", 1, 0);
        row_store_read(&s);
        row_store_ok(json_parse(&crossing,
                                SPAN_LIT("{\"id\":\"bridge\",\"name\":{\"en\":\"Old Bridge\"},"
                                         "\"variants\":[\"Qadim Pul\"]}"),
                                &s.arena, &err) &&
                         json_parse(&directions, SPAN_LIT("[{\"id\":\"back\"},{\"id\":\"forth\"}]"),
                                    &s.arena, &err) &&
                         lane_period_make(&period, NOVEMBER + 5 * (int64_t)MS_PER_DAY,
                                          NOVEMBER + 9 * (int64_t)MS_PER_DAY, 0, INT64_MAX, &err) &&
                         lane_days_read(&lanes, s.reader, &period, STORE_LATEST, &s.arena, &err) &&
                         flows_json(&out,
                                    span_of(arena_printf(&s.arena, "%s%s", HEAD, cases[i].line)),
                                    &crossing, &directions, &lanes, &period, &s.arena, &err),
                     &err);
        const char *got = "none";
        if (out.array.count) {
            const struct json *closed = json_get(&out.array.at[0], "closed");
            got = closed ? "" : "-";
            for (uint32_t k = 0; closed && k < closed->array.count; k++)
                got = arena_printf(&s.arena, "%s%.*s %d %.*s %.*s", got,
                                   SPAN_ARG(json_get_text(&closed->array.at[k], "organisation")),
                                   (int)json_get_integer(&closed->array.at[k], "days", 0),
                                   SPAN_ARG(json_get_text(&closed->array.at[k], "least")),
                                   SPAN_ARG(json_get_text(&closed->array.at[k], "most")));
        }
        if (strcmp(got, cases[i].want) != 0)
            print_error("%s: \"%s\"\n", cases[i].name, got);
        CHECK_CASE(cases[i].name, strcmp(got, cases[i].want) == 0);
        row_store_close(&s);
    }
}

static void test_refused(void **state)
{
    static const char *const files[][2] = {
        {"no head", ""},
        {"another head", "place,period\n"},
        {"a line too short", HEAD "2025,Old Bridge\n"},
        {"a line too long", HEAD "2025,Old Bridge,,,,,,,,,more\n"},
    };
    struct arena arena = {0};
    const struct json none = json_array(), crossing = json_object();
    const struct lane_days_list lanes = {0};
    const struct lane_period period = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct json out = json_integer(7);
        struct err err = {0};
        bool ok = files[i][1][0] && flows_json(&out, span_of(files[i][1]), &crossing, &none, &lanes,
                                               &period, &arena, &err);

        CHECK_CASE(files[i][0], !ok && out.type == JSON_INTEGER);
    }
    arena_free(&arena);
}

/* The file that the program comes with can be read, whatever the crossing. */
static void test_published(void **state)
{
    struct row_store s;

    (void)state;
    begin(&s);
    struct json view = read_view(&s);
    assert_int_equal(json_get(&json_get(&view, "crossings")->array.at[0], "published")->array.count,
                     0);
    row_store_close(&s);
}

static void test_no_such_crossing(void **state)
{
    const struct crossings_query query = {
        .to_ms = MS_PER_DAY, .as_of = STORE_LATEST, .crossing = SPAN_LIT("ford")};
    struct row_store s;
    struct json out;
    struct err err = {0};

    (void)state;
    begin(&s);
    row_store_read(&s);
    assert_false(crossings_read(&out, s.reader, &query, NULL, NULL, &s.arena, &err));
    assert_non_null(strstr(err.text, "no crossing \"ford\""));
    row_store_close(&s);
}

static void notice(struct row_store *s, const char *id, const char *org, const char *state,
                   int from, int until, const char *where)
{
    row_store_put(s, "notice", id,
                  arena_printf(&s->arena,
                               "{'by':'%s/desk','from':%s,'org':'%s','state':'%s','type':'flight',"
                               "'until':%s,%s}",
                               org, time_text(s, from, 0), org, state, time_text(s, until, 0),
                               where));
}

/* Two notices, `a` from the 10th to the 12th in the sector of the bridge; whether the other
 * overlaps it. */
static void test_overlaps(void **state)
{
    static const struct {
        const char *name, *where, *state;
        int from, until;
        const char *in; /* "": they do not meet */
    } cases[] = {
        {"one sector, one day", "'sector':'hill'", "live", 11, 13, "sector"},
        {"the crossing is in the sector", "'crossing':'bridge'", "live", 11, 13, "sector"},
        {"begins when the other ends", "'sector':'hill'", "live", 12, 13, ""},
        {"ends when the other begins", "'sector':'hill'", "live", 9, 10, ""},
        {"another sector", "'sector':'town'", "live", 11, 13, ""},
        {"nowhere", "'units':1", "live", 11, 13, ""},
        {"called off", "'sector':'hill'", "cancelled", 11, 13, ""},
        {"replaced", "'sector':'hill'", "superseded", 11, 13, ""},
        {"under way", "'sector':'hill'", "begun", 8, 13, "sector"},
    };
    const struct notices_query query = {.current = true, .as_of = STORE_LATEST};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct row_store s;
        struct json out;
        struct err err = {0};

        begin(&s);
        notice(&s, "a", "north", "live", 10, 12, "'sector':'hill'");
        notice(&s, "b", "south", cases[i].state, cases[i].from, cases[i].until, cases[i].where);
        row_store_put(&s, "notice_answer", "a south",
                      "{'answer':'objected','by':'south/desk','notice':'a','org':'south'}");
        row_store_read(&s);
        row_store_ok(notices_read(&out, s.reader, &query, NULL, NULL, &s.arena, &err), &err);
        const struct json *list = json_get(&out, "notices"), *a = NULL;
        for (uint32_t k = 0; k < list->array.count; k++)
            if (span_is(json_get_text(&list->array.at[k], "id"), "a"))
                a = &list->array.at[k];
        assert_non_null(a);
        const struct json *overlaps = json_get(a, "overlaps");
        CHECK_CASE(cases[i].name, overlaps->array.count == (cases[i].in[0] != '\0'));
        CHECK_CASE(cases[i].name,
                   !overlaps->array.count ||
                       span_is(json_get_text(&overlaps->array.at[0], "in"), cases[i].in));
        CHECK_CASE(cases[i].name, json_get(a, "answers")->array.count == 1);
        CHECK_CASE(cases[i].name, json_get(a, "silent")->array.count == 0);
        row_store_close(&s);
    }
}

/* Which notices are shown as current: "b" alone beside "a". */
static void test_current(void **state)
{
    static const struct {
        const char *name, *state;
        int from, until;
        bool shown, over;
    } cases[] = {
        {"to come", "live", 20, 21, true, false},
        {"under way", "begun", 8, 10, true, false},
        {"begun, and never said to be over", "begun", 1, 2, true, true},
        {"past, and nobody said what came of it", "live", 1, 2, false, false},
        {"ended", "ended", 8, 10, false, false},
        {"withdrawn", "withdrawn", 20, 21, false, false},
    };
    const struct notices_query query = {.current = true, .as_of = STORE_LATEST};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct row_store s;
        struct json out;
        struct err err = {0};

        begin(&s);
        notice(&s, "b", "south", cases[i].state, cases[i].from, cases[i].until, "'units':2");
        row_store_read(&s);
        row_store_ok(notices_read(&out, s.reader, &query, NULL, NULL, &s.arena, &err), &err);
        const struct json *list = json_get(&out, "notices");
        CHECK_CASE(cases[i].name, list->array.count == cases[i].shown);
        CHECK_CASE(cases[i].name, !cases[i].shown || json_get_integer(&list->array.at[0], "over",
                                                                      -1) == cases[i].over);
        CHECK_CASE(cases[i].name,
                   !cases[i].shown || json_get(&list->array.at[0], "silent")->array.count == 1);
        row_store_close(&s);
    }
}

static void put_report(struct row_store *s, const char *more, int day)
{
    row_store_put(s, "report", "r",
                  arena_printf(&s->arena, "{'by':'north/desk',%s%s%s,'state':'live'}", more,
                               day ? ",'start':" : "", day ? time_text(s, day, 0) : ""));
}

static void put_flight(struct row_store *s, const char *state, const char *where)
{
    if (state[0])
        row_store_put(s, "notice", "a",
                      arena_printf(&s->arena,
                                   "{'from':%s,'org':'north','state':'%s','type':'flight',"
                                   "'until':%s,%s}",
                                   time_text(s, 5, 0), state, time_text(s, 6, 0), where));
}

/* A notice of a flight on the 5th, and a report of an overflight, which such a notice would have
 * covered: whether it did. */
static void test_unnotified(void **state)
{
    static const struct {
        const char *name, *report, *where;
        int day;                   /* of the report; 0: nobody said when */
        const char *state, *match; /* of the notice; "": there is none */
        bool late, shown;          /* late: the notice was logged after the report */
    } cases[] = {
        {"as announced", OVER ",'sector':'hill'", HILL, 5, "live", "", false, false},
        {"at the crossing of the sector", OVER ",'crossing':'bridge'", HILL, 5, "live", "", false,
         false},
        {"announced for the crossing", OVER ",'sector':'hill'", "'crossing':'bridge'", 5, "begun",
         "", false, false},
        {"nobody said where", OVER, HILL, 5, "ended", "", false, false},
        {"another act", "'act':'shelling','sector':'town'", HILL, 5, "live", "", false, false},
        {"no act", "'sector':'town'", HILL, 5, "live", "", false, false},
        {"nobody said when", OVER ",'sector':'town'", HILL, 0, "live", "", false, false},
        {"matched as announced", OVER ",'sector':'town'", HILL, 5, "live", "as_notified", false,
         false},
        {"matched as more than that", OVER ",'sector':'town'", HILL, 5, "live", "exceeded", false,
         false},
        {"to come", OVER ",'sector':'town'", HILL, 28, "live", "", false, false},
        {"long ago", OVER ",'sector':'town'", HILL, 1, "live", "", false, false},

        {"elsewhere", OVER ",'sector':'town'", HILL, 5, "live", "", false, true},
        {"on another day", OVER ",'sector':'hill'", HILL, 7, "live", "", false, true},
        {"announced afterwards", OVER ",'sector':'hill'", HILL, 5, "live", "", true, true},
        {"called off", OVER ",'sector':'hill'", HILL, 5, "cancelled", "", false, true},
        {"replaced", OVER ",'sector':'hill'", HILL, 5, "superseded", "", false, true},
        {"announced for nowhere", OVER ",'sector':'hill'", "'units':1", 5, "live", "", false, true},
        {"not announced at all", OVER ",'sector':'hill'", "", 5, "", "", false, true},
        {"nobody announced anything, and nobody said where", OVER, "", 5, "", "", false, true},
        {"matched as something else", OVER ",'sector':'town'", HILL, 5, "live", "other", false,
         true},
    };
    const struct notices_query query = {.current = true, .as_of = STORE_LATEST};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct row_store s;
        struct json out;
        struct err err = {0};

        begin(&s);
        row_store_put(&s, "term", "sector/hill", "{'id':'hill'}");
        row_store_put(&s, "term", "sector/town", "{'id':'town'}");
        row_store_put(&s, "term", "notice_type/flight",
                      "{'acts':['over'],'code':'unsaid','id':'flight'}");
        row_store_put(&s, "key", "north/desk", "{'org':'north'}");
        if (!cases[i].late)
            put_flight(&s, cases[i].state, cases[i].where);
        put_report(&s, cases[i].report, cases[i].day);
        if (cases[i].late)
            put_flight(&s, cases[i].state, cases[i].where);
        if (cases[i].match[0])
            row_store_put(&s, "notice_match", "a r",
                          arena_printf(&s.arena, "{'result':'%s'}", cases[i].match));
        row_store_read(&s);
        row_store_ok(notices_read(&out, s.reader, &query, NULL, NULL, &s.arena, &err), &err);
        const struct json *list = json_get(&out, "unnotified");
        CHECK_CASE(cases[i].name, list->array.count == cases[i].shown);
        if (cases[i].shown) {
            const struct json *one = &list->array.at[0];

            CHECK_CASE(cases[i].name, span_is(json_get_text(one, "code"), "unsaid"));
            CHECK_CASE(cases[i].name, span_is(json_get_text(one, "organisation"), "north"));
        }
        row_store_close(&s);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_mismatch),         cmocka_unit_test(test_flows),
    cmocka_unit_test(test_refused),          cmocka_unit_test(test_published),
    cmocka_unit_test(test_no_such_crossing), cmocka_unit_test(test_overlaps),
    cmocka_unit_test(test_unnotified),       cmocka_unit_test(test_current),
};

RUN_TESTS(tests)
