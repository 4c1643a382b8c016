#include "cli/cli.h"

#include "api/api.h"
#include "api/views.h"
#include "codec/hex.h"
#include "net/http_client.h"
#include "node/node.h"
#include "sync/http_transport.h"

/*
 * sulh compare: where the registers of two nodes part. D(n) (doc/format.md §10.3) is a chain: from
 * the first entry on that two nodes take differently all of it differs, so halving finds it. Both
 * are asked through the HTTP interface, the one that is a directory without a server. The other
 * may answer what it likes: what is found is a place at which its answers differ.
 */

#define ANSWER_BYTES (16u << 20)
#define PATIENCE_S 10u

struct side {
    const char *word; /* "here", "there" */
    struct node *node;
    struct api *api;
    const char *url; /* NULL: the node's own */
    struct http_client *client;
    struct http_access access; /* to it */

    uint64_t size; /* published and applied */
    struct span agreement_id;
};

struct point { /* after an entry */
    struct hash root, digest;
};

struct comparison {
    struct cli *cli;
    struct arena arena; /* of one question */
    struct side side[2];
    uint64_t common;       /* entries that both take in the same way, from the first on */
    bool agree;            /* as far as both have come */
    struct point last;     /* after the last common one */
    struct point point[2]; /* not agree: after the first that differs */
    struct json effects[2];
    struct hash computed[2]; /* the digest that the effects give */
};

/* --- asking --- */

static void ask_here(struct side *side, const char *path, struct span *out, int *out_status,
                     struct arena *arena)
{
    struct http_request request = {
        .method = "GET", .path = span_of(path), .local = true, .arena = arena};
    struct http_response answer = {.status = 200};

    api_handle(side->api, &request, &answer);
    *out = answer.body;
    *out_status = answer.status;
}

static bool ask_there(struct side *side, const char *path, struct span *out, int *out_status,
                      struct arena *arena, struct err *err)
{
    const char *authorization = side->access.authorization;
    const struct http_call call = {
        .client = side->client,
        .url = arena_printf(arena, "%s%s", side->url, path),
        .pin = strncmp(side->url, "https:", 6) == 0 ? &side->access.pin : NULL,
        .headers = {authorization[0] ? authorization : NULL},
        .method = "GET",
        .limit = ANSWER_BYTES,
        .timeout_s = PATIENCE_S,
    };
    struct http_reply reply;

    if (!http_do(&call, &reply, arena, err))
        return false;
    *out = reply.body;
    *out_status = reply.status;
    return true;
}

/* A peer is known by its key, and signed in to. Of anybody else nothing is believed, so any
 * certificate will do. */
static bool get_access(struct side *there, struct node *node, struct err *err)
{
    const struct settings *settings = node_settings(node);

    for (size_t i = 0; i < settings->peer_count; i++)
        if (strcmp(settings->peer[i].url, there->url) == 0)
            return node_access(node, there->url, &there->access, err);
    return http_any_certificate(NULL, there->url, &there->access, err);
}

/* An object, or why not. */
static bool ask(struct side *side, const char *path, struct json *out, struct arena *arena,
                struct err *err)
{
    struct span body;
    int status;
    bool ok = true;

    if (side->url)
        ok = ask_there(side, path, &body, &status, arena, err);
    else
        ask_here(side, path, &body, &status, arena);
    ok = ok && json_parse(out, body, arena, err);

    if (ok && status != 200)
        ok = err_set(err, ERR_MISSING, "%.*s",
                     SPAN_ARG(json_get_string(out, "error", SPAN_LIT("no answer"))));
    return ok || err_wrap(err, "%s: %s", side->word, path);
}

static bool get_hash(const struct side *side, const struct json *from, const char *name,
                     struct hash *out, struct err *err)
{
    return hex_parse(out->bytes, sizeof out->bytes,
                     json_get_string(from, name, (struct span){0})) ||
           err_set(err, ERR_MALFORMED, "%s: \"%s\" is no hash", side->word, name);
}

