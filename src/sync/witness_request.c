#include "sync/witness_inside.h"

#include "base/reader.h"
#include "ledger/proof.h"

/* POST /add-checkpoint, in the order of c2sp.org/tlog-witness. */

#define TEXT_TYPE "text/plain; charset=utf-8"
#define SIZE_TYPE "text/x.tlog.size"

struct request {
    struct witness *witness;
    uint64_t old;
    struct merkle_proof proof;
    struct span note;
    struct checkpoint checkpoint;
    struct witness_state state; /* that it is judged by */
    struct span line;           /* the answer */
    struct arena *arena;
};

static bool parse(struct request *q, struct span body, struct err *err)
{
    struct reader r = reader_over(body);

    reader_expect(&r, "old ");
    q->old = reader_decimal_line(&r, LIMIT_TREE_SIZE);
    proof_read_hashes(&r, &q->proof);
    q->note = reader_take(&r, reader_left(&r));
    return reader_done(&r) ||
           err_set(err, ERR_MALFORMED, "%s, at byte %zu", r.why, reader_offset(&r));
}

/* 200 when it is a checkpoint of a log that is known, signed by its key. */
static int open_checkpoint(struct request *q, struct err *err)
{
    const struct witness_options *options = &q->witness->options;
    struct log_keys keys = {0};
    struct note note;

    /* First of all a note: an origin that is not known may mean more by its lines than we do. */
    if (!note_parse(&note, q->note, q->arena, err))
        return 400;
    options->keys(options->context, &keys);
    if (log_keys_open(&keys, &q->checkpoint, &note, q->note, q->arena, err))
        return 200;
    return err->kind == ERR_MISSING ? 404 : err->kind == ERR_REFUSED ? 403 : 400;
}

/* Whether the log's key has signed another tree than the one held here, as far as that goes. */
static bool contradicts(struct request *q)
{
    struct err unknown = {0};
    struct hash root;

    return witness_root(q->witness, q->checkpoint.size, &root, &unknown) &&
           !hash_equal(root, q->checkpoint.root);
}

static bool proof_holds(struct request *q, struct err *err)
{
    const struct checkpoint *last = &q->state.last;

    return merkle_verify_consistency(&q->proof, q->old, q->checkpoint.size, last->root,
                                     q->checkpoint.root) ||
           err_set(err, ERR_MALFORMED, "the proof does not hold");
}

/* The log is held whole, and is the one that was signed. */
static int hold(struct request *q, struct err *err)
{
    const struct witness_options *options = &q->witness->options;

    if (options->hold(options->context, &q->checkpoint, q->note, err) &&
        witness_check_held(q->witness, &q->state.last, &q->checkpoint, err))
        return 200;
    if (err->kind != ERR_CONFLICT)
        return 503;
    witness_keep_evidence(q->witness, q->note);
    return 422;
}

static int settle(struct request *q, struct err *err)
{
    switch (witness_settle(q->witness, &q->state, &q->checkpoint, &q->line, q->arena, err)) {
    case WITNESS_COSIGNED:
        return 200;
    case WITNESS_MOVED:
        q->state = witness_state(q->witness, q->checkpoint.origin);
        return 409;
    case WITNESS_CLOSED:
        return 404;
    default:
        return 503;
    }
}

static int weigh(struct request *q, struct err *err)
{
    if (q->state.closed) {
        err_set(err, ERR_REFUSED, "%s is not cosigned here any more", q->checkpoint.origin);
        return 404;
    }
    bool lie = contradicts(q);
    if (lie)
        witness_keep_evidence(q->witness, q->note);
    if (q->old != q->state.last.size)
        return 409;
    if (lie) {
        err_set(err, ERR_CONFLICT, "the log held here has another root at that size");
        return 422;
    }
    if (!proof_holds(q, err))
        return 422;
    int status = hold(q, err);
    return status == 200 ? settle(q, err) : status;
}

static int judge(struct request *q, struct span body, struct err *err)
{
    if (!parse(q, body, err))
        return 400;
    int status = open_checkpoint(q, err);
    if (status != 200)
        return status;
    if (q->old > q->checkpoint.size) {
        err_set(err, ERR_MALFORMED, "the old size is larger than the checkpoint's");
        return 400;
    }
    q->state = witness_state(q->witness, q->checkpoint.origin);
    return weigh(q, err);
}

void witness_add_checkpoint(struct witness *witness, struct span body, struct witness_reply *out,
                            struct arena *arena)
{
    struct request q = {.witness = witness, .arena = arena};
    struct err err = {0};

    out->status = judge(&q, body, &err);
    out->type = out->status == 409 ? SIZE_TYPE : TEXT_TYPE;
    if (out->status == 200)
        out->body = q.line;
    else if (out->status == 409)
        out->body = span_of(arena_printf(arena, "%" PRIu64 "\n", q.state.last.size));
    else
        out->body = span_of(arena_printf(arena, "%s\n", err.text));
}
