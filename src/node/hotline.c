#include "node/inside.h"

#include "codec/hex.h"
#include "journal/in_force.h"
#include "journal/quota.h"
#include "node/unlogged.h"
#include "sync/lines.h"
#include "sys/entropy.h"

#include <stdlib.h>

/* The hotline between nodes: what is said is taken in and goes to all at once, and the log follows.
 */

#define ASK_AGAIN_MS 1000 /* when it may be in the log */
#define FULL_MS 60000
/* Of one record with its parts: a text of 1,400 bytes sealed to everybody who reads it, and the
 * longest hand-over of a watch. */
#define RECORD_BYTES ((size_t)64 << 10)
#define RECORDS 20000u /* that wait at one time: days without a log */

struct hotline {
    struct lines *lines;
    struct unlogged *unlogged;
    struct transport transport;
    const char *url[SETTINGS_PEERS];
    _Atomic uint64_t news;

    struct quota quota; /* between unlogged_begin and unlogged_end, like the next */
    uint64_t quota_size;
    bool quota_known;

    struct at_peer {
        struct node *node;
        size_t peer;
        pthread_t thread;
    } thread[SETTINGS_PEERS];
    size_t threads;
};

/* --- lines --------------------------------------------------------------- */

static void *work(void *context)
{
    const struct at_peer *at = context;
    struct hotline *hotline = at->node->hotline;
    struct clock clock = at->node->world.clock;

    do {
        while (lines_hand(hotline->lines, at->peer, &hotline->transport, clock_now_ms(clock)))
            ;
    } while (lines_await(hotline->lines, at->peer, clock_now_ms(clock)));
    return NULL;
}

static void start_threads(struct node *node)
{
    struct hotline *hotline = node->hotline;

    for (size_t i = 0; i < node->settings.peer_count; i++) {
        hotline->thread[i] = (struct at_peer){.node = node, .peer = i};
        if (pthread_create(&hotline->thread[i].thread, NULL, work, &hotline->thread[i]) != 0)
            abort();
        hotline->threads++;
    }
}

bool node_wire(struct node *node, const struct transport *transport, bool threads, struct err *err)
{
    struct hotline *hotline = calloc(1, sizeof *hotline);
    const struct unlogged_options options = {node->world.store, node->journal, node->outbox};

    if (!hotline)
        abort();
    assert(node->live && !node->hotline);
    hotline->transport = *transport;
    entropy_fill(&hotline->news, sizeof hotline->news);
    hotline->news &= UINT32_MAX;
    hotline->news <<= 20; /* room to count in, and still a number of JSON */
    for (size_t i = 0; i < node->settings.peer_count; i++)
        hotline->url[i] = node->settings.peer[i].url;
    node->hotline = hotline;
    node->deliver = deliver_open();
    hotline->lines = lines_open(&(struct lines_options){
        .outbox = node->outbox, .url = hotline->url, .peers = node->settings.peer_count});
    if (!unlogged_open(&hotline->unlogged, &options, err)) {
        hotline_part(node);
        return false;
    }
    if (threads)
        start_threads(node);
    return true;
}

void hotline_part(struct node *node)
{
    struct hotline *hotline = node->hotline;

    if (!hotline)
        return;
    lines_end(hotline->lines);
    for (size_t i = 0; i < hotline->threads; i++)
        pthread_join(hotline->thread[i].thread, NULL);
    lines_close(hotline->lines);
    unlogged_close(hotline->unlogged);
    quota_close(&hotline->quota);
    deliver_close(node->deliver);
    free(hotline);
    node->deliver = NULL;
    node->hotline = NULL;
}

void node_hand_on(struct node *node)
{
    struct hotline *hotline = node->hotline;

    for (size_t i = 0; hotline && i < node->settings.peer_count; i++)
        while (lines_hand(hotline->lines, i, &hotline->transport, clock_now_ms(node->world.clock)))
            ;
}

void hotline_look(struct node *node)
{
    if (!node->hotline)
        return;
    lines_look(node->hotline->lines);
    atomic_fetch_add(&node->hotline->news, 1);
}

struct unlogged *node_unlogged(struct node *node)
{
    return node->hotline ? node->hotline->unlogged : NULL;
}

uint64_t node_hotline_news(const struct node *node)
{
    return node->hotline ? atomic_load(&node->hotline->news) + lines_changes(node->hotline->lines)
                         : 0;
}

