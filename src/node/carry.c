#include "node/inside.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "journal/applier.h"
#include "net/http_client.h"
#include "record/kind.h"
#include "sync/carry.h"

/* Records on their way to the log, where this node follows it. */

#define SERVER_ANSWER_S 10u
#define PATIENCE_MS 5000u
#define OFFERS 8u /* at most, in one turn */
#define IN_TOUCH_MS 10000
#define FULL_MS 60000
#define ASK_AGAIN_MS 1000 /* when it may be in the log */

/* --- taking in --- */

struct verdict_of {
    struct answer *answer;
    bool keep;                 /* its signature holds: it is worth carrying, */
    struct submission carried; /* with those of its parts that it names */
};

/* The part of this hash, if it came along; what of it is here goes for nothing where the record is
 * in the log, and what was destroyed here is never taken again. */
static bool find_along(const struct node *node, const struct submission *from,
                       const struct hash *came, const struct hash *named, bool logged,
                       struct span *out)
{
    uint64_t size;

    if (parts_erased(node->parts, named) || (parts_ask(node->parts, named, &size) && logged))
        return false;
    for (size_t i = 0; i < from->part_count; i++)
        if (hash_equal(came[i], *named)) {
            *out = from->part[i];
            return true;
        }
    return false;
}

/* With each part that it names, once. What else comes along is nobody's: with records of the log,
 * which all have, strangers could fill the disk with it. */
static struct submission named_alone(const struct node *node, const struct record *record,
                                     const struct submission *from, bool logged,
                                     struct arena *arena)
{
    struct hash *came = ARENA_ARRAY(arena, struct hash, from->part_count), named;
    struct span *along = ARENA_ARRAY(arena, struct span, LIMIT_RECORD_PARTS);
    struct submission out = {.note = from->note, .part = along};
    struct err malformed;
    struct part part;

    if (!parts_check(record->body, &malformed))
        return out;
    for (size_t i = 0; i < from->part_count; i++)
        came[i] = hash_of(from->part[i]);
    for (size_t i = 0; part_at(record->body, i, &part); i++)
        if (hex_parse(named.bytes, sizeof named.bytes, part.stored))
            out.part_count += find_along(node, from, came, &named, logged, &along[out.part_count]);
    return out;
}

/* Whether this node knows what the keeper knows, but for a moment. */
static bool is_in_touch(struct node *node)
{
    struct live *live = node->live;
    size_t keeper = live ? atomic_load(&live->keeper) : SETTINGS_PEERS;

    if (keeper == SETTINGS_PEERS)
        return false;
    pthread_mutex_lock(&live->contacts_lock);
    int64_t answered_ms = live->contact[keeper].answered_ms;
    pthread_mutex_unlock(&live->contacts_lock);
    return !live_due(clock_now_ms(node->world.clock), answered_ms, IN_TOUCH_MS);
}

/* What this node's own register says. A key that it does not know may have been admitted since
 * it was last in touch; whose signature cannot be verified is not kept, and asked to come later. */
static bool judge(struct node *node, struct verdict_of *out, const struct register_lookup *lookup,
                  uint64_t size, const struct submission *submission, struct arena *arena,
                  struct err *err)
{
    const struct span bytes = submission->note;
    struct answer *answer = out->answer;
    struct door_answer door;
    struct record record = {0};
    struct hash offered = hash_of(bytes);

    if (!register_door(&door, &record, lookup, size, bytes, arena, err))
        return false;
    bool unknown = door.door == DOOR_REFUSED && strcmp(door.reason, "unknown key") == 0;
    *answer = (struct answer){.kind = ANSWER_LATER, .later_ms = ASK_AGAIN_MS};
    if (record.id_text[0])
        memcpy(answer->id, record.id_text, sizeof answer->id);
    else
        hex_text(answer->id, hash_span(&offered));
    out->keep = door.door != DOOR_REFUSED;
    if (out->keep)
        out->carried = named_alone(node, &record, submission, door.door == DOOR_REPEATED, arena);
    if (door.door == DOOR_REPEATED) {
        answer->kind = ANSWER_REPEATED;
        answer->index = door.index;
    } else if (door.door == DOOR_REFUSED && !(unknown && !is_in_touch(node))) {
        answer->kind = ANSWER_REFUSED;
        answer->reason = door.reason;
        answer->why = door.why;
    }
    return true;
}

/* One that is in the log is carried for its parts alone, where it brings any. */
static bool is_carried(const struct verdict_of *verdict)
{
    return verdict->keep &&
           (verdict->answer->kind == ANSWER_LATER || verdict->carried.part_count > 0);
}

/* A full outbox takes them later. */
static bool put_off(struct verdict_of *verdict, size_t count, struct err *err)
{
    if (err->kind != ERR_LIMIT)
        return false;
    for (size_t i = 0; i < count; i++)
        if (verdict[i].answer->kind == ANSWER_LATER)
            verdict[i].answer->later_ms = FULL_MS;
    return true;
}

