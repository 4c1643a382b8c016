#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh notices: what is announced, who has answered, and what overlaps. */

static int64_t at_ms(const struct json *row, const char *time)
{
    return json_get_integer(json_get(row, time), "at_ms", 0);
}

static void print_answers(const struct in_words *words, const struct json *notice)
{
    const struct json *answers = json_get(notice, "answers"), *silent = json_get(notice, "silent");

    for (uint32_t i = 0; i < answers->array.count; i++) {
        fputs("    ", stdout);
        in_words_term(words, "organisation", json_get_text(&answers->array.at[i], "organisation"));
        fputs(": ", stdout);
        in_words_word(words, json_get_text(&answers->array.at[i], "answer"));
        putchar('\n');
    }
    for (uint32_t i = 0; i < silent->array.count; i++) {
        fputs("    ", stdout);
        in_words_term(words, "organisation", silent->array.at[i].string);
        puts(": no answer");
    }
}

static void print_overlap(const struct in_words *words, const struct json *one)
{
    printf("    OVERLAPS, in one %.*s: ", SPAN_ARG(json_get_text(one, "in")));
    in_words_term(words, "notice_type", json_get_text(one, "type"));
    fputs(", ", stdout);
    in_words_term(words, "organisation", json_get_text(one, "organisation"));
    fputs(", ", stdout);
    in_words_moment(words, json_get_integer(one, "from_ms", 0));
    fputs(" to ", stdout);
    in_words_moment(words, json_get_integer(one, "until_ms", 0));
    putchar('\n');
}

static void print_match(const struct in_words *words, const struct json *one)
{
    struct span record = json_get_text(one, "record");

    printf("    matched with %.*s by ", record.len < 12 ? (int)record.len : 12,
           (const char *)record.at);
    in_words_term(words, "organisation", json_get_text(one, "organisation"));
    fputs(": ", stdout);
    in_words_word(words, json_get_text(one, "result"));
    putchar('\n');
}

static void print_notice(const struct in_words *words, const struct json *one)
{
    static const char *const places[] = {"sector", "crossing"};
    const struct json *overlaps = json_get(one, "overlaps"), *matches = json_get(one, "matches");

    in_words_term(words, "notice_type", json_get_text(one, "type"));
    fputs(", ", stdout);
    in_words_term(words, "organisation", json_get_text(one, "organisation"));
    fputs(", ", stdout);
    in_words_moment(words, at_ms(one, "from"));
    fputs(" to ", stdout);
    in_words_moment(words, at_ms(one, "until"));
    fputs(": ", stdout);
    in_words_word(words, json_get_text(one, "state"));
    puts(json_get_integer(one, "over", 0) ? "; ITS TIME IS OVER" : "");
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (json_get_text(one, places[i]).len) {
            fputs("    ", stdout);
            in_words_term(words, places[i], json_get_text(one, places[i]));
            putchar('\n');
        }
    print_answers(words, one);
    for (uint32_t i = 0; i < overlaps->array.count; i++)
        print_overlap(words, &overlaps->array.at[i]);
    for (uint32_t i = 0; i < matches->array.count; i++)
        print_match(words, &matches->array.at[i]);
}

static void print_unnotified(const struct in_words *words, const struct json *one)
{
    static const char *const places[] = {"sector", "crossing"};
    struct span id = json_get_text(one, "id");

    in_words_moment(words, at_ms(one, json_get(one, "start") ? "start" : "at"));
    fputs(": ", stdout);
    in_words_term(words, "act", json_get_text(one, "act"));
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (json_get_text(one, places[i]).len) {
            fputs(", ", stdout);
            in_words_term(words, places[i], json_get_text(one, places[i]));
        }
    printf("\n    %.*s by ", id.len < 12 ? (int)id.len : 12, (const char *)id.at);
    in_words_term(words, "organisation", json_get_text(one, "organisation"));
    fputs(": NO NOTICE COVERS IT", stdout);
    if (json_get_text(one, "code").len) {
        printf("; %.*s, ", SPAN_ARG(json_get_text(one, "code")));
        in_words_term(words, "act", json_get_text(one, "code"));
    }
    putchar('\n');
}

static void print(struct cli *cli, const struct json *answer, const struct json *terms)
{
    const struct in_words words = {terms, NULL, &cli->arena, stdout};
    const struct json *list = json_get(answer, "notices");
    if (list->array.count == 0)
        puts("Nothing is announced.");
    for (uint32_t i = 0; i < list->array.count; i++)
        print_notice(&words, &list->array.at[i]);
    list = json_get(answer, "unnotified");
    if (list->array.count)
        puts("\nReported, and announced by nobody:");
    for (uint32_t i = 0; i < list->array.count; i++)
        print_unnotified(&words, &list->array.at[i]);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    return ask_and_print(cli, "/api/notices", cli_option(cli, "--all") ? "from=0" : "", print, err);
}

const struct cli_command command_notices = {
    .name = "notices",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--all", NULL, "those that are over too", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Says what is announced, who has answered what, which overlap, and what was reported "
             "in the "
             "last days, or with --all in the last five years, that no notice covers.",
    .run = run,
};
