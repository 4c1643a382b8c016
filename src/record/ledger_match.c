#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_LEDGER_ITEM("left", "An item of one organisation."),
    FIELD_LEDGER_ITEM("right", "An item of another."),
    FIELD_CHOICE("result", true,
                 "Whether the two name one author, or not; `same_event` leaves that open.",
                 "same_author", "different_author", "same_event"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_ledger_match = {
    .name = "ledger.match",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "match",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That an item of one organisation and one of another speak of one event.",
};
