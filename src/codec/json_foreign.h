#pragma once

/*
 * Other people's JSON (RFC 8259), where our own (codec/json.h) is narrower: fractions, exponents,
 * null, true and false are read, members come in any order, and a number stays the text that it
 * was, so that degrees become integers of 1e-7 with no floating point between. Refused all the
 * same: a member twice in one object, since readers differ in which of the two they take; what is
 * not UTF-8; U+0000; half a surrogate pair; nesting deeper than LIMIT_JSON_DEPTH and more than
 * LIMIT_JSON_VALUES values in one piece.
 *
 * Files of this kind are one long list with little around it. The reader stands on a text and is
 * led: into the list, from element to element, each read whole into an arena of its own; so
 * memory holds the text and one element. Faults say line and column.
 */

#include "base/arena.h"
#include "base/err.h"

enum foreign_type {
    FOREIGN_NULL,
    FOREIGN_FALSE,
    FOREIGN_TRUE,
    FOREIGN_NUMBER,
    FOREIGN_STRING,
    FOREIGN_ARRAY,
    FOREIGN_OBJECT,
};

struct foreign_member;

struct foreign {
    enum foreign_type type;
    size_t offset; /* in the text */
    union {
        struct span text; /* of a string, and of a number as printed */
        struct {
            struct foreign *at;
            size_t count;
        } array;
        struct {
            struct foreign_member *at; /* in bytewise order of the names */
            size_t count;
        } object;
    };
};

struct foreign_member {
    struct span key;
    struct foreign value;
};

/* A text that is one value. What it holds stands in the text or in the arena. */
MUST_CHECK bool foreign_parse(struct foreign *out, struct span text, struct arena *arena,
                              struct err *err);

/* A text led through piece by piece. */
struct foreign_reader {
    struct span text; /* known to be UTF-8 */
    size_t at;
};
MUST_CHECK bool foreign_open(struct foreign_reader *out, struct span text, struct err *err);
/* The first byte of what comes next; 0 at the end of the text. */
uint8_t foreign_peek(struct foreign_reader *r);
/* One value, whole. */
MUST_CHECK bool foreign_value(struct foreign_reader *r, struct foreign *out, struct arena *arena,
                              struct err *err);
/* Steps into what `bracket`, [ or {, opens. False in *more where it is empty. */
MUST_CHECK bool foreign_enter(struct foreign_reader *r, uint8_t bracket, bool *more,
                              struct err *err);
/* A member's name, to stand before its value. */
MUST_CHECK bool foreign_key(struct foreign_reader *r, struct span *out, struct arena *arena,
                            struct err *err);
/* Over a comma, or out of what was entered, which ends in `close`: then false in *more. */
MUST_CHECK bool foreign_next(struct foreign_reader *r, uint8_t close, bool *more, struct err *err);
/* Nothing but white space is left. */
MUST_CHECK bool foreign_end(struct foreign_reader *r, struct err *err);

/* A long list that was checked to its end, before its first element or behind one. */
struct foreign_list {
    struct foreign_reader r; /* no text: there is no list */
    bool inside;
};

/* Checks the list that the reader stands before, one element at a time, and stands behind it. */
MUST_CHECK bool foreign_list(struct foreign_list *out, struct foreign_reader *r, struct err *err);
/* An object of which a member is a long list, the first of these names, which end in NULL: as
 * above, and *out gets its members, the list as an empty one. Without such a list, list->r has no
 * text. */
MUST_CHECK bool foreign_outline(struct foreign *out, struct foreign_list *list,
                                const char *const *names, struct foreign_reader *r,
                                struct arena *arena, struct err *err);
/* The elements one by one; false in *more after the last. Not to be called again then. */
MUST_CHECK bool foreign_element(struct foreign_list *list, struct foreign *out, bool *more,
                                struct arena *arena, struct err *err);

/* A member's value; NULL: there is none, or `object` is NULL or none. */
const struct foreign *foreign_get(const struct foreign *object, const char *key);
const struct foreign *foreign_get_span(const struct foreign *object, struct span key);
/* There, and neither null nor an empty string. */
bool foreign_has(const struct foreign *value);
/* Of a string; empty for anything else, and NULL. */
struct span foreign_text(const struct foreign *value);

/* A number as printed into whole units of 10^-decimals, rounded half away from zero: the same
 * text gives the same integer on every machine. False beyond ±limit, and for what is no number
 * of RFC 8259. */
MUST_CHECK bool foreign_scaled(int64_t *out, struct span number, unsigned decimals, int64_t limit);
/* Of a number, or of a string that holds one and nothing else. */
MUST_CHECK bool foreign_number(int64_t *out, const struct foreign *value, unsigned decimals,
                               int64_t limit);

/* "line L, column C: " before what is wrong at this offset. Returns false. */
bool foreign_fault(struct span text, size_t offset, struct err *err, const char *format, ...)
    PRINTF_LIKE(4, 5);
