#include "cli/cli.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "journal/anchor.h"
#include "journal/log_keys.h"
#include "journal/log_reader.h"
#include "node/keyring.h"
#include "node/node.h"
#include "sync/http_transport.h"
#include "sync/source.h"

#include <errno.h>
#include <sys/stat.h>

/*
 * sulh join: a directory that follows a log. Nothing is believed of whoever is asked but what
 * the id of entry 0 proves, which its owner has from somewhere else.
 */

#define PATIENCE_MS 10000u

struct join {
    struct cli *cli;
    struct settings settings;
    struct anchor anchor;
    struct span entry_0;
};

/* --- entry 0 --- */

/* How large the log says it is; it need not be true, for entry 0 is known by its id. */
static bool said_size(struct join *join, const struct source *source, uint64_t *out,
                      struct err *err)
{
    struct arena *arena = &join->cli->arena;
    struct checkpoint checkpoint;
    struct note note;
    struct span bytes;

    if (!source->get(source->context, "checkpoint", LIMIT_CHECKPOINT_BYTES, &bytes, arena, err) ||
        !note_parse(&note, bytes, arena, err) || !checkpoint_parse(&checkpoint, note.text, err))
        return false;
    *out = checkpoint.size;
    return *out > 0 || err_set(err, ERR_MISSING, "the log is empty");
}

static bool fetch_entry_0(struct join *join, const struct source *source, struct err *err)
{
    struct arena *arena = &join->cli->arena;
    char path[TILE_PATH];
    struct span bundle;
    uint64_t size;

    if (!said_size(join, source, &size, err))
        return false;
    tile_path(path, (struct tile){TILE_ENTRIES, 0, tile_width_at(TILE_ENTRIES, 0, size)});
    if (!source->get(source->context, path, LOG_BUNDLE_BYTES, &bundle, arena, err))
        return false;
    return tile_bundle_next(&bundle, &join->entry_0) ||
           err_set(err, ERR_MALFORMED, "%s is cut short", path);
}

static bool is_id(const char *wanted, struct err *err)
{
    uint8_t hash[HASH_BYTES];

    return hex_parse(hash, sizeof hash, span_of(wanted)) ||
           err_set(err, ERR_USAGE,
                   "--agreement %s is no id: it is of 64 hexadecimal digits, and sulh audit prints "
                   "it (entry 0) where the agreement is held already",
                   wanted);
}

/* As the ceremony made it, or as it is served: its id says whether it is the one. */
static bool read_anchor(struct join *join, const struct source *source, struct err *err)
{
    const char *wanted = cli_option(join->cli, "--agreement");
    const char *file = cli_option(join->cli, "--entry-0");
    bool ok = file
                  ? cli_read_file(&join->entry_0, file, LIMIT_ENTRY_BYTES, &join->cli->arena, err)
                  : fetch_entry_0(join, source, err) || err_wrap(err, "%s", join->cli->argument[1]);

    if (!ok || !anchor_parse(&join->anchor, join->entry_0, err))
        return false;
    return strcmp(join->anchor.id, wanted) == 0 ||
           err_set(err, ERR_CONFLICT, "entry 0 there is %s, not %s: it is another agreement",
                   join->anchor.id, wanted);
}

/* --- keys --- */

static bool take_name(char out[104], const char *name)
{
    snprintf(out, 104, "%s", name);
    return true;
}

/* The file's key, or a new one of the name. */
static bool take_node_key(struct join *join, struct note_signer *out, struct err *err)
{
    const char *file = cli_option(join->cli, "--key-file");
    const char *name = cli_option(join->cli, "--name");

    if (file)
        return keyring_read_file(out, file, err);
    if (!name || !note_name_valid(span_of(name)))
        return err_set(err, ERR_USAGE,
                       "whose node is it? --key-file FILE, its key; or --name NAME, for which a "
                       "new key is made");
    keyring_make(out, name);
    return true;
}

static bool take_keys(struct join *join, struct err *err)
{
    const char *directory = join->cli->argument[0];
    const char *witness_file = cli_option(join->cli, "--witness-key");
    struct note_signer node = {0}, witness = {0};
    bool ok = take_node_key(join, &node, err) && keyring_write(directory, &node, err) &&
              take_name(join->settings.name, node.name);

    if (ok && witness_file)
        ok = keyring_read_file(&witness, witness_file, err) &&
             keyring_write(directory, &witness, err) &&
             take_name(join->settings.witness, witness.name);
    sign_secret_wipe(&node.secret);
    sign_secret_wipe(&witness.secret);
    return ok;
}

