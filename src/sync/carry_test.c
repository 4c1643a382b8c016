#include "sync/carry.h"

#include "base/limits.h"
#include "base/test.h"
#include "journal/submission.h"
#include "sync/outbox_world.h"

#include <stdio.h>

/* A transport with a script: whoever keeps the log answers well, badly, or not at all. */

enum mood {
    GOOD,
    REPEATED,
    LATER,
    REFUSED,
    REFUSED_UNSIGNED,
    REFUSED_FORGED,    /* by another key */
    REFUSED_OTHERWISE, /* the statement gives another reason than the answer */
    /* Promises that are none. */
    PROMISE_FORGED,
    PROMISE_OTHER_INDEX,
    PROMISE_OTHER_LEAF,
    PROMISE_OTHER_TERM,
    PROMISE_OTHER_AGREEMENT,
    PROMISE_GARBAGE,
    OTHER_ID, /* a good promise, of another record */
    /* Answers that are none. */
    SILENT,
    NOBODY, /* not even sent */
    STATUS_500,
    STATUS_201,
    EMPTY,
    GARBAGE,
    ONE_TOO_FEW,
    ONE_TOO_MANY,
    NO_LIST,
};

struct keeper {
    struct outbox_world *w;
    enum mood mood;
    const char *poison; /* the id of a record: an offer with it is not answered */
    uint64_t next;      /* index */
    unsigned asked;
    size_t records, bytes; /* of the last offer */
    unsigned patience_ms;
    char order[2000][65]; /* ids, as they were logged */
    size_t logged;

    /* Uploads. */
    struct buf upload; /* what has come of the one part */
    char upload_id[65];
    size_t upload_size; /* as it was said; 0: not yet */
    unsigned pieces;
    unsigned drop_every; /* of the calls for uploads: is not answered; 0: all are */
    bool drop_before;    /* and what it brought did not come */
    int refuse_upload;   /* the status; 0: it is taken */
    bool upload_broken;  /* never becomes a part */
};

/* POST /upload/ID?offset=N&size=M, GET /upload/ID. */
static void run_upload(struct keeper *keeper, struct call *call, struct arena *arena)
{
    char id[65];
    size_t offset = 0, size = 0;
    bool post = call->type != NULL;
    bool drop = keeper->drop_every && ++keeper->pieces % keeper->drop_every == 0;

    assert_int_equal(
        sscanf(call->path, "/upload/%64[0-9a-f]?offset=%zu&size=%zu", id, &offset, &size),
        post ? 3 : 1);
    call->answered = !drop;
    if (drop)
        err_set(&call->err, ERR_IO, "the line broke off");
    if (drop && keeper->drop_before)
        return;
    if (strcmp(id, keeper->upload_id) != 0) { /* of one at a time */
        memcpy(keeper->upload_id, id, sizeof id);
        keeper->upload = buf_in(&keeper->w->arena, (size_t)64 << 20);
        keeper->upload_size = 0;
    }
    bool fits = offset == keeper->upload.len;
    if (post && keeper->refuse_upload == 0 && fits) {
        buf_put(&keeper->upload, call->body);
        keeper->upload_size = size;
    }
    bool here = keeper->upload_size && keeper->upload.len == keeper->upload_size;
    call->status = !post ? 200 : keeper->refuse_upload ? keeper->refuse_upload : fits ? 200 : 409;
    call->reply = span_of(arena_printf(arena, "{\"here\":%d,\"offset\":%zu}",
                                       here && !keeper->upload_broken, keeper->upload.len));
}

static struct answer answer_of(struct keeper *keeper, const struct submission *of)
{
    struct outbox_world *w = keeper->w;
    struct note_signer forger = w->key[0].signer;
    struct promise promise = {WORLD_AGREEMENT, WORLD_ORIGIN,          outbox_world_id(w, of),
                              keeper->next,    merkle_leaf(of->note), w->now_ms};
    struct answer out = outbox_world_refusal(w, of);
    struct refusal refusal = {WORLD_AGREEMENT, WORLD_ORIGIN, of->note, "unknown key", 0, 0};

