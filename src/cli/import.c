#include "cli/cli.h"

#include "api/views.h"
#include "feed/adsb.h"
#include "feed/chronology.h"
#include "feed/counts.h"
#include "feed/daily.h"
#include "feed/firms.h"
#include "feed/ged.h"
#include "feed/geojson.h"
#include "feed/gunzip.h"
#include "feed/importer.h"
#include "feed/mapping.h"
#include "feed/news.h"
#include "sys/spool.h"

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

/* --- the input --- */

/* What an opener is given. A file is copied to a spool first: it must stay the same from the check
 * to the last record, and need not stand in memory. */
struct input {
    const char *directory, *path, *by;
    struct spool *spool;
    struct arena *arena;
};

#define PIECE_BYTES 65536u

static bool put(void *context, struct span piece, struct err *err)
{
    return spool_put(context, piece, err);
}

static bool copy(struct spool *spool, FILE *file, size_t limit, struct err *err)
{
    uint8_t chunk[PIECE_BYTES];
    size_t n;

    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        if (spool_bytes(spool) + n > limit)
            return err_set(err, ERR_LIMIT, "more than %zu bytes", limit);
        if (!spool_put(spool, span_make(chunk, n), err))
            return false;
    }
    return !ferror(file) || err_errno(err, "read");
}

static bool read_spool(struct spool **out, const struct input *in, size_t limit, struct err *err)
{
    FILE *file = strcmp(in->path, "-") == 0 ? stdin : fopen(in->path, "rb");

    if (!file)
        return err_errno(err, "open %s", in->path);
    bool ok = spool_open(out, in->directory, err) &&
              (copy(*out, file, limit, err) || err_wrap(err, "%s", in->path));
    if (file != stdin)
        fclose(file);
    return ok;
}

/* In the place of the packed bytes. */
static bool unpack(struct input *in, struct span *text, size_t limit, struct err *err)
{
    struct spool *packed = in->spool;

    in->spool = NULL;
    bool ok = spool_open(&in->spool, in->directory, err) &&
              (gunzip_each(*text, limit, put, in->spool, err) || err_wrap(err, "%s", in->path)) &&
              spool_map(in->spool, text, err);
    spool_close(packed);
    return ok;
}

/* Packed with gzip or not. */
static bool read_packed(struct input *in, struct span *out, size_t limit, struct err *err)
{
    return read_spool(&in->spool, in, limit, err) && spool_map(in->spool, out, err) &&
           (!gunzip_needed(*out) || unpack(in, out, limit, err));
}

/* --- the feeds --- */

static bool read_table(struct span *out, const struct input *in, const char *name, struct err *err)
{
    return cli_read_file(out, arena_printf(in->arena, "%s/%s", in->path, name), CHRONOLOGY_BYTES,
                         in->arena, err);
}

static bool open_chronology(struct feed *out, struct input *in, struct err *err)
{
    struct chronology_text text;

    return read_table(&text.events, in, "events.csv", err) &&
           read_table(&text.claims, in, "claims.csv", err) &&
           read_table(&text.sources, in, "sources.csv", err) &&
           chronology_open(out, &text, &remarks, in->arena, err);
}

static bool open_ged(struct feed *out, struct input *in, struct err *err)
{
    struct span text;

    return read_packed(in, &text, GED_BYTES, err) &&
           ged_open(out, in->path, text, &remarks, in->arena, err);
}

static bool open_firms(struct feed *out, struct input *in, struct err *err)
{
    struct span text;

    return read_packed(in, &text, FIRMS_BYTES, err) &&
           firms_open(out, in->path, text, &remarks, in->arena, err);
}

static bool open_daily(struct feed *out, struct input *in, struct err *err)
{
    struct span text;

    return read_packed(in, &text, DAILY_BYTES, err) &&
           daily_open(out, in->path, text, &remarks, in->arena, err);
}

static bool open_counts(struct feed *out, struct input *in, struct err *err)
{
    struct span text;

    return read_packed(in, &text, COUNTS_BYTES, err) &&
           counts_open(out, in->path, text, &remarks, in->arena, err);
}

static bool open_geojson(struct feed *out, struct input *in, struct err *err)
{
    struct span text, mapping;

    return cli_read_file(&mapping, in->by, MAPPING_BYTES, in->arena, err) &&
           read_packed(in, &text, GEOJSON_BYTES, err) &&
           geojson_open(out, in->path, text, in->by, mapping, &remarks, in->arena, err);
}

static bool open_adsb(struct feed *out, struct input *in, struct err *err)
{
    struct adsb_input input = {.file = in->path, .mapping_file = in->by};

    return cli_read_file(&input.mapping, in->by, MAPPING_BYTES, in->arena, err) &&
           adsb_area_path(&input.area_file, in->by, input.mapping, in->arena, err) &&
           cli_read_file(&input.area, input.area_file, ADSB_AREA_BYTES, in->arena, err) &&
           read_packed(in, &input.text, ADSB_BYTES, err) &&
           adsb_open(out, &input, &remarks, in->arena, err);
}

static bool open_news(struct feed *out, struct input *in, struct err *err)
{
    struct span text, mapping;

    return cli_read_file(&mapping, in->by, MAPPING_BYTES, in->arena, err) &&
           read_packed(in, &text, NEWS_BYTES, err) &&
           news_open(out, in->path, text, in->by, mapping, &remarks, in->arena, err);
}

static const struct {
    const char *word;
    bool (*open)(struct feed *out, struct input *in, struct err *err);
    bool by; /* must be told how it is to be read */
} feeds[] = {
    {"chronology", open_chronology, false},
    {"ged", open_ged, false},
    {"firms", open_firms, false},
    {"daily", open_daily, false},
    {"counts", open_counts, false},
    {"geojson", open_geojson, true},
    {"adsb", open_adsb, true},
    {"news", open_news, true},
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
static bool run_feed(struct cli *cli, size_t i, struct input *in, struct err *err)
{
    struct feed feed;

    if (!feeds[i].open(&feed, in, err))
        return err_wrap(err, "nothing imported");
    bool ok = import(cli, &feed, err);
    feed_close(&feed);
    return ok;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct input in = {.directory = cli->argument[0],
                       .path = cli->argument[2],
                       .by = cli_option(cli, "--by"),
                       .arena = &cli->arena};
    size_t i = 0;

    while (i < ARRAY_LEN(feeds) && strcmp(cli->argument[1], feeds[i].word) != 0)
        i++;
    if (i == ARRAY_LEN(feeds))
        return cli_usage(err,
                         "\"%s\" is no feed: chronology FOLDER; ged, firms, daily or counts "
                         "FILE.csv[.gz]; "
                         "geojson, adsb or news FILE.json[.gz] --by FILE.toml",
                         cli->argument[1]);
    if (!in.by != !feeds[i].by)
        return cli_usage(err,
                         in.by ? "%s is read in one way: leave out --by"
                               : "%s needs --by FILE.toml: how it is to be read",
                         feeds[i].word);
    bool ok = run_feed(cli, i, &in, err);
    spool_close(in.spool);
    return ok ? CLI_DONE : CLI_FAILED;
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
             "sources.csv), UCDP GED, hotspots of NASA FIRMS, a mission's daily table or counts "
             "(.csv or "
             ".csv.gz), GeoJSON, aircraft by ADS-B, news. Again is no harm: "
             "what is there stays, what has changed supersedes.",
    .run = run,
};
