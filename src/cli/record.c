#include "cli/cli.h"

#include "api/views.h"
#include "base/limits.h"
#include "node/author.h"

#include <stdio.h>

static bool append(struct cli *cli, struct node *node, struct answer *answer, struct err *err)
{
    struct submission submission;
    struct author *author = NULL;
    struct span text;
    struct json flat;
    char id[65];

    bool ok = cli_read_file(&text, cli->argument[2], LIMIT_SMALL_PART_BYTES, &cli->arena, err);
    ok = ok && (json_parse(&flat, text, &cli->arena, err) || err_wrap(err, "%s", cli->argument[2]));
    ok = ok && author_open(&author, node, cli_option(cli, "--as"), err);
    ok = ok && author_sign(author, cli->argument[1], &flat, &submission, id, &cli->arena, err);
    ok = ok && node_submit(node, &submission, 1, answer, &cli->arena, err);
    ok = ok && node_settle(node, err);
    author_close(author);
    return ok;
}

/* What the register made of it: a logged record may still be void. */
static bool print_answer(struct cli *cli, struct node *node, const struct answer *answer,
                         bool *took_effect, struct err *err)
{
    char key[REGISTER_INDEX_TEXT];
    struct json out = json_object(), verdict;
    struct span row;

    register_index_key(key, answer->index);
    if (!store_get(node_reader(node), "verdict", span_of(key), STORE_LATEST, &row, NULL,
                   &cli->arena, err) ||
        !json_parse_canonical(&verdict, row, &cli->arena, err))
        return false;
    json_set(&out, "id", json_text(answer->id), &cli->arena);
    json_set_integer(&out, "index", (int64_t)answer->index, &cli->arena);
    json_set(&out, "verdict", *json_get(&verdict, "verdict"), &cli->arena);
    json_set(&out, "clause", *json_get(&verdict, "clause"), &cli->arena);
    if (json_get(&verdict, "reason"))
        json_set(&out, "reason", *json_get(&verdict, "reason"), &cli->arena);
    cli_print_json(&out, &cli->arena);
    *took_effect = !span_is(json_get(&verdict, "verdict")->string, "void");
    return true;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct node *node = NULL;
    struct answer answer = {0};
    bool took_effect = false;

    if (!cli_option(cli, "--as"))
        return cli_usage(err, "who signs? --as KEYNAME (sulh key list %s)", cli->argument[0]);
    struct journal_view view = views_journal();
    bool ok = node_open(&node, cli->argument[0], &view, NULL, err);
    ok = ok && append(cli, node, &answer, err);
    if (ok && answer.kind == ANSWER_REFUSED) {
        err_set(err, ERR_REFUSED, "refused: %s (%s)", answer.reason, answer.why.text);
        ok = false;
    }
    ok = ok && print_answer(cli, node, &answer, &took_effect, err);
    node_close(node);
    return ok && took_effect ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_record = {
    .name = "record",
    .arguments = "DIR KIND FILE.json",
    .least = 3,
    .most = 3,
    .option = {{"--as", "KEYNAME", "the key of DIR/keys that signs", false}},
    .about = "Signs a record of this kind from the fields in the file, appends it, and prints its "
             "id, index and verdict.",
    .run = run,
};
