#include "sync/carry.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "journal/promise.h"
#include "journal/submission.h"
#include "ledger/merkle.h"
#include "sys/clock.h"

#include <stdio.h>

struct offering {
    struct carry *carry;
    const struct carry_options *options;
    int64_t now_ms;
    struct outbox_offer *offer;
    size_t count;
    struct answer *answer;
    bool unsent; /* nobody was there */
    struct arena arena;
};

/* --- asking -------------------------------------------------------------- */

static struct submission without_large(const struct submission *from, struct arena *arena)
{
    struct span *part = ARENA_ARRAY(arena, struct span, from->part_count);
    struct submission out = {.note = from->note, .part = part};

    for (size_t i = 0; i < from->part_count; i++)
        if (from->part[i].len <= LIMIT_SMALL_PART_BYTES)
            part[out.part_count++] = from->part[i];
    return out;
}

static bool encode(struct offering *o, struct span *out, struct err *err)
{
    struct submission *submission = ARENA_ARRAY(&o->arena, struct submission, o->count);

    for (size_t i = 0; i < o->count; i++)
        submission[i] = without_large(&o->offer[i].submission, &o->arena);
    return submission_encode(out, submission, o->count, &o->arena, err);
}

static bool ask(struct offering *o, struct span body)
{
    struct carry *carry = o->carry;
    struct call call = {.url = o->options->url,
                        .path = "/submit",
                        .body = body,
                        .type = SUBMISSION_TYPE,
                        .limit = SUBMISSION_ANSWER_BYTES};
    unsigned sending_ms = (unsigned)(body.len * 1000 / CARRY_BYTES_PER_SECOND);

    if (!transport_call(o->options->transport, &call, o->options->patience_ms + sending_ms,
                        &o->arena, &carry->trouble)) {
        carry->counts.silent++;
        o->unsent = call.unsent;
        return false;
    }
    bool ok = call.status == 200 ||
              err_set(&carry->trouble, ERR_IO, "it answered %d to an offer", call.status);
    ok =
        ok && submission_answers_parse(o->answer, o->count, call.reply, &o->arena, &carry->trouble);
    carry->counts.garbled += !ok;
    return ok;
}

/* --- what was answered --------------------------------------------------- */

static bool has_good_promise(const struct offering *o, size_t i)
{
    const struct promise promise = {
        .agreement = o->options->agreement,
        .origin = o->options->origin,
        .id = o->offer[i].id,
        .index = o->answer[i].index,
        .leaf = merkle_leaf(o->offer[i].submission.note),
    };

    return promise_verify(o->answer[i].promise, o->options->promise, &promise);
}

static bool has_good_refusal(const struct offering *o, size_t i)
{
    const struct refusal refusal = {
        .agreement = o->options->agreement,
        .origin = o->options->origin,
        .offered = o->offer[i].submission.note,
        .reason = o->answer[i].reason,
    };

    return o->options->node && refusal_verify(o->answer[i].refusal, o->options->node, &refusal);
}

/* What is wrong with an answer, or NULL. */
static const char *check_answer(const struct offering *o, size_t i)
{
    if (strcmp(o->answer[i].id, o->offer[i].id) != 0)
        return "answered about another record";
    if (o->answer[i].kind == ANSWER_LOGGED && !has_good_promise(o, i))
        return "answered without a good promise";
    return NULL;
}

static bool take_answer(struct offering *o, size_t i, struct err *err)
{
    struct carry_counts *counts = &o->carry->counts;
    uint64_t *const of_kind[] = {
        [ANSWER_LOGGED] = &counts->promised,
        [ANSWER_REPEATED] = &counts->repeated,
        [ANSWER_REFUSED] = &counts->refused,
        [ANSWER_LATER] = &counts->later,
    };
    struct answer *answer = &o->answer[i];
    const char *wrong = check_answer(o, i);

    if (wrong) {
        counts->unpromised++;
        outbox_put_off(o->options->outbox, o->offer[i].number, wrong, o->now_ms);
        return true;
    }
    if (answer->kind == ANSWER_REFUSED && !has_good_refusal(o, i))
        answer->refusal = (struct span){0}; /* its word is taken, for an hour; it is no evidence */
    ++*of_kind[answer->kind];
    return outbox_answered(o->options->outbox, o->offer[i].number, answer, o->now_ms, err);
}

static bool take_answers(struct offering *o, struct err *err)
{
    struct carry *carry = o->carry;
    bool ok = true;

    carry->failures = 0;
    carry->trouble = (struct err){0};
    if (o->count == carry->most) /* as large as it might be: it may grow again */
        carry->most *= 2;
    for (size_t i = 0; ok && i < o->count; i++)
        ok = take_answer(o, i, err);
    return ok;
}

static void wait_longer(struct offering *o)
{
    struct carry *carry = o->carry;
    int64_t wait_ms = CARRY_WAIT_MOST_MS;

    if (carry->failures < 6)
        wait_ms = CARRY_WAIT_LEAST_MS << carry->failures++;
    carry->wait_until_ms = o->now_ms + wait_ms;
}

static void take_failure(struct offering *o)
{
    struct carry *carry = o->carry;

    wait_longer(o);
    if (o->unsent)
        return; /* none of them can be what it failed for */
    if (o->count > 1)
        carry->most = o->count / 2;
    else
        outbox_put_off(o->options->outbox, o->offer[0].number, carry->trouble.text,
                       carry->wait_until_ms);
}

/* --- large parts --------------------------------------------------------- */

struct bringing {
    struct offering *o;
    struct span part;
    char path[sizeof "/upload/" + 2 * HASH_BYTES];
    uint64_t offset; /* how much of it has come there */
    bool here;       /* all of it has */
    bool refused;    /* it is not taken */
    unsigned lost;   /* calls in a row without an answer */
    uint64_t until_ns;
};