    switch (keeper->mood) {
    case REPEATED:
        out.kind = ANSWER_REPEATED;
        out.index = 5;
        return out;
    case LATER:
        out.kind = ANSWER_LATER;
        out.later_ms = 5000;
        return out;
    case REFUSED:
        return out;
    case REFUSED_UNSIGNED:
        out.refusal = (struct span){0};
        return out;
    case REFUSED_FORGED:
        out.refusal = refusal_sign(&refusal, &forger, &w->arena);
        return out;
    case REFUSED_OTHERWISE:
        refusal.reason = "too large";
        out.refusal = refusal_sign(&refusal, &w->node, &w->arena);
        return out;
    default:
        break;
    }
    out.kind = ANSWER_LOGGED;
    out.index = keeper->next++;
    forger = keeper->mood == PROMISE_FORGED ? forger : w->promise;
    promise.index += keeper->mood == PROMISE_OTHER_INDEX;
    if (keeper->mood == PROMISE_OTHER_LEAF)
        promise.leaf = merkle_empty();
    if (keeper->mood == PROMISE_OTHER_TERM)
        promise.origin = WORLD_AGREEMENT "/term/2";
    if (keeper->mood == PROMISE_OTHER_AGREEMENT)
        promise.agreement = "east-west";
    out.promise = promise_sign(&promise, &forger, &w->arena);
    if (keeper->mood == PROMISE_GARBAGE)
        out.promise = SPAN_LIT("I promise");
    if (keeper->mood == OTHER_ID)
        out.id[0] = out.id[0] == '0' ? '1' : '0';
    return out;
}

static struct span reply_of(struct keeper *keeper, const struct submission *offered, size_t count)
{
    struct arena *arena = &keeper->w->arena;
    struct answer *answers = ARENA_ARRAY(arena, struct answer, count + 1);

    for (size_t i = 0; i < count; i++) {
        answers[i] = answer_of(keeper, &offered[i]);
        if (answers[i].kind == ANSWER_LOGGED && keeper->logged < ARRAY_LEN(keeper->order))
            memcpy(keeper->order[keeper->logged++], answers[i].id, sizeof answers[i].id);
    }
    answers[count] = answers[0];
    switch (keeper->mood) {
    case EMPTY:
        return SPAN_LIT("");
    case GARBAGE:
        return SPAN_LIT("<html>Welcome to the hotel</html>");
    case NO_LIST:
        return SPAN_LIT("{\"answers\":7}");
    case ONE_TOO_FEW:
        return submission_answers_encode(answers, count - 1, arena);
    case ONE_TOO_MANY:
        return submission_answers_encode(answers, count + 1, arena);
    default:
        return submission_answers_encode(answers, count, arena);
    }
}

static bool is_poisoned(struct keeper *keeper, const struct submission *offered, size_t count)
{
    for (size_t i = 0; keeper->poison && i < count; i++)
        if (strcmp(outbox_world_id(keeper->w, &offered[i]), keeper->poison) == 0)
            return true;
    return false;
}

static void run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                bool (*enough)(void *context), void *enough_context, struct arena *arena)
{
    struct keeper *keeper = context;
    struct submission *offered;
    struct err err = {0};
    (void)enough;
    (void)enough_context;

    assert_int_equal(count, 1);
    assert_string_equal(calls->url, "http://log.invalid");
    if (strncmp(calls->path, "/upload/", 8) == 0) {
        run_upload(keeper, calls, arena);
        return;
    }
    assert_string_equal(calls->path, "/submit");
    assert_string_equal(calls->type, "application/vnd.sulh.submission");
    assert_true(submission_parse(&offered, &keeper->records, calls->body, arena, &err));
    keeper->asked++;
    keeper->bytes = calls->body.len;
    keeper->patience_ms = patience_ms;
    calls->unsent = keeper->mood == NOBODY;
    calls->answered = keeper->mood != SILENT && keeper->mood != NOBODY &&
                      !is_poisoned(keeper, offered, keeper->records);
    if (!calls->answered) {
        err_set(&calls->err, ERR_IO, "no answer");
        return;
    }
    calls->status = keeper->mood == STATUS_500 ? 500 : keeper->mood == STATUS_201 ? 201 : 200;
    calls->reply = arena_copy(arena, reply_of(keeper, offered, keeper->records));
}

