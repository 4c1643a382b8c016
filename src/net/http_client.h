#pragma once

/*
 * The HTTP client: libcurl. No redirects, no proxies, no cookies.
 *
 * https is spoken with one certificate only, the one that is pinned (net/tls.h); a URL of
 * https without a pin, and a pin for a URL without https, are faults.
 */

#include "base/arena.h"
#include "base/err.h"
#include "crypto/hash.h"

/* Keeps connections for the next call. Of one thread. */
struct http_client;
struct http_client *http_client_open(void);
void http_client_close(struct http_client *client); /* NULL is fine */

struct http_pin {
    struct hash certificate; /* SHA-256 of its DER */
};

#define HTTP_CALL_HEADERS 4
struct http_call {
    struct http_client *client; /* NULL: a connection for this call alone */
    const char *url;
    const char *socket_path; /* over a Unix socket; NULL: TCP */
    const struct http_pin *pin;
    /* Instead of a pin: takes whatever certificate there is and says which that was. For
     * asking for what would prove it; needs a connection of its own. */
    struct http_pin *out_pin;
    const char *method; /* "GET" or "POST" */
    const char *type;   /* of the body */
    struct span body;
    const char *headers[HTTP_CALL_HEADERS]; /* further "Name: value" lines, ends in NULL */
    size_t limit;                           /* the largest answer taken */
    unsigned timeout_s;
    /* Whether to give up; asked about once a second and whenever bytes move. May be NULL. */
    bool (*stop)(void *context);
    void *stop_context;
    /* Whether it failed before anything was sent, for nobody was there to connect to. May be
     * NULL. */
    bool *out_unsent;
};

struct http_reply {
    int status;
    struct span body;
    struct span etag;       /* as sent, as If-None-Match takes it; empty: none */
    struct span type;       /* Content-Type, as sent */
    uint64_t retry_after_s; /* 0: it does not say in seconds */
};

/* False when there was no whole answer; a status of 304, or of 400 and more, is an answer.
 * ERR_REFUSED when the certificate is another than the one pinned, or none is to be had. */
MUST_CHECK bool http_do(const struct http_call *call, struct http_reply *reply, struct arena *arena,
                        struct err *err);

/* Whether nobody can stand between: its host is a loopback address or localhost. */
bool http_url_is_loopback(const char *url);
