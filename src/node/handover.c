#include "node/inside.h"

#include "base/reader.h"
#include "journal/applier.h"
#include "journal/follow.h"
#include "sync/pull.h"

#include <stdio.h>

/*
 * A hand-over seen from a node that follows (doc/format.md §7.5): a checkpoint of a term that
 * is not known here is believed when the log itself, followed to where the old term ended,
 * goes on with a term.open that holds and names the key.
 */

#define PULL_PATIENCE_MS 3000u

bool term_number(struct span origin, const char *agreement, uint64_t *out)
{
    size_t len = strlen(agreement);

    return origin.len > len + 6 && span_starts_with(origin, span_of(agreement)) &&
           span_starts_with(span_from(origin, len), SPAN_LIT("/term/")) &&
           decimal_parse(out, span_from(origin, len + 6), LIMIT_INTEGER) && *out > 0;
}

void term_path(char out[TERM_PATH], uint64_t number)
{
    snprintf(out, TERM_PATH, "terms/%" PRIu64, number);
}

struct handover {
    struct node *node;
    const struct source *source;
    struct arena arena;
    struct span next;       /* the checkpoint of the term that is not known */
    uint64_t next_size;     /* what it says */
    struct checkpoint last; /* the old term's last one */
    struct span last_note;
    uint64_t held; /* how much of the log is here */
    bool over;     /* it was handed over, and this node has not followed */
    /* The old term's end is another log's. */
    bool parts;
    struct pull_split split;
    struct span own_note;
};

/* What the checkpoint says of itself; nobody has verified it. */
static bool read_next(struct handover *h, struct err *err)
{
    struct checkpoint next;
    struct note note;

    if (!note_parse(&note, h->next, &h->arena, err) || !checkpoint_parse(&next, note.text, err))
        return false;
    h->next_size = next.size;
    return true;
}

/* The last checkpoint of the term that is known here, from the one who shows the next. */
static bool fetch_last(struct handover *h, struct err *err)
{
    const struct note_key *known = log_keys_last(node_log_keys(h->node));
    struct note note;
    uint64_t number;
    bool named = term_number(span_of(known->name), h->node->settings.agreement, &number);

    if (!named)
        return err_set(err, ERR_MALFORMED, "%s is no origin of this agreement", known->name);
    const char *path = arena_printf(&h->arena, "term/%" PRIu64 "/checkpoint", number);
    bool ok = source_get(h->source, path, LIMIT_CHECKPOINT_BYTES, &h->last_note, &h->arena, err) &&
              checkpoint_open(&h->last, &note, h->last_note, known, &h->arena, err) &&
              (h->last.size > 0 || err_set(err, ERR_MALFORMED, "it ends before it has begun"));
    return ok || err_wrap(err, "the end of %s", known->name);
}

static bool root_here(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct merkle tree;

    if (!merkle_load(&tree, size, log_reader_hash, context, err))
        return false;
    *out = merkle_root(&tree);
    return true;
}

/* At least to where the old term ended. */
static bool follow_to_end(struct handover *h, struct err *err)
{
    struct journal *journal = h->node->journal;
    struct log_reader *roots = h->node->live->roots;
    struct pull_result result = {0};
    struct journal_head head;
    struct hash root;

    journal_head(journal, &head, &h->arena);
    h->own_note = head.note;
    if (head.checkpoint.size < h->last.size) {
        if (node_keeps(h->node))
            return err_set(err, ERR_REFUSED, "this node keeps the log, and it is not so long");
        if (!pull_log(&result, journal, h->source, h->last_note, err)) {
            h->parts = err->kind == ERR_CONFLICT;
            h->split = result.split;
            return false;
        }
        journal_head(journal, &head, &h->arena);
    }
    h->held = head.checkpoint.size;
    log_reader_resize(roots, h->held);
    if (!root_here(roots, h->last.size, &root, err))
        return false;
    h->parts = !hash_equal(root, h->last.root);
    return !h->parts || err_set(err, ERR_REFUSED,
                                "the old term's end is not of the log here: its key has signed two "
                                "histories, and both are in evidence/");
}

