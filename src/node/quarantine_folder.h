#pragma once

/* What stands in DIR/quarantine (quarantine.h), as any process reads it; for quarantine*.c alone.
 */

#include "node/quarantine.h"

#define QUARANTINE_FOLDER "quarantine"
#define QUARANTINE_NOTE_BYTES 8192u

struct quarantine_folder {
    struct disk_entry *entry; /* sorted by path */
    struct span *note;        /* in their order */
    struct {
        struct span id;
        struct json value; /* {"again_ms","notes":[N…],"sure"} */
    } * record;
    size_t entries, notes, records;
};

MUST_CHECK bool quarantine_folder_read(struct disk *disk, struct quarantine_folder *out,
                                       struct arena *arena, struct err *err);
