#include "sync/http_transport.h"

#include "base/test.h"
#include "net/gate.h"
#include "net/http.h"
#include "net/tls.h"
#include "sys/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

/* Several peers asked at once, and what a slow or a wrong one does to the others. */

static void wait_ms(long ms)
{
    const struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&wait, NULL);
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    _Atomic int *asked = context;

    atomic_fetch_add(asked, 1);
    response->type = "text/plain";
    if (span_is(request->path, "/slow"))
        gate_wait();
    if (span_is(request->path, "/missing"))
        http_error(request, response, 404, "there is none");
    else if (span_is(request->path, "/private") &&
             !span_is(http_header(request, "Authorization"), "Bearer open"))
        http_error(request, response, 401, "sign in");
    else
        response->body = request->body.len ? request->body : SPAN_LIT("hello");
}

struct house {
    struct http_server *server[2];
    _Atomic int asked;
    char url[2][80];
    struct http_transport *http;
    struct transport transport;
    struct arena arena;
};

static void house_start(struct house *h, http_get_access *access, void *context)
{
    struct http_options options = {
        .listen = "127.0.0.1:0", .body_limit = 1000, .threads = 2, .handler = handle};
    struct err err = {0};

    *h = (struct house){0};
    options.context = &h->asked;
    for (size_t i = 0; i < 2; i++) {
        assert_true(http_start(&h->server[i], &options, &err));
        strcpy(h->url[i], http_address(h->server[i]));
    }
    h->http = http_transport_open(access, context);
    h->transport = http_transport_of(h->http);
}

static void house_end(struct house *h)
{
    http_transport_close(h->http);
    for (size_t i = 0; i < 2; i++)
        http_stop(h->server[i]);
    arena_free(&h->arena);
}

static struct call get(const char *url, const char *path)
{
    return (struct call){.url = url, .path = path, .limit = 100};
}

static void test_calls(void **state)
{
    static const struct {
        const char *name, *path, *type, *body;
        size_t limit;
        bool answered;
        int status;
        const char *reply;
    } cases[] = {
        {"an answer", "/", NULL, "", 100, true, 200, "hello"},
        {"a body", "/", "text/plain", "what is sent", 100, true, 200, "what is sent"},
        {"a refusal is an answer", "/missing", NULL, "", 100, true, 404,
         "{\"error\":\"there is none\"}"},
        {"an answer of exactly the limit", "/", NULL, "", 5, true, 200, "hello"},
        {"one that is too large", "/", NULL, "", 4, false, 0, ""},
    };
    struct house h;

    (void)state;
    house_start(&h, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct call call = {.url = h.url[0],
                            .path = cases[i].path,
                            .type = cases[i].type,
                            .body = span_of(cases[i].body),
                            .limit = cases[i].limit};
        struct err err = {0};
        bool ok = transport_call(&h.transport, &call, 5000, &h.arena, &err);

        CHECK_CASE(cases[i].name, ok == cases[i].answered);
        CHECK_CASE(cases[i].name, ok || err.kind != ERR_NONE);
        CHECK_CASE(cases[i].name, !ok || call.status == cases[i].status);
        CHECK_CASE(cases[i].name, !ok || span_is(call.reply, cases[i].reply));
    }
    house_end(&h);
}

/* One that nobody answers at, one that is slow: the third is not kept waiting. */
static void test_slow(void **state)
{
    struct house h;
    struct err err = {0};

    (void)state;
    house_start(&h, NULL, NULL);
    struct call call[] = {get(h.url[0], "/slow"), get(h.url[1], "/"),
                          get("http://127.0.0.1:1", "/")};
    h.transport.run(h.transport.context, call, 3, 2000, NULL, NULL, &h.arena);
    assert_false(call[0].answered);
    assert_non_null(strstr(call[0].err.text, "no answer in time"));
    assert_true(call[1].answered);
    assert_false(call[2].answered);
    assert_true(!call[0].unsent && !call[1].unsent && call[2].unsent);

    /* It is not asked again while it is at it, and the others are. */
    struct call again = get(h.url[0], "/");
    assert_false(transport_call(&h.transport, &again, 100, &h.arena, &err));
    assert_non_null(strstr(err.text, "still busy"));
    assert_true(again.unsent);
    assert_true(transport_call(&h.transport,
                               &(struct call){.url = h.url[1], .path = "/", .limit = 9}, 5000,
                               &h.arena, &err));
    gate_open();
    bool answered = false;
    for (size_t tries = 0; tries < 1000 && !answered; tries++, wait_ms(20)) {
        again = get(h.url[0], "/");
        answered = transport_call(&h.transport, &again, 20000, &h.arena, &err);
        if (!answered)
            assert_non_null(strstr(err.text, "still busy"));
    }
    assert_true(answered);
    assert_true(span_is(again.reply, "hello")); /* and not the late answer to the first */
    house_end(&h);
}

struct counting {
    struct call *call;
    unsigned answers, again;
};

static bool ask_again(void *context)
{
    struct counting *counting = context;

    counting->answers++;
    if (counting->call[0].answered && counting->again > 0) {
        counting->again--;
        counting->call[0].path = "/";
        counting->call[0].again = true;
    }
    return false;
}

