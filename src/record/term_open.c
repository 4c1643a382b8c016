#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "freezes",
     .type = FIELD_LIST,
     .required = true,
     .min = 1,
     .max = 64,
     .about = "The freeze notes (format §6.4), all of one text.",
     FIELDS({.name = "freeze",
             .type = FIELD_TEXT,
             .min = 1,
             .max = 1000, /* the longest names make 984 bytes */
             .about = "One, of an organisation of its own."})},
    {.name = "operator",
     .type = FIELD_NAME,
     .required = true,
     .about = "The node key of the next operator, which signs this record."},
    {.name = "log_key",
     .type = FIELD_VKEY,
     .required = true,
     .about = "Signs checkpoints from here on; its name is the next origin."},
    {.name = "promise_key",
     .type = FIELD_VKEY,
     .required = true,
     .about = "Signs promises from here on."},
};

const struct kind kind_term_open = {
    .name = "term.open",
    .version = 1,
    .jobs = WORDS("node"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Hands the log over: another origin, log key, promise key and operator, by the word "
             "of a quorum (format §7.5).",
};