static bool ask_size(struct comparison *c, struct side *side, struct err *err)
{
    struct json status;

    if (!ask(side, "/api/status", &status, &c->cli->arena, err))
        return false;
    int64_t size = json_get_integer(&status, "size", 0);
    side->size = size > 0 ? (uint64_t)size : 0;
    side->agreement_id = json_get_string(&status, "agreement_id", (struct span){0});
    return true;
}

static bool ask_point(struct comparison *c, struct side *side, uint64_t index, struct point *out,
                      struct err *err)
{
    const char *path = arena_printf(&c->arena, "/api/entries/%" PRIu64 "/digest", index);
    struct json answer;

    return ask(side, path, &answer, &c->arena, err) &&
           get_hash(side, &answer, "root", &out->root, err) &&
           get_hash(side, &answer, "digest", &out->digest, err);
}

static bool ask_effects(struct comparison *c, size_t n, struct err *err)
{
    const char *path = arena_printf(&c->arena, "/api/entries/%" PRIu64 "/effects", c->common);
    struct side *side = &c->side[n];
    struct json answer;

    if (!ask(side, path, &answer, &c->cli->arena, err) ||
        !get_hash(side, &answer, "digest", &c->computed[n], err))
        return false;
    const struct json *effects = json_get(&answer, "effects");
    if (!effects || effects->type != JSON_ARRAY)
        return err_set(err, ERR_MALFORMED, "%s: \"effects\" is no list", side->word);
    c->effects[n] = *effects;
    return true;
}

/* --- comparing --- */

static bool is_same_at(struct comparison *c, uint64_t index, bool *out, struct err *err)
{
    struct point point[2];

    arena_reset(&c->arena);
    for (size_t n = 0; n < 2; n++)
        if (!ask_point(c, &c->side[n], index, &point[n], err))
            return false;
    *out = hash_equal(point[0].root, point[1].root) && hash_equal(point[0].digest, point[1].digest);
    if (*out)
        c->last = point[0];
    else
        memcpy(c->point, point, sizeof point);
    return true;
}

/* They are the same before `same`, and not after entry `other`. */
static bool halve(struct comparison *c, uint64_t same, uint64_t other, struct err *err)
{
    bool is_same;

    while (same < other) {
        uint64_t middle = same + (other - same) / 2;

        if (!is_same_at(c, middle, &is_same, err))
            return false;
        if (is_same)
            same = middle + 1;
        else
            other = middle;
    }
    c->common = other;
    return ask_effects(c, 0, err) && ask_effects(c, 1, err);
}

static bool compare(struct comparison *c, struct err *err)
{
    const struct side *here = &c->side[0], *there = &c->side[1];

    if (!ask_size(c, &c->side[0], err) || !ask_size(c, &c->side[1], err))
        return false;
    c->common = here->size < there->size ? here->size : there->size;
    c->agree = true;
    if (c->common == 0)
        return true;
    if (!span_equal(here->agreement_id, there->agreement_id))
        return err_set(err, ERR_CONFLICT, "%s is another agreement's", there->url);
    return is_same_at(c, c->common - 1, &c->agree, err) &&
           (c->agree || halve(c, 0, c->common - 1, err));
}

/* --- printing --- */

static bool other_entry(const struct comparison *c)
{
    return !hash_equal(c->point[0].root, c->point[1].root);
}

/* What stands in the store is not what the rules give here and now. */
static bool is_bent(const struct comparison *c, size_t n)
{
    return !hash_equal(c->point[n].digest, c->computed[n]);
}

static struct json side_as_json(const struct comparison *c, size_t n)
{
    struct arena *arena = &c->cli->arena;
    struct json out = json_object();

    json_set_integer(&out, "size", (int64_t)c->side[n].size, arena);
    if (!c->agree) {
        json_set(&out, "digest", cli_hash(c->point[n].digest, arena), arena);
        json_set(&out, "computed", cli_hash(c->computed[n], arena), arena);
        json_set(&out, "effects", c->effects[n], arena);
    }
    return out;
}

static struct json as_json(const struct comparison *c)
{
    struct arena *arena = &c->cli->arena;
    struct json out = json_object();

