#include "sync/known_keys_inside.h"

#include "ledger/statement.h"
#include "record/kind.h"
#include "terms/terms.h"

/* Keys of later, by the word of those that are known (doc/format.md §11.2). */

/* --- member.admit --- */

static bool role_admits(const struct known_keys *keys, struct span role)
{
    struct terms_walk walk = {0};
    struct terms_item item;

    while (keys->terms && terms_walk_next(&walk, keys->terms, &item))
        if (span_is(item.section, "role") && span_equal(item.id, role))
            return terms_role_may(item.value, "admit");
    return false;
}

static bool scope_admits(const struct json *scope)
{
    for (size_t i = 0; scope && i < scope->array.count; i++)
        if (span_is(scope->array.at[i].string, "member.admit"))
            return true;
    return !scope;
}

static bool has_root(const struct known_keys *keys, struct span org)
{
    for (size_t i = 0; i < keys->count; i++)
        if (span_is(keys->at[i]->job, "root") && span_equal(keys->at[i]->org, org))
            return true;
    return false;
}

/* As doc/rules.md says of member.admit. */
static bool may_admit(const struct known_keys *keys, const struct known_key *signer,
                      struct span job, struct span org)
{
    bool root = span_is(signer->job, "root"), own = span_equal(signer->org, org);

    if (span_is(job, "author") || span_is(job, "external"))
        return (root || signer->admits) && (own || !has_root(keys, org));
    return root && own;
}

static bool by_member_admit(struct known_keys *keys, const struct record *record,
                            const struct known_key *signer, struct err *err)
{
    struct span job = json_get_text(record->body, "job"), org = json_get_text(record->body, "org");

    if (!may_admit(keys, signer, job, org))
        return err_set(err, ERR_REFUSED, "%s may admit no %.*s of %.*s", signer->key.name,
                       SPAN_ARG(job), SPAN_ARG(org));
    if (span_is(job, "author") != (json_get(record->body, "role") != NULL))
        return err_set(err, ERR_REFUSED, "authors have a role, other keys have none");
    struct known_key key = {
        .job = job,
        .org = org,
        .by = record->by,
        .admission = record->bytes,
        .admits = span_is(job, "author") &&
                  role_admits(keys, json_get_text(record->body, "role")) &&
                  scope_admits(json_get(record->body, "scope")),
    };
    return known_keys_bind(keys, key, json_get_text(record->body, "key"), err);
}

/* --- member.rotate (format §6.6) --- */

/* The new key agreed to take this one's place. */
static bool consents(const struct known_keys *keys, const struct record *record, struct err *err)
{
    struct span vkey = json_get_text(record->body, "key");
    struct statement consent;
    struct note_key key;

    if (!statement_parse(&consent, json_get_text(record->body, "consent"), keys->arena, err) ||
        !note_key_parse(&key, vkey, err))
        return false;
    return (span_is(consent.word, "rotate") && span_is(consent.agreement, keys->anchor.agreement) &&
            span_equal(json_get_text(&consent.members, "from"), record->by) &&
            span_equal(json_get_text(&consent.members, "key"), vkey) &&
            statement_verify(&consent, &key)) ||
           err_set(err, ERR_REFUSED, "a rotation that the new key did not consent to");
}

static bool by_member_rotate(struct known_keys *keys, const struct record *record,
                             const struct known_key *signer, struct err *err)
{
    struct known_key key = {.job = signer->job,
                            .org = signer->org,
                            .by = record->by,
                            .admission = record->bytes,
                            .admits = signer->admits,
                            .replaces = signer};

    if (!known_key_signs_records(signer))
        return err_set(err, ERR_REFUSED, "%s cannot be rotated", signer->key.name);
    return consents(keys, record, err) &&
           known_keys_bind(keys, key, json_get_text(record->body, "key"), err);
}

/* --- term.open (format §7.5) --- */

/* A witness's place is what entry 0 gave, whoever has it now (format §1.5). */
static bool has_place(const struct known_keys *keys, struct span org)
{
    for (size_t i = 0; i < keys->count; i++)
        if (span_is(keys->at[i]->job, "witness") && keys->at[i]->by.len == 0 &&
            span_equal(keys->at[i]->org, org))
            return true;
    return false;
}

/* Whose word it is: a node of an organisation that witnesses. NULL: *err says why not. */
static const struct known_key *freezer_of(const struct known_keys *keys,
                                          const struct statement *freeze, struct err *err)
{
    struct span name = freeze->note.line[0].name;
    const struct known_key *node = known_key_of(keys, name, "node");

    if (!span_is(freeze->word, "freeze") || !span_is(freeze->agreement, keys->anchor.agreement))
        err_set(err, ERR_REFUSED, "a note that is no freeze of this agreement");
    else if (!node || !has_place(keys, node->org))
        err_set(err, ERR_REFUSED, "a freeze by %.*s, which is no node key of a witness of entry 0",
                SPAN_ARG(name));
    else if (!statement_verify(freeze, &node->key))
        err_set(err, ERR_REFUSED, "a freeze whose signature does not hold");
    else
        return node;
    return NULL;
}

