#include "node/shown.h"

#include "base/calendar.h"
#include "node/tls_file.h"

#include <stdlib.h>

/* Who has the key of an old certificate can pass for the node as long as its pin is good; who
 * serves without a break signs a new one long before. A clock may be a day off. */
#define GOOD_FOR_MS (INT64_C(7) * MS_PER_DAY)
#define RENEWED_MS ((int64_t)MS_PER_DAY)
#define CLOCKS_APART_MS ((int64_t)MS_PER_DAY)

struct shown {
    const struct node *node;
    struct arena arena;
    struct tls_identity identity;
    int64_t renew_ms;
};

bool shown_open(struct shown **out, const struct node *node, struct err *err)
{
    struct shown *shown = calloc(1, sizeof *shown);

    assert(node_holds(node));
    if (!shown)
        abort();
    shown->node = node;
    bool ok = tls_file_open(&shown->identity, node_directory(node), clock_now_ms(node_clock(node)),
                            &shown->arena, err);
    if (ok)
        *out = shown;
    else
        shown_close(shown);
    return ok;
}

void shown_close(struct shown *shown)
{
    if (!shown)
        return;
    tls_identity_wipe(&shown->identity);
    arena_free(&shown->arena);
    free(shown);
}

const char *shown_pem(const struct shown *shown)
{
    return shown->identity.pem;
}

struct hash shown_hash(const struct shown *shown)
{
    return shown->identity.hash;
}

bool shown_renew(struct shown *shown, struct span *out, struct arena *arena)
{
    int64_t now_ms = clock_now_ms(node_clock(shown->node));
    struct pin pin = {{shown->identity.hash}, now_ms - CLOCKS_APART_MS, now_ms + GOOD_FOR_MS};

    if (now_ms < shown->renew_ms && shown->renew_ms - now_ms <= RENEWED_MS)
        return false; /* a clock that was set back renews, too */
    shown->renew_ms = now_ms + RENEWED_MS;
    *out = pin_sign(&pin, span_of(node_settings(shown->node)->agreement), node_own_key(shown->node),
                    arena);
    return true;
}
