#include "sync/carry.h"

#include "base/test.h"
#include "journal/log_reader.h"
#include "journal/submission.h"
#include "journal/world_log.h"

/*
 * Records of four people who name each other's, brought to a node in any order, with restarts
 * between, and carried over a line that loses offers and answers, to a real journal. All of them
 * come into its log once, each behind what it continues and names, so that all hold.
 */

#define RECORDS 150u
#define ROUNDS 4000u

struct line {
    struct world_log *log;
    uint64_t chance;
    unsigned lost_offers, lost_answers;
};

static uint64_t chance(struct line *line, uint64_t limit) /* splitmix64 */
{
    uint64_t z = line->chance += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % limit;
}

static void run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                bool (*enough)(void *context), void *enough_context, struct arena *at)
{
    struct line *line = context;
    struct submission *submission;
    struct err err = {0};
    (void)patience_ms;
    (void)enough;
    (void)enough_context;

    assert_int_equal(count, 1);
    err_set(&calls->err, ERR_IO, "the line is down");
    calls->answered = chance(line, 3) != 0;
    if (!calls->answered && ++line->lost_offers)
        return;
    assert_true(submission_parse(&submission, &count, calls->body, at, &err));
    struct answer *answers = ARENA_ARRAY(at, struct answer, count);
    append(line->log, submission, count, answers);
    calls->status = 200;
    calls->reply = submission_answers_encode(answers, count, at);
    calls->answered = chance(line, 3) != 0;
    line->lost_answers += !calls->answered;
}

static struct json row_of(struct world_log *log, const char *id)
{
    struct store_reader *reader;
    struct json out = json_object();
    struct span row;
    struct err err = {0};

    assert_true(store_reader_open(log->store, &reader, &err));
    assert_true(store_get(reader, "record", span_of(id), STORE_LATEST, &row, NULL, &arena, &err));
    assert_true(!row.at || json_parse_canonical(&out, row, &arena, &err));
    store_reader_close(reader);
    return out;
}

static bool find(void *context, const char *id, bool *out_there, uint64_t *out_index,
                 struct err *err)
{
    struct json row = row_of(context, id);
    int64_t index = json_get_integer(&row, "index", -1);
    (void)err;

    *out_there = index >= 0;
    *out_index = (uint64_t)index;
    return true;
}

static bool leaf(void *context, uint64_t index, bool *out_there, struct hash *out, struct err *err)
{
    struct world_log *log = context;
    struct log_reader *reader;
    struct journal_head head;

    journal_head(log->journal, &head, &arena);
    *out_there = index < head.checkpoint.size;
    if (!*out_there)
        return true;
    assert_true(log_reader_open(&reader, log->disk, head.checkpoint.size, err));
    bool ok = log_reader_hash(reader, 0, index, out, err);
    log_reader_close(reader);
    return ok;
}

static void open_outbox(struct outbox **outbox, struct disk *disk)
{
    const struct outbox_options options = {.disk = disk};
    struct err err = {0};

    outbox_close(*outbox);
    if (!outbox_open(outbox, &options, 1, &err))
        fail_msg("%s", err.text);
}

/* In an order that has nothing to do with that in which they were made. */
static void shuffle(struct line *line, struct submission *record)
{
    for (size_t i = RECORDS - 1; i > 0; i--) {
        size_t j = (size_t)chance(line, i + 1);
        struct submission swap = record[i];

        record[i] = record[j];
        record[j] = swap;
    }
}

static struct submission make(struct world *w)
{
    if (w->incidents == 0 || world_below(w, 8) == 0)
        return world_incident(w, &arena);
    return world_below(w, 2) ? world_report(w, &arena) : world_claim(w, &arena);
}

static size_t waiting(struct outbox *outbox)
{
    struct outbox_status status;
    size_t count = 0;

    outbox_status(outbox, &status);
    assert_int_equal(status.damaged, 0);
    for (size_t i = 0; i < ARRAY_LEN(status.state); i++)
        count += status.state[i];
    return count;
}

