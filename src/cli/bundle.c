#include "cli/cli.h"

#include "api/views.h"
#include "base/limits.h"
#include "ledger/merkle.h"
#include "node/node.h"
#include "record/record.h"
#include "sync/bundle.h"

/* sulh bundle export | import: the log as a file, to be carried where no line goes. */

/* FILE's directory, opened, and its name there. */
static bool open_place(struct cli *cli, struct disk **out, const char **out_name, struct err *err)
{
    const char *file = cli->argument[2], *slash = strrchr(file, '/');
    struct span above = slash ? span_make(file, (size_t)(slash - file) + 1) : SPAN_LIT(".");

    *out_name = slash ? slash + 1 : file;
    return disk_open(out, arena_text(&cli->arena, above), false, err);
}

/* --- export --- */

struct export
{
    struct cli *cli;
    struct node *node;
    struct checkpoint held; /* what the node has */
    struct span note;       /* of the checkpoint that the bundle is to reach */
    uint64_t size;
};

/* The checkpoint that a tick carried, and what it covers (doc/format.md §8.2). */
static bool read_tick(struct export *export, uint64_t index, struct err *err)
{
    struct arena *arena = &export->cli->arena;
    struct log_reader *reader;
    struct checkpoint checkpoint;
    struct record record;
    struct note note;
    struct span entry;

    if (!log_reader_open(&reader, node_disk(export->node), export->held.size, err))
        return false;
    bool ok = log_reader_entry(reader, index, &entry, err) &&
              record_parse(&record, arena_copy(arena, entry), arena, err);
    log_reader_close(reader);
    if (!ok)
        return false;
    export->note = json_get_string(record.body, "checkpoint", (struct span){0});
    if (!log_keys_open(node_log_keys(export->node), &checkpoint, &note, export->note, arena, err))
        return err_wrap(err, "the checkpoint of entry %" PRIu64, index);
    export->size = checkpoint.size;
    return true;
}

/* The largest of at most `most` entries that a tick carried: the register says of each tick
 * what it covers. */
static bool find_earlier(struct export *export, uint64_t most, struct err *err)
{
    struct store_row *row;
    size_t count;

    if (!store_history(node_reader(export->node), "clock", SPAN_LIT("clock"), &row, &count,
                       &export->cli->arena, err))
        return false;
    while (count > 0) {
        struct json clock;

        if (!json_parse(&clock, row[--count].row, &export->cli->arena, err))
            return false;
        if ((uint64_t)json_get_integer(&clock, "size", 0) <= most &&
            row[count].at < export->held.size)
            return read_tick(export, row[count].at, err);
    }
    return err_set(err, ERR_MISSING, "no checkpoint of at most %" PRIu64 " entries is here", most);
}

static bool find_checkpoint(struct export *export, struct err *err)
{
    const char *to = cli_option(export->cli, "--to");
    uint64_t most;

    if (!node_checkpoint(export->node, &export->held, &export->note, &export->cli->arena, err) ||
        (to && !cli_number(&most, to, "--to", err)))
        return false;
    export->size = export->held.size;
    return !to || most >= export->size || find_earlier(export, most, err);
}

static bool put(void *context, struct span bytes, struct err *err)
{
    return disk_append(context, bytes, err);
}

/* Durably; or nothing of it stays. */
static bool write_file(const struct bundle_export *options, struct disk *disk, const char *name,
                       struct bundle_written *out, struct err *err)
{
    struct bundle_export writing = *options;
    struct disk_file *file;
    struct err ignored;
    uint64_t size;

    if (disk_size(disk, name, &size, err))
        return err_set(err, ERR_CONFLICT, "%s is there already", name);
    if (err->kind != ERR_MISSING || !disk_append_open(disk, name, &file, err))
        return false;
    writing.put = put;
    writing.context = file;
    bool ok = bundle_export(out, &writing, err) && disk_sync(file, err) &&
              disk_sync_directory(disk, "", err);
    disk_append_close(file);
    if (!ok)
        (void)!disk_remove(disk, name, &ignored);
    return ok;
}

static bool export_log(struct export *export, struct bundle_written *out, uint64_t *out_from,
                       struct err *err)
{
    const char *from = cli_option(export->cli, "--from"), *name;
    struct disk *disk = NULL;

    *out_from = 0;
    if ((from && !cli_number(out_from, from, "--from", err)) || !find_checkpoint(export, err))
        return false;
    if (*out_from >= export->size)
        return err_set(err, ERR_MISSING,
                       "the checkpoint has %" PRIu64 " entries: there is nothing from %" PRIu64
                       " on",
                       export->size, *out_from);
    const struct bundle_export options = {.disk = node_disk(export->node),
                                          .parts = node_parts(export->node),
                                          .from = *out_from,
                                          .note = export->note,
                                          .size = export->size,
                                          .held = export->held.size};
    bool ok =
        open_place(export->cli, &disk, &name, err) && write_file(&options, disk, name, out, err);
    disk_close(disk);
    return ok;
}

