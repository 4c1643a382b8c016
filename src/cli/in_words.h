#pragma once

/*
 * What a record says, in words for a terminal: the agreement's labels for its ids, moments and
 * counts as people write them, and other records by their number in what is printed.
 */

#include "cli/cli.h"

struct in_words {
    const struct json *terms; /* {SECTION:[row,...]}, as /api/agreement gives them */
    const struct json *items; /* of what is printed, in order, each with an `id`; NULL: none */
    struct arena *arena;
    FILE *out;
};

/* "K-15 Exchange of fire": the id and the agreement's label for it; else the id. */
void in_words_term(const struct in_words *words, const char *section, struct span id);
/* "2025-11-06 15:40 UTC". */
void in_words_moment(const struct in_words *words, int64_t ms);
/* "3 days 4 hours": the two largest units. */
void in_words_length(const struct in_words *words, int64_t ms);
/* A word of the program, "under_verification": with spaces for what joins it. */
void in_words_word(const struct in_words *words, struct span word);
/* The fields of a record of this kind, a line each. Those named in `but` (ends in NULL; may be
 * NULL) are left out. */
void in_words_fields(const struct in_words *words, const char *kind, const struct json *fields,
                     const char *const *but, int indent);
