#include "net/http_client.h"

#include "base/test.h"
#include "net/wire.h"

#include <pthread.h>

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    (void)context;
    if (span_is(request->path, "/moved")) {
        response->status = 302;
        response->headers[0] = "Location: /there";
    } else if (span_is(request->path, "/gone")) {
        http_error(request, response, 404, "gone");
    } else if (span_is(request->path, "/slow")) {
        sleep(3);
    } else if (span_is(request->path, "/echo")) {
        response->body = request->body;
    } else if (span_is(request->path, "/zeros")) {
        response->body = span_make(arena_alloc(request->arena, 1000), 1000);
    } else {
        response->body = span_of(arena_printf(request->arena, "%s %.*s %.*s %.*s", request->method,
                                              SPAN_ARG(request->path),
                                              SPAN_ARG(http_header(request, "Content-Type")),
                                              SPAN_ARG(http_header(request, "Host"))));
    }
}

static struct http_server *start(const char *socket_path)
{
    struct http_options options = {.listen = "127.0.0.1:0",
                                   .socket_path = socket_path,
                                   .body_limit = 1 << 24,
                                   .threads = 2,
                                   .handler = handle};
    struct http_server *server = NULL;
    struct err err = {0};

    if (!http_start(&server, &options, &err))
        fail_msg("%s", err.text);
    return server;
}

static void test_calls(void **state)
{
    static const struct {
        const char *name;
        const char *method, *path; /* a path with "://" is the whole URL */
        const char *type, *body;
        size_t limit;
        int status; /* 0: no answer */
        const char *has;
    } cases[] = {
        {"get", "GET", "/x", NULL, "", 100, 200, "GET /x  127.0.0.1:"},
        {"post", "POST", "/x", "text/plain", "abc", 100, 200, "POST /x text/plain 127.0.0.1:"},
        {"post gives its body", "POST", "/echo", "text/plain", "abc", 100, 200, "abc"},
        {"post of nothing", "POST", "/echo", "text/plain", "", 100, 200, ""},
        {"an error is an answer", "GET", "/gone", NULL, "", 100, 404, "gone"},
        {"is not sent elsewhere", "GET", "/moved", NULL, "", 100, 302, ""},
        {"as large as allowed", "GET", "/zeros", NULL, "", 1000, 200, ""},
        {"larger", "GET", "/zeros", NULL, "", 999, 0, "larger than 999 bytes"},
        {"slower", "GET", "/slow", NULL, "", 100, 0, "timed out"},
        {"nobody there", "GET", "http://127.0.0.1:1/", NULL, "", 100, 0, "connect"},
        {"a file", "GET", "file:///etc/hostname", NULL, "", 100, 0, "file"},
        {"no URL", "GET", "://", NULL, "", 100, 0, "://"},
    };
    struct http_server *server = start(NULL);

    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1); /* is not asked */
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct http_reply reply = {.status = 99};
        bool whole = strstr(cases[i].path, "://") != NULL;
        struct http_call call = {
            .url = arena_printf(&arena, "%s%s", whole ? "" : http_address(server), cases[i].path),
            .method = cases[i].method,
            .type = cases[i].type,
            .body = span_of(cases[i].body),
            .limit = cases[i].limit,
            .timeout_s = 1,
        };
        bool ok = http_do(&call, &reply, &arena, &err);
        const char *got = ok ? arena_text(&arena, reply.body) : err.text;

        CHECK_CASE(cases[i].name, ok == (cases[i].status != 0));
        CHECK_CASE(cases[i].name, reply.status == (ok ? cases[i].status : 99));
        CHECK_CASE(cases[i].name, strstr(got, cases[i].has));
        arena_free(&arena);
    }
    http_stop(server);
}

/* 16 MiB there and back, over the Unix socket. */
static void test_large_over_unix(void **state)
{
    char directory[] = "/tmp/http_client_test.XXXXXX", path[64];
    struct arena arena = {0};
    struct err err = {0};
    struct http_reply reply;
    size_t len = 1 << 24;
    uint8_t *bytes = arena_alloc(&arena, len);

    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/socket", directory);
    struct http_server *server = start(path);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(i * i >> 8);
    struct http_call call = {.url = "http://localhost/echo",
                             .socket_path = path,
                             .method = "POST",
                             .type = "application/octet-stream",
                             .body = span_make(bytes, len),
                             .limit = len,
                             .timeout_s = 30};
    if (!http_do(&call, &reply, &arena, &err))
        fail_msg("%s", err.text);
    assert_int_equal(reply.status, 200);
    assert_true(span_equal(reply.body, call.body));
    http_stop(server);
    assert_false(http_do(&call, &reply, &arena, &err)); /* nobody there any more */
    arena_free(&arena);
    assert_int_equal(rmdir(directory), 0);
}

/* Answers one connection with these bytes, whatever it asks. */
struct liar {
    int fd;
    const char *says;
};

static void *lie(void *context)
{
    struct liar *liar = context;
    char asked[4096];
    int fd = accept(liar->fd, NULL, NULL);

    if (wire_some(fd, asked, sizeof asked) > 0)
        wire_put(fd, liar->says, strlen(liar->says));
    close(fd);
    return NULL;
}

static void test_answers_that_are_none(void **state)
{
    static const struct {
        const char *name;
        const char *says;
        const char *fault; /* "": an answer */
    } cases[] = {
        {"an answer", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ""},
        {"until the end", "HTTP/1.1 200 OK\r\n\r\nok", ""},
        {"cut short", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", "remaining"},
        {"a chunk cut short", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok", ":"},
        {"nothing", "", "reply"},
        {"no HTTP", "220 mail.example ESMTP\r\n", "HTTP/0.9"},
        {"a length without end", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nok", ":"},
        {"larger than asked for", "HTTP/1.1 200 OK\r\n\r\n0123456789abcdef", "larger than 10"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t len = sizeof at;
        struct liar liar = {.fd = socket(AF_INET, SOCK_STREAM, 0), .says = cases[i].says};
        struct arena arena = {0};
        struct err err = {0};
        struct http_reply reply;
        pthread_t thread;

        assert_int_equal(bind(liar.fd, (struct sockaddr *)&at, len), 0);
        assert_int_equal(listen(liar.fd, 1), 0);
        assert_int_equal(getsockname(liar.fd, (struct sockaddr *)&at, &len), 0);
        assert_int_equal(pthread_create(&thread, NULL, lie, &liar), 0);
        struct http_call call = {
            .url = arena_printf(&arena, "http://127.0.0.1:%u/", ntohs(at.sin_port)),
            .method = "GET",
            .limit = 10,
            .timeout_s = 5};
        bool ok = http_do(&call, &reply, &arena, &err);
        pthread_join(thread, NULL);
        close(liar.fd);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, !ok || span_is(reply.body, "ok"));
        CHECK_CASE(cases[i].name, ok || strstr(err.text, cases[i].fault));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_calls),
    cmocka_unit_test(test_large_over_unix),
    cmocka_unit_test(test_answers_that_are_none),
};
RUN_TESTS(tests)
