#pragma once

/*
 * The flash of a village: one message of a telephone, in any of the languages, as
 *
 *     FLASH 14:20 TORKHAM 3KM E SHELLING ONGOING DEAD 0 INJURED 2 NEED MEDEVAC
 *
 * in any order and with any separators, understood as far as it says something, and never
 * guessed: what can be read in two ways is asked back, and what is missing, too. Only a flash
 * without a question is a record's fields, and only when its sender has confirmed them with the
 * check number (forms/intake.h). doc/flash.md is the page for villages.
 */

#include "forms/flash_book.h"

#define FLASH_QUESTIONS 8u
#define FLASH_OPTIONS 4u
#define FLASH_NO_OFFSET (-10000)

struct flash_ask {
    struct span text;
    struct span language; /* the sender's; empty: that of the text */
    int offset_min;       /* of the sender's clock; FLASH_NO_OFFSET: not known */
    int64_t received_ms;
};

/* An answer that is offered: what is shown, and what takes the place of what was asked about. */
struct flash_option {
    struct span shown, put;
};
struct flash_question {
    const char *say; /* of the words: "q.when" */
    size_t from, to; /* what of the text is asked about; equal: something is missing */
    struct flash_option option[FLASH_OPTIONS];
    size_t options;
};

struct flash {
    struct json fields;     /* for incident.flash; whole when there is no question */
    struct json understood; /* [{"as","text"}], in the order of the text */
    struct json ignored;    /* words that nobody understood */
    struct flash_question question[FLASH_QUESTIONS];
    size_t questions;
    struct span language;
    size_t words;  /* how many words, numbers and names meant something */
    char check[5]; /* four digits of what is in `fields`, for the sender to confirm */
};

/* ERR_MALFORMED and ERR_LIMIT as flash_text_read. All in the arena. */
MUST_CHECK bool flash_read(struct flash *out, const struct flash_book *book,
                           const struct flash_ask *ask, struct arena *arena, struct err *err);

/* What is sent back: the first question with its options numbered, or what was understood with
 * the check number. At most two messages long (flash_messages). */
struct span flash_reply(const struct flash *flash, const struct flash_book *book,
                        const struct flash_ask *ask, struct arena *arena);
/* The text after an answer to the first question: an option by its number, or new words for what
 * was asked about. */
struct span flash_answered(const struct flash *flash, struct span text, struct span answer,
                           struct arena *arena);
