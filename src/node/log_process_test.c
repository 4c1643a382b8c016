#include "node/log_process_inside.h"

#include "base/test.h"
#include "journal/signer_file.h"
#include "journal/told.h"
#include "node/keyring.h"
#include "node/log_message.h"
#include "sys/scratch.h"

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

/*
 * The process of the log's key as a server finds it that was taken over: whatever is said to
 * it, what it has signed is one log.
 */

#define ORIGIN "truce/term/1"

struct desk { /* a directory with the key, and the process over it */
    struct scratch scratch;
    struct log_process *process;
    struct arena arena;
};

static void make_key(struct note_signer *out, const char *name, uint8_t type)
{
    note_signer_make(out, span_of(name), type, (uint8_t[SIGN_SEED_BYTES]){9});
}

static bool begin(struct desk *d, struct err *err)
{
    const struct log_process_options options = {.directory = d->scratch.path, .name = ORIGIN};

    return log_process_open(&d->process, &options, err);
}

static void setup(struct desk *d)
{
    struct note_signer key;
    struct err err = {0};

    *d = (struct desk){.scratch = scratch_make()};
    assert_true(sign_start());
    make_key(&key, ORIGIN, NOTE_TYPE_ED25519);
    if (!keyring_write(d->scratch.path, &key, &err) || !begin(d, &err))
        fail_msg("%s", err.text);
}

static void teardown(struct desk *d)
{
    log_process_close(d->process);
    scratch_remove(&d->scratch);
    arena_free(&d->arena);
}

static struct log_request request_of(unsigned telling, uint64_t from, uint64_t to)
{
    return (struct log_request){.checkpoint = told_checkpoint(ORIGIN, telling, to),
                                .extends = told_proof(telling, from, to)};
}

static bool ask(struct desk *d, const struct log_request *request, struct span *out,
                struct err *err)
{
    const struct log_signer signer = log_process_signer(d->process);

    return signer.sign(signer.context, &request->checkpoint, &request->extends, out, &d->arena,
                       err);
}

static void check_asked(struct desk *d, const char *name, unsigned telling, uint64_t from,
                        uint64_t to)
{
    const struct log_request request = request_of(telling, from, to);
    struct checkpoint got;
    struct note note;
    struct span bytes;
    struct err err = {0};

    if (!ask(d, &request, &bytes, &err))
        fail_msg("case \"%s\": %s", name, err.text);
    CHECK_CASE(name, checkpoint_open(&got, &note, bytes, &d->process->key, &d->arena, &err));
    CHECK_CASE(name, got.size == to && hash_equal(got.root, request.checkpoint.root));
}

static uint64_t size_in_file(struct desk *d)
{
    struct checkpoint got = {0};
    struct disk *disk;
    struct err err = {0};

    assert_true(disk_open(&disk, d->scratch.path, false, &err));
    if (!signer_file_read(&got, disk, &err))
        assert_int_equal(err.kind, ERR_MISSING);
    disk_close(disk);
    return got.size;
}

/* --- as it is meant --- */

