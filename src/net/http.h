#pragma once

/*
 * The HTTP server: libmicrohttpd from our own loop. It knows nothing of ceasefires: a
 * handler gets a request and fills in a response. One wrapper file; no other includes
 * libmicrohttpd.
 *
 * Handlers run on the server's threads. A request, its body and whatever the handler
 * allocates in its arena live until the response is sent.
 */

#include "base/arena.h"
#include "base/err.h"

struct http_request {
    const char *method; /* "GET", "HEAD" is given as GET, "POST" */
    struct span path;   /* as sent, before '?'; not decoded */
    struct span body;   /* whole; within the server's limit */
    void *connection;   /* for http_header and http_query only */
    struct arena *arena;
};
/* Empty when absent. Values are percent-decoded; one that is not UTF-8 or holds U+0000 is absent. */
struct span http_query(const struct http_request *request, const char *name);
struct span http_header(const struct http_request *request, const char *name);

struct http_response {
    int status; /* 200 unless set */
    const char *type;
    struct span body;    /* in the request's arena, or constant */
    struct span etag;    /* without quotes; empty: none. GET only: 304 is made from it */
    const char *cache;   /* Cache-Control; NULL: "no-cache" */
    const char *headers[8]; /* further "Name: value" lines, ends in NULL */
};
typedef void http_handler(void *context, const struct http_request *request,
                          struct http_response *response);

struct http_options {
    const char *listen;      /* "127.0.0.1:8117", "[::1]:8117"; port 0: any; NULL: none */
    const char *socket_path; /* a Unix socket, mode 0600, or NULL */
    size_t body_limit;
    unsigned threads;
    http_handler *handler;
    void *context;
};
struct http_server;
MUST_CHECK bool http_start(struct http_server **out, const struct http_options *options,
                           struct err *err);
/* "http://127.0.0.1:8117": with the port that was really given. */
const char *http_address(const struct http_server *server);
void http_stop(struct http_server *server); /* ends requests under way; NULL is fine */
