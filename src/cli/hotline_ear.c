#include "cli/hotline.h"

#include "net/http_client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* A thread that waits at the server for what is new: the console looks when there is something. */

#define WAIT_S 20u
#define ANSWER_BYTES (1u << 20)

struct hotline_ear {
    pthread_t thread;
    const char *socket_path; /* in the command's arena */
    int fd[2];
    atomic_bool ends;
};

static bool has_ended(void *context)
{
    return atomic_load(&((struct hotline_ear *)context)->ends);
}

static void tell(struct hotline_ear *ear)
{
    if (write(ear->fd[1], "", 1) != 1)
        atomic_store(&ear->ends, true);
}

/* One call; in *out_token what the next waits for. False: none that waits was answered. */
static bool listen_once(struct hotline_ear *ear, char out_token[24], struct arena *arena)
{
    const struct http_call call = {
        .url =
            arena_printf(arena, "http://node/api/hotline?limit=1%s%s%s",
                         out_token[0] ? "&after=" : "", out_token, out_token[0] ? "&wait=20" : ""),
        .socket_path = ear->socket_path,
        .method = "GET",
        .limit = ANSWER_BYTES,
        .timeout_s = 2 * WAIT_S,
        .stop = has_ended,
        .stop_context = ear,
    };
    struct http_reply reply;
    struct err none = {0};
    struct json answer;
    bool ok = http_do(&call, &reply, arena, &none) && reply.status == 200 &&
              json_parse(&answer, reply.body, arena, &none);
    struct span token = ok ? json_get_text(&answer, "token") : (struct span){0};

    if (token.len == 0 || token.len >= 24)
        return false;
    if (!span_is(token, out_token))
        tell(ear);
    snprintf(out_token, 24, "%.*s", SPAN_ARG(token));
    return true;
}

static void *listen_on(void *context)
{
    const struct timespec pause = {.tv_nsec = 500000000};
    struct hotline_ear *ear = context;
    struct arena arena = {0};
    char token[24] = "";

    while (!has_ended(ear)) {
        if (!listen_once(ear, token, &arena)) {
            tell(ear); /* who cannot wait looks now and then */
            nanosleep(&pause, NULL);
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
    return NULL;
}

struct hotline_ear *hotline_ear_open(const struct hotline *h)
{
    struct hotline_ear *ear = calloc(1, sizeof *ear);

    if (!ear || pipe(ear->fd) != 0)
        abort();
    ear->socket_path = arena_printf(&h->cli->arena, "%s/socket", node_directory(h->node));
    if (pthread_create(&ear->thread, NULL, listen_on, ear) != 0)
        abort();
    return ear;
}

int hotline_ear_fd(const struct hotline_ear *ear)
{
    return ear->fd[0];
}

void hotline_ear_close(struct hotline_ear *ear)
{
    if (!ear)
        return;
    atomic_store(&ear->ends, true);
    pthread_join(ear->thread, NULL);
    close(ear->fd[0]);
    close(ear->fd[1]);
    free(ear);
}
