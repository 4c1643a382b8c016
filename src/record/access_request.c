#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_OF_CASE,
    FIELD_TERM("host", "organisation", true, "Who is asked."),
    FIELD_TERM("sector", "sector", true, "The sector."),
    FIELD_CHOICE("purpose", true, "What for.", "verify", "patrol", "camera", "interview",
                 "crossing"),
    FIELD_STATED("at", "When the visit is wanted."),
    FIELD_PUBLIC_TEXT("site", 1000, "Where."),
};

const struct kind kind_access_request = {
    .name = "access.request",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "ask_access",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Asks a host for access.",
};
