#include "cli/cli.h"

#include "base/limits.h"
#include "sync/accuse.h"

/* sulh prove KIND DIR FILE… */

struct log { /* one that lies in a directory */
    struct disk *disk;
    struct log_reader *reader;
    struct span note;
};

static bool log_open(struct log *out, const char *directory, struct arena *arena, struct err *err)
{
    struct checkpoint checkpoint;
    struct note note;

    return disk_open(&out->disk, directory, false, err) &&
           log_reader_checkpoint(out->disk, &out->note, arena, err) &&
           note_parse(&note, out->note, arena, err) &&
           checkpoint_parse(&checkpoint, note.text, err) &&
           log_reader_open(&out->reader, out->disk, checkpoint.size, err);
}

static void log_close(struct log *log)
{
    log_reader_close(log->reader);
    disk_close(log->disk);
}

/* What was signed, from a file; or the checkpoint of another log, from its directory, which
 * is held open for its hashes. */
static bool read_argument(struct span *out, struct log *other, const char *path,
                          struct arena *arena, struct err *err)
{
    struct err no_directory;
    struct disk *disk;

    if (other->disk || !disk_open(&disk, path, false, &no_directory))
        return cli_read_file(out, path, LIMIT_CHECKPOINT_BYTES, arena, err);
    disk_close(disk);
    if (!log_open(other, path, arena, err))
        return false;
    *out = other->note;
    return true;
}

static const struct accusation *find_accusation(const char *kind)
{
    const struct accusation *found;

    for (size_t i = 0; (found = accusation_at(i)); i++)
        if (strcmp(found->kind, kind) == 0)
            return found;
    return NULL;
}

static void print_kinds(void)
{
    const struct accusation *accusation;

    for (size_t i = 0; (accusation = accusation_at(i)); i++)
        fprintf(stderr, "  %-9s %-24s %s\n", accusation->kind, accusation->needs,
                misbehaviour_kind_at(i)->about);
}

static bool prove(struct cli *cli, struct log *here, struct log *other, struct err *err)
{
    struct arena *arena = &cli->arena;
    struct span given[2] = {{0}}, bytes;
    struct proven proven;

    if (!log_open(here, cli->argument[1], arena, err))
        return false;
    for (size_t i = 2; i < cli->argument_count; i++)
        if (!read_argument(&given[i - 2], other, cli->argument[i], arena, err))
            return false;
    struct accuser accuser = {.log = here->reader, .note = here->note, .other = other->reader};
    if (!accuse(&bytes, &proven, &accuser, cli->argument[0], given[0], given[1], arena, err))
        return err->kind == ERR_REFUSED ? err_wrap(err, "there is nothing to prove") : false;
    fwrite(bytes.at, 1, bytes.len, stdout);
    cli_put_text(stderr, proven.sentence, 0);
    fputc('\n', stderr);
    return true;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const struct accusation *accusation = find_accusation(cli->argument[0]);
    size_t files = cli->argument_count - 2;
    struct log here = {0}, other = {0};

    if (!accusation) {
        print_kinds();
        return cli_usage(err, "there is no kind \"%s\"", cli->argument[0]);
    }
    if (files < accusation->least || files > accusation->most)
        return cli_usage(err, "prove %s DIR %s", accusation->kind, accusation->needs);
    bool ok = prove(cli, &here, &other, err);
    log_close(&other);
    log_close(&here);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_prove = {
    .name = "prove",
    .arguments = "KIND DIR FILE [FILE]",
    .least = 3,
    .most = 4,
    .about =
        "Prints a proof that a key signed what it may not, out of what it signed and the log in "
        "DIR; KIND is split, clock, promise, promises, fork, refusal, freeze or freezes.",
    .run = run,
};
