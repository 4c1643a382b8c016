#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("request", true, "What was asked.", "evidence.preserve"),
    FIELD_CHOICE("answer", true, "What comes of it; `committed`: sealed, its hash filed.", "given",
                 "in_part", "refused", "none_held", "later", "committed"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
    {.name = "commitments",
     .type = FIELD_LIST,
     .min = 1,
     .max = LIMIT_RECORD_PARTS,
     .about =
         "Of each thing that is kept sealed, the commitment (format §4.2). With it stands fast "
         "what it is; a release shows it later.",
     FIELDS({.name = "commitment", .type = FIELD_HASH, .about = "One of them."})},
};

const struct kind kind_evidence_answer = {
    .name = "evidence.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "answer",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Answers a request to preserve. `later` leaves it open.",
};
