#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_TERM("step", "step", true, "The step that it is tried under."),
    {.name = "findings",
     .type = FIELD_LIST,
     .required = true,
     .min = 1,
     .max = 32,
     .about = "Issued findings of this case.",
     FIELDS({.name = "finding",
             .type = FIELD_RECORD,
             .words = WORDS("finding.draft"),
             .about = "A finding."})},
    FIELD_TERM_LIST("rungs", "rung", 8,
                    "What may be ordered under it; absent: nothing follows from it."),
    FIELD_PUBLIC_TEXT("text", 20000, "The ruling, as all who concur sign it."),
};

const struct kind kind_ruling_propose = {
    .name = "ruling.propose",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "propose",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Proposes a ruling on findings of a case, under a step of the chain of decision.",
};
