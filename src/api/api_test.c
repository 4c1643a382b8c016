#include "api/story.h"
#include "base/reader.h"
#include "base/test.h"

/*
 * One story, told record by record, and what the api says of it:
 *
 *   A  incident by the crossing        B  incident of which nobody says when
 *   C  report filed under A, twice superseded: by D, then by E
 *   F  claim of the north, G of the south: other figures for one subject
 *   H  claim of the north, I of the south: each says that the other began
 *   J  report linked to B, and unlinked      K  report linked to B
 *   L  incident at the 180th meridian, withdrawn      M  its report
 *   N  claim of the north that says the same as G
 */
static const char *id[26];

#define TIME(name, at)                                                                             \
    "\"" name "\":{\"at_ms\":" at ",\"basis\":\"watch\",\"offset_min\":300,"                       \
    "\"uncertainty_ms\":1000}"
#define CLAIM(side, matter, subject, rest)                                                         \
    "{\"incident\":\"$A\",\"claimant\":\"its ministry\",\"channel\":\"press\",\"side\":\"" side    \
    "\",\"matter\":\"" matter "\",\"subject\":\"" subject                                          \
    "\"," rest TIME("made", "1761900000000") ",\"statement\":\"said\"}"

static const struct {
    char name;
    size_t by;
    const char *kind, *text;
} records[] = {
    {'A', 0, "incident.open", "{\"title\":\"At the crossing\",\"external_id\":\"x1\"}"},
    {'B', 1, "incident.open", "{}"},
    {'C', 0, "incident.report",
     "{\"incident\":\"$A\",\"type\":\"shelling\",\"external_id\":\"r1\"," TIME(
         "start", "1761800000000") ",\"lat_e7\":10,\"lon_e7\":20,\"place_name\":\"first\"}"},
    {'D', 0, "incident.report",
     "{\"incident\":\"$A\",\"type\":\"gunfire\",\"external_id\":\"r1\",\"supersedes\":\"$C\"," TIME(
         "start",
         "1761810000000") "," TIME("end",
                                   "1761820000000") ",\"lat_e7\":30,\"lon_e7\":40,\"uncertainty_"
                                                    "m\":5,\"place_name\":\"second\"}"},
    {'E', 0, "incident.report",
     "{\"incident\":\"$A\",\"type\":\"gunfire\",\"external_id\":\"r1\",\"supersedes\":\"$D\"," TIME(
         "start", "1761830000000") ",\"lat_e7\":-50,\"lon_e7\":60,\"place_name\":\"third\"}"},
    {'F', 1, "claim", CLAIM("north", "killed", "southern soldiers", "\"min\":58,")},
    {'G', 2, "claim", CLAIM("south", "killed", "southern soldiers", "\"min\":23,\"max\":23,")},
    {'H', 1, "claim", CLAIM("north", "initiator", "south", "")},
    {'I', 2, "claim", CLAIM("south", "initiator", "north", "")},
    {'J', 3, "incident.report", "{\"type\":\"drone\"," TIME("start", "1761700000000") "}"},
    {'j', 3, "incident.link", "{\"incident\":\"$B\",\"record\":\"$J\",\"basis\":\"same_event\"}"},
    {'j', 1, "incident.unlink", "{\"incident\":\"$B\",\"record\":\"$J\"}"},
    {'K', 3, "incident.report", "{\"type\":\"drone\",\"lat_e7\":1,\"lon_e7\":-1799999999}"},
    {'k', 3, "incident.link", "{\"incident\":\"$B\",\"record\":\"$K\",\"basis\":\"related\"}"},
    {'L', 2, "incident.open", "{\"title\":\"At the meridian\"," TIME("start", "1761600000000") "}"},
    {'M', 2, "incident.report",
     "{\"incident\":\"$L\",\"type\":\"shelling\",\"lat_e7\":1,\"lon_e7\":1799999999}"},
    {'l', 2, "record.withdraw", "{\"record\":\"$L\",\"reason\":\"error\"}"},
    {'N', 1, "claim", CLAIM("north", "wounded", "southern soldiers", "\"min\":9,\"max\":9,")},
    {'O', 2, "claim", CLAIM("south", "wounded", "southern soldiers", "\"min\":9,\"max\":9,")},
};

