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

static bool parse_word(struct statement *out, const char *word, struct span note,
                       struct arena *arena, struct err *err)
{
    struct statement statement;

    if (!statement_parse(&statement, note, arena, err))
        return false;
    if (!span_is(statement.word, word))
        return err_set(err, ERR_MALFORMED, "a statement, and no %s", word);
    *out = statement;
    return true;
}

static const char *text_of(const struct statement *statement, const char *member,
                           struct arena *arena)
{
    return arena_text(arena, json_get_string(&statement->members, member, (struct span){0}));
}

static int64_t integer_of(const struct statement *statement, const char *member)
{
    return json_get_integer(&statement->members, member, 0);
}

static struct promise promise_of(const struct statement *statement, struct arena *arena)
{
    struct promise promise = {.agreement = arena_text(arena, statement->agreement),
                              .origin = text_of(statement, "origin", arena),
                              .id = text_of(statement, "id", arena),
                              .index = (uint64_t)integer_of(statement, "index"),
                              .at_ms = integer_of(statement, "at_ms")};
    bool ok = hex_parse(promise.leaf.bytes, HASH_BYTES, span_of(text_of(statement, "leaf", arena)));

    assert(ok); /* statement_parse has seen it */
    return promise;
}

bool promise_parse(struct promise *out, struct span note, struct arena *arena, struct err *err)
{
    struct statement statement;

    if (!parse_word(&statement, "promise", note, arena, err))
        return false;
    *out = promise_of(&statement, arena);
    return true;
}

bool promise_verify(struct span note, const struct note_key *key, const struct promise *promise)
{
    struct arena arena = {0};
    struct statement statement;
    struct err err;
    bool holds =
        parse_word(&statement, "promise", note, &arena, &err) && statement_verify(&statement, key);

    if (holds) {
        struct promise said = promise_of(&statement, &arena);

        holds = strcmp(said.agreement, promise->agreement) == 0 &&
                strcmp(said.origin, promise->origin) == 0 && strcmp(said.id, promise->id) == 0 &&
                said.index == promise->index && hash_equal(said.leaf, promise->leaf);
    }
    arena_free(&arena);
    return holds;
}

static bool is_about(const struct statement *refusal, struct span offered, struct arena *arena)
{
    struct hash hash = hash_of(offered);

    return span_equal(hash_text(hash, arena), span_of(text_of(refusal, "id", arena)));
}

static struct refusal refusal_of(const struct statement *statement, struct span offered,
                                 struct arena *arena)
{
    return (struct refusal){.agreement = arena_text(arena, statement->agreement),
                            .origin = text_of(statement, "origin", arena),
                            .offered = offered,
                            .reason = text_of(statement, "reason", arena),
                            .size = (uint64_t)integer_of(statement, "size"),
                            .at_ms = integer_of(statement, "at_ms")};
}

bool refusal_parse(struct refusal *out, struct span note, struct span offered, struct arena *arena,
                   struct err *err)
{
    struct statement statement;

    if (!parse_word(&statement, "refusal", note, arena, err))
        return false;
    if (!is_about(&statement, offered, arena))
        return err_set(err, ERR_CONFLICT, "a refusal of other bytes");
    *out = refusal_of(&statement, offered, arena);
    return true;
}

bool refusal_verify(struct span note, const struct note_key *key, const struct refusal *refusal)
{
    struct arena arena = {0};
    struct statement statement;
    struct err err;
    bool holds = parse_word(&statement, "refusal", note, &arena, &err) &&
                 statement_verify(&statement, key) &&
                 is_about(&statement, refusal->offered, &arena);

    if (holds) {
        struct refusal said = refusal_of(&statement, refusal->offered, &arena);

        holds = strcmp(said.agreement, refusal->agreement) == 0 &&
                strcmp(said.origin, refusal->origin) == 0 &&
                strcmp(said.reason, refusal->reason) == 0;
    }
    arena_free(&arena);
    return holds;
}
