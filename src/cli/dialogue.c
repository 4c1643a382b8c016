#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh dialogue: which bodies are to meet, how their sessions stand, what is carried from one to
 * another, what came of it, and who is to do what. */

struct page {
    struct in_words words;
    int64_t now_ms;
    const struct json *answer;
};

static void put_org(const struct page *page, const struct json *one, const char *member)
{
    in_words_term(&page->words, "organisation", json_get_text(one, member));
}

static void put_state(const struct page *page, const struct json *one)
{
    fputs(": ", stdout);
    in_words_word(&page->words, json_get_text(one, "state"));
    printf("\n          %.*s\n", SPAN_ARG(json_get_text(one, "id")));
}

static void print_deadline(const struct page *page, const struct json *due)
{
    int64_t at = json_get_integer(due, "at_ms", 0);
    bool overdue = json_get_integer(due, "overdue", 0);

    if (!span_is(json_get_text(due, "state"), "running"))
        return;
    fputs(overdue ? "          OVERDUE " : "          due     ", stdout);
    in_words_term(&page->words, "clock", json_get_text(due, "clock"));
    fputs(overdue ? ", since " : ", in ", stdout);
    in_words_length(&page->words, overdue ? page->now_ms - at : at - page->now_ms);
    if (json_get(due, "whose")) {
        fputs("; owed by ", stdout);
        put_org(page, due, "whose");
    }
    putchar('\n');
}

static void print_deadlines(const struct page *page, const struct json *one)
{
    const struct json *list = json_get(one, "deadlines");

    for (size_t i = 0; i < list->array.count; i++)
        print_deadline(page, &list->array.at[i]);
}

/* What the record says, as far as it may be read here. */
static void print_text(const struct json *said, const char *name)
{
    const struct json *parts = json_get(said, "parts");
    struct span text = json_get_text(json_get(said, "public"), name);

    for (size_t i = 0; parts && text.len == 0 && i < parts->array.count; i++)
        text = json_get_text(json_get(&parts->array.at[i], "content"), name);
    if (text.len)
        printf("          \"%.*s\"\n", SPAN_ARG(text));
}

/* Who has said nothing for longer than the agreement's span. It is shown, and is no finding. */
static void print_silent(const struct page *page, const struct json *body, const struct json *due)
{
    if (!span_equal(json_get_text(due, "clock"), json_get_text(body, "dormant")) ||
        !json_get_integer(due, "overdue", 0))
        return;
    fputs("          ", stdout);
    put_org(page, due, "whose");
    fputs(" is silent: its time ran out ", stdout);
    in_words_moment(&page->words, json_get_integer(due, "at_ms", 0));
    putchar('\n');
}

static void print_body(const struct page *page, const struct json *body)
{
    const struct json *list = json_get(body, "deadlines");

    fputs("body      ", stdout);
    in_words_term(&page->words, "body", json_get_text(body, "id"));
    putchar('\n');
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *due = &list->array.at[i];

        if (!span_equal(json_get_text(due, "clock"), json_get_text(body, "dormant")))
            print_deadline(page, due);
        print_silent(page, body, due);
    }
}

static void print_session(const struct page *page, const struct json *one)
{
    const struct json *list = json_get(one, "attendance");

    fputs("session   ", stdout);
    in_words_term(&page->words, "body", json_get_text(one, "body"));
    fputs(", ", stdout);
    in_words_moment(&page->words, json_get_integer(json_get(one, "from"), "at_ms", 0));
    printf(", %.*s", SPAN_ARG(json_get_text(one, "sitting")));
    put_state(page, one);
    print_text(json_get(one, "said"), "title");
    print_text(json_get(one, "also"), "reason");
    for (size_t i = 0; i < list->array.count; i++) {
        fputs("          ", stdout);
        put_org(page, &list->array.at[i], "org");
        fputs(": ", stdout);
        in_words_word(&page->words, json_get_text(&list->array.at[i], "state"));
        putchar('\n');
    }
    print_deadlines(page, one);
}

static void print_exchange(const struct page *page, const struct json *one)
{
    fputs("text      ", stdout);
    put_org(page, one, "org");
    fputs(" to ", stdout);
    put_org(page, one, "to");
    fputs(" by way of ", stdout);
    put_org(page, one, "via");
    put_state(page, one);
    print_text(json_get(one, "said"), "text");
    print_text(json_get(one, "also"), "text");
    print_deadlines(page, one);
}

static void print_outcome(const struct page *page, const struct json *one)
{
    printf("%-9.*s ", SPAN_ARG(json_get_text(one, "type")));
    fputs("filed by ", stdout);
    put_org(page, one, "org");
    put_state(page, one);
    print_text(json_get(one, "said"), "text");
    print_deadlines(page, one);
}

static void print_action(const struct page *page, const struct json *one)
{
    if (span_is(json_get_text(one, "state"), "done"))
        return;
    fputs("action    ", stdout);
    put_org(page, one, "owner");
    put_state(page, one);
    print_text(json_get(one, "said"), "what");
    print_text(json_get(one, "said"), "test");
    print_deadlines(page, one);
}

