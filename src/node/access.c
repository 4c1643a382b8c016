#include "node/inside.h"

#include "base/limits.h"
#include "net/pin.h"
#include "net/sign_in.h"

#include <stdio.h>

/*
 * What a peer is to be spoken to with: its certificate, pinned by its node key, and a session of
 * ours, for what participants read and because strangers may hand in only so much. Keys are those
 * of the register; before there is one, of entry 0, which sulh join has left in DIR/entry-0.
 */

#define TIMEOUT_S 10u

static bool register_row(struct store_reader *reader, const char *table, const char *key,
                         struct json *out, struct arena *arena, struct err *err)
{
    struct span row;

    *out = json_object();
    return store_get(reader, table, span_of(key), STORE_LATEST, &row, NULL, arena, err) &&
           (!row.at || json_parse_canonical(out, row, arena, err));
}

/* As the register has it, revoked or not: a revoked node answers nobody who asks by name. */
static bool key_in_register(struct store_reader *reader, const char *name, struct note_key *out,
                            bool *out_found, struct arena *arena, struct err *err)
{
    struct json row;

    if (!register_row(reader, "key", name, &row, arena, err))
        return false;
    *out_found = span_is(json_get_string(&row, "state", (struct span){0}), "active");
    return !*out_found || note_key_parse(out, json_get_string(&row, "vkey", (struct span){0}), err);
}

static bool key_in_entry_0(struct disk *disk, const char *name, struct note_key *out,
                           bool *out_found, struct arena *arena, struct err *err)
{
    struct record record;
    struct span entry;

    *out_found = false;
    if (!disk_read(disk, ENTRY_0_FILE, LIMIT_ENTRY_BYTES, &entry, arena, err))
        return err->kind == ERR_MISSING;
    if (!record_parse(&record, entry, arena, err))
        return err_wrap(err, ENTRY_0_FILE);
    const struct json *nodes = json_get(record.body, "nodes");
    for (size_t i = 0; nodes && i < nodes->array.count && !*out_found; i++)
        *out_found = note_key_parse(
                         out, json_get_string(&nodes->array.at[i], "key", (struct span){0}), err) &&
                     strcmp(out->name, name) == 0;
    return true;
}

static bool find_key(struct node *node, struct store_reader *reader, const char *name,
                     struct note_key *out, struct arena *arena, struct err *err)
{
    bool found;

    if (!key_in_register(reader, name, out, &found, arena, err) ||
        (!found && !key_in_entry_0(node->world.disk, name, out, &found, arena, err)))
        return false;
    return found || err_set(err, ERR_REFUSED, "no active node key %s is known here", name);
}

static const char *peer_at(const struct node *node, const char *url)
{
    for (size_t i = 0; i < node->settings.peer_count; i++)
        if (strcmp(node->settings.peer[i].url, url) == 0)
            return node->settings.peer[i].name;
    return NULL;
}

/* Beside a process that serves, the key is not in hand and is read for this. */
static bool own_key(const struct node *node, struct note_signer *out, struct err *err)
{
    if (!node->journal)
        return node_key(node, node->settings.name, out, err);
    *out = node->own;
    return true;
}

/* A peer that does not know our key yet, or is not to, still serves what is everybody's. */
static void sign_in_there(struct node *node, const char *url, const struct note_key *key,
                          struct http_access *out)
{
    struct err refused = {0};
    struct note_signer own;
    char token[65];

    if (!own_key(node, &own, &refused))
        return;
    const struct sign_in how = {
        .url = url,
        .pin = strncmp(url, "https:", 6) == 0 ? &out->pin : NULL,
        .agreement = span_of(node->settings.agreement),
        .node = key->name,
        .signer = &own,
        .now_ms = clock_now_ms(node->world.clock),
        .timeout_s = TIMEOUT_S,
    };

    if (sign_in(&how, token, &refused))
        snprintf(out->authorization, sizeof out->authorization, "Authorization: Bearer %s", token);
    sign_secret_wipe(&own.secret);
}

static bool get_access(struct node *node, struct store_reader *reader, const char *url,
                       struct http_access *out, struct arena *arena, struct err *err)
{
    const char *name = peer_at(node, url);
    bool secure = strncmp(url, "https:", 6) == 0;
    struct err unknown = {0};
    struct note_key key;
    struct pin pin;

    if (!name) /* a witness that holds no log, spoken to in the open */
        return !secure ||
               err_set(err, ERR_REFUSED, "%s: no key says which certificate it has", url);
    if (!find_key(node, reader, name, &key, arena, secure ? err : &unknown))
        return !secure;
    const struct pin_node of = {span_of(node->settings.agreement), &key};
    if (secure && !pin_fetch(&pin, url, &of, clock_now_ms(node->world.clock), TIMEOUT_S, err))
        return false;
    if (secure)
        out->pin = pin.certificate;
    sign_in_there(node, url, &key, out);
    return true;
}

bool node_access(void *context, const char *url, struct http_access *out, struct err *err)
{
    struct node *node = context;
    struct store_reader *reader;
    struct arena arena = {0};

    *out = (struct http_access){0};
    if (!store_reader_open(node->world.store, &reader, err))
        return false;
    bool ok = get_access(node, reader, url, out, &arena, err);
    store_reader_close(reader);
    arena_free(&arena);
    return ok;
}
