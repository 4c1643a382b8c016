#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh ledgers: what two organisations reported, laid beside each other. */

static int64_t count_of(const struct json *counts, const char *name)
{
    return json_get_integer(counts, name, 0);
}

static void print_ids(const char *title, const struct json *ids)
{
    if (ids->array.count == 0)
        return;
    printf("%s\n", title);
    for (size_t i = 0; i < ids->array.count; i++)
        printf("  %.*s\n", SPAN_ARG(ids->array.at[i].string));
}

static void print_pairs(const struct in_words *words, const struct json *pairs)
{
    if (pairs->array.count)
        puts("In both:");
    for (size_t i = 0; i < pairs->array.count; i++) {
        const struct json *pair = &pairs->array.at[i];

        printf("  %.*s\n  %.*s ", SPAN_ARG(json_get_string(pair, "left", (struct span){0})),
               SPAN_ARG(json_get_string(pair, "right", (struct span){0})));
        in_words_word(words, json_get_string(pair, "result", (struct span){0}));
        puts(json_get_integer(pair, "observed", 0) ? ", observed by another" : "");
    }
}

static void print(struct cli *cli, const struct json *answer)
{
    const struct json *counts = json_get(answer, "counts");
    const struct json *only_left = json_get(answer, "only_left");
    const struct json *only_right = json_get(answer, "only_right");
    const struct in_words words = {NULL, NULL, &cli->arena, stdout};
    const char *left = cli->argument[1], *right = cli->argument[2];

    printf("%s has %" PRId64 ", %s has %" PRId64 ".\n", left, count_of(counts, "left"), right,
           count_of(counts, "right"));
    printf("in both        %" PRIu32 ": one author %" PRId64 ", two authors %" PRId64
           ", author left open %" PRId64 "; observed by another %" PRId64 "\n",
           json_get(answer, "pairs")->array.count, count_of(counts, "same_author"),
           count_of(counts, "different_author"), count_of(counts, "author_open"),
           count_of(counts, "observed"));
    printf("in one alone   %s %" PRIu32 ", %s %" PRIu32 "\n", left, only_left->array.count, right,
           only_right->array.count);
    if (count_of(counts, "undated"))
        printf("of no time     %" PRId64 ", not counted\n", count_of(counts, "undated"));
    print_pairs(&words, json_get(answer, "pairs"));
    print_ids(arena_printf(&cli->arena, "%s alone:", left), only_left);
    print_ids(arena_printf(&cli->arena, "%s alone:", right), only_right);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *sector = cli_option(cli, "--sector");
    const char *query =
        arena_printf(&cli->arena, "left=%s&right=%s%s%s", cli->argument[1], cli->argument[2],
                     sector ? "&sector=" : "", sector ? sector : "");
    struct json answer;
    bool ok = ask_once(cli->argument[0], "/api/ledgers", query, &answer, NULL, &cli->arena, err);

    if (ok && cli_option(cli, "--json"))
        cli_print_json(&answer, &cli->arena);
    else if (ok)
        print(cli, &answer);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_ledgers = {
    .name = "ledgers",
    .arguments = "DIR ORGANISATION ORGANISATION",
    .least = 3,
    .most = 3,
    .option = {{"--sector", "ID", "items of this sector alone", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Lays two organisations' accounts beside each other: what both have, and what one.",
    .run = run,
};
