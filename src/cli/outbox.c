#include "cli/cli.h"

#include "api/api.h"
#include "api/views.h"
#include "base/calendar.h"
#include "net/http_client.h"
#include "node/node.h"
#include "sync/outbox.h"

/* sulh outbox: what waits on its way to the log, as the HTTP interface says it (doc/api.md), and
 * what a person decides of it. */

#define PAGE_BYTES (4u << 20)
#define PATIENCE_S 10u

static bool ask_here(struct cli *cli, struct node *node, const char *query, struct span *out,
                     struct err *err)
{
    const struct http_request request = {.method = "GET",
                                         .path = SPAN_LIT("/api/outbox"),
                                         .query = span_of(query),
                                         .arena = &cli->arena};
    struct http_response answer = {.status = 200};
    struct api *api = api_open(node);

    api_handle(api, &request, &answer);
    api_close(api);
    *out = answer.body;
    return answer.status == 200 || err_set(err, ERR_IO, "%.*s", SPAN_ARG(answer.body));
}

static bool ask_server(struct cli *cli, const char *query, struct span *out, struct err *err)
{
    const struct http_call call = {
        .url = arena_printf(&cli->arena, "http://node/api/outbox?%s", query),
        .socket_path = arena_printf(&cli->arena, "%s/socket", cli->argument[0]),
        .method = "GET",
        .limit = PAGE_BYTES,
        .timeout_s = PATIENCE_S,
    };
    struct http_reply reply;

    if (!http_do(&call, &reply, &cli->arena, err))
        return false;
    *out = reply.body;
    return reply.status == 200 ||
           err_set(err, ERR_IO, "the running server answered %d", reply.status);
}

static void print_item(const struct json *item)
{
    const struct span none = {0};
    char since[CALENDAR_TEXT];

    calendar_format(since, json_get_integer(item, "since_ms", 0), 0);
    printf("%" PRId64 " %s %.*s %.*s by %.*s", json_get_integer(item, "number", 0), since,
           SPAN_ARG(json_get_string(item, "state", none)),
           SPAN_ARG(json_get_string(item, "kind", none)),
           SPAN_ARG(json_get_string(item, "by", none)));
    if (json_get(item, "reason")) {
        fputs(": ", stdout);
        cli_put_text(stdout, json_get_string(item, "reason", none), 0);
    }
    putchar('\n');
}

/* One page; *out_last is the number of its last, 0 when there was none. */
static bool list_page(struct cli *cli, struct node *node, int64_t after, int64_t *out_last,
                      struct err *err)
{
    const char *query = arena_printf(&cli->arena, "after=%" PRId64, after);
    struct json page;
    struct span body;

    if (!(node_holds(node) ? ask_here(cli, node, query, &body, err)
                           : ask_server(cli, query, &body, err)) ||
        !json_parse(&page, body, &cli->arena, err))
        return false;
    const struct json *list = json_get(&page, "outbox");
    *out_last = 0;
    for (size_t i = 0; list && i < list->array.count; i++) {
        const struct json *item = &list->array.at[i];

        if (cli_option(cli, "--json"))
            cli_print_json(item, &cli->arena);
        else
            print_item(item);
        *out_last = json_get_integer(item, "number", 0);
    }
    return true;
}

static bool list_all(struct cli *cli, struct node *node, struct err *err)
{
    int64_t after = 0, last = 0;

    do {
        after = last;
        if (!list_page(cli, node, after, &last, err))
            return false;
    } while (last > after);
    return true;
}

static bool drop(struct cli *cli, struct node *node, struct err *err)
{
    uint64_t number;

    if (!cli_number(&number, cli_option(cli, "--drop"), "--drop", err))
        return false;
    if (!node_holds(node))
        return err_set(err, ERR_CONFLICT, "%s is being served: stop that first", cli->argument[0]);
    if (!node_outbox(node))
        return err_set(err, ERR_CONFLICT, "%s keeps the log: it has no outbox", cli->argument[0]);
    return outbox_drop(node_outbox(node), number, err);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct node *node = NULL;
    bool ok = node_open(&node, cli->argument[0], &view, NULL, err) &&
              (cli_option(cli, "--drop") ? drop(cli, node, err) : list_all(cli, node, err));

    node_close(node);
    return ok ? CLI_DONE : err->kind == ERR_USAGE ? CLI_USAGE : CLI_FAILED;
}

const struct cli_command command_outbox = {
    .name = "outbox",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--drop", "N", "takes number N out for good, unless it was promised", CLI_MAYBE},
               {"--json", NULL, "one JSON object a line", CLI_MAYBE}},
    .about = "Lists the records that wait on their way to the log: number, since when, state, kind "
             "and key.",
    .run = run,
};
