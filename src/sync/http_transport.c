#include "sync/http_transport.h"

#include "base/limits.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define PEERS 128u
#define LONGEST_S 10u /* that one call may take, whether or not anybody still waits for it */
#define NS_PER_MS UINT64_C(1000000)

/* A peer's thread: idle, or at work on a call whose answer it keeps until it is fetched. */
struct peer {
    struct http_transport *http;
    pthread_t thread;
    char *url;
    struct http_client *client;
    struct http_access access;
    bool has_access;

    /* Behind the transport's lock. */
    enum { PEER_IDLE, PEER_ASKED, PEER_DONE } state;
    bool wanted;        /* somebody waits for the answer */
    struct call call;   /* its strings in the arena */
    struct arena arena; /* the thread's while it is asked */
};

struct http_transport {
    http_get_access *access;
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool closing;
    struct peer *peer[PEERS];
    size_t count;
};

static bool is_closing(void *context)
{
    struct http_transport *http = context;

    pthread_mutex_lock(&http->lock);
    bool closing = http->closing;
    pthread_mutex_unlock(&http->lock);
    return closing;
}

/* On the peer's thread. */

static bool do_call(struct peer *peer, struct http_reply *reply)
{
    struct call *call = &peer->call;
    bool secure = strncmp(call->url, "https:", 6) == 0;
    struct http_call http = {
        .client = peer->client,
        .url = arena_printf(&peer->arena, "%s%s", call->url, call->path),
        .pin = secure ? &peer->access.pin : NULL,
        .method = call->type ? "POST" : "GET",
        .type = call->type,
        .body = call->body,
        .limit = call->limit,
        .timeout_s = LONGEST_S,
        .stop = is_closing,
        .stop_context = peer->http,
        .out_unsent = &call->unsent,
    };

    unsigned headers = 0;
    if (call->range_len)
        http.headers[headers++] =
            arena_printf(&peer->arena, "Range: bytes=%" PRIu64 "-%" PRIu64, call->range_from,
                         call->range_from + call->range_len - 1);
    if (peer->access.authorization[0])
        http.headers[headers++] = peer->access.authorization;
    return http_do(&http, reply, &peer->arena, &call->err);
}

static bool get_access(struct peer *peer)
{
    struct http_transport *http = peer->http;

    if (!http->access)
        return true;
    peer->has_access = http->access(http->context, peer->url, &peer->access, &peer->call.err);
    return peer->has_access;
}

static void answer(struct peer *peer)
{
    struct call *call = &peer->call;
    struct http_reply reply = {0};
    bool fresh = !peer->has_access && peer->http->access;

    call->unsent = fresh && !get_access(peer);
    if (call->unsent)
        return;
    bool ok = do_call(peer, &reply);
    bool stale = ok ? reply.status == 401 : call->err.kind == ERR_REFUSED;
    if (stale && !fresh && peer->http->access)
        ok = get_access(peer) && do_call(peer, &reply);
    if (!ok)
        return;
    call->answered = true;
    call->status = reply.status;
    call->reply = reply.body;
    call->reply_type = reply.type;
}

static void *work(void *context)
{
    struct peer *peer = context;
    struct http_transport *http = peer->http;

    pthread_mutex_lock(&http->lock);
    while (!http->closing) {
        if (peer->state != PEER_ASKED) {
            pthread_cond_wait(&http->changed, &http->lock);
            continue;
        }
        pthread_mutex_unlock(&http->lock);
        answer(peer);
        pthread_mutex_lock(&http->lock);
        peer->state = peer->wanted ? PEER_DONE : PEER_IDLE;
        pthread_cond_broadcast(&http->changed);
    }
    pthread_mutex_unlock(&http->lock);
    return NULL;
}

/* On the caller's; the lock is held. */

static struct peer *peer_add(struct http_transport *http, const char *url)
{
    struct peer *peer = calloc(1, sizeof *peer);

    if (!peer || !(peer->url = strdup(url)))
        abort();
    peer->http = http;
    peer->client = http_client_open();
    if (pthread_create(&peer->thread, NULL, work, peer) != 0)
        abort();
    http->peer[http->count++] = peer;
    return peer;
}

static struct peer *peer_of(struct http_transport *http, const char *url)
{
    for (size_t i = 0; i < http->count; i++)
        if (strcmp(http->peer[i]->url, url) == 0)
            return http->peer[i];
    return http->count < PEERS ? peer_add(http, url) : NULL;
}

static bool ask(struct http_transport *http, const struct call *call)
{
    struct peer *peer = peer_of(http, call->url);

    if (!peer || peer->state != PEER_IDLE)
        return false;
    arena_reset(&peer->arena);
    peer->call = (struct call){.url = peer->url,
                               .path = arena_text(&peer->arena, span_of(call->path)),
                               .body = arena_copy(&peer->arena, call->body),
                               .limit = call->limit,
                               .range_from = call->range_from,
                               .range_len = call->range_len};
    if (call->type)
        peer->call.type = arena_text(&peer->arena, span_of(call->type));
    peer->state = PEER_ASKED;
    peer->wanted = true;
    return true;
}

