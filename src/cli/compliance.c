#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh compliance: what each organisation owed and did, and what was found under each clause. */

/* "replies: 2 denies, 1 admits". */
static void print_group(const struct in_words *words, const struct json_member *group)
{
    in_words_word(words, group->key);
    for (uint32_t i = 0; i < group->value.object.count; i++) {
        const struct json_member *count = &group->value.object.at[i];

        printf("%s %" PRId64 " ", i ? "," : ":", count->value.integer);
        if (span_is(group->key, "responsibility"))
            in_words_term(words, "mode", count->key);
        else
            in_words_word(words, count->key);
    }
    putchar('\n');
}

static void print_list(const struct in_words *words, const struct json *list, const char *name,
                       const char *section)
{
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *one = &list->array.at[i];

        putchar('\n');
        in_words_term(words, section, json_get_text(one, name));
        putchar('\n');
        for (uint32_t m = 0; m < one->object.count; m++)
            if (one->object.at[m].value.type == JSON_OBJECT) {
                fputs("  ", stdout);
                print_group(words, &one->object.at[m]);
            }
    }
}

static void print(struct cli *cli, const struct json *answer, const struct json *terms)
{
    const struct in_words words = {terms, NULL, &cli->arena, stdout};
    const struct json *organisations = json_get(answer, "organisations");
    const struct json *clauses = json_get(answer, "clauses");
    const struct json_member decisions = {SPAN_LIT("decisions"), *json_get(answer, "decisions")};

    puts("Counts of records, not of events; whoever files little has little counted.");
    print_list(&words, organisations, "organisation", "organisation");
    if (decisions.value.object.count) {
        putchar('\n');
        print_group(&words, &decisions);
    }
    if (clauses->array.count)
        puts("\nFindings, by the clause of the act");
    print_list(&words, clauses, "clause", "clause");
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *as_of = cli_option(cli, "--as-of");

    return ask_and_print(cli, "/api/compliance",
                         as_of ? arena_printf(&cli->arena, "as_of=%s", as_of) : "", print, err);
}

const struct cli_command command_compliance = {
    .name = "compliance",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--as-of", "N", "what was known when entry N was the last", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Says what each organisation owed and did, and what was found under each clause.",
    .run = run,
};
