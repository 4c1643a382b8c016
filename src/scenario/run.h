#pragma once

/*
 * Running a scenario: a log of its own in memory, on which everything happens as it does in
 * earnest: keys are admitted, records signed, judged at the journal's door, logged, applied and
 * published, and time is moved by ticks of the operator's clock. What came out of each is told
 * as it happens.
 */

#include "journal/journal.h"
#include "node/settings.h"
#include "scenario/scenario.h"
#include "sys/disk.h"

/* The agreement in force, as whoever runs it has made it for `start`; signed by throw-away keys. */
struct scenario_founding {
    const struct note_signer *signer; /* of the log, the operator's node, the roots, … */
    size_t signers;
    const struct submission *record;
    size_t records;
    const struct settings *settings;
    struct note_key log_key;
    struct json terms;
    const struct scenario_piece { /* of the agreement's files, as entry 0 lists them */
        const char *file;
        int64_t n;
        struct span content;
    } * piece;
    size_t pieces;
};

struct scenario_told {
    /* `line` of the file; `ok` false: it did not come out as it should. `text` says what. */
    void (*tell)(void *context, uint64_t line, bool ok, const char *text);
    /* A command of the program over what there is by now, its words after the first; gives what it
     * says. NULL: there are no commands. */
    bool (*ask)(void *context, struct disk *disk, const struct span *word, size_t words,
                struct span *out, struct arena *arena, struct err *err);
    void *context;
};

struct scenario_result {
    uint64_t records, expectations, failures;
};

/* False for a fault: then nothing is known. `*out_disk`, unless it is NULL, is the log at the end,
 * the caller's to close. */
MUST_CHECK bool scenario_run(struct scenario_result *out, const struct scenario *scenario,
                             const struct scenario_founding *founding,
                             const struct scenario_told *told, struct disk **out_disk,
                             struct arena *arena, struct err *err);
