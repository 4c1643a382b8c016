#pragma once

/* What a scenario has given names to: people, records, and parts. A name is said before it is used.
 */

#include "scenario/block.h"

enum name_of { NAME_PERSON, NAME_RECORD, NAME_PART };
#define NAMES_OF 3

struct name {
    struct span name;
    enum name_of of;
    uint64_t line;    /* where it was given */
    struct span kind; /* of a record */
    const char *id;   /* of a record; of a part its commitment; NULL: it was never made */
    struct span note; /* of a record, signed; empty before it runs; of a part: its record */
    uint64_t index;   /* of a record\'s entry; 0: it is not logged */
    const char *key_name, *vkey; /* of a person */
    struct span salted, keeper;  /* of a document: what it is committed to, and who has it */
};

struct names {
    struct name *at;
    size_t count, room;
};

struct name *names_find(const struct names *names, enum name_of of, struct span name);
struct name *names_any(const struct names *names, struct span name); /* of whatever */
/* A copy; the name must be free. */
void names_add(struct names *names, struct name name, struct arena *arena);
/* "afghan_report, r1": those there are, for errors. */
const char *names_text(const struct names *names, enum name_of of, struct arena *arena);
