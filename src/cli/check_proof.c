#include "cli/cli.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "sync/misbehaviour.h"

static struct json accused_as_json(const struct accused *accused, struct arena *arena)
{
    struct json out = json_object();

    json_set(&out, "key", json_text(accused->key), arena);
    json_set_string(&out, "job", accused->job, arena);
    if (accused->org.len)
        json_set_string(&out, "organisation", accused->org, arena);
    if (accused->by.len)
        json_set_string(&out, "admitted_by", accused->by, arena);
    return out;
}

static struct json as_json(const struct proven *proven, struct arena *arena)
{
    struct json out = json_object(), list = json_array();

    for (size_t i = 0; i < proven->count; i++)
        json_push(&list, accused_as_json(&proven->accused[i], arena), arena);
    json_set_integer(&out, "proven", 1, arena);
    json_set(&out, "agreement", json_text(proven->agreement), arena);
    json_set_string(&out, "kind", proven->kind, arena);
    json_set(&out, "accused", list, arena);
    json_set_string(&out, "sentence", proven->sentence, arena);
    if (proven->unless.len)
        json_set_string(&out, "unless", proven->unless, arena);
    return out;
}

static void print_plain(const struct proven *proven)
{
    cli_put_text(stdout, proven->sentence, 0);
    putchar('\n');
    for (size_t i = 0; i < proven->count; i++)
        if (proven->accused[i].by.len)
            printf("%s was admitted by %.*s.\n", proven->accused[i].key,
                   SPAN_ARG(proven->accused[i].by));
    if (proven->unless.len) {
        fputs("Unless ", stdout);
        cli_put_text(stdout, proven->unless, 0);
        puts(": the log in any participant's hands says whether it is.");
    }
}

/* That a file proves nothing is an answer, too. */
static void print_nothing(struct cli *cli, const struct err *why)
{
    struct json out = json_object();

    json_set_integer(&out, "proven", 0, &cli->arena);
    json_set(&out, "why", json_text(why->text), &cli->arena);
    if (cli_option(cli, "--json"))
        cli_print_json(&out, &cli->arena);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct arena *arena = &cli->arena;
    const char *id = cli_option(cli, "--agreement");
    struct proven proven;
    struct hash hash;
    struct span bytes;

    if (!hex_parse(hash.bytes, HASH_BYTES, span_of(id)))
        return cli_usage(err, "--agreement: give the id of entry 0, 64 lower-case hex digits");
    if (!cli_read_file(&bytes, cli->argument[0], LIMIT_MISBEHAVIOUR_BYTES, arena, err))
        return CLI_FAILED;
    if (!misbehaviour_verify(&proven, bytes, id, arena, err)) {
        print_nothing(cli, err);
        err_wrap(err, "it proves nothing");
        return CLI_FAILED;
    }
    if (cli_option(cli, "--json")) {
        struct json out = as_json(&proven, arena);
        cli_print_json(&out, arena);
    } else {
        print_plain(&proven);
    }
    return CLI_DONE;
}

const struct cli_command command_check_proof = {
    .name = "check-proof",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .option = {{"--agreement", "ID", "the id of entry 0, which is all that is trusted", CLI_NEEDED},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Checks a proof of misbehaviour without the log, and says in a sentence which key did "
             "what.",
    .run = run,
};
