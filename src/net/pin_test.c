#include "net/pin.h"

#include "base/test.h"
#include "ledger/statement.h"
#include "net/http.h"
#include "net/tls.h"

#define AGREEMENT "test.invalid/truce"
#define NOW_MS INT64_C(1761955200000)

static struct arena arena;
static struct note_signer node, stranger, namesake;

static int start_keys(void **state)
{
    (void)state;
    assert_true(sign_start());
    note_signer_make(&node, SPAN_LIT("obs/node"), NOTE_TYPE_ED25519, (uint8_t[32]){1});
    note_signer_make(&stranger, SPAN_LIT("x/node"), NOTE_TYPE_ED25519, (uint8_t[32]){2});
    note_signer_make(&namesake, SPAN_LIT("obs/node"), NOTE_TYPE_ED25519, (uint8_t[32]){3});
    return 0;
}

static struct span pin_of(struct hash certificate, int64_t from_ms, int64_t to_ms)
{
    struct pin pin = {{certificate}, from_ms, to_ms};

    return pin_sign(&pin, SPAN_LIT(AGREEMENT), &node, &arena);
}

static struct span sign_in_of(void)
{
    struct json members = json_object();

    json_set_integer(&members, "at_ms", NOW_MS, &arena);
    json_set(&members, "node", json_text("obs/node"), &arena);
    json_set(&members, "nonce",
             json_text("0000000000000000000000000000000000000000000000000000000000000000"), &arena);
    return statement_sign(SPAN_LIT(AGREEMENT), "sign-in", &members, &node, &arena);
}

static void test_check(void **state)
{
    struct hash certificate = hash_of(SPAN_LIT("certificate"));
    struct pin one = {{certificate}, NOW_MS - 5, NOW_MS + 5};
    struct span good = pin_sign(&one, SPAN_LIT(AGREEMENT), &node, &arena);
    const struct {
        const char *name;
        struct span statement;
        int64_t now_ms;
        enum err_kind fault; /* ERR_NONE: holds */
        const char *has;
    } cases[] = {
        {"holds", good, NOW_MS, ERR_NONE, ""},
        {"at its first moment", good, NOW_MS - 5, ERR_NONE, ""},
        {"at its last", good, NOW_MS + 5, ERR_NONE, ""},
        {"before it", good, NOW_MS - 6, ERR_REFUSED, "which is not now"},
        {"after it", good, NOW_MS + 6, ERR_REFUSED, "which is not now"},
        {"never", pin_of(certificate, NOW_MS + 5, NOW_MS - 5), NOW_MS, ERR_REFUSED, "not now"},
        {"of another agreement", pin_sign(&one, SPAN_LIT("other"), &node, &arena), NOW_MS,
         ERR_REFUSED, "of a node of other"},
        {"by another", pin_sign(&one, SPAN_LIT(AGREEMENT), &stranger, &arena), NOW_MS, ERR_REFUSED,
         "not signed by obs/node"},
        {"by a namesake", pin_sign(&one, SPAN_LIT(AGREEMENT), &namesake, &arena), NOW_MS,
         ERR_REFUSED, "not signed by obs/node"},
        {"another statement", sign_in_of(), NOW_MS, ERR_MALFORMED, "is a sign-in"},
        {"no statement", SPAN_LIT("{\"certificate\":\"\"}"), NOW_MS, ERR_MALFORMED, ""},
        {"nothing", {0}, NOW_MS, ERR_MALFORMED, ""},
    };
    struct note_key key = note_signer_key(&node);
    struct pin_node whose = {SPAN_LIT(AGREEMENT), &key};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct pin got = {.from_ms = 99};
        struct err err = {0};
        bool ok = pin_check(&got, cases[i].statement, &whose, cases[i].now_ms, &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault == ERR_NONE));
        CHECK_CASE(cases[i].name, err.kind == cases[i].fault && strstr(err.text, cases[i].has));
        CHECK_CASE(cases[i].name, ok || got.from_ms == 99);
        CHECK_CASE(cases[i].name, !ok || (got.from_ms == NOW_MS - 5 && got.to_ms == NOW_MS + 5 &&
                                          hash_equal(got.certificate.certificate, certificate)));
    }
    arena_free(&arena);
}

/* --- asked of a server --- */

struct said {
    int status;
    struct span statement;
};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    const struct said *said = context;

    response->status = span_is(request->path, "/pin") ? said->status : 404;
    response->body = said->statement;
}

static void test_fetch(void **state)
{
    struct tls_identity identity, other;
    struct err fault = {0};
    bool made = tls_identity_make(&identity, NOW_MS, NOW_MS, &arena, &fault) &&
                tls_identity_make(&other, NOW_MS, NOW_MS, &arena, &fault);
    const struct {
        const char *name;
        struct said said;
        enum err_kind fault; /* ERR_NONE: holds */
        const char *has;
    } cases[] = {
        {"holds", {200, pin_of(identity.hash, 0, NOW_MS)}, ERR_NONE, ""},
        {"of another certificate",
         {200, pin_of(other.hash, 0, NOW_MS)},
         ERR_REFUSED,
         "stands between"},
        {"that has ended",
         {200, pin_of(identity.hash, 0, NOW_MS - 1)},
         ERR_REFUSED,
         "which is not now"},
        {"no pin", {404, pin_of(identity.hash, 0, NOW_MS)}, ERR_REFUSED, "answered with 404"},
        {"noise", {200, SPAN_LIT("noise")}, ERR_MALFORMED, ""},
        {"too much", {200, span_make(arena_alloc(&arena, 10000), 10000)}, ERR_LIMIT, "larger"},
    };
    struct note_key key = note_signer_key(&node);
    struct pin_node whose = {SPAN_LIT(AGREEMENT), &key};

    (void)state;
    assert_true(made);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct said said = cases[i].said;
        struct http_options options = {.listen = "127.0.0.1:0",
                                       .tls_pem = identity.pem,
                                       .body_limit = 1,
                                       .threads = 1,
                                       .handler = handle,
                                       .context = &said};
        struct http_server *server = NULL;
        struct pin got = {.from_ms = 99};
        struct err err = {0};

        CHECK_CASE(cases[i].name, http_start(&server, &options, &err));
        bool ok = pin_fetch(&got, http_address(server), &whose, NOW_MS, 5, &err);
        http_stop(server);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault == ERR_NONE));
        CHECK_CASE(cases[i].name, err.kind == cases[i].fault && strstr(err.text, cases[i].has));
        CHECK_CASE(cases[i].name,
                   ok ? hash_equal(got.certificate.certificate, identity.hash) : got.from_ms == 99);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_check, start_keys),
    cmocka_unit_test_setup(test_fetch, start_keys),
};
RUN_TESTS(tests)
