#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "part", .type = FIELD_HASH, .required = true, .about = "The part: its commitment."},
    FIELD_CHOICE("found", true, "What there was of it: all `destroyed`, or `none_held`.",
                 "destroyed", "none_held"),
};

const struct kind kind_part_erased = {
    .name = "part.erased",
    .version = 1,
    .jobs = WORDS("root", "node"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "An organisation says that it has nothing of a part any more, neither bytes nor what "
             "was made of them.",
};
