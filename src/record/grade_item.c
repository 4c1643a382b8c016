#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("record", true, "What is graded.", KINDS_OF_ITEMS, "case.verify",
                    "access.visit", "evidence.answer"),
    {.name = "credibility",
     .type = FIELD_INTEGER,
     .required = true,
     .tier = "mission",
     .min = 1,
     .max = 6,
     .about = "How far others bear it out: 1 confirmed, 5 improbable, 6: cannot be judged."},
    FIELD_TIER_TEXT("why", "mission", 4000, "Why."),
};

const struct kind kind_grade_item = {
    .name = "grade.item",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "grade",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Says how credible an item is, apart from who told it. No rule reads it.",
};
