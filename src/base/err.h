#pragma once

/*
 * A fault: the world did not do what was asked (disk, network, malformed
 * bytes). A function that can meet one returns false and fills in the
 * `struct err` it was given last; callers add what they were doing and pass it
 * up. A bug is an assert, a verdict is a value: neither is an err.
 */

#include "base/base.h"

enum err_kind {
    ERR_NONE,
    ERR_MALFORMED, /* the bytes are not of the form asked for */
    ERR_LIMIT,     /* well formed, but larger than a written limit */
    ERR_MISSING,   /* what was named is not there */
    ERR_CONFLICT,  /* it is there and says otherwise */
    ERR_REFUSED,   /* understood, and not allowed */
    ERR_USAGE,     /* a person gave the wrong words */
    ERR_IO,        /* file, socket or clock */
};

struct err {
    enum err_kind kind;
    char text[600]; /* one line of UTF-8, cut with "…" when longer */
};

/* Sets *err and returns false, so that a caller can write `return err_set(…)`. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts what was being done before what went wrong: "DOING: WHAT". Returns false. */
bool err_wrap(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* As err_set, with the message of the C library's errno at the end. */
bool err_errno(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);
