#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("item", true, "What is handed over: the record by which it was taken.",
                    "custody.take"),
    FIELD_TERM("to", "organisation", true, "To whom."),
    FIELD_PUBLIC_TEXT("note", 4000, "How."),
};

const struct kind kind_custody_hand = {
    .name = "custody.hand",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "keep",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Hands what is kept to another.",
};
