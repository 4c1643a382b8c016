#include "cli/init.h"

#include "node/author.h"
#include "node/keyring.h"

/* A demonstration takes forms at once: where its agreement has a role that signs for others, it has
 * a key of that role, admitted by a root as any later key is (doc/forms.md). */

static const struct json *items_of(const struct init *init, const char *section)
{
    static const struct json none = {.type = JSON_ARRAY};
    const struct json *items = json_get(&init->p->folder.terms, section);

    return items && items->type == JSON_ARRAY ? items : &none;
}

static const struct json *item_named(const struct init *init, const char *section, struct span id)
{
    const struct json *items = items_of(init, section);

    for (size_t i = 0; i < items->array.count; i++)
        if (span_equal(json_get_text(&items->array.at[i], "id"), id))
            return &items->array.at[i];
    return NULL;
}

static const struct json *find_role(const struct init *init)
{
    const struct json *roles = items_of(init, "role");

    for (size_t i = 0; i < roles->array.count; i++)
        if (json_get_integer(&roles->array.at[i], "gateway", 0) == 1)
            return &roles->array.at[i];
    return NULL;
}

/* The first name of a list of names; empty: there is none. */
static struct span first_of(const struct json *item, const char *member)
{
    const struct json *names = item ? json_get(item, member) : NULL;

    return names && names->type == JSON_ARRAY && names->array.count > 0 &&
                   names->array.at[0].type == JSON_STRING
               ? names->array.at[0].string
               : (struct span){0};
}

/* Of the group that may have the role, the first; of a role for all, the operator. */
static struct span find_holder(const struct init *init, const struct json *role)
{
    struct span group = first_of(role, "groups");

    return group.len ? first_of(item_named(init, "group", group), "organisations")
                     : span_of(init->p->operator_org);
}

bool init_gateway_make(struct init *init, struct err *err)
{
    const struct json *role = find_role(init);
    struct span holder = role ? find_holder(init, role) : (struct span){0};

    if (holder.len == 0)
        return true;
    const char *name = arena_printf(init->p->arena, "%.*s/gateway", SPAN_ARG(holder));
    if (!note_name_valid(span_of(name)) || init->signer_count == PROPOSAL_MOST_KEYS)
        return err_set(err, ERR_MALFORMED, "\"%s\" cannot be a key's name, or is one too many",
                       name);
    struct note_signer *signer = &init->signer[init->signer_count++];
    keyring_make(signer, name);
    init->gateway = signer;
    init->gateway_org = holder;
    init->gateway_role = json_get_text(role, "id");
    return true;
}

/* Its organisation's own root; else the first that there is. */
static const char *root_of(const struct init *init)
{
    const struct json *list = folder_organisations(&init->p->folder);
    const struct json *own = folder_organisation(&init->p->folder, init->gateway_org);
    const struct proposal_key *key = proposal_find_key(init->p, own, PROPOSAL_ROOT, 0);

    for (size_t i = 0; !key && i < list->array.count; i++)
        key = proposal_find_key(init->p, &list->array.at[i], PROPOSAL_ROOT, 0);
    assert(key); /* proposal_make needs one */
    return key->key.name;
}

static bool submit(const struct init *init, struct node *node, struct author *author,
                   struct err *err)
{
    struct arena *arena = init->p->arena;
    const struct note_key key = note_signer_key(init->gateway);
    struct json fields = json_object();
    struct submission submission;
    struct answer answer;
    char id[65];

    json_set_string(&fields, "key", span_of(note_key_text(&key, arena)), arena);
    json_set(&fields, "job", json_text("author"), arena);
    json_set_string(&fields, "org", init->gateway_org, arena);
    json_set_string(&fields, "role", init->gateway_role, arena);
    if (!author_sign(author, "member.admit", &fields, &submission, id, arena, err) ||
        !node_submit(node, &submission, 1, &answer, arena, err))
        return false;
    return answer.kind == ANSWER_LOGGED || err_set(err, ERR_REFUSED, "the gateway's key: %s",
                                                   answer.reason ? answer.reason : "not logged");
}

bool init_gateway_admit(const struct init *init, struct node *node, struct err *err)
{
    struct author *author = NULL;

    if (!init->gateway)
        return true;
    bool ok = author_open(&author, node, root_of(init), err) && submit(init, node, author, err);
    author_close(author);
    return ok && node_settle(node, err);
}
