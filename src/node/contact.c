#include "node/inside.h"

#include "codec/hex.h"
#include "codec/json.h"
#include "sync/pull.h"

#include <stdio.h>

/*
 * The others. Everybody's checkpoint is asked for: that of whoever keeps the log often, to
 * follow it, the others' now and then, so that two logs shown to two participants are found,
 * and often when the keeper is silent, for any of them can serve the log on.
 */

#define KEEPER_EVERY_MS 500
#define OTHERS_EVERY_MS 5000
#define SILENT_MS 3000 /* the keeper is: the others are asked as often as it */
#define PATIENCE_MS 1000u
#define PULL_PATIENCE_MS 3000u
#define MOST_EVIDENCE 100u

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

static void note_problem(struct node *node, size_t n, const char *text)
{
    struct contact *contact = &node->live->contact[n];

    pthread_mutex_lock(&node->live->contacts_lock);
    snprintf(contact->problem, sizeof contact->problem, "%.*s", (int)sizeof contact->problem - 1,
             text);
    pthread_mutex_unlock(&node->live->contacts_lock);
}

void contact_charge(struct node *node, size_t n, const char *text)
{
    struct contact *contact = &node->live->contact[n];

    pthread_mutex_lock(&node->live->contacts_lock);
    snprintf(contact->charge, sizeof contact->charge, "%.*s", (int)sizeof contact->charge - 1,
             text);
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

bool contact_evidence(struct node *node, struct span note, struct err *err)
{
    struct arena arena = {0};
    struct hash hash = hash_of(note);
    struct disk_entry *entry;
    size_t count;
    char hex[2 * HASH_BYTES + 1];

    hex_text(hex, hash_span(&hash));
    const char *path = arena_printf(&arena, "evidence/%s.note", hex);
    bool ok = disk_list(node->world.disk, "evidence", &entry, &count, &arena, err);
    bool known = false;
    for (size_t i = 0; ok && i < count; i++)
        known = known || strcmp(entry[i].path, path) == 0;
    if (ok && !known && count < MOST_EVIDENCE)
        ok = disk_replace(node->world.disk, path, note, true, err);
    arena_free(&arena);
    return ok;
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

/* Two logs: both sides of it are kept. */
static bool contradicts(struct shown *shown, struct err *err)
{
    contact_charge(shown->node, shown->contact,
                   "it shows a checkpoint, signed by the log's key, that contradicts the log here: "
                   "both are in evidence/");
    return contact_evidence(shown->node, shown->bytes, err) &&
           contact_evidence(shown->node, shown->head.note, err);
}

static bool own_root(struct node *node, uint64_t size, struct hash *out, struct err *err)
{
    struct live *live = node->live;

    pthread_mutex_lock(&live->lock);
    struct merkle tree;
    bool ok = merkle_load(&tree, size, log_reader_hash, live->roots, err);
    if (ok)
        *out = merkle_root(&tree);
    pthread_mutex_unlock(&live->lock);
    return ok;
}

/* While the keeper answers it is followed alone: another, who may be slow on purpose, has
 * nothing that the keeper will not have in a moment. */
static bool is_silent(const struct node *node, int64_t now)
{
    size_t keeper = atomic_load(&node->live->keeper);

    return keeper == SETTINGS_PEERS ||
           live_due(now, node->live->contact[keeper].answered_ms, SILENT_MS);
}

/* At most as large as what is here. */
static bool compare(struct shown *shown, struct err *err)
{
    struct hash root;

    if (!own_root(shown->node, shown->checkpoint.size, &root, err))
        return false;
    if (!hash_equal(root, shown->checkpoint.root))
        return contradicts(shown, err);
    if (shown->checkpoint.size < shown->head.checkpoint.size ||
        strcmp(shown->checkpoint.origin, shown->head.checkpoint.origin) != 0)
        return true;
    return cosign_merge(shown->node, shown->bytes, err);
}

/* A source that fails is no fault of ours; a journal that breaks is. */
static bool pulled(struct shown *shown, bool ok, struct err *fault, struct err *err)
{
    struct journal_head head;

    if (ok)
        return true;
    note_problem(shown->node, shown->contact, fault->text);
    if (fault->kind == ERR_CONFLICT && !contradicts(shown, err))
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
    struct pull_result result;
    struct journal_head head;
    struct err fault = {0};
    bool ok = true;

    pthread_mutex_lock(&live->lock);
    journal_head(node->journal, &head, shown->arena); /* a witness may have pulled meanwhile */
    if (head.checkpoint.size < shown->checkpoint.size)
        ok = pull_log(&result, node->journal, &source, shown->bytes, &fault);
    journal_head(node->journal, &head, shown->arena);
    log_reader_resize(live->roots, head.checkpoint.size);
    pthread_mutex_unlock(&live->lock);
    return pulled(shown, ok, &fault, err);
}

/* Whoever keeps the log and is shown more of it than it has was put back from an old copy. */
static bool ahead_of_keeper(struct shown *shown, struct err *err)
{
    return contact_evidence(shown->node, shown->bytes, err) &&
           err_set(err, ERR_CONFLICT,
                   "%s holds size %" PRIu64
                   " of this log, signed by the key that is here; what is here is older: restore "
                   "the log from one who has it all",
                   shown->node->settings.peer[shown->contact].name, shown->checkpoint.size);
}

/* A cosignature of ours that we have forgotten. */
static void recall(struct shown *shown)
{
    struct witness *witness = shown->node->live->witness;
    struct err fault = {0};

    if (witness && !witness_recall(witness, shown->bytes, &fault))
        note_problem(shown->node, shown->contact, fault.text);
}

/* By the key of a term that is known here; or becomes known now. */
static bool open_shown(struct shown *shown, struct note *note, struct err *err)
{
    struct node *node = shown->node;
    struct source_peer peer = {&node->live->pull, node->settings.peer[shown->contact].url,
                               PULL_PATIENCE_MS};
    struct source source = source_of_peer(&peer);
    uint64_t number;

    if (log_keys_open(node_log_keys(node), &shown->checkpoint, note, shown->bytes, shown->arena,
                      err))
        return true;
    struct span rest = shown->bytes, origin;
    return err->kind == ERR_MISSING && span_cut(&rest, '\n', &origin) &&
           term_number(origin, node->settings.agreement, &number) &&
           term_follow(node, &source, shown->bytes, err) &&
           log_keys_open(node_log_keys(node), &shown->checkpoint, note, shown->bytes, shown->arena,
                         err);
}

/* Whoever kept the log and learns that another does by now signs no more of it. */
static bool handed_over(const struct node *node, const struct err *fault, struct err *err)
{
    bool over = node_keeps(node) && fault->kind == ERR_CONFLICT;

    if (over)
        *err = *fault;
    return over;
}

static bool take(struct node *node, size_t n, struct span bytes, int64_t now, struct arena *arena,
                 struct err *err)
{
    struct shown shown = {.node = node, .contact = n, .bytes = bytes, .arena = arena};
    struct err fault = {0};
    struct note note;

    if (!open_shown(&shown, &note, &fault)) {
        note_problem(node, n, fault.text);
        return journal_works(node->journal, err) && !(handed_over(node, &fault, err));
    }
    note_size(node, n, shown.checkpoint.size, now);
    recall(&shown);
    journal_head(node->journal, &shown.head, arena);
    if (shown.checkpoint.size <= shown.head.checkpoint.size)
        return compare(&shown, err);
    if (node_keeps(node))
        return ahead_of_keeper(&shown, err);
    return (n != atomic_load(&node->live->keeper) && !is_silent(node, now)) || pull(&shown, err);
}

/* --- asking --- */

static bool is_due(const struct node *node, size_t n, size_t keeper, int64_t now)
{
    const struct contact *contact = &node->live->contact[n];
    bool often = !node_keeps(node) && (n == keeper || is_silent(node, now));

    return contact->asked_ms == 0 ||
           live_due(now, contact->asked_ms, often ? KEEPER_EVERY_MS : OTHERS_EVERY_MS);
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

    if (call->answered)
        snprintf(text, sizeof text, "it answered %d to GET /checkpoint", call->status);
    else
        snprintf(text, sizeof text, "%.*s", (int)sizeof text - 1, call->err.text);
    note_problem(node, n, text);
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
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        if (call[i].answered && call[i].status == 200)
            ok = take(node, contact[i], call[i].reply, now, &arena, err);
        else
            note_failure(node, contact[i], &call[i]);
    }
    atomic_store(&live->met, true);
    arena_free(&arena);
    return ok && store_reader_refresh(node->reader, err) && find_keeper(node, err);
}
