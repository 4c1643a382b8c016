#include "cli/whose.h"

#include "api/views.h"

#define PATIENCE_S 20u

/* --- the agreement --- */

static bool find_agreement(struct whose *whose, struct cli *cli, const char *name, struct err *err)
{
    const char *given = cli_option(cli, name);

    if (!given && !whose->node)
        return err_set(err, ERR_USAGE, "of which agreement? Either --dir DIR or %s NAME", name);
    if (given && !note_name_valid(span_of(given)))
        return err_set(err, ERR_USAGE, "\"%s\" is no agreement's name", given);
    whose->agreement = given ? given : node_settings(whose->node)->agreement;
    return true;
}

/* --- the key --- */

/* The peer whose URL this is, else the directory's own node. */
static const char *name_in_settings(const struct whose *whose)
{
    const struct settings *settings = node_settings(whose->node);

    for (size_t i = 0; i < settings->peer_count; i++) {
        struct span url = span_of(settings->peer[i].url);

        if (span_ends_with(url, SPAN_LIT("/")))
            url.len--;
        if (span_is(url, whose->url))
            return settings->peer[i].name;
    }
    return settings->name;
}

static bool key_in_register(struct whose *whose, const char *name, struct arena *arena,
                            struct err *err)
{
    struct span row;
    struct json key;

    if (!store_get(node_reader(whose->node), "key", span_of(name), STORE_LATEST, &row, NULL, arena,
                   err))
        return false;
    if (!row.at)
        return err_set(err, ERR_MISSING, "the register knows no key %s", name);
    if (!json_parse_canonical(&key, row, arena, err))
        return err_wrap(err, "the key %s", name);
    if (!span_is(json_get_string(&key, "job", (struct span){0}), "node"))
        return err_set(err, ERR_REFUSED, "%s is no node's key", name);
    if (!span_is(json_get_string(&key, "state", (struct span){0}), "active"))
        return err_set(err, ERR_REFUSED, "the key %s was revoked", name);
    return note_key_parse(&whose->key, json_get_string(&key, "vkey", (struct span){0}), err);
}

static bool find_key(struct whose *whose, struct cli *cli, struct err *err)
{
    const char *given = cli_option(cli, "--node");

    if (given && strchr(given, '+'))
        return note_key_parse(&whose->key, span_of(given), err) || err_wrap(err, "--node");
    if (!whose->node)
        return err_set(err, ERR_USAGE,
                       "which node? Either --dir DIR, in whose register its key stands, or --node "
                       "with the whole of it");
    return key_in_register(whose, given ? given : name_in_settings(whose), &cli->arena, err);
}

/* --- all of it --- */

bool whose_open(struct whose *out, struct cli *cli, const char *name, struct err *err)
{
    struct journal_view view = views_journal();
    struct span url = span_of(cli->argument[0]);
    const char *directory = cli_option(cli, "--dir");

    while (span_ends_with(url, SPAN_LIT("/")))
        url.len--;
    *out = (struct whose){.url = arena_text(&cli->arena, url)};
    return (!directory || node_open(&out->node, directory, &view, NULL, err)) &&
           find_agreement(out, cli, name, err) && find_key(out, cli, err);
}

void whose_close(struct whose *whose)
{
    node_close(whose->node);
    whose->node = NULL;
}

bool whose_pin(struct pin *out, const struct whose *whose, struct err *err)
{
    struct pin_node node = {.agreement = span_of(whose->agreement), .key = &whose->key};

    return pin_fetch(out, whose->url, &node, clock_now_ms(clock_system()), PATIENCE_S, err);
}