bool node_line(struct node *node, size_t n, struct node_line *out)
{
    if (!node->hotline || n >= node->settings.peer_count)
        return false;
    out->peer = &node->settings.peer[n];
    lines_state(node->hotline->lines, n, out->state);
    return true;
}

/* --- taking in ----------------------------------------------------------- */

struct taking {
    struct node *node;
    struct hotline *hotline;
    size_t peer; /* that brings it; SETTINGS_PEERS: none does */
    const struct submission *submission;
    struct answer *answer;
    struct record record;
    bool put;
    struct arena *arena;
};

static bool refuse(struct taking *t, const char *reason, const char *why)
{
    t->answer->kind = ANSWER_REFUSED;
    t->answer->reason = reason;
    (void)err_set(&t->answer->why, ERR_REFUSED, "%s", why);
    return true;
}

static bool not_now(struct taking *t, int64_t later_ms, const char *why)
{
    t->answer->kind = ANSWER_LATER;
    t->answer->later_ms = later_ms;
    (void)err_set(&t->answer->why, ERR_LIMIT, "%s", why);
    return true;
}

static bool is_held(struct taking *t)
{
    *t->answer = (struct answer){.kind = ANSWER_LATER, .later_ms = ASK_AGAIN_MS};
    memcpy(t->answer->id, t->record.id_text, sizeof t->answer->id);
    lines_held(t->hotline->lines, t->record.id_text, t->peer);
    return true;
}

static size_t bytes_of(const struct submission *submission)
{
    size_t bytes = submission->note.len;

    for (size_t i = 0; i < submission->part_count; i++)
        bytes += submission->part[i].len;
    return bytes;
}

/* What another node brings may rest on what it knows and this one does not yet. */
static bool may_come(struct span reason)
{
    static const char *const reasons[] = {"reference",    "no_move", "unknown_key", "term",
                                          "not_in_force", "no_tick", "capability"};

    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (span_is(reason, reasons[i]))
            return true;
    return false;
}

static bool say_void(struct taking *t, const struct unlogged_judged *judged)
{
    const char *why =
        arena_printf(t->arena, "%.*s: %.*s", SPAN_ARG(judged->reason), SPAN_ARG(judged->why));

    if (t->peer < SETTINGS_PEERS && may_come(judged->reason))
        return not_now(t, ASK_AGAIN_MS, why);
    return refuse(t, "void", why);
}

/* By the agreement's quota, and this node's own clock; a record that came round is counted once. */
static bool within_quota(struct taking *t, bool *out, struct err *err)
{
    struct hotline *hotline = t->hotline;
    uint64_t size = unlogged_size(hotline->unlogged);
    struct register_lookup lookup = unlogged_lookup(hotline->unlogged);
    const struct json *key;
    struct span head;

    if (!hotline->quota_known || hotline->quota_size != size) {
        if (!in_force_term(unlogged_reader(hotline->unlogged), "agreement", STORE_LATEST, &head,
                           t->arena, err))
            return false;
        quota_set(&hotline->quota, head);
        hotline->quota_known = true;
        hotline->quota_size = size;
    }
    if (!lookup.get(lookup.context, "key", t->record.by, &key, t->arena, err))
        return false;
    int64_t wait_ms = 0;
    if (span_is(json_get_text(key, "job"), "author"))
        wait_ms = quota_take(&hotline->quota, t->record.kind, t->record.by,
                             json_get_text(key, "org"), clock_now_ms(t->node->world.clock));
    *out = wait_ms == 0;
    return *out || not_now(t, wait_ms, "over the agreement's quota");
}

static bool put(struct taking *t, struct err *err)
{
    struct err full = {0};

    if (!outbox_put(t->node->outbox, t->submission, 1, clock_now_ms(t->node->world.clock), &full)) {
        if (full.kind == ERR_LIMIT)
            return not_now(t, FULL_MS, full.text);
        *err = full;
        return false;
    }
    t->put = true;
    return is_held(t) && unlogged_again(t->hotline->unlogged, err);
}