static void check_all(struct world_log *log, const struct submission *record)
{
    for (size_t i = 0; i < RECORDS; i++) {
        struct record parsed;
        struct err err = {0};
        struct part part;
        struct hash stored;

        assert_true(record_parse(&parsed, record[i].note, &arena, &err));
        struct json row = row_of(log, parsed.id_text);
        struct span verdict = json_get_string(&row, "verdict", (struct span){0});
        if (!span_is(verdict, "holds"))
            fail_msg("record %zu: \"%.*s\"", i, SPAN_ARG(verdict));
        for (size_t n = 0; part_at(parsed.body, n, &part); n++) {
            assert_true(hex_parse(stored.bytes, HASH_BYTES, part.stored));
            assert_true(parts_have(journal_parts(log->journal), &stored));
        }
    }
}

/* How many offers and answers were lost on the way. */
static unsigned carry_all(uint64_t seed, int64_t round_ms)
{
    struct world_log log;
    struct line line = {.log = &log, .chance = seed};
    const struct transport transport = {run, &line};
    struct submission *record;
    struct outbox *outbox = NULL;
    struct carry carry = {0};
    struct disk *disk;
    struct err err = {0};
    size_t put = 0, left = 0;

    setup(&log);
    start(&log);
    struct note_key promise = note_signer_key(&log.w->promise),
                    node = note_signer_key(&log.w->node.signer);
    struct carry_options options = {.transport = &transport,
                                    .url = "log",
                                    .agreement = WORLD_NAME,
                                    .origin = WORLD_NAME "/term/1",
                                    .promise = &promise,
                                    .node = &node};
    const struct outbox_log copy = {find, leaf, &log};

    record = ARENA_ARRAY(&arena, struct submission, RECORDS);
    for (size_t i = 0; i < RECORDS; i++)
        record[i] = make(log.w);
    shuffle(&line, record);
    assert_true(disk_sim_open(&disk, seed));
    open_outbox(&outbox, disk);
    /* All are here before the first is offered: what names one that nobody has is void. */
    for (; put < RECORDS; put++) {
        assert_true(outbox_put(outbox, &record[put], 1, 1, &err));
        if (chance(&line, 20) == 0)
            open_outbox(&outbox, disk);
    }
    for (unsigned round = 0; left < RECORDS && round < ROUNDS; round++) {
        struct outbox_settled settled;
        bool more = true;

        options.outbox = outbox;
        while (more)
            assert_true(carry_run(&carry, &options, 1 + round_ms * (int64_t)round, &more, &err));
        log.w->now_ms += round_ms;
        if (chance(&line, 3) == 0)
            publish(&log);
        assert_true(outbox_settle(outbox, &copy, &settled, &arena, &err));
        assert_int_equal(settled.broken_count, 0);
        left += settled.left;
        if (chance(&line, 20) == 0)
            open_outbox(&outbox, disk);
    }
    assert_int_equal(left, RECORDS);
    assert_int_equal(waiting(outbox), 0);
    assert_int_equal(applied(log.store), WORLD_START + RECORDS);
    check_all(&log, record);
    outbox_close(outbox);
    disk_close(disk);
    teardown(&log);
    return line.lost_offers + line.lost_answers;
}

static void test_all_come_in(void **state)
{
    unsigned lost = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= 8; seed++)
        lost += carry_all(seed, 1000);
    assert_true(lost > 50);
}

/* Three an hour of each, five of all: they wait, and come in as they would have. */
static void test_over_the_quota(void **state)
{
    (void)state;

    world_quota = WORLD_QUOTA;
    for (uint64_t seed = 1; seed <= 3; seed++)
        (void)carry_all(seed, 600000);
    world_quota = "";
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_come_in),
                                          cmocka_unit_test(test_over_the_quota)};
RUN_TESTS(tests)
