#include "node/log_message.h"

#include "base/test.h"
#include "journal/told.h"

#define ORIGIN "truce/term/1"
#define AT_HASHES (2u + LOG_REQUEST_TEXT)

static struct log_request larger(void)
{
    return (struct log_request){.checkpoint = told_checkpoint(ORIGIN, 0, 9),
                                .extends = told_proof(0, 7, 9)};
}

static bool same_request(const struct log_request *a, const struct log_request *b)
{
    return strcmp(a->checkpoint.origin, b->checkpoint.origin) == 0 &&
           a->checkpoint.size == b->checkpoint.size &&
           hash_equal(a->checkpoint.root, b->checkpoint.root) &&
           a->extends.count == b->extends.count &&
           memcmp(a->extends.hash, b->extends.hash, a->extends.count * HASH_BYTES) == 0;
}

static void test_request(void **state)
{
    static const struct {
        const char *name;
        size_t at; /* of the byte that is changed */
        int to;    /* -1: none is */
        size_t len;
        const char *fault;
    } cases[] = {
        {"as written", 0, -1, LOG_REQUEST_BYTES, ""},
        {"another size", 2 + sizeof ORIGIN, '8', LOG_REQUEST_BYTES, ""},
        {"a hash more", AT_HASHES + 1, 6 * HASH_BYTES, LOG_REQUEST_BYTES, ""},
        {"nothing", 0, -1, 0, "at byte 0"},
        {"a byte", 0, -1, 1, "at byte"},
        {"half of it", 0, -1, LOG_REQUEST_BYTES / 2, "at byte"},
        {"a byte too few", 0, -1, LOG_REQUEST_BYTES - 1, "at byte"},
        {"a byte too many", 0, -1, LOG_REQUEST_BYTES + 1, "left over"},
        {"a text longer than its room", 0, 1, LOG_REQUEST_BYTES, "longer than its room"},
        {"a text cut short", 1, 20, LOG_REQUEST_BYTES, "not filled up"},
        {"no text", 1, 0, LOG_REQUEST_BYTES, "not filled up"},
        {"a text that runs on", 1, 192, LOG_REQUEST_BYTES, "checkpoint"},
        {"something behind the text", AT_HASHES - 1, 1, LOG_REQUEST_BYTES, "not filled up"},
        {"no checkpoint", 2, '\n', LOG_REQUEST_BYTES, "checkpoint: empty line"},
        {"half a hash", AT_HASHES + 1, 5 * HASH_BYTES + 16, LOG_REQUEST_BYTES, "not whole hashes"},
        {"a hash less", AT_HASHES + 1, 4 * HASH_BYTES, LOG_REQUEST_BYTES, "not filled up"},
        {"more hashes than there can be", AT_HASHES, 8, LOG_REQUEST_BYTES, "longer than its room"},
        {"something behind the hashes", LOG_REQUEST_BYTES - 1, 1, LOG_REQUEST_BYTES,
         "not filled up"},
    };
    const struct log_request request = larger();
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct log_request got = {.extends.count = 99};
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, LOG_REQUEST_BYTES), again = buf;
        uint8_t bytes[LOG_REQUEST_BYTES + 1] = {0};
        struct err err = {0};

        log_request_put(&buf, &request);
        CHECK_CASE(cases[i].name, !buf.full && buf_span(&buf).len == LOG_REQUEST_BYTES);
        memcpy(bytes, buf_span(&buf).at, LOG_REQUEST_BYTES);
        if (cases[i].to >= 0)
            bytes[cases[i].at] = (uint8_t)cases[i].to;
        bool ok = log_request_parse(&got, span_make(bytes, cases[i].len), &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || got.extends.count == 99);
        CHECK_CASE(cases[i].name, same_request(&got, &request) == (i == 0));
        if (ok) {
            log_request_put(&again, &got);
            CHECK_CASE(cases[i].name, span_equal(buf_span(&again), span_make(bytes, cases[i].len)));
        }
        arena_free(&arena);
    }
}

