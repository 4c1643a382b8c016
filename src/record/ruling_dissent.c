#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("ruling", true, "The ruling.", "ruling.propose", "ruling.interpret",
                    "ruling.review"),
    FIELD_PUBLIC_TEXT("text", 20000, "The dissent."),
};

const struct kind kind_ruling_dissent = {
    .name = "ruling.dissent",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "dissent",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Dissents from a ruling: it stands beside it, wherever that is published.",
};
