#include "base/calendar.h"
#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh crossings: how each side declares each lane of each crossing to stand, and what was seen. */

static int64_t at_ms(const struct json *row, const char *time)
{
    return json_get_integer(json_get(row, time), "at_ms", 0);
}

static void print_public(const struct json *row)
{
    const struct json *said = json_get(row, "public");

    for (uint32_t i = 0; said && i < said->object.count; i++) {
        if (said->object.at[i].value.type != JSON_STRING)
            continue;
        printf("\n        %.*s: ", SPAN_ARG(said->object.at[i].key));
        cli_put_text(stdout, said->object.at[i].value.string, 8);
    }
}

static void print_declared(const struct in_words *words, const struct json *one)
{
    const struct json *days = json_get(one, "days");
    int64_t closed = json_get_integer(days, "closed", 0);
    int64_t partly = json_get_integer(days, "partly", 0);

    fputs("    ", stdout);
    in_words_term(words, "organisation", json_get_text(one, "organisation"));
    if (json_get(one, "no_word")) {
        puts(": no word");
        return;
    }
    fputs(" declares: ", stdout);
    in_words_word(words, json_get_text(one, "status"));
    fputs(json_get(one, "to_come") ? ", from " : " since ", stdout);
    in_words_moment(words, at_ms(one, "since"));
    if (json_get(one, "until")) {
        fputs(json_get(one, "ran_out") ? ", which ran out " : " until ", stdout);
        in_words_moment(words, at_ms(one, "until"));
    }
    if (json_get_text(one, "reason").len) {
        fputs("; ", stdout);
        in_words_term(words, "closure_reason", json_get_text(one, "reason"));
    }
    if (span_is(json_get_text(one, "announced"), "no"))
        fputs("; not announced before", stdout);
    if (closed || partly)
        printf("; days closed %" PRId64 ", in part %" PRId64, closed, partly);
    print_public(one);
    putchar('\n');
}

static void print_seen(const struct in_words *words, const struct json *one)
{
    fputs("    ", stdout);
    in_words_term(words, "organisation", json_get_text(one, "organisation"));
    fputs(" saw: ", stdout);
    in_words_word(words, json_get_text(one, "status"));
    fputs(" at ", stdout);
    in_words_moment(words, at_ms(one, "at"));
    print_public(one);
    putchar('\n');
}

static void print_count(const struct in_words *words, const struct json *one)
{
    int64_t min = json_get_integer(one, "min", 0), max = json_get_integer(one, "max", min);

    fputs("    ", stdout);
    in_words_term(words, "organisation", json_get_text(one, "organisation"));
    fputs(" counts ", stdout);
    in_words_word(words, json_get_text(one, "measure"));
    printf(": %" PRId64, min);
    if (max != min)
        printf(" to %" PRId64, max);
    fputs(", from ", stdout);
    in_words_moment(words, at_ms(one, "from"));
    fputs(" to ", stdout);
    in_words_moment(words, at_ms(one, "until"));
    printf(" (source: %.*s)\n", SPAN_ARG(json_get_text(one, "source")));
}

static void print_returns(const struct in_words *words, const struct json *one)
{
    static const char *const parts[] = {"children", "unaccompanied", "refused"};

    fputs("  ", stdout);
    in_words_term(words, "organisation", json_get_text(one, "organisation"));
    fputs(" counts ", stdout);
    in_words_term(words, "traffic", json_get_text(one, "class"));
    printf(": %" PRId64 " persons", json_get_integer(one, "persons", 0));
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (json_get(one, parts[i]))
            printf(", %s %" PRId64, parts[i], json_get_integer(one, parts[i], 0));
    fputs(", from ", stdout);
    in_words_moment(words, at_ms(one, "from"));
    fputs(" to ", stdout);
    in_words_moment(words, at_ms(one, "until"));
    printf(" (source: %.*s)\n", SPAN_ARG(json_get_text(one, "source")));
}

static bool is_told(const struct json *lane)
{
    const struct json *declared = json_get(lane, "declared");
    bool told = json_get(lane, "seen")->array.count || json_get(lane, "counts")->array.count;

    for (uint32_t i = 0; i < declared->array.count; i++)
        told = told || !json_get(&declared->array.at[i], "no_word");
    return told;
}

static void print_each(const struct in_words *words, const struct json *lane, const char *list,
                       void (*print_one)(const struct in_words *, const struct json *))
{
    const struct json *rows = json_get(lane, list);

    for (uint32_t i = 0; i < rows->array.count; i++)
        print_one(words, &rows->array.at[i]);
}