/* The longest that there can be. */
static void test_room(void **state)
{
    struct log_request request = {.checkpoint.size = LIMIT_TREE_SIZE,
                                  .extends.count = LIMIT_PROOF_HASHES};
    struct log_request got;
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, LOG_REQUEST_BYTES);
    struct err err = {0};
    (void)state;

    memset(request.checkpoint.origin, 'a', LIMIT_NAME_BYTES);
    log_request_put(&buf, &request);
    assert_false(buf.full);
    assert_true(log_request_parse(&got, buf_span(&buf), &err));
    assert_true(same_request(&got, &request));
    arena_free(&arena);
}

static void test_reply(void **state)
{
    static const struct {
        const char *name;
        uint8_t kind;
        const char *text;
        size_t len;
        const char *fault;
    } cases[] = {
        {"done", ERR_NONE, "note", LOG_REPLY_BYTES, ""},
        {"done, and nothing to say", ERR_NONE, "", LOG_REPLY_BYTES, ""},
        {"a fault", ERR_IO, "the disk", LOG_REPLY_BYTES, ""},
        {"a fault of no kind", ERR_IO + 1, "x", LOG_REPLY_BYTES, "no kind of fault"},
        {"a byte too few", ERR_NONE, "note", LOG_REPLY_BYTES - 1, "at byte"},
        {"a byte too many", ERR_NONE, "note", LOG_REPLY_BYTES + 1, "left over"},
        {"nothing", ERR_NONE, "note", 0, "at byte 0"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct log_reply reply = {.kind = (enum err_kind)cases[i].kind,
                                        .text = span_of(cases[i].text)};
        struct log_reply got = {.kind = ERR_USAGE};
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, LOG_REPLY_BYTES);
        uint8_t bytes[LOG_REPLY_BYTES + 1] = {0};
        struct err err = {0};

        log_reply_put(&buf, &reply);
        CHECK_CASE(cases[i].name, !buf.full && buf_span(&buf).len == LOG_REPLY_BYTES);
        memcpy(bytes, buf_span(&buf).at, LOG_REPLY_BYTES);
        bool ok = log_reply_parse(&got, span_make(bytes, cases[i].len), &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, got.kind == (ok ? reply.kind : ERR_USAGE));
        CHECK_CASE(cases[i].name, !ok || span_is(got.text, cases[i].text));
        arena_free(&arena);
    }
}

static void test_hello(void **state)
{
    static const struct {
        const char *name, *last, *fault;
    } cases[] = {
        {"nothing signed yet", "\n", ""},
        {"something signed", "\ntruce/term/1\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
         ""},
        {"no end", "", "line not ended"},
        {"half a checkpoint", "\ntruce/term/1\n7\n", "checkpoint"},
        {"two", "\ntruce/term/1\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n", "left over"},
        {"no vkey", "x\n", "key"},
    };
    struct note_signer signer;
    (void)state;

    assert_true(sign_start());
    note_signer_make(&signer, SPAN_LIT(ORIGIN), NOTE_TYPE_ED25519, (uint8_t[32]){1});
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct note_key key = note_signer_key(&signer);
        struct log_hello got = {.last.size = 99};
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, LOG_REPLY_TEXT);
        struct err err = {0};
        const char *text = arena_printf(&arena, "%s%s", note_key_text(&key, &arena), cases[i].last);

        bool ok = log_hello_parse(&got, span_of(text), &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || got.last.size == 99);
        if (ok) {
            log_hello_put(&buf, &got);
            CHECK_CASE(cases[i].name, span_is(buf_span(&buf), text));
        }
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_request),
                                          cmocka_unit_test(test_room), cmocka_unit_test(test_reply),
                                          cmocka_unit_test(test_hello)};
RUN_TESTS(tests)
