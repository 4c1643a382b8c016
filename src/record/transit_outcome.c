#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("request", true, "What was asked.", "transit.request"),
    FIELD_CHOICE("outcome", true, "What came of it.", "passed", "turned_back", "expired",
                 "cancelled"),
    FIELD_STATED_REQUIRED("at", "When."),
    FIELD_PUBLIC_TEXT("note", 4000, "How it went."),
};

const struct kind kind_transit_outcome = {
    .name = "transit.outcome",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "ask_transit",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What came of it on the road, by who asked for it.",
};
