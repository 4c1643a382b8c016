#include "cli/cli.h"

#include "api/api.h"
#include "api/views.h"
#include "journal/submission.h"
#include "net/http.h"
#include "net/listen.h"
#include "node/node.h"
#include "sys/clock.h"
#include "web/web.h"

#include <errno.h>
#include <signal.h>
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
    uint64_t covered;     /* entries up to the last tick, itself included */
    int64_t last_ms;      /* when one was last due */
    int64_t uncovered_ms; /* since when an entry waits for one; 0: none does */
};

static int64_t now_ms(void)
{
    return (int64_t)(clock_ticks_ns() / 1000000);
}

/* It may be due and not come: another process signs with the key, or the quorum is others'. */
static bool ticker_set(struct ticker *ticker, struct node *node, struct err *err)
{
    struct arena arena = {0};
    struct json clock = json_object();
    struct span row;
    bool ok = store_get(node_reader(node), "clock", SPAN_LIT("clock"), STORE_LATEST, &row, NULL,
                        &arena, err) &&
              (!row.at || json_parse_canonical(&clock, row, &arena, err));

    *ticker = (struct ticker){.last_ms = now_ms()};
    if (ok && row.at)
        ticker->covered = (uint64_t)json_get_integer(&clock, "index", 0) + 1;
    arena_free(&arena);
    return ok;
}

static bool tick_due(struct ticker *ticker, uint64_t staged)
{
    if (staged <= ticker->covered)
        return now_ms() - ticker->last_ms >= TICK_IDLE_MS;
    if (ticker->uncovered_ms == 0)
        ticker->uncovered_ms = now_ms();
    return now_ms() - ticker->uncovered_ms >= TICK_AFTER_MS;
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
    return !tick_due(ticker, staged_entries(node)) ||
           (node_tick(node, err) && ticker_set(ticker, node, err));
}

/* Until a signal to end comes. A fault of the journal ends it too: what is staged is safe,
 * and the next start recovers. */
static bool keep_serving(struct node *node, const sigset_t *ends, struct ticker *ticker,
                         struct err *err)
{
    const struct timespec wait = {.tv_nsec = PUBLISH_EVERY_NS};

    while (sigtimedwait(ends, NULL, &wait) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            return err_errno(err, "wait for signals");
        if (!journal_publish(node_journal(node), err) || !keep_time(node, ticker, err))
            return false;
    }
    return true;
}

/* When nobody can hand anything in any more. */
static bool publish_last(struct node *node, const struct ticker *ticker, struct err *err)
{
    return staged_entries(node) > ticker->covered ? node_settle(node, err)
                                                  : journal_publish(node_journal(node), err);
}

/* --- where it may be reached from --- */

static bool entries_public(bool *out, struct node *node, struct arena *arena, struct err *err)
{
    struct span row;
    struct json head = json_object();

    if (!store_get(node_reader(node), "term", SPAN_LIT("agreement"), STORE_LATEST, &row, NULL,
                   arena, err) ||
        (row.at && !json_parse_canonical(&head, row, arena, err)))
        return false;
    *out = span_is(json_get_string(&head, "entries", (struct span){0}), "public");
    return true;
}

/* Until people can sign in, entries that are not public stay on this machine, and no page from
 * elsewhere that a browser shows here may read them. */
static bool limit_reach(struct http_options *options, struct node *node, struct arena *arena,
                        struct err *err)
{
    bool loopback, is_public;

    if (!listen_is_loopback(&loopback, options->listen, err) ||
        !entries_public(&is_public, node, arena, err))
        return false;
    options->local_names_only = !is_public;
    return loopback || is_public ||
           err_set(err, ERR_REFUSED,
                   "this agreement's entries are for its participants: listen on this machine "
                   "alone, as in " DEFAULT_LISTEN ", not on %s",
                   options->listen);
}

/* --- the command --- */

static bool serve_until(const sigset_t *ends, struct node *node, struct http_options *options,
                        struct err *err)
{
    struct serving serving = {.node = node, .api = api_open(node)};
    struct http_server *server = NULL;
    struct ticker ticker;

    options->handler = handle;
    options->context = &serving;
    bool ok = ticker_set(&ticker, node, err) && http_start(&server, options, err);
    if (ok) {
        printf("%s\n", http_address(server));
        fflush(stdout);
        ok = keep_serving(node, ends, &ticker, err);
    }
    http_stop(server);
    api_close(serving.api);
    return ok && publish_last(node, &ticker, err);
}

static bool serve(struct cli *cli, const sigset_t *ends, struct node *node, struct err *err)
{
    const char *listen = cli_option(cli, "--listen");
    struct http_options options = {
        .listen = listen ? listen : DEFAULT_LISTEN,
        .socket_path = arena_printf(&cli->arena, "%s/socket", cli->argument[0]),
        .body_limit = SUBMISSION_BYTES,
        .threads = SERVER_THREADS,
    };

    if (!node_holds(node))
        return err_set(err, ERR_CONFLICT, "another process serves %s", cli->argument[0]);
    return limit_reach(&options, node, &cli->arena, err) && serve_until(ends, node, &options, err);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct journal_progress progress = cli_progress();
    struct node *node = NULL;
    sigset_t ends;

    /* Before there is any other thread: a signal must find all of them deaf to it. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);

    bool ok = node_open(&node, cli->argument[0], &view, &progress, err);
    cli_progress_end();
    ok = ok && serve(cli, &ends, node, err);
    node_close(node);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_serve = {
    .name = "serve",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--listen", "ADDRESS", "host:port; 127.0.0.1:8117 when not given", CLI_MAYBE}},
    .about = "Serves the log, the pages and the API, takes records in, publishes and keeps time, "
             "until it is told to end.",
    .run = run,
};
