#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("item", true, "What was handed over.", "custody.take"),
    FIELD_CHOICE("condition", true, "In what condition.", "intact", "damaged", "seal_broken",
                 "missing"),
    FIELD_PUBLIC_TEXT("note", 4000, "In words."),
};

const struct kind kind_custody_receive = {
    .name = "custody.receive",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "keep",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Says in what condition it came.",
};
