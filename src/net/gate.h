#pragma once

/*
 * For test programs only: what is slow is so until the test has seen what it wanted to see, so that
 * nothing depends on how fast the machine is.
 */

#include <semaphore.h>
#include <time.h>

static sem_t gate; /* zero at first */

/* Of a handler: until the gate is opened for it, or, lest a test hang, for half a minute. */
static inline void gate_wait(void)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 30;
    sem_timedwait(&gate, &until);
}

/* For one that waits, or will. */
static inline void gate_open(void)
{
    sem_post(&gate);
}
