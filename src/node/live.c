#include "node/inside.h"

#include <stdlib.h>

/* In touch with the others. */

static void must(int failed)
{
    if (failed)
        abort();
}

bool node_meet(struct node *node, const struct transport *turn, const struct transport *pull,
               struct err *err)
{
    struct live *live = calloc(1, sizeof *live);
    struct journal_head head;
    struct arena arena = {0};

    if (!live)
        abort();
    assert(node_holds(node) && !node->live);
    live->turn = *turn;
    live->pull = *pull;
    live->keeper = SETTINGS_PEERS;
    live->waits_for = 1; /* until the first turn */
    must(pthread_mutex_init(&live->lock, NULL));
    must(pthread_mutex_init(&live->contacts_lock, NULL));
    node->live = live;
    journal_head(node->journal, &head, &arena);
    arena_free(&arena);
    bool ok = log_reader_open(&live->roots, node->world.disk, head.checkpoint.size, err) &&
              cosign_open(node, err);
    if (!ok)
        node_part(node);
    return ok;
}

void node_part(struct node *node)
{
    struct live *live = node->live;

    if (!live)
        return;
    hotline_part(node);
    cosign_close(node);
    unnamed_close(live->unnamed);
    log_reader_close(live->roots);
    pthread_mutex_destroy(&live->contacts_lock);
    pthread_mutex_destroy(&live->lock);
    free(live);
    node->live = NULL;
}

static bool publish_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    struct journal_head head;
    struct arena arena = {0};

    if (!journal_publish(node->journal, err))
        return false;
    pthread_mutex_lock(&live->lock);
    journal_head(node->journal, &head, &arena);
    log_reader_resize(live->roots, head.checkpoint.size);
    pthread_mutex_unlock(&live->lock);
    arena_free(&arena);
    return true;
}

bool node_turn(struct node *node, struct err *err)
{
    typedef bool turn(struct node * node, struct err * err);
    static turn *const turns[] = {contact_turn, publish_turn, cosign_turn,  carry_turn,
                                  parts_turn,   erase_turn,   unnamed_turn, timekeeper_turn,
                                  attest_turn,  deliver_turn};

    for (size_t i = 0; i < ARRAY_LEN(turns); i++)
        if (!store_reader_refresh(node->reader, err) || !turns[i](node, err))
            return false;
    store_reader_rest(node->reader); /* between turns it keeps nothing from being tidied away */
    return true;
}

bool node_turn_last(struct node *node, struct err *err)
{
    const struct live *live = node->live;

    if (!node_turn(node, err))
        return false;
    return !node_keeps(node) || live->set.quorum > 0 || live->waiting_ms == 0 ||
           node_tick(node, err);
}