struct scene {
    struct outbox_world *w;
    struct keeper keeper;
    struct transport transport;
    struct note_key promise, node;
    struct carry_options options;
    struct carry carry;
};

static struct scene *scene_new(void)
{
    struct scene *s = calloc(1, sizeof *s);
    struct err err = {0};

    assert_non_null(s);
    s->w = outbox_world_new(1);
    assert_true(outbox_world_open(s->w, &err));
    s->keeper.w = s->w;
    s->transport = (struct transport){run, &s->keeper};
    s->promise = note_signer_key(&s->w->promise);
    s->node = note_signer_key(&s->w->node);
    s->options = (struct carry_options){.outbox = s->w->outbox,
                                        .transport = &s->transport,
                                        .url = "http://log.invalid",
                                        .patience_ms = 5000,
                                        .agreement = WORLD_AGREEMENT,
                                        .origin = WORLD_ORIGIN,
                                        .promise = &s->promise,
                                        .node = &s->node};
    return s;
}

static void scene_free(struct scene *s)
{
    outbox_world_free(s->w);
    free(s);
}

static void put(struct scene *s, struct submission submission)
{
    struct err err = {0};

    assert_true(outbox_put(s->w->outbox, &submission, 1, s->w->now_ms, &err));
}

/* Whether more may be offered at once. */
static bool step(struct scene *s)
{
    struct err err = {0};
    bool more;

    if (!carry_run(&s->carry, &s->options, s->w->now_ms, &more, &err))
        fail_msg("%s", err.text);
    return more;
}

static const struct outbox_item *item_of(struct scene *s, uint64_t number)
{
    const struct outbox_item *item;
    size_t count;

    outbox_list(s->w->outbox, number - 1, 1, &item, &count, &s->w->arena);
    assert_int_equal(count, 1);
    assert_int_equal(item->number, number);
    return item;
}

static bool has_file(struct scene *s, const char *path)
{
    uint64_t size;
    struct err err = {0};

    return disk_size(s->w->disk, path, &size, &err);
}