/* Large parts are here from now on, and need not come back from whoever keeps the log. */
static bool keep_large(struct node *node, const struct submission *submission, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && node->journal && i < submission->part_count; i++)
        ok = submission->part[i].len <= LIMIT_SMALL_PART_BYTES ||
             journal_keep_part(node->journal, submission->part[i], err);
    return ok;
}

static bool put(struct node *node, struct verdict_of *verdict, size_t count, struct arena *arena,
                struct err *err)
{
    struct submission *carried = ARENA_ARRAY(arena, struct submission, count);
    size_t carried_count = 0;

    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        if (!is_carried(&verdict[i]))
            continue;
        carried[carried_count++] = verdict[i].carried;
        ok = keep_large(node, &verdict[i].carried, err);
    }
    if (!ok)
        return false;
    return carried_count == 0 ||
           outbox_put(node->outbox, carried, carried_count, clock_now_ms(node->world.clock), err) ||
           put_off(verdict, count, err);
}

bool carry_put(struct node *node, const struct submission *submission, size_t count,
               struct answer *answers, struct arena *arena, struct err *err)
{
    struct verdict_of *verdict = ARENA_ARRAY(arena, struct verdict_of, count);
    struct store_reader *reader;
    uint64_t size;

    if (!store_reader_open(node->world.store, &reader, err))
        return false;
    struct applier_lookup rows = {.reader = reader, .as_of = STORE_LATEST};
    struct register_lookup lookup = applier_lookup(&rows);
    bool ok = store_applied(reader, &size, err);
    if (ok && size == 0)
        ok = err_set(err, ERR_MISSING, "this node has not followed the log yet: try again then");
    for (size_t i = 0; ok && i < count; i++) {
        verdict[i].answer = &answers[i];
        ok = judge(node, &verdict[i], &lookup, size, &submission[i], arena, err);
    }
    store_reader_close(reader);
    return ok && put(node, verdict, count, arena, err);
}

/* --- chains that go on with what waits --- */

static bool ask_server(struct node *node, const struct note_key *key, struct outbox_last *out,
                       struct arena *arena, struct err *err)
{
    struct http_call call = {
        .url = arena_printf(arena, "http://node/api/waiting/%s", key->name),
        .socket_path = arena_printf(arena, "%s/socket", node->directory),
        .method = "GET",
        .limit = 4096,
        .timeout_s = SERVER_ANSWER_S,
    };
    struct http_reply reply;
    struct json answer;

    if (!http_do(&call, &reply, arena, err))
        return false;
    if (reply.status == 404) /* it knows no such key */
        return true;
    if (reply.status != 200 || !json_parse(&answer, reply.body, arena, err))
        return err_set(err, ERR_IO, "the running server answered %d to %s", reply.status, call.url);
    struct span id = json_get_string(&answer, "id", (struct span){0});
    out->seq = (uint64_t)json_get_integer(&answer, "seq", 0);
    if (out->seq > 0 && id.len != sizeof out->id - 1)
        return err_set(err, ERR_MALFORMED, "the running server names no record");
    memcpy(out->id, id.at, id.len);
    return true;
}

struct outbox *node_outbox(struct node *node)
{
    return node->outbox;
}

bool node_waiting(struct node *node, const struct note_key *key, struct outbox_last *out,
                  struct err *err)
{
    struct arena arena = {0};
    bool ok = true;

    *out = (struct outbox_last){0};
    if (node->outbox)
        return outbox_last(node->outbox, key, out, err);
    if (!node->journal && !node_keeps(node))
        ok = ask_server(node, key, out, &arena, err);
    arena_free(&arena);
    return ok;
}

/* --- carrying --- */

static bool find_record(void *context, const char *id, bool *out_there, uint64_t *out_index,
                        struct err *err)
{
    struct node *node = context;
    struct arena arena = {0};
    struct json row;
    bool ok = node_row(node, "record", id, &row, &arena, err);
    int64_t index = ok ? json_get_integer(&row, "index", -1) : -1;

    *out_there = index >= 0;
    *out_index = (uint64_t)index;
    arena_free(&arena);
    return ok;
}

static bool find_leaf(void *context, uint64_t index, bool *out_there, struct hash *out,
                      struct err *err)
{
    struct node *node = context;
    struct live *live = node->live;

    pthread_mutex_lock(&live->lock);
    *out_there = index < log_reader_size(live->roots);
    bool ok = !*out_there || log_reader_hash(live->roots, 0, index, out, err);
    pthread_mutex_unlock(&live->lock);
    return ok;
}

/* A promise that the log does not keep is to be seen beside the one who gave it. */
static void charge_broken(struct node *node, const struct outbox_settled *settled,
                          struct arena *arena)
{
    size_t keeper = atomic_load(&node->live->keeper);