/* "$X" stands for the id of the record X. */
static const char *expand(struct story *s, const char *text)
{
    struct buf out = buf_in(&s->arena, 1 << 16);

    for (; *text; text++) {
        if (text[0] == '$' && text[1] >= 'A' && text[1] <= 'Z' && id[text[1] - 'A'])
            buf_text(&out, id[*++text - 'A']);
        else
            buf_byte(&out, (uint8_t)*text);
    }
    return arena_text(&s->arena, buf_span(&out));
}

static struct story *tell(void)
{
    struct story *s = story_start(7);

    for (size_t i = 0; i < ARRAY_LEN(records); i++) {
        const char *said = story_say(s, records[i].by, records[i].kind, expand(s, records[i].text));
        if (records[i].name <= 'Z')
            id[records[i].name - 'A'] = said;
    }
    story_tick(s);
    return s;
}

/* What stands at "incidents/0/id", in canonical form; "" when nothing does. */
static const char *at(struct story *s, const struct json *value, const char *path)
{
    struct span rest = span_of(path), step;

    while (value && rest.len) {
        uint64_t n;
        if (!span_cut(&rest, '/', &step)) {
            step = rest;
            rest = (struct span){0};
        }
        if (value->type == JSON_ARRAY && decimal_parse(&n, step, UINT32_MAX))
            value = n < value->array.count ? &value->array.at[n] : NULL;
        else
            value = json_get(value, arena_text(&s->arena, step));
    }
    return value ? arena_text(&s->arena, json_bytes(value, &s->arena)) : "";
}

/* The ids of a list, as the letters they have in the story. */
static const char *letters(struct story *s, const struct json *list)
{
    struct buf out = buf_in(&s->arena, 1000);

    for (uint32_t i = 0; list && i < list->array.count; i++)
        for (size_t j = 0; j < ARRAY_LEN(id); j++)
            if (id[j] &&
                span_is(json_get_string(&list->array.at[i], "id", (struct span){0}), id[j]))
                buf_byte(&out, (uint8_t)('A' + j));
    return arena_text(&s->arena, buf_span(&out));
}

static void test_found(void **state)
{
    static const struct {
        const char *query;
        const char *found; /* in this order */
    } cases[] = {
        {"", "LAB"}, /* by the earliest time that anything linked speaks of */
        {"box=-60,50,-40,70", "A"},
        {"box=-50,60,-50,60", "A"},
        {"box=-49,50,-40,70", ""},
        {"box=0,0,15,25", ""},   /* C is superseded */
        {"box=25,35,35,45", ""}, /* and so is D */
        {"box=0,1799999990,10,-1799999990", "LB"},
        {"box=0,-1799999999,10,1799999999", "LB"},
        {"box=0,-10,10,10", ""},
        {"from=1761600000000&to=1761600000000", "L"},
        {"from=1761601001000", "A"},
        {"from=1761601000001", "A"},
        {"from=1761600001000", "LA"},
        {"from=1761600001001", "A"},
        {"from=1761830001000", "A"},
        {"from=1761830001001", ""}, /* when a claim was made is no time of the incident */
        {"to=1761599999000", "L"},
        {"to=1761599998999", ""},
        {"from=1761700000000&to=1761700000000", ""}, /* J is unlinked */
        {"act=gunfire", "A"},
        {"act=shelling", "L"},
        {"act=drone", "B"},
        {"act=Drone", ""},
        {"side=north", "A"},
        {"side=west", ""},
        {"act=drone&side=north", ""},
        {"act=drone&box=0,-1799999999,10,-1799999990", "B"},
        {"act=drone&from=0", ""},
        {"limit=2", "LA"},
        {"limit=1", "L"},
        {"limit=500", "LAB"},
    };
    struct story *s = tell();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *path = arena_printf(&s->arena, "/api/incidents?%s", cases[i].query);
        struct json got = story_get_json(s, path);

        CHECK_CASE(cases[i].query,
                   strcmp(letters(s, json_get(&got, "incidents")), cases[i].found) == 0);
    }
    story_end(s);
}

