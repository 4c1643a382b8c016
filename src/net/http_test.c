#include "base/test.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "net/http_client.h"
#include "net/tls.h"
#include "net/wire.h"
#include "sys/clock.h"
#include "sys/scratch.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#define BODY_LIMIT 10000
#define ANSWER (1 << 20)

static sem_t gate; /* /wait holds a thread of the server until the test lets it go */
static sem_t waiting;
static _Atomic bool news; /* what requests of /news wait for */

static bool is_news(void *context)
{
    (void)context;
    return news;
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    (void)context;
    response->type = "text/plain";
    if (span_is(request->path, "/wait")) {
        sem_post(&waiting);
        sem_wait(&gate);
    } else if (span_is(request->path, "/news")) {
        response->over = is_news;
        response->wait_ms = request->query.len ? 100 : 20000;
        response->status = request->waited ? 0 : 418; /* forgotten */
        response->body = request->waited ? SPAN_LIT("asked again") : SPAN_LIT("never sent");
        return;
    } else if (span_is(request->path, "/tagged")) {
        response->etag = SPAN_LIT("n7");
        response->cache = "max-age=5";
        response->headers[0] = "X-More: yes: really";
    } else if (span_is(request->path, "/policy")) {
        response->headers[0] = "X-More: yes";
        response->headers[1] = "Content-Security-Policy: default-src 'none'";
    } else if (span_is(request->path, "/none")) {
        http_error(request, response, 404, "nothing at %.*s", SPAN_ARG(request->path));
        return;
    } else if (span_is(request->path, "/large")) {
        response->body = span_make(arena_alloc(request->arena, 64 << 20), 64 << 20);
        return;
    } else if (span_is(request->path, "/empty")) {
        return;
    } else if (span_is(request->path, "/from")) {
        response->body = span_of(arena_printf(
            request->arena, "local %d, secure %d, from %d.%d, to the last %d", request->local,
            request->secure, request->address[0], request->address[3], request->address[15]));
        return;
    } else if (span_is(request->path, "/echo")) {
        response->body = request->body;
        return;
    } else if (span_is(request->path, "/sum")) {
        struct hash hash = hash_of(request->body);
        char text[2 * HASH_BYTES + 1];
        hex_text(text, hash_span(&hash));
        response->body = span_of(arena_printf(request->arena, "%zu %s", request->body.len, text));
        return;
    }
    response->body = span_of(arena_printf(
        request->arena, "%s [%.*s] [%.*s] a=[%.*s] x=[%.*s] %zu", request->method,
        SPAN_ARG(request->path), SPAN_ARG(request->query), SPAN_ARG(http_query(request, "a")),
        SPAN_ARG(http_header(request, "X-Sent")), request->body.len));
}

static struct http_server *start(struct http_options options)
{
    struct http_server *server = NULL;
    struct err err = {0};

    options.handler = handle;
    if (!options.body_limit)
        options.body_limit = BODY_LIMIT;
    if (!options.threads)
        options.threads = 1;
    if (!options.listen && !options.socket_path)
        options.listen = "127.0.0.1:0";
    if (!http_start(&server, &options, &err))
        fail_msg("%s", err.text);
    return server;
}

static char answer[ANSWER];

static bool say(int fd, const char *text)
{
    return wire_put(fd, text, strlen(text));
}

/* By the server; what it still sends is read away. */
static bool is_closed(int fd)
{
    ssize_t got;

    while ((got = recv(fd, answer, sizeof answer, MSG_DONTWAIT)) > 0)
        ;
    return got == 0 || errno != EAGAIN;
}

/* What one connection gets for these bytes. */
static const char *ask(const struct http_server *server, const char *bytes)
{
    int fd = wire_open(server);

    say(fd, bytes);
    shutdown(fd, SHUT_WR);
    wire_answer(fd, answer, sizeof answer, strncmp(bytes, "HEAD", 4) == 0);
    close(fd);
    return answer;
}

#define HOST "Host: localhost\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"

