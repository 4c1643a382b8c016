#pragma once

/*
 * A feed of JSON pieces: the elements of a list (within an object, or alone), or one object after
 * another, a line each or not. As with tables (row_feed.h) all of it is read twice, once to check
 * it and once to make items, one piece in memory at a time; every damaged piece is told by its
 * place and counted, and one of them is enough: nothing is imported.
 */

#include "codec/json_foreign.h"
#include "feed/feed.h"
#include "record/kind.h"

/* A piece being read, as hostile as a row: the first fault is kept, ask at the end. */
struct piece {
    const char *file;
    struct span text;            /* the whole input */
    const struct foreign *value; /* the piece */
    const struct foreign *head;  /* what stands around its list; NULL: nothing */
    uint64_t line;
    struct arena *arena;
    struct err fault;
};

bool piece_failed(const struct piece *piece);
/* At this value of the piece, or where its absence shows: NULL is the piece. */
void piece_fail(struct piece *piece, const struct foreign *at, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Adds what is made of a value to a record's flat fields; what its field does not allow is
 * refused at `at`. */
void piece_set(struct piece *piece, const struct foreign *at, struct json *flat,
               const struct field *field, struct json value);
/* A text: a string, or a number as printed; cut with "…" to fit its field. Empty: nothing is set.
 * True, null, lists and objects: null is nothing, the rest refused. */
struct span piece_text(struct piece *piece, const struct foreign *at);
void piece_set_text(struct piece *piece, const struct foreign *at, struct json *flat,
                    const struct field *field, struct span text);
struct span piece_fit(struct span text, size_t limit, struct arena *arena);
/* "SOURCE/ID", refused where an external id may not look like that. */
struct span piece_external_id(struct piece *piece, const struct foreign *at, const char *prefix);
struct feed_item piece_item(const struct piece *piece, const char *kind, struct span external_id,
                            struct json flat);

/* Walks through an input. */
struct pieces {
    const char *file;
    struct span text;
    const char *const *list_names; /* of the member that is the list */
    struct foreign_reader r;
    struct foreign_list list;
    struct foreign head;
    struct arena head_arena;
    struct {
        size_t at;
        uint64_t line;
    } counted;
};
MUST_CHECK bool pieces_open(struct pieces *out, const char *file, struct span text,
                            const char *const *list_names, struct err *err);
/* False in *more after the last. What was read stands in the arena. */
MUST_CHECK bool pieces_next(struct pieces *pieces, struct piece *out, bool *more,
                            struct arena *arena, struct err *err);
void pieces_rewind(struct pieces *pieces);
void pieces_close(struct pieces *pieces);

#define JSON_FEED_ITEMS 24u

struct json_feed {
    const char *source;
    const char *const *kinds;
    const char *const *list_names;
    void *context;
    /* Makes up to JSON_FEED_ITEMS items of a piece. */
    size_t (*read)(struct feed_item *out, struct piece *piece, void *context);
};

/* `text`, *table and its context must outlive the feed. */
MUST_CHECK bool json_feed_open(struct feed *out, const struct json_feed *table, const char *file,
                               struct span text, const struct remarks *remarks, struct arena *arena,
                               struct err *err);