static void test_answers(void **state)
{
    static const struct {
        const char *path, *at, *is;
    } cases[] = {
        {"/api/status", "agreement", "\"" WORLD_NAME "\""},
        {"/api/status", "origin", "\"" WORLD_NAME "/term/1\""},
        {"/api/status", "demo", "0"},
        {"/api/status", "incidents", "3"},
        {"/api/status", "records/incident.report", "6"},
        {"/api/status", "records/claim", "6"},
        {"/api/status", "records/clock.tick", "2"},
        {"/api/status", "records_void", "0"},
        {"/api/status", "owed/parts", "0"},
        {"/api/status", "owed/entry", ""},
        {"/api/status", "entries", "\"public\""},
        {"/api/status", "quorum", "0"},
        {"/api/status", "size", "28"},
        {"/api/status", "as_of", "27"},
        {"/api/status", "checkpoint/size", "28"},
        {"/api/agreement", "agreement/name", "\"" WORLD_NAME "\""},
        {"/api/agreement", "terms/role/0/id", "\"monitor\""},
        {"/api/agreement", "terms/clause", "[{\"id\":\"c1\"}]"},
        {"/api/agreement", "version", "1"},
        {"/api/agreement", "versions", "[]"},
        {"/api/agreement?version=1", "terms/clause", "[{\"id\":\"c1\"}]"},
        {"/api/incidents", "incidents/1/id", "\"$A\""},
        {"/api/incidents", "incidents/1/title", "\"At the crossing\""},
        {"/api/incidents", "incidents/1/first_ms", "1761829999000"},
        {"/api/incidents", "incidents/1/state", "\"open\""},
        {"/api/incidents", "incidents/1/claims", "6"},
        {"/api/incidents", "incidents/1/sides", "[\"north\",\"south\"]"},
        {"/api/incidents", "incidents/1/reports/0/state", "\"superseded\""},
        {"/api/incidents", "incidents/1/reports/1/place_name", "\"second\""},
        {"/api/incidents", "incidents/1/reports/1/uncertainty_m", "5"},
        {"/api/incidents", "incidents/1/reports/1/end/at_ms", "1761820000000"},
        {"/api/incidents", "incidents/1/reports/2/state", "\"live\""},
        {"/api/incidents", "incidents/1/reports/2/lat_e7", "-50"},
        {"/api/incidents", "incidents/1/contested",
         "[{\"matter\":\"initiator\",\"sides\":[\"north\",\"south\"],\"subject\":\"\"},"
         "{\"matter\":\"killed\",\"sides\":[\"north\",\"south\"],\"subject\":\"southern "
         "soldiers\"}]"},
        {"/api/incidents", "incidents/0/state", "\"withdrawn\""},
        {"/api/incidents", "incidents/2/title", ""},
        {"/api/incidents", "incidents/2/first_ms", ""},
        {"/api/incidents", "incidents/2/reports/0/id", "\"$K\""},
        {"/api/incidents", "incidents/2/reports/1", ""}, /* J is unlinked */
        {"/api/incidents", "next", ""},
        {"/api/incidents?limit=1", "next", "\"1761599999000.$L\""},
        {"/api/incidents?limit=2", "next", "\"1761829999000.$A\""},
        {"/api/incidents?limit=1&after=1761829999000.$A", "incidents/0/id", "\"$B\""},
        {"/api/incidents?limit=1&after=1761829999000.$A", "next", ""},
        {"/api/incidents?after=none.$B", "incidents", "[]"},
        {"/api/incidents?as_of=8", "incidents/0/id", "\"$A\""},
        {"/api/incidents?as_of=8", "incidents/1", ""},
        {"/api/incidents?as_of=10&box=0,0,15,25", "incidents/0/id", "\"$A\""},
        {"/api/incidents?as_of=11&box=0,0,15,25", "incidents", "[]"},
        {"/api/incidents?as_of=18&from=1761700000000&to=1761700000000", "incidents/0/id", "\"$B\""},
        {"/api/incidents/$A", "incident/external_id", "\"x1\""},
        {"/api/incidents/$A", "incident/recorded/by_ms", "1761955229000"},
        {"/api/incidents/$A", "reports/0/superseded_by", "\"$D\""},
        {"/api/incidents/$A", "reports/0/fields/type", "\"shelling\""},
        {"/api/incidents/$A", "reports/0/fields/parts", ""},
        {"/api/incidents/$A", "reports/0/public/place_name", "\"first\""},
        {"/api/incidents/$A", "reports/0/part_here", "1"},
        {"/api/incidents/$A", "reports/0/link/basis", "\"filed\""},
        {"/api/incidents/$A", "reports/0/by", "\"obs/1\""},
        {"/api/incidents/$A", "reports/3", ""},
        {"/api/incidents/$A", "claims/0/fields/min", "58"},
        {"/api/incidents/$A", "claims/0/kind", "\"claim\""},
        {"/api/incidents/$A", "claims/0/public/statement", "\"said\""},
        {"/api/incidents/$A", "unlinked", "[]"},
        {"/api/incidents/$A?as_of=10", "reports/0/state", "\"live\""},
        {"/api/incidents/$A?as_of=10", "reports/0/superseded_by", ""},
        {"/api/incidents/$A?as_of=10", "reports/1", ""},
        {"/api/incidents/$A?as_of=10", "incident/recorded/by_ms", ""},
        {"/api/incidents/$B", "unlinked/0/id", "\"$J\""},
        {"/api/incidents/$B", "unlinked/0/link/state", "\"unlinked\""},
        {"/api/incidents/$B", "reports/0/link/basis", "\"related\""},
        {"/api/incidents/$B?as_of=18", "reports/0/id", "\"$J\""},
        {"/api/records/$C", "kind", "\"incident.report\""},
        {"/api/records/$C", "version", "1"},
        {"/api/records/$C", "index", "10"},
        {"/api/records/$C", "id", "\"$C\""},
        {"/api/records/$C", "record/by", "\"obs/1\""},
        {"/api/records/$C", "verdict/verdict", "\"holds\""},
        {"/api/records/$C", "parts/0/content/place_name", "\"first\""},
        {"/api/records/$C", "parts/0/here", "1"},
        {"/api/records/$C", "parts/0/tier", "\"public\""},
        {"/api/records/$C", "recorded/after_ms", "1761955208000"},
        {"/api/entries/10", "id", "\"$C\""},
        {"/api/entries/0", "kind", "\"agreement.adopt\""},
        {"/api/entries/0", "recorded/after_ms", ""},
        {"/api/entries/0", "recorded/by_ms", "1761955208000"},
        {"/api/entries/10?as_of=20", "recorded/by_ms", ""},
        {"/api/openapi.json", "", ""},
    };
    struct story *s = tell();

    (void)state;
    for (size_t i = 0; i + 1 < ARRAY_LEN(cases); i++) {
        struct json got = story_get_json(s, expand(s, cases[i].path));
        const char *value = at(s, &got, cases[i].at), *expected = expand(s, cases[i].is);

        if (strcmp(value, expected) != 0)
            fail_msg("%s: %s is %s, not %s", cases[i].path, cases[i].at, value, expected);
    }
    story_end(s);
}

