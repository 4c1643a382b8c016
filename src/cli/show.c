#include "cli/cli.h"

#include "api/api.h"
#include "api/views.h"
#include "node/node.h"

/* sulh show says what the HTTP interface says (doc/api.md), without a server: one place
 * decides what an incident, a record or an entry looks like. */

static const struct {
    const char *word, *path;
} things[] = {
    {"incident", "/api/incidents/"},
    {"record", "/api/records/"},
    {"entry", "/api/entries/"},
};

static void print_value(const struct json *value, int indent);

static void print_object(const struct json *object, int indent)
{
    for (size_t i = 0; i < object->object.count; i++) {
        printf("%*s", indent, "");
        cli_put_text(stdout, object->object.at[i].key, indent);
        putchar(':');
        print_value(&object->object.at[i].value, indent + 2);
    }
}

static void print_value(const struct json *value, int indent)
{
    switch (value->type) {
    case JSON_INTEGER:
        printf(" %" PRId64 "\n", value->integer);
        break;
    case JSON_STRING:
        putchar(' ');
        cli_put_text(stdout, value->string, indent);
        putchar('\n');
        break;
    case JSON_ARRAY:
        putchar('\n');
        for (size_t i = 0; i < value->array.count; i++) {
            printf("%*s-", indent, "");
            print_value(&value->array.at[i], indent + 2);
        }
        break;
    case JSON_OBJECT:
        putchar('\n');
        print_object(value, indent);
        break;
    }
}

static struct http_response ask(struct cli *cli, struct node *node, const char *path)
{
    const char *as_of = cli_option(cli, "--as-of");
    struct http_request request = {
        .method = "GET",
        .path = span_of(arena_printf(&cli->arena, "%s%s", path, cli->argument[2])),
        .query = as_of ? span_of(arena_printf(&cli->arena, "as_of=%s", as_of)) : (struct span){0},
        .arena = &cli->arena,
    };
    struct http_response answer = {.status = 200};
    struct api *api = api_open(node);

    api_handle(api, &request, &answer);
    api_close(api);
    return answer;
}

static bool show(struct cli *cli, const char *path, struct err *err)
{
    struct journal_view view = views_journal();
    struct node *node = NULL;
    struct http_response answer;
    struct json value;
    bool ok = node_open(&node, cli->argument[0], &view, NULL, err);

    if (ok) {
        answer = ask(cli, node, path);
        ok = json_parse(&value, answer.body, &cli->arena, err);
    }

    if (ok && answer.status != 200)
        ok = err_set(err, ERR_MISSING, "%.*s",
                     SPAN_ARG(json_get_string(&value, "error", SPAN_LIT("not there"))));
    if (ok && cli_option(cli, "--json"))
        cli_print_json(&value, &cli->arena);
    else if (ok)
        print_object(&value, 0);
    node_close(node);
    return ok;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    uint64_t number;

    if (cli_option(cli, "--as-of") &&
        !cli_number(&number, cli_option(cli, "--as-of"), "--as-of", err))
        return CLI_USAGE;
    for (size_t i = 0; i < ARRAY_LEN(things); i++)
        if (strcmp(cli->argument[1], things[i].word) == 0)
            return show(cli, things[i].path, err) ? CLI_DONE : CLI_FAILED;
    return cli_usage(err, "show what? entry N, record ID or incident ID");
}

const struct cli_command command_show = {
    .name = "show",
    .arguments = "DIR entry|record|incident N|ID",
    .least = 3,
    .most = 3,
    .option = {{"--as-of", "N", "what was known when entry N was the last", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Shows an entry, a record, or an incident with its reports and claims.",
    .run = run,
};
