#pragma once

/*
 * The words that a person reads on a form, on paper or in a text message: those of lang/, which are
 * part of the program, and those of the agreement. The agreement says in which languages it is run,
 * and in which order; the program has words in six.
 *
 * Where a language lacks a word, the English one is taken; English has them all.
 */

#include "codec/json.h"

#define WORDS_LANGUAGES 16u

struct words_language {
    struct span id;   /* "ps" */
    struct span name; /* in itself: "پښتو" */
    bool rtl;
    const struct json *words;
};

struct words {
    struct words_language language[WORDS_LANGUAGES];
    size_t count; /* at least one: English stands in where the agreement has none of ours */
    const struct json *english;
};

/* The languages that the agreement lists and the program has words in. */
struct words words_of_agreement(const struct json *terms, struct arena *arena);
/* All that the program has, in bytewise order of their ids; their names are their ids. */
struct words words_all(struct arena *arena);

/* NULL: it is none of them. */
const struct words_language *words_language(const struct words *words, struct span id);
bool words_have(const struct words_language *language, const char *key);
struct span words_get(const struct words *words, const struct words_language *language,
                      const char *key);
/* What an item of the agreement is called: its `label` or `name` in that language, in English, or
 * its id. */
struct span words_of_item(const struct json *item, const struct words_language *language);
