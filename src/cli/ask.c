#include "cli/ask.h"

#include "api/api.h"
#include "api/views.h"
#include "node/node.h"

#include <stdlib.h>

struct ask {
    struct node *node;
    struct api *api;
};

bool ask_open(struct ask **out, const char *directory, struct err *err)
{
    struct journal_view view = views_journal();
    struct ask *ask = calloc(1, sizeof *ask);

    *out = ask;
    if (!ask)
        return err_set(err, ERR_LIMIT, "no memory");
    if (!node_open(&ask->node, directory, &view, NULL, err))
        return false;
    ask->api = api_open(ask->node);
    return true;
}

void ask_close(struct ask *ask)
{
    if (!ask)
        return;
    if (ask->api)
        api_close(ask->api);
    node_close(ask->node);
    free(ask);
}

bool ask_get(struct ask *ask, const char *path, const char *query, struct json *out,
             struct arena *arena, struct err *err)
{
    struct http_request request = {
        .method = "GET", .path = span_of(path), .query = span_of(query), .arena = arena};
    struct http_response answer = {.status = 200};

    api_handle(ask->api, &request, &answer);
    if (!json_parse(out, answer.body, arena, err))
        return false;
    return answer.status == 200 ||
           err_set(err, ERR_MISSING, "%.*s",
                   SPAN_ARG(json_get_string(out, "error", SPAN_LIT("not there"))));
}

bool ask_once(const char *directory, const char *path, const char *query, struct json *out,
              const struct json **terms, struct arena *arena, struct err *err)
{
    struct json *agreement = ARENA_NEW(arena, struct json);
    struct ask *ask;
    bool ok = ask_open(&ask, directory, err) && ask_get(ask, path, query, out, arena, err) &&
              (!terms || ask_get(ask, "/api/agreement", "", agreement, arena, err));

    if (ok && terms)
        *terms = json_get(agreement, "terms");
    ask_close(ask);
    return ok;
}

void ask_print_older(const struct json *answer)
{
    const struct json *older = json_get(answer, "older");

    for (uint32_t i = 0; older && i < older->object.count; i++)
        if (older->object.at[i].value.integer)
            printf("earlier %.*s, not shown here: %" PRId64 "\n", SPAN_ARG(older->object.at[i].key),
                   older->object.at[i].value.integer);
}

enum cli_exit ask_and_print(struct cli *cli, const char *path, const char *query,
                            void (*print)(struct cli *cli, const struct json *answer,
                                          const struct json *terms),
                            struct err *err)
{
    const struct json *terms;
    struct json answer;

    if (!ask_once(cli->argument[0], path, query, &answer, &terms, &cli->arena, err))
        return CLI_FAILED;
    if (cli_option(cli, "--json"))
        cli_print_json(&answer, &cli->arena);
    else
        print(cli, &answer, terms);
    return CLI_DONE;
}
