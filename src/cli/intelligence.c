#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh intelligence: what was asked in confidence, and what was said in public. */

static void put_org(const struct in_words *words, const struct json *one, const char *member)
{
    in_words_term(words, "organisation", json_get_text(one, member));
}

static void print_deadlines(const struct in_words *words, const struct json *one)
{
    const struct json *list = json_get(one, "deadlines");

    for (uint32_t i = 0; i < list->array.count; i++) {
        const struct json *due = &list->array.at[i];

        if (!span_is(json_get_text(due, "state"), "running"))
            continue;
        fputs(json_get_integer(due, "overdue", 0) ? "    OVERDUE since " : "    due ", stdout);
        in_words_moment(words, json_get_integer(due, "at_ms", 0));
        fputs("; owed by ", stdout);
        put_org(words, due, "whose");
        putchar('\n');
    }
}

static void print_asked(const struct in_words *words, const struct json *one)
{
    put_org(words, one, "org");
    fputs(" asks ", stdout);
    put_org(words, one, "to");
    fputs(" through ", stdout);
    put_org(words, one, "through");
    fputs(", ", stdout);
    in_words_term(words, "intelligence_subject", json_get_text(one, "subject"));
    fputs(": ", stdout);
    in_words_word(words, json_get_text(one, "state"));
    putchar('\n');
    if (json_get(one, "age_ms")) {
        fputs("    what is known is ", stdout);
        in_words_length(words, json_get_integer(one, "age_ms", 0));
        fputs(" old\n", stdout);
    }
    fputs(json_get_integer(one, "over", 0) ? "    ITS TIME IS OVER, since " : "    of use until ",
          stdout);
    in_words_moment(words, json_get_integer(json_get(one, "until"), "at_ms", 0));
    putchar('\n');
    print_deadlines(words, one);
}

static void print_statement(const struct in_words *words, const struct json *one)
{
    const struct json *said = json_get(one, "public");

    in_words_moment(words, json_get_integer(json_get(one, "at"), "at_ms", 0));
    fputs(", ", stdout);
    cli_put_text(stdout, json_get_text(said, "speaker"), 0);
    if (json_get(one, "organisation")) {
        fputs(", for ", stdout);
        put_org(words, one, "organisation");
    }
    fputs(", ", stdout);
    in_words_word(words, json_get_text(one, "channel"));
    if (!span_is(json_get_text(one, "state"), "live")) {
        fputs(", ", stdout);
        in_words_word(words, json_get_text(one, "state"));
    }
    fputs(":\n    ", stdout);
    cli_put_text(stdout, json_get_text(said, "quote"), 4);
    putchar('\n');
}

static void print(struct cli *cli, const struct json *answer, const struct json *terms)
{
    const struct in_words words = {terms, NULL, &cli->arena, stdout};
    const struct json *asked = json_get(answer, "asked");
    const struct json *said = json_get(answer, "statements");
    if (asked->array.count + said->array.count == 0)
        puts("Nothing was asked in confidence, and no statement is logged.");
    for (uint32_t i = 0; i < asked->array.count; i++)
        print_asked(&words, &asked->array.at[i]);
    for (uint32_t i = 0; i < said->array.count; i++)
        print_statement(&words, &said->array.at[i]);
    ask_print_older(answer);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    return ask_and_print(cli, "/api/intelligence", "limit=500", print, err);
}

const struct cli_command command_intelligence = {
    .name = "intelligence",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Says what was asked in confidence and what it came to, and what was said in public.",
    .run = run,
};
