#include "cli/init.h"

#include "node/keyring.h"

#include <stdio.h>

const struct json *init_organisations(const struct init *init)
{
    return json_get(&init->terms, "organisation");
}

bool init_is_root(const struct json *organisation)
{
    return json_get_integer(organisation, "root", 0) == 1;
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

/* A real root's key comes from a file that its owner brings: --root. */
static bool take_root(struct init *init, const char *name, struct err *err)
{
    const char *path;

    for (size_t i = 0; (path = cli_option_at(init->cli, "--root", i)); i++) {
        struct note_signer signer;

        if (!keyring_read_file(&signer, path, err))
            return false;
        bool found = strcmp(signer.name, name) == 0;
        bool ok = !found || keyring_write(init->directory, &signer, err);
        sign_secret_wipe(&signer.secret);
        if (found)
            return ok;
    }
    return err_set(err, ERR_MISSING,
                   "no --root file holds the key \"%s\" (sulh key new makes one; --demo makes "
                   "throw-away keys for all)",
                   name);
}

bool init_make_keys(struct init *init, struct err *err)
{
    const struct json *list = init_organisations(init);
    bool ok = make_key(init, init->settings.origin, err) &&
              make_key(init, init->settings.promise, err) &&
              make_key(init, init->settings.operator, err);

    for (size_t i = 0; ok && i < list->array.count; i++) {
        const struct json *organisation = &list->array.at[i];
        const char *root = init_key_name(init, organisation, "root");

        if (init_is_root(organisation))
            ok = init->demo ? make_key(init, root, err) : take_root(init, root, err);
        if (ok && init->demo && init_text(organisation, "role").len)
            ok = make_key(init, init_key_name(init, organisation, "1"), err);
    }
    return ok;
}

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
           fill_name(settings->operator, init_key_name(init, operator, "node"), err) &&
           fill_name(settings->promise, init_key_name(init, operator, "promise"), err);
}

/* The roots' keys have done their work; real ones do not stay on the operator's machine. */
bool init_forget_roots(struct init *init, struct err *err)
{
    const struct json *list = init_organisations(init);
    struct disk *disk;

    if (init->demo)
        return true;
    if (!disk_open(&disk, init->directory, false, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < list->array.count; i++)
        if (init_is_root(&list->array.at[i]))
            ok = disk_remove(disk,
                             arena_printf(init->arena, "keys/%s.key",
                                          init_key_name(init, &list->array.at[i], "root")),
                             err);
    disk_close(disk);
    return ok;
}
