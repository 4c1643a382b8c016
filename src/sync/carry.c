#include "sync/carry.h"

#include "base/limits.h"
#include "journal/promise.h"
#include "journal/submission.h"
#include "ledger/merkle.h"

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

static bool encode(struct offering *o, struct span *out, struct err *err)
{
    struct submission *submission = ARENA_ARRAY(&o->arena, struct submission, o->count);

    for (size_t i = 0; i < o->count; i++)
        submission[i] = o->offer[i].submission;
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

static void take_failure(struct offering *o)
{
    struct carry *carry = o->carry;
    int64_t wait_ms = CARRY_WAIT_MOST_MS;

    if (carry->failures < 6)
        wait_ms = CARRY_WAIT_LEAST_MS << carry->failures++;
    carry->wait_until_ms = o->now_ms + wait_ms;
    if (o->unsent)
        return; /* none of them can be what it failed for */
    if (o->count > 1)
        carry->most = o->count / 2;
    else
        outbox_put_off(o->options->outbox, o->offer[0].number, carry->trouble.text,
                       carry->wait_until_ms);
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
    arena_free(&o.arena);
    return ok || err_wrap(err, "carrying records");
}
