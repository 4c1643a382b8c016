#include "api/gateway.h"

#include "codec/json.h"
#include "journal/in_force.h"
#include "sync/outbox.h"

#include <stdio.h>
#include <stdlib.h>

#define AGAIN_MS 60000
#define PAGE 1000u

struct gateway {
    struct node *node;
    struct author *author; /* NULL: not opened */
};

struct gateway *gateway_open(struct node *node)
{
    struct gateway *gateway = calloc(1, sizeof *gateway);

    if (!gateway)
        abort();
    gateway->node = node;
    return gateway;
}

void gateway_rest(struct gateway *gateway)
{
    author_close(gateway->author);
    gateway->author = NULL;
}

void gateway_close(struct gateway *gateway)
{
    if (!gateway)
        return;
    gateway_rest(gateway);
    free(gateway);
}

bool gateway_is_set(const struct node *node)
{
    return node_settings(node)->gateway[0] != '\0';
}

static bool read_row(struct span bytes, struct json *out, struct arena *arena, struct err *err)
{
    *out = json_object();
    return !bytes.at || json_parse_canonical(out, bytes, arena, err);
}

/* The role of the key, as of now. */
static bool find_role(struct gateway *gateway, const char *name, struct json *out,
                      struct arena *arena, struct err *err)
{
    struct store_reader *reader = node_reader(gateway->node);
    struct span bytes;
    struct json key;

    if (!store_get(reader, "key", span_of(name), STORE_LATEST, &bytes, NULL, arena, err) ||
        !read_row(bytes, &key, arena, err))
        return false;
    if (!span_is(json_get_text(&key, "state"), "active"))
        return err_set(err, ERR_REFUSED, "the key %s is not admitted, or was revoked", name);
    const char *item = arena_printf(arena, "role/%.*s", SPAN_ARG(json_get_text(&key, "role")));
    return in_force_term(reader, item, STORE_LATEST, &bytes, arena, err) &&
           read_row(bytes, out, arena, err);
}

/* Whether the register lets this key sign for others. */
static bool check_role(struct gateway *gateway, const char *name, struct arena *arena,
                       struct err *err)
{
    struct json role;

    if (!find_role(gateway, name, &role, arena, err))
        return false;
    return json_get_integer(&role, "gateway", 0) == 1 ||
           err_set(err, ERR_REFUSED, "the key %s has no role that signs for others", name);
}

bool gateway_may(struct gateway *gateway, const char *capability, const char *move, bool *out,
                 struct err *err)
{
    struct arena arena = {0};
    struct span bytes;
    struct json role;
    const char *item = arena_printf(&arena, "move/%s", move);
    bool ok = find_role(gateway, node_settings(gateway->node)->gateway, &role, &arena, err) &&
              in_force_term(node_reader(gateway->node), item, STORE_LATEST, &bytes, &arena, err);

    *out = ok && bytes.at && json_lists(json_get(&role, "may"), span_of(capability));
    arena_free(&arena);
    return ok;
}

/* The key's chain goes on where the store has it: so what was signed is to be there before anybody
 * opens the key, here or for messages. A node that follows looks into its outbox besides. */
static bool publish(struct gateway *gateway, struct err *err)
{
    struct journal *journal = node_journal(gateway->node);

    return journal_follows(journal) || journal_publish(journal, err);
}

bool gateway_author(struct gateway *gateway, struct author **out, struct err *err)
{
    struct arena arena = {0};
    const char *name = node_settings(gateway->node)->gateway;

    if (!name[0])
        return err_set(err, ERR_MISSING, "sulh.toml has no [forms] gateway");
    bool ok = check_role(gateway, name, &arena, err);
    arena_free(&arena);
    if (ok && !gateway->author)
        ok = publish(gateway, err) && author_open(&gateway->author, gateway->node, name, err);
    if (ok)
        *out = gateway->author;
    return ok || err_wrap(err, "gateway");
}

static bool is_waiting(struct gateway *gateway, const char *id)
{
    struct outbox *outbox = node_outbox(gateway->node);
    const struct outbox_item *item;
    struct arena arena = {0};
    size_t count = outbox ? PAGE : 0;
    uint64_t after = 0;
    bool found = false;

    while (!found && count == PAGE) {
        outbox_list(outbox, after, PAGE, &item, &count, &arena);
        for (size_t i = 0; i < count; i++)
            found = found || strcmp(item[i].id, id) == 0;
        after = count ? item[count - 1].number : 0;
    }
    arena_free(&arena);
    return found;
}

bool gateway_has(struct gateway *gateway, const char *id, bool *out, struct err *err)
{
    struct arena arena = {0};
    struct span row = {0};
    bool ok = store_reader_refresh(node_reader(gateway->node), err) &&
              store_get(node_reader(gateway->node), "record", span_of(id), STORE_LATEST, &row, NULL,
                        &arena, err);

    *out = ok && (row.at || is_waiting(gateway, id));
    arena_free(&arena);
    return ok;
}

/* A node that follows the log answers "later" to what it has put into its outbox. */
static void tell(struct gateway *gateway, const struct answer *answer, const char *id,
                 struct gateway_fate *out)
{
    *out = (struct gateway_fate){.later_ms = AGAIN_MS};
    out->safe = answer->kind == ANSWER_LOGGED || answer->kind == ANSWER_REPEATED ||
                (answer->kind == ANSWER_LATER && is_waiting(gateway, id));
    if (answer->kind == ANSWER_LATER && answer->later_ms > 0)
        out->later_ms = answer->later_ms;
    if (!out->safe)
        snprintf(out->why, sizeof out->why, "%s: %s",
                 answer->kind == ANSWER_LATER ? "later" : "refused",
                 answer->why.text[0] ? answer->why.text
                 : answer->reason    ? answer->reason
                                     : "");
}

static void put_off(struct gateway_fate *out, const char *why)
{
    *out = (struct gateway_fate){.later_ms = AGAIN_MS};
    snprintf(out->why, sizeof out->why, "%.180s", why);
}

bool gateway_hand_in(struct gateway *gateway, const struct submission *submission,
                     const char (*id)[65], size_t count, struct gateway_fate *fate,
                     struct arena *arena, struct err *err)
{
    struct answer *answers = ARENA_ARRAY(arena, struct answer, count);

    if (!node_submit(gateway->node, submission, count, answers, arena, err)) {
        for (size_t i = 0; i < count; i++)
            put_off(&fate[i], err->text);
        gateway_rest(gateway);
        return err->kind != ERR_IO; /* a node out of touch with its peers takes nothing just now */
    }
    for (size_t i = 0; i < count; i++)
        tell(gateway, &answers[i], id[i], &fate[i]);
    gateway_rest(gateway);
    return publish(gateway, err);
}
