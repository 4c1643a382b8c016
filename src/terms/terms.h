#pragma once

/*
 * The agreement as data (doc/agreement.md): what agreement.toml says, checked, and cut
 * into the items that rules look up. Nothing of one agreement is in the code; what C
 * knows is the form, and a fixed vocabulary of capabilities that roles are given.
 */

#include "codec/json.h"

/* What a role may do. Ends in NULL. */
extern const char *const terms_capabilities[];

/* Whether this can be an id: it goes into keys of the register, "SECTION/ID", and into
 * fields of records. */
bool terms_id_valid(struct span id);

/* How many records the door takes before it answers "later" (doc/format.md §6.3). It is no rule:
 * the register knows nothing of it. */
struct terms_quota {
    int64_t window_ms;               /* 0: there is no quota */
    int64_t of_key, of_organisation; /* records in any stretch of time of that length */
    const struct json *exempt;       /* kinds that are neither counted nor put off; may be NULL */
};

/* The head: the table [agreement]. */
struct terms_head {
    struct span name;
    struct span entries; /* "public" or "participants" */
    struct span no_move; /* the clause cited when nobody may do a thing */
    int64_t max_gap_ms;
    int64_t quorum; /* proposed number of cosignatures; what counts is in entry 0 */
    int64_t rules;
    int64_t blur_m; /* how near the public sees what a role with `blur` tells; never 0 */
    struct terms_quota quota;
};

/* Checks the whole, and gives the head. Errors name section, item and member. */
MUST_CHECK bool terms_check(struct terms_head *out, const struct json *terms, struct err *err);

/* Of the head's table alone, already checked (a row of the register). */
struct terms_head terms_head_of(const struct json *head);

/* The items, section by section in order of the sections' names; start with {0}. False
 * after the last. An item's key in the register is "SECTION/ID". */
struct terms_walk {
    size_t section, item;
};
struct terms_item {
    struct span section, id;
    const struct json *value;
};
bool terms_walk_next(struct terms_walk *walk, const struct json *terms, struct terms_item *out);

/* Whether a record of this kind is exempt: "hotline.message", or all "hotline.". */
bool terms_quota_spares(const struct terms_quota *quota, struct span kind);

/* Whether a role's item gives this capability. */
bool terms_role_may(const struct json *role, const char *capability);
