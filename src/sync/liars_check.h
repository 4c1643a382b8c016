#pragma once

/* For tests only, behind base/test.h: what a file must prove, or why it must not. */

#include "sync/liars.h"

static inline int liars_reset(void **state)
{
    (void)state;
    arena_free(&liars);
    return 0;
}

static inline const char *liars_accused(const struct proven *proven)
{
    struct buf names = buf_in(&liars, 10000);

    for (size_t i = 0; i < proven->count; i++)
        buf_printf(&names, "%s%s", i ? "," : "", proven->accused[i].key);
    return arena_text(&liars, buf_span(&names));
}

/* Whom the file accuses (names, with commas) and nobody else; or, with a `fault`, that it
 * proves nothing and says so. */
static inline void liars_check(const char *name, struct misbehaviour file, const char *accused,
                               const char *fault)
{
    struct span bytes = misbehaviour_encode(&file, &liars);
    struct proven proven = {.count = 99};
    struct err err = {0};
    bool ok = misbehaviour_verify(&proven, bytes, liars_id(liars_entry0()), &liars, &err);

    if (ok != (fault[0] == '\0') || !strstr(err.text, fault))
        fail_msg("case \"%s\": %s", name, ok ? "is proven" : err.text);
    CHECK_CASE(name, ok || proven.count == 99);
    if (!ok)
        return;
    if (strcmp(liars_accused(&proven), accused) != 0)
        fail_msg("case \"%s\": accuses %s", name, liars_accused(&proven));
    CHECK_CASE(name, strcmp(proven.agreement, LIARS_AGREEMENT) == 0);
    CHECK_CASE(name, span_ends_with(proven.sentence, SPAN_LIT(".")));
    for (size_t i = 0; i < proven.count; i++)
        CHECK_CASE(name, strstr(arena_text(&liars, proven.sentence), proven.accused[i].key));
}