/* What becomes of two records, and when they are due again. */
static void test_answers(void **state)
{
    enum { NEVER = 0, SECONDS = 1000, MINUTE = 60000, HOUR = 3600000 };
    static const struct {
        const char *name;
        enum mood mood;
        bool more;
        enum outbox_state then;
        const char *reason;
        int64_t due; /* again, after */
        struct carry_counts counts;
        bool promise, refusal; /* is kept */
    } cases[] = {
        {"good promises", GOOD, true, OUTBOX_PROMISED, "", NEVER, {.promised = 2}, true, false},
        {"repeated",
         REPEATED,
         true,
         OUTBOX_WAITING,
         "said to be entry 5 of the log",
         MINUTE,
         {.repeated = 2},
         false,
         false},
        {"later",
         LATER,
         true,
         OUTBOX_WAITING,
         "told to come later",
         5 * SECONDS,
         {.later = 2},
         false,
         false},
        {"refused",
         REFUSED,
         true,
         OUTBOX_REFUSED,
         "unknown key",
         HOUR,
         {.refused = 2},
         false,
         true},
        {"refused, unsigned",
         REFUSED_UNSIGNED,
         true,
         OUTBOX_REFUSED,
         "unknown key",
         HOUR,
         {.refused = 2},
         false,
         false},
        {"refused, signed by another",
         REFUSED_FORGED,
         true,
         OUTBOX_REFUSED,
         "unknown key",
         HOUR,
         {.refused = 2},
         false,
         false},
        {"refused, signed for another reason",
         REFUSED_OTHERWISE,
         true,
         OUTBOX_REFUSED,
         "unknown key",
         HOUR,
         {.refused = 2},
         false,
         false},
#define NO_PROMISE                                                                                 \
    true, OUTBOX_WAITING, "answered without a good promise", SECONDS, {.unpromised = 2}, false,    \
        false
        {"a promise by another key", PROMISE_FORGED, NO_PROMISE},
        {"a promise of another index", PROMISE_OTHER_INDEX, NO_PROMISE},
        {"a promise of other bytes", PROMISE_OTHER_LEAF, NO_PROMISE},
        {"a promise of another term", PROMISE_OTHER_TERM, NO_PROMISE},
        {"a promise of another agreement", PROMISE_OTHER_AGREEMENT, NO_PROMISE},
        {"a promise that is no statement", PROMISE_GARBAGE, NO_PROMISE},
        {"about another record",
         OTHER_ID,
         true,
         OUTBOX_WAITING,
         "answered about another record",
         SECONDS,
         {.unpromised = 2},
         false,
         false},
        {"no answer", SILENT, false, OUTBOX_WAITING, "", SECONDS, {.silent = 1}, false, false},
        {"nobody there", NOBODY, false, OUTBOX_WAITING, "", SECONDS, {.silent = 1}, false, false},
#define NO_ANSWER false, OUTBOX_WAITING, "", SECONDS, {.garbled = 1}, false, false
        {"a fault of the server", STATUS_500, NO_ANSWER},
        {"another status", STATUS_201, NO_ANSWER},
        {"nothing", EMPTY, NO_ANSWER},
        {"a page", GARBAGE, NO_ANSWER},
        {"one answer too few", ONE_TOO_FEW, NO_ANSWER},
        {"one answer too many", ONE_TOO_MANY, NO_ANSWER},
        {"no list", NO_LIST, NO_ANSWER},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene *s = scene_new();
        const int64_t start = s->w->now_ms;

        put(s, outbox_world_any(s->w, 0));
        put(s, outbox_world_with_part(s->w, outbox_world_any(s->w, 1), "a part"));
        s->keeper.mood = cases[i].mood;
        CHECK_CASE(cases[i].name, step(s) == cases[i].more);
        CHECK_CASE(cases[i].name, s->keeper.records == 2);
        CHECK_CASE(cases[i].name,
                   memcmp(&s->carry.counts, &cases[i].counts, sizeof cases[i].counts) == 0);
        CHECK_CASE(cases[i].name, (s->carry.trouble.kind == ERR_NONE) == cases[i].more);
        for (uint64_t n = 1; n <= 2; n++) {
            const struct outbox_item *item = item_of(s, n);

            CHECK_CASE(cases[i].name, item->state == cases[i].then);
            CHECK_CASE(cases[i].name, strcmp(item->reason, cases[i].reason) == 0);
        }
        CHECK_CASE(cases[i].name,
                   has_file(s, "outbox/0000000000000001.promise") == cases[i].promise);
        CHECK_CASE(cases[i].name,
                   has_file(s, "outbox/0000000000000002.refusal") == cases[i].refusal);

        unsigned asked = s->keeper.asked;
        s->keeper.mood = GOOD;
        s->w->now_ms = start + (cases[i].due ? cases[i].due - 1 : 10 * (int64_t)HOUR);
        CHECK_CASE(cases[i].name, !step(s) && s->keeper.asked == asked);
        s->w->now_ms = start + cases[i].due;
        CHECK_CASE(cases[i].name, step(s) == (cases[i].due != NEVER));
        CHECK_CASE(cases[i].name, cases[i].due == NEVER || s->keeper.asked == asked + 1);
        while (step(s)) {
        }
        for (uint64_t n = 1; n <= 2; n++) /* once it answers well, all is well */
            CHECK_CASE(cases[i].name, item_of(s, n)->state == OUTBOX_PROMISED);
        scene_free(s);
    }
}

/* Without the node's key no refusal is taken for one that is signed. */
static void test_no_node_key(void **state)
{
    struct scene *s = scene_new();
    (void)state;

    s->options.node = NULL;
    s->keeper.mood = REFUSED;
    put(s, outbox_world_any(s->w, 0));
    assert_true(step(s));
    assert_int_equal(item_of(s, 1)->state, OUTBOX_REFUSED);
    assert_false(has_file(s, "outbox/0000000000000001.refusal"));
    scene_free(s);
}

