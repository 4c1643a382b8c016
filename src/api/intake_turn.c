#include "api/intake.h"

#include "api/gateway.h"
#include "forms/flash_sign.h"
#include "forms/intake.h"
#include "node/quarantine.h"

#include <stdio.h>

#define EXTERNAL_DIGITS 32
#define AGAIN_MS 60000

struct turn {
    struct node *node;
    struct gateway *gateway;
    struct intake *intake;
    struct arena *arena;
};

static bool hold(struct turn *turn, const char *key, int64_t later_ms, const char *why,
                 struct err *err)
{
    int64_t again_ms = clock_now_ms(node_clock(turn->node)) + later_ms;
    bool told;

    if (!intake_hold(turn->intake, key, again_ms, why, &told, err))
        return false;
    if (!told)
        fprintf(stderr, "sulh: message %.8s is confirmed and not signed: %s\n", key, why);
    return true;
}

/* A process before this one may have ended between handing in and writing that down. */
static bool is_in(struct turn *turn, const struct intake_confirmed *confirmed, bool *out,
                  struct err *err)
{
    *out = false;
    return !confirmed->record.len || !turn->gateway ||
           gateway_has(turn->gateway, arena_text(turn->arena, confirmed->record), out, err);
}

static bool sign(struct turn *turn, const struct intake_confirmed *confirmed,
                 struct submission *out, char id[65], struct err *err)
{
    char external[64];
    struct author *author;

    if (!turn->gateway)
        return err_set(err, ERR_MISSING, "sulh.toml has no [forms] gateway");
    snprintf(external, sizeof external, "message-%.*s", EXTERNAL_DIGITS, confirmed->key);
    const struct flash_record record = {.fields = &confirmed->fields,
                                        .said = confirmed->said,
                                        .on_behalf = confirmed->on_behalf,
                                        .external_id = span_of(external)};
    return store_reader_refresh(node_reader(turn->node), err) &&
           gateway_author(turn->gateway, &author, err) &&
           flash_sign(author, &record, out, id, turn->arena, err);
}

/* What was signed is written down before it is handed in. */
static bool hand_in(struct turn *turn, const struct intake_confirmed *confirmed,
                    const struct submission *submission, const char id[65], struct err *err)
{
    char handed[1][65];
    struct gateway_fate fate;

    memcpy(handed[0], id, sizeof handed[0]);
    if (!intake_signing(turn->intake, confirmed->key, id, err) ||
        !gateway_hand_in(turn->gateway, submission, (const char(*)[65])handed, 1, &fate,
                         turn->arena, err))
        return false;
    return fate.safe ? intake_done(turn->intake, confirmed->key, id, err)
                     : hold(turn, confirmed->key, fate.later_ms, fate.why, err);
}

static bool take(struct turn *turn, const struct intake_confirmed *confirmed, struct err *err)
{
    struct submission submission = {0};
    struct err why = {0};
    char id[65];
    bool in;

    if (!is_in(turn, confirmed, &in, err))
        return false;
    if (in)
        return intake_done(turn->intake, confirmed->key, arena_text(turn->arena, confirmed->record),
                           err);
    if (sign(turn, confirmed, &submission, id, &why))
        return hand_in(turn, confirmed, &submission, id, err);
    if (turn->gateway)
        gateway_rest(turn->gateway);
    return hold(turn, confirmed->key, AGAIN_MS, why.text, err);
}

bool intake_turn(struct node *node, struct gateway *gateway, struct intake *intake, struct err *err)
{
    struct intake_confirmed confirmed;
    struct arena arena = {0};
    struct turn turn = {.node = node, .gateway = gateway, .intake = intake, .arena = &arena};
    int64_t now_ms = clock_now_ms(node_clock(node));
    bool any, ok = intake_next(intake, now_ms, &confirmed, &any, &arena, err);

    while (ok && any)
        ok = take(&turn, &confirmed, err) &&
             intake_next(intake, now_ms, &confirmed, &any, &arena, err);
    arena_free(&arena);
    return ok;
}

static const char *word_of(enum err_kind kind)
{
    return kind == ERR_CONFLICT ? "conflict" : kind == ERR_LIMIT ? "too_large" : "malformed";
}

bool intake_quarantine(struct quarantine *quarantine, struct node *node, struct span bytes,
                       const char *via, struct span from, const struct err *why,
                       struct arena *arena, struct err *err)
{
    struct intake_sender sender;
    struct err full = {0};
    bool known;

    if (!intake_sender_of(node_disk(node), from, &sender, &known, arena, err))
        return false;
    const struct quarantine_why said = {.via = via,
                                        .word = word_of(why->kind),
                                        .device = known ? sender.name : QUARANTINE_STRANGER,
                                        .reason = why->text,
                                        .at_ms = clock_now_ms(node_clock(node))};
    if (quarantine_keep(quarantine, bytes, &said, &full) || full.kind == ERR_LIMIT)
        return true;
    *err = full;
    return false;
}
