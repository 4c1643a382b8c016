#include "journal/promise.h"

#include "codec/hex.h"
#include "codec/json.h"
#include "ledger/statement.h"

static struct span hash_text(struct hash hash, struct arena *arena)
{
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    return arena_copy(arena, span_of(text));
}

struct span promise_sign(const struct promise *promise, const struct note_signer *signer,
                         struct arena *arena)
{
    struct json members = json_object();

    json_set_integer(&members, "at_ms", promise->at_ms, arena);
    json_set_string(&members, "id", span_of(promise->id), arena);
    json_set_integer(&members, "index", (int64_t)promise->index, arena);
    json_set_string(&members, "leaf", hash_text(promise->leaf, arena), arena);
    json_set_string(&members, "origin", span_of(promise->origin), arena);
    return statement_sign(span_of(promise->agreement), "promise", &members, signer, arena);
}

struct span refusal_sign(const struct refusal *refusal, const struct note_signer *signer,
                         struct arena *arena)
{
    struct json members = json_object();

    json_set_integer(&members, "at_ms", refusal->at_ms, arena);
    json_set_string(&members, "id", hash_text(hash_of(refusal->offered), arena), arena);
    json_set_string(&members, "origin", span_of(refusal->origin), arena);
    json_set_string(&members, "reason", span_of(refusal->reason), arena);
    json_set_integer(&members, "size", (int64_t)refusal->size, arena);
    return statement_sign(span_of(refusal->agreement), "refusal", &members, signer, arena);
}
