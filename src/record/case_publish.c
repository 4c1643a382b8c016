#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_TERM("tier", "tier", true, "The readers."),
    FIELD_TOKENS("languages", 16, "The languages that it is in."),
    FIELD_SUPERSEDES("case.publish"),
    FIELD_PUBLIC_TEXT("title", 400, "Its title."),
    FIELD_PUBLIC_TEXT("text", 40000, "The text."),
};

const struct kind kind_case_publish = {
    .name = "case.publish",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "publish",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Gives something of the case to the readers of a tier, all of them at once.",
};
