#include "cli/cli.h"

#include "api/views.h"
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
    return add_counts(out, node, arena, err);
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
    .about = "How large the log is, its root, the register's digest, and what it holds.",
    .run = run,
};
