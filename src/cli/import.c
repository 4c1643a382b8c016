#include "cli/cli.h"

#include "api/views.h"
#include "feed/chronology.h"
#include "feed/daily.h"
#include "feed/firms.h"
#include "feed/ged.h"
#include "feed/geojson.h"
#include "feed/gunzip.h"
#include "feed/importer.h"
#include "feed/mapping.h"

#include <stdio.h>

/* Nobody's statement is signed in that body's name: what others published is signed by whoever
 * compiled it, and the claimant is a field. Where no key is named, by the first author's key of
 * the organisation whose node this is: ORG/1 beside ORG/node. */
static const char *own_author(const struct node *node, struct arena *arena)
{
    const char *name = node_settings(node)->name, *end = strrchr(name, '/');

    return arena_printf(arena, "%.*s/1", end ? (int)(end - name) : (int)strlen(name), name);
}

static void say(void *context, const char *text)
{
    (void)context;
    cli_progress_end();
    fprintf(stderr, "%s\n", text);
}

static const struct remarks remarks = {.say = say};

/* --- the feeds --- */

static bool read_table(struct span *out, const char *folder, const char *name, struct arena *arena,
                       struct err *err)
{
    return cli_read_file(out, arena_printf(arena, "%s/%s", folder, name), CHRONOLOGY_BYTES, arena,
                         err);
}

static bool open_chronology(struct feed *out, const char *path, const char *by, struct arena *arena,
                            struct err *err)
{
    struct chronology_text text;

    (void)by;
    return read_table(&text.events, path, "events.csv", arena, err) &&
           read_table(&text.claims, path, "claims.csv", arena, err) &&
           read_table(&text.sources, path, "sources.csv", arena, err) &&
           chronology_open(out, &text, &remarks, arena, err);
}

/* Packed with gzip or not. */
static bool read_packed(struct span *out, const char *path, size_t limit, struct arena *arena,
                        struct err *err)
{
    if (!cli_read_file(out, path, limit, arena, err))
        return false;
    return !gunzip_needed(*out) || gunzip(out, *out, limit, arena, err) ||
           err_wrap(err, "%s", path);
}

static bool open_ged(struct feed *out, const char *path, const char *by, struct arena *arena,
                     struct err *err)
{
    struct span text;

    (void)by;
    return read_packed(&text, path, GED_BYTES, arena, err) &&
           ged_open(out, path, text, &remarks, arena, err);
}

static bool open_firms(struct feed *out, const char *path, const char *by, struct arena *arena,
                       struct err *err)
{
    struct span text;

    (void)by;
    return read_packed(&text, path, FIRMS_BYTES, arena, err) &&
           firms_open(out, path, text, &remarks, arena, err);
}

static bool open_daily(struct feed *out, const char *path, const char *by, struct arena *arena,
                       struct err *err)
{
    struct span text;

    (void)by;
    return read_packed(&text, path, DAILY_BYTES, arena, err) &&
           daily_open(out, path, text, &remarks, arena, err);
}

static bool open_geojson(struct feed *out, const char *path, const char *by, struct arena *arena,
                         struct err *err)
{
    struct span text, mapping;

    return cli_read_file(&mapping, by, MAPPING_BYTES, arena, err) &&
           read_packed(&text, path, GEOJSON_BYTES, arena, err) &&
           geojson_open(out, path, text, by, mapping, &remarks, arena, err);
}

static const struct {
    const char *word;
    bool (*open)(struct feed *out, const char *path, const char *by, struct arena *arena,
                 struct err *err);
    bool by; /* must be told how it is to be read */
} feeds[] = {
    {"chronology", open_chronology, false}, {"ged", open_ged, false},
    {"firms", open_firms, false},           {"daily", open_daily, false},
    {"geojson", open_geojson, true},
};

/* --- the command --- */

static bool makes(const struct feed *feed, const char *wanted)
{
    for (const char *const *kind = feed->kinds; *kind; kind++)
        if (strcmp(*kind, wanted) == 0)
            return true;
    return false;
}

static void print_summary(const struct feed *feed, const struct import_summary *sum,
                          struct arena *arena)
{
    const struct {
        const char *name, *said;
        uint64_t value;
    } counts[] = {
        {"new", "new", sum->made},
        {"same", "the same", sum->same},
        {"superseded", "superseded", sum->superseded},
        {"left", "left as they were", sum->left},
    };
    struct json out = json_object();
    const char *between = "";

    cli_progress_end();
    for (size_t i = 0; i < IMPORT_KINDS; i++) {
        if (!makes(feed, import_kinds[i].kind))
            continue;
        json_set_integer(&out, import_kinds[i].many, (int64_t)sum->of_kind[i], arena);
        fprintf(stderr, "%s%" PRIu64 " %s", between, sum->of_kind[i], import_kinds[i].many);
        between = ", ";
    }
    between = ": ";
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        json_set_integer(&out, counts[i].name, (int64_t)counts[i].value, arena);
        fprintf(stderr, "%s%" PRIu64 " %s", between, counts[i].value, counts[i].said);
        between = ", ";
    }
    fputc('\n', stderr);
    cli_print_json(&out, arena);
}

static bool import(struct cli *cli, struct feed *feed, struct err *err)
{
    const char *key = cli_option(cli, "--as");
    struct journal_progress progress = cli_progress();
    struct journal_view view = views_journal();
    struct import_summary summary;
    struct node *node = NULL;

    bool ok = node_open(&node, cli->argument[0], &view, &progress, err);
    if (ok && !key)
        key = own_author(node, &cli->arena);
    struct import_options options = {
        .node = node, .key_name = key, .progress = progress, .remarks = remarks};
    ok = ok && import_run(&summary, feed, &options, err);
    node_close(node);
    if (ok)
        print_summary(feed, &summary, &cli->arena);
    return ok;
}

/* The input is checked to its end before the node is opened. */
static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct feed feed;

    for (size_t i = 0; i < ARRAY_LEN(feeds); i++) {
        if (strcmp(cli->argument[1], feeds[i].word) != 0)
            continue;
        const char *by = cli_option(cli, "--by");
        if (!by != !feeds[i].by)
            return cli_usage(err,
                             by ? "%s is read in one way: leave out --by"
                                : "%s needs --by FILE.toml: how it is to be read",
                             feeds[i].word);
        if (!feeds[i].open(&feed, cli->argument[2], by, &cli->arena, err)) {
            err_wrap(err, "nothing imported");
            return CLI_FAILED;
        }
        bool ok = import(cli, &feed, err);
        feed_close(&feed);
        return ok ? CLI_DONE : CLI_FAILED;
    }
    return cli_usage(err,
                     "\"%s\" is no feed: chronology FOLDER; ged, firms or daily FILE.csv[.gz]; "
                     "geojson FILE.json[.gz] --by FILE.toml",
                     cli->argument[1]);
}

const struct cli_command command_import = {
    .name = "import",
    .arguments = "DIR FEED FOLDER|FILE",
    .least = 3,
    .most = 3,
    .option = {{"--as", "KEYNAME",
                "the key of DIR/keys that signs; if not given, ORG/1 where the node's is ORG/node",
                CLI_MAYBE},
               {"--by", "FILE.toml", "whose the input is and what its members mean (doc/import.md)",
                CLI_MAYBE}},
    .about = "Brings what others published into the record: a chronology (events.csv, claims.csv, "
             "sources.csv), UCDP GED, hotspots of NASA FIRMS, a mission's daily table (.csv or "
             ".csv.gz), GeoJSON. Again is no harm: "
             "what is there stays, what has changed supersedes.",
    .run = run,
};
