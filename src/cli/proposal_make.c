#include "cli/proposal.h"

#include "codec/hex.h"
#include "ledger/merkle.h"
#include "record/record.h"

/* --- the records' bodies --- */

static struct span vkey_of(const struct proposal *p, const struct proposal_key *key)
{
    return span_of(note_key_text(&key->key, p->arena));
}

/* Of the organisations, in their order, those that have a key of this job. */
static struct json members(const struct proposal *p, enum proposal_job job)
{
    const struct json *list = folder_organisations(&p->folder);
    struct json out = json_array();

    for (size_t i = 0; i < list->array.count; i++) {
        const struct proposal_key *key = proposal_find_key(p, &list->array.at[i], job, 0);
        struct json member = json_object();

        if (!key)
            continue;
        json_set_string(&member, "key", vkey_of(p, key), p->arena);
        json_set_string(&member, "org", folder_text(key->organisation, "id"), p->arena);
        json_push(&out, member, p->arena);
    }
    return out;
}

static bool check_name(const struct proposal *p, struct err *err)
{
    return note_name_valid(p->folder.head.name) ||
           err_set(err, ERR_MALFORMED,
                   "\"%.*s\" cannot be an agreement's name (doc/format.md §1.1)",
                   SPAN_ARG(p->folder.head.name));
}

static bool need(const struct proposal *p, struct span owner, const char *what,
                 const struct proposal_key **out, struct err *err)
{
    const char *name = arena_printf(p->arena, "%.*s/%s", SPAN_ARG(owner), what);

    *out = proposal_key_named(p, span_of(name));
    return *out || err_set(err, ERR_MISSING, "nobody handed over the key \"%s\"", name);
}

static bool need_roots(const struct proposal *p, struct err *err)
{
    const struct json *list = folder_organisations(&p->folder);
    const struct proposal_key *root = NULL;

    for (size_t i = 0; i < list->array.count; i++)
        if (proposal_is_root(&list->array.at[i]) &&
            !need(p, folder_text(&list->array.at[i], "id"), "root", &root, err))
            return false;
    return root || err_set(err, ERR_MISSING, "the agreement has no organisation with root = 1");
}

static bool adoption(const struct proposal *p, struct json *out, struct err *err)
{
    const struct proposal_key *log, *promise, *node;
    struct span operator_org = span_of(p->operator_org);
    struct json adopt = json_object();

    if (!check_name(p, err) || !need_roots(p, err) ||
        !need(p, p->folder.head.name, "term/1", &log, err) ||
        !need(p, operator_org, "promise", &promise, err) ||
        !need(p, operator_org, "node", &node, err))
        return false;
    json_set_string(&adopt, "name", p->folder.head.name, p->arena);
    json_set(&adopt, "origin", json_text(log->key.name), p->arena);
    json_set_string(&adopt, "log_key", vkey_of(p, log), p->arena);
    json_set_string(&adopt, "promise_key", vkey_of(p, promise), p->arena);
    json_set(&adopt, "operator", json_text(node->key.name), p->arena);
    json_set(&adopt, "roots", members(p, PROPOSAL_ROOT), p->arena);
    json_set(&adopt, "nodes", members(p, PROPOSAL_NODE), p->arena);
    json_set(&adopt, "witnesses", members(p, PROPOSAL_WITNESS), p->arena);
    json_set_integer(&adopt, "quorum", p->quorum, p->arena);
    json_set_integer(&adopt, "rules", p->folder.head.rules, p->arena);
    json_set(&adopt, "pieces", folder_pieces(&p->folder, p->arena), p->arena);
    *out = adopt;
    return true;
}

/* --- the records --- */

struct maker {
    struct proposal *p;
    const struct json *root[PROPOSAL_MOST_KEYS]; /* the organisations that are */
    struct {
        uint64_t seq;
        const char *prev;
    } chain[PROPOSAL_MOST_KEYS]; /* of each */
    size_t root_count;
};

