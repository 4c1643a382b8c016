#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh due: what each side says of the ceasefire; what is due and overdue, and for whom. */

static void print_one(const struct in_words *words, const struct json *due, int64_t now_ms)
{
    int64_t at = json_get_integer(due, "at_ms", 0);
    bool overdue = json_get_integer(due, "overdue", 0);

    printf("%s ", overdue ? "OVERDUE" : "due    ");
    in_words_moment(words, at);
    fputs(overdue ? ", since " : ", in ", stdout);
    in_words_length(words, overdue ? now_ms - at : at - now_ms);
    fputs("\n        ", stdout);
    in_words_term(words, "clock", json_get_text(due, "clock"));
    if (json_get_text(due, "whose").len) {
        fputs("; owed by ", stdout);
        cli_put_text(stdout, json_get_text(due, "whose"), 0);
    }
    if (json_get_text(due, "case").len)
        printf("\n        case %.*s", SPAN_ARG(json_get_text(due, "case")));
    if (json_get_text(due, "title").len) {
        putchar(' ');
        cli_put_text(stdout, json_get_text(due, "title"), 8);
    }
    putchar('\n');
}

/* What each side says of the ceasefire stands above all that is due. */
static void print_ceasefire(const struct in_words *words, const struct json *ceasefire)
{
    const struct json *declared = json_get(ceasefire, "declared");

    if (declared->array.count == 0)
        return;
    puts(json_get_integer(ceasefire, "disputed", 0) ? "The ceasefire, on which the sides differ:"
                                                    : "The ceasefire:");
    for (size_t i = 0; i < declared->array.count; i++) {
        const struct json *one = &declared->array.at[i];

        fputs("  ", stdout);
        in_words_word(words, json_get_text(one, "state"));
        fputs(", declares ", stdout);
        in_words_term(words, "organisation", json_get_text(one, "organisation"));
        putchar('\n');
    }
}

static void print(struct cli *cli, const struct json *answer, const struct json *ceasefire,
                  const struct json *terms)
{
    const struct json *list = json_get(answer, "due");
    const struct in_words words = {json_get(terms, "terms"), NULL, &cli->arena, stdout};
    int64_t now = json_get_integer(answer, "now_ms", 0);

    print_ceasefire(&words, ceasefire);
    if (now == 0) {
        puts("There is no time yet: no tick has been logged.");
        return;
    }
    fputs("As of ", stdout);
    in_words_moment(&words, now);
    puts(list->array.count ? ":" : ": nothing is due.");
    for (size_t i = 0; i < list->array.count; i++)
        print_one(&words, &list->array.at[i], now);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *whose = cli_option(cli, "--for");
    const char *query =
        whose ? arena_printf(&cli->arena, "limit=500&organisation=%s", whose) : "limit=500";
    struct json answer, ceasefire, terms;
    struct ask *ask;
    bool ok = ask_open(&ask, cli->argument[0], err) &&
              ask_get(ask, "/api/due", query, &answer, &cli->arena, err) &&
              ask_get(ask, "/api/ceasefire", "", &ceasefire, &cli->arena, err) &&
              ask_get(ask, "/api/agreement", "", &terms, &cli->arena, err);

    if (ok && cli_option(cli, "--json"))
        cli_print_json(&answer, &cli->arena);
    else if (ok)
        print(cli, &answer, &ceasefire, &terms);
    ask_close(ask);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_due = {
    .name = "due",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--for", "ORGANISATION", "what this one owes", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Says what is due, the earliest first, what is overdue, and for whom.",
    .run = run,
};
