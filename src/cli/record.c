#include "cli/cli.h"

#include "api/views.h"
#include "base/limits.h"
#include "cli/verdict.h"
#include "node/author.h"

static bool read_fields(struct cli *cli, struct json *out, struct err *err)
{
    const char *path = cli->argument[2];
    struct span text;

    return cli_read_file(&text, path, LIMIT_SMALL_PART_BYTES, &cli->arena, err) &&
           (json_parse(out, text, &cli->arena, err) || err_wrap(err, "%s", path));
}

static bool read_tier(enum tier *out, const char *word, struct err *err)
{
    *out = TIER_PUBLIC;
    return !word || tier_find(out, span_of(word)) ||
           err_set(err, ERR_USAGE, "there is no tier \"%s\": public, mechanism, mission or sealed",
                   word);
}

/* "TYPE=FILE": an image/jpeg from a file. */
static bool read_medium(struct cli *cli, struct author_medium *out, const char *text,
                        struct err *err)
{
    struct span path = span_of(text);

    if (!span_cut(&path, '=', &out->type) || out->type.len == 0 ||
        !memchr(out->type.at, '/', out->type.len))
        return err_set(err, ERR_USAGE, "\"%s\": a file is given as TYPE=FILE, image/jpeg=a.jpg",
                       text);
    return cli_read_file(&out->bytes, arena_text(&cli->arena, path), LIMIT_PART_BYTES, &cli->arena,
                         err);
}

static bool read_media(struct cli *cli, struct author_ask *ask, struct err *err)
{
    struct author_medium *media = arena_alloc(&cli->arena, CLI_MOST_VALUES * sizeof *media);
    const char *text;

    ask->media = media;
    while ((text = cli_option_at(cli, "--media", ask->media_count)) != NULL) {
        media[ask->media_count] = (struct author_medium){.tier = ask->least};
        if (!read_medium(cli, &media[ask->media_count++], text, err))
            return false;
    }
    return true;
}

static bool read_ask(struct cli *cli, struct author_ask *out, struct err *err)
{
    struct json *flat = ARENA_NEW(&cli->arena, struct json);

    *out = (struct author_ask){.kind = cli->argument[1], .flat = flat};
    return read_tier(&out->least, cli_option(cli, "--tier"), err) && read_fields(cli, flat, err) &&
           read_media(cli, out, err);
}

static bool open_author(struct cli *cli, struct author **out, struct node *node, struct err *err)
{
    const char *name = cli_option(cli, "--as");

    return name ? author_open(out, node, name, err)
                : author_open_file(out, node, cli_option(cli, "--key-file"), err);
}

/* Puts behind what went wrong what helps. Returns false. */
static bool add(struct cli *cli, struct err *err, const char *more)
{
    const char *said = arena_text(&cli->arena, span_of(err->text));

    return err_set(err, err->kind, "%s (%s)", said, more);
}

static bool sign(struct cli *cli, struct author *author, const struct author_ask *ask,
                 struct submission *out, struct err *err)
{
    char id[65];

    return author_sign_parts(author, ask, out, id, &cli->arena, err) ||
           (err->kind == ERR_MALFORMED &&
            add(cli, err, arena_printf(&cli->arena, "sulh rules %s prints its fields", ask->kind)));
}

static bool sign_and_submit(struct cli *cli, struct node *node, struct author *author,
                            const struct author_ask *ask, struct submission *submission,
                            struct answer *answer, struct err *err)
{
    if (!sign(cli, author, ask, submission, err) ||
        !node_submit(node, submission, 1, answer, &cli->arena, err))
        return false;
    if (answer->kind == ANSWER_REFUSED)
        return err_set(err, ERR_REFUSED, "refused: %s (%s)", answer->reason, answer->why.text);
    /* By the door itself, beside which nobody keeps it. */
    return answer->kind != ANSWER_LATER || answer->why.kind == ERR_NONE ||
           err_set(err, ERR_LIMIT, "not logged: %s; sign it again in %" PRId64 " seconds",
                   answer->why.text, (answer->later_ms + 999) / 1000);
}

/* Beside a server the key is held until the record is published, so that the next to sign
 * continues it. Who holds the node is alone, and its tick may want this very key. */
static bool append(struct cli *cli, struct node *node, const struct author_ask *ask,
                   struct submission *submission, struct answer *answer, struct err *err)
{
    struct author *author = NULL;
    bool ok = open_author(cli, &author, node, err) &&
              sign_and_submit(cli, node, author, ask, submission, answer, err);

    if (node_holds(node)) {
        author_close(author);
        author = NULL;
    }
    ok = ok && node_settle(node, err);
    author_close(author);
    return ok;
}

static void print_answer(struct cli *cli, const struct answer *answer, const struct json *verdict)
{
    static const char *const members[] = {"verdict", "clause", "reason", "marks"};
    struct json out = json_object();

    json_set(&out, "id", json_text(answer->id), &cli->arena);
    json_set_integer(&out, "index", (int64_t)answer->index, &cli->arena);
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (json_get(verdict, members[i]))
            json_set(&out, members[i], *json_get(verdict, members[i]), &cli->arena);
    cli_print_json(&out, &cli->arena);
}

/* In the outbox, durably: it is on its way (doc/format.md §5.7). */
static void print_waiting(struct cli *cli, const struct answer *answer)
{
    struct json out = json_object();

    json_set(&out, "id", json_text(answer->id), &cli->arena);
    json_set_integer(&out, "waiting", 1, &cli->arena);
    cli_print_json(&out, &cli->arena);
    fprintf(stderr, "sulh: it waits in the outbox, and is carried to the log while %s is served\n",
            cli->argument[0]);
}

static bool record(struct cli *cli, struct node *node, const struct author_ask *ask,
                   struct err *err)
{
    struct submission submission = {0};
    struct answer answer = {0};
    struct json verdict;
    const char *why;

    if (!append(cli, node, ask, &submission, &answer, err))
        return false;
    if (answer.kind == ANSWER_LATER) {
        print_waiting(cli, &answer);
        return true;
    }
    if (!verdict_read(&verdict, node, answer.index, &cli->arena, err))
        return false;
    print_answer(cli, &answer, &verdict);
    if (verdict_effective(&verdict, answer.index, err))
        return true;
    struct err unsaid = {0};
    if (verdict_why(&why, node, answer.index, submission.note, &cli->arena, &unsaid) && why[0])
        return add(cli, err, why);
    return false;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct node *node = NULL;
    struct author_ask ask;

    if (!cli_option(cli, "--as") == !cli_option(cli, "--key-file"))
        return cli_usage(err,
                         "who signs? Either --as KEYNAME, a name that sulh key list %s prints, "
                         "or --key-file FILE",
                         cli->argument[0]);
    bool ok = read_ask(cli, &ask, err) && node_open(&node, cli->argument[0], &view, NULL, err) &&
              record(cli, node, &ask, err);
    node_close(node);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_record = {
    .name = "record",
    .arguments = "DIR KIND FILE.json",
    .least = 3,
    .most = 3,
    .option = {{"--as", "KEYNAME", "the key of DIR/keys that signs", CLI_MAYBE},
               {"--key-file", "FILE", "a key file from elsewhere signs; it is not kept", CLI_MAYBE},
               {"--tier", "TIER",
                "no text of it is more open than this: public, mechanism, mission or sealed",
                CLI_MAYBE},
               {"--media", "TYPE=FILE", "a photograph or another file that goes with it",
                CLI_MANY}},
    .about = "Signs a record of this kind from the fields in the file (- is standard input), "
             "appends it, and prints its id, index and verdict.",
    .run = run,
};
