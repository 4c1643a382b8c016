#include "register/casework.h"

/*
 * In which state each side says that the ceasefire is, and how tense each organisation holds
 * a sector to be. Nobody says it for another, and no two of these are folded into one.
 */

static bool ask_own_organisation(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_org(a, json_get_text(a->body, "organisation"));
}

static bool put_ceasefire(struct apply *a, struct err *err)
{
    return case_move(a, "ceasefire", json_get_text(a->body, "organisation"), true, err);
}

static bool put_level(struct apply *a, struct err *err)
{
    struct span org = apply_org(a);

    return case_move(a, "level", apply_join(a, org, ' ', json_get_text(a->body, "sector")), true,
                     err);
}

static const struct casework work[] = {
    {.kind = "state.declare",
     .word = "state",
     .asks = {ask_own_organisation},
     .then = {put_ceasefire},
     .does = "`not_yours` unless `organisation` is the signer's own. Moves the row of `ceasefire` "
             "under it, which is this record's from now on."},
    {.kind = "state.level",
     .then = {put_level},
     .does = "Writes `level` under the signer's organisation and `sector`."},
    {0},
};

#define DECLARE(from, to)                                                                          \
    {                                                                                              \
        "ceasefire", "state.declare " to, from, to                                                 \
    }
/* Said again it may have another date, or another clause. What is withdrawn or ended can be put
 * in force again, not suspended. */
#define DECLARE_LIVE(from)                                                                         \
    DECLARE(from, "in_force"), DECLARE(from, "suspended"), DECLARE(from, "withdrawn"),             \
        DECLARE(from, "ended"), DECLARE(from, "disputed")

static const struct move moves[] = {
    DECLARE_LIVE(""),
    DECLARE_LIVE("in_force"),
    DECLARE_LIVE("suspended"),
    DECLARE_LIVE("disputed"),
    DECLARE("withdrawn", "in_force"),
    DECLARE("withdrawn", "withdrawn"),
    DECLARE("withdrawn", "ended"),
    DECLARE("withdrawn", "disputed"),
    DECLARE("ended", "in_force"),
    DECLARE("ended", "ended"),
    DECLARE("ended", "disputed"),

    {"level", "state.level", "", "set"},
    {"level", "state.level", "set", "set"},
    {0},
};

const struct case_room case_room_state = {work, moves};
