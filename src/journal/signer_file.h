#pragma once

/*
 * The file `signer` (doc/format.md §5.6): what was last signed, durable before the
 * signature leaves the program. It is what keeps a log that was put back from a backup
 * from signing a second history.
 */

#include "ledger/checkpoint.h"
#include "sys/disk.h"

#define SIGNER_FILE "signer"

/* ERR_MISSING when nothing was signed yet, ERR_MALFORMED when it is not whole. */
MUST_CHECK bool signer_file_read(struct checkpoint *out, struct disk *disk, struct err *err);
MUST_CHECK bool signer_file_write(struct disk *disk, const struct checkpoint *signed_last,
                                  struct err *err);
/* The form of its bytes. */
MUST_CHECK bool signer_file_parse(struct checkpoint *out, struct span bytes, struct err *err);
struct span signer_file_encode(const struct checkpoint *checkpoint, struct arena *arena);
