#include "sim/crisis.h"

#include "sim/inside.h"

#include "node/unlogged.h"
#include "store/siphash.h"
#include "sync/lines.h"

#include <stdio.h>
#include <stdlib.h>

#define TICK_MS 50
#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define AFTER_ROUNDS 900u /* seconds after the hour in which all must be logged */

enum { LOG_KEEPER, PARTY_A, PARTY_B, BETWEEN_C, BETWEEN_D };
#define NOBODY ORGS

static const char *const names[ORGS] = {"observer/k", "party/a",    "party/b",   "mediator/c",
                                        "mediator/d", "observer/f", "observer/g"};

#define MOVE(kind) "{\"clause\":\"c1\",\"id\":\"" kind "\"}"
static const struct mission mission = {
    .names = names,
    .terms =
        "{\"agreement\":{\"entries\":\"public\",\"max_gap_ms\":86400000,\"name\":\"" AGREEMENT
        "\",\"no_move\":\"c1\",\"quorum\":5,\"rules\":1},\"clause\":[{\"id\":\"c1\"}],"
        "\"hotline_priority\":[{\"id\":\"flash\"}],"
        "\"move\":[" MOVE("hotline.ack") "," MOVE("hotline.deliver") "," MOVE(
            "hotline.relay") "," MOVE("hotline.send") "],"
                                                      "\"organisation\":[{\"id\":\"mediator/"
                                                      "c\"},{\"id\":\"mediator/d\"},"
                                                      "{\"id\":\"observer/f\"},{\"id\":\"observer/"
                                                      "g\"},{\"id\":\"observer/k\"},"
                                                      "{\"id\":\"party/a\"},{\"id\":\"party/b\"}],"
                                                      "\"role\":[{\"id\":\"monitor\",\"may\":["
                                                      "\"use_hotline\",\"relay_hotline\"]}]}",
    .roots = ORGS,
    .authors = ORGS,
    .wired = true,
};

/* --- what is said --------------------------------------------------------- */

struct message {
    size_t from, to, via; /* via NOBODY: straight */
    int64_t sent_ms;
    int64_t heard_ms; /* when the node of whom it is for has it; 0: not yet */
    bool passed, reacted, opened, answered;
    char id[65];
};

/* A record that an officer signed. */
struct record_said {
    char id[65];
    struct span note;
    size_t author, message;
    uint64_t seq;
    unsigned heard; /* a bit for each node that has it */
};

enum act { SEND, RELAY, OPEN, UNDERSTAND, ANSWER };
struct deed { /* that somebody is about to do */
    int64_t at_ms;
    enum act act;
    size_t org, message;
};

struct crisis {
    struct sim *sim;
    const struct crisis_options *options;
    struct crisis_result *out;
    struct message *message;
    size_t messages, message_room;
    struct record_said *said;
    size_t saids, said_room;
    size_t *bucket; /* by id: a place among said, and 1 */
    size_t buckets;
    struct deed *deed;
    size_t deeds, deed_room;
    struct {
        struct submission pending;
        bool has_pending;
        uint64_t news;
        uint64_t number;    /* of the last that was looked at */
        uint64_t seq[ORGS]; /* of each author's, the last that came here */
        unsigned confirmed; /* records of nodes that came here */
    } at[ORGS];
    int64_t begun_ms;
};

static struct instance *instance_of(struct crisis *c, size_t org)
{
    return &c->sim->org[org].instance[0];
}

static size_t *bucket_of(struct crisis *c, struct span id)
{
    struct hash of = hash_of(id);
    uint64_t at;

    memcpy(&at, of.bytes, sizeof at);
    size_t *bucket = &c->bucket[at % c->buckets];
    while (*bucket && !span_is(id, c->said[*bucket - 1].id))
        bucket = bucket + 1 < c->bucket + c->buckets ? bucket + 1 : c->bucket;
    return bucket;
}

static struct record_said *find_said(struct crisis *c, struct span id)
{
    size_t at = *bucket_of(c, id);

