#include "node/inside.h"

#include "codec/hex.h"

/*
 * What this node computed (format §10.3), said now and then so that others can compare; and
 * at once where another node's attest differs from what is computed here.
 */

#define EVERY_MS 3600000
#define OFFERED_MS 60000 /* for so long in vain */
#define IGNORED_EVERY_MS 600000
#define OFFERED_MOST 32u
#define DIFFERENT_EVERY_MS 60000

/* Whether what a peer attested is what was computed here; true where it cannot be told yet, or
 * was answered already by an attest of `answered` entries. */
static bool agrees(struct node *node, const char *name, uint64_t answered, bool *out,
                   struct err *err)
{
    struct arena arena = {0};
    struct json row;
    struct hash said, own;
    uint64_t applied;

    *out = true;
    bool ok = node_row(node, "attest", name, &row, &arena, err) &&
              store_applied(node->reader, &applied, err);
    uint64_t size = ok ? (uint64_t)json_get_integer(&row, "size", 0) : 0;
    if (ok && size > answered && size <= applied &&
        hex_parse(said.bytes, sizeof said.bytes,
                  json_get_string(&row, "digest", (struct span){0}))) {
        ok = store_digest(node->reader, size - 1, &own, err);
        *out = ok && hash_equal(said, own);
    }
    arena_free(&arena);
    return ok;
}

static bool somebody_differs(struct node *node, uint64_t answered, bool *out, struct err *err)
{
    bool same = true;

    for (size_t i = 0; same && i < node->settings.peer_count; i++)
        if (!agrees(node, node->settings.peer[i].name, answered, &same, err))
            return false;
    *out = !same;
    return true;
}

/* What was offered to the keeper for a minute and is not in the log: from then on it cannot say
 * that it never got it (design: a missed deadline). */
static void put_offered(struct node *node, struct json *body, struct arena *arena)
{
    struct outbox_overdue overdue[OFFERED_MOST];
    struct json list = json_array();
    int64_t now = clock_now_ms(node->world.clock);
    size_t count =
        node->outbox ? outbox_overdue(node->outbox, now, OFFERED_MS, overdue, OFFERED_MOST) : 0;

    for (size_t i = 0; i < count; i++) {
        struct json item = json_object();

        json_set_string(&item, "id", arena_copy(arena, span_of(overdue[i].id)), arena);
        json_set_integer(&item, "since_ms", overdue[i].since_ms, arena);
        json_push(&list, item, arena);
    }
    if (count > 0)
        json_set(body, "offered", list, arena);
}

static bool is_ignored(struct node *node)
{
    struct outbox_overdue overdue;

    return node->outbox && outbox_overdue(node->outbox, clock_now_ms(node->world.clock), OFFERED_MS,
                                          &overdue, 1) > 0;
}

static bool say(struct node *node, uint64_t applied, struct err *err)
{
    struct arena arena = {0};
    struct json body = json_object();
    struct hash digest;
    char hex[2 * HASH_BYTES + 1];
    bool said;

    bool ok = store_digest(node->reader, applied - 1, &digest, err);
    if (ok) {
        hex_text(hex, hash_span(&digest));
        json_set_integer(&body, "size", (int64_t)applied, &arena);
        json_set_string(&body, "digest", span_of(hex), &arena);
        put_offered(node, &body, &arena);
        ok = say_own(node, "node.attest", &body, &said, err);
    }
    arena_free(&arena);
    return ok;
}

/* Only what happened since the last: an attest of attests would never end. */
bool attest_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    struct arena arena = {0};
    struct json own;
    int64_t now = clock_now_ms(node->world.clock);
    bool differs;
    uint64_t applied;

    if (live->last_tick == 0 || !live_due(now, live->attested_ms, DIFFERENT_EVERY_MS))
        return true;
    if (!node_row(node, "attest", node->settings.name, &own, &arena, err))
        return false;
    uint64_t said = (uint64_t)json_get_integer(&own, "size", 0);
    arena_free(&arena);
    if (live->attested_ms == 0 && said > 0)
        live->attested_ms = now; /* before this process: an hour from here on is soon enough */
    if (!store_applied(node->reader, &applied, err) || !somebody_differs(node, said, &differs, err))
        return false;
    bool news = live->waiting > said && (said == 0 || live_due(now, live->attested_ms, EVERY_MS));
    bool ignored = is_ignored(node) && live_due(now, live->attested_ms, IGNORED_EVERY_MS);
    if (!news && !differs && !ignored)
        return true;
    live->attested_ms = now;
    return say(node, applied, err);
}
