#pragma once

/* A folder with an agreement as data (doc/agreement.md): agreement.toml and the .geojson files
 * beside it, checked, and cut into the pieces that agreement.part records carry. */

#include "base/arena.h"
#include "terms/terms.h"

#define FOLDER_MOST_PIECES 300u /* as many as agreement.adopt lists */

struct folder_piece { /* of one of the files: an agreement.part */
    const char *file;
    int64_t n; /* from 1 */
    struct span content;
};

struct folder_file {
    const char *name;
    struct span text; /* as it stands on the disk */
};

struct folder {
    struct json terms; /* agreement.toml as a value */
    struct terms_head head;
    struct folder_file file[FOLDER_MOST_PIECES]; /* in order of their names, as the pieces are */
    size_t file_count;
    struct folder_piece piece[FOLDER_MOST_PIECES];
    size_t piece_count;
};

/* All in the arena. `before` is put before the agreement's name: "demo.invalid/", or "". */
MUST_CHECK bool folder_read(struct folder *out, const char *path, const char *before,
                            struct arena *arena, struct err *err);
/* The item of this id; NULL when the agreement has none. */
const struct json *folder_organisation(const struct folder *folder, struct span id);
const struct json *folder_organisations(const struct folder *folder); /* in their order */

/* What entry 0, or an amendment, lists of the files; and the fields of the n-th agreement.part. */
struct json folder_pieces(const struct folder *folder, struct arena *arena);
struct json folder_part(const struct folder *folder, size_t n, struct arena *arena);

static inline struct span folder_text(const struct json *object, const char *key)
{
    return json_get_string(object, key, (struct span){0});
}
