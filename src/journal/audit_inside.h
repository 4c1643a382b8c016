#pragma once

/* What the files of audit share. Nobody else includes this. */

#include "journal/anchor.h"
#include "journal/audit.h"
#include "journal/audit_parts.h"
#include "journal/history.h"
#include "journal/log_keys.h"
#include "journal/rows.h"
#include "ledger/checkpoint.h"
#include "ledger/tile.h"

struct audit {
    const struct audit_options *options;
    struct audit_result *result;
    struct disk *disk;
    struct arena arena;
    bool found; /* something wrong: the result says what */

    /* What stood at one moment, though a server may be at work: audit_snapshot. */
    struct span checkpoint_note;
    struct checkpoint signer;
    struct err signer_err; /* of a kind: it could not be read */
    uint64_t following;    /* the size that is being followed to; 0: none is */
    struct err following_err;
    uint64_t store_count; /* entries that the store beside the log has applied */
    struct hash store_digest;
    struct disk_entry *file; /* below log/ */
    size_t file_count;
    struct err stage_err; /* of a kind: the stage is wrong */
    struct tree *tree;
    struct history *history;
    char damaged[256], damage[64]; /* the first file of parts that is damaged, and how */
    struct rows *parts;            /* that are here; at first, those that are staged. NULL: none */
    uint64_t large, large_named;   /* with a file of their own; of these, that entries name */

    struct anchor anchor;
    struct log_keys keys; /* of the terms */
    struct checkpoint checkpoint;
    struct note note;     /* of it */
    uint64_t stage_first; /* the first index that the stage holds or held; at least the
                           * published size when no round of publishing was cut off */
    struct rows *rows;    /* the register after the last entry */
};

/* A step returns false for a fault only. What is wrong it gives to audit_find, which
 * returns true: the audit ends with this step. */
typedef bool audit_step(struct audit *audit, struct err *err);

bool audit_find(struct audit *audit, const char *path, const char *format, ...) PRINTF_LIKE(3, 4);
bool audit_find_entry(struct audit *audit, uint64_t entry, const char *path, const char *format,
                      ...) PRINTF_LIKE(4, 5);

/* audit_snapshot.c: what changes while a server is at work, read as of one moment. */
audit_step audit_snapshot;
void audit_snapshot_free(struct audit *audit);
/* audit_files.c: names and partial tiles. */
audit_step audit_names, audit_partials;
bool audit_parse_tile(const struct disk_entry *file, struct tile *out);
/* audit_register.c: every verdict, the digest, the store's; the parts that are named. */
audit_step audit_register;
/* audit_terms.c: the log's keys, by that register; audit_lines.c: who cosigned. */
audit_step audit_terms, audit_lines;

/* The last run was cut off while it published or followed: there are entries to be recovered,
 * or the stage still holds what the checkpoint covers, or it was on its way to another. */
bool audit_in_flight(const struct audit *audit);
