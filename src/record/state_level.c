#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("sector", "sector", true, "The sector."),
    FIELD_TERM("level", "level", true, "The level."),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_state_level = {
    .name = "state.level",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "set_level",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "How tense an organisation holds a sector to be.",
};
