#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_RECORD_OF("ruling", true, "The ruling.", "ruling.propose"),
    FIELD_TERM("ground", "ground", true, "On what ground."),
    FIELD_PUBLIC_TEXT("text", 20000, "The appeal."),
};

const struct kind kind_appeal_file = {
    .name = "appeal.file",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "appeal",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Appeals against a ruling in force; each organisation once.",
};
