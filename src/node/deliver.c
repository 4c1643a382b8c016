#include "node/inside.h"

#include "journal/rows.h"
#include "node/author.h"
#include "node/unlogged.h"

#include <stdlib.h>

/* Says by the node's own key that a message has come to its organisation. */

#define SAID_BYTES ((size_t)1 << 20)
#define OWED 4096u /* messages that are looked at for whether they are to be confirmed */

struct deliver {
    pthread_mutex_t lock; /* of what is owed */
    char (*owed)[65];     /* messages that may be for this node's organisation */
    size_t owed_count;
    struct rows *said; /* messages that were confirmed since the start */
    uint64_t looked;   /* entries of the log that were looked at for such */
    bool begun;
};

struct deliver *deliver_open(void)
{
    struct deliver *deliver = calloc(1, sizeof *deliver);

    if (!deliver || pthread_mutex_init(&deliver->lock, NULL) ||
        !(deliver->owed = calloc(OWED, sizeof deliver->owed[0])))
        abort();
    deliver->said = rows_open(SAID_BYTES);
    return deliver;
}

void deliver_close(struct deliver *deliver)
{
    if (!deliver)
        return;
    pthread_mutex_destroy(&deliver->lock);
    rows_close(deliver->said);
    free(deliver->owed);
    free(deliver);
}

/* --- what is to be confirmed ---------------------------------------------- */

static void owe(struct deliver *deliver, struct span message)
{
    pthread_mutex_lock(&deliver->lock);
    if (message.len == 64 && deliver->owed_count < OWED) {
        memcpy(deliver->owed[deliver->owed_count], message.at, 64);
        deliver->owed[deliver->owed_count++][64] = '\0';
    }
    pthread_mutex_unlock(&deliver->lock);
}

void deliver_owe(struct deliver *deliver, const struct record *record)
{
    if (span_is(record->kind, "hotline.send"))
        owe(deliver, span_of(record->id_text));
    else if (span_is(record->kind, "hotline.relay"))
        owe(deliver, json_get_text(record->body, "message"));
}

/* --- confirming ---------------------------------------------------------- */

/* Whether this organisation has the message now, and has not said so; the node's own key is the
 * one that says it. */
static bool is_owed(struct node *node, const char *id, struct span org, bool *out,
                    struct arena *arena, struct err *err)
{
    struct unlogged *unlogged = node_unlogged(node);
    const struct json *message = NULL, *step = NULL;
    struct span said;

    *out = false;
    if (!rows_get(node->deliver->said, "message", span_of(id), &said, arena, err))
        return false;
    if (said.at)
        return true;
    bool ok = unlogged_begin(unlogged, err);
    if (ok) {
        struct register_lookup lookup = unlogged_lookup(unlogged);

        ok = lookup.get(lookup.context, "message", span_of(id), &message, arena, err) &&
             lookup.get(lookup.context, "message_step",
                        span_of(arena_printf(arena, "%s %.*s", id, SPAN_ARG(org))), &step, arena,
                        err);
    }
    unlogged_end(unlogged);
    if (!ok || !message || step)
        return ok;
    struct span state = json_get_text(message, "state");
    bool has_come =
        !json_get(message, "via") || span_is(state, "passed") || span_is(state, "answered");
    *out = span_equal(json_get_text(message, "via"), org) ||
           (span_equal(json_get_text(message, "to"), org) && has_come);
    return true;
}

/* False in *out_said where it was not taken: then a number of the key's chain was not used, and
 * nothing may follow it. */
static bool confirm(struct node *node, struct author *author, const char *id, bool *out_said,
                    struct arena *arena, struct err *err)
{
    struct json body = json_object();
    struct submission submission;
    struct answer answer;
    char own[65];

    json_set_string(&body, "message", span_of(id), arena);
    if (!author_sign(author, "hotline.deliver", &body, &submission, own, arena, err) ||
        !node_hotline(node, NULL, &submission, 1, &answer, arena, err))
        return false;
    *out_said = answer.kind == ANSWER_LATER && answer.why.kind == ERR_NONE;
    return !*out_said || rows_set(node->deliver->said, "message", span_of(id), SPAN_LIT("1"), err);
}

static bool next_owed(struct deliver *deliver, char out[65])
{
    pthread_mutex_lock(&deliver->lock);
    bool any = deliver->owed_count > 0;
    if (any) {
        memcpy(out, deliver->owed[0], 65);
        memmove(deliver->owed[0], deliver->owed[1], --deliver->owed_count * 65);
    }
    pthread_mutex_unlock(&deliver->lock);
    return any;
}

/* Another thread or process may sign with the node's key just now: then the next turn does it. */
static bool open_author(struct node *node, struct author **author, const char *id, struct err *err)
{
    struct err busy = {0};

    if (*author || author_open(author, node, node->settings.name, &busy))
        return true;
    owe(node->deliver, span_of(id));
    if (busy.kind == ERR_CONFLICT)
        return true;
    *err = busy;
    return false;
}

