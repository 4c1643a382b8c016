#include "cli/cli.h"
#include "cli/log_at.h"
#include "cli/session.h"

#include "codec/hex.h"
#include "journal/audit.h"

static struct json as_json(const struct audit_result *result, struct arena *arena)
{
    struct json out = json_object();

    json_set_integer(&out, "ok", result->ok, arena);
    json_set(&out, "agreement", json_text(result->agreement), arena);
    json_set(&out, "agreement_id", json_text(result->agreement_id), arena);
    json_set(&out, "origin", json_text(result->origin), arena);
    json_set_integer(&out, "entries", (int64_t)result->entries, arena);
    json_set(&out, "root", cli_hash(result->root, arena), arena);
    json_set(&out, "digest", cli_hash(result->digest, arena), arena);
    json_set_integer(&out, "holds", (int64_t)result->holds, arena);
    json_set_integer(&out, "marked", (int64_t)result->marked, arena);
    json_set_integer(&out, "void", (int64_t)result->voided, arena);
    if (result->shown) {
        json_set_integer(&out, "parts_named", (int64_t)result->owed, arena);
    } else {
        json_set_integer(&out, "parts", (int64_t)result->parts, arena);
        json_set_integer(&out, "closed_parts", (int64_t)result->closed, arena);
        json_set_integer(&out, "closed_owed", (int64_t)result->closed_owed, arena);
        json_set_integer(&out, "erased", (int64_t)result->erased, arena);
        json_set_integer(&out, "unnamed", (int64_t)result->unnamed, arena);
        json_set_integer(&out, "owed", (int64_t)result->owed, arena);
        if (result->owed) {
            json_set_integer(&out, "owed_entry", (int64_t)result->owed_entry, arena);
            json_set(&out, "owed_record", json_text(result->owed_id), arena);
        }
        json_set_integer(&out, "staged", (int64_t)result->staged, arena);
        json_set_integer(&out, "to_recover", result->to_recover, arena);
    }
    if (result->has_store)
        json_set_integer(&out, "store_applied", (int64_t)result->store_applied, arena);
    if (!result->ok) {
        json_set(&out, "wrong", json_text(result->text), arena);
        if (result->has_entry)
            json_set_integer(&out, "entry", (int64_t)result->entry, arena);
        if (result->path[0])
            json_set(&out, "file", json_text(result->path), arena);
    }
    return out;
}

static void print_number(const char *what, uint64_t number)
{
    printf("%-12s %" PRIu64 "\n", what, number);
}

static void print_hash(const char *what, struct hash hash)
{
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    printf("%-12s %s\n", what, text);
}

static void print_wrong(const struct audit_result *result)
{
    fputs("WRONG: ", stdout);
    cli_put_text(stdout, span_of(result->text), 0);
    putchar('\n');
    if (result->has_entry)
        print_number("entry", result->entry);
    if (result->path[0]) {
        printf("%-12s ", "file");
        cli_put_text(stdout, span_of(result->path), 0);
        putchar('\n');
    }
}

static void print_plain(const struct audit_result *result)
{
    printf("%-12s %s\n", "agreement", result->agreement);
    printf("%-12s %s\n", "entry 0", result->agreement_id);
    print_number("entries", result->entries);
    print_hash("root", result->root);
    print_hash("digest", result->digest);
    printf("%-12s %" PRIu64 " hold, %" PRIu64 " marked, %" PRIu64 " void\n", "verdicts",
           result->holds, result->marked, result->voided);
    if (result->shown)
        printf("%-12s %" PRIu64 " named, and not asked for\n", "parts", result->owed);
    else
        print_number("parts", result->parts);
    if (result->closed + result->closed_owed > 0 && !result->shown)
        printf("%-12s %" PRIu64 " not public here, %" PRIu64 " owed\n", "closed", result->closed,
               result->closed_owed);
    if (result->erased && !result->shown)
        printf("%-12s %" PRIu64 " destroyed, as was ordered\n", "erased", result->erased);
    if (result->unnamed && !result->shown)
        printf("%-12s %" PRIu64 " large parts that no record names wait for one\n", "unnamed",
               result->unnamed);
    if (result->owed && !result->shown)
        printf("%-12s %" PRIu64 " parts that records name are not here, the first of entry %" PRIu64
               "\n",
               "owed", result->owed, result->owed_entry);
    if (result->owed && !result->shown)
        printf("%-12s record %s\n", "", result->owed_id);
    if (result->to_recover)
        printf("%-12s %" PRIu64 " entries staged: to be recovered at the next start\n", "cut off",
               result->staged);
    if (result->has_store && result->store_applied < result->entries)
        printf("%-12s behind: it has applied %" PRIu64 "\n", "store", result->store_applied);
    puts("nothing is wrong");
}

/* A store that cannot be opened is said and passed over: it is never the truth. */
static struct store *open_store(const char *directory, struct disk *disk, struct arena *arena)
{
    struct store *store;
    struct err err = {0};
    uint64_t size;