static void test_signs(void **state)
{
    struct desk d;
    struct checkpoint last;
    struct err err = {0};
    (void)state;

    setup(&d);
    struct log_signer signer = log_process_signer(d.process);
    assert_string_equal(signer.key.name, ORIGIN);
    assert_false(signer.last(signer.context, &last, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_int_equal(size_in_file(&d), 0);
    check_asked(&d, "the first", 0, 0, 3);
    check_asked(&d, "larger", 0, 3, 7);
    check_asked(&d, "the same again", 0, 7, 7);
    assert_int_equal(size_in_file(&d), 7);
    assert_true(signer.last(signer.context, &last, &err));
    assert_int_equal(last.size, 7);

    log_process_close(d.process);
    assert_true(begin(&d, &err));
    signer = log_process_signer(d.process);
    assert_true(signer.last(signer.context, &last, &err));
    assert_int_equal(last.size, 7);
    struct log_request other = request_of(1, 5, 9);
    struct span note;
    assert_false(ask(&d, &other, &note, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    check_asked(&d, "after a new start", 0, 7, 9);
    teardown(&d);
}

/* --- what else is said to it --- */

#define LONGEST 100000u

static size_t say_request(uint8_t out[LONGEST], const struct log_request *request)
{
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, LOG_REQUEST_BYTES);

    log_request_put(&buf, request);
    memcpy(out, buf_span(&buf).at, LOG_REQUEST_BYTES);
    arena_free(&arena);
    return LOG_REQUEST_BYTES;
}

static size_t same_again(uint8_t out[LONGEST])
{
    const struct log_request request = request_of(0, 7, 7);

    return say_request(out, &request);
}
static size_t same_size_other_root(uint8_t out[LONGEST])
{
    const struct log_request request = request_of(1, 7, 7);

    return say_request(out, &request);
}
static size_t smaller(uint8_t out[LONGEST])
{
    const struct log_request request = request_of(0, 6, 6);

    return say_request(out, &request);
}
static size_t larger_other_history(uint8_t out[LONGEST])
{
    const struct log_request request = request_of(1, 7, 9);

    return say_request(out, &request);
}
static size_t other_history_from_where_they_parted(uint8_t out[LONGEST])
{
    const struct log_request request = request_of(1, 5, 9);

    return say_request(out, &request);
}
static size_t larger_unproved(uint8_t out[LONGEST])
{
    struct log_request request = request_of(0, 7, 9);

    request.extends.count = 0;
    return say_request(out, &request);
}
static size_t most_hashes(uint8_t out[LONGEST])
{
    struct log_request request = request_of(0, 7, 9);

    request.extends.count = LIMIT_PROOF_HASHES;
    return say_request(out, &request);
}
static size_t largest_size(uint8_t out[LONGEST])
{
    struct log_request request = request_of(0, 7, 9);

    request.checkpoint.size = LIMIT_TREE_SIZE;
    return say_request(out, &request);
}
static size_t other_origin(uint8_t out[LONGEST])
{
    struct log_request request = request_of(0, 7, 9);

    snprintf(request.checkpoint.origin, sizeof request.checkpoint.origin, "truce/term/2");
    return say_request(out, &request);
}
/* What would be a record, if it were signed: the text of a note that is no checkpoint. */
static size_t a_record(uint8_t out[LONGEST])
{
    static const char text[] = "truce\nclock.tick 1\n{\"body\":{}}\n";

    memset(out, 0, LOG_REQUEST_BYTES);
    out[1] = sizeof text - 1;
    memcpy(out + 2, text, sizeof text - 1);
    return LOG_REQUEST_BYTES;
}
static size_t zeros(uint8_t out[LONGEST])
{
    memset(out, 0, LOG_REQUEST_BYTES);
    return LOG_REQUEST_BYTES;
}
static size_t ones(uint8_t out[LONGEST])
{
    memset(out, 0xff, LOG_REQUEST_BYTES);
    return LOG_REQUEST_BYTES;
}
static size_t noise(uint8_t out[LONGEST])
{
    uint32_t chance = 1;

    for (size_t i = 0; i < LOG_REQUEST_BYTES; i++)
        out[i] = (uint8_t)((chance = chance * 1664525 + 1013904223) >> 24);
    return LOG_REQUEST_BYTES;
}
static size_t one_byte(uint8_t out[LONGEST])
{
    out[0] = 0;
    return 1;
}
static size_t half(uint8_t out[LONGEST])
{
    return same_again(out) / 2;
}
static size_t byte_too_few(uint8_t out[LONGEST])
{
    return same_again(out) - 1;
}
static size_t byte_too_many(uint8_t out[LONGEST])
{
    size_t len = same_again(out);

    out[len] = 0;
    return len + 1;
}
static size_t two_in_one(uint8_t out[LONGEST])
{
    size_t len = same_again(out);

    memcpy(out + len, out, len);
    return 2 * len;
}
static size_t huge(uint8_t out[LONGEST])
{
    size_t len = same_again(out);

    memset(out + len, 0, LONGEST - len);
    return LONGEST;
}

static void hear(struct desk *d, struct log_reply *out)
{
    uint8_t *bytes = arena_alloc(&d->arena, LOG_REPLY_BYTES);
    struct err err = {0};
    size_t len;

    if (!process_receive(d->process->process.channel, bytes, LOG_REPLY_BYTES, &len, &err))
        fail_msg("%s", err.text);
    assert_int_equal(len, LOG_REPLY_BYTES);
    assert_true(log_reply_parse(out, span_make(bytes, len), &err));
}

static const struct {
    const char *name;
    size_t (*message)(uint8_t out[LONGEST]);
    enum err_kind kind;
    const char *reason;
} hostile[] = {
    {"the same again", same_again, ERR_NONE, ""},
    {"the same size, another root", same_size_other_root, ERR_CONFLICT, "signed last"},
    {"a smaller size", smaller, ERR_CONFLICT, "signed last"},
    {"larger, of another history", larger_other_history, ERR_CONFLICT, "not proved"},
    {"and from where they parted", other_history_from_where_they_parted, ERR_CONFLICT,
     "not proved"},
    {"larger, without a proof", larger_unproved, ERR_CONFLICT, "not proved"},
    {"with as many hashes as there can be", most_hashes, ERR_CONFLICT, "not proved"},
    {"the largest size", largest_size, ERR_CONFLICT, "not proved"},
    {"another origin", other_origin, ERR_REFUSED, "not the origin"},
    {"a record", a_record, ERR_MALFORMED, "checkpoint"},
    {"zeros", zeros, ERR_MALFORMED, "checkpoint"},
    {"ones", ones, ERR_MALFORMED, "longer than its room"},
    {"noise", noise, ERR_MALFORMED, "message"},
    {"one byte", one_byte, ERR_MALFORMED, "message"},
    {"half a message", half, ERR_MALFORMED, "message"},
    {"a byte too few", byte_too_few, ERR_MALFORMED, "message"},
    {"a byte too many", byte_too_many, ERR_MALFORMED, "left over"},
    {"two messages in one", two_in_one, ERR_MALFORMED, "left over"},
    {"a huge message", huge, ERR_MALFORMED, "left over"},
};

/* It answers, has signed nothing but what it had, and is there for the next. */
static void test_hostile(void **state)
{
    static uint8_t message[LONGEST];
    struct desk d;
    (void)state;

    setup(&d);
    check_asked(&d, "the first", 0, 0, 7);
    for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
        struct log_reply reply;
        struct err err = {0};
        size_t len = hostile[i].message(message);

        CHECK_CASE(hostile[i].name,
                   process_send(d.process->process.channel, span_make(message, len), &err));
        hear(&d, &reply);
        CHECK_CASE(hostile[i].name, reply.kind == hostile[i].kind);
        CHECK_CASE(hostile[i].name,
                   strstr(arena_text(&d.arena, reply.text), hostile[i].reason) != NULL);
        CHECK_CASE(hostile[i].name, size_in_file(&d) == 7);
    }
    check_asked(&d, "afterwards", 0, 7, 9);
    teardown(&d);
}

/* --- many at once --- */

#define ASKING 4u
#define EACH 60u

struct asking {
    struct desk *d;
    unsigned telling;
};

/* Larger and larger sizes of one telling, each with a proof from where both were alike. */
static void *ask_much(void *context)
{
    const struct asking *asking = context;
    uint8_t message[LOG_REQUEST_BYTES];
    struct err err = {0};

    for (uint64_t i = 0; i < EACH; i++) {
        struct log_request request =
            request_of(asking->telling, TOLD_ALIKE + i % 20, TOLD_ALIKE + 1 + i % 20 + i / 20);
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, sizeof message);

        log_request_put(&buf, &request);
        bool ok = process_send(asking->d->process->process.channel, buf_span(&buf), &err);
        assert(ok);
        arena_free(&arena);
    }
    return NULL;
}

/* By its root. */
static bool is_of(struct desk *d, const struct log_reply *reply, unsigned telling)
{
    struct checkpoint got, told;
    struct note note;
    struct err err = {0};

    assert_true(checkpoint_open(&got, &note, reply->text, &d->process->key, &d->arena, &err));
    told = told_checkpoint(ORIGIN, telling, got.size);
    return hash_equal(got.root, told.root);
}

static void test_many_at_once(void **state)
{
    pthread_t thread[ASKING];
    struct asking asking[ASKING];
    unsigned of[2] = {0}, refused = 0;
    struct desk d;
    (void)state;

    setup(&d);
    check_asked(&d, "what is alike", 0, 0, TOLD_ALIKE);
    for (unsigned i = 0; i < ASKING; i++) {
        asking[i] = (struct asking){.d = &d, .telling = i % 2};
        assert_int_equal(pthread_create(&thread[i], NULL, ask_much, &asking[i]), 0);
    }
    for (unsigned i = 0; i < ASKING * EACH; i++) {
        struct log_reply reply;

        hear(&d, &reply);
        refused += reply.kind != ERR_NONE;
        for (unsigned telling = 0; telling < 2 && reply.kind == ERR_NONE; telling++)
            of[telling] += is_of(&d, &reply, telling);
    }
    for (unsigned i = 0; i < ASKING; i++)
        pthread_join(thread[i], NULL);
    assert_true((of[0] > 0) != (of[1] > 0)); /* one of them, whichever came first */
    assert_int_equal(of[0] + of[1] + refused, ASKING * EACH);
    teardown(&d);
}

/* --- its end --- */

static void test_ended(void **state)
{
    const struct log_request request = request_of(0, 7, 9);
    struct desk d;
    struct span note;
    struct err err = {0};
    (void)state;

    setup(&d);
    check_asked(&d, "the first", 0, 0, 7);
    assert_int_equal(kill(d.process->process.id, SIGKILL), 0);
    assert_false(ask(&d, &request, &note, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.text, "the process of the log's key"));
    assert_false(ask(&d, &request, &note, &err));
    assert_int_equal(size_in_file(&d), 7);
    teardown(&d);
}

/* It is not told that something was signed which it cannot know to be on the disk. */
static void test_no_disk(void **state)
{
    const struct log_request request = request_of(0, 7, 9);
    struct desk d;
    struct span note;
    struct err err = {0};
    (void)state;

    setup(&d);
    check_asked(&d, "the first", 0, 0, 7);
    /* A directory in the way of what it writes. */
    const char *path = arena_printf(&d.arena, "%s/signer.new", d.scratch.path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(ask(&d, &request, &note, &err));
    assert_non_null(strstr(err.text, "write signer"));
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(size_in_file(&d), 7);
    teardown(&d);
}

/* --- a start that does not come about --- */

static void lose_key(struct desk *d)
{
    assert_int_equal(remove(arena_printf(&d->arena, "%s/keys/" ORIGIN ".key", d->scratch.path)), 0);
}
static void open_key_to_others(struct desk *d)
{
    assert_int_equal(
        chmod(arena_printf(&d->arena, "%s/keys/" ORIGIN ".key", d->scratch.path), 0644), 0);
}
static void take_cosigning_key(struct desk *d)
{
    struct note_signer key;
    struct err err = {0};

    lose_key(d);
    make_key(&key, ORIGIN, NOTE_TYPE_COSIGNATURE);
    assert_true(keyring_write(d->scratch.path, &key, &err));
}
static void spoil_file(struct desk *d)
{
    struct disk *disk;
    struct err err = {0};

    assert_true(disk_open(&disk, d->scratch.path, false, &err) &&
                disk_replace(disk, "signer", SPAN_LIT(ORIGIN "\n"), true, &err));
    disk_close(disk);
}
static void lose_directory(struct desk *d)
{
    scratch_remove(&d->scratch);
}

static void test_no_start(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct desk *d);
        enum err_kind kind;
        const char *fault;
    } cases[] = {
        {"no key", lose_key, ERR_MISSING, "no key \"" ORIGIN "\""},
        {"a key that others can read", open_key_to_others, ERR_REFUSED, "open to others"},
        {"a key that cosigns", take_cosigning_key, ERR_MALFORMED, "another type"},
        {"what was signed last is not whole", spoil_file, ERR_MALFORMED, "signer"},
        {"no directory", lose_directory, ERR_MISSING, "no key"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct desk d;
        struct err err = {0};

        setup(&d);
        log_process_close(d.process);
        cases[i].change(&d);
        d.process = NULL;
        CHECK_CASE(cases[i].name, !begin(&d, &err));
        CHECK_CASE(cases[i].name, err.kind == cases[i].kind);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, d.process == NULL);
        if (cases[i].change == lose_directory)
            arena_free(&d.arena);
        else
            teardown(&d);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_signs),        cmocka_unit_test(test_hostile),
    cmocka_unit_test(test_many_at_once), cmocka_unit_test(test_ended),
    cmocka_unit_test(test_no_disk),      cmocka_unit_test(test_no_start),
};
RUN_TESTS(tests)
