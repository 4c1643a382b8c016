#include "register/apply.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"
#include "ledger/statement.h"

/*
 * Hand-over (format §7.5): the log goes on under another origin, log key, promise key and
 * operator, because a quorum of the organisations that witness it have frozen it at this
 * very entry. Everything that a term.open says stands in their notes too, but the
 * operator, who signs it.
 */

/* §1.1: N of AGREEMENT/term/N. */
static bool term_number(struct apply *a, struct span origin, uint64_t *out)
{
    struct span prefix = apply_key(a, "%.*s/term/", SPAN_ARG(json_get_text(a->agreement, "name")));

    return span_starts_with(origin, prefix) &&
           decimal_parse(out, span_from(origin, prefix.len), LIMIT_INTEGER) && *out > 0;
}

static bool is_later_term(struct apply *a, struct span next)
{
    uint64_t now, then;
    bool is_term = term_number(a, json_get_text(a->agreement, "origin"), &now);

    assert(is_term); /* §7.1, and no other is let in here */
    return term_number(a, next, &then) && then > now;
}

/* The keys that a term.open names are those that were frozen for. */
static bool names_their_keys(struct apply *a, const struct json *freeze)
{
    struct span log_key = json_get_text(a->body, "log_key");
    struct span name = apply_key(a, "%.*s+", SPAN_ARG(json_get_text(freeze, "next_origin")));

    return span_starts_with(log_key, name) &&
           span_equal(log_key, json_get_text(freeze, "next_log_key")) &&
           span_equal(json_get_text(a->body, "promise_key"),
                      json_get_text(freeze, "next_promise_key"));
}

/* What all the notes say, held against this log. */
static bool judge_text(struct apply *a, const struct json *freeze, struct err *err)
{
    struct span origin = json_get_text(a->agreement, "origin");
    struct span next = json_get_text(freeze, "next_origin");
    char hex[2 * HASH_BYTES + 1];
    struct hash root;

    if (!a->lookup->root(a->lookup->context, a->entry->index, &root, err))
        return err_wrap(err, "entry %" PRIu64, a->entry->index);
    hex_text(hex, hash_span(&root));
    if (!span_equal(json_get_text(freeze, "origin"), origin))
        return apply_void(a, REASON_HAND_OVER, "the notes freeze another origin than %.*s",
                          SPAN_ARG(origin));
    if (json_get_integer(freeze, "size", 0) != (int64_t)a->entry->index)
        return apply_void(a, REASON_HAND_OVER, "the notes freeze another size than this");
    if (!span_is(json_get_text(freeze, "root"), hex))
        return apply_void(a, REASON_HAND_OVER, "the notes freeze another tree");
    if (!is_later_term(a, next))
        return apply_void(a, REASON_HAND_OVER, "%.*s is no later term than %.*s", SPAN_ARG(next),
                          SPAN_ARG(origin));
    return names_their_keys(a, freeze) ||
           apply_void(a, REASON_HAND_OVER, "the notes name another log key or promise key");
}

/* By an active node key of an organisation that has a witness in force, and of which there
 * is no other note: so a quorum of notes is one of organisations. */
static bool judge_signer(struct apply *a, const struct statement *freeze, const struct json *quorum,
                         struct json *orgs, struct err *err)
{
    struct span name = freeze->note.line[0].name;
    const struct json *row;
    struct note_key key;
    struct err unfit = {0};
    bool is_witness;

    if (!apply_get(a, "key", name, &row, err))
        return false;
    if (!span_is(json_get_text(row, "job"), "node") ||
        !span_is(json_get_text(row, "state"), "active"))
        return apply_void(a, REASON_HAND_OVER, "a note by %.*s, which is no active node key",
                          SPAN_ARG(name));
    bool parsed = note_key_parse(&key, json_get_text(row, "vkey"), &unfit);
    assert(parsed); /* keys_bind let no other in */
    if (!statement_verify(freeze, &key))
        return apply_void(a, REASON_HAND_OVER, "a note is not signed by %.*s", SPAN_ARG(name));
    struct span org = json_get_text(row, "org");
    if (!witnesses_have(a, quorum, org, &is_witness, err))
        return false;
    if (!is_witness)
        return apply_void(a, REASON_HAND_OVER, "a note by %.*s, whose organisation has no witness",
                          SPAN_ARG(name));
    if (json_lists(orgs, org))
        return apply_void(a, REASON_HAND_OVER, "a second note of one organisation, by %.*s",
                          SPAN_ARG(name));
    json_push(orgs, json_string(org), a->arena);
    return true;
}

