#include "cli/init.h"

#include "api/views.h"
#include "cli/verdict.h"

#include <errno.h>
#include <sys/stat.h>

/*
 * sulh init: a log with its agreement in force (doc/format.md §7): entry 0, the pieces of
 * the agreement's files, the roots' concurrences, the first author of each organisation,
 * and the first tick. With --demo every key is a throw-away key made here.
 */

static bool make_directory(const char *path, struct err *err)
{
    struct disk *disk;
    struct disk_entry *entry;
    struct arena arena = {0};
    size_t count;

    if (mkdir(path, 0750) != 0 && errno != EEXIST)
        return err_errno(err, "make %s", path);
    if (!disk_open(&disk, path, false, err))
        return false;
    bool ok = disk_list(disk, "", &entry, &count, &arena, err);
    if (ok && count)
        ok = err_set(err, ERR_CONFLICT, "%s is not empty: it holds %s", path, entry[0].path);
    arena_free(&arena);
    disk_close(disk);
    return ok;
}

static bool write_settings(struct init *init, struct err *err)
{
    struct disk *disk;
    struct span vkey;

    if (!init_vkey(init, init->settings.origin, &vkey, err) ||
        !disk_open(&disk, init->directory, false, err))
        return false;
    const char *line = arena_printf(init->arena, "%.*s\n", SPAN_ARG(vkey));
    bool ok = settings_write(&init->settings, disk, err) &&
              disk_replace(disk, "log.vkey", span_of(line), true, err);
    disk_close(disk);
    return ok;
}

static bool all_effective(struct init *init, struct node *node, struct err *err)
{
    struct json verdict;
    uint64_t count;
    bool ok = store_applied(node_reader(node), &count, err);

    for (uint64_t i = 0; ok && i < count; i++)
        ok = verdict_read(&verdict, node, i, init->arena, err) &&
             verdict_effective(&verdict, i, err);
    return ok;
}

static bool print_agreement(struct init *init, struct node *node, struct err *err)
{
    struct json row;
    struct span bytes;

    if (!store_get(node_reader(node), "agreement", SPAN_LIT("1"), STORE_LATEST, &bytes, NULL,
                   init->arena, err) ||
        !json_parse_canonical(&row, bytes, init->arena, err))
        return false;
    if (!span_is(init_text(&row, "state"), "in_force"))
        return err_set(err, ERR_CONFLICT, "the agreement did not come into force");
    printf("%s %.*s\n", init->settings.agreement, SPAN_ARG(init_text(&row, "id")));
    return true;
}

static bool found_log(struct init *init, struct err *err)
{
    struct journal_view view = views_journal();
    struct node *node = NULL;
    bool ok = node_open(&node, init->directory, &view, NULL, err) &&
              init_say_all(init, node, err) && node_settle(node, err) &&
              all_effective(init, node, err) && print_agreement(init, node, err);

    node_close(node);
    return ok;
}

/* Everything that can be wrong with what was given is found before anything is made. */
static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct init *init = ARENA_NEW(&cli->arena, struct init);

    *init = (struct init){.cli = cli,
                          .arena = &cli->arena,
                          .directory = cli->argument[0],
                          .demo = cli_option(cli, "--demo") != NULL};
    bool ok = init_read_folder(init, cli_option(cli, "--agreement"), err) &&
              init_choose_names(init, err) && init_find_roots(init, err) &&
              make_directory(init->directory, err) && init_make_keys(init, err) &&
              write_settings(init, err) && found_log(init, err);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_init = {
    .name = "init",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--agreement", "FOLDER", "the agreement as data (doc/agreement.md)", CLI_NEEDED},
               {"--demo", NULL, "throw-away keys for everybody, under the name demo.invalid/…",
                CLI_MAYBE},
               {"--operator", "ORG", "who runs this node; else the last organisation listed",
                CLI_MAYBE},
               {"--root", "KEYFILE", "the key of a root, named ORG/root; used and not kept",
                CLI_MANY}},
    .about =
        "Makes DIR and its log, with the agreement signed by its roots and in force. Prints its "
        "name and the id of entry 0.",
    .run = run,
};
