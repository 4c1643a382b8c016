#pragma once

/*
 * A line of an officer: a word that says what is to be done, so many words that say with what,
 * settings NAME=VALUE, and behind them the text, as it was typed. A text that begins like a
 * setting stands behind a word ":" of its own.
 */

#include "base/err.h"
#include "base/span.h"

#define HOTLINE_LINE_WORDS 2u
#define HOTLINE_LINE_SETTINGS 8u

enum hotline_line_text { LINE_NO_TEXT, LINE_MAYBE_TEXT, LINE_TEXT };

struct hotline_grammar {
    const char *word, *arguments; /* as help prints them */
    size_t words;
    const char *const *settings; /* ends in NULL; NULL: it has none */
    enum hotline_line_text text;
};

/* Points into the line. */
struct hotline_line {
    struct span word[HOTLINE_LINE_WORDS];
    struct {
        const char *name;
        struct span value;
    } setting[HOTLINE_LINE_SETTINGS];
    size_t settings;
    struct span text; /* without spaces around it; empty: none */
};

struct span hotline_line_word(struct span line); /* the first; empty: there is none */
/* ERR_USAGE says how it is said. */
MUST_CHECK bool hotline_line_read(struct hotline_line *out, const struct hotline_grammar *grammar,
                                  struct span line, struct err *err);
struct span hotline_line_setting(const struct hotline_line *line, const char *name); /* or empty */
