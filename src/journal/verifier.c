#include "journal/verifier.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define THREADS 16u
#define TAKE 8u /* jobs at a time: half a millisecond */

struct verifier {
    pthread_t thread[THREADS];
    unsigned threads;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t work, done;
    struct verify_job *job;
    size_t count, taken, finished;
    bool closing;
};

static void must(int failed)
{
    if (failed)
        abort();
}

static void verify(struct verify_job *job, size_t count)
{
    for (size_t i = 0; i < count; i++)
        job[i].holds = note_line_verify(&job[i].note, &job[i].note.line[0], &job[i].key);
}

static void *work(void *context)
{
    struct verifier *v = context;

    pthread_mutex_lock(&v->lock);
    for (;;) {
        while (v->taken == v->count && !v->closing)
            pthread_cond_wait(&v->work, &v->lock);
        if (v->taken == v->count)
            break;
        struct verify_job *job = v->job + v->taken;
        size_t count = v->count - v->taken < TAKE ? v->count - v->taken : TAKE;
        v->taken += count;
        pthread_mutex_unlock(&v->lock);
        verify(job, count);
        pthread_mutex_lock(&v->lock);
        v->finished += count;
        if (v->finished == v->count)
            pthread_cond_signal(&v->done);
    }
    pthread_mutex_unlock(&v->lock);
    return NULL;
}

unsigned verifier_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > (long)THREADS ? THREADS : (unsigned)cores;
}

struct verifier *verifier_open(unsigned threads)
{
    struct verifier *v = calloc(1, sizeof *v);

    assert(threads >= 1 && threads <= THREADS);
    if (!v)
        abort();
    must(pthread_mutex_init(&v->lock, NULL));
    must(pthread_cond_init(&v->work, NULL));
    must(pthread_cond_init(&v->done, NULL));
    for (; v->threads < threads; v->threads++)
        must(pthread_create(&v->thread[v->threads], NULL, work, v));
    return v;
}

void verifier_start(struct verifier *v, struct verify_job *job, size_t count)
{
    pthread_mutex_lock(&v->lock);
    assert(v->finished == v->count);
    v->job = job;
    v->count = count;
    v->taken = v->finished = 0;
    pthread_cond_broadcast(&v->work);
    pthread_mutex_unlock(&v->lock);
}

void verifier_wait(struct verifier *v)
{
    pthread_mutex_lock(&v->lock);
    while (v->finished < v->count)
        pthread_cond_wait(&v->done, &v->lock);
    pthread_mutex_unlock(&v->lock);
}

void verifier_close(struct verifier *v)
{
    if (!v)
        return;
    pthread_mutex_lock(&v->lock);
    v->closing = true;
    pthread_cond_broadcast(&v->work);
    pthread_mutex_unlock(&v->lock);
    while (v->threads > 0)
        must(pthread_join(v->thread[--v->threads], NULL));
    pthread_cond_destroy(&v->work);
    pthread_cond_destroy(&v->done);
    pthread_mutex_destroy(&v->lock);
    free(v);
}