/* A piece, or, with none, a question for how much there is. False: there was no answer. */
static bool say_piece(struct bringing *b, struct span piece)
{
    struct carry *carry = b->o->carry;
    struct arena *arena = &b->o->arena;
    const char *path = b->path;
    unsigned sending_ms = (unsigned)(piece.len * 1000 / CARRY_BYTES_PER_SECOND);
    struct json answer;

    if (piece.len)
        path =
            arena_printf(arena, "%s?offset=%" PRIu64 "&size=%zu", b->path, b->offset, b->part.len);
    struct call call = {.url = b->o->options->url,
                        .path = path,
                        .body = piece,
                        .type = piece.len ? "application/octet-stream" : NULL,
                        .limit = 4096};
    if (!transport_call(b->o->options->transport, &call, b->o->options->patience_ms + sending_ms,
                        arena, &carry->trouble))
        return false;
    bool ok = (call.status == 200 || call.status == 409) &&
              json_parse(&answer, call.reply, arena, &carry->trouble);
    int64_t offset = ok ? json_get_integer(&answer, "offset", -1) : -1;
    b->refused = offset < 0 || (uint64_t)offset > b->part.len;
    if (b->refused) {
        err_set(&carry->trouble, ERR_IO, "it answered %d to a piece of a part", call.status);
        return true;
    }
    b->offset = (uint64_t)offset;
    b->here = json_get_integer(&answer, "here", 0) == 1;
    return true;
}

/* From where it stands there. *out is empty when all bytes are. */
static bool next_piece(struct bringing *b, struct span *out)
{
    size_t left = b->part.len - (size_t)b->offset;

    *out =
        span_slice(b->part, (size_t)b->offset, left < CARRY_PIECE_BYTES ? left : CARRY_PIECE_BYTES);
    b->refused = left == 0; /* and yet it is no part there */
    return !b->refused;
}

/* Whether all of it is there. A piece that nothing is heard of is sent again: if it had come, the
 * answer says so. */
static bool bring_part(struct bringing *b)
{
    struct hash stored = hash_of(b->part);
    char hex[2 * HASH_BYTES + 1];
    struct span piece = {0}; /* at first it is asked how much there is */

    hex_text(hex, hash_span(&stored));
    snprintf(b->path, sizeof b->path, "/upload/%s", hex);
    b->offset = 0;
    b->here = false;
    b->lost = 0;
    while (!b->here && b->lost < CARRY_PIECE_TRIES && clock_ticks_ns() < b->until_ns) {
        if (!say_piece(b, piece)) {
            b->lost++;
            continue;
        }
        b->lost = 0;
        if (b->refused || (!b->here && !next_piece(b, &piece)))
            break;
    }
    return b->here;
}

/* Of the oldest record whose large parts are owed. *out_more: there is more to do at once. */
static void bring(struct offering *o, bool *out_more)
{
    struct bringing b = {.o = o, .until_ns = clock_ticks_ns() + CARRY_BRING_MS * UINT64_C(1000000)};
    struct outbox_offer record;
    bool here = true;

    if (!outbox_next_large(o->options->outbox, o->now_ms, &record, &o->arena))
        return;
    for (size_t i = 0; here && i < record.submission.part_count; i++) {
        b.part = record.submission.part[i];
        here = b.part.len <= LIMIT_SMALL_PART_BYTES || bring_part(&b);
    }
    if (here) {
        o->carry->counts.handed++;
        outbox_handed(o->options->outbox, record.number);
    } else if (b.refused) {
        outbox_put_off_large(o->options->outbox, record.number, o->now_ms + CARRY_BRING_AGAIN_MS);
    } else if (b.lost > 0) {
        wait_longer(o);
        return;
    }
    *out_more = true;
}

/* --- one step ------------------------------------------------------------ */

static bool offer(struct offering *o, bool *out_more, struct err *err)
{
    struct span body;

    if (!encode(o, &body, err))
        return false;
    o->answer = ARENA_ARRAY(&o->arena, struct answer, o->count);
    outbox_offered(o->options->outbox, o->offer, o->count, o->now_ms);
    *out_more = ask(o, body);
    if (*out_more)
        return take_answers(o, err);
    take_failure(o);
    return true;
}

/* A clock that was put back makes nobody wait for longer than the longest wait. */
static bool must_wait(const struct carry *carry, int64_t now_ms)
{
    return carry->failures > 0 && now_ms < carry->wait_until_ms &&
           carry->wait_until_ms - now_ms <= CARRY_WAIT_MOST_MS;
}

void carry_hurry(struct carry *carry)
{
    carry->failures = 0;
}

bool carry_run(struct carry *carry, const struct carry_options *options, int64_t now_ms,
               bool *out_more, struct err *err)
{
    struct offering o = {.carry = carry, .options = options, .now_ms = now_ms};
    size_t most = options->most ? options->most : LIMIT_BATCH_RECORDS;
    bool ok = true;

    assert(most <= LIMIT_BATCH_RECORDS);

    *out_more = false;
    if (must_wait(carry, now_ms))
        return true;
    if (carry->most == 0 || carry->most > most)
        carry->most = most;
    o.count = outbox_next(options->outbox, carry->most, CARRY_BYTES, now_ms, &o.offer, &o.arena);
    if (o.count > 0)
        ok = offer(&o, out_more, err);
    if (ok && (o.count == 0 || *out_more)) /* somebody is there */
        bring(&o, out_more);
    arena_free(&o.arena);
    return ok || err_wrap(err, "carrying records");
}
