#pragma once

/*
 * A form with files as browsers and phones send it: multipart/form-data of RFC 7578, in the
 * frame of RFC 2046 §5.1. It is read as a whole or not at all, so nobody acts on the first
 * parts of a form whose end is missing.
 *
 * Where receivers are known to differ, only one reading is let through: line ends are CRLF, a
 * line of a part that begins as the boundary does is refused unless it is one, nothing
 * but empty lines stands before the first boundary or behind the last, a header is one line and
 * given once.
 *
 * A name or file name is read as those who send them write it: in quotes with " as %22 and
 * line ends as %0D %0A (the HTML standard, okhttp), or with \" and \\ (older ones; any other \
 * is itself, as in C:\x.jpg), or as filename*=UTF-8''… (RFC 8187), which goes before the plain
 * one. In UTF-8, without control characters. It is a name that somebody chose and never a path.
 */

#include "base/arena.h"
#include "base/err.h"

struct multipart_part {
    struct span name; /* not empty */
    struct span filename;
    bool has_filename; /* it is a file; its name may be empty */
    struct span type;  /* of its content, as sent; empty: "text/plain" (RFC 7578 §4.4) */
    struct span bytes; /* in the body */
};

/* `content_type` is the header of the request. At most LIMIT_FORM_PARTS; none is fine. Names
 * may repeat. What is read points into `body` or the arena. */
MUST_CHECK bool multipart_parse(struct multipart_part **out, size_t *out_count,
                                struct span content_type, struct span body, struct arena *arena,
                                struct err *err);

/* The first of that name; NULL when there is none. */
const struct multipart_part *multipart_find(const struct multipart_part *part, size_t count,
                                            const char *name);
