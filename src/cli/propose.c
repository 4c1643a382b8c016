#include "cli/proposal.h"

#include "cli/cli.h"
#include "sys/clock.h"

/* sulh propose: what the roots are to sign, from the agreement's folder and everybody's keys. */

#define KEYS_FILE_BYTES 65536u

/* A vkey, or what the author before it reads with. */
static bool take_line(struct proposal *p, struct note_key *last, struct span line, struct err *err)
{
    if (span_starts_with(line, SPAN_LIT("age1")))
        return proposal_add_reader(p, last->name, line, err);
    return note_key_parse(last, line, err) && proposal_add_key(p, last, err);
}

/* A line each, as key public prints them. */
static bool take_keys(struct proposal *p, const char *path, struct err *err)
{
    struct span text, line;
    struct note_key last = {0};
    bool ok = cli_read_file(&text, path, KEYS_FILE_BYTES, p->arena, err);

    for (size_t n = 1; ok && text.len; n++) {
        ok = span_cut(&text, '\n', &line) ||
             err_set(err, ERR_MALFORMED, "it does not end in a newline");
        ok = ok && take_line(p, &last, line, err);
        if (!ok)
            return err_wrap(err, "%s: line %zu", path, n);
    }
    return ok;
}

static bool take_all_keys(struct proposal *p, struct cli *cli, struct err *err)
{
    const char *path;
    bool ok = cli_option(cli, "--keys") ||
              err_set(err, ERR_USAGE, "--keys FILE: the organisations' keys are missing");

    for (size_t i = 0; ok && (path = cli_option_at(cli, "--keys", i)); i++)
        ok = take_keys(p, path, err);
    return ok;
}

/* The agreement proposes one; what counts is in entry 0. */
static bool take_quorum(struct proposal *p, struct cli *cli, struct err *err)
{
    const char *text = cli_option(cli, "--quorum");
    uint64_t quorum = (uint64_t)p->folder.head.quorum;

    if (text && !cli_number(&quorum, text, "--quorum", err))
        return false;
    p->quorum = (int64_t)quorum;
    return true;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct proposal *p = ARENA_NEW(&cli->arena, struct proposal);

    p->arena = &cli->arena;
    p->said_at_ms = clock_now_ms(clock_system());
    bool ok = folder_read(&p->folder, cli->argument[0], "", p->arena, err) &&
              proposal_set_operator(p, span_of(cli_option(cli, "--operator")), err) &&
              take_quorum(p, cli, err) && take_all_keys(p, cli, err) && proposal_make(p, err) &&
              proposal_write(p, cli->argument[1], err);
    if (ok)
        proposal_show(p);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_propose = {
    .name = "propose",
    .arguments = "FOLDER OUT",
    .least = 2,
    .most = 2,
    .option = {{"--keys", "FILE", "what key public printed of an organisation's keys", CLI_MANY},
               {"--operator", "ORG", "the organisation that keeps the log", CLI_NEEDED},
               {"--quorum", "N", "cosignatures that a tick needs; else as the agreement proposes",
                CLI_MAYBE}},
    .about = "Makes a folder OUT with the texts of all records that bring the agreement in FOLDER "
             "into force, for its roots to sign, and prints what they say (doc/ceremony.md).",
    .run = run,
};