    for (size_t i = 0; keeper < SETTINGS_PEERS && i < settled->broken_count; i++)
        contact_charge(node, keeper,
                       arena_printf(arena,
                                    "the promise of entry %" PRIu64
                                    " that it gave is broken: sulh prove promise takes %s",
                                    settled->broken[i].index, settled->broken[i].path));
}

/* What has come into the log leaves the outbox. */
static bool settle(struct node *node, struct arena *arena, struct err *err)
{
    const struct outbox_log log = {find_record, find_leaf, node};
    struct outbox_settled settled;
    uint64_t applied;

    if (!store_applied(node->reader, &applied, err))
        return false;
    if (applied == node->live->settled)
        return true;
    if (!outbox_settle(node->outbox, &log, &settled, arena, err))
        return false;
    node->live->settled = applied;
    charge_broken(node, &settled, arena);
    return true;
}

/* The keys that answers are verified with: those of the term in force. */
struct keeper_keys {
    const char *origin;
    struct note_key promise, node;
    bool has_node;
};

static bool read_keeper_keys(struct node *node, struct keeper_keys *out, struct arena *arena,
                             struct err *err)
{
    struct json agreement, row;

    if (!node_row(node, "agreement", "1", &agreement, arena, err))
        return false;
    out->origin = arena_text(arena, json_get_string(&agreement, "origin", (struct span){0}));
    const char *operator=
        arena_text(arena, json_get_string(&agreement, "operator", (struct span){0}));
    if (!note_key_parse(&out->promise, json_get_string(&agreement, "promise_key", (struct span){0}),
                        err) ||
        !node_row(node, "key", operator, & row, arena, err))
        return false;
    struct span vkey = json_get_string(&row, "vkey", (struct span){0});
    out->has_node = vkey.len > 0;
    return !out->has_node || note_key_parse(&out->node, vkey, err);
}

static bool offer(struct node *node, size_t keeper, struct arena *arena, struct err *err)
{
    struct live *live = node->live;
    struct outbox_status status;
    struct keeper_keys keys;
    bool more = true, ok = true;

    outbox_status(node->outbox, &status);
    if (status.bytes == 0 || live->settled == 0)
        return true;
    if (!read_keeper_keys(node, &keys, arena, err))
        return false;
    const struct carry_options options = {
        .outbox = node->outbox,
        .transport = &live->turn,
        .url = node->settings.peer[keeper].url,
        .patience_ms = PATIENCE_MS,
        .agreement = node->settings.agreement,
        .origin = keys.origin,
        .promise = &keys.promise,
        .node = keys.has_node ? &keys.node : NULL,
    };
    uint64_t handed = live->carry.counts.handed;
    for (unsigned i = 0; ok && more && i < OFFERS; i++)
        ok = carry_run(&live->carry, &options, clock_now_ms(node->world.clock), &more, err);
    if (live->carry.counts.handed > handed)
        live->settled = 0; /* what waited for that alone may leave */
    return ok;
}

/* Whoever has taken the log over: what waited on this node goes into it. */
static bool take_home(struct node *node, struct arena *arena, struct err *err)
{
    int64_t now = clock_now_ms(node->world.clock);
    struct outbox_offer *offer;
    size_t count = outbox_next(node->outbox, LIMIT_BATCH_RECORDS, CARRY_BYTES, now, &offer, arena);
    struct submission *submission = ARENA_ARRAY(arena, struct submission, count);
    struct answer *answer = ARENA_ARRAY(arena, struct answer, count);

    for (size_t i = 0; i < count; i++)
        submission[i] = offer[i].submission;
    outbox_offered(node->outbox, offer, count, now);
    bool ok = count == 0 || journal_append(node->journal, submission, count, answer, arena, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = outbox_answered(node->outbox, offer[i].number, &answer[i], now, err);
    return ok;
}

/* Another keeper is not to be made to wait for what the one before did, nor is one who is back. */
static void meet_keeper(struct node *node, size_t keeper)
{
    struct live *live = node->live;

    if (live->keeper_is_back)
        carry_hurry(&live->carry);
    live->keeper_is_back = false;
    if (live->carried_to == keeper)
        return;
    live->carried_to = keeper;
    live->carry = (struct carry){0};
    outbox_hurry(node->outbox);
}

bool carry_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    size_t keeper = atomic_load(&live->keeper);
    struct arena arena = {0};

    if (!node->outbox)
        return true;
    meet_keeper(node, keeper);
    bool ok = settle(node, &arena, err);
    if (ok && node_keeps(node))
        ok = take_home(node, &arena, err);
    else if (ok && keeper < SETTINGS_PEERS)
        ok = offer(node, keeper, &arena, err);
    arena_free(&arena);
    return ok;
}
