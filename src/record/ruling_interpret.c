#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("clause", "clause", true, "The clause."),
    FIELD_TERM("step", "step", true, "The step that it is tried under."),
    FIELD_PUBLIC_TEXT("text", 20000, "How it is to be read."),
};

const struct kind kind_ruling_interpret = {
    .name = "ruling.interpret",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "propose",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Proposes how a clause of the agreement is to be read; it decides no case.",
};