    return at ? &c->said[at - 1] : NULL;
}

static void plan(struct crisis *c, enum act act, size_t org, size_t message, int64_t least_ms,
                 size_t most_ms)
{
    c->deed = sim_more(c->deed, c->deeds, &c->deed_room, sizeof *c->deed);
    c->deed[c->deeds++] = (struct deed){
        c->sim->now_ms + least_ms + (int64_t)sim_below(c->sim, most_ms), act, org, message};
}

/* --- deeds ---------------------------------------------------------------- */

static struct json body_of(struct crisis *c, const struct deed *deed, size_t *out_message)
{
    struct arena *arena = &c->sim->arena;
    struct json body = json_object();
    const char *of = deed->act == SEND ? "" : c->message[deed->message].id;

    if (deed->act == SEND || deed->act == ANSWER) {
        struct message made = {.via = NOBODY, .sent_ms = c->sim->now_ms, .from = deed->org};

        made.to = deed->org == PARTY_A ? PARTY_B : PARTY_A;
        if (deed->act == ANSWER)
            json_set(&body, "reply_to", json_text(arena_printf(arena, "%s", of)), arena);
        if (sim_one_in(c->sim, 4))
            made.via = sim_one_in(c->sim, 2) ? BETWEEN_C : BETWEEN_D;
        if (made.via != NOBODY)
            json_set(&body, "via", json_text(names[made.via]), arena);
        json_set(&body, "to", json_text(names[made.to]), arena);
        json_set(&body, "priority", json_text("flash"), arena);
        c->message = sim_more(c->message, c->messages, &c->message_room, sizeof *c->message);
        c->message[c->messages] = made;
        *out_message = c->messages++;
        return body;
    }
    *out_message = deed->message;
    json_set(&body, "message", json_text(arena_printf(arena, "%s", of)), arena);
    if (deed->act == RELAY)
        json_set(&body, "act", json_text("passed"), arena);
    else
        json_set(&body, "step", json_text(deed->act == OPEN ? "opened" : "understood"), arena);
    return body;
}

static void remember(struct crisis *c, const struct submission *made, const struct deed *deed,
                     size_t message)
{
    const struct signs *by = &c->sim->org[deed->org].author;

    c->said = sim_more(c->said, c->saids, &c->said_room, sizeof *c->said);
    struct record_said *said = &c->said[c->saids++];
    *said = (struct record_said){
        .note = made->note, .author = deed->org, .message = message, .seq = by->seq};
    memcpy(said->id, by->prev, sizeof said->id);
    *bucket_of(c, span_of(said->id)) = c->saids;
    if (deed->act == SEND || deed->act == ANSWER)
        memcpy(c->message[message].id, by->prev, sizeof said->id);
    c->message[message].opened = c->message[message].opened || deed->act == OPEN;
    c->out->records++;
}

/* An officer has one record in hand, and tries until the own node takes it. */
static bool hand_in(struct crisis *c, size_t org)
{
    struct instance *instance = instance_of(c, org);
    struct answer answer;
    struct err err = {0};

    if (!c->at[org].has_pending)
        return true;
    if (!instance->node)
        return false;
    if (!node_hand_in(instance->node, &c->at[org].pending, 1, &answer, &c->sim->working, &err)) {
        sim_say(c->sim, "node %zu takes nothing in: %s", org, err.text);
        return false;
    }
    if (answer.kind != ANSWER_LATER || answer.why.kind != ERR_NONE)
        sim_broken(c->sim, "node %zu does not take %.8s: %d, %s", org, answer.id, (int)answer.kind,
                   answer.why.text);
    sim_say(c->sim, "%.8s is handed in at node %zu", answer.id, org);
    c->at[org].has_pending = false;
    return true;
}

