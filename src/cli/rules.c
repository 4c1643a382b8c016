#include "cli/cli.h"

#include "register/rules_doc.h"

#define DOCUMENT_BYTES (4u << 20)

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct buf out = buf_in(&cli->arena, DOCUMENT_BYTES);

    (void)err;
    rules_doc_put(&out);
    assert(!out.full);
    fwrite(out.at, 1, out.len, stdout);
    return CLI_DONE;
}

const struct cli_command command_rules = {
    .name = "rules",
    .arguments = "",
    .least = 0,
    .most = 0,
    .about =
        "Prints the rules that records are judged by: kinds, states and moves, tables, reasons "
        "(doc/rules.md).",
    .run = run,
};
