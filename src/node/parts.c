#include "node/inside.h"

#include "sync/pull.h"

/* Parts that did not come with their entries: whoever keeps the log is asked again for them,
 * entry by entry, round and round. */

#define EVERY_MS 10000
#define PATIENCE_MS 3000u

bool parts_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    size_t keeper = atomic_load(&live->keeper);
    int64_t now = clock_now_ms(node->world.clock);
    struct arena arena = {0};
    struct pull_result result;
    struct journal_head head;
    struct err fault = {0};

    if (node_keeps(node) || keeper == SETTINGS_PEERS || !live_due(now, live->parts_ms, EVERY_MS))
        return true;
    live->parts_ms = now;
    struct source_peer peer = {&live->pull, node->settings.peer[keeper].url, PATIENCE_MS};
    struct source source = source_of_peer(&peer);
    pthread_mutex_lock(&live->lock);
    journal_head(node->journal, &head, &arena);
    if (live->parts_next >= head.checkpoint.size)
        live->parts_next = 0;
    bool ok = head.checkpoint.size == 0 || pull_parts(&result, &live->parts_next, node->journal,
                                                      &source, live->parts_next, &fault);
    pthread_mutex_unlock(&live->lock);
    arena_free(&arena);
    return ok || journal_works(node->journal, err);
}
