#include "cli/init.h"

#include "node/keyring.h"

/* A proposal that the roots have signed, and the keys of the operator's own. */

static const struct {
    const char *option;
    enum proposal_job job;
} brought[] = {
    {"--log-key", PROPOSAL_LOG},
    {"--promise-key", PROPOSAL_PROMISE},
    {"--node-key", PROPOSAL_NODE},
    {"--witness-key", PROPOSAL_WITNESS},
};

static const struct proposal_key *wanted(const struct proposal *p, enum proposal_job job)
{
    const struct json *org = folder_organisation(&p->folder, span_of(p->operator_org));

    return proposal_find_key(p, job == PROPOSAL_LOG ? NULL : org, job, 0);
}

static bool check_key(const struct proposal *p, enum proposal_job job, const char *path,
                      struct err *err)
{
    const struct proposal_key *want = wanted(p, job);
    struct note_signer signer;

    if (!want)
        return err_set(err, ERR_REFUSED, "the proposal names no witness of %s", p->operator_org);
    if (!keyring_read_file(&signer, path, err))
        return false;
    const struct note_key key = note_signer_key(&signer);
    sign_secret_wipe(&signer.secret);
    return note_key_equal(&key, &want->key) ||
           err_set(err, ERR_REFUSED, "%s holds %s, not the key that the proposal names:\n  %s",
                   path, key.name, note_key_text(&want->key, p->arena));
}

static bool check_keys(struct init *init, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < ARRAY_LEN(brought); i++) {
        const char *path = cli_option(init->cli, brought[i].option);

        ok = !path || check_key(init->p, brought[i].job, path, err);
    }
    return ok;
}

static bool prepare(struct init *init, struct err *err)
{
    struct buf lacks = buf_in(init->p->arena, 65536);

    if (!proposal_read(init->p, cli_option(init->cli, "--proposal"), err))
        return false;
    if (proposal_lacks(init->p, &lacks))
        return err_set(err, ERR_MISSING, "not signed yet: %.*s", SPAN_ARG(buf_span(&lacks)));
    return check_keys(init, err);
}

static bool write_keys(struct init *init, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < ARRAY_LEN(brought); i++) {
        const char *path = cli_option(init->cli, brought[i].option);
        struct note_signer signer = {0};

        ok = !path || keyring_copy(&signer, path, init->directory, err);
        sign_secret_wipe(&signer.secret);
    }
    return ok;
}

const struct init_way init_way_proposal = {
    .option = "--proposal",
    .needs = (const char *const[]){"--log-key", "--promise-key", "--node-key", NULL},
    .takes = (const char *const[]){"--witness-key", NULL},
    .prepare = prepare,
    .write_keys = write_keys,
};
