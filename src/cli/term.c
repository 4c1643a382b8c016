#include "cli/cli.h"

#include "api/views.h"
#include "base/limits.h"
#include "node/keyring.h"
#include "node/node.h"
#include "sync/http_transport.h"

/* sulh term freeze | open | set-aside: a log changes hands (doc/handover.md). */

#define MOST_FREEZES 64u

/* The node opened and able to sign. */
struct desk {
    struct node *node;
    struct http_transport *http;
};

static bool desk_open(struct desk *desk, const char *directory, struct err *err)
{
    struct journal_view view = views_journal();

    if (!node_open(&desk->node, directory, &view, NULL, err))
        return false;
    if (!node_holds(desk->node))
        return err_set(err, ERR_CONFLICT, "%s is being served: stop that first", directory);
    desk->http = http_transport_open(node_access, desk->node);
    struct transport transport = http_transport_of(desk->http);
    return node_meet(desk->node, &transport, &transport, err);
}

static void desk_close(struct desk *desk)
{
    node_close(desk->node);
    http_transport_close(desk->http);
}

/* --- freeze --- */

static bool option_key(struct cli *cli, const char *name, struct note_key *out, struct err *err)
{
    const char *vkey = cli_option(cli, name);

    if (!vkey)
        return err_set(err, ERR_USAGE, "%s VKEY is missing: sulh key public prints it", name);
    return note_key_parse(out, span_of(vkey), err) || err_wrap(err, "%s", name);
}

static bool freeze(struct cli *cli, struct err *err)
{
    struct note_key next_log, next_promise;
    struct desk desk = {0};
    struct span note;

    bool ok = option_key(cli, "--next-log-key", &next_log, err) &&
              option_key(cli, "--next-promise-key", &next_promise, err) &&
              desk_open(&desk, cli->argument[1], err) &&
              node_freeze(desk.node, &next_log, &next_promise, &note, &cli->arena, err);
    desk_close(&desk);
    if (ok)
        fwrite(note.at, 1, note.len, stdout);
    return ok;
}

/* --- open --- */

static bool read_freezes(struct cli *cli, struct span out[MOST_FREEZES], size_t *out_count,
                         struct err *err)
{
    const char *path;

    for (*out_count = 0; (path = cli_option_at(cli, "--freeze", *out_count)); ++*out_count) {
        if (*out_count == MOST_FREEZES)
            return err_set(err, ERR_USAGE, "more than %u --freeze", MOST_FREEZES);
        if (!cli_read_file(&out[*out_count], path, LIMIT_ENTRY_BYTES, &cli->arena, err))
            return false;
    }
    return *out_count > 0 ||
           err_set(err, ERR_USAGE, "--freeze FILE is missing: the notes of a quorum of witnesses");
}

static bool public_key(const char *path, struct note_key *out, struct err *err)
{
    struct note_signer signer;

    if (!keyring_read_file(&signer, path, err))
        return false;
    *out = note_signer_key(&signer);
    sign_secret_wipe(&signer.secret);
    return true;
}

/* An earlier try may have brought the key already. */
static bool bring_key(const char *directory, const char *path, struct err *err)
{
    struct note_signer signer;

    if (!keyring_copy(&signer, path, directory, err))
        return err->kind == ERR_CONFLICT;
    sign_secret_wipe(&signer.secret);
    return true;
}

static bool take_over(struct cli *cli, const struct span *notes, size_t count, struct err *err)
{
    const char *directory = cli->argument[1];
    const char *log = cli_option(cli, "--log-key"), *promise = cli_option(cli, "--promise-key");
    struct note_key next_log, next_promise;
    struct desk desk = {0};

    if (!log || !promise)
        return err_set(err, ERR_USAGE, "--log-key FILE and --promise-key FILE are needed");
    bool ok = public_key(log, &next_log, err) && public_key(promise, &next_promise, err) &&
              bring_key(directory, log, err) && bring_key(directory, promise, err) &&
              desk_open(&desk, directory, err) &&
              node_take_over(desk.node, &next_log, &next_promise, notes, count, &cli->arena, err);
    desk_close(&desk);
    return ok;
}

/* Opened as a keeper, the node begins the term. */
static bool begin(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct checkpoint checkpoint;
    struct node *node = NULL;
    struct span note;

    bool ok = node_open(&node, cli->argument[1], &view, NULL, err) && node_settle(node, err) &&
              node_checkpoint(node, &checkpoint, &note, &cli->arena, err);
    if (ok)
        printf("%s, at size %" PRIu64 "\n", checkpoint.origin, checkpoint.size);
    node_close(node);
    return ok;
}

static bool open_term(struct cli *cli, struct err *err)
{
    struct span notes[MOST_FREEZES];
    size_t count;

    return read_freezes(cli, notes, &count, err) && take_over(cli, notes, count, err) &&
           begin(cli, err);
}

/* --- set-aside --- */

static bool set_aside(struct cli *cli, struct err *err)
{
    const char *size_text = cli_option(cli, "--size");
    uint64_t size, records;

    if (!size_text)
        return err_set(err, ERR_USAGE, "--size N is missing: where the old term ended");
    if (!cli_number(&size, size_text, "--size", err) ||
        !node_set_aside(cli->argument[1], size, &records, err))
        return false;
    printf("%" PRIu64 " records wait in the outbox\n", records);
    return true;
}

static const struct {
    const char *word;
    bool (*run)(struct cli *cli, struct err *err);
} verbs[] = {{"freeze", freeze}, {"open", open_term}, {"set-aside", set_aside}};

static enum cli_exit run(struct cli *cli, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (strcmp(cli->argument[0], verbs[i].word) == 0)
            return verbs[i].run(cli, err)   ? CLI_DONE
                   : err->kind == ERR_USAGE ? CLI_USAGE
                                            : CLI_FAILED;
    return cli_usage(err, "sulh term freeze, open or set-aside, not \"%s\"", cli->argument[0]);
}

const struct cli_command command_term = {
    .name = "term",
    .arguments = "freeze|open|set-aside DIR",
    .least = 2,
    .most = 2,
    .option = {{"--next-log-key", "VKEY", "freeze: the log key of the next term", CLI_MAYBE},
               {"--next-promise-key", "VKEY", "freeze: its promise key", CLI_MAYBE},
               {"--freeze", "FILE", "open: a freeze note; those of a quorum are needed", CLI_MANY},
               {"--log-key", "FILE", "open: the key that signs the log from now on", CLI_MAYBE},
               {"--promise-key", "FILE", "open: the key that signs promises", CLI_MAYBE},
               {"--size", "N", "set-aside: where the old term ended", CLI_MAYBE}},
    .about = "Hands the log over: freeze signs that this node's witness has ended the present "
             "term, open begins the next one here, set-aside makes a node follow that has gone on "
             "with the old one.",
    .run = run,
};
