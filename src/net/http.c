#include "net/http.h"

#include "base/reader.h"
#include "net/listen.h"
#include "sys/clock.h"
#include "sys/spool.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of all threads together. A process may have 1,024 files open unless somebody raises
 * that: half is left for the store, the log and the parts. Who comes beyond it waits. */
#define CONNECTIONS 512u
/* Of a thread's share, from one address: a runaway client is not to lock the others out. */
#define SHARE_OF_ONE(share) ((share) / 4 * 3)
/* Request line, headers and what libmicrohttpd keeps of a connection. */
#define CONNECTION_BYTES 32768u
/* Bodies that are held at one time, in multiples of the largest that is taken: in memory, and
 * on the disk. */
#define BODIES 4u
#define SPOOLED_BODIES 64u
/* Of a refused body so much is read and dropped, so that its sender, who may still be
 * sending, gets to see the answer; then the connection is cut. */
#define DROPPED_BYTES ((size_t)64 << 20)
/* The slowest that a sender or a reader may be on the whole. */
#define BYTES_PER_S 1024u
#define TURN_MS 250
#define WAIT_TURN_MS 20 /* while requests wait for something to happen */
/* TLS 1.3, and 1.2 for the browsers of old machines, there with what 1.3 would take. */
#define TLS_PRIORITIES                                                                             \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:"      \
    "+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD"
#define NS_PER_S UINT64_C(1000000000)

/* One connection, as the thread that serves it sees it. libmicrohttpd only notices
 * silence; who sends a byte now and then would hold a connection for ever. */
struct peer {
    struct worker *worker;
    struct peer *before, *next;
    int fd;
    uint64_t since_ns; /* when its present request, or the answer to it, began */
    uint64_t bytes;    /* of the request so far, or of the answer */
};

struct worker {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    bool running, local; /* local: on the Unix socket */
    struct peer *peers;
    uint64_t swept_ns;
    struct exchange *waiting;
};

struct http_server {
    struct http_options options;
    char *socket_path;
    char address[sizeof "https://" + LISTEN_ADDRESS_TEXT];
    atomic_bool stopping;
    atomic_size_t held;    /* bytes of all bodies in memory */
    atomic_size_t spooled; /* of all on the disk */
    struct worker *worker;
    unsigned count;
};

/* One request and its answer. */
struct exchange {
    struct http_server *server;
    struct worker *worker;
    struct exchange *next_waiting;
    uint64_t until_ns; /* that it waits */
    struct arena arena;
    struct http_request request;
    struct http_response response; /* of status 0 until something is to be answered */
    bool begun, at_once;
    bool large;          /* the body goes to a spool, not to memory */
    uint8_t *body;       /* in memory; NULL once there is a spool */
    struct spool *spool; /* of a large body, from its first byte on */
    size_t len, room, dropped;
};

/* What every response carries, unless its own header of that name says otherwise. Pages bring their
 * own scripts, styles and data; nothing is loaded from elsewhere, and nobody else frames them or
 * learns who came from them. */
