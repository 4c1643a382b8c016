#include "register/casework.h"

/* What gateways were sent and did not take: the bytes stay with them, the hash stands here. */

static const struct casework work[] = {
    {.kind = "intake.refuse", .own = "quarantine", .does = ""},
    {0},
};

static const struct move moves[] = {
    {"quarantine", "intake.refuse", "", "refused"},
    {0},
};

const struct case_room case_room_intake = {work, moves};
