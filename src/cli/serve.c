#include "cli/cli.h"

#include "api/api.h"
#include "api/views.h"
#include "journal/submission.h"
#include "net/http.h"
#include "net/listen.h"
#include "node/node.h"
#include "sync/http_transport.h"
#include "web/web.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

/* A turn publishes, at most; so this is how often. */
#define TURN_EVERY_NS 100000000L

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

/* Until a signal to end comes. A fault of the journal ends it too: what is staged is safe,
 * and the next start recovers. */
static bool keep_serving(struct node *node, const sigset_t *ends, struct err *err)
{
    const struct timespec wait = {.tv_nsec = TURN_EVERY_NS};

    while (sigtimedwait(ends, NULL, &wait) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            return err_errno(err, "wait for signals");
        if (!node_turn(node, err))
            return false;
    }
    return true;
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

/* When nobody can hand anything in any more: the last entries get their tick. */
static bool serve_meeting(const sigset_t *ends, struct node *node, struct http_options *options,
                          struct err *err)
{
    struct serving serving = {.node = node, .api = api_open(node)};
    struct http_server *server = NULL;

    options->handler = handle;
    options->context = &serving;
    bool ok = http_start(&server, options, err);
    if (ok) {
        printf("%s\n", http_address(server));
        fflush(stdout);
        ok = keep_serving(node, ends, err);
    }
    http_stop(server);
    api_close(serving.api);
    return ok && node_turn_last(node, err);
}

static bool serve_until(const sigset_t *ends, struct node *node, struct http_options *options,
                        struct err *err)
{
    struct http_transport *turn = http_transport_open(NULL, NULL);
    struct http_transport *pull = http_transport_open(NULL, NULL);
    struct transport for_turn = http_transport_of(turn), for_pull = http_transport_of(pull);

    bool ok = node_meet(node, &for_turn, &for_pull, err) && serve_meeting(ends, node, options, err);
    node_part(node);
    http_transport_close(turn);
    http_transport_close(pull);
    return ok;
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

    /* Before there is any other thread: a signal must find all of them deaf to it, and the log's
     * key is to be gone from here. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);

    bool ok = node_open_server(&node, cli->argument[0], &view, &progress, err);
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
