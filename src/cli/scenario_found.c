#include "cli/proposal.h"
#include "cli/scenario_cli.h"

#include "node/keyring.h"

#include <stdio.h>

/* The log of a scenario: a demonstration, as sulh init --demo makes one, but at the scenario's own
 * time, and with nobody but the roots: who else takes part, the scenario says. */

struct founder {
    struct proposal *p;
    struct note_signer *signer;
    size_t signers;
};

static bool make_key(struct founder *f, struct span owner, const char *what, struct err *err)
{
    const char *name = arena_printf(f->p->arena, "%.*s/%s", SPAN_ARG(owner), what);

    if (!note_name_valid(span_of(name)))
        return err_set(err, ERR_MALFORMED, "\"%s\" cannot be a key's name", name);
    if (f->signers == PROPOSAL_MOST_KEYS)
        return err_set(err, ERR_LIMIT, "more than %u keys", PROPOSAL_MOST_KEYS);
    keyring_make(&f->signer[f->signers], name);
    const struct note_key key = note_signer_key(&f->signer[f->signers++]);
    return proposal_add_key(f->p, &key, err);
}

static bool make_keys(struct founder *f, struct err *err)
{
    const struct json *list = folder_organisations(&f->p->folder);
    struct span operator_org = folder_text(&list->array.at[list->array.count - 1], "id");
    bool ok = proposal_set_operator(f->p, operator_org, err) &&
              make_key(f, f->p->folder.head.name, "term/1", err) &&
              make_key(f, operator_org, "promise", err) && make_key(f, operator_org, "node", err);

    for (size_t i = 0; ok && i < list->array.count; i++)
        if (proposal_is_root(&list->array.at[i]))
            ok = make_key(f, folder_text(&list->array.at[i], "id"), "root", err);
    return ok;
}

static struct submission *sign_all(struct founder *f)
{
    struct proposal *p = f->p;
    struct submission *out = ARENA_ARRAY(p->arena, struct submission, p->record_count);

    for (size_t i = 0; i < p->record_count; i++)
        for (size_t j = 0; j < f->signers; j++)
            if (span_is(p->record[i].by, f->signer[j].name))
                out[i].note = note_sign(p->record[i].text, &f->signer[j], p->arena);
    return out;
}

static struct settings *settings_of(const struct founder *f)
{
    const struct proposal *p = f->p;
    struct settings *out = ARENA_NEW(p->arena, struct settings);

    snprintf(out->agreement, sizeof out->agreement, "%.*s", SPAN_ARG(p->folder.head.name));
    snprintf(out->origin, sizeof out->origin, "%s", proposal_log_key(p)->key.name);
    snprintf(out->promise, sizeof out->promise, "%s/promise", p->operator_org);
    snprintf(out->name, sizeof out->name, "%s/node", p->operator_org);
    return out;
}

static struct scenario_piece *pieces_of(const struct folder *folder, struct arena *arena)
{
    struct scenario_piece *out = ARENA_ARRAY(arena, struct scenario_piece, folder->piece_count);

    for (size_t i = 0; i < folder->piece_count; i++)
        out[i] = (struct scenario_piece){folder->piece[i].file, folder->piece[i].n,
                                         folder->piece[i].content};
    return out;
}

bool scenario_found(struct scenario_founding *out, const char *folder, struct moment start,
                    struct arena *arena, struct err *err)
{
    struct founder f = {.p = ARENA_NEW(arena, struct proposal),
                        .signer = ARENA_ARRAY(arena, struct note_signer, PROPOSAL_MOST_KEYS)};

    f.p->arena = arena;
    f.p->said_at_ms = start.ms;
    bool ok = folder_read(&f.p->folder, folder, "demo.invalid/", arena, err);
    if (ok && folder_organisations(&f.p->folder)->array.count == 0)
        ok = err_set(err, ERR_MISSING, "%s names no [[organisation]]", folder);
    ok = ok && make_keys(&f, err) && proposal_make(f.p, err);
    if (ok && f.p->quorum > 0)
        ok = err_set(err, ERR_USAGE,
                     "%s: a scenario needs quorum = 0, time by the operator's clock", folder);
    *out = (struct scenario_founding){.signer = f.signer, .signers = f.signers};
    if (!ok)
        return false;
    out->record = sign_all(&f);
    out->records = f.p->record_count;
    out->settings = settings_of(&f);
    out->log_key = proposal_log_key(f.p)->key;
    out->terms = f.p->folder.terms;
    out->piece = pieces_of(&f.p->folder, arena);
    out->pieces = f.p->folder.piece_count;
    return true;
}

void scenario_forget(struct scenario_founding *founding)
{
    if (founding->signer)
        sign_wipe((void *)(uintptr_t)founding->signer,
                  founding->signers * sizeof *founding->signer);
}