static void act(struct crisis *c, const struct deed *deed)
{
    static const char *const kinds[] = {[SEND] = "hotline.send",
                                        [RELAY] = "hotline.relay",
                                        [OPEN] = "hotline.ack",
                                        [UNDERSTAND] = "hotline.ack",
                                        [ANSWER] = "hotline.send"};
    size_t message;
    struct json body = body_of(c, deed, &message);
    struct submission made =
        sim_sign(c->sim, &c->sim->org[deed->org].author, kinds[deed->act], &body, &c->sim->arena);

    remember(c, &made, deed, message);
    c->at[deed->org].pending = made;
    c->at[deed->org].has_pending = true;
    (void)!hand_in(c, deed->org);
}

/* Those that are due, of each organisation in their order, one after the other. */
static void do_deeds(struct crisis *c)
{
    size_t kept = 0, count = c->deeds;
    struct deed *due = NULL;
    size_t dues = 0, room = 0;

    for (size_t i = 0; i < count; i++) {
        const struct deed deed = c->deed[i];

        if (deed.at_ms > c->sim->now_ms || !hand_in(c, deed.org) ||
            !instance_of(c, deed.org)->node) {
            c->deed[kept++] = deed;
            continue;
        }
        due = sim_more(due, dues, &room, sizeof *due);
        due[dues++] = deed;
    }
    c->deeds = kept;
    for (size_t i = 0; i < dues; i++) {
        if (hand_in(c, due[i].org))
            act(c, &due[i]);
        else
            plan(c, due[i].act, due[i].org, due[i].message, 0, 1);
    }
    free(due);
}

/* --- what comes ----------------------------------------------------------- */

/* Whom it is for opens it, may read it back, and may answer. */
static void react(struct crisis *c, size_t n)
{
    struct message *message = &c->message[n];

    if (message->reacted)
        return;
    message->reacted = true;
    plan(c, OPEN, message->to, n, 1000, 9000);
    if (sim_one_in(c->sim, 2))
        plan(c, UNDERSTAND, message->to, n, 11000, 20000);
    if (sim_one_in(c->sim, 4) && c->messages + c->deeds < c->options->messages)
        plan(c, ANSWER, message->to, n, 11000, 60000);
}

static void hear_message(struct crisis *c, size_t n, size_t org)
{
    struct message *message = &c->message[n];

    if (org == message->to && message->heard_ms == 0)
        message->heard_ms = c->sim->now_ms;
    if (org == message->to && message->via == NOBODY)
        react(c, n);
    if (org == message->via && !message->passed) {
        message->passed = true;
        plan(c, RELAY, org, n, 2000, 6000);
    }
}

static void hear(struct crisis *c, size_t org, const struct unlogged_item *item)
{
    struct instance *instance = instance_of(c, org);
    struct record_said *said = find_said(c, span_of(item->id));
    struct submission held;

    if (item->verdict == VERDICT_VOID)
        sim_broken(c->sim, "node %zu holds %.8s as void: %.*s", org, item->id, SPAN_ARG(item->why));
    if (!said) {
        if (strcmp(item->kind, "hotline.deliver") != 0)
            sim_broken(c->sim, "node %zu has a %s that nobody signed", org, item->kind);
        c->at[org].confirmed++;
        return;
    }
    if (said->heard & 1u << org)
        sim_broken(c->sim, "%.8s is at node %zu twice", item->id, org);
    said->heard |= 1u << org;
    if (said->seq <= c->at[org].seq[said->author])
        sim_broken(c->sim, "%.8s came to node %zu behind a later one of %s", item->id, org,
                   names[said->author]);
    c->at[org].seq[said->author] = said->seq;
    if (!outbox_get(node_outbox(instance->node), item->number, &held, &c->sim->working) ||
        !span_equal(held.note, said->note))
        sim_broken(c->sim, "%.8s is another at node %zu than was signed", item->id, org);
    if (strcmp(item->kind, "hotline.send") == 0)
        hear_message(c, said->message, org);
    else if (strcmp(item->kind, "hotline.relay") == 0 && org == c->message[said->message].to)
        react(c, said->message);
}