static void test_requests(void **state)
{
    static const struct {
        const char *name;
        const char *request;
        const char *status; /* "": no answer at all */
        const char *has;
        const char *has_not;
    } cases[] = {
        {"get", GET("/x"), "200", "GET [/x] [] a=[] x=[] 0", "ETag"},
        {"query", GET("/x?a=1%262&b"), "200", "GET [/x] [a=1%262&b] a=[1&2]", ""},
        {"the path is not decoded", GET("/a%2fb/%00"), "200", "[/a%2fb/%00]", ""},
        {"plus is left in the path", GET("/a+b"), "200", "[/a+b]", ""},
        {"a header", "GET / HTTP/1.1\r\n" HOST "x-sent: v w\r\n\r\n", "200", "x=[v w]", ""},
        {"http 1.0", "GET / HTTP/1.0\r\n\r\n", "200", "GET [/]", ""},
        {"head", "HEAD /x HTTP/1.1\r\n" HOST "\r\n", "200", "Content-Length: 23", "GET ["},
        {"post", "POST /p HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", "200",
         "POST [/p] [] a=[] x=[] 3", ""},
        {"post in chunks",
         "POST /p HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
         "200", "x=[] 5", ""},
        {"post of nothing", "POST /p HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "200",
         "POST [/p] [] a=[] x=[] 0", ""},
        {"a get with a body", "GET / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab", "200",
         "x=[] 2", ""},
        {"an answer of nothing", GET("/empty"), "200", "Content-Length: 0", ""},
        {"tagged", GET("/tagged"), "200", "ETag: \"n7\"", "no-cache"},
        {"its cache time", GET("/tagged"), "200", "Cache-Control: max-age=5", ""},
        {"a further header", GET("/tagged"), "200", "X-More: yes: really\r\n", ""},
        {"not modified", "GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: \"n7\"\r\n\r\n", "304",
         "ETag: \"n7\"", "GET ["},
        {"head, not modified", "HEAD /tagged HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n", "304",
         "ETag: \"n7\"", "GET ["},
        {"modified", "GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: \"n8\"\r\n\r\n", "200",
         "GET [/tagged]", ""},
        {"a post is never 304",
         "POST /tagged HTTP/1.1\r\n" HOST "If-None-Match: \"n7\"\r\nContent-Length: 0\r\n\r\n",
         "200", "POST [/tagged]", ""},
        {"an error", GET("/none"), "404", "{\"error\":\"nothing at /none\"}", ""},
        {"put", "PUT / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab", "405",
         "Allow: GET, HEAD, POST", "[/]"},
        {"delete", "DELETE / HTTP/1.1\r\n" HOST "\r\n", "405", "use GET", "[/]"},
        {"options, as before a request from elsewhere", "OPTIONS / HTTP/1.1\r\n" HOST "\r\n", "405",
         "use GET", "Access-Control"},
        {"lower-case method", "get / HTTP/1.1\r\n" HOST "\r\n", "405", "use GET", "[/]"},
        {"length and chunks",
         "POST / HTTP/1.1\r\n" HOST
         "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "400", "given twice", "[/]"},
        {"two lengths",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "400",
         "given twice", "[/]"},
        {"another coding",
         "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "400",
         "not \\\"chunked\\\"", "[/]"},
        {"a packed body",
         "POST /p HTTP/1.1\r\n" HOST "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
         "415", "Accept-Encoding: identity", "[/p]"},
        {"a body that says it is not packed",
         "POST /p HTTP/1.1\r\n" HOST "Content-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc",
         "200", "POST [/p] [] a=[] x=[] 3", ""},
        {"a length that is no number", "POST / HTTP/1.1\r\n" HOST "Content-Length: x\r\n\r\n",
         "400", "", "[/]"},
        {"a negative length", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", "400", "",
         "[/]"},
        {"a chunk that is no number",
         "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", "400", "",
         "[/]"},
        {"a body far too large, announced and not sent",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999\r\n\r\nabc", "413",
         "Connection: close", "[/]"},
        {"a length beyond 64 bits",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999\r\n\r\nabc", "413", "",
         "[/]"},
        {"no host", "GET / HTTP/1.1\r\n\r\n", "400", "", "[/]"},
        {"no version", "GET /\r\n\r\n", "400", "", "[/]"},
        {"version 3", "GET / HTTP/3.0\r\n" HOST "\r\n", "505", "", "[/]"},
        {"no path", "GET\r\n\r\n", "", "", ""},
        {"only noise", "\x16\x03\x01\x02\x01\x01\xfc\x03\x03\r\n\r\n", "", "", ""},
        {"nothing but newlines", "\r\n\r\n\r\n\r\n", "", "", ""},
        {"a header without a colon", "GET / HTTP/1.1\r\n" HOST "what\r\n\r\n", "400", "", "[/]"},
    };
    struct http_server *server = start((struct http_options){0});

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = ask(server, cases[i].request);

        CHECK_CASE(cases[i].name, strncmp(got + (*got ? 9 : 0), cases[i].status, 3) == 0 ||
                                      (!*got && !*cases[i].status));
        CHECK_CASE(cases[i].name, strstr(got, cases[i].has));
        CHECK_CASE(cases[i].name, !*cases[i].has_not || !strstr(got, cases[i].has_not));
    }
    http_stop(server);
}