static void test_refused(void **state)
{
    static const struct {
        const char *path;
        int status;
        const char *has;
    } cases[] = {
        {"/api", 404, "openapi.json lists"},
        {"/api/", 404, "there is no /api/"},
        {"/api/status/", 404, "there is no"},
        {"/api/status/x", 404, "there is no"},
        {"/api/Status", 404, "there is no"},
        {"/api/incidents/", 404, "there is no"},
        {"/api/incidents/$A/", 404, "there is no"},
        {"/api/incidents/x", 400, "id is \\\"x\\\": give 64"},
        {"/api/incidents/%41", 400, "give 64"},
        {"/api/incidents/0000000000000000000000000000000000000000000000000000000000000000", 404,
         "no incident"},
        {"/api/incidents/$A?as_of=7", 404, "as of entry 7"},
        {"/api/incidents/$C", 404, "no incident"},
        {"/api/records/0000000000000000000000000000000000000000000000000000000000000000", 404,
         "no record"},
        {"/api/records/$C?as_of=9", 404, "no record"},
        {"/api/entries/28", 404, "the last one is 27"},
        {"/api/entries/11?as_of=10", 404, "the last one is 10"},
        {"/api/entries/-1", 400, "an integer from 0"},
        {"/api/entries/01", 400, "an integer from 0"},
        {"/api/entries/9007199254740992", 400, "an integer from 0"},
        {"/api/entries/28/receipt", 404, "not published"},
        {"/api/entries/x/receipt", 400, "an integer from 0"},
        {"/api/entries/1/receipts", 404, "there is no"},
        {"/api/entries/1/receipt?as_of=3", 400, "there are: none"},
        {"/api/parts/$C", 404, "no record names"},
        {"/api/agreement/files/x", 404, "has no file"},
        {"/api/agreement/files/../x", 404, "has no file"},
        {"/api/agreement?as_of=1", 404, "no agreement is in force"},
        {"/api/agreement?version=2", 404, "no version 2"},
        {"/api/agreement?version=0", 400, "an integer from 1"},
        {"/api/agreement/files/agreement.toml?version=2", 404, "no version 2"},
        {"/api/status?x=1", 400, "no parameter \\\"x\\\" here; there are: none"},
        {"/api/status?as_of=1", 400, "there are: none"},
        {"/api/incidents?bax=1", 400, "there are: box, from, to, act, side, limit, after, as_of"},
        {"/api/incidents?as_of=28", 400, "as_of is 28: give 0 to 27"},
        {"/api/incidents?as_of=-1", 400, "as_of is \\\"-1\\\""},
        {"/api/incidents?as_of=", 400, "give an integer"},
        {"/api/incidents?as_of=1&as_of=1", 400, "as_of is given twice"},
        {"/api/incidents?limit=0", 400, "an integer from 1 to 500"},
        {"/api/incidents?limit=501", 400, "an integer from 1 to 500"},
        {"/api/incidents?limit=1e2", 400, "an integer"},
        {"/api/incidents?limit=+1", 400, "an integer"},
        {"/api/incidents?limit=1&limit=2", 400, "given twice"},
        {"/api/incidents?from=-0", 400, "an integer"},
        {"/api/incidents?from=253402300800000", 400, "an integer"},
        {"/api/incidents?from=2&to=1", 400, "from is after to"},
        {"/api/incidents?act=", 400, "1 to 64 bytes of UTF-8"},
        {"/api/incidents?side=12345678901234567890123456789012345678901234567890123456789012345",
         400, "1 to 64 bytes of UTF-8"},
        {"/api/incidents?side=%ff", 400, "percent-encoded"},
        {"/api/incidents?side=%zz", 400, "percent-encoded"},
        {"/api/incidents?box=1,2,3", 400, "SOUTH,WEST,NORTH,EAST"},
        {"/api/incidents?box=1,2,3,4,5", 400, "SOUTH,WEST,NORTH,EAST"},
        {"/api/incidents?box=2,0,1,0", 400, "south not above north"},
        {"/api/incidents?box=0,0,900000001,0", 400, "SOUTH"},
        {"/api/incidents?box=0,0,0,1800000001", 400, "SOUTH"},
        {"/api/incidents?box=0,%200,0,0", 400, "SOUTH"},
        {"/api/incidents?box=0,0,0,", 400, "SOUTH"},
        {"/api/incidents?after=x", 400, "\\\"next\\\" of the page before"},
        {"/api/incidents?after=$A", 400, "\\\"next\\\""},
        {"/api/incidents?after=1.", 400, "\\\"next\\\""},
        {"/api/incidents?after=none", 400, "\\\"next\\\""},
        {"/tile/", 404, "there is no"},
        {"/tile/0/x", 404, "is no tile"},
        {"/tile/0/1", 404, "is no tile"},
        {"/tile/../../keys", 404, "is no tile"},
        {"/tile/0/000.p/0", 404, "is no tile"},
        {"/tile/0/000", 404, "has no tile/0/000"},
        {"/tile/0/001.p/1", 404, "has no"},
        {"/checkpoint?x", 400, "there are: none"},
        {"/checkpoints", 404, "there is no"},
        {"/submit", 405, "answered to POST"},
    };
    struct story *s = tell();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_response got = story_get(s, expand(s, cases[i].path));
        const char *body = arena_text(&s->arena, got.body);

        if (got.status != cases[i].status || !strstr(body, cases[i].has) ||
            !strstr(body, "{\"error\":\""))
            fail_msg("%s: %d %s", cases[i].path, got.status, body);
        CHECK_CASE(cases[i].path, got.etag.len == 0);
    }

    struct http_request post = {
        .method = "POST", .path = span_of("/api/status"), .arena = &s->arena};
    struct http_response got = {0};
    api_handle(s->api, &post, &got);
    assert_int_equal(got.status, 405);
    assert_string_equal(got.headers[0], "Allow: GET, HEAD");
    story_end(s);
}

