#pragma once

/*
 * What rules read in the items of an agreement, and what it must be (doc/rules.md, Terms).
 * Everything else in an item is for people, and is neither checked nor obeyed.
 *
 * An agreement whose members do not fit is malformed and never comes into force, so that
 * no rule has to ask in the middle of a case what a step without a group may mean.
 */

#include "codec/json.h"

enum terms_form {
    TERMS_INTEGER,      /* min to max */
    TERMS_NAME,         /* id of an item of `section_named` */
    TERMS_NAMES,        /* list of such ids, at least `min`, none twice */
    TERMS_WORDS,        /* list of `words`, likewise */
    TERMS_CAPABILITIES, /* list of capabilities */
    TERMS_TOKENS,       /* list of ids that are only named */
    TERMS_TOKEN,        /* such an id */
    TERMS_EACH,         /* id of a group, or "accused" */
    TERMS_NEEDS,        /* list of {group, count}, at least one; a count that the group can meet */
};

struct terms_member {
    const char *section, *member;
    enum terms_form form;
    bool required;
    const char *section_named; /* of TERMS_NAME and TERMS_NAMES */
    int64_t min, max;          /* of TERMS_INTEGER; `min` of the lists */
    const char *const *words;  /* of TERMS_WORDS; ends in NULL */
    const char *about;         /* for the manual */
};

/* In order of section; NULL past the last. */
const struct terms_member *terms_member_at(size_t index);

/* Of terms whose sections and ids are well formed. Errors name section, item and member. */
MUST_CHECK bool terms_check_members(const struct json *terms, struct err *err);

/* The item of this section and id; NULL when there is none. */
const struct json *terms_find(const struct json *terms, const char *section, struct span id);