static const struct {
    const char *name, *value;
} every_response[] = {
    {"Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; "
                                "frame-ancestors 'none'; object-src 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

/* --- requests ------------------------------------------------------------ */

struct span http_header(const struct http_request *request, const char *name)
{
    const char *value = NULL;
    size_t len = 0;

    if (request->connection &&
        MHD_lookup_connection_value_n(request->connection, MHD_HEADER_KIND, name, strlen(name),
                                      &value, &len) == MHD_YES)
        return span_make(value, len);
    return (struct span){0};
}

/* Called with the request line, before anything else is known of the request. */
static void *exchange_new(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct worker *worker = context;
    struct exchange *x = calloc(1, sizeof *x);

    if (!x)
        abort();
    x->server = worker->server;
    x->worker = worker;
    x->request.connection = connection;
    x->request.arena = &x->arena;
    x->request.query = arena_copy(&x->arena, span_of(uri));
    if (!span_cut(&x->request.query, '?', &x->request.path)) {
        x->request.path = x->request.query;
        x->request.query = (struct span){0};
    }
    return x;
}

static void body_free(struct exchange *x)
{
    atomic_fetch_sub(&x->server->held, x->room);
    x->room = 0;
    free(x->body);
    x->body = NULL;
}

static void exchange_free(struct exchange *x)
{
    if (x->spool)
        atomic_fetch_sub(&x->server->spooled, x->len);
    spool_close(x->spool);
    body_free(x);
    arena_free(&x->arena);
    free(x);
}

/* We take the URI apart ourselves, and libmicrohttpd is to leave it as it is. */
static size_t decode_nothing(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info->socket_context;
}

static void peer_turn(struct peer *peer, uint64_t bytes)
{
    peer->since_ns = clock_ticks_ns();
    peer->bytes = bytes;
}

struct counted {
    const char *name;
    unsigned count;
};

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    struct counted *counted = context;

    (void)kind, (void)value;
    counted->count += strcasecmp(name, counted->name) == 0;
    return MHD_YES;
}

static unsigned header_count(const struct http_request *request, const char *name)
{
    struct counted counted = {.name = name};

    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count_header, &counted);
    return counted.count;
}

/* Two programs in a row that disagree about where a request ends can be made to take one
 * person's request for another's (RFC 9112 §11.2). So only one reading is let through. */
static bool length_is_plain(const struct http_request *request)
{
    unsigned lengths = header_count(request, "Content-Length");
    unsigned codings = header_count(request, "Transfer-Encoding");

    return lengths + codings <= 1 &&
           (codings == 0 || span_is(http_header(request, "Transfer-Encoding"), "chunked"));
}

/* With or without a port. */
static bool is_local_name(struct span host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        size_t len = strlen(names[i]);

        if (host.len >= len && strncasecmp((const char *)host.at, names[i], len) == 0 &&
            (host.len == len || host.at[len] == ':'))
            return true;
    }
    return false;
}

/* A refusal waits for the end of the body, for a sender that is still sending may miss it;
 * but not where the end is in doubt or too far. */
static void refuse_at_once(struct exchange *x)
{
    x->at_once = true;
    x->response.headers[0] = "Connection: close";
}

static void read_length(struct exchange *x)
{
    size_t limit = x->server->options.body_limit;
    uint64_t length = 0;
    bool announced = decimal_parse(&length, http_header(&x->request, "Content-Length"), UINT64_MAX);

    x->large = announced && length > HTTP_SPOOLED_BYTES;
    if (!length_is_plain(&x->request)) {
        http_error(&x->request, &x->response, 400,
                   "the length of the body is given twice, or in a coding that is not \"chunked\"");
        refuse_at_once(x);
    } else if (announced && length > limit) {
        http_error(&x->request, &x->response, 413, "the body is larger than %zu bytes", limit);
        if (length > DROPPED_BYTES)
            refuse_at_once(x);
    }
}

static void read_address(struct http_request *request)
{
    const struct sockaddr *at =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
            ->client_addr;

    if (at->sa_family == AF_INET6)
        memcpy(request->address, &((const struct sockaddr_in6 *)(const void *)at)->sin6_addr, 16);
    else if (at->sa_family == AF_INET)
        memcpy(request->address, &((const struct sockaddr_in *)(const void *)at)->sin_addr, 4);
}

/* A packed body would be read as what it is not: nothing unpacks one here (RFC 9110 §12.5.3). */
static void refuse_coding(struct exchange *x)
{
    struct span coding = http_header(&x->request, "Content-Encoding");

    if (coding.len == 0 || span_is(coding, "identity") || x->response.status)
        return;
    http_error(&x->request, &x->response, 415,
               "a body packed as \"%.*s\" is not taken here: send it as it is", SPAN_ARG(coding));
    x->response.headers[0] = "Accept-Encoding: identity";
}

