#pragma once

/*
 * A text in lines, of which those that are indented belong to the line above them that is not:
 * a tree. Empty lines and lines that begin with # are passed over.
 */

#include "base/arena.h"
#include "base/err.h"

struct block {
    uint64_t line;    /* from 1; 0: the whole text */
    struct span text; /* without the spaces on either side; UTF-8 */
    struct block *child;
    size_t children;
};

#define BLOCK_DEPTH 16u
#define BLOCK_LINES 20000u

/* Errors begin with the number of the line. In the arena; points into `text`. */
MUST_CHECK bool block_parse(struct block *out, struct span text, struct arena *arena,
                            struct err *err);

/* Sets *err to what is wrong there. Returns false. */
bool block_fault(const struct block *at, struct err *err, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Words: what stands on one line. */
struct span words_trim(struct span text);
/* Takes one off the front, up to the next space; empty at the end. */
struct span words_next(struct span *rest);
/* Takes exactly this word, or these, off the front, if they stand there. */
bool words_take(struct span *rest, const char *words);
/* Cuts at the first place where `mark` stands outside quotation marks; both sides trimmed.
 * False, and nothing changed, when it does not. */
bool words_cut(struct span *rest, const char *mark, struct span *before);
/* Without the quotation marks, where there are some on both sides. */
struct span words_unquote(struct span text, bool *out_quoted);
