#include "sync/witness_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/reader.h"
#include "codec/hex.h"
#include "ledger/cosignature.h"
#include "ledger/merkle.h"

/* A log that lies often enough to fill this needs no further proof. */
#define EVIDENCE_MOST 16u
#define EVIDENCE_PREFIX "evidence/checkpoint-"
#define EVIDENCE_PATH 80

uint64_t witness_term(const struct witness *witness, const char *origin)
{
    struct reader r = reader_over(span_of(origin));
    uint64_t term;

    reader_expect(&r, witness->options.agreement);
    reader_expect(&r, "/term/");
    struct span number = reader_take(&r, reader_left(&r));
    return reader_done(&r) && decimal_parse(&term, number, LIMIT_TREE_SIZE) ? term : 0;
}

/* What it remembers. */

static bool read_last(struct witness *witness, struct err *err)
{
    struct cosigned *last = &witness->last;

    if (!witness_file_read(last, witness->options.disk, err))
        return false;
    return !last->checkpoint.origin[0] || witness_term(witness, last->checkpoint.origin) > 0 ||
           err_set(err, ERR_CONFLICT, "the file %s is another agreement's", WITNESS_FILE);
}

/* From its return on, nothing smaller, nothing else of this size and nothing at an earlier time
 * is cosigned any more. */
static bool remember(struct witness *witness, const struct checkpoint *checkpoint, uint64_t seconds,
                     struct err *err)
{
    const struct cosigned cosigned = {*checkpoint, seconds};

    if (!witness_file_write(witness->options.disk, &cosigned, err))
        return false;
    witness->last = cosigned;
    return true;
}

/* Others keep evidence of theirs beside it. */
static bool count_evidence(struct witness *witness, struct err *err)
{
    struct disk *disk = witness->options.disk;
    struct arena arena = {0};
    struct disk_entry *entry;
    size_t count;

    bool ok = disk_list(disk, "evidence", &entry, &count, &arena, err);
    for (size_t i = 0; ok && i < count; i++) {
        struct span path = span_of(entry[i].path);
        if (!span_starts_with(path, SPAN_LIT(EVIDENCE_PREFIX)))
            continue;
        if (span_ends_with(path, SPAN_LIT(DISK_UNFINISHED)))
            ok = disk_remove(disk, entry[i].path, err);
        else
            witness->evidence++;
    }
    arena_free(&arena);
    return ok;
}

bool witness_open(struct witness **out, const struct witness_options *options, struct err *err)
{
    struct witness *witness = calloc(1, sizeof *witness);

    assert(options->signer->type == NOTE_TYPE_COSIGNATURE);
    if (!witness || pthread_mutex_init(&witness->lock, NULL))
        abort();
    witness->options = *options;
    if (!read_last(witness, err) || !witness_read_frozen(witness, err) ||
        !count_evidence(witness, err)) {
        witness_close(witness);
        return err_wrap(err, "open the witness");
    }
    *out = witness;
    return true;
}

void witness_close(struct witness *witness)
{
    if (!witness)
        return;
    arena_free(&witness->arena);
    pthread_mutex_destroy(&witness->lock);
    free(witness);
}

struct checkpoint witness_last(struct witness *witness)
{
    pthread_mutex_lock(&witness->lock);
    struct checkpoint last = witness->last.checkpoint;
    pthread_mutex_unlock(&witness->lock);
    return last;
}

static bool same(const struct checkpoint *a, const struct checkpoint *b)
{
    return strcmp(a->origin, b->origin) == 0 && a->size == b->size && hash_equal(a->root, b->root);
}

/* A term's origin is cosigned on its own: who had followed the old one beyond the size at which
 * the others froze it goes on with the new one, and never back (format §7.5). */
struct witness_state witness_state_locked(const struct witness *witness, const char *origin)
{
    struct witness_state state = {.last.root = merkle_empty()};
    uint64_t term = witness_term(witness, origin);
    uint64_t last_term = witness_term(witness, witness->last.checkpoint.origin);

    if (term > 0 && term == last_term)
        state.last = witness->last.checkpoint;
    state.closed = term == 0 || term < last_term;
    for (size_t i = 0; i < witness->frozen_count; i++)
        state.closed = state.closed || strcmp(witness->frozen[i].origin, origin) == 0;
    return state;
}

bool witness_is_present(struct witness *witness, const char *origin)
{
    struct log_keys keys = {0};

    witness->options.keys(witness->options.context, &keys);
    return keys.count > 0 && strcmp(log_keys_last(&keys)->name, origin) == 0;
}