/* A body of `len` bytes, whole or in chunks: what is answered. */
static const char *post(const struct http_server *server, size_t len, bool chunked)
{
    static uint8_t bytes[1 << 20];
    int fd = wire_open(server);
    char head[200];

    snprintf(head, sizeof head,
             chunked ? "POST /p HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                     : "POST /p HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n",
             len);
    bool sent = say(fd, head);
    for (size_t left = len, piece; sent && left; left -= piece) {
        piece = left < sizeof bytes ? left : sizeof bytes;
        if (chunked) {
            snprintf(head, sizeof head, "%zx\r\n", piece);
            sent = say(fd, head);
        }
        sent = sent && wire_put(fd, bytes, piece) && (!chunked || say(fd, "\r\n"));
    }
    if (chunked && sent)
        say(fd, "0\r\n\r\n");
    wire_answer(fd, answer, sizeof answer, false);
    close(fd);
    return answer;
}

static void test_bodies(void **state)
{
    static const struct {
        const char *name;
        size_t len;
        bool chunked;
        const char *has;
    } cases[] = {
        {"small", 10, false, "x=[] 10"},
        {"at the limit", BODY_LIMIT, false, "x=[] 10000"},
        {"at the limit, in chunks", BODY_LIMIT, true, "x=[] 10000"},
        {"one byte more", BODY_LIMIT + 1, false, "413"},
        {"one byte more, in chunks", BODY_LIMIT + 1, true, "413"},
        {"much more, sent before it reads", 50 << 20, false, "larger than 10000 bytes"},
        {"much more, in chunks", 50 << 20, true, "larger than 10000 bytes"},
    };
    struct http_server *server = start((struct http_options){0});

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   strstr(post(server, cases[i].len, cases[i].chunked), cases[i].has));

    /* Without an end it is cut off, without an answer. */
    const char *endless = post(server, (size_t)80 << 20, true);
    assert_true(*endless == '\0');
    assert_non_null(strstr(post(server, 10, false), "x=[] 10"));
    http_stop(server);
}

/* Bodies under way together hold no more than BODIES (4) of the largest. */
static void test_bodies_together(void **state)
{
    struct http_server *server = start((struct http_options){0});
    static uint8_t bytes[BODY_LIMIT];
    int fd[6];
    unsigned taken = 0, later = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(fd); i++) {
        fd[i] = wire_open(server);
        assert_true(say(fd[i], "POST / HTTP/1.1\r\n" HOST "Content-Length: 10000\r\n\r\n"));
        assert_true(wire_put(fd[i], bytes, BODY_LIMIT - 1));
        assert_non_null(strstr(ask(server, GET("/x")), "200")); /* what was sent is read by now */
    }
    for (size_t i = 0; i < ARRAY_LEN(fd); i++) {
        wire_put(fd[i], bytes, 1);
        wire_answer(fd[i], answer, sizeof answer, false);
        taken += strstr(answer, "x=[] 10000") != NULL;
        later += strstr(answer, "Retry-After: 1") != NULL;
        close(fd[i]);
    }
    assert_int_equal(taken, 4);
    assert_int_equal(later, 2);
    assert_non_null(strstr(post(server, BODY_LIMIT, false), "x=[] 10000")); /* given back */
    http_stop(server);
}

#define LARGE_LIMIT ((size_t)8 << 20)

static uint8_t sent_bytes[LARGE_LIMIT];

/* Sends `len` bytes of `sent_bytes`, whole or in chunks, to `path`; false when the server hangs up.
 */
static bool send_large(int fd, const char *path, size_t len, bool chunked)
{
    static const size_t piece_bytes = 65521;
    char head[200];

    snprintf(head, sizeof head,
             chunked ? "POST %s HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                     : "POST %s HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n",
             path, len);
    bool sent = say(fd, head);
    if (!chunked)
        return sent && wire_put(fd, sent_bytes, len);
    for (size_t at = 0, piece; sent && at < len; at += piece) {
        piece = len - at < piece_bytes ? len - at : piece_bytes;
        snprintf(head, sizeof head, "%zx\r\n", piece);
        sent = say(fd, head) && wire_put(fd, sent_bytes + at, piece) && say(fd, "\r\n");
    }
    return sent && say(fd, "0\r\n\r\n");
}

