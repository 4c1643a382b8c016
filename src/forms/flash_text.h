#pragma once

/*
 * What people type on a telephone, cut into words, numbers, clock times and dates, and folded:
 * the three sets of digits, the Arabic and Persian forms of one letter, signs of vowels, joiners,
 * capital letters and the marks of Turkish make no difference. Nothing is understood here.
 *
 * Offsets are of bytes of the text, so that what is asked about can be quoted as it was typed.
 */

#include "base/buf.h"
#include "base/err.h"

/* A long SMS has 255 pieces at most; nobody types them. */
#define FLASH_TEXT_BYTES 4000u
#define FLASH_TOKENS 512u

enum flash_token_type {
    FLASH_WORD,
    FLASH_NUMBER, /* lowest to highest, in thousandths */
    FLASH_CLOCK,  /* hour and minute, as typed; not checked */
    FLASH_DATE,   /* year (0: not said), month and day, as typed; not checked */
    FLASH_COLON,  /* after a word: what comes is what it says */
    FLASH_BREAK,  /* a comma, a stop, a line's end */
};

struct flash_token {
    enum flash_token_type type;
    size_t from, to; /* bytes of the text */
    struct span key; /* folded */
    bool latin;      /* a word in Latin letters */
    bool joined;     /* to the token before, without a space; a hyphen joins */
    bool open_ended; /* a number with a + behind it */
    bool offset;     /* a number with a sign before it: perhaps +0500 */
    bool dotted;     /* a number like 14.20, which could be a time */
    int64_t low, high;
    int first, second, third; /* of a clock or a date */
};

struct flash_text {
    struct span text;
    struct flash_token *token;
    size_t count;
};

/* ERR_MALFORMED: no UTF-8, or U+0000 in it. ERR_LIMIT: too long. */
MUST_CHECK bool flash_text_read(struct flash_text *out, struct span text, struct arena *arena,
                                struct err *err);
/* The letters and digits of a text folded, without what stands between them. */
struct span flash_fold(struct span text, struct arena *arena);
size_t flash_letters(struct span key); /* how many characters it has */

/* How many messages a text takes: 160 characters of GSM 03.38 or 153 in each of several; 70 or 67
 * where there is one that it lacks. */
unsigned flash_messages(struct span text);
