#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "part",
     .type = FIELD_HASH,
     .required = true,
     .about = "The part: its commitment. Its hash stays."},
    FIELD_TERM("clause", "clause", true, "On what that rests."),
    FIELD_PUBLIC_TEXT("why", 4000, "Why."),
};

const struct kind kind_part_erase = {
    .name = "part.erase",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "erase",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Asks that the content of a part be destroyed by whoever has it. It is ordered with "
             "the second that asks so, of another organisation.",
};