/* How it reads in each language, of what may be read here. */
static void print_texts(const struct json *said)
{
    const struct json *parts = json_get(said, "parts"), *texts = NULL;

    for (size_t i = 0; parts && !texts && i < parts->array.count; i++)
        texts = json_get(json_get(&parts->array.at[i], "content"), "texts");
    for (size_t i = 0; texts && i < texts->array.count; i++)
        printf("          %.*s: \"%.*s\"\n",
               SPAN_ARG(json_get_text(&texts->array.at[i], "language")),
               SPAN_ARG(json_get_text(&texts->array.at[i], "text")));
}

static bool is_live(const struct json *wording)
{
    struct span state = json_get_text(wording, "state");

    return span_is(state, "live") || span_is(state, "agreed");
}

static void print_wording(const struct page *page, const struct json *wording)
{
    fputs("            ", stdout);
    put_org(page, wording, "org");
    fputs(": ", stdout);
    in_words_word(&page->words, json_get_text(wording, "as"));
    fputs(", ", stdout);
    in_words_word(&page->words, json_get_text(wording, "state"));
    printf("\n            %.*s\n", SPAN_ARG(json_get_text(wording, "id")));
    print_texts(json_get(wording, "said"));
}

/* The sides' wordings of one part below each other, as they stand in brackets. */
static void print_part(const struct page *page, const struct json *part)
{
    const struct json *wordings = json_get(page->answer, "wordings");

    printf("          part %.*s, ", SPAN_ARG(json_get_text(part, "article")));
    in_words_word(&page->words, json_get_text(part, "state"));
    putchar('\n');
    for (size_t i = 0; i < wordings->array.count; i++) {
        const struct json *wording = &wordings->array.at[i];

        if (is_live(wording) &&
            span_equal(json_get_text(wording, "text"), json_get_text(part, "text")) &&
            span_equal(json_get_text(wording, "article"), json_get_text(part, "article")))
            print_wording(page, wording);
    }
}

static void print_negotiated(const struct page *page, const struct json *one)
{
    const struct json *parts = json_get(one, "parts");

    fputs("draft     ", stdout);
    in_words_term(&page->words, "body", json_get_text(one, "body"));
    put_state(page, one);
    print_text(json_get(one, "said"), "title");
    for (size_t i = 0; i < parts->array.count; i++)
        print_part(page, &parts->array.at[i]);
}

/* The organisations of those rows that are of this language. */
static void print_orgs(const struct json *rows, struct span language, const char *before)
{
    for (size_t i = 0; i < rows->array.count; i++) {
        const struct json *row = &rows->array.at[i];

        if (!span_equal(json_get_text(row, "language"), language))
            continue;
        printf("%s%.*s", before, SPAN_ARG(json_get_text(row, "org")));
        before = ", ";
    }
}

static void print_final(const struct page *page, const struct json *one)
{
    const struct json *versions = json_get(one, "versions");

    fputs("whole     offered by ", stdout);
    put_org(page, one, "org");
    put_state(page, one);
    for (size_t i = 0; i < versions->array.count; i++) {
        struct span language = json_get_text(&versions->array.at[i], "language");

        printf("          %.*s", SPAN_ARG(language));
        print_orgs(json_get(one, "concurrences"), language, ": concurred by ");
        print_orgs(json_get(one, "contested"), language, "; CONTESTED by ");
        putchar('\n');
    }
    print_texts(json_get(one, "said"));
    print_deadlines(page, one);
}

static void print_proposed(const struct page *page, const struct json *one)
{
    fputs("for the next agenda: ", stdout);
    if (json_get(one, "crossing")) {
        in_words_term(&page->words, "crossing", json_get_text(one, "crossing"));
    } else if (json_get(one, "action")) {
        fputs("an action of ", stdout);
        put_org(page, one, "owner");
    } else {
        printf("%.*s", SPAN_ARG(json_get_string(one, "title", json_get_text(one, "incident"))));
    }
    fputs(", ", stdout);
    in_words_word(&page->words, json_get_text(one, "state"));
    putchar('\n');
}

static void print(struct cli *cli, const struct json *answer, const struct json *terms)
{
    static const struct {
        const char *member;
        void (*print)(const struct page *page, const struct json *one);
    } lists[] = {
        {"bodies", print_body},      {"sessions", print_session},  {"exchanges", print_exchange},
        {"outcomes", print_outcome}, {"actions", print_action},    {"texts", print_negotiated},
        {"finals", print_final},     {"proposed", print_proposed},
    };
    const struct page page = {
        {terms, NULL, &cli->arena, stdout}, json_get_integer(answer, "now_ms", 0), answer};

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const struct json *list = json_get(answer, lists[i].member);

        for (size_t k = 0; k < list->array.count; k++)
            lists[i].print(&page, &list->array.at[k]);
    }
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    return ask_and_print(cli, "/api/dialogue", "limit=500", print, err);
}

const struct cli_command command_dialogue = {
    .name = "dialogue",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about =
        "Says which bodies are to meet, how their sessions stand, what was carried and agreed, "
        "and who is to do what.",
    .run = run,
};
