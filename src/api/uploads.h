#pragma once

/*
 * Large parts on their way here, piece by piece (doc/api.md, Uploads): `DIR/upload/HASH.part` is
 * what has come of one. When it is whole and has its hash it becomes a part, and the file goes.
 * What nobody has gone on with for seven days goes when the server starts, and once a day.
 *
 * An organisation may bring so much in a day, named by a record or not; it is counted in memory,
 * so a restart begins anew. Any thread may call.
 */

#include "base/err.h"
#include "crypto/hash.h"

/* A day of 3,000 photographs of 5 MB, with which no organisation fills a disk unseen. */
#define UPLOADS_ORG_BYTES (UINT64_C(16) << 30)
/* What one that is begun costs at least: so a day's are a quarter of a million files. */
#define UPLOADS_LEAST_BYTES (UINT64_C(64) << 10)
#define UPLOADS_KEPT_MS (INT64_C(7) * 86400000)

struct uploads;
/* `directory` is the node's; "": it has none, and every upload is a fault. `org_bytes` 0:
 * UPLOADS_ORG_BYTES. */
struct uploads *uploads_open(const char *directory, uint64_t org_bytes, int64_t now_ms);
void uploads_close(struct uploads *uploads); /* NULL is fine */

/* How much of it has come. */
uint64_t uploads_size(const struct uploads *uploads, const struct hash *stored);

struct upload {
    struct hash stored;
    struct span org; /* who pays for it; empty: nobody, it is the node's owner */
    uint64_t offset, size;
    struct span bytes; /* offset + bytes.len <= size */
};
/* Puts a piece, durably. *out_offset is how much there is then, also after ERR_CONFLICT: the
 * offset is another, somebody else is sending it, or all of it has another hash and it begins
 * anew. ERR_LIMIT: the organisation has brought too much today, or the disk is nearly full. With
 * the last piece `keep` is given all of it, mapped. */
MUST_CHECK bool uploads_put(struct uploads *uploads, const struct upload *upload, int64_t now_ms,
                            uint64_t *out_offset,
                            bool (*keep)(void *context, struct span stored, struct err *err),
                            void *context, struct err *err);
