#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "number",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 1000000,
     .about = "The rules number to switch to, larger than the one in force."},
};

const struct kind kind_rules_adopt = {
    .name = "rules.adopt",
    .version = 1,
    .jobs = WORDS("root"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "An amendment: other rules (format §10.5). In force once each other root has signed "
             "`agreement.concur` naming it.",
};
