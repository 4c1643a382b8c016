#pragma once

/* What a scenario has given names to: people, and records. A name is said before it is used. */

#include "scenario/block.h"

enum name_of { NAME_PERSON, NAME_RECORD };

struct name {
    struct span name;
    enum name_of of;
    uint64_t line;               /* where it was given */
    struct span kind;            /* of a record */
    const char *id;              /* of a record; NULL: it was never made */
    struct span note;            /* of a record, signed; empty before it runs */
    uint64_t index;              /* of a record\'s entry; 0: it is not logged */
    const char *key_name, *vkey; /* of a person */
};

struct names {
    struct name *at;
    size_t count, room;
};

struct name *names_find(const struct names *names, enum name_of of, struct span name);
/* A copy; the name must be free. */
void names_add(struct names *names, struct name name, struct arena *arena);
/* "afghan_report, r1": those there are, for errors. */
const char *names_text(const struct names *names, enum name_of of, struct arena *arena);
