#include "cli/folder.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "codec/toml.h"
#include "codec/utf8.h"
#include "crypto/hash.h"
#include "register/register.h"
#include "sys/disk.h"

#define TERMS_FILE "agreement.toml"
#define MOST_FILE_BYTES (4u << 20)

const struct json *folder_organisations(const struct folder *folder)
{
    static const struct json none = {.type = JSON_ARRAY};
    const struct json *list = json_get(&folder->terms, "organisation");

    return list ? list : &none; /* terms_check: every section is a list */
}

const struct json *folder_organisation(const struct folder *folder, struct span id)
{
    const struct json *list = folder_organisations(folder);

    for (size_t i = 0; i < list->array.count; i++)
        if (span_equal(folder_text(&list->array.at[i], "id"), id))
            return &list->array.at[i];
    return NULL;
}

/* In pieces of at most the limit, cut between characters. */
static bool cut(struct folder *folder, const char *file, struct span text, struct err *err)
{
    for (int64_t n = 1; text.len; n++) {
        struct span content = utf8_prefix(text, LIMIT_AGREEMENT_PART_BYTES);

        if (folder->piece_count == FOLDER_MOST_PIECES)
            return err_set(err, ERR_LIMIT, "the agreement's files need more than %u pieces",
                           FOLDER_MOST_PIECES);
        folder->piece[folder->piece_count++] = (struct folder_piece){file, n, content};
        text = span_from(text, content.len);
    }
    return true;
}

/* What is adopted says itself that it is a demonstration. */
static void name_anew(struct folder *folder, const char *before, struct arena *arena)
{
    struct json head = *json_get(&folder->terms, "agreement");

    folder->head.name = span_of(arena_printf(arena, "%s%.*s", before, SPAN_ARG(folder->head.name)));
    json_set_string(&head, "name", folder->head.name, arena);
    json_set(&folder->terms, "agreement", head, arena);
}

/* The rules do not ask this of terms, so that an amendment may be made for kinds to come; who
 * begins means kinds that there are. */
static bool check_moves(const struct json *terms, struct err *err)
{
    const struct json *moves = json_get(terms, "move");

    for (size_t i = 0; moves && i < moves->array.count; i++) {
        struct span id = folder_text(&moves->array.at[i], "id");

        if (!register_knows_move(id))
            return err_set(err, ERR_MALFORMED, "[[move]]: \"%.*s\" is no kind of record here",
                           SPAN_ARG(id));
    }
    return true;
}

static bool take_terms(struct folder *folder, struct span text, const char *before,
                       struct arena *arena, struct err *err)
{
    bool ok = toml_parse(&folder->terms, text, arena, err) &&
              terms_check(&folder->head, &folder->terms, err) && check_moves(&folder->terms, err);

    if (!ok)
        return err_wrap(err, TERMS_FILE);
    name_anew(folder, before, arena);
    return cut(folder, TERMS_FILE, json_bytes(&folder->terms, arena), err);
}

static bool take_geojson(struct folder *folder, const char *path, struct span text, struct err *err)
{
    if (!utf8_valid(text) || memchr(text.at, 0, text.len))
        return err_set(err, ERR_MALFORMED, "%s: not UTF-8 text", path);
    return cut(folder, path, text, err);
}

/* As agreement.part asks of it. */
static bool check_file_name(const char *path, struct err *err)
{
    bool ok = strlen(path) <= 100;

    for (const char *c = path; *c; c++)
        ok = ok && *c > ' ' && *c < 0x7f;
    return ok || err_set(err, ERR_MALFORMED,
                         "a file's name is 1 to 100 characters of printable ASCII without spaces");
}

static bool take_file(struct folder *folder, struct disk *disk, const char *path,
                      const char *before, struct arena *arena, struct err *err)
{
    bool is_terms = strcmp(path, TERMS_FILE) == 0;
    struct span text;

    if (!is_terms && !span_ends_with(span_of(path), SPAN_LIT(".geojson")))
        return true;
    if (!check_file_name(path, err) ||
        !disk_read(disk, path, is_terms ? LIMIT_TOML_BYTES : MOST_FILE_BYTES, &text, arena, err))
        return false;
    if (folder->file_count == FOLDER_MOST_PIECES)
        return err_set(err, ERR_LIMIT, "more than %u files", FOLDER_MOST_PIECES);
    folder->file[folder->file_count++] = (struct folder_file){path, text};
    return is_terms ? take_terms(folder, text, before, arena, err)
                    : take_geojson(folder, path, text, err);
}

bool folder_read(struct folder *out, const char *path, const char *before, struct arena *arena,
                 struct err *err)
{
    struct folder *folder = ARENA_NEW(arena, struct folder);
    struct disk *disk;
    struct disk_entry *entry;
    size_t count;

    if (!disk_open(&disk, path, false, err))
        return false;
    bool ok = disk_list(disk, "", &entry, &count, arena, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = take_file(folder, disk, entry[i].path, before, arena, err);
    if (ok && folder->head.name.len == 0)
        ok = err_set(err, ERR_MISSING, "it holds no " TERMS_FILE);
    if (ok)
        *out = *folder;
    disk_close(disk);
    return ok || err_wrap(err, "%s", path);
}

struct json folder_pieces(const struct folder *folder, struct arena *arena)
{
    struct json list = json_array();

    for (size_t i = 0; i < folder->piece_count; i++) {
        const struct folder_piece *piece = &folder->piece[i];
        struct hash hash = hash_of(piece->content);
        struct json item = json_object();
        char hex[2 * HASH_BYTES + 1];

        hex_text(hex, hash_span(&hash));
        json_set(&item, "file", json_text(piece->file), arena);
        json_set_integer(&item, "n", piece->n, arena);
        json_set_string(&item, "sha256", arena_copy(arena, span_of(hex)), arena);
        json_push(&list, item, arena);
    }
    return list;
}

struct json folder_part(const struct folder *folder, size_t n, struct arena *arena)
{
    const struct folder_piece *piece = &folder->piece[n];
    struct json part = json_object();

    json_set(&part, "file", json_text(piece->file), arena);
    json_set_integer(&part, "n", piece->n, arena);
    json_set_string(&part, "content", piece->content, arena);
    return part;
}
