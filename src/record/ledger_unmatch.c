#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_LEDGER_ITEM("left", "The one."),
    FIELD_LEDGER_ITEM("right", "The other."),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_ledger_unmatch = {
    .name = "ledger.unmatch",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "match",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Undoes a match. That it was there stays on the record.",
};