/* --- the peers --- */

static bool add_peer(struct join *join, const char *name, size_t name_len, const char *url,
                     struct err *err)
{
    struct settings *settings = &join->settings;
    struct settings_peer *peer = &settings->peer[settings->peer_count];

    if (settings->peer_count == SETTINGS_PEERS)
        return err_set(err, ERR_LIMIT, "more than %u peers", SETTINGS_PEERS);
    if (name_len >= sizeof peer->name || !note_name_valid(span_make(name, name_len)) ||
        strlen(url) >= sizeof peer->url)
        return err_set(err, ERR_USAGE, "--peer is NODE-KEY-NAME=URL");
    memcpy(peer->name, name, name_len);
    strcpy(peer->url, url);
    settings->peer_count++;
    return true;
}

/* The one asked is the first: by its own name, that of the operator in entry 0 unless told. */
static bool take_peers(struct join *join, struct err *err)
{
    const char *from = cli_option(join->cli, "--from"), *peer;
    bool ok = true;

    if (!from)
        from = join->anchor.operator;
    ok = add_peer(join, from, strlen(from), join->cli->argument[1], err);
    for (size_t i = 0; ok && (peer = cli_option_at(join->cli, "--peer", i)); i++) {
        const char *equals = strchr(peer, '=');

        ok = equals ? add_peer(join, peer, (size_t)(equals - peer), equals + 1, err)
                    : err_set(err, ERR_USAGE, "--peer is NODE-KEY-NAME=URL, not \"%s\"", peer);
    }
    return ok;
}

/* --- the command --- */

static bool write_all(struct join *join, struct disk *disk, struct err *err)
{
    const struct log_keys keys = {.at = {join->anchor.log}, .count = 1};

    snprintf(join->settings.agreement, sizeof join->settings.agreement, "%s",
             join->anchor.agreement);
    return take_keys(join, err) && take_peers(join, err) &&
           disk_replace(disk, ENTRY_0_FILE, join->entry_0, true, err) &&
           settings_write(&join->settings, disk, err) && log_keys_write(&keys, disk, err);
}

static bool make(struct join *join, struct err *err)
{
    const char *directory = join->cli->argument[0];
    struct disk_entry *entry;
    struct disk *disk;
    size_t count;

    if (mkdir(directory, 0750) != 0 && errno != EEXIST)
        return err_errno(err, "make %s", directory);
    if (!disk_open(&disk, directory, false, err))
        return false;
    bool ok = disk_list(disk, "", &entry, &count, &join->cli->arena, err);
    if (ok && count)
        ok = err_set(err, ERR_CONFLICT, "%s is not empty: it holds %s", directory, entry[0].path);
    ok = ok && write_all(join, disk, err);
    disk_close(disk);
    return ok;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct join *join = ARENA_NEW(&cli->arena, struct join);
    /* Nothing that comes over it is believed but by the id of entry 0. */
    struct http_transport *http = http_transport_open(http_any_certificate, NULL);
    struct transport transport = http_transport_of(http);
    struct source_peer peer = {&transport, cli->argument[1], PATIENCE_MS};
    struct source source = source_of_peer(&peer);

    join->cli = cli;
    bool ok = is_id(cli_option(cli, "--agreement"), err) && read_anchor(join, &source, err) &&
              make(join, err);
    http_transport_close(http);
    if (ok)
        printf("%s %s\n", join->anchor.agreement, join->anchor.id);
    else if (err->kind == ERR_USAGE)
        return CLI_USAGE;
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_join = {
    .name = "join",
    .arguments = "DIR URL",
    .least = 2,
    .most = 2,
    .option = {{"--agreement", "ID", "the id of entry 0, from somebody you trust", CLI_NEEDED},
               {"--entry-0", "FILE",
                "entry 0, as the ceremony made it (NNNN.note); else it is fetched", CLI_MAYBE},
               {"--key-file", "FILE", "this node's key", CLI_MAYBE},
               {"--name", "NAME", "or its name, and a new key is made", CLI_MAYBE},
               {"--witness-key", "FILE", "the key that it cosigns with", CLI_MAYBE},
               {"--from", "NAME", "whose node answers at URL, when it is not the first operator's",
                CLI_MAYBE},
               {"--peer", "NAME=URL", "another participant's node", CLI_MANY}},
    .about = "Makes DIR a node that follows the log served at URL: sulh serve DIR then fetches, "
             "verifies and serves it on.",
    .run = run,
};
