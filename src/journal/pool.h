#pragma once

/* Work for several cores: one task over many pieces, each piece by itself. */

#include "base/base.h"

struct pool;

typedef void pool_task(void *context, size_t piece);

/* With 0 threads, the caller's own does the work. */
struct pool *pool_open(unsigned threads);
unsigned pool_cores(void); /* that this machine offers, at most 16 */
/* Begins pieces 0 to count − 1, `take` at a time, and returns; one at a time. What the
 * task touches is the pool's until pool_wait. */
void pool_start(struct pool *pool, pool_task *task, void *context, size_t count, size_t take);
void pool_wait(struct pool *pool);
void pool_close(struct pool *pool); /* waits; NULL is fine */
