#include "cli/cli.h"

#include "api/each_row.h"
#include "api/views.h"
#include "codec/hex.h"
#include "node/node.h"

/* The counts that the view keeps, "kind:NAME" among them. */
static bool add_counts(struct json *out, struct node *node, struct arena *arena, struct err *err)
{
    const struct span kind = SPAN_LIT("kind:");
    struct json records = json_object();
    struct store_count *count;
    size_t n;

    if (!store_counts(node_reader(node), &count, &n, arena, err))
        return false;
    json_set_integer(out, "incidents", 0, arena);
    for (size_t i = 0; i < n; i++) {
        struct span name = count[i].name;
        bool of_kind = span_starts_with(name, kind);

        if (of_kind)
            name = span_from(name, kind.len);
        json_set_integer(of_kind ? &records : out, arena_text(arena, name), count[i].value, arena);
    }
    json_set(out, "records", records, arena);
    return true;
}

/* --- parts that records name and that are not here --- */

#define COPIES 256u /* asked for at once */

struct owed {
    struct node *node;
    int64_t count, entry; /* the first entry that names one */
    struct span org;      /* whose that record is */
    struct arena *arena;
    struct arena scratch;
};

/* Of records that took effect; what was ordered to be erased nobody owes any more. */
static bool see_owed(struct owed *owed, struct span commitment, int64_t entry, struct err *err)
{
    const struct json *part;

    if (!one_row(node_reader(owed->node), "part", commitment, STORE_LATEST, &part, &owed->scratch,
                 err))
        return false;
    if (!part || !span_is(json_get_text(part, "state"), "held"))
        return true;
    if (owed->count++ == 0 || entry < owed->entry) {
        owed->entry = entry;
        owed->org = arena_copy(owed->arena, json_get_text(part, "org"));
    }
    return true;
}

static bool see_copy(struct owed *owed, const struct store_row *copy, struct err *err)
{
    struct parts *parts = node_parts(owed->node);
    struct span commitment, rest = copy->key;
    struct hash stored;
    struct json row;

    if (!span_cut(&rest, ' ', &commitment) || !hex_parse(stored.bytes, sizeof stored.bytes, rest) ||
        parts_have(parts, &stored) || parts_erased(parts, &stored))
        return true;
    return json_parse(&row, copy->row, &owed->scratch, err) &&
           see_owed(owed, commitment, json_get_integer(&row, "index", 0), err);
}

/* Page by page: there may be millions. */
static bool see_copies(struct owed *owed, struct err *err)
{
    char after[2 * (2 * HASH_BYTES + 1)] = "";
    struct store_row *copy;
    size_t count = COPIES;
    bool ok = true;

    while (ok && count == COPIES) {
        arena_reset(&owed->scratch);
        ok = store_scan(node_reader(owed->node), "view_copy", (struct span){0}, span_of(after),
                        STORE_LATEST, COPIES, &copy, &count, &owed->scratch, err);
        for (size_t i = 0; ok && i < count; i++)
            ok = see_copy(owed, &copy[i], err);
        if (ok && count > 0)
            snprintf(after, sizeof after, "%.*s", SPAN_ARG(copy[count - 1].key));
    }
    return ok;
}

static bool add_owed(struct json *out, struct node *node, struct arena *arena, struct err *err)
{
    struct owed owed = {.node = node, .arena = arena};
    struct json member = json_object();
    bool ok = see_copies(&owed, err);

    arena_free(&owed.scratch);
    json_set_integer(&member, "parts", owed.count, arena);
    if (owed.count > 0) {
        json_set_integer(&member, "entry", owed.entry, arena);
        json_set_string(&member, "org", owed.org, arena);
    }
    json_set(out, "owed", member, arena);
    return ok;
}

static bool status(struct cli *cli, struct node *node, struct json *out, struct err *err)
{
    struct arena *arena = &cli->arena;
    struct checkpoint checkpoint;
    struct span note;
    uint64_t applied;
    struct hash digest = {{0}};

    if (!node_checkpoint(node, &checkpoint, &note, arena, err) ||
        !store_applied(node_reader(node), &applied, err) ||
        (applied && !store_digest(node_reader(node), applied - 1, &digest, err)))
        return false;
    *out = json_object();
    json_set(out, "agreement", json_text(node_settings(node)->agreement), arena);
    json_set_integer(out, "demo", node_is_demo(node), arena);
    json_set(out, "origin", json_text(log_keys_last(node_log_keys(node))->name), arena);
    json_set_integer(out, "size", (int64_t)checkpoint.size, arena);
    json_set(out, "root", cli_hash(checkpoint.root, arena), arena);
    json_set_integer(out, "applied", (int64_t)applied, arena);
    json_set(out, "digest", cli_hash(digest, arena), arena);
    return add_owed(out, node, arena, err) && add_counts(out, node, arena, err);
}

static void print_plain(const struct json *value, int indent)
{
    for (size_t i = 0; i < value->object.count; i++) {
        const struct json_member *member = &value->object.at[i];

        printf("%*s%-*.*s ", indent, "", 20 - indent, SPAN_ARG(member->key));
        if (member->value.type == JSON_INTEGER)
            printf("%" PRId64 "\n", member->value.integer);
        else if (member->value.type == JSON_STRING)
            printf("%.*s\n", SPAN_ARG(member->value.string));
        else {
            putchar('\n');
            print_plain(&member->value, indent + 2);
        }
    }
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct node *node = NULL;
    struct json out;
    bool ok = node_open(&node, cli->argument[0], &view, NULL, err) && status(cli, node, &out, err);

    if (ok && cli_option(cli, "--json"))
        cli_print_json(&out, &cli->arena);
    else if (ok)
        print_plain(&out, 0);
    node_close(node);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_status = {
    .name = "status",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "How large the log is, its root, the register's digest, what it holds, and how many "
             "parts are owed: named by records and not here, the first in which entry, of whom.",
    .run = run,
};
