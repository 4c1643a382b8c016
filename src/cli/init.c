#include "cli/init.h"

#include "api/views.h"
#include "cli/verdict.h"
#include "journal/log_keys.h"

#include <stdio.h>

/*
 * sulh init: a log with its agreement in force (doc/format.md §7): entry 0, the pieces of
 * the agreement's files, the roots' concurrences, the first authors, and where the operator's
 * clock is the time, the first tick; in a demonstration, a gateway's key.
 */

/* --- DIR/sulh.toml and log.vkey --- */

static void fill_name(char out[104], const struct proposal_key *key)
{
    if (key)
        memcpy(out, key->key.name, sizeof key->key.name);
}

static void choose_names(const struct init *init, struct settings *out)
{
    const struct proposal *p = init->p;
    const struct json *org = folder_organisation(&p->folder, span_of(p->operator_org));

    snprintf(out->agreement, sizeof out->agreement, "%.*s", SPAN_ARG(p->folder.head.name));
    fill_name(out->origin, proposal_log_key(p));
    fill_name(out->promise, proposal_find_key(p, org, PROPOSAL_PROMISE, 0));
    fill_name(out->name, proposal_find_key(p, org, PROPOSAL_NODE, 0));
    if (cli_option(init->cli, "--witness-key"))
        fill_name(out->witness, proposal_find_key(p, org, PROPOSAL_WITNESS, 0));
    if (init->gateway)
        memcpy(out->gateway, init->gateway->name, sizeof init->gateway->name);
}

static bool write_settings(const struct init *init, struct err *err)
{
    struct settings *settings = ARENA_NEW(init->p->arena, struct settings);
    struct log_keys *keys = ARENA_NEW(init->p->arena, struct log_keys);
    struct disk *disk;

    choose_names(init, settings);
    if (!log_keys_add(keys, &proposal_log_key(init->p)->key, err) ||
        !disk_open(&disk, init->directory, false, err))
        return false;
    bool ok = settings_write(settings, disk, err) && log_keys_write(keys, disk, err);
    disk_close(disk);
    return ok;
}

/* --- the log --- */

static bool submit_all(const struct init *init, struct node *node, struct err *err)
{
    const struct proposal *p = init->p;
    struct submission *submission = ARENA_ARRAY(p->arena, struct submission, p->record_count);
    struct answer *answer = ARENA_ARRAY(p->arena, struct answer, p->record_count);

    for (size_t i = 0; i < p->record_count; i++)
        submission[i].note = p->record[i].note;
    if (!node_submit(node, submission, p->record_count, answer, p->arena, err))
        return false;
    for (size_t i = 0; i < p->record_count; i++)
        if (answer[i].kind != ANSWER_LOGGED || answer[i].index != i)
            return err_set(err, ERR_REFUSED, "record %zu, %.*s: %s", i, SPAN_ARG(p->record[i].kind),
                           answer[i].reason ? answer[i].reason : "not logged in its place");
    return true;
}

static bool all_effective(const struct init *init, struct node *node, struct err *err)
{
    struct json verdict;
    uint64_t count;
    bool ok = store_applied(node_reader(node), &count, err);

    for (uint64_t i = 0; ok && i < count; i++)
        ok = verdict_read(&verdict, node, i, init->p->arena, err) &&
             verdict_effective(&verdict, i, err);
    return ok;
}

static bool read_row(const struct init *init, struct node *node, const char *table, const char *key,
                     struct json *out, struct err *err)
{
    struct span bytes;

    *out = json_object();
    return store_get(node_reader(node), table, span_of(key), STORE_LATEST, &bytes, NULL,
                     init->p->arena, err) &&
           (!bytes.at || json_parse_canonical(out, bytes, init->p->arena, err));
}