/* The next record of this root's key. */
static bool say(struct maker *m, size_t root, const char *kind, struct json body, struct err *err)
{
    struct proposal *p = m->p;
    struct proposal_record *record = &p->record[p->record_count];
    struct record_draft draft = {
        .agreement = p->folder.head.name,
        .kind = kind,
        .version = 1,
        .by = span_of(proposal_find_key(p, m->root[root], PROPOSAL_ROOT, 0)->key.name),
        .seq = ++m->chain[root].seq,
        .prev = span_of(m->chain[root].prev ? m->chain[root].prev
                        : p->record_count   ? p->record[0].id
                                            : ""),
        .seen_root = merkle_empty(), /* nobody has seen a log that is not there yet */
        .said_at_ms = p->said_at_ms,
        .body = body,
    };

    if (p->record_count == PROPOSAL_MOST_RECORDS)
        return err_set(err, ERR_LIMIT, "more than %u records", PROPOSAL_MOST_RECORDS);
    if (!record_text(&record->text, &draft, p->arena, err))
        return false;
    struct hash id = hash_of(record->text);
    hex_text(record->id, hash_span(&id));
    record->by = draft.by;
    record->kind = span_of(kind);
    m->chain[root].prev = record->id;
    p->record_count++;
    return true;
}

static bool say_pieces(struct maker *m, struct err *err)
{
    const struct folder *folder = &m->p->folder;
    bool ok = true;

    for (size_t i = 0; ok && i < folder->piece_count; i++)
        ok = say(m, 0, "agreement.part", folder_part(folder, i, m->p->arena), err);
    return ok;
}

static bool say_concurrences(struct maker *m, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < m->root_count; i++) {
        struct json body = json_object();

        json_set(&body, "agreement", json_text(m->p->record[0].id), m->p->arena);
        ok = say(m, i, "agreement.concur", body, err);
    }
    return ok;
}

static bool say_admission(struct maker *m, size_t root, const struct proposal_key *key,
                          struct err *err)
{
    struct json body = json_object();

    json_set_string(&body, "key", vkey_of(m->p, key), m->p->arena);
    json_set(&body, "job", json_text("author"), m->p->arena);
    json_set_string(&body, "org", folder_text(key->organisation, "id"), m->p->arena);
    json_set_string(&body, "role", folder_text(key->organisation, "role"), m->p->arena);
    if (key->age[0])
        json_set(&body, "age", json_text(key->age), m->p->arena);
    if (!say(m, root, "member.admit", body, err))
        return false;
    m->p->record[m->p->record_count - 1].admits = key;
    return true;
}

/* Its own root, or for who has none the first. */
static size_t root_for(const struct maker *m, const struct json *organisation)
{
    for (size_t i = 0; i < m->root_count; i++)
        if (m->root[i] == organisation)
            return i;
    return 0;
}

static bool say_admissions(struct maker *m, struct err *err)
{
    const struct json *list = folder_organisations(&m->p->folder);
    const struct proposal_key *key;
    bool ok = true;

    for (size_t i = 0; i < list->array.count; i++)
        for (size_t n = 0;
             ok && (key = proposal_find_key(m->p, &list->array.at[i], PROPOSAL_AUTHOR, n)); n++)
            ok = say_admission(m, root_for(m, &list->array.at[i]), key, err);
    return ok;
}

static void find_roots(struct maker *m)
{
    const struct json *list = folder_organisations(&m->p->folder);

    for (size_t i = 0; i < list->array.count; i++)
        if (proposal_find_key(m->p, &list->array.at[i], PROPOSAL_ROOT, 0))
            m->root[m->root_count++] = &list->array.at[i];
}

bool proposal_make(struct proposal *p, struct err *err)
{
    struct maker *m = ARENA_NEW(p->arena, struct maker);
    struct json adopt;

    m->p = p;
    find_roots(m);
    return adoption(p, &adopt, err) && say(m, 0, "agreement.adopt", adopt, err) &&
           say_pieces(m, err) && say_concurrences(m, err) && say_admissions(m, err) &&
           proposal_judge(p, err);
}
