#include "cli/cli.h"

#include "api/views.h"
#include "cli/logged.h"
#include "crypto/sign.h"
#include "node/identity.h"
#include "node/readers.h"
#include "sys/disk.h"

#include <errno.h>
#include <sys/stat.h>

/* sulh open: a record's parts for who may read them. */

struct opening {
    struct cli *cli;
    struct node *node;
    struct disk *out; /* where media go; NULL: nowhere */
    struct age_identity as[CLI_MOST_VALUES];
    size_t count;
    size_t lacking; /* parts that are missing or damaged */
};

/* --- with what --- */

static bool read_identities(struct opening *o, struct err *err)
{
    const char *given;
    bool ok = true;

    for (size_t i = 0; ok && (given = cli_option_at(o->cli, "--as", i)); i++)
        ok = identity_read(&o->as[o->count++], o->cli->argument[0], given, err);
    for (size_t i = 0; ok && (given = cli_option_at(o->cli, "--identity", i)); i++)
        ok = identity_read_file(&o->as[o->count++], given, err);
    return ok;
}

/* What is opened is for nobody else on this machine. */
static bool open_out(struct opening *o, struct err *err)
{
    const char *path = cli_option(o->cli, "--out");

    if (!path)
        return true;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return err_errno(err, "make %s", path);
    return disk_open(&o->out, path, false, err);
}

/* --- its parts --- */

static bool put_medium(struct opening *o, struct json *out, const struct reading *reading,
                       struct err *err)
{
    struct arena *arena = &o->cli->arena;
    const char *name = arena_text(arena, reading->part.commitment);

    json_set_integer(out, "bytes", (int64_t)reading->bytes.len, arena);
    if (!o->out)
        return true;
    const char *path = arena_printf(arena, "%s/%s", cli_option(o->cli, "--out"), name);
    json_set(out, "file", json_text(path), arena);
    return disk_replace(o->out, name, reading->bytes, true, err);
}

/* Nobody could check what is sealed before it was logged: it may be anything. */
static bool take_fields(const struct record *record, struct reading *reading, struct json *out,
                        struct arena *arena)
{
    const struct kind *kind = kind_find(record->kind, record->version);
    struct err unfit = {0};

    if (kind && !kind_check_part(kind, reading->part.tier, reading->bytes, arena, &unfit))
        return false;
    return json_parse_canonical(out, reading->bytes, arena, &unfit);
}

static bool put_content(struct opening *o, const struct record *record, struct json *out,
                        struct reading *reading, struct err *err)
{
    struct json fields;

    if (reading->part.media.len)
        return put_medium(o, out, reading, err);
    if (take_fields(record, reading, &fields, &o->cli->arena))
        json_set(out, "fields", fields, &o->cli->arena);
    else
        reading->state = READING_DAMAGED;
    return true;
}

/* What was sealed to two is for each of them once both have opened it. */
static bool follow_opening(struct opening *o, const struct part *part, struct json *out,
                           struct reading *reading, struct err *err)
{
    struct arena *arena = &o->cli->arena;
    struct part passed;
    struct json row;
    bool begun;

    if (part->tier != TIER_SEALED || reading->state != READING_CLOSED)
        return true;
    if (!logged_row(&row, &begun, o->node, "opening", part->commitment, arena, err))
        return false;
    if (begun)
        json_set_string(out, "opening", json_get_text(&row, "state"), arena);
    if (!span_is(json_get_text(&row, "state"), "open"))
        return true;
    return logged_passed(&passed, o->node, json_get_text(&row, "inner"), part->commitment, arena,
                         err) &&
           reading_part(node_parts(o->node), &passed, o->as, o->count, reading, arena, err);
}

static bool put_part(struct opening *o, const struct record *record, const struct part *part,
                     struct json *list, struct err *err)
{
    static const char *const states[] = {[READING_OPEN] = "open",
                                         [READING_CLOSED] = "not for this key",
                                         [READING_MISSING] = "missing",
                                         [READING_DAMAGED] = "damaged",
                                         [READING_ERASED] = "erased, as was ordered"};
    struct arena *arena = &o->cli->arena;
    struct json out = json_object();
    struct reading reading;

    if (!reading_part(node_parts(o->node), part, o->as, o->count, &reading, arena, err) ||
        !follow_opening(o, part, &out, &reading, err))
        return false;
    reading.part = *part;
    if (reading.state == READING_OPEN && !put_content(o, record, &out, &reading, err))
        return false;
    json_set_string(&out, "commitment", part->commitment, arena);
    json_set_string(&out, "tier", span_of(tier_word(part->tier)), arena);
    json_set(&out, "recipients", *part->recipients, arena);
    json_set(&out, "state", json_text(states[reading.state]), arena);
    if (part->media.len)
        json_set_string(&out, "media", part->media, arena);
    json_push(list, out, arena);
    o->lacking += reading.state == READING_MISSING || reading.state == READING_DAMAGED;
    return true;
}

static bool put_parts(struct opening *o, const struct record *record, struct json *out,
                      struct err *err)
{
    struct json list = json_array();
    struct part part;
    bool ok = parts_check(record->body, err);

    for (size_t i = 0; ok && part_at(record->body, i, &part); i++)
        ok = put_part(o, record, &part, &list, err);
    json_set(out, "parts", list, &o->cli->arena);
    return ok;
}

static bool open_record(struct opening *o, struct err *err)
{
    struct arena *arena = &o->cli->arena;
    struct json out = json_object();
    struct record record;
    uint64_t index = 0;

    if (!logged_record(&record, &index, o->node, span_of(o->cli->argument[1]), arena, err) ||
        !put_parts(o, &record, &out, err))
        return false;
    json_set_string(&out, "by", record.by, arena);
    json_set_string(&out, "id", span_of(record.id_text), arena);
    json_set_integer(&out, "index", (int64_t)index, arena);
    json_set_string(&out, "kind", record.kind, arena);
    cli_print_json(&out, arena);
    return o->lacking == 0 || err_set(err, ERR_MISSING, "%zu part%s missing or damaged", o->lacking,
                                      o->lacking > 1 ? "s are" : " is");
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct opening *o = ARENA_NEW(&cli->arena, struct opening);
    struct journal_view view = views_journal();

    o->cli = cli;
    if (!cli_option(cli, "--as") && !cli_option(cli, "--identity"))
        return cli_usage(err,
                         "who reads? --as KEYNAME, whose KEYNAME.age is in %s/keys, or "
                         "--identity FILE.age",
                         cli->argument[0]);
    bool ok = read_identities(o, err) && open_out(o, err) &&
              node_open(&o->node, cli->argument[0], &view, NULL, err) && open_record(o, err);
    node_close(o->node);
    disk_close(o->out);
    sign_wipe(o->as, sizeof o->as);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_open = {
    .name = "open",
    .arguments = "DIR RECORD",
    .least = 2,
    .most = 2,
    .option = {{"--as", "KEYNAME", "who reads: the identity beside this key of DIR/keys", CLI_MANY},
               {"--identity", "FILE.age", "an identity from elsewhere; it is not kept", CLI_MANY},
               {"--out", "FOLDER", "where its photographs and files go, named by commitment",
                CLI_MAYBE}},
    .about =
        "Opens the parts of a record that this key can read, prints the fields that stand in "
        "each and its tier, and says of every other whether it is for other keys, missing or "
        "damaged. A sealed part needs the identities of both its readers, or that both opened it "
        "(sulh unseal).",
    .run = run,
};
