#pragma once

/*
 * The register: what follows from the log. A pure function, applied entry by entry:
 * the same entries give every node the same rows and the same digest. It reads no
 * clock, file or socket, computes with no float, no coordinate and no text, and what it
 * knows of earlier entries it asks of `lookup` (doc/format.md §§7–10).
 *
 * A bad entry is no fault: it gets a verdict. A fault means that a look-up failed.
 */

#include "codec/json.h"
#include "record/record.h"

struct register_lookup {
    void *context;
    /* The row as of the entry before; *out NULL when there is none. */
    bool (*get)(void *context, const char *table, struct span key, const struct json **out,
                struct arena *arena, struct err *err);
    /* The root of the tree's first `size` entries, size at most the index applied. */
    bool (*root)(void *context, uint64_t size, struct hash *out, struct err *err);
};

enum verdict { VERDICT_HOLDS, VERDICT_MARKED, VERDICT_VOID };

struct effect {
    const char *table;
    struct span key;
    const struct json *row; /* NULL: removed */
};

struct effects {
    struct effect *at; /* in order of table, then key */
    size_t count;
    enum verdict verdict;
    struct span clause; /* what the verdict rests on */
    struct span why;    /* one plain sentence, for people; not part of the digest */
    struct span kind;   /* empty when it is no record */
    struct span id;     /* likewise */
    /* Not 0: this number rules, and this program lacks it (format §10.6). Then there is
     * nothing else in here, no verdict either, and nothing from this entry on may be
     * applied. */
    int64_t lacks_rules;
};

struct register_entry {
    uint64_t index;
    struct span bytes;
    /* The caller found the signature to hold for the key that `by` names; or asks what would
     * follow if it did, of a record that nobody has signed yet. */
    bool author_verified;
};

/* Whether this program has the rules of this number. */
bool register_knows(int64_t rules);

MUST_CHECK bool register_apply(struct effects *out, const struct register_lookup *lookup,
                               const struct register_entry *entry, struct arena *arena,
                               struct err *err);

/* effects(n) as bytes, and D(n) (format §10). */
struct span register_effects_bytes(const struct effects *effects, struct arena *arena);
struct hash register_digest(const struct hash *before, uint64_t index, struct span effects);

/* What the door does with bytes (format §6.3). */
enum door { DOOR_OPEN, DOOR_REPEATED, DOOR_REFUSED };
struct door_answer {
    enum door door;
    uint64_t index;     /* where it stands in the log already: DOOR_REPEATED */
    const char *reason; /* DOOR_REFUSED, in the words of §6.3 */
    struct err why;     /* DOOR_REFUSED: for the person who sent it */
};
/* `size` is that of the log: at 0 only an agreement.adopt signed by its first root passes.
 * Fills *record when it parsed. */
MUST_CHECK bool register_door(struct door_answer *out, struct record *record,
                              const struct register_lookup *lookup, uint64_t size,
                              struct span bytes, struct arena *arena, struct err *err);

/* The key that the register knows under this name, revoked or not; false in *found when none. */
MUST_CHECK bool register_key(struct note_key *out, bool *found,
                             const struct register_lookup *lookup, struct span name,
                             struct arena *arena, struct err *err);

/* Versions of the terms (format §7.6), by the row `agreement`: how many there are, begun or
 * not; whether there is such a one and its time has come; and the one in force at this time. */
int64_t register_versions(const struct json *agreement);
bool register_version_begun(const struct json *agreement, int64_t version, int64_t now_ms);
int64_t register_version_at(const struct json *agreement, int64_t now_ms);
/* The key in `term` of the head ("agreement") or an item ("SECTION/ID") of a version; and back:
 * false when the key is one of another version. */
struct span register_term_key(struct span item, int64_t version, struct arena *arena);
bool register_term_item(struct span *out, struct span key, int64_t version);

/* The tables of the register, for stores, for doc/rules.md and for tests. */
struct register_table {
    const char *name;
    const char *key;            /* what its key is */
    const char *const *members; /* of a row, in bytewise order, ends in NULL */
    const char *about;
};
const struct register_table *register_table_at(size_t index); /* NULL past the last */

/* Whether the rules look for an agreement's [[move]] of this id: a kind, or "KIND/WORD" with a
 * word that chooses among the kind's moves. */
bool register_knows_move(struct span id);

/* The table where a record of this kind has a row under its own id; NULL: in none. */
const char *register_own_table(struct span kind);

/* Keys of rows whose key holds an index: 16 decimal digits. */
#define REGISTER_INDEX_TEXT 17
void register_index_key(char out[REGISTER_INDEX_TEXT], uint64_t index);

/* Incidents and the records that keep a row of their own beside them, each under its id. */
struct register_item {
    const char *kind, *table;
    bool linked; /* an incident may be linked to it */
};
const struct register_item *register_item_at(size_t index); /* NULL past the last */
const char *register_item_table(struct span kind);          /* NULL: it is none of them */