static void test_nothing_to_do(void **state)
{
    struct scene *s = scene_new();
    (void)state;

    assert_false(step(s));
    assert_int_equal(s->keeper.asked, 0);
    scene_free(s);
}

/* One, two, four … seconds, then every minute; after an answer, at once. */
static void test_backoff(void **state)
{
    static const int64_t waits[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    struct scene *s = scene_new();
    (void)state;

    s->keeper.mood = SILENT;
    for (unsigned i = 0; i < 2000; i++)
        put(s, outbox_world_any(s->w, i % WORLD_KEYS));
    assert_false(step(s));
    for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
        s->w->now_ms += waits[i] * 1000 - 1;
        assert_false(step(s));
        assert_int_equal(s->keeper.asked, i + 1);
        s->w->now_ms += 1;
        assert_false(step(s));
        assert_int_equal(s->keeper.asked, i + 2);
    }
    assert_int_equal(s->keeper.records, 1); /* halved and halved */
    s->w->now_ms -= 86400000;               /* and a clock put back waits no longer */
    s->keeper.mood = GOOD;
    unsigned rounds = 0;
    while (step(s))
        rounds++;
    s->w->now_ms += 86400000;
    while (step(s))
        rounds++;
    assert_in_range(rounds, 10, 14); /* 1, 2, 4 … 512, and the rest */
    assert_int_equal(s->keeper.logged, 2000);

    /* And it begins anew. */
    put(s, outbox_world_any(s->w, 0));
    put(s, outbox_world_any(s->w, 1));
    s->keeper.mood = SILENT;
    unsigned asked = s->keeper.asked;
    assert_false(step(s));
    s->w->now_ms += 1000;
    assert_false(step(s));
    assert_int_equal(s->keeper.asked, asked + 2);
    scene_free(s);
}