/* A console that is open at a node. */
static void listen(struct crisis *c, size_t org)
{
    struct node *node = instance_of(c, org)->node;
    const struct unlogged_item *item;
    struct err err = {0};

    if (!node || node_hotline_news(node) == c->at[org].news)
        return;
    c->at[org].news = node_hotline_news(node);
    struct unlogged *unlogged = node_unlogged(node);
    if (!unlogged_begin(unlogged, &err)) {
        unlogged_end(unlogged);
        sim_broken(c->sim, "node %zu cannot look: %s", org, err.text);
        return;
    }
    size_t count = unlogged_items(unlogged, &item), first = count;
    while (first > 0 && item[first - 1].number > c->at[org].number)
        first--;
    for (size_t i = first; i < count; i++)
        hear(c, org, &item[i]);
    if (count > 0)
        c->at[org].number = item[count - 1].number;
    unlogged_end(unlogged);
}

/* --- what befalls ---------------------------------------------------------- */

/* The console is opened anew, and sees from the start what the node still has. */
static void go_down(struct crisis *c, size_t org)
{
    sim_say(c->sim, "%s goes down", names[org]);
    instance_crash(instance_of(c, org));
    c->at[org].number = c->at[org].news = c->at[org].confirmed = 0;
    memset(c->at[org].seq, 0, sizeof c->at[org].seq);
    for (size_t i = 0; i < c->saids; i++)
        c->said[i].heard &= ~(1u << org);
    c->out->crashes++;
}

static void come_up(struct crisis *c, size_t org)
{
    struct err err = {0};

    sim_say(c->sim, "%s comes up", names[org]);
    if (!instance_start(instance_of(c, org), &err))
        sim_broken(c->sim, "%s does not start: %s", names[org], err.text);
}

static void set_cut(struct crisis *c, size_t a, size_t b, bool cut)
{
    sim_say(c->sim, "%s and %s: %s", names[a], names[b], cut ? "cut" : "mended");
    c->sim->cut[a][b] = c->sim->cut[b][a] = cut;
    c->out->cuts += cut;
}

/* The two parties do not hear each other for twenty minutes; the rest as chance will have it. */
static void befall(struct crisis *c, int64_t at_ms)
{
    if (at_ms == 10 * MINUTE_MS)
        go_down(c, BETWEEN_C);
    if (at_ms == 20 * MINUTE_MS || at_ms == 40 * MINUTE_MS)
        set_cut(c, PARTY_A, PARTY_B, at_ms == 20 * MINUTE_MS);
    if (at_ms == 25 * MINUTE_MS)
        come_up(c, BETWEEN_C);
    if (at_ms == 30 * MINUTE_MS)
        go_down(c, BETWEEN_D);
    if (at_ms == 45 * MINUTE_MS)
        come_up(c, BETWEEN_D);
    if (at_ms % 15000 == 0) {
        size_t a = PARTY_A + sim_below(c->sim, ORGS - 1), b = PARTY_A + sim_below(c->sim, ORGS - 1);
        bool fixed = a == b || (a <= PARTY_B && b <= PARTY_B);

        if (!fixed && (c->sim->cut[a][b] || sim_one_in(c->sim, 4)))
            set_cut(c, a, b, !c->sim->cut[a][b]);
    }
}

static void all_hand_on(struct crisis *c)
{
    size_t first = sim_below(c->sim, ORGS);

    for (size_t i = 0; i < ORGS; i++) {
        struct node *node = instance_of(c, (first + i) % ORGS)->node;

        if (node && !sim_one_in(c->sim, 3)) /* its threads may have their turn later */
            node_hand_on(node);
    }
}

static void all_take_turns(struct crisis *c)
{
    for (size_t i = 0; i < ORGS; i++)
        if (instance_of(c, i)->node)
            instance_turn(instance_of(c, i));
}

static void tick(struct crisis *c, int64_t at_ms)
{
    arena_reset(&c->sim->working);
    if (!c->sim->calm)
        befall(c, at_ms);
    do_deeds(c);
    all_hand_on(c);
    if (sim_one_in(c->sim, 40))
        network_deliver_late(c->sim);
    if (at_ms % 1000 == 0)
        all_take_turns(c);
    for (size_t i = 0; i < ORGS; i++)
        listen(c, i);
}

