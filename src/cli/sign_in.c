#include "cli/session.h"

#include "net/sign_in.h"

/* sulh sign-in URL: a key signs that its owner is there (doc/format.md §6.1), and a browser, or
 * a program, may read what participants read. */

#define PATIENCE_S 20u

/* In the open only to this machine: sign_in sees to it. */
static bool find_pin(const struct whose *whose, struct pin *pin, bool *secure, struct err *err)
{
    *secure = strncmp(whose->url, "https:", 6) == 0;
    return !*secure || whose_pin(pin, whose, err);
}

static void print_address(struct cli *cli, const struct whose *whose, const char *code,
                          const struct pin *pin)
{
    printf("%s/#sign-in=%s\n", whose->url, code);
    fputs("Open it in a browser within two minutes; it works once.\n", stderr);
    if (pin)
        fprintf(stderr,
                "No authority knows this certificate, and the browser will say so: it is the "
                "right one if its SHA-256 is\n%.*s\n",
                SPAN_ARG(cli_hash(pin->certificate.certificate, &cli->arena).string));
}

static bool enter(struct cli *cli, const struct whose *whose, const struct note_signer *signer,
                  struct err *err)
{
    struct pin pin;
    bool secure, token = cli_option(cli, "--token") != NULL;
    char out[65];

    if (!find_pin(whose, &pin, &secure, err))
        return false;
    struct sign_in how = {
        .url = whose->url,
        .pin = secure ? &pin.certificate : NULL,
        .agreement = span_of(whose->agreement),
        .node = whose->key.name,
        .signer = signer,
        .now_ms = clock_now_ms(clock_system()),
        .for_browser = !token,
        .timeout_s = PATIENCE_S,
    };
    if (!sign_in(&how, out, err))
        return false;
    if (token)
        puts(out);
    else
        print_address(cli, whose, out, secure ? &pin : NULL);
    return true;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct whose whose = {0};
    struct note_signer signer;
    bool ok;

    if (!cli_option(cli, "--as") == !cli_option(cli, "--key-file"))
        return cli_usage(err, "who signs in? Either --as KEYNAME of --dir DIR, or --key-file FILE");
    if (cli_option(cli, "--as") && !cli_option(cli, "--dir"))
        return cli_usage(err, "--as KEYNAME is a key of a directory: say --dir DIR");
    ok = whose_open(&whose, cli, "--agreement", err) &&
         session_signer(&signer, cli_option(cli, "--dir"), cli_option(cli, "--as"),
                        cli_option(cli, "--key-file"), err);
    if (ok) {
        ok = enter(cli, &whose, &signer, err);
        sign_secret_wipe(&signer.secret);
    }
    whose_close(&whose);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_sign_in = {
    .name = "sign-in",
    .arguments = "URL",
    .least = 1,
    .most = 1,
    .option = {{"--as", "KEYNAME", "the key of DIR/keys that signs in", CLI_MAYBE},
               {"--key-file", "FILE", "a key file from elsewhere signs in", CLI_MAYBE},
               WHOSE_DIR,
               WHOSE_NODE,
               WHOSE_AGREEMENT,
               {"--token", NULL, "print a token for programs instead", CLI_MAYBE}},
    .about = "Signs in at the node at URL with an author's or a node's key, and prints an address "
             "that signs a browser in, once.",
    .run = run,
};