/* The handler sees the same bytes whether they waited in memory or on the disk. */
static void test_large_bodies(void **state)
{
    static const struct {
        const char *name;
        size_t len;
        bool chunked;
    } cases[] = {
        {"in memory to the last byte", HTTP_SPOOLED_BYTES, false},
        {"the same, in chunks", HTTP_SPOOLED_BYTES, true},
        {"the first on the disk", HTTP_SPOOLED_BYTES + 1, false},
        {"from memory to the disk", HTTP_SPOOLED_BYTES + 1, true},
        {"far more", 5000001, false},
        {"far more, in chunks", 5000001, true},
        {"the largest", LARGE_LIMIT, false},
        {"the largest, in chunks", LARGE_LIMIT, true},
        {"small again", 1, false},
    };
    static const struct {
        const char *name;
        size_t len;
        bool chunked;
    } refused[] = {
        {"a byte too many", LARGE_LIMIT + 1, false},
        {"much too many", 40 << 20, false},
        {"a byte too many, in chunks", LARGE_LIMIT + 1, true},
        {"much too many, in chunks", 40 << 20, true},
    };
    struct scratch scratch = scratch_make();

    (void)state;
    for (size_t i = 0; i < sizeof sent_bytes; i++)
        sent_bytes[i] = (uint8_t)(i * 31 + i / 257);
    for (unsigned spooled = 0; spooled < 2; spooled++) {
        struct http_server *server = start((struct http_options){
            .body_limit = LARGE_LIMIT, .spool_directory = spooled ? scratch.path : NULL});
        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
            struct hash hash = hash_of(span_make(sent_bytes, cases[i].len));
            char want[100], hex[2 * HASH_BYTES + 1];
            int fd = wire_open(server);

            hex_text(hex, hash_span(&hash));
            snprintf(want, sizeof want, "\r\n\r\n%zu %s", cases[i].len, hex);
            CHECK_CASE(cases[i].name, send_large(fd, "/sum", cases[i].len, cases[i].chunked));
            wire_answer(fd, answer, sizeof answer, false);
            CHECK_CASE(cases[i].name, strstr(answer, want));
            close(fd);
        }
        for (size_t i = 0; i < ARRAY_LEN(refused); i++)
            CHECK_CASE(refused[i].name,
                       strstr(post(server, refused[i].len, refused[i].chunked), " 413 "));
        http_stop(server);
    }
    scratch_remove(&scratch); /* fails where a name was left */
}

/* The answer may be the body itself, sent from the disk after the handler is done. */
static void test_echo(void **state)
{
    struct scratch scratch = scratch_make();
    struct http_server *server =
        start((struct http_options){.body_limit = LARGE_LIMIT, .spool_directory = scratch.path});
    static char got[LARGE_LIMIT + 4096];
    const size_t len = 3000001;
    int fd = wire_open(server);

    (void)state;
    for (unsigned round = 0; round < 3; round++) { /* one connection, a spool for each request */
        memset(sent_bytes, (int)round + 1, len);
        assert_true(send_large(fd, "/echo", len, round == 1));
        size_t all = wire_answer(fd, got, sizeof got, false);
        assert_true(all > len && memcmp(got + all - len, sent_bytes, len) == 0);
    }
    close(fd);
    http_stop(server);
    scratch_remove(&scratch);
}

static void *send_one(void *context)
{
    const struct http_server *server = context;
    static _Thread_local char got[4096];
    int fd = wire_open(server);
    const size_t len = 2 << 20;
    bool sent = send_large(fd, "/sum", len, false);

    wire_answer(fd, got, sizeof got, false);
    close(fd);
    return sent && strstr(got, "\r\n\r\n2097152 ") ? context : NULL;
}

/* In memory four of them would be held; on the disk all are, at once and from many threads. */
static void test_large_bodies_together(void **state)
{
    struct scratch scratch = scratch_make();
    struct http_server *server = start((struct http_options){
        .body_limit = (size_t)2 << 20, .spool_directory = scratch.path, .threads = 2});
    int fd[20];
    pthread_t thread[8];
    const size_t len = (2 << 20) - 1;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(fd); i++) {
        fd[i] = wire_open(server);
        assert_true(say(fd[i], "POST /sum HTTP/1.1\r\n" HOST "Content-Length: 2097152\r\n\r\n"));
        assert_true(wire_put(fd[i], sent_bytes, len));
    }
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, send_one, server), 0);
    for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
        void *came = NULL;
        pthread_join(thread[i], &came);
        assert_non_null(came);
    }
    for (size_t i = 0; i < ARRAY_LEN(fd); i++) {
        if (i % 2 == 0) { /* the others break off */
            assert_true(wire_put(fd[i], sent_bytes + len, 1));
            wire_answer(fd[i], answer, sizeof answer, false);
            assert_non_null(strstr(answer, "\r\n\r\n2097152 "));
        }
        close(fd[i]);
    }
    http_stop(server);
    scratch_remove(&scratch);
}

