#include "cli/cli.h"

#include "crypto/sign.h"
#include "node/identity.h"
#include "node/keyring.h"

/* sulh key: the keys of DIR/keys, and key files anywhere. */

static bool is_given(struct cli *cli, const char *option)
{
    return cli_option(cli, option) != NULL;
}

static void print_vkey(const struct note_signer *signer, struct arena *arena)
{
    struct note_key key = note_signer_key(signer);

    puts(note_key_text(&key, arena));
}

/* --- new --- */

/* Where the key is made: a file of this name, or DIR/keys. */
static bool is_file(const char *place)
{
    return span_ends_with(span_of(place), SPAN_LIT(".key"));
}

/* Keys in a node's directory are for a service, which has nobody to ask; a file is somebody's. */
static bool wants_passphrase(struct cli *cli)
{
    return is_given(cli, "--encrypt") || (is_file(cli->argument[1]) && !is_given(cli, "--plain"));
}

static bool write_key(struct cli *cli, const struct note_signer *signer, struct err *err)
{
    const char *place = cli->argument[1];
    struct passphrase passphrase = {0};
    const struct passphrase *under = wants_passphrase(cli) ? &passphrase : NULL;
    bool ok = (!under || passphrase_choose(&passphrase, signer->name, err)) &&
              (is_file(place) ? keyring_write_file(place, signer, under, err)
                              : keyring_write_under(place, signer, under, err));

    passphrase_wipe(&passphrase);
    return ok;
}

static bool key_new(struct cli *cli, struct err *err)
{
    const char *name = cli->argument[2];
    struct note_signer signer;

    if (is_given(cli, "--encrypt") && is_given(cli, "--plain"))
        return err_set(err, ERR_USAGE, "either --encrypt or --plain");
    if (!note_name_valid(span_of(name)))
        return err_set(err, ERR_USAGE,
                       "\"%s\" cannot name a key: it must be of a-z 0-9 . _ - and single / between",
                       name);
    keyring_make(&signer, name);
    if (is_given(cli, "--witness"))
        signer.type = NOTE_TYPE_COSIGNATURE;
    bool ok = write_key(cli, &signer, err);
    if (ok)
        print_vkey(&signer, &cli->arena);
    sign_secret_wipe(&signer.secret);
    return ok;
}

static bool is_identity(const char *path)
{
    return span_ends_with(span_of(path), SPAN_LIT(".age"));
}

/* --- keys that are there --- */

/* FILE, or DIR NAME. */
static bool read_key(struct cli *cli, struct note_signer *out, const char **out_path,
                     struct err *err)
{
    const char *const *argument = cli->argument;

    *out_path = argument[1];
    if (cli->argument_count == 2)
        return keyring_read_file(out, argument[1], err);
    return keyring_path(out_path, argument[1], argument[2], &cli->arena, err) &&
           keyring_read(out, argument[1], argument[2], err);
}

static bool key_show(struct cli *cli, struct err *err)
{
    struct note_signer signer;
    const char *path;

    if (!read_key(cli, &signer, &path, err))
        return false;
    print_vkey(&signer, &cli->arena);
    sign_secret_wipe(&signer.secret);
    return true;
}

static void print_recipient(const struct age_identity *identity, struct arena *arena)
{
    const struct age_recipient recipient = age_identity_recipient(identity);

    printf("%.*s\n", SPAN_ARG(age_recipient_text(&recipient, arena)));
}

static bool print_recipient_of(const char *path, struct arena *arena, struct err *err)
{
    struct age_identity identity;

    if (!identity_read_file(&identity, path, err))
        return false;
    print_recipient(&identity, arena);
    sign_wipe(&identity, sizeof identity);
    return true;
}

static bool print_vkey_of(const char *path, struct arena *arena, struct err *err)
{
    struct note_signer signer;

    if (!keyring_read_file(&signer, path, err))
        return false;
    print_vkey(&signer, arena);
    sign_secret_wipe(&signer.secret);
    return true;
}

/* An encrypted file is opened, too: what is handed over is what is in it. */
static bool key_public(struct cli *cli, struct err *err)
{
    bool ok = true;

    for (size_t i = 1; ok && i < cli->argument_count; i++)
        ok = (is_identity(cli->argument[i]) ? print_recipient_of : print_vkey_of)(cli->argument[i],
                                                                                  &cli->arena, err);
    return ok;
}

/* --- under a passphrase, and back --- */

/* A key and what it reads with, or one of them: FILE.age, FILE, or DIR NAME. */
struct secrets {
    struct note_signer signer;
    const char *key_path; /* NULL: none */
    struct age_identity identity;
    const char *identity_path; /* NULL: none */
};

static void secrets_wipe(struct secrets *secrets)
{
    sign_secret_wipe(&secrets->signer.secret);
    sign_wipe(&secrets->identity, sizeof secrets->identity);
}

/* Not every key reads. */
static bool read_beside(struct cli *cli, struct secrets *out, struct err *err)
{
    const char *directory = cli->argument[1], *name = cli->argument[2], *path;
    struct err fault = {0};

    if (!identity_path(&path, directory, name, &cli->arena, err))
        return false;
    if (identity_read(&out->identity, directory, name, &fault))
        out->identity_path = path;
    else if (fault.kind != ERR_MISSING)
        return err_set(err, fault.kind, "%s", fault.text);
    return true;
}

