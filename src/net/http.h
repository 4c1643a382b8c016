#pragma once

/*
 * The HTTP server: libmicrohttpd from our own loops (doc/decisions/0005-libmicrohttpd.md).
 * It knows nothing of ceasefires: a handler gets a request and fills in a response. One
 * wrapper file; no other includes libmicrohttpd.
 *
 * Handlers run on the server's threads. A request, its body and whatever the handler
 * allocates in its arena live until the response is sent.
 */

#include "base/arena.h"
#include "base/err.h"

struct http_request {
    const char *method;  /* "GET", "HEAD" is given as GET, "POST" */
    bool head;           /* it is a HEAD: of the answer's body only the length is sent */
    struct span path;    /* as sent, before '?'; not decoded */
    struct span query;   /* as sent, after '?'; not decoded */
    struct span body;    /* whole; within the server's limit; a large one is a mapped file */
    void *connection;    /* for http_header only; NULL in tests: there are no headers */
    bool local;          /* over the Unix socket: whoever may open that is the server's owner */
    bool secure;         /* over TLS */
    uint8_t address[16]; /* of the peer; IPv4 in the first four. Zeros when local */
    bool waited;         /* the handler has let it wait, and is asked again */
    struct arena *arena;
};

struct http_parameter {
    struct span name, value; /* decoded, in the arena */
    bool valid;              /* false: a bad %XX, or bytes that are no UTF-8, or U+0000 */
};
/* Takes the next `name=value` off the front of *query; empty ones are passed over. False
 * at the end. */
bool http_query_next(struct span *query, struct http_parameter *out, struct arena *arena);
/* The first of that name. Empty when absent; one that is not valid counts as absent. */
struct span http_query(const struct http_request *request, const char *name);
/* Empty when absent. */
struct span http_header(const struct http_request *request, const char *name);
/* Whether an If-None-Match names the entity tag (without quotes), compared weakly. */
bool http_etag_matches(struct span if_none_match, struct span etag);
/* What a Range asks for of `size` bytes (RFC 9110 §14.2): one range, "bytes=A-B" or "bytes=A-", of
 * which what there is is given. Anything else is no range that is known here, and the whole is the
 * answer; HTTP_RANGE_BEYOND begins past the end. */
enum http_range { HTTP_RANGE_NONE, HTTP_RANGE_SOME, HTTP_RANGE_BEYOND };
enum http_range http_range(struct span header, uint64_t size, uint64_t *out_from,
                           uint64_t *out_len);

#define HTTP_HEADERS 8
struct http_response {
    int status; /* 200 unless set */
    const char *type;
    struct span body;  /* in the request's arena, or constant */
    struct span etag;  /* without quotes; empty: none. GET only: 304 is made from it */
    const char *cache; /* Cache-Control; NULL: "no-cache" */
    const char *headers[HTTP_HEADERS]; /* further "Name: value" lines, ends in NULL */
    /* Not now: when `over` says so, asked fifty times a second on the connection's thread, or after
     * `wait_ms`, whatever else is in here is forgotten and the handler is called again, once. What
     * the context points to lives until then. */
    bool (*over)(void *context);
    void *over_context;
    unsigned wait_ms; /* HTTP_WAIT_MS at most */
};
#define HTTP_WAIT_MS 30000u
typedef void http_handler(void *context, const struct http_request *request,
                          struct http_response *response);
/* Makes the response an error, {"error": text} (doc/api.md). */
void http_error(const struct http_request *request, struct http_response *response, int status,
                const char *format, ...) PRINTF_LIKE(4, 5);

struct http_options {
    const char *listen;      /* "127.0.0.1:8117", "[::1]:8117"; port 0: any; NULL: none */
    const char *socket_path; /* a Unix socket, mode 0600, or NULL */
    /* What `listen` shows, a tls_identity's (net/tls.h), and the caller's until http_stop: then
     * it speaks https alone. NULL: http. */
    const char *tls_pem;
    size_t body_limit;
    /* Where a body over HTTP_SPOOLED_BYTES waits (sys/spool.h), to be mapped and never be in
     * memory as a whole. NULL: all bodies are in memory. */
    const char *spool_directory;
    unsigned threads; /* for `listen`; the Unix socket has one of its own */
    /* How long a connection may be silent, and a request or its answer may take beyond a
     * second for each KiB; 0: HTTP_PATIENCE_S. */
    unsigned patience_s;
    /* Over TCP, answer only requests whose Host is this machine's own name for itself, so
     * that no web page elsewhere can read a loopback server by a name of its own that it
     * lets point here. For what is not public. */
    bool local_names_only;
    http_handler *handler;
    void *context;
};
#define HTTP_PATIENCE_S 60
#define HTTP_SPOOLED_BYTES ((size_t)1 << 20)
struct http_server;
MUST_CHECK bool http_start(struct http_server **out, const struct http_options *options,
                           struct err *err);
/* "http://127.0.0.1:8117", or "https://…": with the port that was really given. Empty
 * without `listen`. */
const char *http_address(const struct http_server *server);
void http_stop(struct http_server *server); /* ends requests under way; NULL is fine */