/* With all headers there: what can be refused before the body. */
static void exchange_begin(struct exchange *x, const struct worker *worker, const char *method)
{
    struct span host = http_header(&x->request, "Host");
    bool local = worker->local || !worker->server->options.local_names_only;

    x->begun = true;
    x->request.method = strcmp(method, "POST") == 0 ? "POST" : "GET";
    x->request.head = strcmp(method, "HEAD") == 0;
    x->request.local = worker->local;
    x->request.secure = !worker->local && worker->server->options.tls_pem;
    if (!worker->local)
        read_address(&x->request);

    if (!x->request.head && strcmp(method, x->request.method) != 0) {
        http_error(&x->request, &x->response, 405, "%s is not answered here: use GET, HEAD or POST",
                   method);
        x->response.headers[0] = "Allow: GET, HEAD, POST";
    } else if (!local && !is_local_name(host)) {
        http_error(&x->request, &x->response, 421,
                   "this server answers to localhost, 127.0.0.1 and [::1] only, not to \"%.*s\"",
                   SPAN_ARG(host));
    }
    refuse_coding(x);
    read_length(x);
}

static bool refuse_for_now(struct exchange *x)
{
    http_error(&x->request, &x->response, 503,
               "other requests with large bodies are under way: try again in a second");
    x->response.headers[0] = "Retry-After: 1";
    return false;
}

/* Counts bytes against what all requests hold together. */
static bool count(atomic_size_t *counter, size_t len, size_t most)
{
    if (atomic_fetch_add(counter, len) + len <= most)
        return true;
    atomic_fetch_sub(counter, len);
    return false;
}

/* Makes room in memory for a body of `len`. */
static bool body_room(struct exchange *x, size_t len)
{
    size_t limit = x->server->options.body_limit;
    size_t room = x->room ? x->room : 4096;

    if (len <= x->room)
        return true;
    while (room < len)
        room *= 2;
    if (room > limit)
        room = limit;
    if (!count(&x->server->held, room - x->room, BODIES * limit))
        return refuse_for_now(x);
    uint8_t *at = realloc(x->body, room);
    if (!at)
        abort();
    x->body = at;
    x->room = room;
    return true;
}

static bool body_remember(struct exchange *x, struct span bytes)
{
    if (!body_room(x, x->len + bytes.len))
        return false;
    memcpy(x->body + x->len, bytes.at, bytes.len);
    return true;
}

/* What is in memory by now goes first, and leaves it. */
static bool body_spool(struct exchange *x, struct span bytes)
{
    struct http_server *server = x->server;
    size_t before = x->spool ? 0 : x->len;
    struct err err;

    if (!count(&server->spooled, before + bytes.len, SPOOLED_BODIES * server->options.body_limit))
        return refuse_for_now(x);
    bool ok = x->spool || (spool_open(&x->spool, server->options.spool_directory, &err) &&
                           spool_put(x->spool, span_make(x->body, x->len), &err));
    ok = ok && spool_put(x->spool, bytes, &err);
    if (ok) {
        body_free(x);
        return true;
    }
    atomic_fetch_sub(&server->spooled, bytes.len + (x->spool ? 0 : before));
    http_error(&x->request, &x->response, 503, "no room for this body: %s", err.text);
    x->response.headers[0] = "Retry-After: 60";
    return false;
}

static bool body_take(struct exchange *x, struct span bytes)
{
    bool spools = x->server->options.spool_directory != NULL;

    x->large = x->large || x->len + bytes.len > HTTP_SPOOLED_BYTES;
    if (!(spools && x->large ? body_spool : body_remember)(x, bytes))
        return false;
    x->len += bytes.len;
    return true;
}

