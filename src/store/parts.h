#pragma once

/*
 * Where parts are kept (doc/format.md §4.3): blobs outside the log, found by the hash
 * of what is stored. Small ones share a pack, "parts/pack/NNNNNN"; larger ones have a file
 * each, "parts/large/HASH". At opening the packs are read through, what is torn at a pack's
 * end is cut off, and an index is made in memory.
 *
 * One writer; parts_have, parts_get, parts_read and parts_add_large may be called from any thread.
 * After a fault of parts_add or parts_sync the parts are to be opened anew.
 */

#include "crypto/hash.h"
#include "sys/disk.h"

struct parts;

MUST_CHECK bool parts_open(struct parts **out, struct disk *disk, struct err *err);
/* To read alone, of a directory that somebody else may be writing to, or that is only a copy:
 * nothing is cut off or cleared away, what is whole by now is found. Not for parts_add. */
MUST_CHECK bool parts_open_read(struct parts **out, struct disk *disk, struct err *err);
void parts_close(struct parts *parts);
bool parts_have(struct parts *parts, const struct hash *stored);
/* Adds what is stored; durable at the next parts_sync. Adding again is fine, and mends what
 * was damaged; what was erased is not added. ERR_LIMIT over LIMIT_PART_BYTES. */
MUST_CHECK bool parts_add(struct parts *parts, struct span stored, struct err *err);
MUST_CHECK bool parts_sync(struct parts *parts, struct err *err);
/* The same for one of more than LIMIT_SMALL_PART_BYTES, whose hash is known: durable on return.
 * It is written from where it is. After a fault it is not here, and nothing else has changed. */
MUST_CHECK bool parts_add_large(struct parts *parts, const struct hash *hash, struct span stored,
                                struct err *err);
/* Destroys every copy of it here, durably, and keeps away whatever of that hash is added later,
 * at this and every other opening; *out_held: there was one, now or when it was first erased. The
 * writer's. Cut off, it is gone on with when the parts are opened. */
MUST_CHECK bool parts_erase(struct parts *parts, const struct hash *stored, bool *out_held,
                            struct err *err);
bool parts_erased(struct parts *parts, const struct hash *stored);

/* Large ones that no record names (parts_unnamed.c). As parts_size, by whoever would bring it or a
 * record that names it: it is not cleared before it has been among parts_unnamed again. */
MUST_CHECK bool parts_ask(struct parts *parts, const struct hash *stored, uint64_t *out);
/* A record names it, if it is here. */
void parts_name(struct parts *parts, const struct hash *stored);
struct parts_unnamed {
    struct hash stored;
    bool brought; /* or asked for since the last call */
};
/* Those of which nobody has said so since the parts were opened, in no order. */
void parts_unnamed(struct parts *parts, struct parts_unnamed **out, size_t *out_count,
                   struct arena *arena);
/* Removes one, but not what was named, brought or asked for meanwhile. The writer's. */
MUST_CHECK bool parts_clear(struct parts *parts, const struct hash *stored, bool *out_cleared,
                            struct err *err);

/* Checked against its hash. ERR_MISSING when it is not here, ERR_CONFLICT when damaged. */
MUST_CHECK bool parts_get(struct parts *parts, const struct hash *stored, struct span *out,
                          struct arena *arena, struct err *err);
/* How large it is; false when it is not here. */
MUST_CHECK bool parts_size(struct parts *parts, const struct hash *stored, uint64_t *out);
/* A piece of it, within its size, not checked: who has all pieces checks them together.
 * ERR_MISSING and ERR_CONFLICT as above. */
MUST_CHECK bool parts_read(struct parts *parts, const struct hash *stored, uint64_t offset,
                           size_t len, struct span *out, struct arena *arena, struct err *err);
