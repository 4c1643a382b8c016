/*
 * What figures need beside them, over a whole node: watches, denials and two ledgers as they come
 * out of the log; and that what speaks of an incident is found and shown with it.
 */

#include "api/story.h"
#include "base/test.h"

#define MOVE(kind) "{\"clause\":\"c1\",\"id\":\"" kind "\"}"
#define MOVES                                                                                      \
    ",\"move\":[" MOVE("incident.flash") "," MOVE("incident.warn") "," MOVE(                       \
        "access.restriction") "," MOVE("coverage.watch") "," MOVE("ledger.match") "]"
#define SECTORS ",\"sector\":[{\"id\":\"east\"},{\"id\":\"west\"}]"
#define MAY ",\"flash\",\"match\",\"observe\",\"warn\",\"watch\""

/* The world begins on 1 November 2025; a second is counted at each record. */
#define DAY "1761868800000" /* 31 October */
#define TIME(name, ms)                                                                             \
    "\"" name "\":{\"at_ms\":" ms ",\"basis\":\"watch\",\"offset_min\":0,\"uncertainty_ms\":0}"

static struct story *begin(void)
{
    world_also.moves = MOVES;
    world_also.organisations = ",{\"id\":\"two\"}";
    world_also.sectors = SECTORS;
    world_also.may = MAY;
    return story_start(7);
}

/* Author 3 signs for an organisation of its own from here on. */
static void move_out(struct story *s)
{
    struct world_signer *other = &s->world->author[3];
    struct json body = json_object();

    *other = (struct world_signer){0};
    world_key(s->world, &other->signer, "two/desk");
    json_set_string(&body, "key", world_vkey(&other->signer, &s->arena), &s->arena);
    json_set(&body, "job", json_text("author"), &s->arena);
    json_set(&body, "org", json_text("two"), &s->arena);
    json_set(&body, "role", json_text("monitor"), &s->arena);
    struct submission one = world_sign(s->world, &s->world->root, "member.admit", &body, &s->arena);
    story_append(s, &one, 1);
}

static bool is(struct story *s, const char *path, const char *member, const char *want)
{
    struct json answer = story_get_json(s, path);
    const struct json *value = json_get(&answer, member);

    if (value && span_is(json_bytes(value, &s->arena), want))
        return true;
    print_error("%s: %s is %.*s\n", path, member,
                SPAN_ARG(value ? json_bytes(value, &s->arena) : SPAN_LIT("not there")));
    return false;
}

#define EAST(watched, seen)                                                                        \
    "{\"blind_s\":0,\"denied\":0,\"from_ms\":" DAY ",\"outages\":0,\"reported\":0,"                \
    "\"restrictions\":0,\"sector\":\"east\"," seen watched "}"
#define WEST                                                                                       \
    "{\"blind_s\":0,\"denied\":1,\"from_ms\":" DAY ",\"outages\":0,\"reported\":1,"                \
    "\"restrictions\":1,\"sector\":\"west\",\"watched\":0,\"watched_s\":0,\"watches\":0}"
#define PATH "/api/coverage?from=" DAY "&to=1761955200000"

static void test_coverage(void **state)
{
    struct story *s = begin();

    (void)state;
    story_say(s, 0, "coverage.watch",
              "{\"sector\":\"east\"," TIME("from", "1761872400000") "," TIME("until",
                                                                             "1761876000000") "}");
    story_say(s, 0, "access.restriction",
              "{\"sector\":\"west\",\"type\":\"denial\",\"words\":\"no prior notice\"," TIME(
                  "at", "1761872400000") "}");
    story_say(s, 1, "incident.report",
              "{\"sector\":\"west\",\"type\":\"fire\"," TIME("start", "1761872400000") "}");
    story_tick(s);
    assert_true(
        is(s, PATH, "days",
           "[" EAST("\"watched\":1,\"watched_s\":3600,\"watches\":1", "\"seen\":0,") "," WEST "]"));
    assert_true(is(s, PATH, "offsets_min", "[0]"));
    assert_true(is(s, PATH "&as_of=8", "days",
                   "[" EAST("\"watched\":1,\"watched_s\":3600,\"watches\":1",
                            "\"seen\":0,") ",{\"blind_s\":0,\"denied\":0,\"from_ms\":" DAY
                                           ",\"outages\":0,\"reported\":0,\"restrictions\":0,"
                                           "\"sector\":\"west\",\"watched\""
                                           ":0,\"watched_s\":0,\"watches\":0}]"));
    assert_true(is(s, "/api/coverage", "undated", "0")); /* the last seven days */
    story_end(s);
}

