#include "cli/ask.h"
#include "cli/hotline_words.h"

#include "api/views.h"
#include "cli/logged.h"
#include "crypto/sign.h"
#include "node/identity.h"

/* sulh hotline: who is on watch, how the lines stand, and what waits, with whom. */

static bool is_open(const struct json *one)
{
    struct span state = json_get_text(one, "state");

    return !span_is(state, "answered") && !span_is(state, "refused") && !span_is(state, "echoed") &&
           !span_is(state, "accepted") && !span_is(state, "declined");
}

static void put_org(const struct in_words *words, const struct json *one, const char *member)
{
    in_words_term(words, "organisation", json_get_text(one, member));
}

static void print_watch(const struct in_words *words, const struct json *one)
{
    fputs("on watch  ", stdout);
    put_org(words, one, "org");
    printf(": %.*s until ", SPAN_ARG(json_get_text(one, "officer")));
    in_words_moment(words, json_get_integer(json_get(one, "until"), "at_ms", 0));
    putchar('\n');
}

static void print_line(const struct in_words *words, const struct json *one)
{
    printf("line      ");
    put_org(words, one, "to");
    fputs(" is ", stdout);
    in_words_word(words, json_get_text(one, "state"));
    fputs(", says ", stdout);
    put_org(words, one, "org");
    putchar('\n');
}

static void print_deadlines(const struct in_words *words, const struct json *one, int64_t now_ms)
{
    const struct json *list = json_get(one, "deadlines");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *due = &list->array.at[i];
        int64_t at = json_get_integer(due, "at_ms", 0);
        bool overdue = json_get_integer(due, "overdue", 0);

        if (!span_is(json_get_text(due, "state"), "running"))
            continue;
        fputs(overdue ? "          OVERDUE " : "          due     ", stdout);
        in_words_term(words, "clock", json_get_text(due, "clock"));
        fputs(overdue ? ", since " : ", in ", stdout);
        in_words_length(words, overdue ? now_ms - at : at - now_ms);
        fputs("; owed by ", stdout);
        put_org(words, due, "whose");
        putchar('\n');
    }
}

static void print_steps(const struct in_words *words, const struct json *one)
{
    const struct json *steps = json_get(one, "steps");

    for (size_t i = 0; steps && i < steps->array.count; i++) {
        fputs("          ", stdout);
        put_org(words, &steps->array.at[i], "org");
        fputs(": ", stdout);
        in_words_word(words, json_get_text(&steps->array.at[i], "state"));
        putchar('\n');
    }
}

/* A message, a test or a call, whichever it is. */
static void print_open(const struct in_words *words, const char *what, const struct json *one,
                       int64_t now_ms)
{
    printf("%-9s ", what);
    put_org(words, one, "org");
    fputs(" to ", stdout);
    put_org(words, one, "to");
    if (json_get(one, "via")) {
        fputs(" by way of ", stdout);
        put_org(words, one, "via");
    }
    fputs(": ", stdout);
    in_words_word(words, json_get_text(one, "state"));
    if (json_get(one, "exercise"))
        fputs(" (EXERCISE)", stdout);
    printf("\n          %.*s\n", SPAN_ARG(json_get_text(one, "id")));
    if (json_get(one, "template")) {
        fputs("          ", stdout);
        in_words_term(words, "hotline_template", json_get_text(one, "template"));
        putchar('\n');
    }
    print_steps(words, one);
    print_deadlines(words, one, now_ms);
}

/* How many there are. */
static size_t print_all_open(const struct in_words *words, const char *what,
                             const struct json *list, int64_t now_ms)
{
    size_t open = 0;

    for (size_t i = 0; i < list->array.count; i++)
        if (is_open(&list->array.at[i])) {
            print_open(words, what, &list->array.at[i], now_ms);
            open++;
        }
    return open;
}

static void print(struct cli *cli, const struct json *answer, const struct json *terms)
{
    const struct in_words words = {terms, NULL, &cli->arena, stdout};
    const struct json *duty = json_get(answer, "duty"), *lines = json_get(answer, "lines");
    int64_t now = json_get_integer(answer, "now_ms", 0);

    for (size_t i = 0; i < duty->array.count; i++)
        print_watch(&words, &duty->array.at[i]);
    for (size_t i = 0; i < lines->array.count; i++)
        print_line(&words, &lines->array.at[i]);
    size_t open = print_all_open(&words, "message", json_get(answer, "messages"), now);
    open += print_all_open(&words, "test", json_get(answer, "checks"), now);
    open += print_all_open(&words, "call", json_get(answer, "calls"), now);
    if (open == 0)
        puts("Nothing is open, by what is logged here.");
}

