#pragma once

/* A lock for many readers and one writer who does not wait for ever: glibc lets new readers
 * pass a waiting writer unless it is told not to. No thread may read-lock it twice. */

#include <pthread.h>
#include <stdlib.h>

static inline void fair_lock_open(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t fair;

    if (pthread_rwlockattr_init(&fair) ||
        pthread_rwlockattr_setkind_np(&fair, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) ||
        pthread_rwlock_init(lock, &fair))
        abort();
    pthread_rwlockattr_destroy(&fair);
}
