#include "cli/proposal.h"

#include "cli/cli.h"
#include "node/keyring.h"

/* sulh sign: a root's part, on a machine of its own that need not be connected to anything. */

/* A line of its own, so that a passphrase typed too early is no consent. */
static bool ask(const char *who, struct err *err)
{
    char line[16] = "";

    printf("Sign as %s? Type yes: ", who);
    fflush(stdout);
    bool yes = fgets(line, sizeof line, stdin) && strcmp(line, "yes\n") == 0;
    return yes || err_set(err, ERR_REFUSED, "nothing was signed");
}

static void say_what_lacks(const struct proposal *p)
{
    struct buf lacks = buf_in(p->arena, 65536);

    if (proposal_lacks(p, &lacks))
        printf("still to sign: %.*s\n", SPAN_ARG(buf_span(&lacks)));
    else
        printf("everything is signed: sulh init DIR --proposal, at the operator's\n");
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct proposal *p = ARENA_NEW(&cli->arena, struct proposal);
    struct note_signer signer = {0};
    const char *path = cli->argument[0];

    p->arena = &cli->arena;
    bool ok = proposal_read(p, path, err) &&
              keyring_read_file(&signer, cli_option(cli, "--key-file"), err) &&
              proposal_check_signer(p, &signer, err);
    if (ok) {
        proposal_show(p);
        proposal_show_records(p, signer.name);
    }
    ok = ok && (cli_option(cli, "--yes") || ask(signer.name, err)) &&
         proposal_sign(p, path, &signer, err);
    if (ok)
        say_what_lacks(p);
    sign_secret_wipe(&signer.secret);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_sign = {
    .name = "sign",
    .arguments = "OUT",
    .least = 1,
    .most = 1,
    .option = {{"--key-file", "FILE", "the root's key; it is not kept", CLI_NEEDED},
               {"--yes", NULL, "do not ask", CLI_MAYBE}},
    .about = "Checks a proposal that sulh propose made, byte for byte, prints what it says, asks, "
             "and writes beside its texts, signed, those that this root is to sign.",
    .run = run,
};
