#pragma once

/*
 * The bytes of a file of the outbox (doc/format.md §5.8): one record with its parts, as it is
 * submitted, since when it waits, and a hash over all, so that what a disk has lost or changed
 * is told from what was put there.
 *
 * What is parsed points into the bytes it was parsed from, or into the arena.
 */

#include "journal/submission.h"
#include "record/record.h"

#define OUTBOX_FILE_HEADER 16u
#define OUTBOX_FILE_BYTES (OUTBOX_FILE_HEADER + SUBMISSION_BYTES + HASH_BYTES)

struct outbox_file {
    int64_t since_ms;
    struct span payload; /* the submission's bytes */
    struct submission submission;
    struct record record; /* that is in it */
};

/* ERR_MALFORMED: cut short, changed, or not of the form. */
MUST_CHECK bool outbox_file_parse(struct outbox_file *out, struct span bytes, struct arena *arena,
                                  struct err *err);
/* ERR_REFUSED: it is no record, or larger with its parts than a submission may be; it will
 * never do. A time before 1970 or past the last year is brought within them. */
MUST_CHECK bool outbox_file_encode(struct span *out, const struct submission *submission,
                                   int64_t since_ms, struct arena *arena, struct err *err);
