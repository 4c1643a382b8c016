/* The api behind the real server: what only headers and bodies can show. */

#include "api/story.h"
#include "base/test.h"
#include "journal/log_reader.h"
#include "journal/submission.h"
#include "ledger/proof.h"
#include "net/http_client.h"
#include "net/wire.h"

#include <pthread.h>
#include <stdatomic.h>

static char answer[1 << 20];

static struct http_server *serve(struct story *s)
{
    struct http_options options = {.listen = "127.0.0.1:0",
                                   .socket_path =
                                       arena_printf(&s->arena, "%s/socket", s->directory),
                                   .body_limit = SUBMISSION_BYTES,
                                   .threads = 2,
                                   .handler = api_handle,
                                   .context = s->api};
    struct http_server *server = NULL;
    struct err err = {0};

    story_ok(http_start(&server, &options, &err), &err);
    return server;
}

/* What is answered to a request of these lines, without its last empty one. */
static const char *ask(struct http_server *server, struct story *s, const char *lines)
{
    int fd = wire_open(server);
    const char *request = arena_printf(&s->arena, "%s\r\nHost: localhost\r\n\r\n", lines);

    wire_put(fd, request, strlen(request));
    wire_answer(fd, answer, sizeof answer, strncmp(lines, "HEAD", 4) == 0);
    close(fd);
    return answer;
}

static struct http_reply post(struct story *s, const struct http_server *server,
                              const char *socket_path, const char *type, struct span body)
{
    struct http_call call = {
        .url = arena_printf(&s->arena, "%s/submit",
                            socket_path ? "http://localhost" : http_address(server)),
        .socket_path = socket_path,
        .method = "POST",
        .type = type,
        .body = body,
        .limit = SUBMISSION_ANSWER_BYTES,
        .timeout_s = 20};
    struct http_reply reply;
    struct err err = {0};

    story_ok(http_do(&call, &reply, &s->arena, &err), &err);
    return reply;
}

static void test_not_modified(void **state)
{
    static const char *const paths[] = {
        "/api/status", "/api/agreement",  "/api/incidents",         "/api/entries/0",
        "/checkpoint", "/tile/0/000.p/8", "/api/entries/3/receipt", "/api/openapi.json"};
    struct story *s = story_start(21);
    struct http_server *server = serve(s);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        const char *get = arena_printf(&s->arena, "GET %s HTTP/1.1", paths[i]);
        const char *got = ask(server, s, get), *tag = strstr(got, "\r\nETag: ");

        CHECK_CASE(paths[i], strncmp(got, "HTTP/1.1 200", 12) == 0 && tag);
        tag = arena_text(&s->arena, span_make(tag + 8, 34));
        const char *again = arena_printf(&s->arena, "%s\r\nIf-None-Match: %s", get, tag);
        got = ask(server, s, again);
        CHECK_CASE(paths[i], strncmp(got, "HTTP/1.1 304", 12) == 0);
        CHECK_CASE(paths[i], strstr(got, tag));
        story_tick(s);
        got = ask(server, s, again);
        bool changes = strstr(paths[i], "tile") == NULL && strstr(paths[i], "openapi") == NULL;
        CHECK_CASE(paths[i], !changes || strncmp(got, "HTTP/1.1 200", 12) == 0);
    }
    http_stop(server);
    story_end(s);
}

static void test_submit(void **state)
{
    struct story *s = story_start(22);
    struct http_server *server = serve(s);
    struct submission records[3] = {world_incident(s->world, &s->arena),
                                    world_report(s->world, &s->arena),
                                    {.note = span_of("no record")}};
    struct answer answers[3];
    struct err err = {0};
    struct span body;
    const char *socket_path = arena_printf(&s->arena, "%s/socket", s->directory);

    (void)state;
    story_ok(submission_encode(&body, records, 3, &s->arena, &err), &err);
    struct http_reply reply = post(s, server, NULL, SUBMISSION_TYPE, body);
    assert_int_equal(reply.status, 200);
    story_ok(submission_answers_parse(answers, 3, reply.body, &s->arena, &err), &err);
    assert_int_equal(answers[0].kind, ANSWER_LOGGED);
    assert_int_equal(answers[1].kind, ANSWER_LOGGED);
    assert_int_equal(answers[1].index, answers[0].index + 1);
    assert_int_equal(answers[2].kind, ANSWER_REFUSED);
    assert_string_equal(answers[2].reason, "not a record");
    assert_true(answers[2].refusal.len > 0);

    reply = post(s, server, socket_path, SUBMISSION_TYPE "; q=1", body);
    assert_int_equal(reply.status, 200);
    story_ok(submission_answers_parse(answers, 3, reply.body, &s->arena, &err), &err);
    assert_int_equal(answers[0].kind, ANSWER_REPEATED);

    /* Until it is published it is not shown. */
    const char *path = arena_printf(&s->arena, "/api/records/%s", answers[1].id);
    assert_int_equal(story_get(s, path).status, 404);
    story_tick(s);
    assert_int_equal(story_get(s, path).status, 200);
    http_stop(server);
    story_end(s);
}

static void test_submit_refused(void **state)
{
    static const struct {
        const char *name, *type, *body;
        int status;
        const char *has;
    } cases[] = {
        {"no type", NULL, "x", 415, SUBMISSION_TYPE},
        {"a form", "application/x-www-form-urlencoded", "x", 415, SUBMISSION_TYPE},
        {"nearly the type", SUBMISSION_TYPE "x", "x", 415, SUBMISSION_TYPE},
        {"nothing", SUBMISSION_TYPE, "", 400, "no record"},
        {"noise", SUBMISSION_TYPE, "noise", 400, "submission: "},
    };
    struct story *s = story_start(23);
    struct http_server *server = serve(s);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_reply reply = post(s, server, NULL, cases[i].type, span_of(cases[i].body));
        CHECK_CASE(cases[i].name, reply.status == cases[i].status);
        CHECK_CASE(cases[i].name, strstr(arena_text(&s->arena, reply.body), cases[i].has));
    }
    http_stop(server);
    story_end(s);
}

