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

static bool sign(struct cli *cli, struct author *author, const struct json *flat,
                 struct submission *out, struct err *err)
{
    const char *kind = cli->argument[1];
    char id[65];

    return author_sign(author, kind, flat, out, id, &cli->arena, err) ||
           (err->kind == ERR_MALFORMED &&
            add(cli, err, arena_printf(&cli->arena, "sulh rules %s prints its fields", kind)));
}

static bool sign_and_submit(struct cli *cli, struct node *node, struct author *author,
                            const struct json *flat, struct submission *submission,
                            struct answer *answer, struct err *err)
{
    if (!sign(cli, author, flat, submission, err) ||
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
static bool append(struct cli *cli, struct node *node, const struct json *flat,
                   struct submission *submission, struct answer *answer, struct err *err)
{
    struct author *author = NULL;
    bool ok = open_author(cli, &author, node, err) &&
              sign_and_submit(cli, node, author, flat, submission, answer, err);

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

static bool record(struct cli *cli, struct node *node, const struct json *flat, struct err *err)
{
    struct submission submission = {0};
    struct answer answer = {0};
    struct json verdict;
    const char *why;

    if (!append(cli, node, flat, &submission, &answer, err))
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
    struct json flat;

    if (!cli_option(cli, "--as") == !cli_option(cli, "--key-file"))
        return cli_usage(err,
                         "who signs? Either --as KEYNAME, a name that sulh key list %s prints, "
                         "or --key-file FILE",
                         cli->argument[0]);
    bool ok = read_fields(cli, &flat, err) &&
              node_open(&node, cli->argument[0], &view, NULL, err) && record(cli, node, &flat, err);
    node_close(node);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_record = {
    .name = "record",
    .arguments = "DIR KIND FILE.json",
    .least = 3,
    .most = 3,
    .option = {{"--as", "KEYNAME", "the key of DIR/keys that signs", CLI_MAYBE},
               {"--key-file", "FILE", "a key file from elsewhere signs; it is not kept",
                CLI_MAYBE}},
    .about = "Signs a record of this kind from the fields in the file (- is standard input), "
             "appends it, and prints its id, index and verdict.",
    .run = run,
};
