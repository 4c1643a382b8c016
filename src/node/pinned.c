#include "node/pinned.h"

#include "base/calendar.h"
#include "node/tls_file.h"

#include <stdlib.h>

/* Who has the key of an old certificate can pass for the node as long as its pin is good; who
 * serves without a break signs a new one long before. A clock may be a day off. */
#define GOOD_FOR_MS (INT64_C(7) * MS_PER_DAY)
#define RENEWED_MS ((int64_t)MS_PER_DAY)
#define CLOCKS_APART_MS ((int64_t)MS_PER_DAY)

struct pinned {
    const struct node *node;
    struct arena arena;
    struct tls_identity identity;
    int64_t renew_ms;
};

bool pinned_open(struct pinned **out, const struct node *node, struct err *err)
{
    struct pinned *pinned = calloc(1, sizeof *pinned);

    assert(node_holds(node));
    if (!pinned)
        abort();
    pinned->node = node;
    bool ok = tls_file_open(&pinned->identity, node_directory(node), clock_now_ms(node_clock(node)),
                            &pinned->arena, err);
    if (ok)
        *out = pinned;
    else
        pinned_close(pinned);
    return ok;
}

void pinned_close(struct pinned *pinned)
{
    if (!pinned)
        return;
    tls_identity_wipe(&pinned->identity);
    arena_free(&pinned->arena);
    free(pinned);
}

const char *pinned_pem(const struct pinned *pinned)
{
    return pinned->identity.pem;
}

struct hash pinned_hash(const struct pinned *pinned)
{
    return pinned->identity.hash;
}

bool pinned_renew(struct pinned *pinned, int64_t now_ms, struct span *out, struct arena *arena)
{
    struct pin pin = {{pinned->identity.hash}, now_ms - CLOCKS_APART_MS, now_ms + GOOD_FOR_MS};

    if (now_ms < pinned->renew_ms && pinned->renew_ms - now_ms <= RENEWED_MS)
        return false; /* a clock that was set back renews, too */
    pinned->renew_ms = now_ms + RENEWED_MS;
    *out = pin_sign(&pin, span_of(node_settings(pinned->node)->agreement),
                    node_own_key(pinned->node), arena);
    return true;
}