static bool print_agreement(const struct init *init, struct node *node, struct err *err)
{
    struct json agreement, clock;

    if (!read_row(init, node, "agreement", "1", &agreement, err) ||
        !read_row(init, node, "clock", "clock", &clock, err))
        return false;
    if (!span_is(folder_text(&agreement, "state"), "in_force"))
        return err_set(err, ERR_CONFLICT, "the agreement did not come into force");
    printf("%.*s %.*s\n", SPAN_ARG(init->p->folder.head.name),
           SPAN_ARG(folder_text(&agreement, "id")));
    if (!json_get(&clock, "now_ms"))
        fprintf(stderr,
                "Time does not run yet: it begins when %" PRId64
                " witnesses have cosigned a checkpoint.\n",
                init->p->quorum);
    return true;
}

static bool found_log(const struct init *init, struct err *err)
{
    struct journal_view view = views_journal();
    struct node *node = NULL;
    bool ok = node_open(&node, init->directory, &view, NULL, err) && submit_all(init, node, err) &&
              node_settle(node, err) && init_gateway_admit(init, node, err) &&
              all_effective(init, node, err) && print_agreement(init, node, err);

    node_close(node);
    return ok;
}

/* --- the command --- */

static const struct init_way *const ways[] = {&init_way_demo, &init_way_proposal};

static bool names(const char *const *list, const char *option)
{
    for (size_t i = 0; list[i]; i++)
        if (strcmp(list[i], option) == 0)
            return true;
    return false;
}

static bool check_options(const struct cli *cli, const struct init_way *way, struct err *err)
{
    for (size_t i = 0; way->needs[i]; i++)
        if (!cli_option(cli, way->needs[i]))
            return err_set(err, ERR_USAGE, "%s needs %s", way->option, way->needs[i]);
    for (size_t i = 0; i < cli->given_count; i++) {
        const char *given = cli->given[i].option->name;

        if (strcmp(given, way->option) != 0 && !names(way->needs, given) &&
            !names(way->takes, given))
            return err_set(err, ERR_USAGE, "%s does not go with %s", given, way->option);
    }
    return true;
}

static bool choose_way(const struct cli *cli, const struct init_way **out, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(ways); i++)
        if (cli_option(cli, ways[i]->option)) {
            *out = ways[i];
            return check_options(cli, *out, err);
        }
    return err_set(err, ERR_USAGE, "either --proposal OUT, signed by the roots, or --demo");
}

/* Everything that can be wrong with what was given is found before anything is made. */
static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct init *init = ARENA_NEW(&cli->arena, struct init);
    const struct init_way *way = NULL;

    *init = (struct init){
        .cli = cli, .directory = cli->argument[0], .p = ARENA_NEW(&cli->arena, struct proposal)};
    init->p->arena = &cli->arena;
    bool ok = choose_way(cli, &way, err) && way->prepare(init, err) &&
              cli_make_directory(init->directory, err) && way->write_keys(init, err) &&
              write_settings(init, err) && found_log(init, err);
    sign_wipe(init->signer, sizeof init->signer);
    sign_wipe(init->reader, sizeof init->reader);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_init = {
    .name = "init",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--proposal", "OUT", "what sulh propose made and the roots signed", CLI_MAYBE},
               {"--log-key", "FILE",
                "the log's key, AGREEMENT/term/1; copied into DIR/keys, as "
                "these are:",
                CLI_MAYBE},
               {"--promise-key", "FILE", "that of the operator's promises, ORG/promise", CLI_MAYBE},
               {"--node-key", "FILE", "that of the operator's node, ORG/node", CLI_MAYBE},
               {"--witness-key", "FILE", "that of its witness, ORG/witness, to cosign here",
                CLI_MAYBE},
               {"--demo", NULL, "throw-away keys for everybody, under the name demo.invalid/…",
                CLI_MAYBE},
               {"--agreement", "FOLDER", "of --demo: the agreement as data (doc/agreement.md)",
                CLI_MAYBE},
               {"--operator", "ORG",
                "of --demo: who runs this node; else the last organisation listed", CLI_MAYBE}},
    .about =
        "Makes DIR and its log, with the agreement signed by its roots and in force. Prints its "
        "name and the id of entry 0.",
    .run = run,
};