static void print_lane(const struct in_words *words, const struct json *lane)
{
    fputs("  ", stdout);
    in_words_term(words, "traffic", json_get_text(lane, "class"));
    fputs(", ", stdout);
    in_words_term(words, "direction", json_get_text(lane, "direction"));
    puts(json_get_integer(lane, "mismatch", 0) ? ": THEY DO NOT SAY THE SAME" : "");
    print_each(words, lane, "declared", print_declared);
    print_each(words, lane, "seen", print_seen);
    print_each(words, lane, "counts", print_count);
}

/* "850 PKR million", "700 to 800 PKR million". */
static void print_figure(const struct json *of, const struct json *flow)
{
    printf("%.*s", SPAN_ARG(json_get_text(of, "least")));
    if (json_get_text(of, "most").len)
        printf(" to %.*s", SPAN_ARG(json_get_text(of, "most")));
    printf(" %.*s", SPAN_ARG(json_get_text(flow, "unit")));
}

static void print_published(const struct in_words *words, const struct json *flow)
{
    const struct json *closed = json_get(flow, "closed");

    fputs("  published: ", stdout);
    in_words_word(words, json_get_text(flow, "measure"));
    putchar(' ');
    print_figure(flow, flow);
    printf(" (%.*s, %.*s)\n    %.*s\n", SPAN_ARG(json_get_text(flow, "period")),
           SPAN_ARG(json_get_text(flow, "note")), SPAN_ARG(json_get_text(flow, "url")));
    for (uint32_t i = 0; closed && i < closed->array.count; i++) {
        const struct json *one = &closed->array.at[i];

        printf("    times the %" PRId64 " days that ", json_get_integer(one, "days", 0));
        in_words_term(words, "organisation", json_get_text(one, "organisation"));
        fputs(" declared it closed: ", stdout);
        print_figure(one, flow);
        putchar('\n');
    }
}

static void print_crossing(const struct in_words *words, const struct json *crossing)
{
    const struct json *lanes = json_get(crossing, "lanes");
    uint32_t silent = 0;

    in_words_term(words, "crossing", json_get_text(crossing, "id"));
    putchar('\n');
    for (uint32_t i = 0; i < lanes->array.count; i++) {
        if (is_told(&lanes->array.at[i]))
            print_lane(words, &lanes->array.at[i]);
        else
            silent++;
    }
    printf("  lanes that nobody has spoken of: %u of %u\n", silent, lanes->array.count);
    print_each(words, crossing, "returns", print_returns);
    print_each(words, crossing, "published", print_published);
}

static void print_transit(const struct in_words *words, const struct json *one)
{
    const struct json *deadlines = json_get(one, "deadlines");

    fputs("  ", stdout);
    in_words_term(words, "transit_type", json_get_text(one, "type"));
    fputs(" at ", stdout);
    in_words_term(words, "crossing", json_get_text(one, "crossing"));
    fputs(", asked by ", stdout);
    in_words_term(words, "organisation", json_get_text(one, "org"));
    fputs(": ", stdout);
    in_words_word(words, json_get_text(one, "state"));
    fputs(", from ", stdout);
    in_words_moment(words, at_ms(one, "from"));
    fputs(" to ", stdout);
    in_words_moment(words, at_ms(one, json_get(one, "until_granted") ? "until_granted" : "until"));
    if (json_get_integer(one, "ran_out", 0))
        fputs("; THE TIME HAS PASSED", stdout);
    for (uint32_t i = 0; i < deadlines->array.count; i++)
        if (json_get_integer(&deadlines->array.at[i], "overdue", 0))
            fputs("; THE ANSWER IS OVERDUE", stdout);
    putchar('\n');
}

static void print(struct cli *cli, const struct json *answer, const struct json *terms)
{
    const struct in_words words = {terms, NULL, &cli->arena, stdout};
    const struct json *list = json_get(answer, "crossings");

    if (list->array.count == 0)
        puts("The agreement has no crossings.");
    for (uint32_t i = 0; i < list->array.count; i++)
        print_crossing(&words, &list->array.at[i]);
    if (json_get(answer, "transit")->array.count)
        puts("To be let through");
    print_each(&words, answer, "transit", print_transit);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *crossing = cli_option(cli, "--crossing");

    return ask_and_print(cli, "/api/crossings",
                         crossing ? arena_printf(&cli->arena, "crossing=%s", crossing) : "", print,
                         err);
}

const struct cli_command command_crossings = {
    .name = "crossings",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--crossing", "ID", "this one alone", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Says how each side declares the crossings to stand, and what was seen there.",
    .run = run,
};
