#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_TERM("sector", "sector", false, "Where."),
    FIELD_TERM("team", "organisation", false, "Whose team."),
    FIELD_TOKENS("means", 8, "By which means."),
    {.name = "due", .type = FIELD_TIME, .about = "When it is to be there."},
    FIELD_PUBLIC_TEXT("what", 4000, "What it is to look at and for."),
};

const struct kind kind_case_task = {
    .name = "case.task",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "task",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Sends a team to look.",
};
