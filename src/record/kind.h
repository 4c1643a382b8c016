#pragma once

/*
 * The table of kinds: for each kind the one place where its shape is written.
 * Validation, parts, the API, the manual and doc/rules.md are derived from it. To add
 * a kind, add a file that defines a struct kind and a line to the table in kind.c.
 */

#include "base/limits.h"
#include "codec/json.h"
#include "crypto/hash.h"

enum field_type {
    FIELD_TEXT,    /* a string of min to max bytes */
    FIELD_WORD,    /* one of `words` */
    FIELD_TOKEN,   /* printable ASCII without space, 1 to max bytes */
    FIELD_NAME,    /* a key name or agreement name (format §1.1) */
    FIELD_INTEGER, /* min to max */
    FIELD_HASH,    /* 64 hex digits */
    FIELD_RECORD,  /* the id of a logged record that took effect, of one of the kinds in `words` */
    FIELD_VKEY,    /* a C2SP vkey (format §1.3) */
    FIELD_TIME,    /* a stated time (format §2.3) */
    FIELD_OBJECT,  /* `fields` */
    FIELD_LIST,    /* min to max of what fields[0] says */
};

struct field {
    const char *name;
    enum field_type type;
    bool required;
    const char *tier; /* NULL: it stands in the entry; else in the part of this tier, or of one
                         more closed, as the author chose */
    int64_t min, max;
    const char *const *words; /* ends in NULL */
    const char *term; /* a FIELD_TOKEN that must be an id of this section of the agreement */
    const struct field *fields;
    size_t count;
    const char *about; /* one sentence for the manual */
};

struct kind {
    const char *name;
    uint64_t version;
    const char *const
        *jobs; /* of the keys that may sign it: "author", "root", "node", …; ends in NULL */
    const char *capability; /* what an author's role must allow; NULL: the room's own guard says */
    const struct field *fields;
    size_t count;
    const char *about;
};

const struct kind *kind_find(struct span name, uint64_t version); /* NULL: none */
const struct kind *kind_at(size_t index);                         /* NULL past the last */
const struct field *kind_field(const struct kind *kind, const char *name);

/* Whether the body, `parts` among it, is of the kind's shape. Errors name the field. */
MUST_CHECK bool kind_check_body(const struct kind *kind, const struct json *body, struct err *err);
/* From the most open to the most closed (format §4.1). */
enum tier { TIER_PUBLIC, TIER_MECHANISM, TIER_MISSION, TIER_SEALED, TIERS };
const char *tier_word(enum tier tier);
bool tier_find(enum tier *out, struct span word);

/* Whether the bytes of the part of this tier are of the kind's shape. */
MUST_CHECK bool kind_check_part(const struct kind *kind, enum tier tier, struct span bytes,
                                struct arena *arena, struct err *err);

/* What a person or an importer gives, one flat object, taken apart by where it stands. */
struct kind_fields {
    struct json entry;
    struct json part[TIERS]; /* an object without members: there is no such part */
};
/* Each field of a part goes to its own tier, or to `least`, if that is more closed. */
MUST_CHECK bool kind_split(const struct kind *kind, const struct json *flat, enum tier least,
                           struct kind_fields *out, struct arena *arena, struct err *err);

/* One field, or what a field's value is made of. Errors name it. */
MUST_CHECK bool field_check(const struct field *field, const struct json *value, struct err *err);
/* The members of a stated time. */
const struct field *field_time(size_t *out_count);

/* A part's place in a body (format §4). */
#define PART_SALT_BYTES 32
struct part {
    enum tier tier;
    struct span media;              /* empty: it holds fields of the record */
    struct span commitment, stored; /* in hex */
    const struct json *recipients;  /* an array of key names */
};
/* Whether the body's `parts`, if it has them, are well formed. */
MUST_CHECK bool parts_check(const struct json *body, struct err *err);
/* What the commitment is of, and what a public part stores: salt ‖ bytes. */
struct span part_salted(const uint8_t salt[PART_SALT_BYTES], struct span bytes,
                        struct arena *arena);
/* Adds to body's `parts` one of this tier, media type and recipients; `commitment` is set. */
void part_put(struct json *body, const struct part *part, struct span salted, struct span stored,
              struct arena *arena);
/* The same for what somebody else committed to: part->commitment. */
void part_pass(struct json *body, const struct part *part, struct span stored, struct arena *arena);
/* A public part of fields: what is stored; added to body's `parts`. */
struct span part_make(struct json *body, const uint8_t salt[PART_SALT_BYTES], struct span bytes,
                      struct arena *arena);
/* The n-th part of a checked body; false past the last. */
bool part_at(const struct json *body, size_t n, struct part *out);
/* The next `stored` that a text names, a record or none, void or not; *rest goes on behind it.
 * False when there is none further. */
bool part_named_next(struct span *rest, struct hash *out);
/* Whether salt ‖ bytes, as a public part stores it, opens the commitment; the bytes behind the
 * salt. */
MUST_CHECK bool part_open(const struct part *part, struct span salted, struct span *out_bytes);
