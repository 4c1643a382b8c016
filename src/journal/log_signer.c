#include "journal/log_signer.h"

#include "base/reader.h"
#include "journal/signer_file.h"

/* --- what may be signed --- */

struct term {
    struct span agreement;
    uint64_t number;
};

/* doc/format.md §1.1: AGREEMENT/term/N. */
static bool term_of(struct term *out, const char *origin)
{
    const char *slash = strrchr(origin, '/');

    if (!slash || !decimal_parse(&out->number, span_of(slash + 1), LIMIT_INTEGER))
        return false;
    struct span before = span_make(origin, (size_t)(slash - origin));
    if (!span_ends_with(before, SPAN_LIT("/term")))
        return false;
    out->agreement = span_slice(before, 0, before.len - strlen("/term"));
    return true;
}

static bool is_later_term(const char *next, const char *last)
{
    struct term after, before;

    return term_of(&after, next) && term_of(&before, last) &&
           span_equal(after.agreement, before.agreement) && after.number > before.number;
}

static bool check_origin(const struct checkpoint *last, const struct note_key *key,
                         const struct checkpoint *next, struct err *err)
{
    if (strcmp(next->origin, key->name) != 0)
        return err_set(err, ERR_REFUSED, "%s is not the origin of this key", next->origin);
    if (!last->origin[0] || strcmp(last->origin, next->origin) == 0 ||
        is_later_term(next->origin, last->origin))
        return true;
    return err_set(err, ERR_REFUSED, "%s was signed last: %s is no later term of that",
                   last->origin, next->origin);
}

static bool is_same(const struct checkpoint *a, const struct checkpoint *b)
{
    return strcmp(a->origin, b->origin) == 0 && a->size == b->size && hash_equal(a->root, b->root);
}

static bool check_growth(const struct checkpoint *last, const struct checkpoint *next,
                         const struct merkle_proof *extends, struct err *err)
{
    if (next->size <= last->size)
        return err_set(err, ERR_CONFLICT,
                       "size %" PRIu64 " was signed last: another history of size %" PRIu64
                       " cannot be signed after it",
                       last->size, next->size);
    return merkle_verify_consistency(extends, last->size, next->size, last->root, next->root) ||
           err_set(err, ERR_CONFLICT,
                   "it is not proved that size %" PRIu64 " extends size %" PRIu64
                   ", which was signed last",
                   next->size, last->size);
}

bool log_signer_check(const struct checkpoint *last, const struct note_key *key,
                      const struct checkpoint *next, const struct merkle_proof *extends,
                      struct err *err)
{
    const struct checkpoint nothing = {.root = merkle_empty()};

    return check_origin(last, key, next, err) &&
           (is_same(last, next) ||
            check_growth(last->origin[0] ? last : &nothing, next, extends, err));
}

/* --- in this process --- */

static bool here_last(void *context, struct checkpoint *out, struct err *err)
{
    struct log_signer_here *here = context;

    here->last = (struct checkpoint){0};
    bool ok = signer_file_read(&here->last, here->disk, err);
    here->is_known = ok || err->kind == ERR_MISSING;
    if (ok)
        *out = here->last;
    return ok;
}

static bool here_sign(void *context, const struct checkpoint *checkpoint,
                      const struct merkle_proof *extends, struct span *out, struct arena *arena,
                      struct err *err)
{
    struct log_signer_here *here = context;
    struct buf text = buf_in(arena, LIMIT_CHECKPOINT_BYTES);
    const struct note_key key = note_signer_key(here->key);

    assert(here->is_known);
    if (!log_signer_check(&here->last, &key, checkpoint, extends, err) ||
        !signer_file_write(here->disk, checkpoint, err))
        return false;
    here->last = *checkpoint;
    checkpoint_put(&text, checkpoint);
    *out = note_sign(buf_span(&text), here->key, arena);
    return true;
}

struct log_signer log_signer_in(struct log_signer_here *here)
{
    return (struct log_signer){
        .key = note_signer_key(here->key), .last = here_last, .sign = here_sign, .context = here};
}
