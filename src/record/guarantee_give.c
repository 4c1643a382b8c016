#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CHOICE("type", true, "What it is; `capacity`: what one can do, and what one cannot.",
                 "guarantee", "assurance", "capacity"),
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("guarantee.give"),
    FIELD_TERM("to", "organisation", false, "To whom; absent: to all."),
    FIELD_TERM("obligation", "obligation", false, "Of which obligation."),
    FIELD_STATED("from", "From when."),
    FIELD_STATED("until", "Until when."),
    FIELD_PUBLIC_TEXT("text", 8000, "In its own words."),
};

const struct kind kind_guarantee_give = {
    .name = "guarantee.give",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "give_guarantee",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What one vouches for in its own name, or says that it can and cannot do.",
};
