#include "journal/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define THREADS 16u

struct pool {
    pthread_t thread[THREADS];
    unsigned threads;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t work, done;
    pool_task *task;
    void *context;
    size_t count, take, taken, finished;
    bool closing;
};

static void must(int failed)
{
    if (failed)
        abort();
}

/* The lock is held, but not while a task runs. */
static void take_some(struct pool *pool)
{
    size_t first = pool->taken, left = pool->count - first;
    size_t count = left < pool->take ? left : pool->take;

    pool->taken += count;
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < count; i++)
        pool->task(pool->context, first + i);
    pthread_mutex_lock(&pool->lock);
    pool->finished += count;
    if (pool->finished == pool->count)
        pthread_cond_signal(&pool->done);
}

static void *work(void *context)
{
    struct pool *pool = context;

    pthread_mutex_lock(&pool->lock);
    while (!pool->closing || pool->taken < pool->count) {
        if (pool->taken < pool->count)
            take_some(pool);
        else
            pthread_cond_wait(&pool->work, &pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

unsigned pool_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > (long)THREADS ? THREADS : (unsigned)cores;
}

struct pool *pool_open(unsigned threads)
{
    struct pool *pool = calloc(1, sizeof *pool);

    assert(threads <= THREADS);
    if (!pool)
        abort();
    must(pthread_mutex_init(&pool->lock, NULL));
    must(pthread_cond_init(&pool->work, NULL));
    must(pthread_cond_init(&pool->done, NULL));
    for (; pool->threads < threads; pool->threads++)
        must(pthread_create(&pool->thread[pool->threads], NULL, work, pool));
    return pool;
}

void pool_start(struct pool *pool, pool_task *task, void *context, size_t count, size_t take)
{
    pthread_mutex_lock(&pool->lock);
    assert(pool->finished == pool->count && take > 0);
    pool->task = task;
    pool->context = context;
    pool->count = count;
    pool->take = take;
    pool->taken = pool->finished = 0;
    while (pool->threads == 0 && pool->taken < pool->count)
        take_some(pool);
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

void pool_wait(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->finished < pool->count)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    while (pool->threads > 0)
        must(pthread_join(pool->thread[--pool->threads], NULL));
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->done);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
