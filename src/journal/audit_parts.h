#pragma once

/* Which parts are here (doc/format.md §4.3), by reading every pack. Part of audit. */

#include "base/err.h"
#include "crypto/hash.h"

struct audit;

/* Keys are hashes of what is stored; open addressing, as they are random already. */
struct audit_part_set {
    struct hash *slot;
    bool *taken;
    size_t count, room;
};
void audit_part_set_free(struct audit_part_set *set);
bool audit_part_set_has(const struct audit_part_set *set, const struct hash *stored);
void audit_part_set_add(struct audit_part_set *set, const struct hash *stored);

/* Adds those in packs and files. A damaged one is found. */
MUST_CHECK bool audit_read_parts(struct audit *audit, struct err *err);
