#pragma once

/*
 * The words of a flash in all languages (data/flash/words.json), and the names of the agreement's
 * crossings, sectors and acts: folded (flash_text.h), so that they can be looked up as typed.
 * The program knows meanings; which word has which is data.
 */

#include "codec/json.h"
#include "forms/flash_text.h"

enum flash_meaning {
    FLASH_FILL, /* says nothing here */
    FLASH_BEGINS,
    FLASH_KEY_TIME,
    FLASH_KEY_PLACE,
    FLASH_KEY_WHAT,
    FLASH_KEY_NEED,
    FLASH_COUNTED, /* value: enum flash_counted */
    FLASH_ONGOING,
    FLASH_OVER,
    FLASH_YES,
    FLASH_NO,
    FLASH_UNKNOWN,
    FLASH_NEED, /* id: the word of incident.flash */
    FLASH_UNIT, /* value: metres */
    FLASH_DEGREES,
    FLASH_DIRECTION,
    FLASH_DAY_PART, /* value: enum flash_day_part */
    FLASH_HOURS,    /* of 24 */
    FLASH_O_CLOCK,  /* of 12 or 24 */
    FLASH_UTC,
    FLASH_LOCAL,
    FLASH_NOW,
    FLASH_TODAY,
    FLASH_YESTERDAY,
    FLASH_ABOUT,
    FLASH_AT_LEAST,
    FLASH_NUMERAL, /* value */
    FLASH_WHAT,
    FLASH_CROSSING, /* id */
    FLASH_SECTOR,
    FLASH_ACT,
};
enum flash_counted { FLASH_DEAD, FLASH_INJURED, FLASH_CASUALTIES, FLASH_MISSING, FLASH_COUNTS };
enum flash_day_part { FLASH_AM, FLASH_PM, FLASH_NIGHT, FLASH_NOON };

struct flash_entry {
    struct span key;  /* folded, all words together */
    struct span name; /* as it is written */
    enum flash_meaning meaning;
    int64_t value;
    struct span id;        /* of a place or an act the agreement's, else the meaning's */
    struct span sector;    /* that a place lies in */
    size_t words, letters; /* of the key */
    bool latin;
    unsigned languages; /* a bit each, in the order of flash_languages */
};

#define FLASH_LANGUAGES 6u
extern const char *const flash_languages[FLASH_LANGUAGES];

struct flash_book {
    struct flash_entry *entry; /* sorted by key */
    size_t count;
    const struct flash_entry **by_end; /* the same, for flash_near */
    const struct json *say;            /* texts by language */
    const struct json *offsets;        /* of the agreement's days, in minutes; may be NULL */
    const struct json *terms;
};

/* The words that the program comes with. */
extern const uint8_t flash_words[];
extern const size_t flash_words_len;

/* `terms` are items by section, and `head` the agreement's table, as GET /api/agreement gives
 * them; both outlive the book, like the words, which are in the arena. */
MUST_CHECK bool flash_book_make(struct flash_book *out, struct span words, const struct json *terms,
                                const struct json *head, struct arena *arena, struct err *err);
/* The place of the first entry that does not come before this key; `count`: none. */
size_t flash_book_at(const struct flash_book *book, struct span key);
/* How many entries have this key; the first of them. */
size_t flash_book_find(const struct flash_book *book, struct span key,
                       const struct flash_entry **out);
/* A text to be sent, in a language; English where that has none. */
struct span flash_book_say(const struct flash_book *book, struct span language, const char *what);