/* Without a place on the disk the sender is told to come later, and the server goes on. */
static void test_no_spool(void **state)
{
    struct scratch scratch = scratch_make();
    char gone[100];

    (void)state;
    snprintf(gone, sizeof gone, "%s/gone", scratch.path);
    struct http_server *server =
        start((struct http_options){.body_limit = LARGE_LIMIT, .spool_directory = gone});
    assert_non_null(strstr(post(server, 3 << 20, false), " 503 "));
    assert_non_null(strstr(answer, "Retry-After: 60"));
    assert_non_null(strstr(post(server, 3 << 20, true), "no room for this body"));
    assert_non_null(strstr(post(server, 1000, false), "x=[] 1000"));
    http_stop(server);
    scratch_remove(&scratch);
}

/* Two policies would both hold, and the page with its own be shut. */
static void test_own_policy(void **state)
{
    struct http_server *server = start((struct http_options){0});
    const char *got = ask(server, GET("/policy"));

    (void)state;
    assert_non_null(strstr(got, "Content-Security-Policy: default-src 'none'\r\n"));
    assert_null(strstr(got, "default-src 'self'"));
    assert_non_null(strstr(got, "X-Content-Type-Options: nosniff\r\n"));
    http_stop(server);
}

static void test_every_response_is_guarded(void **state)
{
    static const char *const headers[] = {
        "Content-Security-Policy: default-src 'self'; ",
        "X-Content-Type-Options: nosniff\r\n",
        "Referrer-Policy: no-referrer\r\n",
        "Cross-Origin-Resource-Policy: same-origin\r\n",
        "Cache-Control: ",
    };
    static const char *const requests[] = {
        GET("/x"),
        GET("/none"),
        "HEAD / HTTP/1.1\r\n" HOST "\r\n",
        "PUT / HTTP/1.1\r\n" HOST "\r\n",
        "GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: \"n7\"\r\n\r\n",
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
    };
    struct http_server *server = start((struct http_options){.local_names_only = true});

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(requests); i++)
        for (size_t j = 0; j < ARRAY_LEN(headers); j++)
            CHECK_CASE(requests[i], strstr(ask(server, requests[i]), headers[j]));
    http_stop(server);
}

static void test_local_names(void **state)
{
    static const struct {
        const char *host;
        const char *status;
    } cases[] = {
        {"localhost", "200"},         {"localhost:8117", "200"}, {"LocalHost", "200"},
        {"127.0.0.1:1", "200"},       {"[::1]:8117", "200"},     {"[::1]", "200"},
        {"example.org", "421"},       {"localhost.evil", "421"}, {"127.0.0.1.evil:80", "421"},
        {"evil:80 localhost", "421"}, {"[::11]", "421"},         {"local", "421"},
    };
    struct http_server *server = start((struct http_options){.local_names_only = true});
    struct http_server *open = start((struct http_options){0});
    char request[200];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", cases[i].host);
        CHECK_CASE(cases[i].host, strncmp(ask(server, request) + 9, cases[i].status, 3) == 0);
        CHECK_CASE(cases[i].host, strncmp(ask(open, request) + 9, "200", 3) == 0);
    }
    http_stop(server);
    http_stop(open);
}

/* Two requests sent in one go, and a third on the same connection. */
static void test_one_connection(void **state)
{
    struct http_server *server = start((struct http_options){0});
    int fd = wire_open(server);
    const char *two = GET("/one") GET("/two");

    (void)state;
    assert_true(say(fd, two));
    wire_answer(fd, answer, sizeof answer, false);
    assert_non_null(strstr(answer, "GET [/one]"));
    wire_answer(fd, answer, sizeof answer, false);
    assert_non_null(strstr(answer, "GET [/two]"));
    assert_true(say(fd, GET("/3")));
    wire_answer(fd, answer, sizeof answer, false);
    assert_non_null(strstr(answer, "GET [/3]"));
    close(fd);
    http_stop(server);
}

/* A thread is held while `count` connections each send a request: when it is let go, so
 * many sockets are ready at once. libmicrohttpd's own threads answer none of 128 or 256. */
