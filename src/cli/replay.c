#include "cli/cli.h"

#include "api/views.h"
#include "codec/hex.h"
#include "journal/replay.h"
#include "node/node.h"

#define NEW_STORE "store.new"

static const char *const store_files[] = {"store.db", "store.db-wal", "store.db-shm"};

/* Files of a store under another name, so that a rebuild that fails leaves the old one. */
static bool remove_store(struct disk *disk, const char *base, struct arena *arena, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < ARRAY_LEN(store_files); i++)
        ok = disk_remove(
            disk, arena_printf(arena, "%s%s", base, store_files[i] + strlen("store.db")), err);
    return ok;
}

static bool rebuild(struct cli *cli, struct disk *disk, struct replay_result *result,
                    struct err *err)
{
    const char *directory = cli->argument[0];
    const char *made = arena_printf(&cli->arena, "%s/" NEW_STORE, directory);
    struct store *store = NULL;
    struct parts *parts = NULL;
    bool ok = remove_store(disk, NEW_STORE, &cli->arena, err) &&
              store_open(&store, arena_printf(&cli->arena, "sqlite:%s", made), err) &&
              parts_open(&parts, disk, err);

    if (ok) {
        struct replay_options options = {
            .disk = disk,
            .store = store,
            .parts = parts,
            .view = views_journal(),
            .progress = cli_progress(),
        };
        ok = replay_run(result, &options, err);
    }
    parts_close(parts);
    store_close(store); /* the last connection: its write-ahead log is folded in */
    ok = ok && remove_store(disk, "store.db", &cli->arena, err);
    if (ok && rename(made, arena_printf(&cli->arena, "%s/store.db", directory)) != 0)
        ok = err_errno(err, "put the new store in its place");
    return ok;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct replay_result result = {0};
    struct settings settings; /* a directory without them is no node's: nothing is made there */
    struct disk *disk = NULL;
    char hex[2 * HASH_BYTES + 1];
    bool ok = disk_open(&disk, cli->argument[0], false, err) &&
              settings_read(&settings, disk, err) && disk_lock(disk, err) &&
              rebuild(cli, disk, &result, err);

    disk_close(disk);
    cli_progress_end();
    if (!ok) {
        err_wrap(err, "%s", cli->argument[0]);
        return CLI_FAILED;
    }
    hex_text(hex, hash_span(&result.digest));
    printf("%" PRIu64 " entries, digest %s\n", result.entries, hex);
    if (result.lacks_rules)
        printf("rules number %" PRId64 ", in force from entry %" PRIu64
               " on, is not in this program: it applies no more\n",
               result.lacks_rules, result.entries);
    return result.lacks_rules ? CLI_FAILED : CLI_DONE;
}

const struct cli_command command_replay = {
    .name = "replay",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .about = "Makes the store anew from the log, and prints the register's digest.",
    .run = run,
};
