#pragma once

/*
 * Reading hostile bytes. It checks before it reads and remembers the first thing
 * that went wrong, so a parser runs straight down and asks once at the end. After
 * a failure every read gives zero or empty.
 */

#include "base/span.h"

struct reader {
    struct span in;
    size_t at;
    const char *why; /* NULL as long as all is well; a constant text */
};

struct reader reader_over(struct span in);
size_t reader_left(const struct reader *r);
size_t reader_offset(const struct reader *r); /* where it stands, or where it failed */
bool reader_failed(const struct reader *r);
bool reader_done(struct reader *r);                  /* all is well and nothing is left over */
void reader_fail(struct reader *r, const char *why); /* the first reason stays */

uint8_t reader_u8(struct reader *r);
uint16_t reader_u16be(struct reader *r);
uint32_t reader_u32be(struct reader *r);
uint64_t reader_u64be(struct reader *r);
struct span reader_take(struct reader *r, size_t len);

/* The bytes up to the next newline, which is consumed; not empty, at most `limit`. */
struct span reader_line(struct reader *r, size_t limit);

/* A line that is one ASCII decimal number, no leading zero, at most `limit`. */
uint64_t reader_decimal_line(struct reader *r, uint64_t limit);

/* Consumes exactly `text`. */
void reader_expect(struct reader *r, const char *text);

/* A whole span as one ASCII decimal number, no sign and no leading zero, at most
 * `limit`. False and *out untouched otherwise. */
MUST_CHECK bool decimal_parse(uint64_t *out, struct span text, uint64_t limit);
