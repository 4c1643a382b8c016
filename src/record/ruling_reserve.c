#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("ruling", true, "The ruling.", "ruling.propose", "ruling.interpret",
                    "ruling.review"),
    FIELD_PUBLIC_TEXT("text", 20000, "The reservation."),
};

const struct kind kind_ruling_reserve = {
    .name = "ruling.reserve",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "dissent",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Accepts what a ruling says happened, and not who is to answer for it.",
};
