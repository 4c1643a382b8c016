#pragma once

/* A flash being read, for the files flash*.c alone. */

#include "forms/flash.h"

enum item_type { ITEM_MEANT, ITEM_NUMBER, ITEM_CLOCK, ITEM_DATE, ITEM_BREAK, ITEM_WORD };

/* A word or number, or several that mean one thing together. */
struct item {
    enum item_type type;
    enum flash_meaning meaning; /* of ITEM_MEANT */
    const struct flash_entry *entry;
    size_t entries;                  /* more than one: places of the same name */
    const struct flash_token *token; /* the first */
    size_t from, to;
    int64_t low, high;
    bool keyed; /* a colon stands behind it */
    bool used;
};

struct reading {
    const struct flash_book *book;
    const struct flash_ask *ask;
    struct flash_text text;
    struct item *item;
    size_t count;
    struct flash *out;
    struct arena *arena;
};

static inline bool means(const struct item *item, enum flash_meaning meaning)
{
    return item->type == ITEM_MEANT && item->meaning == meaning;
}
static inline struct span reading_text(const struct reading *r, size_t from, size_t to)
{
    return span_slice(r->text.text, from, to - from);
}
/* NULL when there are eight already: then the first ones are asked first. */
struct flash_question *reading_ask(struct reading *r, const char *say, size_t from, size_t to);
void reading_offer(struct flash_question *question, struct span shown, struct span put);
/* "Which of these?": options that keep one of the pieces, and what stands between them. */
struct piece {
    size_t from, to;
};
void reading_ask_one(struct reading *r, const char *say, const struct piece *piece, size_t count);
/* Whether a place or an act is given by the agreement's id and in no words. */
bool reading_by_id(struct reading *r, const struct item *item);
void reading_understood(struct reading *r, const char *as, size_t from, size_t to);

/* flash_items.c: the text as items. */
void reading_items(struct reading *r);
/* flash_when.c: sets `at`, or asks. */
void reading_when(struct reading *r);
/* flash_where.c: `crossing`, `sector`, `place_name`. */
void reading_where(struct reading *r);
/* flash_counts.c: casualties, `ongoing`, `needs`; before it, when and where have taken theirs. */
void reading_counts(struct reading *r);
