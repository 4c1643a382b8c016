#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh obligations: what is owed, by whom and by when, and what became of it. */

static void put_org(const struct in_words *words, const struct json *one, const char *member)
{
    in_words_term(words, "organisation", json_get_text(one, member));
}

static void put_deadlines(const struct in_words *words, const struct json *one, int64_t now_ms)
{
    const struct json *list = json_get(one, "deadlines");

    for (uint32_t i = 0; list && i < list->array.count; i++) {
        const struct json *due = &list->array.at[i];
        bool overdue = json_get_integer(due, "overdue", 0);
        int64_t at = json_get_integer(due, "at_ms", 0);

        if (!span_is(json_get_text(due, "state"), "running"))
            continue;
        fputs(overdue ? "; OVERDUE since " : "; due ", stdout);
        in_words_moment(words, at);
        fputs(overdue ? "" : ", in ", stdout);
        if (!overdue)
            in_words_length(words, at - now_ms);
    }
}

/* The agreement's own date binds without a record, unless it waits for another. */
static void put_own_date(const struct in_words *words, const struct json *obligation,
                         int64_t now_ms)
{
    int64_t due_ms = json_get_integer(obligation, "due_ms", INT64_MAX);

    if (due_ms == INT64_MAX || json_get(obligation, "waits")->array.count)
        return;
    fputs(now_ms > due_ms ? "; by the agreement OVERDUE since " : "; by the agreement due ",
          stdout);
    in_words_moment(words, due_ms);
}

static void print_judgements(const struct in_words *words, const struct json *report)
{
    static const char *const asked[] = {"clear", "verifiable", "irreversible"};
    const struct json *list = json_get(report, "judgements");

    for (uint32_t i = 0; i < list->array.count; i++) {
        const struct json *one = &list->array.at[i];

        fputs("            ", stdout);
        put_org(words, one, "org");
        for (size_t n = 0; n < ARRAY_LEN(asked); n++)
            printf("%s %s: %.*s", n ? "," : "", asked[n], SPAN_ARG(json_get_text(one, asked[n])));
        putchar('\n');
    }
}

static void print_reports(const struct in_words *words, const struct json *owed)
{
    const struct json *reports = json_get(owed, "reports"), *said = json_get(owed, "settlements");

    for (uint32_t i = 0; reports && i < reports->array.count; i++) {
        const struct json *one = &reports->array.at[i];

        fputs("        ", stdout);
        in_words_moment(words, json_get_integer(json_get(one, "at"), "at_ms", 0));
        fputs(" it says: ", stdout);
        in_words_word(words, json_get_text(one, "status"));
        if (json_get(one, "ground")) {
            fputs(", ", stdout);
            in_words_term(words, "refusal_ground", json_get_text(one, "ground"));
        }
        putchar('\n');
        print_judgements(words, one);
    }
    for (uint32_t i = 0; said && i < said->array.count; i++) {
        fputs("        ", stdout);
        put_org(words, &said->array.at[i], "org");
        fputs(" says: ", stdout);
        in_words_word(words, json_get_text(&said->array.at[i], "result"));
        putchar('\n');
    }
}

static void print_obligation(const struct in_words *words, const struct json *one, int64_t now_ms)
{
    const struct json *owes = json_get(one, "owes"), *waits = json_get(one, "waits");

    in_words_term(words, "obligation", json_get_text(one, "id"));
    printf(": %.*s, clause %.*s\n", SPAN_ARG(json_get_text(one, "status")),
           SPAN_ARG(json_get_text(one, "clause")));
    for (uint32_t i = 0; i < waits->array.count; i++) {
        fputs("    WAITS FOR ", stdout);
        in_words_term(words, "obligation", waits->array.at[i].string);
        putchar('\n');
    }
    for (uint32_t i = 0; i < owes->array.count; i++) {
        fputs("    ", stdout);
        put_org(words, &owes->array.at[i], "organisation");
        fputs(": ", stdout);
        bool is_open = !span_is(json_get_text(&owes->array.at[i], "state"), "not_open");
        in_words_word(words, is_open ? json_get_text(&owes->array.at[i], "state")
                                     : SPAN_LIT("not on the calendar"));
        if (!is_open)
            put_own_date(words, one, now_ms);
        put_deadlines(words, &owes->array.at[i], now_ms);
        putchar('\n');
        print_reports(words, &owes->array.at[i]);
    }
}

static void print_stage(const struct in_words *words, const struct json *one)
{
    fputs("stage   ", stdout);
    in_words_term(words, "stage", json_get_text(one, "id"));
    printf(": %" PRId64 " of %" PRId64 " kept%s\n", json_get_integer(one, "kept", 0),
           json_get_integer(one, "obligations", 0),
           json_get_integer(one, "reached", 0) ? "; reached" : "");
}

static void print_persons(const struct in_words *words, const struct json *one)
{
    fputs("persons ", stdout);
    put_org(words, one, "org");
    printf(", %" PRId64 ": ", json_get_integer(one, "persons", 0));
    in_words_word(words, json_get_text(one, "state"));
    if (json_get(one, "to")) {
        fputs(", to ", stdout);
        put_org(words, one, "to");
    }
    if (json_get(one, "counted")) {
        int64_t counted = json_get_integer(one, "counted", 0);

        printf("; %" PRId64 " counted%s", counted,
               counted == json_get_integer(one, "persons", 0) ? "" : ", WHICH IS NOT AS MANY");
    }
    putchar('\n');
}

static void print_demand(const struct in_words *words, const struct json *one, int64_t now_ms)
{
    fputs("demand  ", stdout);
    put_org(words, one, "org");
    fputs(" of ", stdout);
    put_org(words, one, "to");
    fputs(": ", stdout);
    in_words_word(words, json_get_text(one, "state"));
    put_deadlines(words, one, now_ms);
    putchar('\n');
}

static void print_guarantee(const struct in_words *words, const struct json *one)
{
    in_words_word(words, json_get_text(one, "type"));
    fputs(" of ", stdout);
    put_org(words, one, "org");
    fputs(": ", stdout);
    in_words_word(words, json_get_text(one, "state"));
    putchar('\n');
}

static void print(struct cli *cli, const struct json *answer, const struct json *terms)
{
    const struct in_words words = {terms, NULL, &cli->arena, stdout};
    const struct json *stages = json_get(answer, "stages"), *list = json_get(answer, "obligations");
    const struct json *persons = json_get(answer, "persons"), *asked = json_get(answer, "demands");
    const struct json *given = json_get(answer, "guarantees");
    int64_t now = json_get_integer(answer, "now_ms", 0);

    for (uint32_t i = 0; i < stages->array.count; i++)
        print_stage(&words, &stages->array.at[i]);
    if (list->array.count == 0)
        puts("The agreement names no obligation.");
    for (uint32_t i = 0; i < list->array.count; i++)
        print_obligation(&words, &list->array.at[i], now);
    for (uint32_t i = 0; i < persons->array.count; i++)
        print_persons(&words, &persons->array.at[i]);
    for (uint32_t i = 0; i < asked->array.count; i++)
        print_demand(&words, &asked->array.at[i], now);
    for (uint32_t i = 0; i < given->array.count; i++)
        print_guarantee(&words, &given->array.at[i]);
    ask_print_older(answer);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    return ask_and_print(cli, "/api/obligations", "limit=500", print, err);
}

const struct cli_command command_obligations = {
    .name = "obligations",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Says what is owed, by whom, by when and on what condition, and what became of it.",
    .run = run,
};
