#include "cli/init.h"

#include "node/keyring.h"

#include <stdio.h>

const struct json *init_organisations(const struct init *init)
{
    return json_get(&init->terms, "organisation");
}

const char *init_key_name(struct init *init, const struct json *organisation, const char *job)
{
    return arena_printf(init->arena, "%.*s/%s", SPAN_ARG(init_text(organisation, "id")), job);
}

static bool make_key(struct init *init, const char *name, struct err *err)
{
    struct note_signer signer;

    if (!note_name_valid(span_of(name)))
        return err_set(err, ERR_MALFORMED, "\"%s\" cannot be a key's name", name);
    keyring_make(&signer, name);
    bool ok = keyring_write(init->directory, &signer, err);
    sign_secret_wipe(&signer.secret);
    return ok;
}

bool init_vkey(struct init *init, const char *name, struct span *out, struct err *err)
{
    struct note_signer signer;

    if (!keyring_read(&signer, init->directory, name, err))
        return false;
    struct note_key key = note_signer_key(&signer);
    *out = span_of(note_key_text(&key, init->arena));
    sign_secret_wipe(&signer.secret);
    return true;
}

/* --- the roots: every organisation with root = 1, in their order --- */

static bool list_roots(struct init *init, struct err *err)
{
    const struct json *list = init_organisations(init);

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *organisation = &list->array.at[i];

        if (json_get_integer(organisation, "root", 0) != 1)
            continue;
        if (init->root_count == INIT_MOST_ROOTS)
            return err_set(err, ERR_LIMIT, "more than %u organisations with root = 1",
                           INIT_MOST_ROOTS);
        init->root[init->root_count++] =
            (struct init_root){.org = init_text(organisation, "id"),
                               .name = init_key_name(init, organisation, "root")};
    }
    return init->root_count > 0 ||
           err_set(err, ERR_MISSING, "the agreement has no organisation with root = 1");
}

static bool take_root(struct init *init, const struct note_signer *signer, const char *path,
                      struct err *err)
{
    const struct note_key key = note_signer_key(signer);

    for (size_t i = 0; i < init->root_count; i++) {
        struct init_root *root = &init->root[i];

        if (strcmp(root->name, signer->name) != 0)
            continue;
        if (root->path)
            return err_set(err, ERR_USAGE, "%s and %s are both of %s", root->path, path,
                           root->name);
        root->path = path;
        root->vkey = span_of(note_key_text(&key, init->arena));
        return true;
    }
    return err_set(err, ERR_USAGE, "%s holds %s, which is no root of this agreement: %s is one",
                   path, signer->name, init->root[0].name);
}

static bool take_root_files(struct init *init, struct err *err)
{
    const char *path;
    bool ok = true;

    for (size_t i = 0; ok && (path = cli_option_at(init->cli, "--root", i)); i++) {
        struct note_signer signer = {0};

        ok = keyring_read_file(&signer, path, err) && take_root(init, &signer, path, err);
        sign_secret_wipe(&signer.secret);
    }
    for (size_t i = 0; ok && i < init->root_count; i++)
        if (!init->root[i].path)
            ok = err_set(err, ERR_MISSING,
                         "no --root file holds the key \"%s\" (sulh key new makes one; --demo "
                         "makes throw-away keys for all)",
                         init->root[i].name);
    return ok;
}

bool init_find_roots(struct init *init, struct err *err)
{
    if (!list_roots(init, err))
        return false;
    if (!init->demo)
        return take_root_files(init, err);
    return !cli_option(init->cli, "--root") ||
           err_set(err, ERR_USAGE, "--demo makes the keys of all roots: leave --root away");
}

static bool make_root_keys(struct init *init, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && init->demo && i < init->root_count; i++)
        ok = make_key(init, init->root[i].name, err) &&
             init_vkey(init, init->root[i].name, &init->root[i].vkey, err);
    return ok;
}

/* The first author of each organisation that has a role. */
static bool make_author_keys(struct init *init, struct err *err)
{
    const struct json *list = init_organisations(init);
    bool ok = true;

    for (size_t i = 0; ok && init->demo && i < list->array.count; i++)
        if (init_text(&list->array.at[i], "role").len)
            ok = make_key(init, init_key_name(init, &list->array.at[i], "1"), err);
    return ok;
}

bool init_make_keys(struct init *init, struct err *err)
{
    return make_key(init, init->settings.origin, err) &&
           make_key(init, init->settings.promise, err) &&
           make_key(init, init->settings.name, err) && make_root_keys(init, err) &&
           make_author_keys(init, err);
}

/* --- the operator, and what is named after it --- */

/* The operator is the organisation named, or the last one listed. */
bool init_operator(struct init *init, const struct json **out, struct err *err)
{
    const char *wanted = cli_option(init->cli, "--operator");
    const struct json *list = init_organisations(init);

    if (!list || list->array.count == 0)
        return err_set(err, ERR_MISSING, "the agreement names no [[organisation]]");
    *out = &list->array.at[list->array.count - 1];
    for (size_t i = 0; wanted && i < list->array.count; i++) {
        *out = &list->array.at[i];
        if (span_is(init_text(*out, "id"), wanted))
            return true;
    }
    return !wanted || err_set(err, ERR_MISSING, "the agreement has no organisation \"%s\"", wanted);
}

static bool fill_name(char out[104], const char *text, struct err *err)
{
    int len = snprintf(out, 104, "%s", text);

    return (len < 104 && note_name_valid(span_of(out))) ||
           err_set(err, ERR_MALFORMED, "\"%s\" cannot be a name (doc/format.md §1.1)", text);
}

bool init_choose_names(struct init *init, struct err *err)
{
    struct settings *settings = &init->settings;
    const struct json *operator;
    const char *agreement = arena_text(init->arena, init->head.name);

    return init_operator(init, &operator, err) && fill_name(settings->agreement, agreement, err) &&
           fill_name(settings->origin, arena_printf(init->arena, "%s/term/1", agreement), err) &&
           fill_name(settings->name, init_key_name(init, operator, "node"), err) &&
           fill_name(settings->promise, init_key_name(init, operator, "promise"), err);
}
