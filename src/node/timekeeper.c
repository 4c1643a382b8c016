#include "node/inside.h"

/*
 * When a tick is due (design: Time): ten seconds after something happened that no tick covers,
 * ticks and attests themselves not counted, and every ten minutes when nothing does. It is the
 * keeper's to make; where the keeper makes none, any witness's organisation does.
 */

#define AFTER_MS 10000
#define IDLE_MS 600000
#define KEEPER_GRACE_MS 20000

/* The kind of an entry that is no news to a clock. */
static bool is_quiet(const struct json *verdict)
{
    struct span kind = json_get_string(verdict, "kind", (struct span){0});

    return span_is(kind, "clock.tick") || span_is(kind, "node.attest");
}

/* Looks at the entries that have come since. */
static bool look(struct node *node, uint64_t covered, struct err *err)
{
    struct live *live = node->live;
    struct arena arena = {0};
    uint64_t applied;
    char key[REGISTER_INDEX_TEXT];
    struct json verdict;

    bool ok = store_applied(node->reader, &applied, err);
    if (live->looked < covered)
        live->looked = covered;
    for (; ok && live->looked < applied; live->looked++) {
        arena_reset(&arena);
        register_index_key(key, live->looked);
        ok = node_row(node, "verdict", key, &verdict, &arena, err);
        if (ok && !is_quiet(&verdict))
            live->waiting = live->looked + 1;
    }
    arena_free(&arena);
    return ok;
}

static void see_tick(struct live *live, const struct json *clock, int64_t now)
{
    int64_t index = json_get_integer(clock, "index", 0);

    if (index > 0 && index != live->last_tick) {
        live->last_tick = index;
        live->last_tick_ms = now;
    }
}

static bool is_due(struct node *node, uint64_t covered, int64_t now)
{
    struct live *live = node->live;
    int64_t grace = node_keeps(node) ? 0 : KEEPER_GRACE_MS;

    if (live->waiting <= covered)
        live->waiting_ms = 0;
    else if (live->waiting_ms == 0)
        live->waiting_ms = now;
    /* One that is void, as when the witnesses' clocks are behind, moves no time: it must not be
     * followed by the next at once, and the log filled with them. */
    if (live->said_tick_ms > 0 && !live_due(now, live->said_tick_ms, AFTER_MS))
        return false;
    if (live->last_tick == 0 && grace == 0)
        return true; /* until the first one nothing takes effect */
    if (live->waiting_ms > 0)
        return live_due(now, live->waiting_ms, AFTER_MS + grace) &&
               live_due(now, live->last_tick_ms, AFTER_MS + grace);
    return live_due(now, live->last_tick_ms, IDLE_MS + grace);
}

/* An organisation with a witness in force, or the keeper. */
static bool may_tick(struct node *node)
{
    return node_keeps(node) || node->live->witness != NULL;
}

bool timekeeper_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    struct arena arena = {0};
    struct json clock;
    int64_t now = clock_now_ms(node->world.clock);

    if (!node_row(node, "clock", "clock", &clock, &arena, err))
        return false;
    uint64_t covered = (uint64_t)json_get_integer(&clock, "size", 0);
    see_tick(live, &clock, now);
    bool ok = look(node, covered, err);
    if (ok && may_tick(node) && is_due(node, covered, now)) {
        if (live->waiting_ms > 0)
            live->waiting_ms = now; /* one that does not come about is tried again as late */
        ok = node_tick(node, err);
    }
    arena_free(&arena);
    return ok;
}