    if (!disk_size(disk, "store.db", &size, &err))
        return NULL;
    if (store_open(&store, arena_printf(arena, "sqlite:%s/store.db", directory), &err))
        return store;
    fprintf(stderr, "the store is not compared: %s\n", err.text);
    return NULL;
}

static enum cli_exit print(struct cli *cli, const struct audit_result *result)
{
    if (cli_option(cli, "--json")) {
        struct json value = as_json(result, &cli->arena);
        cli_print_json(&value, &cli->arena);
    } else if (result->ok) {
        print_plain(result);
    } else {
        print_wrong(result);
    }
    return result->ok ? CLI_DONE : CLI_FAILED;
}

static enum cli_exit audit(struct cli *cli, const struct audit_options *options, struct err *err)
{
    struct audit_result result = {0};
    struct err fault = {0}; /* what is wrong with the log is a result and no fault */
    bool ok = audit_run(&result, options, &fault);

    cli_progress_end();
    if (ok)
        return print(cli, &result);
    *err = fault;
    return CLI_FAILED;
}

static enum cli_exit audit_at(struct cli *cli, struct audit_options *options, const char *url,
                              http_get_access *access, void *context, struct err *err)
{
    struct log_at *log = log_at_open(url, access, context);

    options->disk = log_at_disk(log);
    options->shown = true;
    enum cli_exit exit = audit(cli, options, err);
    log_at_close(log);
    return exit;
}

/* A file by its name's end, as for `sulh key new`; else the name of a key in DIR/keys. */
static bool read_signer(struct cli *cli, struct note_signer *out, struct err *err)
{
    const char *key = cli_option(cli, "--as"), *directory = cli_option(cli, "--dir");
    bool is_file = span_ends_with(span_of(key), SPAN_LIT(".key"));

    if (!is_file && !directory)
        return err_set(err, ERR_USAGE, "--as %s is no .key file: whose is it? --dir DIR", key);
    return session_signer(out, directory, key, is_file ? key : NULL, err);
}

/* What participants alone may read: the key signs in, and what is read is believed no more. */
static enum cli_exit audit_as(struct cli *cli, struct audit_options *options, struct err *err)
{
    enum cli_exit exit = CLI_FAILED;
    struct whose whose = {0};
    struct note_signer signer = {0};
    struct session *session;

    bool ok = whose_open(&whose, cli, "--name", err) && read_signer(cli, &signer, err) &&
              session_open(&session, &whose, &signer, err);
    sign_secret_wipe(&signer.secret);
    if (ok) {
        exit = audit_at(cli, options, whose.url, session_access, session, err);
        session_close(session);
    }
    whose_close(&whose);
    return exit;
}

static enum cli_exit audit_url(struct cli *cli, struct audit_options *options, struct err *err)
{
    if (!options->agreement_id)
        return cli_usage(err, "of what a server shows nothing is believed but what the id of "
                              "entry 0 proves: --agreement ID");
    return cli_option(cli, "--as")
               ? audit_as(cli, options, err)
               : audit_at(cli, options, cli->argument[0], http_any_certificate, NULL, err);
}

static enum cli_exit audit_directory(struct cli *cli, struct audit_options *options,
                                     struct err *err)
{
    const char *directory = cli->argument[0];

    if (!disk_open(&options->disk, directory, false, err))
        return CLI_FAILED;
    options->store = open_store(directory, options->disk, &cli->arena);
    enum cli_exit exit = audit(cli, options, err);
    store_close(options->store);
    disk_close(options->disk);
    return exit;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct audit_options options = {.agreement_id = cli_option(cli, "--agreement"),
                                    .progress = cli_progress()};

    static const char *const of_session[] = {"--as", "--dir", "--node", "--name"};
    bool is_url = log_at_is_url(cli->argument[0]);

    for (size_t i = 0; i < ARRAY_LEN(of_session); i++)
        if (cli_option(cli, of_session[i]) && !(is_url && cli_option(cli, "--as")))
            return cli_usage(err, "%s is for signing in: with a URL, and --as KEY", of_session[i]);
    return is_url ? audit_url(cli, &options, err) : audit_directory(cli, &options, err);
}

const struct cli_command command_audit = {
    .name = "audit",
    .arguments = "DIR|URL",
    .least = 1,
    .most = 1,
    .option = {{"--agreement", "ID", "what the id of entry 0 must be; needed with a URL",
                CLI_MAYBE},
               {"--as", "KEY",
                "signs in, to read what is for participants: a .key file, or a key of DIR",
                CLI_MAYBE},
               WHOSE_DIR,
               WHOSE_NODE,
               {"--name", "NAME", "the agreement's name, to sign in; else DIR's", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about =
        "Checks every byte of the log, every signature and every verdict, without trust in who "
        "keeps or serves it, and names the first thing that is wrong. With the URL of any "
        "participant's node, over HTTP; with --as, of a log that only participants may read. Of a "
        "large register it keeps the most in a temporary file, which has no name, in $TMPDIR or "
        "/var/tmp.",
    .run = run,
};
