#include "cli/ask.h"
#include "cli/in_words.h"

#include <stdlib.h>

/*
 * sulh case: one case as a page, from the first word to the last, for somebody who was not
 * there. Every report, claim and record stands in the order of the log, what was refused among
 * them; references are the numbers of what is printed.
 */

struct page {
    struct in_words words;
    struct json items; /* everything said, in the order of its entries */
    const struct json *row, *answer;
};

/* --- everything said, in order --- */

static int by_index(const void *a, const void *b)
{
    int64_t left = json_get_integer(a, "index", 0), right = json_get_integer(b, "index", 0);

    return left < right ? -1 : left > right;
}

static void add(struct page *page, const struct json *list)
{
    for (size_t i = 0; list && i < list->array.count; i++)
        json_push(&page->items, list->array.at[i], page->words.arena);
}

static void collect(struct page *page, const struct json *incident)
{
    static const char *const lists[] = {"reports", "claims", "others", "unlinked"};

    page->items = json_array();
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        add(page, json_get(incident, lists[i]));
    add(page, json_get(page->answer, "records"));
    add(page, json_get(page->answer, "refused"));
    if (page->items.array.count)
        qsort(page->items.array.at, page->items.array.count, sizeof page->items.array.at[0],
              by_index);
    page->words.items = &page->items;
}

/* --- the head --- */

static void head_term(const struct page *page, const char *name, const char *section,
                      const char *member)
{
    if (json_get_text(page->row, member).len == 0)
        return;
    printf("  %-16s", name);
    in_words_term(&page->words, section, json_get_text(page->row, member));
    putchar('\n');
}

static void head_word(const struct page *page, const char *name, const char *member)
{
    if (json_get_text(page->row, member).len == 0)
        return;
    printf("  %-16s", name);
    in_words_word(&page->words, json_get_text(page->row, member));
    putchar('\n');
}

static void head_accused(const struct page *page)
{
    const struct json *accused = json_get(page->row, "accused");

    if (!accused)
        return;
    printf("  %-16s", "accused");
    for (size_t i = 0; i < accused->array.count; i++) {
        fputs(i ? ", " : "", stdout);
        in_words_term(&page->words, "organisation", accused->array.at[i].string);
    }
    putchar('\n');
}

static void head_sides(const struct page *page)
{
    const struct json *sides = json_get(page->answer, "side_states");

    for (size_t i = 0; sides && i < sides->array.count; i++)
        if (span_is(json_get_text(&sides->array.at[i], "state"), "on")) {
            printf("  %-16s", "in the way");
            in_words_word(&page->words, json_get_text(&sides->array.at[i], "of"));
            putchar('\n');
        }
}

static void print_head(const struct page *page)
{
    printf("Case %.*s\n", SPAN_ARG(json_get_text(page->row, "id")));
    if (json_get_text(page->row, "title").len) {
        cli_put_text(stdout, json_get_text(page->row, "title"), 0);
        putchar('\n');
    }
    putchar('\n');
    head_word(page, "state", "state");
    head_term(page, "act alleged", "act", "act");
    head_term(page, "grade alleged", "grade", "grade");
    head_accused(page);
    head_word(page, "in the area", "in_area");
    head_word(page, "in force then", "in_time");
    head_word(page, "urgent", "urgent");
    printf("  %-16sversion %" PRId64 " of the agreement's terms\n", "judged under",
           json_get_integer(page->row, "modalities", 0));
    head_sides(page);
}

/* --- deadlines --- */

static const char *how_it_stands(const struct json *deadline)
{
    return json_get_integer(deadline, "overdue", 0) ? "OVERDUE" : NULL;
}

static void print_deadline(const struct page *page, const struct json *deadline)
{
    const char *overdue = how_it_stands(deadline);

    fputs("  ", stdout);
    if (overdue)
        printf("%-8s ", overdue);
    else
        printf("%-8.*s ", SPAN_ARG(json_get_text(deadline, "state")));
    in_words_term(&page->words, "clock", json_get_text(deadline, "clock"));
    if (json_get_text(deadline, "whose").len)
        printf(", %.*s", SPAN_ARG(json_get_text(deadline, "whose")));
    if (json_get(deadline, "at_ms")) {
        fputs(overdue ? ": was due " : ": due ", stdout);
        in_words_moment(&page->words, json_get_integer(deadline, "at_ms", 0));
    }
    putchar('\n');
}

static void print_deadlines(const struct page *page)
{
    const struct json *list = json_get(page->answer, "deadlines");

    if (!list || list->array.count == 0)
        return;
    puts("\nDeadlines");
    for (size_t i = 0; i < list->array.count; i++)
        print_deadline(page, &list->array.at[i]);
}

/* --- the file --- */

/* Between the tick before it and the first that covers it: the moment, as far as it is known. */
static void print_recorded(const struct page *page, const struct json *item)
{
    const struct json *recorded = json_get(item, "recorded");

    if (json_get(recorded, "by_ms")) {
        fputs("recorded by ", stdout);
        in_words_moment(&page->words, json_get_integer(recorded, "by_ms", 0));
    } else if (json_get(recorded, "after_ms")) {
        fputs("recorded after ", stdout);
        in_words_moment(&page->words, json_get_integer(recorded, "after_ms", 0));
    }
}