static enum cli_exit run_export(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct export export = {.cli = cli};
    struct bundle_written written;
    uint64_t from;

    bool ok = node_open(&export.node, cli->argument[1], &view, NULL, err) &&
              export_log(&export, &written, &from, err);
    node_close(export.node);
    if (!ok)
        return CLI_FAILED;
    printf("entries from %" PRIu64 " to size %" PRIu64 ", %" PRIu64 " parts, %" PRIu64 " bytes\n",
           from, export.size, written.parts, written.bytes);
    if (written.owed > 0)
        printf("%" PRIu64 " parts that they name are not here\n", written.owed);
    return CLI_DONE;
}

/* --- import --- */

/* Nobody is asked anything. */
static void no_answers(void *context, struct call *calls, size_t count, unsigned patience_ms,
                       bool (*enough)(void *context), void *enough_context, struct arena *arena)
{
    (void)context;
    (void)patience_ms;
    (void)enough;
    (void)enough_context;
    (void)arena;
    for (size_t i = 0; i < count; i++) {
        calls[i].answered = false;
        err_set(&calls[i].err, ERR_IO, "nobody is asked");
    }
}

static bool open_node(struct node **out, const char *directory, struct err *err)
{
    static const struct transport nobody = {no_answers, NULL};
    struct journal_view view = views_journal();
    struct journal_progress progress = cli_progress();

    if (!node_open(out, directory, &view, &progress, err))
        return false;
    if (!node_holds(*out))
        return err_set(err, ERR_CONFLICT, "%s is being served: stop that first", directory);
    return node_meet(*out, &nobody, &nobody, err);
}

/* What it lacks at its beginning no source can prove. */
static bool check_first(const struct bundle *bundle, struct node *node, uint64_t *out_first,
                        struct err *err)
{
    struct arena arena = {0};
    struct journal_head head;

    journal_head(node_journal(node), &head, &arena);
    arena_free(&arena);
    return !bundle_first(bundle, out_first) || *out_first <= head.checkpoint.size ||
           err_set(err, ERR_MISSING,
                   "the bundle begins with entry %" PRIu64 ", and %" PRIu64
                   " are here: one from %" PRIu64 " on is needed before",
                   *out_first, head.checkpoint.size, head.checkpoint.size);
}

static bool import_into(struct node *node, struct bundle *bundle, struct node_imported *out,
                        struct err *err)
{
    const struct source source = source_of_bundle(bundle);
    uint64_t first = 0;

    bool ok = check_first(bundle, node, &first, err) && node_import(node, &source, first, out, err);
    if (!ok && bundle_cut(bundle))
        err_wrap(err, "%s: copy the rest of it and import it again", bundle_cut(bundle));
    return ok;
}

static void print_imported(struct node *node, const struct node_imported *imported)
{
    struct arena arena = {0};
    struct journal_head head;

    journal_head(node_journal(node), &head, &arena);
    printf("%" PRIu64 " entries and %" PRIu64 " parts came: size %" PRIu64 "\n", imported->entries,
           imported->parts, head.checkpoint.size);
    if (imported->owed > 0)
        printf("%" PRIu64 " parts that they name are not here\n", imported->owed);
    arena_free(&arena);
}

/* A file that is cut short has done what it could, and that is not all. */
static enum cli_exit import_file(struct cli *cli, struct bundle *bundle, struct err *err)
{
    struct node_imported imported;
    struct node *node = NULL;
    bool ok = open_node(&node, cli->argument[1], err) && import_into(node, bundle, &imported, err);

    if (ok)
        print_imported(node, &imported);
    node_close(node);
    if (ok && bundle_cut(bundle))
        ok = err_set(err, ERR_MALFORMED, "%s: the log is here, parts may be missing",
                     bundle_cut(bundle));
    return ok ? CLI_DONE : CLI_FAILED;
}

static enum cli_exit run_import(struct cli *cli, struct err *err)
{
    struct disk *disk = NULL;
    struct bundle *bundle;
    const char *name;
    enum cli_exit exit = CLI_FAILED;

    if (open_place(cli, &disk, &name, err) && bundle_open(&bundle, disk, name, err)) {
        exit = import_file(cli, bundle, err);
        bundle_close(bundle);
    }
    disk_close(disk);
    return exit;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    bool exports = strcmp(cli->argument[0], "export") == 0;

    if (!exports && strcmp(cli->argument[0], "import") != 0)
        return cli_usage(err, "\"%s\" is neither export nor import", cli->argument[0]);
    if (!exports && (cli_option(cli, "--from") || cli_option(cli, "--to")))
        return cli_usage(err, "--from and --to are for export");
    return exports ? run_export(cli, err) : run_import(cli, err);
}

const struct cli_command command_bundle = {
    .name = "bundle",
    .arguments = "export|import DIR FILE",
    .least = 3,
    .most = 3,
    .option = {{"--from", "N", "export: for who holds N entries already, or more", CLI_MAYBE},
               {"--to", "SIZE",
                "export: no further than this, to the last checkpoint that a tick carried",
                CLI_MAYBE}},
    .about =
        "Writes the log, or what comes after N entries, with its parts into a file that can be "
        "carried where no line goes; or takes it from one into a node that follows. What the "
        "log's key did not sign is refused, whoever brought it.",
    .run = run,
};
