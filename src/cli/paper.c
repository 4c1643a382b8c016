#include "cli/cli.h"

#include "cli/ask.h"
#include "render/paper.h"

#include <stdio.h>

/* sulh paper: a form to be printed. */

static bool number(struct cli *cli, const char *option, uint64_t otherwise, unsigned *out,
                   struct err *err)
{
    const char *text = cli_option(cli, option);
    uint64_t value = otherwise;

    if (text && !cli_number(&value, text, option, err))
        return false;
    *out = (unsigned)value;
    return (value >= 1 && value <= 1000000) ||
           err_set(err, ERR_USAGE, "%s is 1 to 1000000", option);
}

static bool write_file(struct cli *cli, struct span pdf, struct err *err)
{
    const char *path = cli_option(cli, "--out");
    FILE *file = fopen(path, "wb");

    if (!file)
        return err_errno(err, "make %s", path);
    bool written = fwrite(pdf.at, 1, pdf.len, file) == pdf.len;
    return (fclose(file) == 0 && written) || err_errno(err, "write %s", path);
}

static const char *known_forms(struct arena *arena)
{
    struct buf out = buf_in(arena, 1000);

    for (size_t i = 0; form_at(i); i++)
        buf_printf(&out, "%s%s", i ? ", " : "", form_at(i)->id);
    return arena_text(arena, buf_span(&out));
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct paper_ask ask = {.form = form_find(span_of(cli->argument[1])),
                            .language = span_of(cli_option(cli, "--language"))};
    struct json agreement;
    struct span pdf;

    if (!ask.form)
        return cli_usage(err, "there is no form \"%s\": %s", cli->argument[1],
                         known_forms(&cli->arena));
    bool ok = number(cli, "--sheets", 1, &ask.sheets, err) &&
              number(cli, "--first", 1, &ask.first, err) &&
              ask_once(cli->argument[0], "/api/agreement", "", &agreement, NULL, &cli->arena, err);
    ask.terms = ok ? json_get(&agreement, "terms") : NULL;
    ok = ok && paper_make(&pdf, &ask, &cli->arena, err) && write_file(cli, pdf, err);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_paper = {
    .name = "paper",
    .arguments = "DIR FORM",
    .least = 2,
    .most = 2,
    .option = {{"--out", "FILE", "the PDF", CLI_NEEDED},
               {"--language", "LANGUAGE", "the agreement's first when not given", CLI_MAYBE},
               {"--sheets", "N", "how many, each with a number; 1 when not given", CLI_MAYBE},
               {"--first", "N", "the number of the first; 1 when not given", CLI_MAYBE}},
    .about = "Writes a form to be printed and filled in by hand, with the questions and numbers "
             "that phones show, and on each sheet a QR code of form, version and sheet.",
    .run = run,
};
