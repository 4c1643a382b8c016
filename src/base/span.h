#pragma once

/*
 * Bytes that somebody else owns: where they start and how many there are. Never
 * NUL-terminated by promise; empty is {NULL, 0} or any pointer with length 0.
 */

#include "base/base.h"

struct span {
    const uint8_t *at;
    size_t len;
};

/* For printf("%.*s", SPAN_ARG(s)); the bytes must be known to be text. */
#define SPAN_ARG(s) (int)(s).len, (const char *)(s).at
#define SPAN_LIT(text) ((struct span){(const uint8_t *)(text), sizeof(text) - 1})

struct span span_of(const char *text); /* without its NUL; NULL is empty */
struct span span_make(const void *at, size_t len);
bool span_equal(struct span a, struct span b);
bool span_is(struct span a, const char *text);
/* In whichever case ASCII's letters are. */
bool span_is_caseless(struct span a, const char *text);
int span_compare(struct span a, struct span b); /* bytewise, the shorter first */
bool span_starts_with(struct span s, struct span prefix);
bool span_ends_with(struct span s, struct span suffix);
struct span span_from(struct span s, size_t from); /* asserts from <= s.len */
struct span span_slice(struct span s, size_t from, size_t len);

/* Cuts *rest at the first `mark`: what stands before it is *out, *rest goes on
 * after it. Without a mark returns false and changes nothing. */
bool span_cut(struct span *rest, uint8_t mark, struct span *out);