/* Its signature holds, and it is not here yet. */
static bool take_new(struct taking *t, struct err *err)
{
    struct unlogged *unlogged = t->hotline->unlogged;
    const struct unlogged_item *item;
    struct unlogged_judged judged;
    bool within;

    if (!lines_carry(t->record.kind))
        return refuse(t, "void", "it is no record of the hotline");
    if (bytes_of(t->submission) > RECORD_BYTES)
        return refuse(t, "too large", "a record of the hotline is small, its parts included");
    if (!unlogged_judge(unlogged, t->submission->note, &judged, t->arena, err))
        return false;
    if (judged.verdict == VERDICT_VOID)
        return say_void(t, &judged);
    if (unlogged_items(unlogged, &item) >= RECORDS)
        return not_now(t, FULL_MS, "too many records of the hotline wait for the log");
    if (!within_quota(t, &within, err))
        return false;
    return !within || put(t, err);
}

static bool take_one(struct taking *t, struct err *err)
{
    struct unlogged *unlogged = t->hotline->unlogged;
    const struct register_lookup lookup = unlogged_lookup(unlogged);
    struct hash offered = hash_of(t->submission->note);
    uint64_t size = unlogged_size(unlogged);
    struct door_answer door;

    *t->answer = (struct answer){.kind = ANSWER_LATER};
    hex_text(t->answer->id, hash_span(&offered));
    if (!register_door(&door, &t->record, &lookup, size, t->submission->note, t->arena, err))
        return false;
    if (t->record.id_text[0])
        memcpy(t->answer->id, t->record.id_text, sizeof t->answer->id);
    if (door.door == DOOR_REFUSED && strcmp(door.reason, "unknown key") == 0 &&
        t->peer < SETTINGS_PEERS)
        return not_now(t, ASK_AGAIN_MS, door.why.text);
    if (door.door == DOOR_REFUSED)
        return refuse(t, door.reason, door.why.text);
    if (door.door == DOOR_OPEN)
        return take_new(t, err);
    if (door.index >= size)
        return is_held(t);
    t->answer->kind = ANSWER_REPEATED;
    t->answer->index = door.index;
    return true;
}

static size_t find_peer(const struct node *node, const char *name)
{
    for (size_t i = 0; name && i < node->settings.peer_count; i++)
        if (strcmp(node->settings.peer[i].name, name) == 0)
            return i;
    return SETTINGS_PEERS;
}

bool node_hotline(struct node *node, const char *from, const struct submission *submission,
                  size_t count, struct answer *answers, struct arena *arena, struct err *err)
{
    struct hotline *hotline = node->hotline;
    bool is_new = false;

    if (!hotline)
        return err_set(err, ERR_IO, "this node has no lines to others");
    bool ok = unlogged_begin(hotline->unlogged, err) &&
              (unlogged_size(hotline->unlogged) > 0 ||
               err_set(err, ERR_MISSING, "this node has not followed the log yet: try again then"));
    for (size_t i = 0; ok && i < count; i++) {
        struct taking t = {.node = node,
                           .hotline = hotline,
                           .peer = find_peer(node, from),
                           .submission = &submission[i],
                           .answer = &answers[i],
                           .arena = arena};

        ok = take_one(&t, err);
        is_new = is_new || t.put;
        if (t.put)
            deliver_owe(node->deliver, &t.record);
    }
    unlogged_end(hotline->unlogged);
    if (is_new)
        hotline_look(node);
    return ok;
}

/* --- handed in here ------------------------------------------------------- */

/* By the second line of what may be a record (doc/format.md §3.1), before any of it is read. */
static bool may_be_hotline(const struct submission *submission)
{
    struct span rest = submission->note, agreement, kind;

    return span_cut(&rest, '\n', &agreement) && span_cut(&rest, '\n', &kind) && lines_carry(kind);
}

static bool is_taken(const struct answer *answer)
{
    return answer->kind == ANSWER_REPEATED ||
           (answer->kind == ANSWER_LATER && answer->why.kind == ERR_NONE);
}

bool node_hand_in(struct node *node, const struct submission *submission, size_t count,
                  struct answer *answers, struct arena *arena, struct err *err)
{
    bool any = false, ok = true;

    for (size_t i = 0; node->hotline && i < count; i++)
        any = any || may_be_hotline(&submission[i]);
    if (!any)
        return node_submit(node, submission, count, answers, arena, err);
    for (size_t i = 0; ok && i < count; i++) {
        bool ours = may_be_hotline(&submission[i]);

        ok = !ours || node_hotline(node, NULL, &submission[i], 1, &answers[i], arena, err);
        if (ok && !(ours && is_taken(&answers[i])))
            ok = node_submit(node, &submission[i], 1, &answers[i], arena, err);
    }
    return ok;
}