/* A quorum of organisations, one note each, all of one text, which is *out. */
static bool read_freezes(const struct known_keys *keys, const struct json *notes,
                         struct statement *out, struct err *err)
{
    const struct known_key *by[64]; /* as many as the kind allows */

    assert(notes->array.count <= ARRAY_LEN(by));
    for (size_t i = 0; i < notes->array.count; i++) {
        struct statement freeze;

        if (!statement_parse(&freeze, notes->array.at[i].string, keys->arena, err) ||
            !(by[i] = freezer_of(keys, &freeze, err)))
            return false;
        if (i > 0 && !span_equal(freeze.note.text, out->note.text))
            return err_set(err, ERR_REFUSED, "the freezes are not of one text");
        for (size_t j = 0; j < i; j++)
            if (span_equal(by[j]->org, by[i]->org))
                return err_set(err, ERR_REFUSED, "two freezes of one organisation");
        *out = freeze;
    }
    return (keys->quorum > 0 && notes->array.count >= keys->quorum) ||
           err_set(err, ERR_REFUSED, "%" PRIu32 " freezes, too few", notes->array.count);
}

/* Of a later number than a term that is known, with the keys that were frozen for. What size
 * and root the notes say only the log can be held against. */
static bool continues(const struct known_keys *keys, const struct json *freeze,
                      const struct json *body)
{
    struct span next = json_get_text(freeze, "next_origin"), vkey = json_get_text(body, "log_key"),
                name;
    uint64_t before, after;

    return known_term_of(keys, json_get_text(freeze, "origin")) &&
           known_keys_term_number(keys, json_get_text(freeze, "origin"), &before) &&
           known_keys_term_number(keys, next, &after) && after > before &&
           span_equal(vkey, json_get_text(freeze, "next_log_key")) &&
           span_equal(json_get_text(body, "promise_key"),
                      json_get_text(freeze, "next_promise_key")) &&
           span_cut(&vkey, '+', &name) && span_equal(name, next);
}

static bool bind_term(struct known_keys *keys, const struct record *record,
                      const struct known_key *operated, struct err *err)
{
    struct known_key log = {.job = SPAN_LIT("log"), .by = record->by, .admission = record->bytes};
    struct known_key promise = log;
    size_t before = keys->count;

    if (keys->term_count == ARRAY_LEN(keys->term))
        return err_set(err, ERR_LIMIT, "more than %zu terms", ARRAY_LEN(keys->term));
    promise.job = SPAN_LIT("promise");
    if (!known_keys_bind(keys, log, json_get_text(record->body, "log_key"), err) ||
        !known_keys_bind(keys, promise, json_get_text(record->body, "promise_key"), err)) {
        keys->count = before;
        return false;
    }
    keys->term[keys->term_count++] =
        (struct known_term){keys->at[before], keys->at[before + 1], operated};
    return true;
}

static bool by_term_open(struct known_keys *keys, const struct record *record,
                         const struct known_key *signer, struct err *err)
{
    struct statement freeze = {0};

    if (!span_is(signer->job, "node") ||
        !span_equal(record->by, json_get_text(record->body, "operator")))
        return err_set(err, ERR_REFUSED, "a term.open that its operator's node key did not sign");
    if (!read_freezes(keys, json_get(record->body, "freezes"), &freeze, err))
        return false;
    if (!continues(keys, &freeze.members, record->body))
        return err_set(err, ERR_REFUSED, "a term.open of another term than was frozen for");
    return bind_term(keys, record, signer, err);
}

/* --- */

static const struct {
    const char *kind;
    bool (*admit)(struct known_keys *keys, const struct record *record,
                  const struct known_key *signer, struct err *err);
} admissions[] = {
    {"member.admit", by_member_admit},
    {"member.rotate", by_member_rotate},
    {"term.open", by_term_open},
};

static const struct known_key *signer_of(const struct known_keys *keys, const struct record *record,
                                         struct err *err)
{
    const struct known_key *signer = known_key_named(keys, record->by);

    if (!span_is(record->agreement, keys->anchor.agreement))
        err_set(err, ERR_REFUSED, "an admission to another agreement");
    else if (!signer)
        err_set(err, ERR_REFUSED, "admitted by %.*s, which is not known", SPAN_ARG(record->by));
    else if (!record_verify(record, &signer->key))
        err_set(err, ERR_REFUSED, "an admission whose signature does not hold");
    else
        return signer;
    return NULL;
}

bool known_keys_admit(struct known_keys *keys, struct span note, struct err *err)
{
    struct record record;
    size_t i = 0;

    if (!record_parse(&record, note, keys->arena, err))
        return false;
    const struct kind *kind = kind_find(record.kind, record.version);
    while (kind && i < ARRAY_LEN(admissions) && strcmp(kind->name, admissions[i].kind) != 0)
        i++;
    if (!kind || i == ARRAY_LEN(admissions))
        return err_set(err, ERR_MALFORMED, "%.*s is no admission", SPAN_ARG(record.kind));
    const struct known_key *signer = signer_of(keys, &record, err);
    return signer && kind_check_body(kind, record.body, err) &&
           admissions[i].admit(keys, &record, signer, err);
}
