#include "cli/init.h"

#include "node/identity.h"
#include "node/keyring.h"
#include "sys/clock.h"

/* A demonstration: everybody's keys are made here, and say so by the agreement's name. */

static bool make_key(struct init *init, struct span owner, const char *what, struct err *err)
{
    struct note_signer *signer = &init->signer[init->signer_count];
    const char *name = arena_printf(init->p->arena, "%.*s/%s", SPAN_ARG(owner), what);

    if (!note_name_valid(span_of(name)))
        return err_set(err, ERR_MALFORMED, "\"%s\" cannot be a key's name", name);
    if (init->signer_count == PROPOSAL_MOST_KEYS)
        return err_set(err, ERR_LIMIT, "more than %u keys", PROPOSAL_MOST_KEYS);
    keyring_make(signer, name);
    init->signer_count++;
    const struct note_key key = note_signer_key(signer);
    return proposal_add_key(init->p, &key, err);
}

static bool make_author(struct init *init, struct span owner, struct err *err)
{
    if (!make_key(init, owner, "1", err))
        return false;
    const char *name = init->signer[init->signer_count - 1].name;
    struct age_identity *identity = &init->reader[init->reader_count].identity;

    identity_make(identity);
    init->reader[init->reader_count++].name = name;
    const struct age_recipient recipient = age_identity_recipient(identity);
    return proposal_add_reader(init->p, name, age_recipient_text(&recipient, init->p->arena), err);
}

/* A root's where it is one, and its first author's where it has a role. */
static bool make_keys_of(struct init *init, const struct json *organisation, struct err *err)
{
    struct span id = folder_text(organisation, "id");

    return (!proposal_is_root(organisation) || make_key(init, id, "root", err)) &&
           (folder_text(organisation, "role").len == 0 || make_author(init, id, err));
}

static bool make_keys(struct init *init, struct err *err)
{
    const struct json *list = folder_organisations(&init->p->folder);
    struct span operator_org = span_of(init->p->operator_org);
    bool ok = make_key(init, init->p->folder.head.name, "term/1", err) &&
              make_key(init, operator_org, "promise", err) &&
              make_key(init, operator_org, "node", err);

    for (size_t i = 0; ok && i < list->array.count; i++)
        ok = make_keys_of(init, &list->array.at[i], err);
    return ok;
}

/* The one that is named, or the last one listed. */
static bool choose_operator(struct init *init, struct err *err)
{
    const char *wanted = cli_option(init->cli, "--operator");
    const struct json *list = folder_organisations(&init->p->folder);

    if (list->array.count == 0)
        return err_set(err, ERR_MISSING, "the agreement names no [[organisation]]");
    struct span last = folder_text(&list->array.at[list->array.count - 1], "id");
    return proposal_set_operator(init->p, wanted ? span_of(wanted) : last, err);
}

static void sign_all(struct init *init)
{
    for (size_t i = 0; i < init->p->record_count; i++)
        for (size_t j = 0; j < init->signer_count; j++)
            if (span_is(init->p->record[i].by, init->signer[j].name))
                init->p->record[i].note =
                    note_sign(init->p->record[i].text, &init->signer[j], init->p->arena);
}

static bool prepare(struct init *init, struct err *err)
{
    struct proposal *p = init->p;

    p->said_at_ms = clock_now_ms(clock_system());
    bool ok = folder_read(&p->folder, cli_option(init->cli, "--agreement"), "demo.invalid/",
                          p->arena, err) &&
              choose_operator(init, err) && make_keys(init, err) && proposal_make(p, err) &&
              init_gateway_make(init, err);
    if (ok)
        sign_all(init);
    return ok;
}

static bool write_keys(struct init *init, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < init->signer_count; i++)
        ok = keyring_write(init->directory, &init->signer[i], err);
    for (size_t i = 0; ok && i < init->reader_count; i++)
        ok = identity_write(init->directory, init->reader[i].name, &init->reader[i].identity, err);
    return ok;
}

const struct init_way init_way_demo = {
    .option = "--demo",
    .needs = (const char *const[]){"--agreement", NULL},
    .takes = (const char *const[]){"--operator", NULL},
    .prepare = prepare,
    .write_keys = write_keys,
};
