#pragma once

/* DIR/sulh.toml: what a node must know of itself before it can read its log. */

#include "base/err.h"
#include "sys/disk.h"

struct settings {
    char agreement[104]; /* the agreement's name */
    char origin[104];    /* also the log key's name */
    char promise[104];   /* the promise key's name */
    char operator[104];  /* the operator's node key's name */
};

MUST_CHECK bool settings_read(struct settings *out, struct disk *disk, struct err *err);
MUST_CHECK bool settings_write(const struct settings *settings, struct disk *disk, struct err *err);
