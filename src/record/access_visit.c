#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("request", true, "For which it came.", "access.request"),
    FIELD_STATED_REQUIRED("arrived", "When it arrived."),
    FIELD_STATED("left", "When it left."),
    FIELD_CHOICE("seen", true, "Whether it saw what it came for.", "yes", "no", "in_part"),
    FIELD_PUBLIC_TEXT("report", 20000, "What there was to see."),
    FIELD_ON_BEHALF,
};

const struct kind kind_access_visit = {
    .name = "access.visit",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "observe",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What came of an access: when the team was there and whether it saw.",
};
