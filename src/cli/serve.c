#include "cli/cli.h"

#include "api/api.h"
#include "api/views.h"
#include "journal/submission.h"
#include "net/http.h"
#include "node/node.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "web/web.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

/* doc/format.md §8 and design: at most every ten seconds while an entry is uncovered,
 * every ten minutes when nothing happens; published at most every 100 ms. */
#define PUBLISH_EVERY_NS 100000000L
#define TICK_AFTER_MS 10000
#define TICK_IDLE_MS 600000

#define DEFAULT_LISTEN "127.0.0.1:8117"
#define SERVER_THREADS 2u

struct serving {
    struct node *node;
    struct api *api;
};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct serving *serving = context;

    if (api_has(request->path) || !web_handle(request, response))
        api_handle(serving->api, request, response);
}

/* --- ticks --- */

struct ticker {
    uint64_t covered;     /* entries that the last tick covered, itself included */
    int64_t last_ms;      /* when it was */
    int64_t uncovered_ms; /* since when an entry waits for one; 0: none does */
};

static bool tick_due(struct ticker *ticker, uint64_t staged, int64_t now_ms)
{
    if (staged <= ticker->covered)
        return now_ms - ticker->last_ms >= TICK_IDLE_MS;
    if (ticker->uncovered_ms == 0)
        ticker->uncovered_ms = now_ms;
    return now_ms - ticker->uncovered_ms >= TICK_AFTER_MS;
}

static uint64_t staged_entries(struct node *node)
{
    struct arena arena = {0};
    struct journal_head head;

    journal_head(node_journal(node), &head, &arena);
    arena_free(&arena);
    return head.staged;
}

static bool keep_time(struct node *node, struct ticker *ticker, struct err *err)
{
    int64_t now_ms = (int64_t)(clock_ticks_ns() / 1000000);

    if (!tick_due(ticker, staged_entries(node), now_ms))
        return true;
    if (!node_tick(node, err))
        return false;
    *ticker = (struct ticker){.covered = staged_entries(node), .last_ms = now_ms};
    return true;
}

/* Until a signal to end comes. A fault of the journal ends it too: what is staged is safe,
 * and the next start recovers. */
static bool keep_serving(struct node *node, const sigset_t *ends, struct err *err)
{
    const struct timespec wait = {.tv_nsec = PUBLISH_EVERY_NS};
    struct ticker ticker = {.last_ms = (int64_t)(clock_ticks_ns() / 1000000)};

    while (sigtimedwait(ends, NULL, &wait) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            return err_errno(err, "wait for signals");
        if (!journal_publish(node_journal(node), err) || !keep_time(node, &ticker, err))
            return false;
    }
    return node_settle(node, err);
}

/* --- where it may be reached from --- */

static bool is_loopback(const char *listen)
{
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0 ||
           strncmp(listen, "localhost:", 10) == 0;
}

/* Until people can sign in, entries that are not public stay on this machine. */
static bool may_listen(struct node *node, const char *listen, struct arena *arena, struct err *err)
{
    struct span row;
    struct json head;

    if (is_loopback(listen))
        return true;
    if (!store_get(node_reader(node), "term", SPAN_LIT("agreement"), STORE_LATEST, &row, NULL,
                   arena, err) ||
        (row.at && !json_parse_canonical(&head, row, arena, err)))
        return false;
    if (row.at && span_is(json_get_string(&head, "entries", (struct span){0}), "public"))
        return true;
    return err_set(err, ERR_REFUSED,
                   "this agreement's entries are for its participants: listen on 127.0.0.1 only, "
                   "not on %s",
                   listen);
}

static bool serve(struct cli *cli, struct node *node, const char *listen, struct err *err)
{
    struct serving serving = {.node = node};
    struct http_server *server = NULL;
    struct http_options options = {
        .listen = listen,
        .socket_path = arena_printf(&cli->arena, "%s/socket", cli->argument[0]),
        .body_limit = SUBMISSION_BYTES,
        .threads = SERVER_THREADS,
        .handler = handle,
        .context = &serving,
    };
    sigset_t ends;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);

    serving.api = api_open(node);
    bool ok = http_start(&server, &options, err);
    if (ok) {
        printf("%s\n", http_address(server));
        fflush(stdout);
        ok = keep_serving(node, &ends, err);
    }
    http_stop(server);
    api_close(serving.api);
    return ok;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *listen = cli_option(cli, "--listen");
    struct journal_view view = views_journal();
    struct journal_progress progress = cli_progress();
    struct node *node = NULL;

    if (!listen)
        listen = DEFAULT_LISTEN;
    bool ok = node_open(&node, cli->argument[0], &view, &progress, err);
    cli_progress_end();
    if (ok && !node_holds(node))
        ok = err_set(err, ERR_CONFLICT, "another process serves %s", cli->argument[0]);
    ok = ok && may_listen(node, listen, &cli->arena, err) && serve(cli, node, listen, err);
    node_close(node);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_serve = {
    .name = "serve",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--listen", "ADDRESS", "host:port; 127.0.0.1:8117 when not given", false}},
    .about = "Serves the log, the pages and the API, takes records in, publishes and keeps time, "
             "until it is told to end.",
    .run = run,
};