static void test_again(void **state)
{
    struct house h;

    (void)state;
    house_start(&h, NULL, NULL);
    struct call call = get(h.url[0], "/missing");
    struct counting counting = {&call, 0, 1};
    h.transport.run(h.transport.context, &call, 1, 5000, ask_again, &counting, &h.arena);
    assert_int_equal(counting.answers, 2);
    assert_int_equal(call.status, 200);
    house_end(&h);
}

static bool enough_at_once(void *context)
{
    unsigned *asked = context;

    ++*asked;
    return true;
}

static void test_enough(void **state)
{
    struct house h;
    unsigned asked = 0;
    uint64_t start = clock_ticks_ns();

    (void)state;
    house_start(&h, NULL, NULL);
    struct call call[] = {get(h.url[0], "/slow"), get(h.url[1], "/")};
    h.transport.run(h.transport.context, call, 2, 20000, enough_at_once, &asked, &h.arena);
    assert_true(clock_ticks_ns() - start < UINT64_C(15000000000)); /* not all that there was */
    assert_int_equal(asked, 1);
    assert_false(call[0].answered);
    assert_true(call[1].answered);
    gate_open();
    house_end(&h);
}

/* Access is asked for once, and again when the peer no longer takes it. */
struct door {
    _Atomic int given;
    const char *const *header; /* one after another */
    bool refuses;
};

static bool give_access(void *context, const char *url, struct http_access *out, struct err *err)
{
    struct door *door = context;
    int n = atomic_fetch_add(&door->given, 1);

    (void)url;
    if (door->refuses)
        return err_set(err, ERR_REFUSED, "no key of ours is known there");
    snprintf(out->authorization, sizeof out->authorization, "%s", door->header[n]);
    return true;
}

static void test_access(void **state)
{
    static const char *const good[] = {"Authorization: Bearer open"};
    static const char *const stale[] = {"Authorization: Bearer old", "Authorization: Bearer open"};
    static const char *const bad[] = {"Authorization: Bearer a", "Authorization: Bearer b"};
    static const struct {
        const char *name;
        const char *const *header;
        bool refuses;
        int first, second; /* status of two calls; 0: not answered */
        int given;
    } cases[] = {
        {"good", good, false, 200, 200, 1},
        {"refused at first", bad, false, 401, 401, 2},
        {"none to be had", good, true, 0, 0, 2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct door door = {.header = cases[i].header, .refuses = cases[i].refuses};
        struct house h;

        house_start(&h, give_access, &door);
        for (size_t n = 0; n < (cases[i].first == 401 ? 1u : 2u); n++) {
            struct call call = get(h.url[0], "/private");
            struct err err = {0};
            bool ok = transport_call(&h.transport, &call, 5000, &h.arena, &err);

            CHECK_CASE(cases[i].name, ok == (cases[i].first != 0));
            CHECK_CASE(cases[i].name, !ok || call.status == (n ? cases[i].second : cases[i].first));
        }
        CHECK_CASE(cases[i].name, door.given == (cases[i].first == 401 ? 1 : cases[i].given));
        house_end(&h);
    }
    struct door door = {.header = stale};
    struct house h;
    struct err err = {0};
    house_start(&h, give_access, &door);
    struct call open = get(h.url[0], "/"), closed = get(h.url[0], "/private");
    assert_true(transport_call(&h.transport, &open, 5000, &h.arena, &err));
    assert_true(transport_call(&h.transport, &closed, 5000, &h.arena, &err));
    assert_int_equal(closed.status, 200);
    assert_int_equal(door.given, 2);
    house_end(&h);
}

/* Over https and http alike, where nothing is known of the other side. */
static void test_any_certificate(void **state)
{
    struct house h;
    struct tls_identity identity;
    struct http_server *secure = NULL;
    struct err err = {0};

    (void)state;
    house_start(&h, http_any_certificate, NULL);
    assert_true(tls_identity_make(&identity, 0, 1, &h.arena, &err));
    struct http_options options = {.listen = "127.0.0.1:0",
                                   .tls_pem = identity.pem,
                                   .body_limit = 1000,
                                   .threads = 1,
                                   .handler = handle,
                                   .context = &h.asked};
    assert_true(http_start(&secure, &options, &err));
    const char *url = arena_printf(&h.arena, "%s", http_address(secure));
    struct call calls[] = {get(url, "/x"), get(url, "/private"), get(h.url[0], "/x")};
    static const int status[] = {200, 401, 200};
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        CHECK_CASE(calls[i].url, transport_call(&h.transport, &calls[i], 5000, &h.arena, &err));
        CHECK_CASE(calls[i].url, calls[i].status == status[i]);
    }
    http_stop(secure);
    struct call gone = get(url, "/x");
    assert_false(transport_call(&h.transport, &gone, 5000, &h.arena, &err));
    house_end(&h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_calls),  cmocka_unit_test(test_slow),
    cmocka_unit_test(test_again),  cmocka_unit_test(test_enough),
    cmocka_unit_test(test_access), cmocka_unit_test(test_any_certificate),
};

RUN_TESTS(tests)