/* False when the sender is not to be listened to any more. */
static bool exchange_take(struct exchange *x, const char *data, size_t len)
{
    if (!x->response.status && len > x->server->options.body_limit - x->len)
        http_error(&x->request, &x->response, 413, "the body is larger than %zu bytes",
                   x->server->options.body_limit);
    if (!x->response.status && body_take(x, span_make(data, len)))
        return true;
    x->dropped += len;
    return x->dropped <= DROPPED_BYTES;
}

/* --- responses ----------------------------------------------------------- */

static void put_header(struct MHD_Response *out, const char *name, const char *value)
{
    enum MHD_Result added = MHD_add_response_header(out, name, value);

    assert(added == MHD_YES); /* no newline, no empty name */
    (void)added;
}

static bool has_header(const struct http_response *response, const char *name)
{
    for (size_t i = 0; i < HTTP_HEADERS && response->headers[i]; i++) {
        struct span rest = span_of(response->headers[i]), held;
        if (span_cut(&rest, ':', &held) && span_is(held, name))
            return true;
    }
    return false;
}

static void put_headers(struct MHD_Response *out, struct exchange *x)
{
    const struct http_response *response = &x->response;

    for (size_t i = 0; i < ARRAY_LEN(every_response); i++)
        if (!has_header(response, every_response[i].name))
            put_header(out, every_response[i].name, every_response[i].value);
    put_header(out, "Cache-Control", response->cache ? response->cache : "no-cache");
    if (response->type)
        put_header(out, "Content-Type", response->type);
    if (response->etag.len)
        put_header(out, "ETag", arena_printf(&x->arena, "\"%.*s\"", SPAN_ARG(response->etag)));
    for (size_t i = 0; i < HTTP_HEADERS && response->headers[i]; i++) {
        struct span value = span_of(response->headers[i]), name;
        bool cut = span_cut(&value, ':', &name);

        assert(cut && value.len > 1 && value.at[0] == ' ');
        put_header(out, arena_text(&x->arena, name), (const char *)value.at + 1);
    }
}

static enum MHD_Result exchange_send(struct exchange *x)
{
    struct http_response *response = &x->response;

    if (response->status == 200 && strcmp(x->request.method, "GET") == 0 &&
        http_etag_matches(http_header(&x->request, "If-None-Match"), response->etag)) {
        response->status = 304;
        response->type = NULL;
        response->body = (struct span){0};
    }

    /* PERSISTENT: it is read from where it is, and never written to. */
    struct MHD_Response *out = MHD_create_response_from_buffer(
        response->body.len, (void *)(uintptr_t)response->body.at, MHD_RESPMEM_PERSISTENT);
    if (!out)
        return MHD_NO;
    put_headers(out, x);
    peer_turn(peer_of(x->request.connection), response->body.len);
    enum MHD_Result queued =
        MHD_queue_response(x->request.connection, (unsigned)response->status, out);
    MHD_destroy_response(out);
    return queued;
}

/* The body as the handler sees it. */
static void body_show(struct exchange *x)
{
    struct err err;

    x->request.body = span_make(x->body, x->len);
    if (x->spool && !spool_map(x->spool, &x->request.body, &err))
        http_error(&x->request, &x->response, 503, "this body cannot be read now: %s", err.text);
}

/* libmicrohttpd leaves the connection alone, until wake. */
static enum MHD_Result exchange_wait(struct exchange *x)
{
    assert(x->response.wait_ms <= HTTP_WAIT_MS);
    x->until_ns = clock_ticks_ns() + x->response.wait_ms * (NS_PER_S / 1000);
    x->next_waiting = x->worker->waiting;
    x->worker->waiting = x;
    MHD_suspend_connection(x->request.connection);
    return MHD_YES;
}

static enum MHD_Result exchange_answer(struct exchange *x)
{
    const struct http_options *options = &x->server->options;

