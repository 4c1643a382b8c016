/* The log as c2sp.org/tlog-tiles has it, and receipts. */

#include "api/call.h"

#include "base/limits.h"
#include "ledger/proof.h"

#define LONGEST_BUNDLE (TILE_WIDTH * (2u + LIMIT_ENTRY_BYTES))

bool checkpoint_answer(struct api_call *call, struct err *err)
{
    if (call->head.size == 0 && call->head_note.len == 0)
        return err_set(err, ERR_MISSING, "there is no checkpoint yet");
    return api_answer_bytes(call, call->head_note);
}

bool log_keys_answer(struct api_call *call, struct err *err)
{
    struct span text;

    return disk_read(node_disk(call->node), LOG_KEYS_FILE, LOG_KEYS_BYTES, &text, call->arena,
                     err) &&
           api_answer_bytes(call, text);
}

/* A full tile never changes. But a demonstration may be made anew at the same address,
 * and caches would go on showing the old one. */
static const char *caching(const struct api_call *call, const struct tile *tile)
{
    bool for_ever = tile->width == TILE_WIDTH && !node_is_demo(call->node);

    return for_ever ? "public, max-age=31536000, immutable" : NULL;
}

bool tile_answer(struct api_call *call, struct err *err)
{
    struct span path = span_from(call->request->path, 1); /* without the slash */
    char file[LOG_PATH];
    struct tile tile;
    struct span bytes;

    if (!tile_path_parse(&tile, path))
        return err_set(err, ERR_MISSING,
                       "\"%.*s\" is no tile: c2sp.org/tlog-tiles says how they are named",
                       SPAN_ARG(path));
    /* Entries have a route of their own, which not everybody may take. */
    assert(tile.level != TILE_ENTRIES || call->route->may == API_PARTICIPANTS);
    log_tile_path(file, tile);
    if (!disk_read(node_disk(call->node), file, LONGEST_BUNDLE, &bytes, call->arena, err))
        return err->kind == ERR_MISSING
                   ? err_set(err, ERR_MISSING, "this log has no %.*s", SPAN_ARG(path))
                   : false;
    call->response->cache = caching(call, &tile);
    return api_answer_bytes(call, bytes);
}

bool receipt_answer(struct api_call *call, struct err *err)
{
    struct buf receipt = buf_in(call->arena, LIMIT_CHECKPOINT_BYTES + 2 * LIMIT_ENTRY_BYTES);
    struct proof proof = {.index = (uint64_t)call->in_path.integer,
                          .checkpoint_note = call->head_note};

    if (proof.index >= call->head.size)
        return err_set(err, ERR_MISSING, "entry %" PRIu64 " is not published: there are %" PRIu64,
                       proof.index, call->head.size);
    if (!api_entry(call, proof.index, &proof.extra, err) ||
        !merkle_prove_inclusion(&proof.inclusion, proof.index, call->head.size, log_reader_hash,
                                call->log, err))
        return false;
    proof_put(&receipt, &proof);
    assert(!receipt.full);
    return api_answer_bytes(call, buf_span(&receipt));
}