/* Before there is anything, status says so, and views that there is nothing to see. */
static void test_empty(void **state)
{
    struct story *s = story_empty(1);
    struct json got = story_get_json(s, "/api/status");

    (void)state;
    assert_string_equal(at(s, &got, "size"), "0");
    assert_string_equal(at(s, &got, "as_of"), "");
    assert_int_equal(story_get(s, "/api/incidents").status, 503);
    assert_int_equal(story_get(s, "/api/agreement").status, 503);
    assert_int_equal(story_get(s, "/api/entries/0").status, 503);
    assert_int_equal(story_get(s, "/api/entries/0/receipt").status, 401); /* nobody's yet */
    assert_int_equal(story_get(s, "/checkpoint").status, 404);
    story_end(s);
}

static void test_tags(void **state)
{
    static const char *const views[] = {"/api/incidents", "/api/incidents/$A", "/api/agreement",
                                        "/api/records/$C", "/api/entries/3"};
    struct story *s = tell();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(views); i++) {
        const char *now = expand(s, views[i]);
        const char *then = arena_printf(&s->arena, "%s?as_of=20", now);
        struct span tag = story_get(s, now).etag, then_tag = story_get(s, then).etag;

        CHECK_CASE(now, tag.len == 32);
        CHECK_CASE(now, span_equal(tag, story_get(s, now).etag));
        CHECK_CASE(now, !span_equal(tag, then_tag));
        story_tick(s);
        CHECK_CASE(now, !span_equal(tag, story_get(s, now).etag));
        CHECK_CASE(now, span_equal(then_tag, story_get(s, then).etag));
    }
    assert_true(story_get(s, "/checkpoint").etag.len == 32);
    assert_true(story_get(s, "/api/status").etag.len == 32);
    assert_false(span_equal(story_get(s, "/api/incidents").etag,
                            story_get(s, "/api/incidents?limit=100").etag));
    story_end(s);
}

