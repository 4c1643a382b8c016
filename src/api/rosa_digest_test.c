#include "api/rosa_digest.h"

#include "base/test.h"

/* The example of RFC 2617, §3.5. */
#define RFC                                                                                        \
    "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "                                   \
    "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, "            \
    "nc=00000001, cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\", "            \
    "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""
#define LEAST "Digest username=\"u\",realm=\"r\",nonce=\"n\",uri=\"/\","
#define RESPONSE "response=\"6629fae49393a05397450978507c4ef1\""

static void test_parse(void **state)
{
    static const struct {
        const char *name, *header;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"the example of the RFC", RFC, ""},
        {"the least", LEAST RESPONSE, ""},
        {"another case of the scheme",
         "dIGEST username=\"u\",realm=\"r\",nonce=\"n\",uri=\"/\"," RESPONSE, ""},
        {"an algorithm", LEAST RESPONSE ",algorithm=MD5", ""},
        {"one in quotes", LEAST RESPONSE ",algorithm=\"md5\"", ""},
        {"what nobody asked for", LEAST RESPONSE ",later=so", ""},
        {"spaces around commas", LEAST RESPONSE " , later=so", ""},
        {"qop in quotes", LEAST RESPONSE ",qop=\"auth\",nc=00000001,cnonce=\"c\"", ""},
        {"an escaped quote", LEAST RESPONSE ",opaque=\"a\\\"b\"", ""},
        {"nothing", "", "a word is missing"},
        {"Basic", "Basic dTpw", "it is no Digest"},
        {"only the word", "Digest", "a word is missing"},
        {"no name of a user", "Digest realm=\"r\",nonce=\"n\",uri=\"/\"," RESPONSE,
         "lacks username"},
        {"an empty one", "Digest username=\"\",realm=\"r\",nonce=\"n\",uri=\"/\"," RESPONSE,
         "lacks username"},
        {"no response", "Digest username=\"u\",realm=\"r\",nonce=\"n\",uri=\"/\"",
         "lacks response"},
        {"a short response", LEAST "response=\"66\"", "response of 32 digits"},
        {"a name twice", LEAST RESPONSE ",username=\"v\"", "given twice"},
        {"qop twice", LEAST RESPONSE ",qop=auth,qop=auth,nc=00000001,cnonce=\"c\"", "once"},
        {"the other qop", LEAST RESPONSE ",qop=auth-int,nc=00000001,cnonce=\"c\"", "not auth"},
        {"qop without nc", LEAST RESPONSE ",qop=auth,cnonce=\"c\"", "nc of eight"},
        {"qop without cnonce", LEAST RESPONSE ",qop=auth,nc=00000001", "cnonce"},
        {"another algorithm", LEAST RESPONSE ",algorithm=SHA-256", "not MD5"},
        {"a session", LEAST RESPONSE ",algorithm=MD5-sess", "not MD5"},
        {"no equals sign", LEAST RESPONSE ",nc", "at byte"},
        {"a quote left open", LEAST RESPONSE ",opaque=\"x", "at byte"},
        {"a comma at the end", LEAST RESPONSE ",", "a word is missing"},
        {"a semicolon", LEAST RESPONSE ";nc=1", "at byte"},
        {"a newline in quotes", LEAST RESPONSE ",opaque=\"a\nb\"", "control character"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct rosa_digest got = {.realm = SPAN_LIT("before")};
        struct arena arena = {0};
        struct err err = {0};

        bool ok = rosa_digest_parse(&got, span_of(cases[i].header), &arena, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || span_is(got.realm, "before"));
        arena_free(&arena);
    }
}

static void test_response(void **state)
{
    static const struct {
        const char *name, *password, *method, *header;
        bool holds;
    } cases[] = {
        {"the example of the RFC", "Circle Of Life", "GET", RFC, true},
        {"another password", "Circle of Life", "GET", RFC, false},
        {"another method", "Circle Of Life", "POST", RFC, false},
        {"without qop", "Circle Of Life", "GET",
         "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
         "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", "
         "response=\"670FD8C2DF070C60B045671B8B24FF02\"",
         true},
        {"another uri", "Circle Of Life", "GET",
         "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
         "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/other.html\", "
         "response=\"670fd8c2df070c60b045671b8b24ff02\"",
         false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct rosa_digest digest;
        struct arena arena = {0};
        struct err err = {0};
        char ha1[MD5_TEXT];

        assert_true(rosa_digest_parse(&digest, span_of(cases[i].header), &arena, &err));
        const struct span of[] = {digest.username, SPAN_LIT(":"), digest.realm, SPAN_LIT(":"),
                                  span_of(cases[i].password)};
        md5_of_parts(ha1, of, ARRAY_LEN(of));
        CHECK_CASE(cases[i].name,
                   rosa_digest_holds(&digest, ha1, cases[i].method) == cases[i].holds);
        arena_free(&arena);
    }
}

static void test_nonce(void **state)
{
    static const uint8_t ours[ROSA_SECRET_BYTES] = {1}, other[ROSA_SECRET_BYTES] = {2};
    char nonce[ROSA_NONCE_TEXT];

    (void)state;
    rosa_nonce_make(nonce, ours, 5000);
    struct span text = span_of(nonce);
    assert_int_equal(rosa_nonce_check(text, ours, 5000), ROSA_NONCE_HOLDS);
    assert_int_equal(rosa_nonce_check(text, ours, 5000 + ROSA_NONCE_MS), ROSA_NONCE_HOLDS);
    assert_int_equal(rosa_nonce_check(text, ours, 5001 + ROSA_NONCE_MS), ROSA_NONCE_OLD);
    assert_int_equal(rosa_nonce_check(text, other, 5000), ROSA_NONCE_FOREIGN);
    assert_int_equal(rosa_nonce_check(span_from(text, 1), ours, 5000), ROSA_NONCE_FOREIGN);
    assert_int_equal(rosa_nonce_check((struct span){0}, ours, 5000), ROSA_NONCE_FOREIGN);
    nonce[15]++; /* a later time */
    assert_int_equal(rosa_nonce_check(text, ours, 5000), ROSA_NONCE_FOREIGN);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_response),
    cmocka_unit_test(test_nonce),
};
RUN_TESTS(tests)