static void test_many_at_once(void **state)
{
    static const unsigned counts[] = {1, 127, 128, 129, 256};
    struct http_server *server = start((struct http_options){0});
    int fd[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        int holder = wire_open(server);
        unsigned answered = 0;

        for (unsigned j = 0; j < counts[i]; j++) {
            fd[j] = wire_open(server);
            assert_true(say(fd[j], GET("/first")));
            assert_true(wire_answer(fd[j], answer, sizeof answer, false) > 0);
        }
        assert_true(say(holder, GET("/wait")));
        sem_wait(&waiting);
        for (unsigned j = 0; j < counts[i]; j++)
            assert_true(say(fd[j], GET("/again")));
        sem_post(&gate);
        for (unsigned j = 0; j < counts[i]; j++) {
            wire_answer(fd[j], answer, sizeof answer, false);
            answered += strstr(answer, "[/again]") != NULL;
            if (answered <= j)
                break;
        }
        if (answered != counts[i])
            fail_msg("%u at once: %u were answered", counts[i], answered);
        for (unsigned j = 0; j < counts[i]; j++)
            close(fd[j]);
        close(holder);
    }
    http_stop(server);
}

#define LONG_MS 30000u /* a loaded machine is done by then with what takes a second or two */

static void test_the_slow_are_cut_off(void **state)
{
    static const struct {
        const char *name;
        const char *start;
        const char *drip; /* sent four times a second from then on */
    } cases[] = {
        {"says nothing", "", ""},
        {"half a request, then nothing", "GET / HTT", ""},
        {"a header that never ends", "GET / HTTP/1.1\r\nX: ", "x"},
        {"headers without end", "GET / HTTP/1.1\r\n", "X: y\r\n"},
        {"a body by single bytes", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n", "x"},
        {"a body in tiny chunks", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n",
         "1\r\nx\r\n"},
        {"answered, then half a request", GET("/empty") "GET /", "x"},
    };
    struct http_server *server = start((struct http_options){.patience_s = 1});
    int fd[ARRAY_LEN(cases)];
    uint64_t began = clock_ticks_ns(), closed_ms[ARRAY_LEN(cases)] = {0}, ms = 0;
    size_t left = ARRAY_LEN(cases);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        fd[i] = wire_open(server);
        say(fd[i], cases[i].start);
    }
    while (left > 0 && ms < LONG_MS) {
        usleep(250000);
        ms = (clock_ticks_ns() - began) / 1000000;
        for (size_t i = 0; i < ARRAY_LEN(cases); i++)
            if (!closed_ms[i] && is_closed(fd[i])) {
                closed_ms[i] = ms;
                left--;
            } else if (!closed_ms[i]) {
                say(fd[i], cases[i].drip);
            }
    }
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CHECK_CASE(cases[i].name, closed_ms[i] >= 500);
        close(fd[i]);
    }
    http_stop(server);
}

/* What a handler is told of where a request comes from. */
static const char *ask_from(const struct http_server *server, const char *socket_path,
                            const struct http_pin *pin)
{
    struct arena arena = {0};
    struct err err = {0};
    struct http_reply reply;
    struct http_call call = {
        .url = arena_printf(&arena, "%s/from", socket_path ? "http://x" : http_address(server)),
        .socket_path = socket_path,
        .pin = pin,
        .method = "GET",
        .limit = 100,
        .timeout_s = 5};

    if (!http_do(&call, &reply, &arena, &err))
        fail_msg("%s", err.text);
    snprintf(answer, sizeof answer, "%.*s", SPAN_ARG(reply.body));
    arena_free(&arena);
    return answer;
}

/* Who never gets as far as a request: none of them holds a connection for long, and in the
 * meantime somebody else is answered. */
static void test_no_handshake(void **state)
{
    static const struct {
        const char *name, *start, *drip;
    } cases[] = {
        {"silent", "", ""},
        {"http", GET("/empty"), ""},
        {"noise", "\x16\x03\x01\xff\xff\x01\xff\xff\xff", "\xff"},
        {"a handshake that drips", "\x16\x03\x01\x02", "\x01"},
    };
    struct arena arena = {0};
    struct tls_identity identity;
    struct err err = {0};
    int fd[ARRAY_LEN(cases)];
    bool closed[ARRAY_LEN(cases)] = {0};
    uint64_t began = clock_ticks_ns();

    (void)state;
    assert_true(tls_identity_make(&identity, 1761955200000, 1761955200000, &arena, &err));
    struct http_pin pin = {identity.hash};
    struct http_server *server =
        start((struct http_options){.patience_s = 1, .tls_pem = identity.pem});
    CHECK_CASE("TLS", strstr(ask_from(server, NULL, &pin), "local 0, secure 1, from 127.1,"));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        fd[i] = wire_open(server);
        say(fd[i], cases[i].start);
    }
    for (size_t left = ARRAY_LEN(cases);
         left > 0 && clock_ticks_ns() - began < LONG_MS * UINT64_C(1000000);) {
        struct http_reply reply;
        struct http_call call = {.url = http_address(server),
                                 .pin = &pin,
                                 .method = "GET",
                                 .limit = 1000,
                                 .timeout_s = 10};

        if (!http_do(&call, &reply, &arena, &err))
            fail_msg("%s", err.text);
        usleep(250000);
        left = 0;
        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
            closed[i] = closed[i] || is_closed(fd[i]);
            left += !closed[i];
            if (!closed[i])
                say(fd[i], cases[i].drip);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CHECK_CASE(cases[i].name, closed[i]);
        close(fd[i]);
    }
    http_stop(server);
    arena_free(&arena);
}

