#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("ruling", true, "The ruling in force that it follows from.", "ruling.propose"),
    FIELD_RECORD_OF("finding", true, "The finding, of those ruled on.", "finding.draft"),
    FIELD_TERM("rung", "rung", true, "The rung of the ladder."),
    FIELD_TERM("owner", "organisation", true, "Who is to do it."),
    {.name = "due", .type = FIELD_TIME, .about = "Until when; absent: by the clock of the rung."},
    {.name = "factors",
     .type = FIELD_LIST,
     .min = 1,
     .max = 16,
     .about = "What makes it heavier or lighter.",
     FIELDS(FIELD_TERM("factor", "factor", true, "A factor."))},
    {.name = "test",
     .type = FIELD_TEXT,
     .required = true,
     .tier = "public",
     .min = 1,
     .max = 8000,
     .about = "By what it is known to be done."},
    FIELD_PUBLIC_TEXT("text", 8000, "What is to be done."),
};

const struct kind kind_consequence_order = {
    .name = "consequence.order",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "order",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about =
        "Orders what follows from a ruling: a rung of the ladder, whose it is, until when, and how "
        "it is known to be done. Nothing follows by itself.",
};