/* The entry that is to open the term, as the source gives it. */
static bool fetch_opening(struct handover *h, struct span *out, struct err *err)
{
    uint64_t index = h->last.size;
    struct tile tile = {TILE_ENTRIES, index / TILE_WIDTH, 0};
    char path[TILE_PATH];
    struct span bundle;

    tile.width = tile_width_at(TILE_ENTRIES, tile.index, h->next_size);
    if (h->next_size <= index)
        return err_set(err, ERR_MALFORMED, "the new term has no entry of its own");
    tile_path(path, tile);
    if (!source_get(h->source, path, LOG_BUNDLE_BYTES, &bundle, &h->arena, err))
        return false;
    for (uint64_t i = 0; i <= index % TILE_WIDTH; i++)
        if (!tile_bundle_next(&bundle, out))
            return err_set(err, ERR_MALFORMED, "%s is cut short", path);
    return true;
}

bool term_judge(struct node *node, uint64_t index, struct span entry, struct effects *out,
                struct arena *arena, struct err *err)
{
    struct applier_lookup rows = {.reader = node->reader,
                                  .as_of = index - 1,
                                  .root = root_here,
                                  .root_context = node->live->roots};
    struct register_lookup lookup = applier_lookup(&rows);
    const struct register_entry at = {.index = index, .bytes = entry};

    return store_reader_refresh(node->reader, err) && register_apply(out, &lookup, &at, arena, err);
}

/* The key that an opening which holds names. */
static bool opened_key(struct handover *h, struct span entry, struct note_key *out, struct err *err)
{
    struct effects effects;
    struct record record;

    if (!term_judge(h->node, h->last.size, entry, &effects, &h->arena, err))
        return false;
    if (effects.verdict == VERDICT_VOID || !span_is(effects.kind, "term.open"))
        return err_set(err, ERR_REFUSED, "entry %" PRIu64 " opens no term: %.*s", h->last.size,
                       SPAN_ARG(effects.why));
    return record_parse(&record, entry, &h->arena, err) &&
           note_key_parse(out, json_get_string(record.body, "log_key", (struct span){0}), err);
}

static bool take_term(struct handover *h, struct err *err)
{
    struct node *node = h->node;
    char path[TERM_PATH];
    struct span entry;
    struct note_key key;
    uint64_t number = 0;

    if (!read_next(h, err) || !fetch_last(h, err) || !follow_to_end(h, err) ||
        !fetch_opening(h, &entry, err) || !opened_key(h, entry, &key, err))
        return false;
    h->over = node_keeps(node) || h->held > h->last.size;
    if (h->over)
        return err_set(
            err, ERR_CONFLICT,
            "the log was handed over at size %" PRIu64 " to %s, and this node %s the "
            "old term: stop it, and sulh term set-aside DIR --size %" PRIu64 " makes it follow",
            h->last.size, key.name, node_keeps(node) ? "kept" : "has gone on with", h->last.size);
    if (term_number(span_of(h->last.origin), node->settings.agreement, &number))
        term_path(path, number);
    return disk_replace(node->world.disk, path, h->last_note, true, err) &&
           outbox_lapse(node->outbox, h->last.origin, h->last.size, err) &&
           follow_term(node->journal, &key, err);
}

bool term_follow(struct node *node, const struct source *source, struct span next, bool *out_over,
                 struct err *err)
{
    struct handover h = {.node = node, .source = source, .next = next};
    struct err failed;

    pthread_mutex_lock(&node->live->lock);
    bool ok = take_term(&h, err);
    pthread_mutex_unlock(&node->live->lock);
    if (h.parts && !evidence_keep(node, h.last_note, h.own_note, &h.split, &failed))
        *err = failed;
    arena_free(&h.arena);
    *out_over = h.over;
    return ok || err_wrap(err, "hand-over");
}
