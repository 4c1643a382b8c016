#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("obligation", "obligation", true, "What is owed."),
    FIELD_TERM("organisation", "organisation", true, "Who owes it."),
    FIELD_STATED("due", "By when, where the agreement has no date of its own."),
};

const struct kind kind_obligation_open = {
    .name = "obligation.open",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "keep_obligations",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Puts an obligation of the agreement on the calendar, for one who owes it.",
};
