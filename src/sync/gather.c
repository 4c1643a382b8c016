#include "sync/gather_inside.h"

#include "base/limits.h"
#include "ledger/proof.h"

/* An answer is a line, or a few: a witness may sign with several keys. */
#define ANSWER_BYTES (64u << 10)
#define BODY_BYTES (LIMIT_CHECKPOINT_BYTES + 64 * (LIMIT_PROOF_HASHES + 1))

struct asked {
    struct gather_peer *peer;
    uint64_t old; /* that the question names */
    bool taken;   /* its answer */
    bool twice;   /* it has been asked */
};

struct run {
    struct gather *gather;
    struct gather_lines lines;
    uint64_t size;
    struct span bare; /* the note with the log's line alone */
    struct call *call;
    struct asked *asked; /* one for each call */
    size_t count;
    struct arena *arena;
};

static bool make_body(struct run *run, uint64_t old, struct span *out)
{
    const struct gather *gather = run->gather;
    struct buf body = buf_in(run->arena, BODY_BYTES);
    struct merkle_proof proof;
    struct err err = {0};

    if (!merkle_prove_consistency(&proof, old, run->size, gather->lookup, gather->lookup_context,
                                  &err))
        return false;
    buf_printf(&body, "old %" PRIu64 "\n", old);
    proof_put_hashes(&body, &proof);
    buf_put(&body, run->bare);
    assert(!body.full);
    *out = buf_span(&body);
    return true;
}

/* Who said to have cosigned more than there is may have lied, and is asked anew. */
static void add_call(struct run *run, struct gather_peer *peer)
{
    uint64_t old = peer->old <= run->size ? peer->old : 0;
    struct call call = {.url = peer->url,
                        .path = "/add-checkpoint",
                        .type = "text/plain; charset=utf-8",
                        .limit = ANSWER_BYTES};

    if (!make_body(run, old, &call.body))
        return;
    run->asked[run->count] = (struct asked){.peer = peer, .old = old};
    run->call[run->count++] = call;
}

/* Answers. */

static bool parse_size(const struct call *call, uint64_t *out)
{
    struct span body = call->reply;

    return span_starts_with(call->reply_type, SPAN_LIT("text/x.tlog.size")) &&
           span_ends_with(body, SPAN_LIT("\n")) &&
           decimal_parse(out, span_slice(body, 0, body.len - 1), LIMIT_TREE_SIZE);
}

/* 409: it has last cosigned another size. */
static void take_size(struct run *run, struct asked *asked, struct call *call)
{
    uint64_t size;

    if (!parse_size(call, &size) || size == asked->old)
        return;
    asked->peer->old = size;
    if (size > run->size || asked->twice || !make_body(run, size, &call->body))
        return;
    asked->old = size;
    asked->twice = call->again = true;
    asked->taken = false;
}

static void take_lines(struct run *run, const struct asked *asked, const struct call *call)
{
    const struct gather *gather = run->gather;

    asked->peer->old = run->size;
    gather_lines_add(&run->lines, gather->set, call->reply, run->arena);
    if (gather->seen)
        gather->seen(gather->seen_context, asked->peer->url, call->reply);
}

static void take(struct run *run, struct asked *asked, struct call *call)
{
    if (!call->answered || call->again || asked->taken)
        return;
    asked->taken = true;
    if (call->status == 200)
        take_lines(run, asked, call);
    else if (call->status == 409)
        take_size(run, asked, call);
}

static bool enough(void *context)
{
    struct run *run = context;

    for (size_t i = 0; i < run->count; i++)
        take(run, &run->asked[i], &run->call[i]);
    return gather_lines_count(&run->lines, run->gather->set) >= run->gather->set->quorum;
}

static void ask(struct run *run)
{
    struct gather *gather = run->gather;
    const struct transport *transport = gather->transport;

    run->call = ARENA_ARRAY(run->arena, struct call, gather->count);
    run->asked = ARENA_ARRAY(run->arena, struct asked, gather->count);
    for (size_t i = 0; i < gather->count; i++)
        add_call(run, &gather->peer[i]);
    if (run->count > 0)
        transport->run(transport->context, run->call, run->count, gather->patience_ms, enough, run,
                       run->arena);
    (void)enough(run); /* what came in the same moment as the last that was needed */
}

struct span gather_run(struct gather *gather, struct span note, struct arena *arena)
{
    static const struct witness_set nobody = {0};
    struct run run = {.gather = gather, .arena = arena};
    struct checkpoint checkpoint;
    struct err unfit = {0};

    if (!gather_lines_open(&run.lines, gather->set, note, arena) ||
        !checkpoint_parse(&checkpoint, run.lines.text, &unfit))
        return note;
    run.size = checkpoint.size;
    run.bare = gather_lines_note(&run.lines, &nobody, arena);
    if (!enough(&run))
        ask(&run);
    return gather_lines_note(&run.lines, gather->set, arena);
}
