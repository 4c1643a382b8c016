#include "node/inside.h"

#include "base/limits.h"
#include "sync/pull.h"

/* The log from a file, a copy, a peer: all that one source has, at once. */

struct import {
    struct node *node;
    const struct source *source;
    struct arena arena;
    struct span note;
    struct journal_head head; /* of the log here, before */
    struct node_imported *out;
};

/* By the key of a term that is known here; or becomes known now. */
static bool open_note(struct import *import, struct err *err)
{
    struct node *node = import->node;
    struct checkpoint checkpoint;
    struct note note;
    struct span rest = import->note, origin;
    uint64_t number;
    bool over;

    if (log_keys_open(node_log_keys(node), &checkpoint, &note, import->note, &import->arena, err))
        return true;
    return err->kind == ERR_MISSING && span_cut(&rest, '\n', &origin) &&
           term_number(origin, node->settings.agreement, &number) &&
           term_follow(node, import->source, import->note, &over, err);
}

static bool keep_evidence(struct import *import, const struct pull_split *split, struct err *err)
{
    struct err failed;

    if (!evidence_keep(import->node, import->note, import->head.note, split, &failed))
        *err = failed;
    return false;
}

/* Nothing that is not here already is no fault. */
static bool pull(struct import *import, struct err *err)
{
    struct node *node = import->node;
    struct live *live = node->live;
    struct pull_result result = {0};
    struct journal_head head;

    pthread_mutex_lock(&live->lock);
    bool ok = pull_log(&result, node->journal, import->source, import->note, err);
    journal_head(node->journal, &head, &import->arena);
    log_reader_resize(live->roots, head.checkpoint.size);
    pthread_mutex_unlock(&live->lock);
    if (!ok && err->kind == ERR_CONFLICT)
        return keep_evidence(import, &result.split, err);
    import->out->entries = head.checkpoint.size - import->head.checkpoint.size;
    import->out->parts = result.parts;
    return ok || err->kind == ERR_USAGE;
}

/* A cosignature of our own that was forgotten is remembered; those of others stand on the
 * checkpoint. */
static bool take_lines(struct import *import, struct err *err)
{
    struct node *node = import->node;
    struct err none;

    if (node->live->witness)
        (void)!witness_recall(node->live->witness, import->note, &none);
    return store_reader_refresh(node->reader, err) &&
           witness_set_read(&node->live->set, node->reader, err) &&
           cosign_merge(node, import->note, err);
}

static bool take_parts(struct import *import, uint64_t from, struct err *err)
{
    struct journal_head head;
    struct pull_result result;
    bool ok = true;

    journal_head(import->node->journal, &head, &import->arena);
    for (uint64_t next = from; ok && next < head.checkpoint.size;) {
        ok = pull_parts(&result, &next, import->node->journal, import->source, next, err);
        import->out->parts += ok ? result.parts : 0;
        import->out->owed += ok ? result.owed : 0;
    }
    return ok;
}

bool node_import(struct node *node, const struct source *source, uint64_t from,
                 struct node_imported *out, struct err *err)
{
    struct node_imported imported = {0};
    struct import import = {.node = node, .source = source, .out = &imported};

    assert(node->live);
    if (node_keeps(node))
        return err_set(err, ERR_REFUSED, "this node keeps the log: there is nothing to import");
    journal_head(node->journal, &import.head, &import.arena);
    bool ok = source_get(source, "checkpoint", LIMIT_CHECKPOINT_BYTES, &import.note, &import.arena,
                         err) &&
              open_note(&import, err) && pull(&import, err) && take_lines(&import, err) &&
              take_parts(&import, from, err);
    arena_free(&import.arena);
    if (ok)
        *out = imported;
    return ok;
}
