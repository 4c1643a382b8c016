#include "cli/cli.h"

#include "node/keyring.h"

/* sulh key new DIR NAME | show DIR NAME | list DIR */

static void print_vkey(const struct note_signer *signer, bool witness, struct arena *arena)
{
    struct note_key key = note_signer_key(signer);

    if (witness)
        key.type = NOTE_TYPE_COSIGNATURE;
    puts(note_key_text(&key, arena));
}

static bool key_new(struct cli *cli, struct err *err)
{
    const char *name = cli->argument[2];
    struct note_signer signer;

    if (!note_name_valid(span_of(name)))
        return err_set(err, ERR_USAGE,
                       "\"%s\" cannot name a key: it must be of a-z 0-9 . _ - and single / between",
                       name);
    keyring_make(&signer, name);
    bool ok = keyring_write(cli->argument[1], &signer, err);
    if (ok)
        print_vkey(&signer, cli_option(cli, "--witness") != NULL, &cli->arena);
    sign_secret_wipe(&signer.secret);
    return ok;
}

static bool key_show(struct cli *cli, struct err *err)
{
    struct note_signer signer;

    if (!keyring_read(&signer, cli->argument[1], cli->argument[2], err))
        return false;
    print_vkey(&signer, cli_option(cli, "--witness") != NULL, &cli->arena);
    sign_secret_wipe(&signer.secret);
    return true;
}

static bool key_list(struct cli *cli, struct err *err)
{
    const char **name;
    size_t count;

    if (!keyring_list(&name, &count, cli->argument[1], &cli->arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        puts(name[i]);
    return true;
}

static const struct {
    const char *word;
    size_t arguments;
    bool (*run)(struct cli *cli, struct err *err);
} verbs[] = {
    {"new", 3, key_new},
    {"show", 3, key_show},
    {"list", 2, key_list},
};

static enum cli_exit run(struct cli *cli, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (strcmp(cli->argument[0], verbs[i].word) == 0 &&
            cli->argument_count == verbs[i].arguments)
            return verbs[i].run(cli, err) ? CLI_DONE : CLI_FAILED;
    return cli_usage(err, "key new DIR NAME, key show DIR NAME, or key list DIR");
}

const struct cli_command command_key = {
    .name = "key",
    .arguments = "new|show|list DIR [NAME]",
    .least = 2,
    .most = 3,
    .option = {{"--witness", NULL, "print the vkey of a witness (type 0x04)", CLI_MAYBE}},
    .about = "Makes a key in DIR/keys and prints its vkey, prints that of one there is, or lists "
             "their names.",
    .run = run,
};
