#include "cli/init.h"

#include "base/limits.h"
#include "codec/toml.h"
#include "codec/utf8.h"

#define MOST_FILE_BYTES (4u << 20)

/* In pieces of at most the limit, cut between characters. */
static bool cut(struct init *init, const char *file, struct span text, struct err *err)
{
    for (int64_t n = 1; text.len; n++) {
        struct span content = utf8_prefix(text, LIMIT_AGREEMENT_PART_BYTES);

        if (init->piece_count == INIT_MOST_PIECES)
            return err_set(err, ERR_LIMIT, "the agreement's files need more than %u pieces",
                           INIT_MOST_PIECES);
        init->piece[init->piece_count++] = (struct init_piece){file, n, content};
        text = span_from(text, content.len);
    }
    return true;
}

/* What is adopted says itself that it is a demonstration. */
static void name_demo(struct init *init)
{
    struct json head = *json_get(&init->terms, "agreement");

    init->head.name =
        span_of(arena_printf(init->arena, "demo.invalid/%.*s", SPAN_ARG(init->head.name)));
    json_set_string(&head, "name", init->head.name, init->arena);
    json_set(&init->terms, "agreement", head, init->arena);
}

static bool read_terms(struct init *init, struct disk *folder, struct err *err)
{
    struct span text;
    bool ok = disk_read(folder, "agreement.toml", LIMIT_TOML_BYTES, &text, init->arena, err);

    ok = ok && toml_parse(&init->terms, text, init->arena, err);
    ok = ok && terms_check(&init->head, &init->terms, err);
    if (!ok)
        return err_wrap(err, "agreement.toml");
    if (init->demo)
        name_demo(init);
    return cut(init, "agreement.toml", json_bytes(&init->terms, init->arena), err);
}

static bool read_geojson(struct init *init, struct disk *folder, const char *path, struct err *err)
{
    struct span text;

    if (!disk_read(folder, path, MOST_FILE_BYTES, &text, init->arena, err))
        return false;
    if (!utf8_valid(text) || memchr(text.at, 0, text.len))
        return err_set(err, ERR_MALFORMED, "%s: not UTF-8 text", path);
    return cut(init, path, text, err);
}

/* agreement.toml and every .geojson beside it, in order of their names. */
bool init_read_folder(struct init *init, const char *path, struct err *err)
{
    struct disk *folder;
    struct disk_entry *entry;
    size_t count;

    if (!disk_open(&folder, path, false, err))
        return false;
    bool ok = disk_list(folder, "", &entry, &count, init->arena, err);
    for (size_t i = 0; ok && i < count; i++) {
        if (strcmp(entry[i].path, "agreement.toml") == 0)
            ok = read_terms(init, folder, err);
        else if (span_ends_with(span_of(entry[i].path), SPAN_LIT(".geojson")))
            ok = read_geojson(init, folder, entry[i].path, err);
    }
    if (ok && init->head.name.len == 0)
        ok = err_set(err, ERR_MISSING, "it holds no agreement.toml");
    disk_close(folder);
    return ok || err_wrap(err, "%s", path);
}