/* Where nobody is, no record is to blame: when somebody is there again, all go at once. */
static void test_nobody(void **state)
{
    static const struct {
        const char *name;
        size_t records; /* that wait */
        bool back;      /* it is seen that somebody is there: else it is waited for as long */
        int64_t wait_ms;
    } cases[] = {
        {"one waits", 1, false, 60000},
        {"many do", 20, false, 60000},
        {"one, and the log is back", 1, true, 0},
        {"many, and it is back", 20, true, 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene *s = scene_new();
        int64_t wait_ms = 1000;

        for (unsigned n = 0; n < cases[i].records; n++)
            put(s, outbox_world_any(s->w, n % WORLD_KEYS));
        s->keeper.mood = NOBODY;
        CHECK_CASE(cases[i].name, !step(s));
        for (unsigned n = 0; n < 8; n++) {
            CHECK_CASE(cases[i].name, s->keeper.asked == n + 1);
            CHECK_CASE(cases[i].name, s->keeper.records == cases[i].records);
            s->w->now_ms += wait_ms;
            CHECK_CASE(cases[i].name, !step(s));
            wait_ms = wait_ms < 32000 ? 2 * wait_ms : 60000;
        }
        s->keeper.mood = GOOD;
        CHECK_CASE(cases[i].name, !step(s) && s->keeper.logged == 0);
        if (cases[i].back)
            carry_hurry(&s->carry);
        s->w->now_ms += cases[i].wait_ms;
        CHECK_CASE(cases[i].name, step(s) && s->keeper.logged == cases[i].records);
        scene_free(s);
    }
}

/* What breaks whoever keeps the log is not offered first again for its being back. */
static void test_back_from_poison(void **state)
{
    struct scene *s = scene_new();
    struct submission first = outbox_world_any(s->w, 0);
    (void)state;

    put(s, first);
    put(s, outbox_world_any(s->w, 1));
    s->keeper.poison = outbox_world_id(s->w, &first);
    assert_false(step(s)); /* both */
    carry_hurry(&s->carry);
    assert_false(step(s)); /* the first alone */
    carry_hurry(&s->carry);
    assert_true(step(s));
    assert_int_equal(s->keeper.logged, 1);
    scene_free(s);
}

/* A thousand records at the most, of so many bytes. */
static void test_limits(void **state)
{
    struct scene *s = scene_new();
    const size_t parts = CARRY_BYTES / 2 / LIMIT_SMALL_PART_BYTES;
    struct span *part = ARENA_ARRAY(&s->w->arena, struct span, parts);
    (void)state;

    for (unsigned i = 0; i < LIMIT_BATCH_RECORDS + 1; i++)
        put(s, outbox_world_any(s->w, 0));
    assert_true(step(s));
    assert_int_equal(s->keeper.records, LIMIT_BATCH_RECORDS);
    assert_true(step(s));
    assert_int_equal(s->keeper.records, 1);

    s->options.most = 3;
    for (unsigned i = 0; i < 4; i++)
        put(s, outbox_world_any(s->w, 0));
    assert_true(step(s));
    assert_int_equal(s->keeper.records, 3);
    assert_true(step(s));
    assert_int_equal(s->keeper.records, 1);

    for (size_t i = 0; i < parts; i++)
        part[i] =
            span_make(arena_alloc(&s->w->arena, LIMIT_SMALL_PART_BYTES), LIMIT_SMALL_PART_BYTES);
    for (unsigned i = 0; i < 3; i++) {
        struct submission one = outbox_world_any(s->w, 0);

        one.part = part;
        one.part_count = parts;
        put(s, one);
    }
    for (unsigned i = 0; i < 3; i++) {
        assert_true(step(s));
        assert_int_equal(s->keeper.records, 1); /* two are a little more than may be */
    }
    assert_in_range(s->keeper.patience_ms, 5000 + 256000, 5000 + 257000);
    assert_false(step(s));
    scene_free(s);
}

#define PHOTO_BYTES ((size_t)3000001)

static char *photo(struct scene *s)
{
    char *text = arena_alloc(&s->w->arena, PHOTO_BYTES + 1);

    for (size_t i = 0; i < PHOTO_BYTES; i++)
        text[i] = (char)('a' + (i * 7 + i / 253) % 26);
    return text;
}

static bool is_owed(struct scene *s)
{
    struct outbox_offer offer;

    return outbox_next_large(s->w->outbox, s->w->now_ms, &offer, &s->w->arena);
}

/* The record goes at once; its photograph behind it, a piece at a time, whatever line. */
static void test_large(void **state)
{
    static const struct {
        const char *name;
        unsigned drop_every;
        bool drop_before;
        bool reopened; /* in between */
    } cases[] = {
        {"a good line", 0, false, false},
        {"every second answer is lost", 2, false, false},
        {"every second piece is lost", 2, true, false},
        {"every third piece is lost", 3, true, false},
        {"the node is started anew between", 2, true, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene *s = scene_new();
        struct err err = {0};
        char *bytes = photo(s);

        put(s, outbox_world_with_part(s->w, outbox_world_any(s->w, 0), bytes));
        s->keeper.drop_every = cases[i].drop_every;
        s->keeper.drop_before = cases[i].drop_before;
        CHECK_CASE(cases[i].name, !is_owed(s)); /* nobody has the record yet */
        step(s);
        CHECK_CASE(cases[i].name, s->keeper.bytes < 5000 && s->carry.counts.promised == 1);
        if (cases[i].reopened) {
            assert_true(outbox_world_open(s->w, &err));
            s->options.outbox = s->w->outbox;
        }
        for (unsigned turn = 0; turn < 100 && is_owed(s); turn++) {
            step(s);
            s->w->now_ms += CARRY_WAIT_MOST_MS;
        }
        CHECK_CASE(cases[i].name, !is_owed(s));
        /* After a start it is asked once more whether it is there. */
        CHECK_CASE(cases[i].name, s->carry.counts.handed == 1u + cases[i].reopened);
        CHECK_CASE(cases[i].name, span_equal(buf_span(&s->keeper.upload), span_of(bytes)));
        scene_free(s);
    }
}

/* What is not taken is owed, tried again later, and stops nothing else. */
static void test_large_refused(void **state)
{
    static const struct {
        const char *name;
        int status;
        bool broken;
    } cases[] = {
        {"too much today", 429, false},
        {"not signed in", 401, false},
        {"a node that knows no uploads", 404, false},
        {"never becomes a part", 0, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene *s = scene_new();

        put(s, outbox_world_with_part(s->w, outbox_world_any(s->w, 0), photo(s)));
        s->keeper.refuse_upload = cases[i].status;
        s->keeper.upload_broken = cases[i].broken;
        step(s);
        CHECK_CASE(cases[i].name, s->carry.counts.promised == 1);
        CHECK_CASE(cases[i].name, s->carry.counts.handed == 0);
        CHECK_CASE(cases[i].name, !is_owed(s)); /* for now */
        put(s, outbox_world_any(s->w, 0));
        step(s);
        CHECK_CASE(cases[i].name, s->carry.counts.promised == 2);

        s->w->now_ms += CARRY_BRING_AGAIN_MS;
        CHECK_CASE(cases[i].name, is_owed(s));
        s->keeper.refuse_upload = 0;
        s->keeper.upload_broken = false;
        step(s);
        CHECK_CASE(cases[i].name, s->carry.counts.handed == 1);
        scene_free(s);
    }
}

/* One record that is not answered to, wherever it stands, stops no other for long. */
static void test_poison(void **state)
{
    (void)state;

    for (unsigned poisoned = 0; poisoned < 20; poisoned += 3) {
        struct scene *s = scene_new();
        int64_t start = s->w->now_ms;

        for (unsigned i = 0; i < 20; i++) {
            struct submission one = outbox_world_any(s->w, i < 4 ? i : 3);

            put(s, one);
            if (i == poisoned)
                s->keeper.poison = outbox_world_id(s->w, &one);
        }
        /* Its own key waits behind it, the others do not. */
        size_t want = poisoned < 3 ? 19 : poisoned;
        for (; s->keeper.logged < want && s->w->now_ms < start + 300000; s->w->now_ms += 1000)
            while (step(s)) {
            }
        assert_int_equal(s->keeper.logged, want);
        s->keeper.poison = NULL;
        s->w->now_ms += 60000;
        while (step(s)) {
        }
        assert_int_equal(s->keeper.logged, 20);
        scene_free(s);
    }
}

/* What was offered and is not seen in the log is told, be it that nobody answers. */
static void test_offered(void **state)
{
    struct scene *s = scene_new();
    struct outbox_overdue overdue;
    int64_t start = s->w->now_ms;
    (void)state;

    put(s, outbox_world_any(s->w, 0));
    assert_int_equal(outbox_overdue(s->w->outbox, start + 60000, 60000, &overdue, 1), 0);
    s->keeper.mood = SILENT;
    (void)!step(s);
    s->w->now_ms += 5000;
    s->keeper.mood = GOOD;
    (void)!step(s);
    assert_int_equal(outbox_overdue(s->w->outbox, start + 60000, 60000, &overdue, 1), 1);
    assert_int_equal(overdue.since_ms, start);
    scene_free(s);
}

/* A disk that fails is a fault, and the promise is not taken. */
static void test_disk_fails(void **state)
{
    struct scene *s = scene_new();
    struct err err = {0};
    bool more;
    (void)state;

    put(s, outbox_world_any(s->w, 0));
    disk_sim_fail_after(s->w->disk, disk_sim_operations(s->w->disk) + 1);
    assert_false(carry_run(&s->carry, &s->options, s->w->now_ms, &more, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(item_of(s, 1)->state, OUTBOX_WAITING);
    scene_free(s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_answers),       cmocka_unit_test(test_no_node_key),
    cmocka_unit_test(test_nothing_to_do), cmocka_unit_test(test_backoff),
    cmocka_unit_test(test_large),         cmocka_unit_test(test_large_refused),
    cmocka_unit_test(test_limits),        cmocka_unit_test(test_poison),
    cmocka_unit_test(test_offered),       cmocka_unit_test(test_disk_fails),
    cmocka_unit_test(test_nobody),        cmocka_unit_test(test_back_from_poison),
};
RUN_TESTS(tests)