    json_set_integer(&out, "agree", c->agree, arena);
    json_set_integer(&out, "common", (int64_t)c->common, arena);
    if (c->common > 0)
        json_set(&out, "digest", cli_hash(c->last.digest, arena), arena);
    if (!c->agree) {
        json_set_integer(&out, "entry", (int64_t)c->common, arena);
        json_set_integer(&out, "another_entry", other_entry(c), arena);
    }
    for (size_t n = 0; n < 2; n++)
        json_set(&out, c->side[n].word, side_as_json(c, n), arena);
    return out;
}

static void print_hash(const char *what, struct hash hash)
{
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    printf("%-12s %s\n", what, text);
}

static void print_effect(const char *who, const struct json *effect, struct arena *arena)
{
    printf("  %-10s ", who);
    cli_put_text(stdout, json_bytes(effect, arena), 0);
    putchar('\n');
}

static bool has_effect(const struct json *list, const struct json *effect, struct arena *arena)
{
    struct span bytes = json_bytes(effect, arena);

    for (size_t i = 0; i < list->array.count; i++)
        if (span_equal(json_bytes(&list->array.at[i], arena), bytes))
            return true;
    return false;
}

/* What one of them writes alone is said to be its own. */
static void print_effects(const struct comparison *c)
{
    struct arena *arena = &c->cli->arena;
    const struct json *here = &c->effects[0], *there = &c->effects[1];

    for (size_t i = 0; i < here->array.count; i++)
        print_effect(has_effect(there, &here->array.at[i], arena) ? "both" : c->side[0].word,
                     &here->array.at[i], arena);
    for (size_t i = 0; i < there->array.count; i++)
        if (!has_effect(here, &there->array.at[i], arena))
            print_effect(c->side[1].word, &there->array.at[i], arena);
}

static void print_difference(const struct comparison *c)
{
    printf("%-12s entry %" PRIu64 "%s\n", "they part at", c->common,
           other_entry(c) ? ": it is another entry, of another log" : "");
    for (size_t n = 0; n < 2; n++)
        print_hash(c->side[n].word, c->point[n].digest);
    puts("effects");
    print_effects(c);
    for (size_t n = 0; n < 2; n++)
        if (is_bent(c, n))
            printf("%s: the digest that is stored is not what these effects give: sulh replay "
                   "makes the store anew\n",
                   c->side[n].word);
}

static void print_plain(const struct comparison *c)
{
    for (size_t n = 0; n < 2; n++)
        printf("%-12s %" PRIu64 " entries\n", c->side[n].word, c->side[n].size);
    printf("%-12s %" PRIu64 " entries\n", "common", c->common);
    if (c->common > 0)
        print_hash("digest", c->last.digest);
    if (c->agree)
        puts("they agree");
    else
        print_difference(c);
}

/* --- the command --- */

static enum cli_exit print(const struct comparison *c)
{
    if (cli_option(c->cli, "--json")) {
        struct json value = as_json(c);
        cli_print_json(&value, &c->cli->arena);
    } else {
        print_plain(c);
    }
    return c->agree ? CLI_DONE : CLI_FAILED;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct comparison c = {.cli = cli,
                           .side = {{.word = "here"}, {.word = "there", .url = cli->argument[1]}}};
    struct journal_view view = views_journal();
    struct side *here = &c.side[0];
    enum cli_exit exit = CLI_FAILED;

    if (!node_open(&here->node, cli->argument[0], &view, NULL, err))
        return CLI_FAILED;
    here->api = api_open(here->node);
    c.side[1].client = http_client_open();
    if (get_access(&c.side[1], here->node, err) && compare(&c, err))
        exit = print(&c);
    http_client_close(c.side[1].client);
    api_close(here->api);
    node_close(here->node);
    arena_free(&c.arena);
    return exit;
}

const struct cli_command command_compare = {
    .name = "compare",
    .arguments = "DIR URL",
    .least = 2,
    .most = 2,
    .option = {{"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Finds the first entry from which on the register computed in DIR and that of the "
             "node at URL differ, and shows what it did at each. Exit status 1 when they do.",
    .run = run,
};