static bool read_secrets(struct cli *cli, struct secrets *out, struct err *err)
{
    if (cli->argument_count == 2 && is_identity(cli->argument[1])) {
        out->identity_path = cli->argument[1];
        return identity_read_file(&out->identity, out->identity_path, err);
    }
    return read_key(cli, &out->signer, &out->key_path, err) &&
           (cli->argument_count == 2 || read_beside(cli, out, err));
}

static bool rewrite(const struct secrets *secrets, const struct passphrase *under, struct err *err)
{
    return (!secrets->key_path ||
            keyring_rewrite(secrets->key_path, &secrets->signer, under, err)) &&
           (!secrets->identity_path ||
            identity_rewrite(secrets->identity_path, &secrets->identity, under, err));
}

static bool key_encrypt(struct cli *cli, struct err *err)
{
    struct passphrase passphrase = {0};
    struct secrets secrets = {0};
    bool ok =
        read_secrets(cli, &secrets, err) &&
        passphrase_choose(&passphrase,
                          secrets.key_path ? secrets.signer.name : secrets.identity_path, err) &&
        rewrite(&secrets, &passphrase, err);

    passphrase_wipe(&passphrase);
    secrets_wipe(&secrets);
    return ok;
}

static bool key_decrypt(struct cli *cli, struct err *err)
{
    struct secrets secrets = {0};
    bool ok = read_secrets(cli, &secrets, err) && rewrite(&secrets, NULL, err);

    secrets_wipe(&secrets);
    return ok;
}

/* --- what a key reads with --- */

/* Files of before go on as they are; but whoever looks is told. */
static bool tell_if_open(struct cli *cli, bool in_file, struct err *err)
{
    const char *place = cli->argument[1], *path = place;

    if (!in_file && !identity_path(&path, place, cli->argument[2], &cli->arena, err))
        return false;
    if (identity_is_open(path))
        fprintf(stderr, "%s is not under a passphrase: sulh key encrypt %s%s%s\n", path, place,
                in_file ? "" : " ", in_file ? "" : cli->argument[2]);
    return true;
}

/* FILE.age, or DIR NAME: nothing but what is missing is made. */
static bool key_reader(struct cli *cli, struct err *err)
{
    const char *place = cli->argument[1], *name = cli->argument[2];
    bool in_file = cli->argument_count == 2;
    struct age_identity identity;

    if (in_file && !is_identity(place))
        return err_set(err, ERR_USAGE, "%s: a file to read with is named FILE.age", place);
    bool ok = in_file ? identity_read_file(&identity, place, err)
                      : identity_read(&identity, place, name, err);
    if (!ok && err->kind == ERR_MISSING) {
        identity_make(&identity);
        ok = in_file ? identity_write_file(place, &identity, err)
                     : identity_write(place, name, &identity, err);
    }
    ok = ok && tell_if_open(cli, in_file, err);
    if (ok)
        print_recipient(&identity, &cli->arena);
    sign_wipe(&identity, sizeof identity);
    return ok;
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

/* --- the command --- */

static const struct {
    const char *word, *arguments;
    size_t least, most;
    bool (*run)(struct cli *cli, struct err *err);
} verbs[] = {
    {"new", "DIR|FILE.key NAME", 3, 3, key_new},
    {"show", "FILE, or DIR NAME", 2, 3, key_show},
    {"public", "FILE…", 2, CLI_MOST_ARGUMENTS, key_public},
    {"encrypt", "FILE, FILE.age, or DIR NAME", 2, 3, key_encrypt},
    {"decrypt", "FILE, FILE.age, or DIR NAME", 2, 3, key_decrypt},
    {"list", "DIR", 2, 2, key_list},
    {"reader", "FILE.age, or DIR NAME", 2, 3, key_reader},
};

static enum cli_exit run(struct cli *cli, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (strcmp(cli->argument[0], verbs[i].word) != 0)
            continue;
        if (cli->argument_count < verbs[i].least || cli->argument_count > verbs[i].most)
            return cli_usage(err, "key %s %s", verbs[i].word, verbs[i].arguments);
        if (cli->given_count && verbs[i].run != key_new)
            return cli_usage(err, "%s is for key new", cli->given[0].option->name);
        return verbs[i].run(cli, err) ? CLI_DONE : CLI_FAILED;
    }
    return cli_usage(err,
                     "\"%s\" is nothing to do with a key: new, show, public, encrypt, decrypt, "
                     "list or reader",
                     cli->argument[0]);
}

const struct cli_command command_key = {
    .name = "key",
    .arguments = "new|show|public|encrypt|decrypt|list|reader DIR|FILE… [NAME]",
    .least = 2,
    .most = CLI_MOST_ARGUMENTS,
    .option = {{"--witness", NULL, "new: of a witness (type 0x04)", CLI_MAYBE},
               {"--encrypt", NULL, "new: under a passphrase, as FILE.key is without being told",
                CLI_MAYBE},
               {"--plain", NULL, "new: without one, as in DIR", CLI_MAYBE}},
    .about =
        "Makes a key in DIR/keys or FILE.key and prints its vkey; prints that of one there is "
        "(show), of several files (public); encrypts a key's file under a passphrase, or "
        "under another, or decrypts it, and what it reads with beside it; lists the names in "
        "DIR/keys. What an author reads with is beside his key or in FILE.age, as age-keygen makes "
        "it and age --passphrase encrypts it: reader prints its recipient, for member.admit, and "
        "makes it where there is none. A passphrase is asked for "
        "at the terminal, or is the line in the file that SULH_PASSPHRASE_FILE names.",
    .run = run,
};
