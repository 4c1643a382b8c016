#include "journal/promise.h"

#include "base/test.h"
#include "codec/hex.h"
#include "ledger/merkle.h"

/* What the log answers with is taken only from the right key, about the right thing. */

#define NAME "north-south"
#define ORIGIN NAME "/term/1"
#define RECORD "the bytes of a record"
#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_ID "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct note_signer signer_of(const char *name, uint8_t fill)
{
    struct note_signer out;
    uint8_t seed[SIGN_SEED_BYTES];

    memset(seed, fill, sizeof seed);
    note_signer_make(&out, span_of(name), NOTE_TYPE_ED25519, seed);
    return out;
}

static struct promise promise_about(const char *agreement, const char *origin, const char *id,
                                    uint64_t index, const char *entry)
{
    return (struct promise){agreement, origin, id, index, merkle_leaf(span_of(entry)), 1};
}

static void test_promise(void **state)
{
    const struct note_signer key = signer_of("obs/promise", 1), other = signer_of("obs/promise", 2),
                             named = signer_of("obs/other", 1);
    const struct {
        const char *name;
        struct promise said;
        const struct note_signer *by;
        bool holds;
    } cases[] = {
        {"just that", promise_about(NAME, ORIGIN, ID, 7, RECORD), &key, true},
        {"by another key", promise_about(NAME, ORIGIN, ID, 7, RECORD), &other, false},
        {"under another name", promise_about(NAME, ORIGIN, ID, 7, RECORD), &named, false},
        {"of another agreement", promise_about("east-west", ORIGIN, ID, 7, RECORD), &key, false},
        {"of another term", promise_about(NAME, NAME "/term/2", ID, 7, RECORD), &key, false},
        {"another record", promise_about(NAME, ORIGIN, OTHER_ID, 7, RECORD), &key, false},
        {"another index", promise_about(NAME, ORIGIN, ID, 8, RECORD), &key, false},
        {"other bytes", promise_about(NAME, ORIGIN, ID, 7, RECORD "s"), &key, false},
    };
    const struct promise want = promise_about(NAME, ORIGIN, ID, 7, RECORD);
    const struct note_key public = note_signer_key(&key);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct promise got = {0};
        struct span note = promise_sign(&cases[i].said, cases[i].by, &arena);

        CHECK_CASE(cases[i].name, promise_verify(note, &public, &want) == cases[i].holds);
        CHECK_CASE(cases[i].name, promise_parse(&got, note, &arena, &err));
        CHECK_CASE(cases[i].name, strcmp(got.agreement, cases[i].said.agreement) == 0);
        CHECK_CASE(cases[i].name, strcmp(got.origin, cases[i].said.origin) == 0);
        CHECK_CASE(cases[i].name, strcmp(got.id, cases[i].said.id) == 0);
        CHECK_CASE(cases[i].name, got.index == cases[i].said.index && got.at_ms == 1);
        CHECK_CASE(cases[i].name, hash_equal(got.leaf, cases[i].said.leaf));
        arena_free(&arena);
    }
}

static void test_refusal(void **state)
{
    const struct note_signer key = signer_of("obs/node", 1), other = signer_of("obs/node", 2);
    const struct refusal want = {NAME, ORIGIN, SPAN_LIT(RECORD), "unknown key", 0, 0};
    const struct {
        const char *name;
        struct refusal said;
        const struct note_signer *by;
        bool holds, about;
    } cases[] = {
        {"just that", want, &key, true, true},
        {"at some size and time",
         {NAME, ORIGIN, SPAN_LIT(RECORD), "unknown key", 5, 6},
         &key,
         true,
         true},
        {"by another key", want, &other, false, true},
        {"of another agreement",
         {"east-west", ORIGIN, SPAN_LIT(RECORD), "unknown key", 0, 0},
         &key,
         false,
         true},
        {"of another term",
         {NAME, NAME "/term/2", SPAN_LIT(RECORD), "unknown key", 0, 0},
         &key,
         false,
         true},
        {"other bytes", {NAME, ORIGIN, SPAN_LIT("x"), "unknown key", 0, 0}, &key, false, false},
        {"another reason", {NAME, ORIGIN, SPAN_LIT(RECORD), "too large", 0, 0}, &key, false, true},
    };
    const struct note_key public = note_signer_key(&key);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct refusal got = {.size = 99};
        struct span note = refusal_sign(&cases[i].said, cases[i].by, &arena);

        CHECK_CASE(cases[i].name, refusal_verify(note, &public, &want) == cases[i].holds);
        CHECK_CASE(cases[i].name,
                   refusal_parse(&got, note, want.offered, &arena, &err) == cases[i].about);
        CHECK_CASE(cases[i].name, cases[i].about || (err.kind == ERR_CONFLICT && got.size == 99));
        CHECK_CASE(cases[i].name, !cases[i].about || strcmp(got.reason, cases[i].said.reason) == 0);
        CHECK_CASE(cases[i].name, !cases[i].about || got.size == cases[i].said.size);
        arena_free(&arena);
    }
}

/* One is not taken for the other, and neither is what is no statement. */
static void test_word(void **state)
{
    const struct note_signer key = signer_of("obs/promise", 1);
    const struct note_key public = note_signer_key(&key);
    const struct promise promise = promise_about(NAME, ORIGIN, ID, 7, RECORD);
    const struct refusal refusal = {NAME, ORIGIN, SPAN_LIT(RECORD), "unknown key", 0, 0};
    struct arena arena = {0};
    struct span promised = promise_sign(&promise, &key, &arena);
    struct span refused = refusal_sign(&refusal, &key, &arena);
    const struct {
        const char *name;
        struct span note;
        bool promise, refusal;
    } cases[] = {
        {"a promise", promised, true, false},
        {"a refusal", refused, false, true},
        {"nothing", SPAN_LIT(""), false, false},
        {"a record's text", SPAN_LIT(NAME "\npromise 1\n{}\n"), false, false},
        {"a promise cut short", span_slice(promised, 0, promised.len - 1), false, false},
        {"a refusal cut short", span_slice(refused, 0, refused.len - 1), false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct promise got_promise = {.index = 99};
        struct refusal got_refusal = {.size = 99};
        struct err err = {0};

        CHECK_CASE(cases[i].name,
                   promise_verify(cases[i].note, &public, &promise) == cases[i].promise);
        CHECK_CASE(cases[i].name,
                   refusal_verify(cases[i].note, &public, &refusal) == cases[i].refusal);
        CHECK_CASE(cases[i].name,
                   promise_parse(&got_promise, cases[i].note, &arena, &err) == cases[i].promise);
        CHECK_CASE(cases[i].name, refusal_parse(&got_refusal, cases[i].note, SPAN_LIT(RECORD),
                                                &arena, &err) == cases[i].refusal);
        CHECK_CASE(cases[i].name, cases[i].promise || got_promise.index == 99);
        CHECK_CASE(cases[i].name, cases[i].refusal || got_refusal.size == 99);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_promise),
    cmocka_unit_test(test_refusal),
    cmocka_unit_test(test_word),
};
RUN_TESTS(tests)
