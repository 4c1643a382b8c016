#include "api/limiter.h"

#include "store/siphash.h"
#include "sys/entropy.h"

#include <pthread.h>
#include <stdlib.h>

/* An address has its place in one set, whose places are looked through. */
#define SETS 512u
#define PLACES 8u

struct bucket {
    uint64_t address; /* what counts of it */
    int64_t full_ms;  /* when it is full again: a bucket never used is full */
};

struct limiter {
    pthread_mutex_t lock;
    uint32_t most, per_s;
    struct siphash_key secret; /* so that nobody can choose addresses of one set */
    struct bucket bucket[SETS][PLACES];
};

struct limiter *limiter_open(uint32_t most, uint32_t per_s)
{
    struct limiter *limiter = calloc(1, sizeof *limiter);

    assert(most > 0 && per_s > 0 && per_s <= 1000);
    if (!limiter)
        abort();
    limiter->most = most;
    limiter->per_s = per_s;
    entropy_fill(&limiter->secret, sizeof limiter->secret);
    pthread_mutex_init(&limiter->lock, NULL);
    return limiter;
}

void limiter_close(struct limiter *limiter)
{
    if (!limiter)
        return;
    pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

static struct bucket *find(struct limiter *limiter, uint64_t address)
{
    uint64_t hash = siphash(&limiter->secret, span_make(&address, sizeof address));
    struct bucket *set = limiter->bucket[hash % SETS], *least = &set[0];

    for (size_t i = 0; i < PLACES; i++) {
        if (set[i].address == address)
            return &set[i];
        if (set[i].full_ms < least->full_ms)
            least = &set[i];
    }
    *least = (struct bucket){.address = address};
    return least;
}

/* A bucket is held as the moment at which it will be full. */
static uint32_t take(struct bucket *bucket, const struct limiter *limiter, uint32_t cost,
                     int64_t now_ms)
{
    int64_t all_ms = (int64_t)limiter->most * 1000 / limiter->per_s;
    int64_t cost_ms = (int64_t)cost * 1000 / limiter->per_s;
    int64_t full_ms = (bucket->full_ms > now_ms ? bucket->full_ms : now_ms) + cost_ms;
    int64_t over_ms = full_ms - now_ms - all_ms;

    if (over_ms > 0)
        return (uint32_t)((over_ms + 999) / 1000);
    bucket->full_ms = full_ms;
    return 0;
}

uint32_t limiter_take(struct limiter *limiter, const uint8_t address[16], uint32_t cost,
                      int64_t now_ms)
{
    uint64_t counts;

    memcpy(&counts, address, sizeof counts);
    pthread_mutex_lock(&limiter->lock);
    uint32_t wait_s =
        take(find(limiter, counts), limiter, cost < limiter->most ? cost : limiter->most, now_ms);
    pthread_mutex_unlock(&limiter->lock);
    return wait_s;
}
