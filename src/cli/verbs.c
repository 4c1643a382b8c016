#include "cli/verbs.h"

#include <errno.h>
#include <sys/stat.h>

/* The folder is its owner's alone, and made so before anything is in it. */
static bool open_disk(struct cli *cli, struct disk **out, const char *folder, struct err *err)
{
    const char *path = arena_printf(&cli->arena, "%s/%s", cli->argument[1], folder);

    if (!disk_open(out, cli->argument[1], false, err))
        return false;
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return true;
    disk_close(*out);
    return err_errno(err, "make %s", path);
}

static enum cli_exit unknown(struct cli *cli, const struct cli_verb *verbs, size_t count,
                             struct err *err)
{
    const char *list = verbs[0].word;

    for (size_t i = 1; i < count; i++)
        list =
            arena_printf(&cli->arena, "%s%s%s", list, i + 1 < count ? ", " : " or ", verbs[i].word);
    return cli_usage(err, "\"%s\" is nothing to do with a %s: %s", cli->argument[0],
                     cli->command->name, list);
}

static enum cli_exit run_one(struct cli *cli, const struct cli_verb *verb, const char *folder,
                             struct err *err)
{
    const char *name = cli->command->name;
    struct disk *disk;

    if (cli->argument_count != verb->count)
        return cli_usage(err, "%s %s %s", name, verb->word, verb->arguments);
    if (cli->given_count && !verb->takes_options)
        return cli_usage(err, "%s %s takes no option", name, verb->word);
    if (!open_disk(cli, &disk, folder, err))
        return CLI_FAILED;
    bool ok = verb->run(cli, disk, err);
    disk_close(disk);
    return ok ? CLI_DONE : CLI_FAILED;
}

enum cli_exit cli_run_verb(struct cli *cli, const struct cli_verb *verbs, size_t count,
                           const char *folder, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(cli->argument[0], verbs[i].word) == 0)
            return run_one(cli, &verbs[i], folder, err);
    return unknown(cli, verbs, count, err);
}
