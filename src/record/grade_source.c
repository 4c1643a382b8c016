#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("record", false, "Whose source is graded.", KINDS_OF_ITEMS, "case.verify",
                    "access.visit", "evidence.answer"),
    FIELD_TERM("organisation", "organisation", false, "The organisation that is graded."),
    {.name = "reliability",
     .type = FIELD_WORD,
     .required = true,
     .tier = "mission",
     .words = WORDS("A", "B", "C", "D", "E", "F"),
     .about = "How far the source has been right: A always, F: cannot be judged."},
    FIELD_TIER_TEXT("why", "mission", 4000, "Why."),
};

const struct kind kind_grade_source = {
    .name = "grade.source",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "grade",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Says how reliable a source is, apart from what it says. No rule reads it.",
};
