#pragma once

/*
 * The audit of a directory: everything that can be checked without a server, a store or
 * any trust but the id of entry 0. Every file below log/ is explained or found out, every
 * entry, hash and signature is checked, the register is computed anew with every verdict.
 * It stops at the first thing that is wrong, and changes nothing.
 *
 * A log that is elsewhere is audited the same way, as far as it is shown; so its checkpoint is
 * the one that was given first, and nothing is tried again.
 *
 * What a crash leaves, and the stage explains, is not wrong: it is to be recovered.
 */

#include "crypto/hash.h"
#include "journal/progress.h"
#include "store/store.h"
#include "sys/disk.h"

/* Some 50,000 records have as many, and are audited without a file. */
#define AUDIT_ROWS_BYTES ((size_t)64 << 20)

struct audit_options {
    struct disk *disk;        /* of the directory; no lock is needed */
    const char *agreement_id; /* what entry 0 must be, or NULL */
    struct store *store;      /* to compare with what is computed, or NULL */
    /* The disk shows a log and lists nothing (sync/shown.h): parts are not looked for, and
     * what cannot be had from elsewhere is no part of the audit. */
    bool shown;
    /* That the rows of the register may take in memory, before they go to a temporary file;
     * 0: AUDIT_ROWS_BYTES. */
    size_t rows_bytes;
    struct journal_progress progress;
};

struct audit_result {
    bool ok;
    char text[700]; /* not ok: the first thing that is wrong, one sentence */
    bool has_entry; /* not ok: it is this entry */
    uint64_t entry;
    char path[256]; /* not ok: it is this file; empty: none in particular */

    /* As far as it came: */
    char agreement[104], agreement_id[65], origin[104];
    uint64_t entries; /* published */
    struct hash root;
    struct hash digest; /* after the last published entry */
    uint64_t holds, marked, voided;
    uint64_t parts; /* public ones that are named, and here */
    /* Named and not here, or damaged, and the first entry that does. Shown, and no fault (format
     * §4.2): an author who holds a part back must not be able to make every audit fail. */
    uint64_t owed, owed_entry;
    char owed_id[65];             /* the record of that entry */
    uint64_t closed, closed_owed; /* those that are not public: here, and not, likewise */
    uint64_t erased;              /* of any tier: named, ordered to be destroyed, and gone */
    uint64_t
        unnamed;     /* large ones that are here and that no entry names: they wait to be cleared */
    bool shown;      /* as the options say: `owed` are those named */
    uint64_t staged; /* entries promised beyond the checkpoint */
    bool to_recover; /* the last run was cut off: the next opening recovers */
    bool has_store;
    uint64_t store_applied; /* fewer than entries: it is behind, which is no fault */
};

/* A fault only where the directory cannot be read. */
MUST_CHECK bool audit_run(struct audit_result *out, const struct audit_options *options,
                          struct err *err);
