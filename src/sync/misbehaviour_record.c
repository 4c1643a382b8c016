#include "sync/misbehaviour_inside.h"

/* What is proven by records: a key's fork, and a record that was refused. */

/* A record of this agreement whose signature holds, by a known key. */
static bool read_record(const struct trial *t, struct record *out, const struct known_key **by,
                        struct span note, struct err *err)
{
    if (!record_parse(out, note, t->arena, err))
        return false;
    if (!span_is(out->agreement, t->keys->anchor.agreement))
        return err_set(err, ERR_REFUSED, "a record of another agreement");
    *by = known_key_named(t->keys, out->by);
    if (!*by || !known_key_signs_records(*by))
        return err_set(err, ERR_REFUSED,
                       "a record by %.*s, which is no key known here that signs any",
                       SPAN_ARG(out->by));
    return record_verify(out, &(*by)->key) ||
           err_set(err, ERR_REFUSED, "the signature of a record does not hold");
}

/* --- fork --- */

bool misbehaviour_fork(struct trial *t, struct err *err)
{
    const struct known_key *by, *by_b;
    struct record a, b;

    if (!read_record(t, &a, &by, trial_note(t, "records", 0), err) ||
        !read_record(t, &b, &by_b, trial_note(t, "records", 1), err))
        return false;
    if (by != by_b)
        return err_set(err, ERR_REFUSED, "the records are by two keys");
    if (a.seq != b.seq)
        return err_set(err, ERR_REFUSED, "the records are number %" PRIu64 " and %" PRIu64, a.seq,
                       b.seq);
    if (hash_equal(a.id, b.id))
        return err_set(err, ERR_REFUSED, "it is the same record twice");
    trial_accuse(t, by);
    trial_say(t,
              arena_printf(t->arena,
                           "%s signed two different records as its number %" PRIu64 ": %s and %s.",
                           trial_name(t, by), a.seq, a.id_text, b.id_text));
    return true;
}

/* --- refusal --- */

/* By the operator's own key: of others a refusal binds nobody (§6.3). */
static bool read_refusal(const struct trial *t, struct testimony *out,
                         const struct known_term **term, struct err *err)
{
    if (!trial_testimony(t, out, trial_text(t, "refusal"), "refusal", "node", err) ||
        !trial_term(t, term, out, err))
        return false;
    return known_term_operates(*term, out->by) ||
           err_set(err, ERR_REFUSED, "%s did not keep the log %s", out->by->key.name,
                   (*term)->log->key.name);
}

/* That the key was admitted when the record was judged: by entry 0, or by one that the log's
 * receipt shows. */
static bool was_admitted(struct trial *t, const struct testimony *refusal,
                         const struct known_term *term, const struct known_key *by, struct err *err)
{
    uint64_t size = testimony_number(refusal, "size");
    bool has_receipt = trial_text(t, "receipt").len > 0;
    struct proof receipt = {0};
    struct checkpoint checkpoint;

    if (has_receipt != (by->admission.len > 0))
        return err_set(err, ERR_MALFORMED, "%s",
                       has_receipt ? "a receipt, and entry 0 names the key"
                                   : "no receipt of the entry that admits the key");
    if (has_receipt &&
        !trial_receipt(t, &receipt, &checkpoint, term, merkle_leaf(by->admission), err))
        return false;
    if (receipt.index >= size)
        return err_set(err, ERR_REFUSED,
                       "the record was judged at %" PRIu64 " entries, before entry %" PRIu64
                       " admitted its key",
                       size, receipt.index);
    if (has_receipt)
        t->out->unless = span_of(arena_printf(
            t->arena, "entry %" PRIu64 ", which admits %s, is void (doc/format.md §9.2)",
            receipt.index, by->key.name));
    return true;
}

/* The door lets in what is a record of this agreement by a key that was admitted, and nothing
 * that is; so each of the reasons of §6.3 is false, whichever was given. */
bool misbehaviour_refusal(struct trial *t, struct err *err)
{
    struct span note = trial_text(t, "record");
    const struct known_key *by;
    const struct known_term *term;
    struct testimony refusal;
    struct record record;

    if (!read_refusal(t, &refusal, &term, err) || !read_record(t, &record, &by, note, err))
        return false;
    if (!hash_equal(hash_of(note), testimony_hash(&refusal, "id")))
        return err_set(err, ERR_REFUSED, "the refusal is of other bytes");
    if (!was_admitted(t, &refusal, term, by, err))
        return false;
    trial_accuse(t, refusal.by);
    trial_say(t,
              arena_printf(t->arena,
                           "%s refused the record %s as \"%.*s\" at %" PRIu64
                           " entries, and that is false: it is a record of this agreement, signed "
                           "by %s, which was admitted before.",
                           trial_name(t, refusal.by), record.id_text,
                           SPAN_ARG(testimony_text(&refusal, "reason")),
                           testimony_number(&refusal, "size"), trial_name(t, by)));
    return true;
}