struct witness_state witness_state(struct witness *witness, const char *origin)
{
    bool present = witness_is_present(witness, origin);

    pthread_mutex_lock(&witness->lock);
    struct witness_state state = witness_state_locked(witness, origin);
    pthread_mutex_unlock(&witness->lock);
    state.closed = state.closed || !present;
    return state;
}

/* Recalling. */

/* Whether it bears a cosignature of ours that holds; only then *out is filled in. */
static bool is_ours(const struct witness *witness, struct span bytes, struct cosigned *out)
{
    const struct note_key key = note_signer_key(witness->options.signer);
    struct cosigned given;
    struct arena arena = {0};
    struct note note;
    struct err unfit = {0};

    bool ours = note_parse(&note, bytes, &arena, &unfit) &&
                checkpoint_parse(&given.checkpoint, note.text, &unfit) &&
                witness_term(witness, given.checkpoint.origin) > 0;
    size_t i = 0;
    while (ours && i < note.count &&
           !cosignature_verify(&given.seconds, note.text, &note.line[i], &key))
        i++;
    ours = ours && i < note.count;
    if (ours)
        *out = given;
    arena_free(&arena);
    return ours;
}

static bool recall(struct witness *witness, const struct cosigned *given, struct err *err)
{
    const struct checkpoint *last = &witness->last.checkpoint;
    uint64_t seconds = witness->last.seconds;
    uint64_t term = witness_term(witness, given->checkpoint.origin);
    uint64_t last_term = witness_term(witness, last->origin);
    bool larger = term > last_term || (term == last_term && given->checkpoint.size > last->size);

    if (term == last_term && given->checkpoint.size == last->size &&
        !hash_equal(given->checkpoint.root, last->root))
        return err_set(err, ERR_CONFLICT,
                       "%s has cosigned two trees of %" PRIu64 " entries: this one's and another",
                       witness->options.signer->name, last->size);
    if (!larger && given->seconds <= seconds)
        return true;
    const struct checkpoint checkpoint = larger ? given->checkpoint : *last;
    return remember(witness, &checkpoint, given->seconds > seconds ? given->seconds : seconds, err);
}

bool witness_recall(struct witness *witness, struct span note, struct err *err)
{
    struct cosigned given;

    if (!is_ours(witness, note, &given))
        return true;
    pthread_mutex_lock(&witness->lock);
    bool ok = recall(witness, &given, err);
    pthread_mutex_unlock(&witness->lock);
    return ok || err_wrap(err, "recall what was cosigned");
}

/* Cosigning. */

bool witness_root(struct witness *witness, uint64_t size, struct hash *out, struct err *err)
{
    if (size > 0)
        return witness->options.root(witness->options.context, size, out, err);
    *out = merkle_empty();
    return true;
}

bool witness_check_held(struct witness *witness, const struct checkpoint *last,
                        const struct checkpoint *checkpoint, struct err *err)
{
    struct hash root, last_root;

    if (!witness_root(witness, checkpoint->size, &root, err) ||
        !witness_root(witness, last->size, &last_root, err))
        return false;
    if (!hash_equal(root, checkpoint->root))
        return err_set(err, ERR_CONFLICT, "the log held here has another root at size %" PRIu64,
                       checkpoint->size);
    return hash_equal(last_root, last->root) ||
           err_set(err, ERR_REFUSED,
                   "the log held here is not the one of which %" PRIu64 " entries were cosigned",
                   last->size);
}

/* Now; a time that a cosignature can have. A larger checkpoint at an earlier time would be a
 * proof against us that we set our clock back (format §11.4). */
static bool read_clock(const struct witness *witness, uint64_t *out_seconds, struct err *err)
{
    int64_t seconds = clock_now_ms(witness->options.clock) / 1000;

    if (seconds < 1 || (uint64_t)seconds > COSIGNATURE_LAST_SECOND)
        return err_set(err, ERR_IO, "the clock says %" PRId64 " seconds since 1970", seconds);
    if ((uint64_t)seconds < witness->last.seconds)
        return err_set(err, ERR_IO, "the clock is %" PRIu64 " s behind the last cosignature",
                       witness->last.seconds - (uint64_t)seconds);
    *out_seconds = (uint64_t)seconds;
    return true;
}

