#include "register/apply.h"

#include "ledger/statement.h"

/* A new key in the place of an old one (format §6.6). */

/* As the old key's, but for what is the key's own. */
static struct json *row_in_its_place(struct apply *a)
{
    static const char *const copied[] = {"age", "job", "org", "role", "scope"};
    struct json *row = apply_copy(a, NULL);

    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        if (json_get(a->signer, copied[i]))
            json_set(row, copied[i], *json_get(a->signer, copied[i]), a->arena);
    json_set_string(row, "first", keys_first(a->record.by, a->signer), a->arena);
    json_set_integer(row, "from", (int64_t)a->entry->index, a->arena);
    json_set(row, "state", json_text(move_to("key", a->kind->name, (struct span){0})), a->arena);
    json_set_string(row, "vkey", json_get_text(a->body, "key"), a->arena);
    if (json_get(a->body, "age"))
        json_set(row, "age", *json_get(a->body, "age"), a->arena);
    return row;
}

/* NULL: the new key agreed to take the signer's place in this agreement. */
static const char *consent_fault(struct apply *a, struct err *why)
{
    struct span vkey = json_get_text(a->body, "key");
    struct statement consent;
    struct note_key key;

    if (!statement_parse(&consent, json_get_text(a->body, "consent"), a->arena, why))
        return why->text;
    if (!span_is(consent.word, "rotate") || !span_equal(consent.agreement, a->record.agreement))
        return "it is no consent to a rotation in this agreement";
    if (!span_equal(json_get_text(&consent.members, "from"), a->record.by))
        return "it is for the place of another key";
    if (!span_equal(json_get_text(&consent.members, "key"), vkey))
        return "it is that of another key";
    bool parsed = note_key_parse(&key, vkey, why);
    assert(parsed); /* keys_bind read it */
    return statement_verify(&consent, &key) ? NULL : "its signature does not hold";
}

static bool put_replaced(struct apply *a, struct span name, struct err *err)
{
    struct json *row = apply_copy(a, a->signer);
    const char *to = move_to("key", a->kind->name, json_get_text(a->signer, "state"));

    assert(to); /* a key that is revoked signs nothing */
    json_set(row, "state", json_text(to), a->arena);
    json_set(row, "reason", json_text("replaced"), a->arena);
    json_set_string(row, "replaced_by", name, a->arena);
    json_set_integer(row, "revoked_at", (int64_t)a->entry->index, a->arena);
    return apply_put(a, "key", a->record.by, row, err);
}

static struct json with_name(struct apply *a, const struct json *names, struct span name)
{
    struct json out = json_array();

    for (size_t i = 0; i < names->array.count; i++) {
        bool its = span_equal(names->array.at[i].string, a->record.by);

        json_push(&out, its ? json_string(name) : names->array.at[i], a->arena);
    }
    return out;
}

/* Where the agreement names the old key it names the new one. `concurred` stays: it says who
 * signed, and what has the place of who signed has concurred (keys_hold). */
static bool put_offices(struct apply *a, struct span name, struct err *err)
{
    struct json *row = apply_copy(a, a->agreement);

    if (span_equal(json_get_text(a->agreement, "operator"), a->record.by))
        json_set_string(row, "operator", name, a->arena);
    json_set(row, "roots", with_name(a, json_get(a->agreement, "roots"), name), a->arena);
    return apply_put(a, "agreement", SPAN_LIT("1"), row, err);
}

static bool put_readers(struct apply *a, struct span name, struct err *err)
{
    bool reads = json_get(a->signer, "age") || json_get(a->body, "age");

    if (!span_is(json_get_text(a->signer, "job"), "author") || !reads)
        return true;
    return readers_change(a, apply_org(a), a->record.by, name, err);
}

bool room_member_rotate(struct apply *a, struct err *err)
{
    struct span name = keys_name(json_get_text(a->body, "key"));
    struct err why = {0};

    if (!keys_bind(a, row_in_its_place(a), err))
        return false;
    if (apply_is_void(a))
        return true;
    const char *fault = consent_fault(a, &why);
    if (fault)
        return apply_void(a, REASON_CONSENT, "the consent: %s", fault);
    return put_replaced(a, name, err) && put_readers(a, name, err) && put_offices(a, name, err);
}
