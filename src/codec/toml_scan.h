#pragma once

/*
 * The words of TOML: white space, comments, key parts, strings, integers. For toml.c.
 *
 * The text is copied once, with a NUL behind it. toml_scan_over refuses a text that has
 * one inside, and no rule accepts one, so nothing reads past the end. Strings are parts
 * of the copy, unescaped in place.
 */

#include "base/arena.h"
#include "base/err.h"

struct toml_scan {
    struct span text; /* as given: faults are placed in it */
    uint8_t *copy;
    size_t at;
    struct arena *arena;
    struct err *err;
};

/* False where the text holds a character that may stand nowhere in TOML. */
MUST_CHECK bool toml_scan_over(struct toml_scan *out, struct span text, struct arena *arena,
                               struct err *err);

uint8_t toml_scan_peek(const struct toml_scan *s); /* NUL at the end */
bool toml_scan_ended(const struct toml_scan *s);
bool toml_scan_take(struct toml_scan *s, const char *mark); /* if it stands here */

void toml_scan_blank(struct toml_scan *s); /* spaces and tabs */
void toml_scan_lines(struct toml_scan *s); /* those, comments and line breaks */
/* What may stand behind a header or a value: a comment, and then the line ends. */
MUST_CHECK bool toml_scan_line_end(struct toml_scan *s);

MUST_CHECK bool toml_scan_key(struct toml_scan *s, struct span *out); /* one part of it */
MUST_CHECK bool toml_scan_string(struct toml_scan *s, struct span *out);
MUST_CHECK bool toml_scan_integer(struct toml_scan *s, int64_t *out);

/* Sets the fault, by line and column of the byte at `at`; returns false. */
bool toml_scan_fault(struct toml_scan *s, enum err_kind kind, size_t at, const char *format, ...)
    PRINTF_LIKE(4, 5);