/* What `last` does not allow is refused here again, whoever should have seen it before. */
static bool extends(const struct checkpoint *last, const struct checkpoint *checkpoint,
                    struct err *err)
{
    if (checkpoint->size < last->size)
        return err_set(err, ERR_REFUSED, "%" PRIu64 " entries were cosigned, this has %" PRIu64,
                       last->size, checkpoint->size);
    return checkpoint->size > last->size || hash_equal(checkpoint->root, last->root) ||
           err_set(err, ERR_CONFLICT, "another tree of %" PRIu64 " entries was cosigned",
                   last->size);
}

static struct span cosign(const struct witness *witness, const struct checkpoint *checkpoint,
                          uint64_t seconds, struct arena *arena)
{
    struct buf text = buf_in(arena, LIMIT_CHECKPOINT_BYTES);
    struct buf line = buf_in(arena, LIMIT_CHECKPOINT_BYTES);

    checkpoint_put(&text, checkpoint);
    cosignature_put_line(&line, buf_span(&text), seconds, witness->options.signer, arena);
    assert(!text.full && !line.full);
    return buf_span(&line);
}

static enum witness_outcome settle(struct witness *witness, const struct witness_state *judged_by,
                                   const struct checkpoint *checkpoint, struct span *out_line,
                                   struct arena *arena, struct err *err)
{
    struct witness_state now = witness_state_locked(witness, checkpoint->origin);
    uint64_t seconds = 0;

    if (now.closed || judged_by->closed) {
        err_set(err, ERR_REFUSED, "%s is not cosigned here, or no more", checkpoint->origin);
        return WITNESS_CLOSED;
    }
    if (!same(&now.last, &judged_by->last))
        return WITNESS_MOVED;
    if (!extends(&now.last, checkpoint, err) || !read_clock(witness, &seconds, err))
        return WITNESS_FAULT;
    bool known = same(&now.last, checkpoint) && seconds == witness->last.seconds;
    if (!known && !remember(witness, checkpoint, seconds, err))
        return WITNESS_FAULT;
    *out_line = cosign(witness, checkpoint, seconds, arena);
    return WITNESS_COSIGNED;
}

enum witness_outcome witness_settle(struct witness *witness, const struct witness_state *judged_by,
                                    const struct checkpoint *checkpoint, struct span *out_line,
                                    struct arena *arena, struct err *err)
{
    pthread_mutex_lock(&witness->lock);
    enum witness_outcome outcome = settle(witness, judged_by, checkpoint, out_line, arena, err);
    pthread_mutex_unlock(&witness->lock);
    return outcome;
}

bool witness_cosign(struct witness *witness, const struct checkpoint *checkpoint, struct span note,
                    struct span *out_line, struct arena *arena, struct err *err)
{
    enum witness_outcome outcome = WITNESS_MOVED;

    while (outcome == WITNESS_MOVED) {
        struct witness_state state = witness_state(witness, checkpoint->origin);

        if (!state.closed && (!extends(&state.last, checkpoint, err) ||
                              !witness_check_held(witness, &state.last, checkpoint, err))) {
            if (err->kind == ERR_CONFLICT)
                witness_keep_evidence(witness, note);
            return err_wrap(err, "cosign");
        }
        outcome = witness_settle(witness, &state, checkpoint, out_line, arena, err);
    }
    return outcome == WITNESS_COSIGNED || err_wrap(err, "cosign");
}

/* Evidence. */

/* Once of each text, the first EVIDENCE_MOST. That it cannot be kept changes no answer: what
 * contradicts is refused all the same. */
static void keep(struct witness *witness, struct span text, const struct checkpoint *checkpoint,
                 struct span note)
{
    struct hash hash = hash_of(text);
    char hex[2 * HASH_BYTES + 1], path[EVIDENCE_PATH];
    struct err ignored = {0};
    uint64_t size;

    hex_text(hex, hash_span(&hash));
    snprintf(path, sizeof path, EVIDENCE_PREFIX "%" PRIu64 "-%.16s", checkpoint->size, hex);
    if (witness->evidence < EVIDENCE_MOST &&
        !disk_size(witness->options.disk, path, &size, &ignored) &&
        disk_replace(witness->options.disk, path, note, true, &ignored))
        witness->evidence++;
}

void witness_keep_evidence(struct witness *witness, struct span note)
{
    struct checkpoint checkpoint;
    struct arena arena = {0};
    struct err ignored = {0};
    struct note parsed;

    if (note_parse(&parsed, note, &arena, &ignored) &&
        checkpoint_parse(&checkpoint, parsed.text, &ignored)) {
        pthread_mutex_lock(&witness->lock);
        keep(witness, parsed.text, &checkpoint, note);
        pthread_mutex_unlock(&witness->lock);
    }
    arena_free(&arena);
}
