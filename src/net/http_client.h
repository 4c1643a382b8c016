#pragma once

/* The HTTP client: libcurl. No redirects, no proxies, no cookies. */

#include "base/arena.h"
#include "base/err.h"

struct http_call {
    const char *url;
    const char *socket_path; /* over a Unix socket; NULL: TCP */
    const char *method;      /* "GET" or "POST" */
    const char *type;        /* of the body */
    struct span body;
    size_t limit; /* the largest answer taken */
    unsigned timeout_s;
};
struct http_reply {
    int status;
    struct span body;
};
/* False when there was no whole answer; a status of 400 and more is an answer. */
MUST_CHECK bool http_do(const struct http_call *call, struct http_reply *reply, struct arena *arena,
                        struct err *err);
