#include "node/inside.h"

#include "codec/hex.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "sync/pull.h"
#include "sync/quorum.h"

#include <stdio.h>

/*
 * The others. Everybody's checkpoint is asked for: that of whoever keeps the log often, to
 * follow it, the others' now and then, so that two logs shown to two participants are found,
 * and often when the keeper is silent, for any of them can serve the log on.
 */

#define KEEPER_EVERY_MS 500
#define OTHERS_EVERY_MS 5000
#define AWAITED_EVERY_MS                                                                           \
    1000               /* of the others, as long as nothing is cosigned for their silence          \
                        */
#define SILENT_MS 3000 /* the keeper is: the others are asked as often as it */
#define PATIENCE_MS 1000u
#define PULL_PATIENCE_MS 3000u
#define FETCH_AGAIN_MS 1000 /* from one of whom it failed, and twice as long each time more */
#define FETCH_DOUBLINGS 6u

/* Before entry 0 is here: whoever the settings name first. */
static bool find_keeper(struct node *node, struct err *err)
{
    struct arena arena = {0};
    struct json agreement;
    size_t keeper = SETTINGS_PEERS;

    if (!node_row(node, "agreement", "1", &agreement, &arena, err))
        return false;
    struct span name = json_get_string(&agreement, "operator", (struct span){0});
    if (name.len == 0 && node->settings.peer_count > 0)
        keeper = 0;
    for (size_t i = 0; i < node->settings.peer_count; i++)
        if (span_is(name, node->settings.peer[i].name))
            keeper = i;
    atomic_store(&node->live->keeper, keeper);
    arena_free(&arena);
    return true;
}

/* --- what is known of them --- */

/* A fault may hold what the other wrote: any bytes, where all that is shown is text. */
static void put_text(char *out, size_t size, const char *text)
{
    struct span rest = span_of(text);
    uint32_t character;
    size_t at = 0;

    while (rest.len > 0) {
        struct span whole = rest;
        bool is_text = utf8_next(&rest, &character);

        if (!is_text)
            rest = span_from(whole, 1);
        size_t len = whole.len - rest.len;
        if (at + len >= size)
            break;
        memcpy(out + at, is_text ? (const char *)whole.at : "?", len);
        at += len;
    }
    out[at] = '\0';
}

static void note_problem(struct node *node, size_t n, const char *text)
{
    struct contact *contact = &node->live->contact[n];

    pthread_mutex_lock(&node->live->contacts_lock);
    put_text(contact->problem, sizeof contact->problem, text);
    pthread_mutex_unlock(&node->live->contacts_lock);
}

void contact_charge(struct node *node, size_t n, const char *text)
{
    struct contact *contact = &node->live->contact[n];

    pthread_mutex_lock(&node->live->contacts_lock);
    put_text(contact->charge, sizeof contact->charge, text);
    pthread_mutex_unlock(&node->live->contacts_lock);
}

static void note_asked(struct node *node, size_t n, int64_t now)
{
    pthread_mutex_lock(&node->live->contacts_lock);
    node->live->contact[n].asked_ms = now;
    pthread_mutex_unlock(&node->live->contacts_lock);
}

static void note_size(struct node *node, size_t n, uint64_t size, int64_t now)
{
    struct contact *contact = &node->live->contact[n];
    struct live *live = node->live;

    if (contact->problem[0] && n == atomic_load(&live->keeper))
        live->keeper_is_back = true;
    pthread_mutex_lock(&node->live->contacts_lock);
    contact->size = size;
    contact->answered_ms = now;
    contact->problem[0] = '\0';
    pthread_mutex_unlock(&node->live->contacts_lock);
}

bool node_contact(struct node *node, size_t n, struct node_contact *out)
{
    if (!node->live || n >= node->settings.peer_count)
        return false;
    const struct contact *contact = &node->live->contact[n];
    *out = (struct node_contact){.peer = &node->settings.peer[n]};
    pthread_mutex_lock(&node->live->contacts_lock);
    out->asked_ms = contact->asked_ms;
    out->answered_ms = contact->answered_ms;
    out->size = contact->size;
    memcpy(out->problem, contact->problem, sizeof out->problem);
    memcpy(out->charge, contact->charge, sizeof out->charge);
    pthread_mutex_unlock(&node->live->contacts_lock);
    return true;
}

/* --- judging a checkpoint that another shows --- */

struct shown {
    struct node *node;
    size_t contact;
    struct span bytes;
    struct checkpoint checkpoint;
    struct journal_head head;
    struct arena *arena;
};

/* Two logs: both sides of it are kept, once. */
static bool contradicts(struct shown *shown, const struct pull_split *split, struct err *err)
{
    contact_charge(shown->node, shown->contact,
                   "it shows a checkpoint, signed by the log's key, that contradicts the log here: "
                   "both are in evidence/");
    return evidence_keep(shown->node, shown->bytes, shown->head.note, split, err);
}