/* --- the end --------------------------------------------------------------- */

static bool all_is_done(struct crisis *c)
{
    for (size_t i = 0; i < ORGS; i++) {
        struct node *node = instance_of(c, i)->node;
        struct outbox_status status;

        if (!node || c->at[i].has_pending)
            return false;
        outbox_status(node_outbox(node), &status);
        if (status.bytes > 0)
            return false;
    }
    return c->deeds == 0;
}

static int64_t counted(struct store_reader *reader, const char *name, struct arena *arena)
{
    struct store_count *count;
    struct err err = {0};
    size_t n;

    if (store_counts(reader, &count, &n, arena, &err))
        for (size_t i = 0; i < n; i++)
            if (span_is(count[i].name, name))
                return count[i].value;
    return 0;
}

static struct json row_of(struct store_reader *reader, const char *table, const char *key,
                          struct arena *arena)
{
    struct json row = json_object();
    struct span bytes;
    struct err err = {0};

    if (store_get(reader, table, span_of(key), STORE_LATEST, &bytes, NULL, arena, &err) && bytes.at)
        (void)!json_parse(&row, bytes, arena, &err);
    return row;
}

static void judge_message(struct crisis *c, const struct message *message, size_t org,
                          struct store_reader *reader)
{
    struct arena *arena = &c->sim->working;
    struct json row = row_of(reader, "message_step",
                             arena_printf(arena, "%s %s", message->id, names[message->to]), arena);

    if (!json_get_text(&row, "delivered").len)
        sim_broken(c->sim, "that %.8s came is not proved on the log of node %zu", message->id, org);
    if (!json_get_text(&row, "opened").len != !message->opened)
        sim_broken(c->sim, "that %.8s was opened: the log of node %zu says otherwise", message->id,
                   org);
}

/* By each node's own copy of the log. */
static void judge(struct crisis *c, size_t org)
{
    struct arena *arena = &c->sim->working;
    struct store_reader *reader;
    struct err err = {0};
    unsigned sends = 0, confirmed = 0;

    if (!store_reader_open(instance_of(c, org)->store, &reader, &err)) {
        sim_broken(c->sim, "%s", err.text);
        return;
    }
    for (size_t i = 0; i < c->saids; i++) {
        struct json row = row_of(reader, "record", c->said[i].id, arena);

        if (span_is(json_get_text(&row, "verdict"), "holds"))
            continue;
        char index[REGISTER_INDEX_TEXT];
        register_index_key(index, (uint64_t)json_get_integer(&row, "index", 0));
        struct json verdict = row_of(reader, "verdict", index, arena);
        sim_broken(c->sim, "the log of node %zu has %.8s as \"%.*s\": %.*s", org, c->said[i].id,
                   SPAN_ARG(json_get_text(&row, "verdict")),
                   SPAN_ARG(json_get_text(&verdict, "reason")));
    }
    for (size_t i = 0; i < c->messages; i++) {
        judge_message(c, &c->message[i], org, reader);
        sends++;
        confirmed += c->message[i].via == NOBODY ? 1 : 2;
    }
    c->out->confirmed = confirmed;
    if (counted(reader, "kind:hotline.send", arena) != (int64_t)sends ||
        counted(reader, "kind:hotline.deliver", arena) != (int64_t)confirmed ||
        counted(reader, "void", arena) != 0)
        sim_broken(c->sim,
                   "the log of node %zu has %" PRId64 " messages of %u, %" PRId64
                   " of %u that came, "
                   "%" PRId64 " void",
                   org, counted(reader, "kind:hotline.send", arena), sends,
                   counted(reader, "kind:hotline.deliver", arena), confirmed,
                   counted(reader, "void", arena));
    store_reader_close(reader);
    arena_reset(arena);
}