static void test_certificate_refused(void **state)
{
    struct http_options options = {.listen = "127.0.0.1:0",
                                   .tls_pem = "no certificate",
                                   .body_limit = BODY_LIMIT,
                                   .threads = 1,
                                   .handler = handle};
    struct http_server *server = NULL;
    struct err err = {0};

    (void)state;
    assert_false(http_start(&server, &options, &err));
    assert_non_null(strstr(err.text, "with this certificate"));
    assert_null(server);
}

/* Asks for 64 MiB and reads none of them. */
static void test_a_reader_that_does_not_read(void **state)
{
    struct http_server *server = start((struct http_options){.patience_s = 1});
    int fd = wire_open(server);
    size_t len = 0;

    (void)state;
    assert_true(say(fd, GET("/large")));
    sleep(4);
    for (ssize_t got; (got = wire_some(fd, answer, sizeof answer)) != 0; len += (size_t)got)
        assert_true(got > 0);
    assert_true(len < 64 << 20); /* it was cut off */
    close(fd);

    fd = wire_open(server);
    assert_true(say(fd, GET("/large")));
    for (len = 0; len <= 64 << 20;) {
        ssize_t got = wire_some(fd, answer, sizeof answer);
        assert_true(got > 0);
        len += (size_t)got;
    }
    close(fd);
    http_stop(server);
}

static void *stop_later(void *server)
{
    http_stop(server);
    return NULL;
}

/* One request is with its handler, one half sent, one answer half read. */
static void test_stop_under_way(void **state)
{
    struct http_server *server = start((struct http_options){.threads = 2});
    int held = wire_open(server), half = wire_open(server), large = wire_open(server);
    pthread_t stopper;

    (void)state;
    assert_true(say(large, GET("/large")));
    assert_true(wire_some(large, answer, 100) > 0);
    assert_true(say(half, "POST / HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nabc"));
    assert_true(say(held, GET("/wait")));
    sem_wait(&waiting);
    assert_int_equal(pthread_create(&stopper, NULL, stop_later, server), 0);
    usleep(100000);
    sem_post(&gate);
    pthread_join(stopper, NULL);

    wire_answer(half, answer, sizeof answer, false);
    assert_true(answer[0] == '\0');
    while (wire_some(large, answer, sizeof answer) > 0)
        ;
    close(held);
    close(half);
    close(large);
    http_stop(NULL);
}

/* --- requests that wait -------------------------------------------------- */

/* Many wait on one thread, which answers others meanwhile; each is answered once. */
static void test_news(void **state)
{
    struct http_server *server = start((struct http_options){0});
    int fd[20], other = wire_open(server);
    uint64_t begun = clock_ticks_ns();

    (void)state;
    news = false;
    for (size_t i = 0; i < ARRAY_LEN(fd); i++) {
        fd[i] = wire_open(server);
        assert_true(say(fd[i], GET("/news")));
    }
    assert_true(say(other, GET("/one")));
    wire_answer(other, answer, sizeof answer, false);
    assert_non_null(strstr(answer, "GET [/one]"));
    for (size_t i = 0; i < ARRAY_LEN(fd); i++)
        assert_int_equal(recv(fd[i], answer, 1, MSG_DONTWAIT), -1);
    news = true;
    for (size_t i = 0; i < ARRAY_LEN(fd); i++) {
        wire_answer(fd[i], answer, sizeof answer, false);
        assert_non_null(strstr(answer, "200 OK"));
        assert_non_null(strstr(answer, "asked again"));
        assert_true(say(fd[i], GET("/two"))); /* and the connection goes on */
        wire_answer(fd[i], answer, sizeof answer, false);
        assert_non_null(strstr(answer, "GET [/two]"));
        close(fd[i]);
    }
    assert_true(clock_ticks_ns() - begun < UINT64_C(10000000000));
    close(other);
    http_stop(server);
}

