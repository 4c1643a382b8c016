#include "cli/whose.h"

#include "base/calendar.h"

/* sulh pin URL: which certificate a node shows, by the word of its key. */

static void print_json(struct cli *cli, const struct whose *whose, const struct pin *pin)
{
    struct json out = json_object();

    json_set(&out, "certificate", cli_hash(pin->certificate.certificate, &cli->arena), &cli->arena);
    json_set_integer(&out, "from_ms", pin->from_ms, &cli->arena);
    json_set(&out, "node", json_text(whose->key.name), &cli->arena);
    json_set_integer(&out, "to_ms", pin->to_ms, &cli->arena);
    cli_print_json(&out, &cli->arena);
}

static void print_plain(struct cli *cli, const struct whose *whose, const struct pin *pin)
{
    struct json hash = cli_hash(pin->certificate.certificate, &cli->arena);
    char to[CALENDAR_TEXT];

    calendar_format(to, pin->to_ms, 0);
    printf("%s is %s\ncertificate SHA-256 %.*s\npinned until %s\n", whose->url, whose->key.name,
           SPAN_ARG(hash.string), to);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct whose whose;
    struct pin pin;
    bool ok = whose_open(&whose, cli, "--agreement", err) && whose_pin(&pin, &whose, err);

    if (ok && cli_option(cli, "--json"))
        print_json(cli, &whose, &pin);
    else if (ok)
        print_plain(cli, &whose, &pin);
    whose_close(&whose);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_pin = {
    .name = "pin",
    .arguments = "URL",
    .least = 1,
    .most = 1,
    .option = {WHOSE_DIR,
               WHOSE_NODE,
               WHOSE_AGREEMENT,
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about =
        "Asks the node at URL which certificate is its own, and checks that its key has signed "
        "that and that the connection shows it: what a person compares with the browser.",
    .run = run,
};