/* Of a term before the last that is known to have been opened, be it that nothing of that is here
 * yet: whoever kept the one before, or followed it, may have gone on with it, which is no second
 * log (doc/format.md §7.5) and nothing to follow. */
static bool is_of_past(const struct shown *shown)
{
    const struct log_keys *keys = node_log_keys(shown->node);

    return log_keys_find(keys, span_of(shown->checkpoint.origin)) != log_keys_last(keys);
}

/* False: it counts. What cannot be told, for the end of its term is not here, does not. */
static bool is_beyond_end(struct shown *shown)
{
    struct checkpoint end;
    struct note note;
    struct span bytes;
    uint64_t number;
    struct err missing = {0};

    return is_of_past(shown) &&
           (!term_number(span_of(shown->checkpoint.origin), shown->node->settings.agreement,
                         &number) ||
            !node_term_end(shown->node, number, &bytes, shown->arena, &missing) ||
            !log_keys_open(node_log_keys(shown->node), &end, &note, bytes, shown->arena,
                           &missing) ||
            shown->checkpoint.size > end.size);
}

/* The log may have grown by a tick of our own since the reader was last told. */
static bool own_root(struct node *node, uint64_t size, struct hash *out, struct err *err)
{
    struct live *live = node->live;
    struct merkle tree;

    pthread_mutex_lock(&live->lock);
    if (size > log_reader_size(live->roots))
        log_reader_resize(live->roots, size);
    bool ok = merkle_load(&tree, size, log_reader_hash, live->roots, err);
    if (ok)
        *out = merkle_root(&tree);
    pthread_mutex_unlock(&live->lock);
    return ok;
}

/* While the keeper answers it is followed alone: another, who may be slow on purpose, has
 * nothing that the keeper will not have in a moment. One that shows checkpoints and not what they
 * are of is as good as silent. */
static bool is_silent(const struct node *node, int64_t now)
{
    size_t keeper = atomic_load(&node->live->keeper);

    return keeper == SETTINGS_PEERS || node->live->contact[keeper].problem[0] ||
           live_due(now, node->live->contact[keeper].answered_ms, SILENT_MS);
}

/* At most as large as what is here. */
static bool compare(struct shown *shown, struct err *err)
{
    struct hash root;

    if (!own_root(shown->node, shown->checkpoint.size, &root, err))
        return false;
    if (!hash_equal(root, shown->checkpoint.root))
        return contradicts(shown, NULL, err);
    if (span_equal(shown->bytes, shown->head.note) ||
        shown->checkpoint.size < shown->head.checkpoint.size ||
        strcmp(shown->checkpoint.origin, shown->head.checkpoint.origin) != 0)
        return true;
    return cosign_merge(shown->node, shown->bytes, err);
}

/* Whoever gives nothing, slowly, must not be asked again and again while others wait. */
static void note_fetch_failed(struct node *node, size_t n)
{
    struct contact *contact = &node->live->contact[n];

    contact->failed_ms = clock_now_ms(node->world.clock);
    contact->failures += contact->failures < FETCH_DOUBLINGS;
}

static bool may_fetch(const struct node *node, size_t n)
{
    const struct contact *contact = &node->live->contact[n];

    return contact->failures == 0 || live_due(clock_now_ms(node->world.clock), contact->failed_ms,
                                              (int64_t)FETCH_AGAIN_MS << (contact->failures - 1));
}

/* A source that fails is no fault of ours; a journal that breaks is. */
static bool pulled(struct shown *shown, bool ok, const struct pull_split *split, struct err *fault,
                   struct err *err)
{
    struct journal_head head;

    if (ok) {
        shown->node->live->contact[shown->contact].failures = 0;
        return true;
    }
    note_problem(shown->node, shown->contact, fault->text);
    note_fetch_failed(shown->node, shown->contact);
    if (fault->kind == ERR_CONFLICT && !contradicts(shown, split, err))
        return false;
    journal_head(shown->node->journal, &head, shown->arena);
    return journal_works(shown->node->journal, err);
}

static bool pull(struct shown *shown, struct err *err)
{
    struct node *node = shown->node;
    struct live *live = node->live;
    struct source_peer peer = {&live->pull, node->settings.peer[shown->contact].url,
                               PULL_PATIENCE_MS};
    struct source source = source_of_peer(&peer);
    struct pull_result result = {0};
    struct journal_head head;
    struct err fault = {0};
    bool ok = true;

    if (!may_fetch(node, shown->contact))
        return true;
    pthread_mutex_lock(&live->lock);
    journal_head(node->journal, &head, shown->arena); /* a witness may have pulled meanwhile */
    if (head.checkpoint.size < shown->checkpoint.size)
        ok = pull_log(&result, node->journal, &source, shown->bytes, &fault);
    journal_head(node->journal, &head, shown->arena);
    log_reader_resize(live->roots, head.checkpoint.size);
    pthread_mutex_unlock(&live->lock);
    return pulled(shown, ok, &result.split, &fault, err);
}

