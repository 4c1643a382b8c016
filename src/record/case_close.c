#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_CHOICE("reason", true, "Why.", "settled", "decided", "no_decision", "out_of_mandate",
                 "linked", "retracted", "not_pursued"),
    FIELD_PUBLIC_TEXT("note", 4000, "In words."),
};

const struct kind kind_case_close = {
    .name = "case.close",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "close",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Ends the work on a case. What comes to light later opens it again.",
};
