#include "sync/misbehaviour_inside.h"

/* Freezes that do not bind who signed them (doc/format.md §6.4). */

static bool read_freeze(const struct trial *t, struct testimony *out, struct span note,
                        struct err *err)
{
    return trial_testimony(t, out, note, "freeze", "node", err);
}

/* What was cosigned at the same size must be what was frozen; what was cosigned below it may
 * have come before. Above it there is no such excuse: if it came before, the freeze was below
 * the largest cosignature, and nobody may sign that either. */
static bool is_beyond(const struct testimony *freeze, const struct checkpoint *checkpoint)
{
    uint64_t size = testimony_number(freeze, "size");

    return checkpoint->size > size ||
           (checkpoint->size == size &&
            !hash_equal(checkpoint->root, testimony_hash(freeze, "root")));
}

static const char *beyond_text(const struct trial *t, const struct testimony *freeze,
                               const struct checkpoint *checkpoint)
{
    if (checkpoint->size == testimony_number(freeze, "size"))
        return "another log of as many";
    return arena_printf(t->arena, "%" PRIu64 " entries of it", checkpoint->size);
}

static bool cosigned_as_well(const struct tree_head *head, const struct known_key *witness,
                             const struct known_key *node)
{
    uint64_t seconds;

    return span_is(witness->job, "witness") && span_equal(witness->org, node->org) &&
           tree_head_signed(head, witness, &seconds);
}

bool misbehaviour_freeze(struct trial *t, struct err *err)
{
    struct testimony freeze;
    struct tree_head head;

    if (!read_freeze(t, &freeze, trial_text(t, "freeze"), err) ||
        !trial_tree_head(t, &head, trial_text(t, "checkpoint"), err))
        return false;
    if (!span_is(testimony_text(&freeze, "origin"), head.checkpoint.origin))
        return err_set(err, ERR_REFUSED, "the checkpoint is of %s, the freeze of %.*s",
                       head.checkpoint.origin, SPAN_ARG(testimony_text(&freeze, "origin")));
    if (!is_beyond(&freeze, &head.checkpoint))
        return err_set(err, ERR_REFUSED, "the checkpoint does not go beyond the freeze");
    for (size_t i = 0; i < t->keys->count; i++)
        if (cosigned_as_well(&head, t->keys->at[i], freeze.by))
            trial_accuse(t, t->keys->at[i]);
    if (t->out->count == 0)
        return err_set(err, ERR_REFUSED, "no witness of %.*s known here cosigned it",
                       SPAN_ARG(freeze.by->org));
    trial_say(t, arena_printf(t->arena, "%s froze %s at %" PRIu64 " entries, and %s cosigned %s.",
                              trial_name(t, freeze.by), head.checkpoint.origin,
                              testimony_number(&freeze, "size"), trial_names(t),
                              beyond_text(t, &freeze, &head.checkpoint)));
    trial_accuse(t, freeze.by);
    return true;
}

bool misbehaviour_freezes(struct trial *t, struct err *err)
{
    struct testimony a, b;

    if (!read_freeze(t, &a, trial_note(t, "freezes", 0), err) ||
        !read_freeze(t, &b, trial_note(t, "freezes", 1), err))
        return false;
    if (a.by != b.by)
        return err_set(err, ERR_REFUSED, "the freezes are by two keys");
    struct span next = testimony_text(&a, "next_origin");
    if (!span_equal(next, testimony_text(&b, "next_origin")))
        return err_set(err, ERR_REFUSED, "the freezes are for two next origins");
    if (span_equal(a.statement.note.text, b.statement.note.text))
        return err_set(err, ERR_REFUSED, "it is the same freeze twice");
    trial_accuse(t, a.by);
    trial_say(t,
              arena_printf(t->arena,
                           "%s signed two different freezes for %.*s: of %.*s at %" PRIu64
                           " entries, and of %.*s at %" PRIu64 ".",
                           trial_name(t, a.by), SPAN_ARG(next),
                           SPAN_ARG(testimony_text(&a, "origin")), testimony_number(&a, "size"),
                           SPAN_ARG(testimony_text(&b, "origin")), testimony_number(&b, "size")));
    return true;
}
