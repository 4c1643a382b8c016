#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_TERM("organisation", "organisation", true, "Who is called."),
    {.name = "to", .type = FIELD_TIME, .about = "When the session is."},
    FIELD_PUBLIC_TEXT("notice", 4000, "The summons."),
};

const struct kind kind_case_summon = {
    .name = "case.summon",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "summon",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Calls an organisation to a session on the case.",
};