/* Whoever keeps the log and is shown more of it than it has was put back from an old copy. */
static bool ahead_of_keeper(struct shown *shown, struct err *err)
{
    return evidence_keep(shown->node, shown->bytes, (struct span){0}, NULL, err) &&
           err_set(err, ERR_CONFLICT,
                   "%s holds size %" PRIu64
                   " of this log, signed by the key that is here; what is here is older: restore "
                   "the log from one who has it all",
                   shown->node->settings.peer[shown->contact].name, shown->checkpoint.size);
}

/* A cosignature of ours that we have forgotten. */
static void recall(struct shown *shown)
{
    struct live *live = shown->node->live;
    struct err fault = {0};

    if (!live->witness || witness_recall(live->witness, shown->bytes, &fault))
        live->contact[shown->contact].met = true;
    else
        note_problem(shown->node, shown->contact, fault.text);
}

/* Into the term of a checkpoint whose origin is not known. */
static bool follow_shown(struct shown *shown, uint64_t number, bool *out_over, struct err *err)
{
    struct node *node = shown->node;
    struct source_peer peer = {&node->live->pull, node->settings.peer[shown->contact].url,
                               PULL_PATIENCE_MS};
    struct source source = source_of_peer(&peer);
    struct err unknown = *err;

    if (!may_fetch(node, shown->contact))
        return false;
    bool ok = term_follow(node, &source, shown->bytes, out_over, err) ||
              err_wrap(err, "term %" PRIu64, number);
    if (!ok)
        note_fetch_failed(node, shown->contact);
    else
        *err = unknown;
    return ok;
}

/* By the key of a term that is known here; or becomes known now. */
static bool open_shown(struct shown *shown, struct note *note, bool *out_over, struct err *err)
{
    const struct node *node = shown->node;
    struct span rest = shown->bytes, origin;
    uint64_t number;

    if (log_keys_open(node_log_keys(node), &shown->checkpoint, note, shown->bytes, shown->arena,
                      err))
        return true;
    return err->kind == ERR_MISSING && span_cut(&rest, '\n', &origin) &&
           term_number(origin, node->settings.agreement, &number) &&
           follow_shown(shown, number, out_over, err) &&
           log_keys_open(node_log_keys(node), &shown->checkpoint, note, shown->bytes, shown->arena,
                         err);
}

/* Whoever kept the log and learns that another does by now signs no more of it. */
static bool is_handed_over(const struct node *node, bool over, const struct err *fault,
                           struct err *err)
{
    bool stops = over && node_keeps(node);

    if (stops)
        *err = *fault;
    return stops;
}

static bool take(struct node *node, size_t n, struct span bytes, int64_t now, struct arena *arena,
                 struct err *err)
{
    struct shown shown = {.node = node, .contact = n, .bytes = bytes, .arena = arena};
    struct err fault = {0};
    struct note note;
    bool over = false;

    if (!open_shown(&shown, &note, &over, &fault)) {
        note_problem(node, n, fault.text);
        return journal_works(node->journal, err) && !is_handed_over(node, over, &fault, err);
    }
    recall(&shown);
    journal_head(node->journal, &shown.head, arena);
    if (is_beyond_end(&shown)) {
        note_problem(node, n, "it goes on with a term of the log that has ended");
        return true;
    }
    note_size(node, n, shown.checkpoint.size, now);
    if (shown.checkpoint.size <= shown.head.checkpoint.size)
        return compare(&shown, err);
    return node_keeps(node) ? ahead_of_keeper(&shown, err) : pull(&shown, err);
}

/* --- asking --- */

static bool is_due(const struct node *node, size_t n, size_t keeper, int64_t now)
{
    const struct contact *contact = &node->live->contact[n];
    bool awaited = node->live->witness && atomic_load(&node->live->waits_for) > 0 && !contact->met;
    bool often = !node_keeps(node) && (n == keeper || is_silent(node, now));
    int64_t every_ms = often ? KEEPER_EVERY_MS : awaited ? AWAITED_EVERY_MS : OTHERS_EVERY_MS;

    return contact->asked_ms == 0 || live_due(now, contact->asked_ms, every_ms);
}