    if (!x->response.status)
        body_show(x);
    if (!x->response.status) {
        options->handler(options->context, &x->request, &x->response);
        if (x->response.over && !x->request.waited)
            return exchange_wait(x);
        if (!x->response.status)
            x->response.status = 200;
    }
    return exchange_send(x);
}

/* --- what libmicrohttpd calls -------------------------------------------- */

/* Once with the headers, once for each piece of the body, once more at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *len, void **request_context)
{
    struct exchange *x = *request_context;

    (void)url, (void)version;
    if (!x->begun) {
        exchange_begin(x, context, method);
        return x->at_once ? exchange_answer(x) : MHD_YES;
    }
    if (*len == 0)
        return exchange_answer(x);
    peer_of(connection)->bytes += *len;
    bool going_on = exchange_take(x, data, *len);
    *len = 0;
    return going_on ? MHD_YES : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    (void)context, (void)code;
    if (*request_context)
        exchange_free(*request_context);
    *request_context = NULL;
    struct peer *peer = peer_of(connection);
    if (peer)
        peer_turn(peer, 0);
}

static void peer_add(struct worker *worker, struct MHD_Connection *connection, void **context)
{
    struct peer *peer = calloc(1, sizeof *peer);

    if (!peer)
        abort();
    peer->worker = worker;
    peer->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    peer->next = worker->peers;
    if (peer->next)
        peer->next->before = peer;
    worker->peers = peer;
    peer_turn(peer, 0);
    *context = peer;
}

static void peer_remove(struct worker *worker, struct peer *peer)
{
    if (peer->next)
        peer->next->before = peer->before;
    if (peer->before)
        peer->before->next = peer->next;
    else
        worker->peers = peer->next;
    free(peer);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        peer_add(context, connection, socket_context);
    } else if (*socket_context) {
        peer_remove(context, *socket_context);
        *socket_context = NULL;
    }
}

/* --- threads ------------------------------------------------------------- */

/* Cuts off who has been too slow; libmicrohttpd finds the end of the stream and closes. */
static void sweep(struct worker *worker)
{
    uint64_t now = clock_ticks_ns();
    uint64_t patience = worker->server->options.patience_s * NS_PER_S;

    if (now - worker->swept_ns < NS_PER_S)
        return;
    worker->swept_ns = now;
    for (struct peer *peer = worker->peers; peer; peer = peer->next)
        if (now - peer->since_ns > patience + peer->bytes * (NS_PER_S / BYTES_PER_S))
            shutdown(peer->fd, SHUT_RDWR);
}

/* Those for whom it is over, or all: libmicrohttpd asks again for their answers. */
static void wake(struct worker *worker, bool all)
{
    uint64_t now = clock_ticks_ns();
    struct exchange **at = &worker->waiting;

    while (*at) {
        struct exchange *x = *at;

        if (!all && now < x->until_ns && !x->response.over(x->response.over_context)) {
            at = &x->next_waiting;
            continue;
        }
        *at = x->next_waiting;
        x->request.waited = true;
        x->response = (struct http_response){0};
        peer_turn(peer_of(x->request.connection), 0);
        MHD_resume_connection(x->request.connection);
    }
}

static void run_once(struct worker *worker, int32_t turn_ms)
{
    enum MHD_Result turned = MHD_run_wait(worker->daemon, turn_ms);

    assert(turned == MHD_YES);
    (void)turned;
}

static void *work(void *context)
{
    struct worker *worker = context;

    while (!atomic_load(&worker->server->stopping)) {
        run_once(worker, worker->waiting ? WAIT_TURN_MS : TURN_MS);
        wake(worker, false);
        sweep(worker);
    }
    if (worker->waiting) { /* none may, when the daemon is stopped */
        wake(worker, true);
        run_once(worker, 0);
    }
    return NULL;
}

/* libmicrohttpd reads it and says nothing of it in its types. */
static void *unconst(const char *text)
{
    return (void *)(uintptr_t)text;
}

