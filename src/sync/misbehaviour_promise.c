#include "sync/misbehaviour_inside.h"

/* Promises that were not kept, or cannot both be (doc/format.md §6.2). */

static bool read_promise(const struct trial *t, struct testimony *out,
                         const struct known_term **term, struct span note, struct err *err)
{
    if (!trial_testimony(t, out, note, "promise", "promise", err) || !trial_term(t, term, out, err))
        return false;
    return out->by == (*term)->promise ||
           err_set(err, ERR_REFUSED, "%s is not the promise key of %s", out->by->key.name,
                   (*term)->log->key.name);
}

bool misbehaviour_promise(struct trial *t, struct err *err)
{
    struct hash leaf = trial_hash(t, "leaf");
    const struct known_term *term;
    struct testimony promise;
    struct proof receipt;
    struct checkpoint checkpoint;

    if (!read_promise(t, &promise, &term, trial_text(t, "promise"), err) ||
        !trial_receipt(t, &receipt, &checkpoint, term, leaf, err))
        return false;
    if (receipt.index != testimony_number(&promise, "index"))
        return err_set(err, ERR_REFUSED,
                       "the receipt is of entry %" PRIu64 ", the promise of entry %" PRIu64,
                       receipt.index, testimony_number(&promise, "index"));
    if (hash_equal(leaf, testimony_hash(&promise, "leaf")))
        return err_set(err, ERR_REFUSED, "the promise was kept");
    trial_accuse(t, promise.by);
    trial_say(t, arena_printf(t->arena,
                              "%s promised entry %" PRIu64 " to the record %.*s, and of %" PRIu64
                              " entries that the log key signed this is another.",
                              trial_name(t, promise.by), receipt.index,
                              SPAN_ARG(testimony_text(&promise, "id")), checkpoint.size));
    return true;
}

/* What the two promise that cannot be; NULL: nothing. */
static const char *contradiction(const struct trial *t, const struct testimony *a,
                                 const struct testimony *b)
{
    uint64_t index_a = testimony_number(a, "index"), index_b = testimony_number(b, "index");
    struct span id_a = testimony_text(a, "id"), id_b = testimony_text(b, "id");

    if (index_a == index_b && !hash_equal(testimony_hash(a, "leaf"), testimony_hash(b, "leaf")))
        return arena_printf(t->arena, "entry %" PRIu64 " twice, to the records %.*s and %.*s",
                            index_a, SPAN_ARG(id_a), SPAN_ARG(id_b));
    if (index_a != index_b && span_equal(id_a, id_b))
        return arena_printf(t->arena,
                            "the record %.*s two places, entries %" PRIu64 " and %" PRIu64,
                            SPAN_ARG(id_a), index_a, index_b);
    return NULL;
}

bool misbehaviour_promises(struct trial *t, struct err *err)
{
    const struct known_term *term, *term_b;
    struct testimony a, b;

    if (!read_promise(t, &a, &term, trial_note(t, "promises", 0), err) ||
        !read_promise(t, &b, &term_b, trial_note(t, "promises", 1), err))
        return false;
    if (term != term_b)
        return err_set(err, ERR_REFUSED, "the promises are of two terms");
    const char *what = contradiction(t, &a, &b);
    if (!what)
        return err_set(err, ERR_REFUSED, "both promises can be kept");
    trial_accuse(t, a.by);
    trial_say(t, arena_printf(t->arena, "%s promised %s.", trial_name(t, a.by), what));
    return true;
}
