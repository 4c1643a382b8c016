#pragma once

/*
 * Handing records in over HTTP (doc/format.md §6.5): both ends of POST /submit. The
 * server parses submissions and writes answers, a command or another node the reverse.
 * What is parsed points into the bytes it was parsed from, or into the arena.
 */

#include "journal/journal.h"

#define SUBMISSION_TYPE "application/vnd.sulh.submission"
#define SUBMISSION_BYTES ((size_t)64 << 20)
/* An answer has a promise, a refusal and its reason: notes of a few hundred bytes. */
#define SUBMISSION_ANSWER_BYTES ((size_t)16 << 20)

/* What is in it is for the door to judge; a note may be anything. */
MUST_CHECK bool submission_parse(struct submission **out, size_t *out_count, struct span bytes,
                                 struct arena *arena, struct err *err);
/* ERR_LIMIT when it is more than one submission may hold: hand it in in pieces. */
MUST_CHECK bool submission_encode(struct span *out, const struct submission *submission,
                                  size_t count, struct arena *arena, struct err *err);

/* A refusal carries beside the signed note its `reason`, and `why` for a person. */
struct span submission_answers_encode(const struct answer *answers, size_t count,
                                      struct arena *arena);
/* Exactly `count` of them. */
MUST_CHECK bool submission_answers_parse(struct answer *answers, size_t count, struct span bytes,
                                         struct arena *arena, struct err *err);