/* Takes the descriptor over, also when it fails. */
static bool worker_start(struct http_server *server, int fd, bool local, struct err *err)
{
    const struct http_options *options = &server->options;
    struct worker *worker = &server->worker[server->count];
    unsigned share = local ? CONNECTIONS : CONNECTIONS / options->threads;
    bool tls = options->tls_pem && !local;
    struct MHD_OptionItem with_tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, unconst(options->tls_pem)},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, unconst(options->tls_pem)},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, unconst(TLS_PRIORITIES)},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem without[] = {{MHD_OPTION_END, 0, NULL}};

    *worker = (struct worker){.server = server, .local = local};
    /* MHD_USE_EPOLL with MHD_run_wait, and no thread of libmicrohttpd: its own stalls when
     * exactly 128 sockets, or a multiple, become ready at once. */
    worker->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0), 0, NULL, NULL,
        on_request, worker, MHD_OPTION_ARRAY, tls ? with_tls : without, MHD_OPTION_LISTEN_SOCKET,
        fd, MHD_OPTION_CONNECTION_LIMIT, share, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        SHARE_OF_ONE(share), MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, options->patience_s, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_new, worker, MHD_OPTION_UNESCAPE_CALLBACK,
        decode_nothing, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, worker,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, worker, MHD_OPTION_END);
    if (!worker->daemon) {
        close(fd);
        return err_set(err, ERR_IO,
                       tls ? "the HTTP library would not start with this certificate"
                           : "the HTTP library would not start");
    }
    server->count++;
    int failed = pthread_create(&worker->thread, NULL, work, worker);
    worker->running = failed == 0;
    return worker->running ||
           err_set(err, ERR_IO, "no thread for the HTTP server: error %d", failed);
}

/* All threads wait on one socket: each closes its own duplicate of it. */
static bool start_tcp(struct http_server *server, struct err *err)
{
    char address[LISTEN_ADDRESS_TEXT];
    int fd;

    if (!listen_tcp(&fd, address, server->options.listen, err))
        return false;
    snprintf(server->address, sizeof server->address, "%s://%s",
             server->options.tls_pem ? "https" : "http", address);

    bool ok = true;
    for (unsigned i = 0; ok && i < server->options.threads; i++) {
        int own = dup(fd);
        ok = own >= 0 ? worker_start(server, own, false, err) : err_errno(err, "dup");
    }
    close(fd);
    return ok;
}

static bool start_unix(struct http_server *server, struct err *err)
{
    int fd;

    if (!listen_unix(&fd, server->options.socket_path, err))
        return false;
    server->socket_path = strdup(server->options.socket_path);
    if (!server->socket_path)
        abort();
    return worker_start(server, fd, true, err);
}

bool http_start(struct http_server **out, const struct http_options *options, struct err *err)
{
    struct http_server *server = calloc(1, sizeof *server);

    assert(options->handler && options->threads > 0 && options->body_limit > 0);
    if (!server)
        abort();
    server->options = *options;
    if (!options->patience_s)
        server->options.patience_s = HTTP_PATIENCE_S;
    server->worker = calloc(options->threads + 1, sizeof *server->worker);
    if (!server->worker)
        abort();

    bool ok = !options->listen || start_tcp(server, err);
    ok = ok && (!options->socket_path || start_unix(server, err));
    if (!ok) {
        http_stop(server);
        return false;
    }
    *out = server;
    return true;
}

const char *http_address(const struct http_server *server)
{
    return server->address;
}

void http_stop(struct http_server *server)
{
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    for (unsigned i = 0; i < server->count; i++)
        if (server->worker[i].running)
            pthread_join(server->worker[i].thread, NULL);
    for (unsigned i = 0; i < server->count; i++)
        MHD_stop_daemon(server->worker[i].daemon);
    if (server->socket_path)
        unlink(server->socket_path);
    free(server->socket_path);
    free(server->worker);
    free(server);
}
