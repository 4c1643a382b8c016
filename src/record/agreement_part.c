#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("amendment", false, "The amendment that it belongs to; absent: entry 0.",
                    "agreement.amend"),
    {.name = "file",
     .type = FIELD_TOKEN,
     .required = true,
     .max = 100,
     .about = "The file's name."},
    {.name = "n",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 9999,
     .about = "The piece's number."},
    {.name = "content",
     .type = FIELD_TEXT,
     .required = true,
     .min = 1,
     .max = LIMIT_AGREEMENT_PART_BYTES,
     .about = "The piece itself."},
};

const struct kind kind_agreement_part = {
    .name = "agreement.part",
    .version = 1,
    .jobs = WORDS("root"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "A piece of the agreement's files, as entry 0 or the amendment lists it.",
};