/* Whoever has the log key can check what is served, without asking us anything else. */
static void test_receipt(void **state)
{
    struct story *s = story_start(24);
    struct note_key log_key = note_signer_key(&s->world->log);
    struct err err = {0};

    (void)state;
    for (unsigned i = 0; i < WORLD_START; i++) {
        struct proof proof;
        struct checkpoint checkpoint;
        struct json entry = story_get_json(s, arena_printf(&s->arena, "/api/entries/%u", i));
        struct span note = json_get_string(&entry, "note", (struct span){0});
        struct http_response got =
            story_get(s, arena_printf(&s->arena, "/api/entries/%u/receipt", i));

        assert_int_equal(got.status, 200);
        story_ok(proof_verify(&proof, &checkpoint, got.body, merkle_leaf(note), &log_key, &s->arena,
                              &err),
                 &err);
        assert_int_equal(proof.index, i);
        assert_true(span_equal(proof.extra, note));
        assert_int_equal(checkpoint.size, WORLD_START);
    }
    story_end(s);
}

/* The bytes of DIR/log, and of a public part. */
static void test_files(void **state)
{
    static const char *const files[] = {"/checkpoint", "/tile/0/000.p/10",
                                        "/tile/entries/000.p/10"};
    struct story *s = story_start(25);
    struct submission incident = world_incident(s->world, &s->arena),
                      report = world_report(s->world, &s->arena);
    struct err err = {0};
    char hex[65];

    (void)state;
    story_append(s, &incident, 1);
    story_append(s, &report, 1);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct span bytes;
        struct http_response got = story_get(s, files[i]);

        story_ok(disk_read(node_disk(s->node), arena_printf(&s->arena, "log%s", files[i]), 1 << 20,
                           &bytes, &s->arena, &err),
                 &err);
        CHECK_CASE(files[i], got.status == 200 && span_equal(got.body, bytes));
    }
    struct hash stored = hash_of(report.part[0]);
    hex_text(hex, hash_span(&stored));
    struct http_response got = story_get(s, arena_printf(&s->arena, "/api/parts/%s", hex));
    assert_int_equal(got.status, 200);
    assert_true(span_equal(got.body, report.part[0]));
    got = story_get(s, "/api/agreement/files/agreement.toml");
    assert_true(span_equal(got.body, world_terms(&s->arena)));
    story_end(s);
}

struct watcher {
    const char *url;
    atomic_bool *done;
    uint64_t answers, wrong;
};

/* Asks again and again: what was there stays there, and each answer is of one moment. */
static void *watch(void *context)
{
    struct watcher *watcher = context;
    int64_t size = 0, incidents = 0;

    while (!atomic_load(watcher->done)) {
        struct arena arena = {0};
        struct err err = {0};
        struct http_reply status, list;
        struct json value;
        struct http_call call = {.url = arena_printf(&arena, "%s/api/status", watcher->url),
                                 .method = "GET",
                                 .limit = 1 << 20,
                                 .timeout_s = 20};

        bool ok = http_do(&call, &status, &arena, &err) && status.status == 200 &&
                  json_parse(&value, status.body, &arena, &err);
        int64_t now = ok ? json_get_integer(&value, "size", -1) : -1;
        ok = ok && now >= size && json_get_integer(&value, "as_of", -1) == now - 1;
        size = now;

        call.url = arena_printf(&arena, "%s/api/incidents?limit=500", watcher->url);
        ok = ok && http_do(&call, &list, &arena, &err) && list.status == 200 &&
             json_parse(&value, list.body, &arena, &err);
        ok = ok && json_get(&value, "incidents")->array.count >= incidents;
        incidents = ok ? json_get(&value, "incidents")->array.count : 0;
        watcher->answers++;
        watcher->wrong += !ok;
        arena_free(&arena);
    }
    return NULL;
}

static void test_side_by_side(void **state)
{
    struct story *s = story_start(26);
    struct http_server *server = serve(s);
    atomic_bool done = false;
    struct watcher watcher[3];
    pthread_t thread[3];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        watcher[i] = (struct watcher){.url = http_address(server), .done = &done};
        assert_int_equal(pthread_create(&thread[i], NULL, watch, &watcher[i]), 0);
    }
    for (unsigned i = 0; i < 80; i++) {
        struct submission one = world_any(s->world, &s->arena);
        struct err err = {0};
        struct span body;

        story_ok(submission_encode(&body, &one, 1, &s->arena, &err), &err);
        assert_int_equal(post(s, server, NULL, SUBMISSION_TYPE, body).status, 200);
        story_ok(journal_publish(node_journal(s->node), &err), &err);
    }
    atomic_store(&done, true);
    for (size_t i = 0; i < 3; i++) {
        pthread_join(thread[i], NULL);
        assert_true(watcher[i].answers > 0);
        assert_int_equal(watcher[i].wrong, 0);
    }
    http_stop(server);
    story_end(s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_not_modified),   cmocka_unit_test(test_submit),
    cmocka_unit_test(test_submit_refused), cmocka_unit_test(test_receipt),
    cmocka_unit_test(test_files),          cmocka_unit_test(test_side_by_side),
};
RUN_TESTS(tests)