static void test_ledgers(void **state)
{
    struct story *s = begin();
    const char *ours, *theirs, *alone;

    (void)state;
    move_out(s);
    ours = story_say(s, 0, "incident.report", "{\"type\":\"fire\"}");
    theirs = story_say(s, 3, "incident.report", "{\"type\":\"fire\"}");
    alone = story_say(s, 3, "incident.report", "{\"type\":\"fire\"}");
    story_say(s, 0, "ledger.match",
              arena_printf(&s->arena,
                           "{\"left\":\"%s\",\"right\":\"%s\",\"result\":\"different_author\"}",
                           theirs, ours));
    assert_true(is(s, "/api/ledgers?left=obs&right=two", "pairs",
                   arena_printf(&s->arena,
                                "[{\"left\":\"%s\",\"observed\":0,\"result\":\"different_author\","
                                "\"right\":\"%s\"}]",
                                ours, theirs)));
    assert_true(is(s, "/api/ledgers?left=obs&right=two", "only_left", "[]"));
    assert_true(is(s, "/api/ledgers?left=obs&right=two", "only_right",
                   arena_printf(&s->arena, "[\"%s\"]", alone)));
    assert_true(
        is(s, "/api/ledgers?left=two&right=obs&from=1&to=2", "counts",
           "{\"author_open\":0,\"different_author\":0,\"left\":0,\"observed\":0,\"right\":0,"
           "\"same_author\":0,\"undated\":3}"));
    story_end(s);
}

/* Linked as reports are, shown beside them, and found by when they were perceived; but a warning
 * is no word of what happened. */
static void test_others(void **state)
{
    struct story *s = begin();
    const char *incident = story_say(s, 0, "incident.open", "{}");
    const char *flash = story_say(
        s, 1, "incident.flash",
        arena_printf(&s->arena, "{\"incident\":\"%s\",\"what\":\"shots\"," TIME("at", DAY) "}",
                     incident));
    const char *warning =
        story_say(s, 1, "incident.warn",
                  "{\"to\":\"obs\",\"summary\":\"expected\"," TIME("from", "1761782400000") "}");

    (void)state;
    story_say(s, 2, "incident.link",
              arena_printf(&s->arena,
                           "{\"basis\":\"related\",\"incident\":\"%s\",\"record\":\"%s\"}",
                           incident, warning));
    struct json answer = story_get_json(s, arena_printf(&s->arena, "/api/incidents/%s", incident));
    const struct json *others = json_get(&answer, "others");
    assert_int_equal(others->array.count, 2);
    assert_int_equal(json_get(&answer, "reports")->array.count, 0);
    assert_int_equal(json_get(&answer, "claims")->array.count, 0);
    assert_true(span_is(json_get_string(&others->array.at[0], "id", SPAN_LIT("")), flash));
    assert_true(
        span_is(json_get_string(&others->array.at[0], "kind", SPAN_LIT("")), "incident.flash"));
    assert_true(span_is(
        json_get_string(json_get(&others->array.at[0], "public"), "what", SPAN_LIT("")), "shots"));
    assert_true(span_is(json_get_string(&others->array.at[1], "id", SPAN_LIT("")), warning));

    answer = story_get_json(s, "/api/incidents?from=" DAY "&to=" DAY);
    assert_int_equal(json_get(&answer, "incidents")->array.count, 1);
    answer = story_get_json(s, "/api/incidents?from=1761782400000&to=1761782400000");
    assert_int_equal(json_get(&answer, "incidents")->array.count, 0);

    story_say(s, 1, "record.withdraw",
              arena_printf(&s->arena, "{\"reason\":\"error\",\"record\":\"%s\"}", flash));
    answer = story_get_json(s, "/api/incidents?from=" DAY "&to=" DAY);
    assert_int_equal(json_get(&answer, "incidents")->array.count, 0);
    story_end(s);
}

static void test_refused(void **state)
{
    static const struct {
        const char *path;
        const char *has;
    } cases[] = {
        {"/api/coverage?from=5&to=5", "whole days"},
        {"/api/coverage?from=1761955200000&to=1761868800000", "to a later one"},
        {"/api/coverage?from=0&to=1761868800000", "1 to 400 whole days"},
        {"/api/coverage?offset_min=841", "-840 to 840"},
        {"/api/coverage?offset_min=east", "an integer"},
        {"/api/coverage?sector=east", "there are: from, to, offset_min, as_of"},
        {"/api/ledgers", "whose ledgers?"},
        {"/api/ledgers?left=obs", "left=ORGANISATION&right=ORGANISATION"},
        {"/api/ledgers?right=obs", "whose ledgers?"},
        {"/api/ledgers?left=obs&right=obs", "two organisations"},
        {"/api/ledgers?left=obs&right=two&from=x", "an integer"},
    };
    struct story *s = begin();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_response got = story_get(s, cases[i].path);

        if (got.status != 400 || !strstr(arena_text(&s->arena, got.body), cases[i].has))
            fail_msg("%s: %d %.*s", cases[i].path, got.status, SPAN_ARG(got.body));
    }
    story_end(s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_coverage),
    cmocka_unit_test(test_ledgers),
    cmocka_unit_test(test_others),
    cmocka_unit_test(test_refused),
};

RUN_TESTS(tests)
