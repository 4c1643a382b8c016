#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "at_ms",
     .type = FIELD_INTEGER,
     .min = 1,
     .max = LIMIT_TIME_MAX_MS,
     .about = "With quorum 0: the operator's clock."},
    {.name = "checkpoint",
     .type = FIELD_TEXT,
     .min = 1,
     .max = 60000,
     .about = "With a quorum: the cosigned checkpoint, a signed note."},
};

const struct kind kind_clock_tick = {
    .name = "clock.tick",
    .version = 1,
    .jobs = WORDS("node"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "The only thing that moves the two clocks of the rules (format §8).",
};