/* A part that is owed is shown as missing, and that answer is not kept by caches. */
static void test_owed_part(void **state)
{
    struct story *s = story_start(3);
    struct submission incident = world_incident(s->world, &s->arena);
    struct submission report = world_report(s->world, &s->arena), bare = report;
    struct json got;

    (void)state;
    bare.part_count = 0;
    story_append(s, &incident, 1);
    struct answer answer = story_append(s, &bare, 1);
    story_tick(s);
    const char *path = arena_printf(&s->arena, "/api/records/%s", answer.id);
    got = story_get_json(s, path);
    assert_string_equal(at(s, &got, "parts/0/here"), "0");
    assert_string_equal(at(s, &got, "parts/0/content"), "");
    assert_int_equal(story_get(s, path).etag.len, 0);
    got = story_get_json(s, "/api/incidents");
    assert_string_equal(at(s, &got, "incidents/0/reports/0/lat_e7"), "");
    assert_int_equal(story_get(s, "/api/incidents").etag.len, 0);
    got = story_get_json(s, "/api/status");
    assert_string_equal(at(s, &got, "owed/parts"), "1");
    assert_string_equal(at(s, &got, "owed/entry"),
                        arena_printf(&s->arena, "%" PRIu64, answer.index));
    struct span tag = story_get(s, "/api/status").etag;

    answer = story_append(s, &report, 1); /* the same record brings it */
    assert_int_equal(answer.kind, ANSWER_REPEATED);
    got = story_get_json(s, path);
    assert_string_equal(at(s, &got, "parts/0/here"), "1");
    assert_string_not_equal(at(s, &got, "parts/0/content/summary"), "");
    assert_int_equal(story_get(s, path).etag.len, 32);
    got = story_get_json(s, "/api/incidents");
    assert_string_not_equal(at(s, &got, "incidents/0/reports/0/lat_e7"), "");
    assert_int_equal(story_get(s, "/api/incidents").etag.len, 32);
    got = story_get_json(s, "/api/status");
    assert_string_equal(at(s, &got, "owed/parts"), "0");
    assert_false(span_equal(story_get(s, "/api/status").etag, tag));
    story_end(s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_found), cmocka_unit_test(test_answers), cmocka_unit_test(test_refused),
    cmocka_unit_test(test_empty), cmocka_unit_test(test_tags),    cmocka_unit_test(test_owed_part),
};
RUN_TESTS(tests)