static size_t list_due(struct node *node, struct call *call, size_t *contact, size_t keeper,
                       int64_t now)
{
    size_t count = 0;

    for (size_t i = 0; i < node->settings.peer_count; i++) {
        if (!is_due(node, i, keeper, now))
            continue;
        note_asked(node, i, now);
        contact[count] = i;
        call[count++] = (struct call){.url = node->settings.peer[i].url,
                                      .path = "/checkpoint",
                                      .limit = LIMIT_CHECKPOINT_BYTES};
    }
    return count;
}

static void note_failure(struct node *node, size_t n, const struct call *call)
{
    char text[200];

    if (call->answered && call->status == 404) /* it holds nothing: it remembers nothing of ours */
        node->live->contact[n].met = true;
    if (call->answered)
        snprintf(text, sizeof text, "it answered %d to GET /checkpoint", call->status);
    else
        snprintf(text, sizeof text, "%.*s", (int)sizeof text - 1, call->err.text);
    note_problem(node, n, text);
}

/* Of a term that is not known here: whoever begins anew must learn that one has ended before it is
 * shown what somebody goes on with beyond that end. */
static bool is_of_next(const struct node *node, const struct call *call)
{
    struct span rest = call->reply, origin;
    uint64_t number;

    return span_cut(&rest, '\n', &origin) && !log_keys_find(node_log_keys(node), origin) &&
           term_number(origin, node->settings.agreement, &number);
}

/* In two rounds. `open` are those that nobody has looked at yet. */
static bool take_all(struct node *node, const struct call *call, const size_t *contact,
                     size_t count, int64_t now, struct arena *arena, struct err *err)
{
    bool open[SETTINGS_PEERS], ok = true;

    for (size_t i = 0; i < count; i++) {
        open[i] = call[i].answered && call[i].status == 200;
        if (!open[i])
            note_failure(node, contact[i], &call[i]);
    }
    for (size_t i = 0; ok && i < count; i++)
        if (open[i] && is_of_next(node, &call[i])) {
            open[i] = false;
            ok = take(node, contact[i], call[i].reply, now, arena, err);
        }
    for (size_t i = 0; ok && i < count; i++)
        if (open[i])
            ok = take(node, contact[i], call[i].reply, now, arena, err);
    return ok;
}

/* Before the log is here nobody knows how many it takes. */
static bool count_awaited(struct node *node, struct err *err)
{
    struct live *live = node->live;
    unsigned met = 0, ask = 1;
    struct quorum quorum = {0};
    uint64_t applied;

    if (atomic_load(&live->waits_for) == 0)
        return true;
    if (!witness_set_read(&live->set, node->reader, err) ||
        !store_applied(node->reader, &applied, err))
        return false;
    for (size_t i = 0; i < live->set.count; i++)
        quorum.witnesses += live->set.in_force[i];
    quorum.need = (unsigned)live->set.quorum;
    for (size_t i = 0; i < node->settings.peer_count; i++)
        met += live->contact[i].met;
    if (applied > 0 || node->settings.peer_count == 0)
        ask = quorum_ask_first(quorum, (unsigned)node->settings.peer_count);
    atomic_store(&live->waits_for, ask > met ? ask - met : 0);
    return true;
}

unsigned node_waits_for(const struct node *node)
{
    return node->live ? atomic_load(&node->live->waits_for) : 0;
}

bool contact_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    struct call call[SETTINGS_PEERS];
    size_t contact[SETTINGS_PEERS];
    int64_t now = clock_now_ms(node->world.clock);
    struct arena arena = {0};

    if (!find_keeper(node, err))
        return false;
    size_t count = list_due(node, call, contact, atomic_load(&live->keeper), now);
    if (count > 0)
        live->turn.run(live->turn.context, call, count, PATIENCE_MS, NULL, NULL, &arena);
    bool ok = take_all(node, call, contact, count, now, &arena, err);
    arena_free(&arena);
    return ok && store_reader_refresh(node->reader, err) && find_keeper(node, err) &&
           count_awaited(node, err);
}

void contact_recall(struct node *node)
{
    struct live *live = node->live;
    struct call call[SETTINGS_PEERS];
    struct arena arena = {0};
    size_t count = node->settings.peer_count;
    struct shown shown = {.node = node, .arena = &arena};

    for (size_t i = 0; i < count; i++)
        call[i] = (struct call){.url = node->settings.peer[i].url,
                                .path = "/checkpoint",
                                .limit = LIMIT_CHECKPOINT_BYTES};
    if (count > 0)
        live->turn.run(live->turn.context, call, count, PATIENCE_MS, NULL, NULL, &arena);
    for (size_t i = 0; i < count; i++) {
        shown.contact = i;
        shown.bytes = call[i].reply;
        if (call[i].answered && call[i].status == 200)
            recall(&shown);
    }
    arena_free(&arena);
}
