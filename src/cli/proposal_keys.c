#include "cli/proposal.h"

/* The keys that were handed over: whose each is and for what, as its name says. */

static const struct {
    const char *name; /* behind ORG/; NULL: any other */
    uint8_t type;
    const char *about;
} jobs[] = {
    [PROPOSAL_ROOT] = {"root", NOTE_TYPE_ED25519, "a root's"},
    [PROPOSAL_NODE] = {"node", NOTE_TYPE_ED25519, "a node's"},
    [PROPOSAL_WITNESS] = {"witness", NOTE_TYPE_COSIGNATURE, "a witness's (key new --witness)"},
    [PROPOSAL_AUTHOR] = {NULL, NOTE_TYPE_ED25519, "an author's"},
    [PROPOSAL_PROMISE] = {"promise", NOTE_TYPE_ED25519, "a promise key's"},
    [PROPOSAL_LOG] = {"term/1", NOTE_TYPE_ED25519, "the log's"},
};

bool proposal_set_operator(struct proposal *p, struct span org, struct err *err)
{
    p->operator_org = arena_text(p->arena, org);
    return folder_organisation(&p->folder, org) ||
           err_set(err, ERR_MISSING, "the agreement has no organisation \"%s\"", p->operator_org);
}

bool proposal_is_root(const struct json *organisation)
{
    return json_get_integer(organisation, "root", 0) == 1;
}

const struct proposal_key *proposal_find_key(const struct proposal *p,
                                             const struct json *organisation, enum proposal_job job,
                                             size_t n)
{
    for (size_t i = 0; i < p->key_count; i++)
        if (p->key[i].organisation == organisation && p->key[i].job == job && n-- == 0)
            return &p->key[i];
    return NULL;
}

const struct proposal_key *proposal_key_named(const struct proposal *p, struct span name)
{
    for (size_t i = 0; i < p->key_count; i++)
        if (span_is(name, p->key[i].key.name))
            return &p->key[i];
    return NULL;
}

const struct proposal_key *proposal_log_key(const struct proposal *p)
{
    return proposal_find_key(p, NULL, PROPOSAL_LOG, 0);
}

/* What stands behind `owner` and a slash in the name; NULL: it is not of this owner. */
static const char *behind(const char *name, struct span owner)
{
    return strlen(name) > owner.len && memcmp(name, owner.at, owner.len) == 0 &&
                   name[owner.len] == '/'
               ? name + owner.len + 1
               : NULL;
}

/* Of two organisations whose ids begin a name, it belongs to the longer. */
static const char *find_owner(const struct proposal *p, struct proposal_key *key)
{
    const struct json *list = folder_organisations(&p->folder);
    const char *rest = NULL;

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *organisation = &list->array.at[i];
        const char *found = behind(key->key.name, folder_text(organisation, "id"));

        if (!found || (rest && found < rest))
            continue;
        rest = found;
        key->organisation = organisation;
    }
    return rest;
}

static enum proposal_job job_of(const char *rest)
{
    static const enum proposal_job named[] = {PROPOSAL_ROOT, PROPOSAL_NODE, PROPOSAL_WITNESS,
                                              PROPOSAL_PROMISE};

    for (size_t i = 0; i < ARRAY_LEN(named); i++)
        if (strcmp(rest, jobs[named[i]].name) == 0)
            return named[i];
    return PROPOSAL_AUTHOR;
}

static bool find_job(const struct proposal *p, struct proposal_key *key, struct err *err)
{
    const char *rest = behind(key->key.name, p->folder.head.name);

    if (rest && strcmp(rest, jobs[PROPOSAL_LOG].name) == 0) {
        key->job = PROPOSAL_LOG;
        return true;
    }
    rest = find_owner(p, key);
    if (!rest)
        return err_set(err, ERR_MALFORMED, "it is of no organisation of %.*s, nor its log's",
                       SPAN_ARG(p->folder.head.name));
    key->job = job_of(rest);
    return true;
}

/* Everything else that may be wrong with a key the register finds (proposal_make). */
static bool check_key(const struct proposal *p, const struct proposal_key *key, struct err *err)
{
    struct span org = folder_text(key->organisation, "id");

    if (key->key.type != jobs[key->job].type)
        return err_set(err, ERR_MALFORMED, "it is of another type than %s", jobs[key->job].about);
    if (proposal_key_named(p, span_of(key->key.name)))
        return err_set(err, ERR_CONFLICT, "there is another of that name");
    if (key->job == PROPOSAL_ROOT && !proposal_is_root(key->organisation))
        return err_set(err, ERR_MALFORMED, "the agreement does not have %.*s as a root",
                       SPAN_ARG(org));
    if (key->job == PROPOSAL_PROMISE && !span_is(org, p->operator_org))
        return err_set(err, ERR_MALFORMED, "only the operator, %s, has one", p->operator_org);
    if (key->job == PROPOSAL_AUTHOR && folder_text(key->organisation, "role").len == 0)
        return err_set(err, ERR_MALFORMED, "the agreement gives the authors of %.*s no role",
                       SPAN_ARG(org));
    return p->key_count < PROPOSAL_MOST_KEYS ||
           err_set(err, ERR_LIMIT, "more than %u keys", PROPOSAL_MOST_KEYS);
}

/* In bytewise order of their names, so that it is the same in whatever order they came. */
bool proposal_add_key(struct proposal *p, const struct note_key *key, struct err *err)
{
    struct proposal_key added = {.key = *key};

    if (!find_job(p, &added, err) || !check_key(p, &added, err))
        return err_wrap(err, "the key %s", key->name);
    size_t place = p->key_count++;
    for (; place > 0 && strcmp(p->key[place - 1].key.name, key->name) > 0; place--)
        p->key[place] = p->key[place - 1];
    p->key[place] = added;
    return true;
}

static struct proposal_key *find_named(struct proposal *p, const char *name)
{
    for (size_t i = 0; i < p->key_count; i++)
        if (strcmp(p->key[i].key.name, name) == 0)
            return &p->key[i];
    return NULL;
}

bool proposal_add_reader(struct proposal *p, const char *name, struct span recipient,
                         struct err *err)
{
    struct proposal_key *key = find_named(p, name);
    struct age_recipient parsed;

    if (!key || key->job != PROPOSAL_AUTHOR)
        return err_set(err, ERR_MALFORMED,
                       "an age recipient is an author's: it stands behind his vkey");
    if (key->age[0])
        return err_set(err, ERR_CONFLICT, "a second age recipient of %s", name);
    if (!age_recipient_parse(&parsed, recipient, err))
        return err_wrap(err, "of %s", name);
    memcpy(key->age, recipient.at, AGE_RECIPIENT_BYTES);
    return true;
}
