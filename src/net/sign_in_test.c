#include "net/sign_in.h"

#include "base/test.h"
#include "ledger/statement.h"
#include "net/http.h"

#include <stdio.h>

#define AGREEMENT "test.invalid/truce"
#define NOW_MS INT64_C(1761955200000)
#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* A server that says what it is told to, and keeps what it was sent. */
struct script {
    int nonce_status, status;
    const char *nonce, *answer;
};
struct desk {
    struct script script;
    unsigned posts;
    char path[64], query[64], type[64], body[4096];
};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct desk *desk = context;

    if (span_is(request->path, "/sign-in/nonce")) {
        response->status = desk->script.nonce_status;
        response->body = span_of(desk->script.nonce);
        return;
    }
    desk->posts++;
    snprintf(desk->path, sizeof desk->path, "%.*s", SPAN_ARG(request->path));
    snprintf(desk->query, sizeof desk->query, "%.*s", SPAN_ARG(request->query));
    snprintf(desk->type, sizeof desk->type, "%.*s", SPAN_ARG(http_header(request, "Content-Type")));
    snprintf(desk->body, sizeof desk->body, "%.*s", SPAN_ARG(request->body));
    response->status = desk->script.status;
    response->body = span_of(desk->script.answer);
}

static struct note_signer who(void)
{
    struct note_signer signer;

    assert_true(sign_start());
    note_signer_make(&signer, SPAN_LIT("obs/1"), NOTE_TYPE_ED25519, (uint8_t[32]){1});
    return signer;
}

static bool enter(struct desk *desk, bool for_browser, char out[65], struct err *err)
{
    struct note_signer signer = who();
    struct http_options options = {.listen = "127.0.0.1:0",
                                   .body_limit = 10000,
                                   .threads = 1,
                                   .handler = handle,
                                   .context = desk};
    struct http_server *server = NULL;

    if (!http_start(&server, &options, err))
        fail_msg("%s", err->text);
    struct sign_in how = {.url = http_address(server),
                          .agreement = SPAN_LIT(AGREEMENT),
                          .node = "obs/node",
                          .signer = &signer,
                          .now_ms = NOW_MS,
                          .for_browser = for_browser,
                          .timeout_s = 5};
    bool ok = sign_in(&how, out, err);
    http_stop(server);
    return ok;
}

/* Whatever the server says, what is signed is what the client knows and 64 digits. */
static void test_what_is_signed(void **state)
{
    static const struct {
        const char *name;
        bool for_browser;
        const char *nonce, *answer, *query;
    } cases[] = {
        {"a token", false, "{\"nonce\":\"" HEX "\"}", "{\"token\":\"" HEX "\"}", ""},
        {"a code", true, "{\"nonce\":\"" HEX "\"}", "{\"code\":\"" HEX "\"}", "for=browser"},
        {"what else it says", false,
         "{\"agreement\":\"evil\",\"at_ms\":1,\"node\":\"evil\",\"nonce\":\"" HEX
         "\",\"word\":\"pin\"}",
         "{\"token\":\"" HEX "\"}", ""},
    };
    static const char members[] =
        "{\"at_ms\":1761955200000,\"node\":\"obs/node\",\"nonce\":\"" HEX "\"}";

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct desk desk = {.script = {200, 200, cases[i].nonce, cases[i].answer}};
        struct note_signer signer = who();
        struct note_key key = note_signer_key(&signer);
        struct arena arena = {0};
        struct statement statement;
        struct err err = {0};
        char out[65];

        if (!enter(&desk, cases[i].for_browser, out, &err) ||
            !statement_parse(&statement, span_of(desk.body), &arena, &err))
            fail_msg("%s: %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, strcmp(out, HEX) == 0);
        CHECK_CASE(cases[i].name, strcmp(desk.path, "/sign-in") == 0);
        CHECK_CASE(cases[i].name, strcmp(desk.query, cases[i].query) == 0);
        CHECK_CASE(cases[i].name, strcmp(desk.type, "application/vnd.sulh.statement") == 0);
        CHECK_CASE(cases[i].name, span_is(statement.agreement, AGREEMENT));
        CHECK_CASE(cases[i].name, span_is(statement.word, "sign-in"));
        CHECK_CASE(cases[i].name, span_is(json_bytes(&statement.members, &arena), members));
        CHECK_CASE(cases[i].name, statement_verify(&statement, &key));
        arena_free(&arena);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *name;
        struct script script;
        unsigned posts; /* 0: nothing was signed */
        enum err_kind fault;
        const char *has;
    } cases[] = {
        {"no nonce", {200, 200, "{}", ""}, 0, ERR_MALFORMED, "no nonce"},
        {"a short one", {200, 200, "{\"nonce\":\"00\"}", ""}, 0, ERR_MALFORMED, "no nonce"},
        {"a text",
         {200, 200, "{\"nonce\":\"x\\nincident.open 1\\n{}\"}", ""},
         0,
         ERR_MALFORMED,
         "no nonce"},
        {"in capitals",
         {200, 200,
          "{\"nonce\":\"AA112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"}", ""},
         0,
         ERR_MALFORMED,
         "no nonce"},
        {"a number", {200, 200, "{\"nonce\":1}", ""}, 0, ERR_MALFORMED, "no nonce"},
        {"noise", {200, 200, "noise", ""}, 0, ERR_MALFORMED, "line 1"},
        {"no such page",
         {404, 200, "{\"error\":\"there is no /x\"}", ""},
         0,
         ERR_REFUSED,
         "404 there is no /x"},
        {"refused",
         {200, 403, "{\"nonce\":\"" HEX "\"}", "{\"error\":\"the key was revoked\"}"},
         1,
         ERR_REFUSED,
         "403 the key was revoked"},
        {"refused by something else",
         {200, 502, "{\"nonce\":\"" HEX "\"}", "<html>"},
         1,
         ERR_REFUSED,
         "502"},
        {"no token",
         {200, 200, "{\"nonce\":\"" HEX "\"}", "{\"code\":\"" HEX "\"}"},
         1,
         ERR_MALFORMED,
         "no token"},
        {"a header in the token",
         {200, 200, "{\"nonce\":\"" HEX "\"}", "{\"token\":\"x\\r\\nX: y\"}"},
         1,
         ERR_MALFORMED,
         "no token"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct desk desk = {.script = cases[i].script};
        struct err err = {0};
        char out[65] = "as it was";
        bool ok = enter(&desk, false, out, &err);

        CHECK_CASE(cases[i].name, !ok && err.kind == cases[i].fault);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].has));
        CHECK_CASE(cases[i].name, desk.posts == cases[i].posts);
        CHECK_CASE(cases[i].name, strcmp(out, "as it was") == 0);
    }
}

/* In the open it goes nowhere but to this machine: nothing is even asked. */
static void test_in_the_open(void **state)
{
    struct note_signer signer = who();
    struct sign_in how = {.url = "http://192.0.2.1:8117",
                          .agreement = SPAN_LIT(AGREEMENT),
                          .node = "obs/node",
                          .signer = &signer,
                          .timeout_s = 1};
    struct err err = {0};
    char out[65];

    (void)state;
    assert_false(sign_in(&how, out, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_non_null(strstr(err.text, "sign in over https"));
    how.url = "https://127.0.0.1:1";
    assert_false(sign_in(&how, out, &err));
    assert_non_null(strstr(err.text, "no certificate is pinned"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_is_signed),
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_in_the_open),
};
RUN_TESTS(tests)
