#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("ruling", true, "The ruling.", "ruling.propose", "ruling.interpret",
                    "ruling.review"),
    FIELD_CHOICE("answer", true, "The answer.", "concur", "refuse", "abstain"),
    FIELD_PUBLIC_TEXT("reason", 20000, "Why."),
};

const struct kind kind_ruling_answer = {
    .name = "ruling.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "rule",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Answers a proposed ruling for the signer's organisation, which may answer anew until "
             "the ruling is in force.",
};