static void fetch(struct peer *peer, struct call *call, struct arena *arena)
{
    call->answered = peer->call.answered;
    call->unsent = peer->call.unsent;
    call->status = peer->call.status;
    call->err = peer->call.err;
    call->reply = arena_copy(arena, peer->call.reply);
    call->reply_type = arena_copy(arena, peer->call.reply_type);
    peer->state = PEER_IDLE;
}

/* One round of calls. */
struct round {
    struct http_transport *http;
    struct call *call;
    struct peer **peer; /* whose answer is still to come; NULL: it came, or was never asked for */
    size_t count, open;
};

static void start(struct round *round, size_t i)
{
    struct call *call = &round->call[i];

    call->answered = call->again = call->unsent = false;
    if (ask(round->http, call)) {
        round->peer[i] = peer_of(round->http, call->url);
        round->open++;
    } else {
        call->unsent = true;
        err_set(&call->err, ERR_IO, "%s: still busy with an earlier question", call->url);
    }
}

/* What `enough` has marked to be asked again. */
static void start_again(struct round *round)
{
    for (size_t i = 0; i < round->count; i++)
        if (!round->peer[i] && round->call[i].again)
            start(round, i);
    pthread_cond_broadcast(&round->http->changed);
}

/* Whether one more was answered. */
static bool fetch_done(struct round *round, struct arena *arena)
{
    for (size_t i = 0; i < round->count; i++) {
        struct peer *peer = round->peer[i];

        if (!peer || peer->state != PEER_DONE)
            continue;
        fetch(peer, &round->call[i], arena);
        round->peer[i] = NULL;
        round->open--;
        return true;
    }
    return false;
}

static void give_up(struct round *round)
{
    for (size_t i = 0; i < round->count; i++) {
        if (!round->peer[i])
            continue;
        round->peer[i]->wanted = false;
        err_set(&round->call[i].err, ERR_IO, "%s: no answer in time", round->call[i].url);
    }
}

static void run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                bool (*enough)(void *context), void *enough_context, struct arena *arena)
{
    struct round round = {.http = context, .call = calls, .count = count};
    struct timespec until;
    bool over = false;

    round.peer = ARENA_ARRAY(arena, struct peer *, count);
    clock_gettime(CLOCK_MONOTONIC, &until);
    uint64_t ns = (uint64_t)until.tv_nsec + patience_ms * NS_PER_MS;
    until.tv_sec += (time_t)(ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);

    pthread_mutex_lock(&round.http->lock);
    for (size_t i = 0; i < count; i++)
        start(&round, i);
    pthread_cond_broadcast(&round.http->changed);
    while (round.open > 0 && !over && !round.http->closing) {
        if (fetch_done(&round, arena)) {
            pthread_mutex_unlock(&round.http->lock);
            over = enough && enough(enough_context);
            pthread_mutex_lock(&round.http->lock);
            start_again(&round);
        } else {
            over = pthread_cond_timedwait(&round.http->changed, &round.http->lock, &until) ==
                   ETIMEDOUT;
        }
    }
    while (fetch_done(&round, arena))
        ; /* what came in the same moment */
    give_up(&round);
    pthread_mutex_unlock(&round.http->lock);
}

static void must(int failed)
{
    if (failed)
        abort();
}

struct http_transport *http_transport_open(http_get_access *access, void *context)
{
    struct http_transport *http = calloc(1, sizeof *http);
    pthread_condattr_t monotonic;

    if (!http)
        abort();
    http->access = access;
    http->context = context;
    must(pthread_mutex_init(&http->lock, NULL));
    must(pthread_condattr_init(&monotonic));
    must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC));
    must(pthread_cond_init(&http->changed, &monotonic));
    pthread_condattr_destroy(&monotonic);
    return http;
}

void http_transport_stop(struct http_transport *http)
{
    pthread_mutex_lock(&http->lock);
    http->closing = true;
    pthread_cond_broadcast(&http->changed);
    pthread_mutex_unlock(&http->lock);
}

void http_transport_close(struct http_transport *http)
{
    if (!http)
        return;
    http_transport_stop(http);
    for (size_t i = 0; i < http->count; i++) {
        struct peer *peer = http->peer[i];

        pthread_join(peer->thread, NULL);
        http_client_close(peer->client);
        arena_free(&peer->arena);
        free(peer->url);
        free(peer);
    }
    pthread_cond_destroy(&http->changed);
    pthread_mutex_destroy(&http->lock);
    free(http);
}

struct transport http_transport_of(struct http_transport *http)
{
    return (struct transport){run, http};
}

/* --- whatever certificate ------------------------------------------------- */

bool http_any_certificate(void *none, const char *url, struct http_access *out, struct err *err)
{
    struct arena arena = {0};
    struct http_call call = {
        .url = arena_printf(&arena, "%s/checkpoint", url),
        .out_pin = &out->pin,
        .method = "GET",
        .limit = LIMIT_CHECKPOINT_BYTES,
        .timeout_s = LONGEST_S,
    };
    struct http_reply reply;

    (void)none;
    *out = (struct http_access){0};
    bool ok = strncmp(url, "https:", 6) != 0 || http_do(&call, &reply, &arena, err);
    arena_free(&arena);
    return ok;
}
