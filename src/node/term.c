#include "node/inside.h"

#include "base/limits.h"
#include "node/author.h"

#include <stdio.h>

/* A hand-over as a node takes part in it: freezing the old term, and opening the next. */

static bool head_note(struct node *node, struct journal_head *out, struct arena *arena,
                      struct err *err)
{
    journal_head(node->journal, out, arena);
    return out->checkpoint.size > 0 || err_set(err, ERR_MISSING, "this node holds no log yet");
}

bool node_freeze(struct node *node, const struct note_key *next_log,
                 const struct note_key *next_promise, struct span *out_note, struct arena *arena,
                 struct err *err)
{
    struct journal_head head;

    assert(node->live);
    if (!node->live->witness)
        return err_set(err, ERR_USAGE, "this node has no witness key: it has nothing to freeze");
    contact_recall(node);
    if (!head_note(node, &head, arena, err))
        return false;
    const struct freeze freeze = {
        .checkpoint = &head.checkpoint,
        .next_origin = next_log->name,
        .next_log_key = note_key_text(next_log, arena),
        .next_promise_key = note_key_text(next_promise, arena),
    };
    return witness_freeze(node->live->witness, &freeze, &node->own, out_note, arena, err);
}

bool node_frozen(struct node *node, const char *origin, uint64_t *out_size)
{
    return node->live && node->live->witness &&
           witness_frozen(node->live->witness, origin, out_size);
}

bool node_term_end(struct node *node, uint64_t number, struct span *out_note, struct arena *arena,
                   struct err *err)
{
    char path[TERM_PATH];

    term_path(path, number);
    return disk_read(node->world.disk, path, LIMIT_CHECKPOINT_BYTES, out_note, arena, err);
}

/* --- taking over --- */

static struct json opening(struct node *node, const struct note_key *next_log,
                           const struct note_key *next_promise, const struct span *freeze,
                           size_t count, struct arena *arena)
{
    struct json body = json_object(), notes = json_array();

    for (size_t i = 0; i < count; i++)
        json_push(&notes, json_string(freeze[i]), arena);
    json_set(&body, "freezes", notes, arena);
    json_set(&body, "operator", json_text(node->settings.name), arena);
    json_set(&body, "log_key", json_text(note_key_text(next_log, arena)), arena);
    json_set(&body, "promise_key", json_text(note_key_text(next_promise, arena)), arena);
    return body;
}

static bool sign_opening(struct node *node, const struct json *body, struct submission *out,
                         struct arena *arena, struct err *err)
{
    struct author *author = NULL;
    char id[65];
    bool ok = author_open(&author, node, node->settings.name, err) &&
              author_sign(author, "term.open", body, out, id, arena, err);

    author_close(author);
    return ok;
}

/* An opening that is void would be the first entry of a term that nobody follows. */
static bool judge_opening(struct node *node, uint64_t size, struct span note, struct arena *arena,
                          struct err *err)
{
    struct effects effects;

    pthread_mutex_lock(&node->live->lock);
    bool ok = term_judge(node, size, note, &effects, arena, err);
    pthread_mutex_unlock(&node->live->lock);
    return ok &&
           (effects.verdict != VERDICT_VOID ||
            err_set(err, ERR_REFUSED, "the term would not open: %.*s", SPAN_ARG(effects.why)));
}

/* The settings come last: until then the node follows, as before. */
static bool become_keeper(struct node *node, const struct journal_head *head,
                          const struct note_key *next_log, const struct note_key *next_promise,
                          struct span opening_note, struct err *err)
{
    struct disk *disk = node->world.disk;
    struct log_keys keys = *node_log_keys(node);
    uint64_t number;
    char path[TERM_PATH];

    if (!term_number(span_of(head->checkpoint.origin), node->settings.agreement, &number))
        return err_set(err, ERR_MALFORMED, "%s is no term", head->checkpoint.origin);
    term_path(path, number);
    snprintf(node->settings.origin, sizeof node->settings.origin, "%s", next_log->name);
    snprintf(node->settings.promise, sizeof node->settings.promise, "%s", next_promise->name);
    return disk_replace(disk, path, head->note, true, err) &&
           disk_replace(disk, TERM_OPENING_FILE, opening_note, true, err) &&
           outbox_lapse(node->outbox, head->checkpoint.origin, head->checkpoint.size, err) &&
           log_keys_add(&keys, next_log, err) && log_keys_write(&keys, disk, err) &&
           settings_write(&node->settings, disk, err);
}

bool node_take_over(struct node *node, const struct note_key *next_log,
                    const struct note_key *next_promise, const struct span *freeze, size_t count,
                    struct arena *arena, struct err *err)
{
    struct journal_head head;
    struct submission record;
    struct json body = opening(node, next_log, next_promise, freeze, count, arena);

    assert(node->live);
    if (node_keeps(node))
        return err_set(err, ERR_CONFLICT, "this node keeps the log already");
    return head_note(node, &head, arena, err) && sign_opening(node, &body, &record, arena, err) &&
           judge_opening(node, head.checkpoint.size, record.note, arena, err) &&
           become_keeper(node, &head, next_log, next_promise, record.note, err);
}

bool term_begin(struct node *node, struct err *err)
{
    struct submission opening = {0};
    struct journal_head head;
    struct answer answer;
    struct arena arena = {0};
    bool ok = true;

    journal_head(node->journal, &head, &arena);
    if (node_keeps(node) && head.checkpoint.size > 0 && head.staged == head.checkpoint.size &&
        strcmp(head.checkpoint.origin, node->settings.origin) != 0)
        ok = disk_read(node->world.disk, TERM_OPENING_FILE, LIMIT_ENTRY_BYTES, &opening.note,
                       &arena, err) &&
             journal_append(node->journal, &opening, 1, &answer, &arena, err) &&
             journal_publish(node->journal, err);
    arena_free(&arena);
    return ok || err_wrap(err, "begin the term");
}
