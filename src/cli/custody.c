#include "cli/ask.h"
#include "cli/cli.h"

/* sulh custody: one part, from whoever brought it to what was ruled on it. */

/* Of an entry, what tells most about it; others are in the record itself. */
static const char *const told[] = {"on_behalf", "holder",   "to",     "condition", "step",
                                   "answer",    "origin",   "class",  "tier",      "removed",
                                   "outcome",   "standard", "result", "found",     "clause"};

static void print_value(const struct json *value)
{
    if (value->type == JSON_INTEGER)
        printf("%" PRId64, value->integer);
    else if (value->type == JSON_STRING)
        cli_put_text(stdout, value->string, 0);
    for (size_t i = 0; value->type == JSON_ARRAY && i < value->array.count; i++) {
        fputs(i ? ", " : "", stdout);
        print_value(&value->array.at[i]);
    }
}

static void print_step(const struct json *step)
{
    const struct json *fields = json_get(step, "fields");

    printf("%8" PRId64 "  ", json_get_integer(step, "index", 0));
    cli_put_text(stdout, json_get_text(step, "kind"), 0);
    fputs(", by ", stdout);
    cli_put_text(stdout, json_get_text(step, "by"), 0);
    for (size_t i = 0; i < ARRAY_LEN(told); i++) {
        const struct json *value = json_get(fields, told[i]);

        if (!value)
            continue;
        printf("; %s ", told[i]);
        print_value(value);
    }
    putchar('\n');
}

static void print_state(const char *what, const struct json *row)
{
    if (!row)
        return;
    printf("%-11s ", what);
    cli_put_text(stdout, json_get_text(row, "state"), 0);
    putchar('\n');
}

static void print(const struct json *answer)
{
    static const char *const rows[] = {"part", "committed", "opening", "erasure"};
    const struct json *steps = json_get(answer, "steps"), *erased = json_get(answer, "erased");

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        print_state(rows[i], json_get(answer, rows[i]));
    for (size_t i = 0; erased && i < erased->array.count; i++) {
        fputs("  ", stdout);
        cli_put_text(stdout, json_get_text(&erased->array.at[i], "id"), 0);
        putchar(' ');
        print_state("", json_get(&erased->array.at[i], "row"));
    }
    for (size_t i = 0; steps && i < steps->array.count; i++)
        print_step(&steps->array.at[i]);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *path = arena_printf(&cli->arena, "/api/custody/%s", cli->argument[1]);
    const struct json *terms;
    struct json answer;

    if (!ask_once(cli->argument[0], path, "", &answer, &terms, &cli->arena, err))
        return CLI_FAILED;
    if (cli_option(cli, "--json"))
        cli_print_json(&answer, &cli->arena);
    else
        print(&answer);
    return CLI_DONE;
}

const struct cli_command command_custody = {
    .name = "custody",
    .arguments = "DIR COMMITMENT",
    .least = 2,
    .most = 2,
    .option = {{"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Follows a part from whoever brought it, by whoever held, opened, released, assessed "
             "and cited it, to rulings and to its erasure: the entries, in the order of the log.",
    .run = run,
};
