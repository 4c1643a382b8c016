#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("organisation", "organisation", true, "The signer's own."),
    FIELD_CHOICE("state", true, "What it declares.", "in_force", "suspended", "withdrawn", "ended",
                 "disputed"),
    {.name = "from", .type = FIELD_TIME, .about = "From when; absent: from when it is logged."},
    FIELD_TERM("clause", "clause", false, "What it rests on."),
    FIELD_PUBLIC_TEXT("statement", 20000, "In its words."),
};

const struct kind kind_state_declare = {
    .name = "state.declare",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "declare_state",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "In which state an organisation declares the ceasefire to be, on its own side.",
};
