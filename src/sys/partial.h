#pragma once

/*
 * Files that come in pieces, over more than one connection and more than one run: each is
 * DIRECTORY/NAME as far as it has come. What was appended is durable. Who has one open has it
 * alone, among threads and processes.
 */

#include "base/err.h"
#include "base/span.h"

struct partial;

/* Makes the directory and the file where they are missing. ERR_CONFLICT when somebody else has
 * it open. `name` is a plain name. */
MUST_CHECK bool partial_open(struct partial **out, const char *directory, const char *name,
                             struct err *err);
uint64_t partial_bytes(const struct partial *partial);
/* ERR_LIMIT when the disk would be left with less than SPOOL_RESERVE_BYTES (sys/spool.h). After
 * a fault it is as long as it was. */
MUST_CHECK bool partial_append(struct partial *partial, struct span bytes, struct err *err);
/* All of it, to be read until it is closed; nothing is appended after that. */
MUST_CHECK bool partial_map(struct partial *partial, struct span *out, struct err *err);
void partial_close(struct partial *partial); /* NULL is fine */
/* The file goes, too. */
void partial_close_remove(struct partial *partial);

/* How far it has come; 0: there is none. */
uint64_t partial_size(const char *directory, const char *name);
/* Removes those that nobody has open and nothing was appended to since; gives how many. A directory
 * that is not there has none. */
unsigned partial_clear(const char *directory, int64_t since_ms);
