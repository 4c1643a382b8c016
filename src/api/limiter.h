#pragma once

/*
 * How much somebody may ask who has not said who they are: a bucket of tokens for each
 * address, refilled as time goes by. Of IPv6, which gives a customer a whole network, an
 * address is its first 64 bits.
 *
 * The table has a fixed size. Where it is full the bucket goes that is nearest to full: who
 * has many addresses gets more, and nobody takes another's tokens by coming from elsewhere.
 * Any thread may call.
 */

#include "base/base.h"

struct limiter;
/* `most` tokens at once, `per_s` new ones a second, at most 1,000. */
struct limiter *limiter_open(uint32_t most, uint32_t per_s);
void limiter_close(struct limiter *limiter); /* NULL is fine */

/* Takes `cost` tokens of this address and gives 0; or takes none and gives how many seconds to
 * wait. A cost above `most` counts as `most`. `now_ms` is of a clock that does not jump. */
uint32_t limiter_take(struct limiter *limiter, const uint8_t address[16], uint32_t cost,
                      int64_t now_ms);