/* --- with a key: the console --- */

static bool refuse_key(const struct hotline *h, struct err *err)
{
    uint64_t entries;

    if (!store_applied(node_reader(h->node), &entries, err))
        return false;
    if (entries == 0)
        return err_set(err, ERR_MISSING,
                       "this node has not read the log yet, in which %s would be "
                       "admitted: let sulh serve %s follow it first",
                       h->key, h->cli->argument[0]);
    return err_set(err, ERR_REFUSED, "no key %s is admitted", h->key);
}

static bool open_here(struct hotline *h, struct err *err)
{
    struct journal_view view = views_journal();
    struct json key, agreement;
    bool there;

    if (!node_open(&h->node, h->cli->argument[0], &view, NULL, err))
        return false;
    if (node_holds(h->node))
        h->api = api_open(h->node);
    if (!author_open(&h->author, h->node, h->key, err) ||
        !logged_row(&key, &there, h->node, "key", span_of(h->key), &h->cli->arena, err))
        return false;
    if (!there)
        return refuse_key(h, err);
    h->org = json_get_text(&key, "org");
    if (!hotline_get(h, "/api/agreement", "", &agreement, &h->cli->arena, err))
        return false;
    h->terms = *json_get(&agreement, "terms");
    hotline_words_open(h);
    return true;
}

/* Without an identity it signs and sends, and reads no text. */
static bool open_console(struct hotline *h, struct err *err)
{
    struct err none = {0};

    h->reads = identity_read(&h->identity, h->cli->argument[0], h->key, &none);
    if (!h->reads && none.kind != ERR_MISSING) {
        *err = none;
        return false;
    }
    return open_here(h, err);
}

static void close_console(struct hotline *h)
{
    author_close(h->author);
    api_close(h->api);
    node_close(h->node);
    sign_wipe(&h->identity, sizeof h->identity);
    arena_free(&h->old);
    arena_free(&h->arena);
    arena_free(&h->work);
}

/* What stands behind the directory is one line. */
static bool act_once(struct hotline *h, struct err *err)
{
    struct buf line = buf_in(&h->cli->arena, HOTLINE_LINE_BYTES);

    for (size_t i = 1; i < h->cli->argument_count; i++)
        buf_printf(&line, "%s%s", i > 1 ? " " : "", h->cli->argument[i]);
    if (line.full)
        return err_set(err, ERR_LIMIT, "more than %u bytes", HOTLINE_LINE_BYTES);
    return hotline_refresh(h, err) && hotline_act(h, buf_span(&line), err);
}

static enum cli_exit run_console(struct cli *cli, struct err *err)
{
    struct hotline *h = ARENA_NEW(&cli->arena, struct hotline);
    const char *language = cli_option(cli, "--language");

    h->cli = cli;
    h->key = cli_option(cli, "--as");
    h->language = span_of(language ? language : "en");
    h->exercise = cli_option(cli, "--exercise") != NULL;
    h->tried = json_array();
    bool ok = open_console(h, err) &&
              (cli->argument_count > 1 ? act_once(h, err) : hotline_console(h, err));
    close_console(h);
    if (ok || err->kind != ERR_USAGE)
        return ok ? CLI_DONE : CLI_FAILED;
    err->kind = ERR_REFUSED; /* it says how the line is said; the command was well said */
    return CLI_USAGE;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    if (cli_option(cli, "--as"))
        return run_console(cli, err);
    if (cli->argument_count > 1)
        return cli_usage(err, "who says so? --as KEYNAME, a name that sulh key list %s prints",
                         cli->argument[0]);
    return ask_and_print(cli, "/api/hotline", "limit=500", print, err);
}

const struct cli_command command_hotline = {
    .name = "hotline",
    .arguments = "DIR [WORDS]",
    .least = 1,
    .most = CLI_MOST_ARGUMENTS,
    .option =
        {{"--json", NULL, "one JSON object", CLI_MAYBE},
         {"--as", "KEYNAME", "the console of the officer with this key of DIR/keys", CLI_MAYBE},
         {"--language", "LANGUAGE",
          "the officer's: of what is sent, of set notices, and of the console itself as far as "
          "it has the words; en when not given",
          CLI_MAYBE},
         {"--exercise", NULL, "what is sent is marked as an exercise", CLI_MAYBE}},
    .about =
        "Says who is on watch, how the lines stand, and what of the hotline is still open. With "
        "--as it is the officer's console: a line of words on standard input, or behind DIR, "
        "signs and shows (doc/hotline.md); \"help\" lists them.",
    .run = run,
};