static void test_no_news(void **state)
{
    struct http_server *server = start((struct http_options){0});
    int gone = wire_open(server), stays = wire_open(server);
    uint64_t begun = clock_ticks_ns();

    (void)state;
    news = false;
    assert_true(say(stays, GET("/news?soon")));
    wire_answer(stays, answer, sizeof answer, false);
    assert_non_null(strstr(answer, "asked again")); /* its time is over */
    assert_true(clock_ticks_ns() - begun >= UINT64_C(100000000));
    assert_true(say(gone, GET("/news?soon"))); /* who asked does not wait for it */
    usleep(20000);
    close(gone);
    assert_true(say(stays, GET("/news")));
    usleep(200000);
    http_stop(server); /* one waits still */
    close(stays);
}

static bool fetch(const struct http_server *server, const char *path, const char *socket_path,
                  int *status)
{
    struct arena arena = {0};
    struct err err = {0};
    struct http_reply reply = {0};
    char url[200];

    snprintf(url, sizeof url, "%s%s", socket_path ? "http://localhost" : http_address(server),
             path);
    struct http_call call = {
        .url = url, .socket_path = socket_path, .method = "GET", .limit = 1000, .timeout_s = 5};
    bool ok = http_do(&call, &reply, &arena, &err);
    *status = reply.status;
    arena_free(&arena);
    return ok;
}

static void test_ipv6(void **state)
{
    struct http_server *server = NULL;
    struct err err = {0};
    struct http_options options = {
        .listen = "[::1]:0", .body_limit = 1, .threads = 1, .handler = handle};
    int status;

    (void)state;
    if (!http_start(&server, &options, &err))
        skip(); /* this machine has no IPv6 */
    assert_int_equal(strncmp(http_address(server), "http://[::1]:", 13), 0);
    assert_true(fetch(server, "/x", NULL, &status) && status == 200);
    CHECK_CASE("from",
               strstr(ask_from(server, NULL, NULL), "local 0, secure 0, from 0.0, to the last 1"));
    http_stop(server);
}

static void test_unix_socket(void **state)
{
    char directory[] = "/tmp/http_test.XXXXXX", path[64];
    int status;

    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/socket", directory);
    struct http_server *server = start((struct http_options){
        .socket_path = path, .listen = "127.0.0.1:0", .local_names_only = true});
    assert_true(fetch(server, "/x", path, &status) && status == 200);
    assert_true(fetch(server, "/x", NULL, &status) && status == 200);
    CHECK_CASE("its owner", strstr(ask_from(server, path, NULL), "local 1, secure 0, from 0.0,"));
    CHECK_CASE("anybody", strstr(ask_from(server, NULL, NULL), "local 0, secure 0, from 127.1,"));
    http_stop(server);
    assert_int_equal(access(path, F_OK), -1); /* taken away at the end */
    assert_int_equal(rmdir(directory), 0);
}

/* Threads share the work, and nobody waits for the one that is held. */
static void test_threads(void **state)
{
    struct http_server *server = start((struct http_options){.threads = 4});
    int held = wire_open(server), status;

    (void)state;
    assert_true(say(held, GET("/wait")));
    sem_wait(&waiting);
    unsigned answered = 0;
    for (unsigned i = 0; i < 100; i++)
        answered += fetch(server, "/x", NULL, &status) && status == 200;
    sem_post(&gate);
    assert_int_equal(answered, 100);
    close(held);
    http_stop(server);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_requests),
    cmocka_unit_test(test_bodies),
    cmocka_unit_test(test_bodies_together),
    cmocka_unit_test(test_large_bodies),
    cmocka_unit_test(test_echo),
    cmocka_unit_test(test_large_bodies_together),
    cmocka_unit_test(test_no_spool),
    cmocka_unit_test(test_own_policy),
    cmocka_unit_test(test_every_response_is_guarded),
    cmocka_unit_test(test_local_names),
    cmocka_unit_test(test_one_connection),
    cmocka_unit_test(test_many_at_once),
    cmocka_unit_test(test_the_slow_are_cut_off),
    cmocka_unit_test(test_no_handshake),
    cmocka_unit_test(test_certificate_refused),
    cmocka_unit_test(test_a_reader_that_does_not_read),
    cmocka_unit_test(test_stop_under_way),
    cmocka_unit_test(test_news),
    cmocka_unit_test(test_no_news),
    cmocka_unit_test(test_ipv6),
    cmocka_unit_test(test_unix_socket),
    cmocka_unit_test(test_threads),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    sem_init(&gate, 0, 0);
    sem_init(&waiting, 0, 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
