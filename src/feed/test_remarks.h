#pragma once

/* For tests: what a reader remarks, put into a buffer, each behind the other with a bar. */

#include "base/buf.h"

static inline void hear(void *context, const char *text)
{
    struct buf *heard = context;

    buf_text(heard, text);
    buf_byte(heard, '|');
}
