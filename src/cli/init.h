#pragma once

/*
 * sulh init, in pieces: the agreement's folder, the keys, the records that bring it into
 * force. Inside this folder only.
 */

#include "cli/cli.h"

#include "node/author.h"
#include "terms/terms.h"

#define INIT_MOST_PIECES 300u /* as many as agreement.adopt lists */

struct init_piece { /* of one of the agreement's files: an agreement.part */
    const char *file;
    int64_t n; /* from 1 */
    struct span content;
};

#define INIT_MOST_ROOTS 64u /* likewise */

struct init_root { /* who adopts the agreement */
    struct span org;
    const char *name; /* of its key: ORG/root */
    const char *path; /* of its key file, which its owner brings; NULL: a throw-away key here */
    struct span vkey;
};

struct init {
    struct cli *cli;
    struct arena *arena;
    const char *directory;
    bool demo;
    struct json terms; /* agreement.toml as a value */
    struct terms_head head;
    struct init_piece piece[INIT_MOST_PIECES];
    size_t piece_count;
    struct init_root root[INIT_MOST_ROOTS];
    size_t root_count;
    struct settings settings;
};

/* init_folder.c: reads and checks the agreement's folder, and cuts its files into pieces.
 * With --demo the agreement's name becomes demo.invalid/NAME. */
MUST_CHECK bool init_read_folder(struct init *init, const char *path, struct err *err);

/* init_keys.c: names after the organisations' ids, and files in DIR/keys. Keys of real roots
 * stay where they are. */
MUST_CHECK bool init_choose_names(struct init *init, struct err *err);
MUST_CHECK bool init_find_roots(struct init *init, struct err *err);
MUST_CHECK bool init_make_keys(struct init *init, struct err *err);
MUST_CHECK bool init_vkey(struct init *init, const char *name, struct span *out, struct err *err);
MUST_CHECK bool init_operator(struct init *init, const struct json **out, struct err *err);
const char *init_key_name(struct init *init, const struct json *organisation, const char *job);
const struct json *init_organisations(const struct init *init); /* in their order */

/* init_records.c: everything that the roots sign. */
MUST_CHECK bool init_say_all(struct init *init, struct node *node, struct err *err);

static inline struct span init_text(const struct json *object, const char *key)
{
    return json_get_string(object, key, (struct span){0});
}
