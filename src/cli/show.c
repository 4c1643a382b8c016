#include "cli/ask.h"

/* sulh show prints what the HTTP interface says, member by member. */

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

static bool show(struct cli *cli, const char *path, struct err *err)
{
    const char *as_of = cli_option(cli, "--as-of");
    const char *query = as_of ? arena_printf(&cli->arena, "as_of=%s", as_of) : "";
    struct json value;
    bool ok = ask_once(cli->argument[0], arena_printf(&cli->arena, "%s%s", path, cli->argument[2]),
                       query, &value, NULL, &cli->arena, err);

    if (ok && cli_option(cli, "--json"))
        cli_print_json(&value, &cli->arena);
    else if (ok)
        print_object(&value, 0);
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
