#include "api/refusals.h"

#include "codec/json.h"

#define MOST 16u /* records in one turn: what comes in goes before */
#define AGAIN_MS 60000

struct turn {
    struct node *node;
    struct gateway *gateway;
    struct quarantine *quarantine;
    struct arena *arena;
    int64_t now_ms;
};

/* A process before this one may have ended between signing and handing in, or right behind it. */
static bool recover(struct turn *turn, struct err *err)
{
    char id[QUARANTINE_HEX_TEXT];
    bool has;

    while (quarantine_unsure(turn->quarantine, id))
        if (!gateway_has(turn->gateway, id, &has, err) ||
            !quarantine_signed(turn->quarantine, id, has, turn->now_ms, err))
            return false;
    return true;
}

static struct json fields_of(const struct quarantine_batch *batch, struct arena *arena)
{
    struct json flat = json_object();

    if (batch->count > 1)
        json_set_integer(&flat, "count", (int64_t)batch->count, arena);
    json_set(&flat, "device", json_text(batch->device), arena);
    json_set(&flat, "hash", json_text(batch->body), arena);
    json_set(&flat, "note", json_text(batch->note), arena);
    json_set(&flat, "reason", json_text(batch->word), arena);
    json_set(&flat, "via", json_text(batch->via), arena);
    return flat;
}

static bool sign(struct turn *turn, const struct quarantine_batch *batch, struct submission *out,
                 char id[65], struct err *why)
{
    struct json flat = fields_of(batch, turn->arena);
    struct author *author;
    bool may;

    return gateway_may(turn->gateway, "refuse", "intake.refuse", &may, why) &&
           (may ||
            err_set(why, ERR_REFUSED, "the agreement lets no gateway say what it refused")) &&
           gateway_author(turn->gateway, &author, why) &&
           author_sign(author, "intake.refuse", &flat, out, id, turn->arena, why);
}

static bool take(struct turn *turn, const struct quarantine_batch *batch, struct err *err)
{
    struct submission submission = {0};
    struct gateway_fate fate;
    struct err why = {0};
    char id[1][65];

    if (!sign(turn, batch, &submission, id[0], &why)) {
        gateway_rest(turn->gateway);
        quarantine_put_off(turn->quarantine, batch, turn->now_ms + AGAIN_MS);
        return true;
    }
    return quarantine_signing(turn->quarantine, batch, id[0], turn->now_ms, err) &&
           gateway_hand_in(turn->gateway, &submission, (const char(*)[65])id, 1, &fate, turn->arena,
                           err) &&
           quarantine_signed(turn->quarantine, id[0], fate.safe, turn->now_ms + fate.later_ms, err);
}

bool refusals_turn(struct node *node, struct gateway *gateway, struct quarantine *quarantine,
                   struct err *err)
{
    struct arena arena = {0};
    struct turn turn = {.node = node,
                        .gateway = gateway,
                        .quarantine = quarantine,
                        .arena = &arena,
                        .now_ms = clock_now_ms(node_clock(node))};
    struct quarantine_batch batch;
    bool ok = recover(&turn, err);

    for (unsigned i = 0; ok && i < MOST && quarantine_due(quarantine, turn.now_ms, &batch); i++)
        ok = store_reader_refresh(node_reader(node), err) && take(&turn, &batch, err);
    gateway_rest(gateway);
    store_reader_rest(node_reader(node));
    arena_free(&arena);
    return ok || err_wrap(err, "refusals");
}