static bool confirm_owed(struct node *node, struct span org, struct arena *arena, struct err *err)
{
    struct author *author = NULL;
    bool ok = true, going_on = true, owed;
    char id[65];

    while (ok && going_on && next_owed(node->deliver, id)) {
        ok = is_owed(node, id, org, &owed, arena, err);
        if (!ok || !owed)
            continue;
        ok = open_author(node, &author, id, err);
        going_on = author != NULL;
        if (ok && going_on)
            ok = confirm(node, author, id, &going_on, arena, err);
    }
    author_close(author);
    return ok;
}

/* --- what the log brings -------------------------------------------------- */

/* What this node has said of messages waits on its way to the log. */
static bool recall(struct node *node, struct err *err)
{
    struct arena arena = {0}, scratch = {0};
    const struct outbox_item *item;
    struct submission submission;
    struct record record;
    size_t count;
    bool ok = true;

    outbox_list(node->outbox, 0, SIZE_MAX, &item, &count, &arena);
    for (size_t i = 0; ok && i < count; i++) {
        if (strcmp(item[i].kind, "hotline.deliver") != 0 ||
            strcmp(item[i].by, node->settings.name) != 0)
            continue;
        arena_reset(&scratch);
        if (outbox_get(node->outbox, item[i].number, &submission, &scratch))
            ok = record_parse(&record, submission.note, &scratch, err) &&
                 rows_set(node->deliver->said, "message", json_get_text(record.body, "message"),
                          SPAN_LIT("1"), err);
    }
    arena_free(&scratch);
    arena_free(&arena);
    return ok;
}

/* Of all that were ever sent, only what this organisation has not confirmed is to be looked at. */
static bool owe_unless_said(struct node *node, struct span id, struct span org, struct arena *arena,
                            struct err *err)
{
    struct json step;

    if (!node_row(node, "message_step",
                  arena_printf(arena, "%.*s %.*s", SPAN_ARG(id), SPAN_ARG(org)), &step, arena, err))
        return false;
    if (step.object.count == 0)
        owe(node->deliver, id);
    return true;
}

/* All messages once, at the start: one may have been logged while this node was down. */
static bool look_at_all(struct node *node, struct span org, struct arena *arena, struct err *err)
{
    struct store_row *row;
    struct span after = {0};
    size_t count = 1;

    if (!recall(node, err))
        return false;
    while (count > 0) {
        if (!store_scan(node->reader, "message", (struct span){0}, after, STORE_LATEST, 1000, &row,
                        &count, arena, err))
            return false;
        for (size_t i = 0; i < count; i++)
            if (org.len && memmem(row[i].row.at, row[i].row.len, org.at, org.len) &&
                !owe_unless_said(node, row[i].key, org, arena, err))
                return false;
        if (count)
            after = row[count - 1].key;
    }
    const struct unlogged_item *item;
    bool ok = unlogged_begin(node_unlogged(node), err);
    size_t items = ok ? unlogged_items(node_unlogged(node), &item) : 0;
    for (size_t i = 0; i < items; i++)
        if (strcmp(item[i].kind, "hotline.send") == 0)
            owe(node->deliver, span_of(item[i].id));
    unlogged_end(node_unlogged(node));
    return ok;
}

static bool look_at(struct node *node, struct span org, uint64_t index, struct arena *arena,
                    struct err *err)
{
    char key[REGISTER_INDEX_TEXT];
    struct json verdict, relay, message;

    register_index_key(key, index);
    if (!node_row(node, "verdict", key, &verdict, arena, err))
        return false;
    struct span kind = json_get_text(&verdict, "kind"), id = json_get_text(&verdict, "id");
    if (span_is(kind, "hotline.relay")) {
        if (!node_row(node, "relay_act", arena_text(arena, id), &relay, arena, err))
            return false;
        id = json_get_text(&relay, "message");
    } else if (!span_is(kind, "hotline.send")) {
        return true;
    }
    if (!node_row(node, "message", arena_text(arena, id), &message, arena, err))
        return false;
    if (span_equal(json_get_text(&message, "to"), org) ||
        span_equal(json_get_text(&message, "via"), org))
        owe(node->deliver, id);
    return true;
}

static bool look(struct node *node, struct span org, struct arena *arena, struct err *err)
{
    struct deliver *deliver = node->deliver;
    uint64_t size;
    bool ok = true;

    if (!store_applied(node->reader, &size, err))
        return false;
    if (!deliver->begun) {
        deliver->begun = true;
        deliver->looked = size;
        return look_at_all(node, org, arena, err);
    }
    if (size == deliver->looked)
        return true;
    for (; ok && deliver->looked < size; deliver->looked++)
        ok = look_at(node, org, deliver->looked, arena, err);
    hotline_look(node);
    return ok;
}

bool deliver_turn(struct node *node, struct err *err)
{
    struct arena arena = {0};
    struct json key;

    if (!node->deliver)
        return true;
    bool ok = node_row(node, "key", node->settings.name, &key, &arena, err);
    struct span org = json_get_text(&key, "org");
    ok = ok && look(node, org, &arena, err);
    if (ok && span_is(json_get_text(&key, "state"), "active") &&
        span_is(json_get_text(&key, "job"), "node"))
        ok = confirm_owed(node, org, &arena, err);
    arena_free(&arena);
    return ok;
}
