/* POST /submit over the real server, where the agreement has a quota. */

#include "api/story.h"
#include "base/test.h"
#include "journal/submission.h"
#include "net/http_client.h"

static struct http_server *serve(struct story *s)
{
    const struct http_options options = {.listen = "127.0.0.1:0",
                                         .body_limit = SUBMISSION_BYTES,
                                         .threads = 2,
                                         .handler = api_handle,
                                         .context = s->api};
    struct http_server *server = NULL;
    struct err err = {0};

    story_ok(http_start(&server, &options, &err), &err);
    return server;
}

static void submit(struct story *s, struct http_server *server, const struct submission *some,
                   size_t count, struct answer *answers)
{
    struct http_call call = {.url = arena_printf(&s->arena, "%s/submit", http_address(server)),
                             .method = "POST",
                             .type = SUBMISSION_TYPE,
                             .limit = SUBMISSION_ANSWER_BYTES,
                             .timeout_s = 20};
    struct http_reply reply;
    struct err err = {0};

    story_ok(submission_encode(&call.body, some, count, &s->arena, &err), &err);
    story_ok(http_do(&call, &reply, &s->arena, &err), &err);
    assert_int_equal(reply.status, 200); /* an answer, and no fault of who asks */
    story_ok(submission_answers_parse(answers, count, reply.body, &s->arena, &err), &err);
}

static struct submission incident(struct story *s, size_t by)
{
    struct json body = json_object();

    json_set(&body, "title", json_text("An incident"), &s->arena);
    return world_sign(s->world, &s->world->author[by], "incident.open", &body, &s->arena);
}

static void test_over_the_quota(void **state)
{
    static const enum answer_kind expected[] = {ANSWER_LOGGED, ANSWER_LOGGED, ANSWER_LOGGED,
                                                ANSWER_LATER, ANSWER_LATER};
    struct submission some[ARRAY_LEN(expected)];
    struct answer answers[ARRAY_LEN(expected)];
    (void)state;

    world_quota = WORLD_QUOTA;
    struct story *s = story_start(1);
    struct http_server *server = serve(s);
    for (size_t i = 0; i < ARRAY_LEN(some); i++)
        some[i] = incident(s, i / 4);
    submit(s, server, some, ARRAY_LEN(some), answers);
    for (size_t i = 0; i < ARRAY_LEN(some); i++) {
        assert_int_equal(answers[i].kind, expected[i]);
        assert_int_equal(strlen(answers[i].id), 64);
        assert_true((answers[i].promise.len > 0) == (expected[i] == ANSWER_LOGGED));
    }
    assert_true(answers[3].later_ms > 1000 &&
                strstr(answers[3].why.text, "over the quota: in 3600"));
    assert_int_equal(answers[4].later_ms, 1000);
    assert_non_null(strstr(answers[4].why.text, "behind"));

    submit(s, server, &some[4], 1, answers); /* apart from it, when it was told to */
    assert_int_equal(answers[0].kind, ANSWER_LOGGED);
    submit(s, server, &some[3], 1, answers); /* not when it was not */
    assert_int_equal(answers[0].kind, ANSWER_LATER);
    submit(s, server, some, 1, answers);
    assert_int_equal(answers[0].kind, ANSWER_REPEATED);
    http_stop(server);
    story_end(s);
    world_quota = "";
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_over_the_quota)};
RUN_TESTS(tests)