/* Before the log is kept again: whoever was up has all, and none of it from the log. */
static void judge_hour(struct crisis *c)
{
    for (size_t i = 0; i < c->saids; i++)
        for (size_t org = PARTY_A; org < ORGS; org++)
            if (!(c->said[i].heard & 1u << org))
                sim_broken(c->sim, "%.8s of %s has not come to node %zu", c->said[i].id,
                           names[c->said[i].author], org);
}

static int compare_ms(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

    return (one > other) - (one < other);
}

static void measure(struct crisis *c)
{
    int64_t *delay = calloc(c->messages + 1, sizeof *delay);

    if (!delay)
        abort();
    for (size_t i = 0; i < c->messages; i++)
        delay[i] = c->message[i].heard_ms - c->message[i].sent_ms;
    qsort(delay, c->messages, sizeof *delay, compare_ms);
    if (c->messages > 0) {
        c->out->half_ms = delay[c->messages / 2];
        c->out->most_ms = delay[c->messages * 99 / 100];
        c->out->worst_ms = delay[c->messages - 1];
    }
    free(delay);
}

static void mend_all(struct crisis *c)
{
    memset(c->sim->cut, 0, sizeof c->sim->cut);
    c->sim->rough = false;
    c->sim->calm = true;
    while (c->sim->late_count > 0)
        network_deliver_late(c->sim);
}

/* What is still in hand is done; then the keeper comes back. */
static void end_hour(struct crisis *c)
{
    mend_all(c);
    for (unsigned i = 0; i < 6000 && !c->out->broken[0] && (c->deeds > 0 || i < 600); i++) {
        c->sim->now_ms += TICK_MS;
        tick(c, 1 + (i + 1) * TICK_MS - (i % 20 == 19));
    }
    judge_hour(c);
    measure(c);
    come_up(c, LOG_KEEPER);
    for (unsigned i = 0; i < AFTER_ROUNDS && !c->out->broken[0] && !all_is_done(c); i++) {
        c->sim->now_ms += 1000;
        c->out->logged_ms += 1000;
        arena_reset(&c->sim->working);
        all_hand_on(c);
        all_take_turns(c);
    }
    if (!c->out->broken[0] && !all_is_done(c))
        sim_broken(c->sim, "something still waits %u seconds after the log is kept again",
                   AFTER_ROUNDS);
    for (size_t i = 0; i < ORGS && !c->out->broken[0]; i++)
        judge(c, i);
}

static void begin(struct crisis *c)
{
    size_t first = c->options->messages * 4 / 5;

    c->buckets = 1;
    while (c->buckets < 16 * (size_t)c->options->messages)
        c->buckets *= 2;
    c->bucket = calloc(c->buckets, sizeof *c->bucket);
    if (!c->bucket)
        abort();
    c->begun_ms = c->sim->now_ms;
    instance_stop(instance_of(c, LOG_KEEPER));
    for (size_t i = 0; i < first; i++)
        plan(c, SEND, sim_one_in(c->sim, 2) ? PARTY_A : PARTY_B, 0, 0, (size_t)HOUR_MS - 120000);
    c->sim->rough = true;
}

void crisis_run(struct crisis_result *out, const struct crisis_options *options)
{
    struct sim_result of_sim;
    const struct sim_options sim_options = {.seed = options->seed, .trace = options->trace};
    struct crisis c = {.options = options, .out = out};

    *out = (struct crisis_result){0};
    c.sim = sim_new(&of_sim, &sim_options, &mission);
    sim_found(c.sim);
    sim_settle(c.sim);
    begin(&c);
    for (int64_t at_ms = TICK_MS; at_ms <= HOUR_MS && !of_sim.broken[0]; at_ms += TICK_MS) {
        c.sim->now_ms += TICK_MS;
        tick(&c, at_ms);
    }
    if (!of_sim.broken[0])
        end_hour(&c);
    memcpy(out->broken, of_sim.broken, sizeof out->broken);
    out->history = of_sim.history;
    sim_end(c.sim);
    free(c.message);
    free(c.said);
    free(c.bucket);
    free(c.deed);
}
