#pragma once

/* Long work says how far it is. */

#include "base/base.h"

struct journal_progress {
    void (*tell)(void *context, const char *doing, uint64_t done, uint64_t of); /* or NULL */
    void *context;
};

static inline void journal_tell(struct journal_progress progress, const char *doing, uint64_t done,
                                uint64_t of)
{
    if (progress.tell)
        progress.tell(progress.context, doing, done, of);
}
