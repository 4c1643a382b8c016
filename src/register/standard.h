#pragma once

/*
 * What a finding still lacks of a standard of proof. Standards are the agreement's
 * ([[standard]]: `items`, `origins`, `neutral`, `physical`, `reply`, `alternatives`,
 * `contradictions`), and so is what a mode of responsibility asks for beyond them
 * ([[mode]]: `standard`, `questions`). The guard of finding.draft and finding.issue says what
 * is missing in these words; a page can say the same before anybody signs.
 *
 * Of the records that a finding names, these count: assessed (evidence.assess), neither
 * superseded nor withdrawn, named once, and not of the time in which their key was in doubt
 * (`doubt_from`), unless assessed again after its revocation. What comes of one origin is one
 * source, however many records repeat it.
 */

#include "register/register.h"

/* A record that the finding names. */
struct standard_item {
    struct span id;
    const char *why_not; /* it does not count; NULL: it does */
    struct span origin;  /* its origin group, where it counts */
    bool neutral;        /* of neither side */
    bool physical;       /* a physical or technical trace */
};

/* Something missing. */
struct standard_gap {
    const char *what;   /* `items`, `origins`, `neutral`, `physical`, `reply`, `alternatives`,
                         * `contradictions`, `mode`, `question`, `accused`, `standard` */
    struct span about;  /* of `reply` and `accused` the organisation, of `question` the question, of
                         * `mode` the standard that it asks for, of `standard` that which the
                         * agreement has not; else empty */
    int64_t has, needs; /* of those that are counts */
};

struct standard {
    struct standard_item *item;
    size_t item_count;
    int64_t items, origins, neutral, physical; /* how many count */
    struct standard_gap *gap;                  /* none: the standard is met */
    size_t gap_count;
};

/* `finding` is a body that kind_check_body found to be a finding.draft's, or a row of the
 * register's table `finding`. Its outcome is not looked at, and its `standard` may be set to any
 * other first. Lives as long as the arena. False for a fault of a look-up. */
MUST_CHECK bool standard_missing(struct standard *out, const struct register_lookup *lookup,
                                 const struct json *finding, struct arena *arena, struct err *err);

/* What is missing, for people: "neutral items: 0 of 1; no reply of south, …". Empty when
 * nothing is. */
struct span standard_sentence(const struct standard *standard, struct arena *arena);