static void print_verdict(const struct page *page, const struct json *item)
{
    struct span verdict = json_get_text(item, "verdict"), state = json_get_text(item, "state");

    if (span_is(verdict, "void")) {
        fputs("    REFUSED: ", stdout);
        in_words_word(&page->words, json_get_text(item, "reason"));
        printf(", clause %.*s\n", SPAN_ARG(json_get_text(item, "clause")));
    } else if (json_get_text(item, "clause").len) {
        printf("    clause %.*s\n", SPAN_ARG(json_get_text(item, "clause")));
    }
    if (state.len && !span_is(state, "live"))
        printf("    %.*s since\n", SPAN_ARG(state));
    if (span_is(json_get_text(json_get(item, "link"), "state"), "unlinked"))
        puts("    unlinked since");
}

static void print_assessment(const struct page *page, const struct json *item)
{
    const struct json *assessment = json_get(item, "assessment");

    if (!assessment)
        return;
    fputs("    assessed: ", stdout);
    in_words_word(&page->words, json_get_text(assessment, "class"));
    fputs(" from ", stdout);
    in_words_term(&page->words, "origin", json_get_text(assessment, "origin"));
    puts(span_is(json_get_text(assessment, "neutral"), "yes") ? ", neutral" : ", not neutral");
}

/* The operator may have let it lie: what others say of when it came. */
static void print_offered(const struct page *page, const struct json *item)
{
    const struct json *offered = json_get(item, "offered");

    for (size_t i = 0; offered && i < offered->array.count; i++) {
        const struct json *one = &offered->array.at[i];

        fputs("    offered since ", stdout);
        in_words_moment(&page->words, json_get_integer(one, "since_ms", 0));
        printf(", says %.*s with entry %" PRId64 "\n", SPAN_ARG(json_get_text(one, "by")),
               json_get_integer(one, "index", 0));
    }
}

/* What became of it: the record's own row, where that has a state that its kind does not say. */
static void print_row_state(const struct page *page, const struct json *item)
{
    struct span state = json_get_text(json_get(item, "row"), "state");

    if (state.len == 0 || span_is(state, "made") || span_is(state, "live"))
        return;
    fputs("    now ", stdout);
    in_words_word(&page->words, state);
    putchar('\n');
}

static void print_item(const struct page *page, size_t n, const struct json *item)
{
    static const char *const but[] = {"case", "incident", "external_id", "sources", NULL};
    char *kind = arena_text(page->words.arena, json_get_text(item, "kind"));

    printf("\n%3zu  %s", n + 1, kind);
    printf(", by %.*s", SPAN_ARG(json_get_text(item, "by")));
    if (json_get_text(item, "role").len)
        printf(" (%.*s)", SPAN_ARG(json_get_text(item, "role")));
    printf(", entry %" PRId64 ", ", json_get_integer(item, "index", 0));
    print_recorded(page, item);
    putchar('\n');
    print_verdict(page, item);
    in_words_fields(&page->words, kind, json_get(item, "fields"), but, 4);
    in_words_fields(&page->words, kind, json_get(item, "public"), but, 4);
    if (json_get(item, "part_here") && json_get_integer(item, "part_here", 1) == 0)
        puts("    a part of it is not here");
    print_offered(page, item);
    print_assessment(page, item);
    print_row_state(page, item);
}

static void print(struct page *page)
{
    print_head(page);
    print_deadlines(page);
    puts("\nThe file, in the order of the log");
    for (size_t i = 0; i < page->items.array.count; i++)
        print_item(page, i, &page->items.array.at[i]);
}

static bool get(struct cli *cli, struct ask *ask, const char *path, struct json *out,
                struct err *err)
{
    const char *as_of = cli_option(cli, "--as-of");
    const char *query = as_of ? arena_printf(&cli->arena, "as_of=%s", as_of) : "";

    return ask_get(ask, path, query, out, &cli->arena, err);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *id = cli->argument[1];
    struct json answer, incident, terms;
    struct ask *ask;
    bool ok = ask_open(&ask, cli->argument[0], err) &&
              get(cli, ask, arena_printf(&cli->arena, "/api/cases/%s", id), &answer, err) &&
              get(cli, ask, arena_printf(&cli->arena, "/api/incidents/%s", id), &incident, err) &&
              get(cli, ask, "/api/agreement", &terms, err);

    if (ok && cli_option(cli, "--json")) {
        cli_print_json(&answer, &cli->arena);
    } else if (ok) {
        struct page page = {.words = {json_get(&terms, "terms"), NULL, &cli->arena, stdout},
                            .row = json_get(&answer, "case"),
                            .answer = &answer};

        collect(&page, &incident);
        print(&page);
    }
    ask_close(ask);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_case = {
    .name = "case",
    .arguments = "DIR ID",
    .least = 2,
    .most = 2,
    .option = {{"--as-of", "N", "what was known when entry N was the last", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Prints a case as a page: every record of it in order, every deadline.",
    .run = run,
};
