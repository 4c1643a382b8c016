#pragma once

/* For test programs only: a directory that is gone afterwards. */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base.h"

struct scratch {
    char path[64];
};

static inline struct scratch scratch_make(void)
{
    struct scratch scratch = {"/tmp/sulh-test-XXXXXX"};
    const char *made = mkdtemp(scratch.path);

    assert(made);
    return scratch;
}

static inline int scratch_remove_one(const char *path, const struct stat *st, int type,
                                     struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline void scratch_remove(const struct scratch *scratch)
{
    int failed = nftw(scratch->path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);

    assert(!failed);
}