static bool read_freeze(struct apply *a, struct span note, struct statement *out)
{
    struct err fault = {0};

    if (!statement_parse(out, note, a->arena, &fault))
        return !apply_void(a, REASON_HAND_OVER, "%s", fault.text);
    if (!span_is(out->word, "freeze") ||
        !span_equal(out->agreement, json_get_text(a->agreement, "name")))
        return !apply_void(a, REASON_HAND_OVER, "a note is no freeze of this agreement");
    return true;
}

static bool judge_notes(struct apply *a, const struct json *quorum, struct err *err)
{
    const struct json *notes = json_get(a->body, "freezes");
    struct json orgs = json_array();
    struct statement first, freeze;

    for (size_t i = 0; i < notes->array.count; i++) {
        if (!read_freeze(a, notes->array.at[i].string, &freeze))
            return true;
        if (i == 0)
            first = freeze;
        if (!span_equal(freeze.note.text, first.note.text))
            return apply_void(a, REASON_HAND_OVER, "the notes are not of one text");
        if (!judge_signer(a, &freeze, quorum, &orgs, err))
            return false;
        if (apply_is_void(a))
            return true;
    }
    if ((int64_t)orgs.array.count < json_get_integer(quorum, "quorum", 0))
        return apply_void(a, REASON_HAND_OVER, "%" PRIu32 " notes, too few", orgs.array.count);
    return judge_text(a, &first.members, err);
}

static bool judge(struct apply *a, const struct json *quorum, struct err *err)
{
    if (!span_equal(a->record.by, json_get_text(a->body, "operator")))
        return apply_void(a, REASON_HAND_OVER, "it is not signed by the operator that it names");
    if (json_get_integer(quorum, "quorum", 0) == 0)
        return apply_void(a, REASON_HAND_OVER, "with quorum 0 nobody can hand over");
    return judge_notes(a, quorum, err);
}

static bool bind(struct apply *a, const char *job, const char *member, struct err *err)
{
    struct json *row = apply_copy(a, NULL);

    json_set_integer(row, "from", (int64_t)a->entry->index, a->arena);
    json_set(row, "job", json_text(job), a->arena);
    json_set(row, "state", json_text(move_to("key", a->kind->name, (struct span){0})), a->arena);
    json_set_string(row, "vkey", json_get_text(a->body, member), a->arena);
    return keys_bind(a, row, err);
}

/* The key of the term before. What was revoked stays so. */
static bool end_key(struct apply *a, const char *member, struct err *err)
{
    struct span vkey = json_get_text(a->agreement, member), name = vkey;
    const struct json *row;

    span_cut(&vkey, '+', &name);
    if (!apply_get(a, "key", name, &row, err))
        return false;
    const char *to = move_to("key", a->kind->name, json_get_text(row, "state"));
    if (!to)
        return true;
    struct json *ended = apply_copy(a, row);
    json_set(ended, "state", json_text(to), a->arena);
    return apply_put(a, "key", name, ended, err);
}

/* What the rows `agreement` and `hand_over` say of a term alike. */
static void set_term(struct apply *a, struct json *row)
{
    static const char *const copied[] = {"log_key", "operator", "promise_key"};
    struct span log_key = json_get_text(a->body, "log_key"), origin = log_key;

    span_cut(&log_key, '+', &origin); /* §5.3: a log key's name is its origin */
    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        json_set(row, copied[i], *json_get(a->body, copied[i]), a->arena);
    json_set_string(row, "origin", origin, a->arena);
}

static bool put_term(struct apply *a, struct err *err)
{
    struct json *agreement = apply_copy(a, a->agreement), *term = apply_copy(a, NULL);
    char index[REGISTER_INDEX_TEXT];

    set_term(a, agreement);
    json_set_integer(agreement, "term_from", (int64_t)a->entry->index, a->arena);
    set_term(a, term);
    json_set_integer(term, "from", (int64_t)a->entry->index, a->arena);
    json_set_string(term, "previous", json_get_text(a->agreement, "origin"), a->arena);
    register_index_key(index, a->entry->index);
    return apply_put(a, "agreement", SPAN_LIT("1"), agreement, err) &&
           apply_put(a, "hand_over", span_of(index), term, err);
}

bool room_term_open(struct apply *a, struct err *err)
{
    const struct json *quorum;

    bool ok = apply_get(a, "quorum", SPAN_LIT("quorum"), &quorum, err) && judge(a, quorum, err);
    ok = ok && (apply_is_void(a) || bind(a, "log", "log_key", err));
    ok = ok && (apply_is_void(a) || bind(a, "promise", "promise_key", err));
    if (!ok || apply_is_void(a))
        return ok;
    return end_key(a, "log_key", err) && end_key(a, "promise_key", err) && put_term(a, err) &&
           witnesses_settle(a, quorum, a->entry->index, err);
}
