#include "api/sessions.h"

#include "base/test.h"

#include <pthread.h>
#include <stdio.h>

/* --- nonces --- */

static enum nonce_verdict use(struct sessions *sessions, const char *nonce, int64_t now_ms)
{
    return sessions_use_nonce(sessions, span_of(nonce), now_ms);
}

static void test_nonces(void **state)
{
    struct sessions *sessions = sessions_open(), *other = sessions_open();
    char nonce[SESSION_TEXT], late[SESSION_TEXT], again[SESSION_TEXT], foreign[SESSION_TEXT];
    char changed[SESSION_TEXT], newer[SESSION_TEXT], unproved[SESSION_TEXT];

    (void)state;
    sessions_nonce(sessions, 1000, nonce);
    sessions_nonce(sessions, 1000, late);
    sessions_nonce(sessions, 1000, again);
    sessions_nonce(other, 1000, foreign);
    assert_string_not_equal(nonce, again);
    memcpy(changed, nonce, sizeof changed);
    changed[20] = changed[20] == '0' ? '1' : '0';
    memcpy(newer, nonce, sizeof newer); /* its time */
    newer[12] = newer[12] == '0' ? '1' : '0';
    memcpy(unproved, nonce, sizeof unproved);
    unproved[63] = unproved[63] == '0' ? '1' : '0';

    const struct {
        const char *name;
        const char *nonce;
        int64_t at_ms;
        enum nonce_verdict verdict;
    } cases[] = {
        {"another process's", foreign, 1000, NONCE_FOREIGN},
        {"changed", changed, 1000, NONCE_FOREIGN},
        {"made younger", newer, 1000, NONCE_FOREIGN},
        {"another proof", unproved, 1000, NONCE_FOREIGN},
        {"cut short", nonce + 2, 1000, NONCE_FOREIGN},
        {"none", "", 1000, NONCE_FOREIGN},
        {"zeros", "0000000000000000000000000000000000000000000000000000000000000000", 1000,
         NONCE_FOREIGN},
        {"no hex", "zz00000000000000000000000000000000000000000000000000000000000000", 1000,
         NONCE_FOREIGN},
        {"at once", nonce, 1000, NONCE_HOLDS},
        {"twice", nonce, 1000, NONCE_USED},
        {"again, later", nonce, 1000 + NONCE_MS - 1, NONCE_USED},
        {"at the last moment", late, 1000 + NONCE_MS - 1, NONCE_HOLDS},
        {"after it", again, 1000 + NONCE_MS, NONCE_OLD},
        {"used and old", nonce, 1000 + NONCE_MS, NONCE_OLD},
        {"used at the last moment, and old", late, 1000 + NONCE_MS, NONCE_OLD},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   use(sessions, cases[i].nonce, cases[i].at_ms) == cases[i].verdict);
    sessions_close(sessions);
    sessions_close(other);
    sessions_close(NULL);
}

/* No used nonce is ever forgotten while it is young: then there is no room, until there is. */
static void test_nonces_without_end(void **state)
{
    struct sessions *sessions = sessions_open();
    static char nonce[NONCES_MOST + 1][SESSION_TEXT];

    (void)state;
    for (size_t i = 0; i <= NONCES_MOST; i++)
        sessions_nonce(sessions, (int64_t)i, nonce[i]);
    for (size_t i = 0; i < NONCES_MOST; i++)
        assert_int_equal(use(sessions, nonce[i], 5000 + (int64_t)i), NONCE_HOLDS);
    assert_int_equal(use(sessions, nonce[NONCES_MOST], 10000), NONCE_BUSY);
    assert_int_equal(use(sessions, nonce[0], 10000), NONCE_USED);
    assert_int_equal(use(sessions, nonce[NONCES_MOST - 1], 10000), NONCE_USED);

    sessions_nonce(sessions, 100000, nonce[0]);
    assert_int_equal(use(sessions, nonce[0], 5000 + NONCE_MS - 1), NONCE_BUSY);
    assert_int_equal(use(sessions, nonce[0], 5000 + NONCE_MS), NONCE_HOLDS);
    assert_int_equal(use(sessions, nonce[0], 5000 + NONCE_MS), NONCE_USED);
    sessions_close(sessions);
}

/* --- sessions --- */

