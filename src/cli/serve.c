#include "cli/cli.h"

#include "api/api.h"
#include "api/views.h"
#include "codec/hex.h"
#include "journal/in_force.h"
#include "journal/submission.h"
#include "net/http.h"
#include "net/listen.h"
#include "node/node.h"
#include "node/pinned.h"
#include "sync/http_transport.h"
#include "web/web.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

/* A turn publishes, at most; so this is how often. */
#define TURN_EVERY_NS 100000000L

#define DEFAULT_LISTEN "127.0.0.1:8117"
/* More than most machines have cores: who hands one record in waits for the disk, and those who
 * wait together share a sync (src/api/submit_bench.c). */
#define SERVER_THREADS 8u

struct serving {
    struct node *node;
    struct api *api;
    struct pinned *pinned; /* NULL: nobody comes from another machine, and it is http */
};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct serving *serving = context;

    if (api_has(request) || !web_handle(request, response))
        api_handle(serving->api, request, response);
}

static void keep_pin(struct serving *serving)
{
    int64_t now_ms = clock_now_ms(node_clock(serving->node));
    struct arena arena = {0};
    struct span pin;

    if (serving->pinned && pinned_renew(serving->pinned, now_ms, &pin, &arena))
        api_set_pin(serving->api, pin);
    arena_free(&arena);
}

/* Until a signal to end comes. A fault of the journal ends it too: what is staged is safe,
 * and the next start recovers. */
static bool keep_serving(struct serving *serving, const sigset_t *ends, struct err *err)
{
    const struct timespec wait = {.tv_nsec = TURN_EVERY_NS};

    while (sigtimedwait(ends, NULL, &wait) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            return err_errno(err, "wait for signals");
        if (!node_turn(serving->node, err) || !api_turn(serving->api, err))
            return false;
        keep_pin(serving);
    }
    return true;
}

/* --- where it may be reached from --- */

static bool entries_public(bool *out, struct node *node, struct arena *arena, struct err *err)
{
    struct span row;
    struct json head = json_object();

    if (!in_force_term(node_reader(node), "agreement", STORE_LATEST, &row, arena, err) ||
        (row.at && !json_parse_canonical(&head, row, arena, err)))
        return false;
    *out = span_is(json_get_string(&head, "entries", (struct span){0}), "public");
    return true;
}

/* From other machines over TLS alone. Where entries are not everybody's no page from elsewhere
 * that a browser shows here is to get as far as asking, either. */
static bool limit_reach(struct cli *cli, struct http_options *options, struct serving *serving,
                        struct err *err)
{
    bool loopback, is_public;

    if (!listen_is_loopback(&loopback, options->listen, err) ||
        !entries_public(&is_public, serving->node, &cli->arena, err))
        return false;
    options->local_names_only = loopback && !is_public;
    if (loopback && !cli_option(cli, "--tls"))
        return true;
    if (!pinned_open(&serving->pinned, serving->node, err))
        return false;
    options->tls_pem = pinned_pem(serving->pinned);
    return true;
}

/* For a program the address alone; and what a person compares with what the browser shows. */
static void tell_address(const struct http_server *server, const struct pinned *pinned)
{
    char certificate[2 * HASH_BYTES + 1];

    printf("%s\n", http_address(server));
    fflush(stdout);
    if (!pinned)
        return;
    struct hash hash = pinned_hash(pinned);
    hex_text(certificate, hash_span(&hash));
    fprintf(stderr, "sulh serve: the certificate's SHA-256 is %s\n", certificate);
}

/* --- the command --- */

/* The others are asked before anybody is answered: a keeper's log may be an old copy, that has
 * promised what it no longer knows of. At the end, when nobody can hand anything in any more, the
 * last entries get their tick. */
static bool serve_meeting(const sigset_t *ends, struct serving *serving,
                          struct http_options *options, struct err *err)
{
    struct http_server *server = NULL;

    options->handler = handle;
    options->context = serving;
    serving->api = api_open(serving->node);
    keep_pin(serving);
    bool ok = api_take_forms(serving->api, err) && node_turn(serving->node, err) &&
              http_start(&server, options, err);
    if (ok) {
        tell_address(server, serving->pinned);
        ok = keep_serving(serving, ends, err);
    }
    http_stop(server);
    api_close(serving->api);
    return ok && node_turn_last(serving->node, err);
}

static bool serve_until(const sigset_t *ends, struct serving *serving, struct http_options *options,
                        struct err *err)
{
    struct http_transport *turn = http_transport_open(node_access, serving->node);
    struct http_transport *pull = http_transport_open(node_access, serving->node);
    struct http_transport *lines = http_transport_open(node_access, serving->node);
    struct transport for_turn = http_transport_of(turn), for_pull = http_transport_of(pull);
    struct transport for_lines = http_transport_of(lines);

    bool ok = node_meet(serving->node, &for_turn, &for_pull, err) &&
              node_wire(serving->node, &for_lines, true, err) &&
              serve_meeting(ends, serving, options, err);
    http_transport_stop(lines);
    node_part(serving->node);
    http_transport_close(lines);
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
        .spool_directory = cli->argument[0],
        .threads = SERVER_THREADS,
    };
    struct serving serving = {.node = node};

    if (!node_holds(node))
        return err_set(err, ERR_CONFLICT, "another process serves %s", cli->argument[0]);
    bool ok =
        limit_reach(cli, &options, &serving, err) && serve_until(ends, &serving, &options, err);
    pinned_close(serving.pinned);
    return ok;
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
    .option = {{"--listen", "ADDRESS", "host:port; 127.0.0.1:8117 when not given", CLI_MAYBE},
               {"--tls", NULL, "https on this machine's own addresses, too; on others it is always",
                CLI_MAYBE}},
    .about = "Serves the log, the pages and the API, takes records in, publishes and keeps time, "
             "until it is told to end.",
    .run = run,
};
