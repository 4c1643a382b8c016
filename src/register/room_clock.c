#include "register/apply.h"

#include "base/limits.h"
#include "ledger/checkpoint.h"
#include "ledger/cosignature.h"
#include "terms/terms.h"

/* Ticks (format §8) and what nodes attest. */

#define MOST_WITNESSES 64u

struct tick {
    int64_t at_ms;
    uint64_t covers; /* entries */
};

static bool key_of(struct apply *a, struct span name, struct note_key *out, struct err *err)
{
    const struct json *row;
    struct err unfit = {0};

    if (!apply_get(a, "key", name, &row, err))
        return false;
    bool parsed = note_key_parse(out, json_get_text(row, "vkey"), &unfit);
    assert(parsed); /* keys_bind let no other in */
    return true;
}

/* §8.1, §8.3: the operator, or with a quorum a witness's organisation. */
static bool may_tick(struct apply *a, const struct json *quorum, bool *out, struct err *err)
{
    *out = span_equal(a->record.by, json_get_text(a->agreement, "operator"));
    if (*out || json_get_integer(quorum, "quorum", 0) == 0)
        return true;
    return witnesses_have(a, quorum, apply_org(a), out, err);
}

/* The times of the witnesses in force whose cosignature holds, one each, sorted. */
static bool cosigned_times(struct apply *a, const struct note *note, const struct json *witnesses,
                           uint64_t seconds[MOST_WITNESSES], size_t *out_count, struct err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < witnesses->array.count && count < MOST_WITNESSES; i++) {
        struct note_key key;
        uint64_t at;

        if (!key_of(a, witnesses->array.at[i].string, &key, err))
            return false;
        const struct note_line *line = note_find(note, &key);
        if (!line || !cosignature_verify(&at, note->text, line, &key))
            continue;
        size_t place = count++;
        for (; place > 0 && seconds[place - 1] > at; place--)
            seconds[place] = seconds[place - 1];
        seconds[place] = at;
    }
    *out_count = count;
    return true;
}

/* What a checkpoint must be past: all that the last tick covered, and where this term began,
 * for up to there those of the term before it count (§7.5). */
static uint64_t past(const struct apply *a, const struct json *clock)
{
    int64_t covered = json_get_integer(clock, "size", 0);
    int64_t from = json_get_integer(a->agreement, "term_from", 0);

    return (uint64_t)(covered > from ? covered : from);
}

/* Void, with one word for all of §8.2 and what was wrong in `why`. */
static bool judge_checkpoint(struct apply *a, const struct json *clock, const struct json *quorum,
                             struct tick *out, struct err *err)
{
    uint64_t seconds[MOST_WITNESSES];
    struct checkpoint checkpoint;
    struct note_key log_key;
    struct note note;
    struct hash root;
    struct err fault = {0};
    size_t count;

    if (!note_key_parse(&log_key, json_get_text(a->agreement, "log_key"), &fault) ||
        !checkpoint_open(&checkpoint, &note, json_get_text(a->body, "checkpoint"), &log_key,
                         a->arena, &fault))
        return apply_void(a, REASON_TICK, "%s", fault.text);
    if (checkpoint.size > a->entry->index || checkpoint.size <= past(a, clock))
        return apply_void(a, REASON_TICK, "its checkpoint's size is not past %" PRIu64,
                          past(a, clock));
    if (!a->lookup->root(a->lookup->context, checkpoint.size, &root, err))
        return false;
    if (!hash_equal(root, checkpoint.root))
        return apply_void(a, REASON_TICK, "its checkpoint is of another tree");
    if (!cosigned_times(a, &note, json_get(quorum, "witnesses"), seconds, &count, err))
        return false;
    if ((int64_t)count < json_get_integer(quorum, "quorum", 0))
        return apply_void(a, REASON_TICK, "%zu cosignatures of witnesses in force, too few", count);

    uint64_t median = seconds[(count + 1) / 2 - 1];
    if (median > LIMIT_TIME_MAX_MS / 1000)
        return apply_void(a, REASON_TICK, "its time is past the year 9998");
    *out = (struct tick){(int64_t)median * 1000, checkpoint.size};
    return true;
}

static bool judge_tick(struct apply *a, const struct json *clock, const struct json *quorum,
                       struct tick *out, struct err *err)
{
    const struct json *at_ms = json_get(a->body, "at_ms");
    bool by_operator = json_get_integer(quorum, "quorum", 0) == 0;
    bool may;

    if (!may_tick(a, quorum, &may, err))
        return false;
    if (!may)
        return apply_void(a, REASON_TICK, "%.*s is not the operator%s", SPAN_ARG(a->record.by),
                          by_operator ? "" : " nor a witness's node");
    if ((at_ms != NULL) != by_operator || (json_get(a->body, "checkpoint") != NULL) == by_operator)
        return apply_void(a, REASON_TICK, "it must carry %s, and nothing else",
                          by_operator ? "at_ms" : "a checkpoint");
    if (!by_operator)
        return judge_checkpoint(a, clock, quorum, out, err);
    *out = (struct tick){at_ms->integer, a->entry->index};
    return true;
}

static bool put_clock(struct apply *a, const struct json *clock, struct tick tick, struct err *err)
{
    const struct json *head;
    struct json *row = apply_copy(a, NULL);

    if (!apply_head(a, &head, err))
        return false;
    int64_t step = clock ? tick.at_ms - json_get_integer(clock, "now_ms", 0) : 0;
    int64_t most = terms_head_of(head).max_gap_ms;
    int64_t counted = json_get_integer(clock, "counted_ms", 0) + (step < most ? step : most);

    json_set_integer(row, "counted_ms", counted, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set_integer(row, "now_ms", tick.at_ms, a->arena);
    json_set_integer(row, "size", (int64_t)tick.covers, a->arena);
    return apply_put(a, "clock", SPAN_LIT("clock"), row, err);
}

bool room_clock_tick(struct apply *a, struct err *err)
{
    const struct json *clock, *quorum;
    struct tick tick = {0};

    if (!apply_get(a, "clock", SPAN_LIT("clock"), &clock, err) ||
        !apply_get(a, "quorum", SPAN_LIT("quorum"), &quorum, err) ||
        !judge_tick(a, clock, quorum, &tick, err))
        return false;
    if (apply_is_void(a))
        return true;
    if (tick.at_ms <= json_get_integer(clock, "now_ms", 0))
        return apply_void(a, REASON_TICK, "its time is not later than the last tick's");
    return put_clock(a, clock, tick, err) && witnesses_settle(a, quorum, tick.covers, err);
}

bool room_node_attest(struct apply *a, struct err *err)
{
    struct json *row = apply_row_of_body(a);

    if ((uint64_t)json_get_integer(a->body, "size", 0) > a->entry->index)
        return apply_void(a, REASON_SHAPE, "it speaks of entries after itself");
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    return apply_put(a, "attest", a->record.by, row, err);
}