/* Whose it is; "" when it is nobody's. */
static const char *whose(struct sessions *sessions, const char *token, int64_t now_ms)
{
    static char name[104];

    return sessions_find(sessions, span_of(token), now_ms, name) ? name : "";
}

static void test_life(void **state)
{
    static const struct {
        const char *name;
        int64_t used_ms[4]; /* when; ends in 0 */
        int64_t at_ms;
        bool lives;
    } cases[] = {
        {"at once", {0}, 0, true},
        {"idle for less than a quarter", {0}, SESSION_IDLE_MS - 1, true},
        {"idle for a quarter", {0}, SESSION_IDLE_MS, false},
        {"used in between", {600000}, 600000 + SESSION_IDLE_MS - 1, true},
        {"used in between, then idle", {600000}, 600000 + SESSION_IDLE_MS, false},
        {"used too late", {SESSION_IDLE_MS}, SESSION_IDLE_MS + 1, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sessions *sessions = sessions_open();
        char token[SESSION_TEXT];

        sessions_start(sessions, SESSION_TOKEN, "a/1", 0, token);
        for (size_t n = 0; cases[i].used_ms[n]; n++)
            whose(sessions, token, cases[i].used_ms[n]);
        CHECK_CASE(cases[i].name, strcmp(whose(sessions, token, cases[i].at_ms),
                                         cases[i].lives ? "a/1" : "") == 0);
        sessions_close(sessions);
    }
}

static void test_no_longer_than_a_shift(void **state)
{
    struct sessions *sessions = sessions_open();
    char token[SESSION_TEXT];
    int64_t at_ms = 0;

    (void)state;
    sessions_start(sessions, SESSION_TOKEN, "a/1", 0, token);
    while (whose(sessions, token, at_ms)[0])
        at_ms += 60000;
    assert_int_equal(at_ms, SESSION_MOST_MS);
    sessions_close(sessions);
}

static void test_tokens(void **state)
{
    struct sessions *sessions = sessions_open();
    char one[SESSION_TEXT], two[SESSION_TEXT], code[SESSION_TEXT], changed[SESSION_TEXT];

    (void)state;
    sessions_start(sessions, SESSION_TOKEN, "a/1", 0, one);
    sessions_start(sessions, SESSION_TOKEN, "b/1", 0, two);
    sessions_start(sessions, SESSION_CODE, "c/1", 0, code);
    memcpy(changed, one, sizeof changed);
    changed[0] = changed[0] == '0' ? '1' : '0';
    const struct {
        const char *name, *token, *whose;
    } cases[] = {
        {"one", one, "a/1"}, {"another", two, "b/1"},      {"one digit off", changed, ""},
        {"none", "", ""},    {"a code is none", code, ""}, {"cut short", one + 1, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, strcmp(whose(sessions, cases[i].token, 1), cases[i].whose) == 0);
    sessions_end(sessions, span_of(one));
    sessions_end(sessions, span_of(one));
    sessions_end(sessions, span_of("unknown"));
    assert_string_equal(whose(sessions, one, 2), "");
    assert_string_equal(whose(sessions, two, 2), "b/1");
    sessions_close(sessions);
}

static void test_codes(void **state)
{
    struct sessions *sessions = sessions_open();
    char code[SESSION_TEXT], token[SESSION_TEXT], late[SESSION_TEXT], name[104];

    (void)state;
    sessions_start(sessions, SESSION_CODE, "a/1", 0, code);
    sessions_start(sessions, SESSION_CODE, "a/1", 0, late);
    assert_true(sessions_redeem(sessions, span_of(code), SESSION_CODE_MS - 1, token, name));
    assert_string_equal(name, "a/1");
    assert_string_not_equal(code, token);
    assert_string_equal(whose(sessions, token, SESSION_CODE_MS), "a/1");
    assert_false(sessions_redeem(sessions, span_of(code), SESSION_CODE_MS - 1, token, name));
    assert_false(sessions_redeem(sessions, span_of(late), SESSION_CODE_MS, token, name));
    assert_false(sessions_redeem(sessions, span_of(token), SESSION_CODE_MS, token, name));
    assert_false(sessions_redeem(sessions, span_of(""), SESSION_CODE_MS, token, name));
    sessions_close(sessions);
}

static void test_revoked(void **state)
{
    struct sessions *sessions = sessions_open();
    char one[SESSION_TEXT], two[SESSION_TEXT], code[SESSION_TEXT], other[SESSION_TEXT];
    char token[SESSION_TEXT], name[104];

    (void)state;
    sessions_start(sessions, SESSION_TOKEN, "a/1", 0, one);
    sessions_start(sessions, SESSION_TOKEN, "a/1", 0, two);
    sessions_start(sessions, SESSION_CODE, "a/1", 0, code);
    sessions_start(sessions, SESSION_TOKEN, "a/11", 0, other);
    sessions_end_all(sessions, "a/1");
    assert_string_equal(whose(sessions, one, 1), "");
    assert_string_equal(whose(sessions, two, 1), "");
    assert_false(sessions_redeem(sessions, span_of(code), 1, token, name));
    assert_string_equal(whose(sessions, other, 1), "a/11");
    sessions_close(sessions);
}

/* A key has a share, and puts out its own; then the one that was longest unused goes. */
static void test_room(void **state)
{
    struct sessions *sessions = sessions_open();
    static char token[SESSIONS_MOST + 1][SESSION_TEXT];
    char first[SESSION_TEXT], name[32];
    int64_t now_ms = 0;

    (void)state;
    sessions_start(sessions, SESSION_TOKEN, "other", now_ms++, first);
    for (size_t i = 0; i <= SESSIONS_OF_ONE; i++)
        sessions_start(sessions, SESSION_TOKEN, "a/1", now_ms++, token[i]);
    assert_string_equal(whose(sessions, token[0], now_ms), "");
    assert_string_equal(whose(sessions, token[1], now_ms), "a/1");
    assert_string_equal(whose(sessions, token[SESSIONS_OF_ONE], now_ms), "a/1");
    assert_string_equal(whose(sessions, first, now_ms), "other");
    sessions_end_all(sessions, "a/1");
    sessions_end_all(sessions, "other");

    for (size_t i = 0; i < SESSIONS_MOST; i++) {
        snprintf(name, sizeof name, "key/%zu", i);
        sessions_start(sessions, SESSION_TOKEN, name, now_ms++, token[i]);
    }
    assert_string_equal(whose(sessions, token[0], now_ms++), "key/0");
    sessions_start(sessions, SESSION_TOKEN, "one/more", now_ms++, token[SESSIONS_MOST]);
    assert_string_equal(whose(sessions, token[0], now_ms), "key/0"); /* was used since */
    assert_string_equal(whose(sessions, token[1], now_ms), "");
    assert_string_equal(whose(sessions, token[2], now_ms), "key/2");
    assert_string_equal(whose(sessions, token[SESSIONS_MOST], now_ms), "one/more");
    sessions_close(sessions);
}

static void *many(void *context)
{
    struct sessions *sessions = context;
    char token[SESSION_TEXT], nonce[SESSION_TEXT], name[104];
    intptr_t wrong = 0;

    for (int64_t i = 0; i < 300; i++) {
        sessions_nonce(sessions, i, nonce);
        wrong += use(sessions, nonce, i) != NONCE_HOLDS;
        wrong += use(sessions, nonce, i) != NONCE_USED;
        sessions_start(sessions, SESSION_CODE, "a/1", i, token);
        bool redeemed = sessions_redeem(sessions, span_of(token), i, token, name);
        if (redeemed && sessions_find(sessions, span_of(token), i, name))
            wrong += strcmp(name, "a/1") != 0;
        sessions_end(sessions, span_of(token));
        wrong += sessions_find(sessions, span_of(token), i, name);
    }
    return (void *)wrong;
}

static void test_threads(void **state)
{
    struct sessions *sessions = sessions_open();
    pthread_t thread[4];
    void *wrong;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, many, sessions), 0);
    for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
        pthread_join(thread[i], &wrong);
        assert_null(wrong);
    }
    sessions_close(sessions);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_nonces),  cmocka_unit_test(test_nonces_without_end),
    cmocka_unit_test(test_life),    cmocka_unit_test(test_no_longer_than_a_shift),
    cmocka_unit_test(test_tokens),  cmocka_unit_test(test_codes),
    cmocka_unit_test(test_revoked), cmocka_unit_test(test_room),
    cmocka_unit_test(test_threads),
};
RUN_TESTS(tests)
