#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "size",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = LIMIT_INTEGER,
     .about = "How many entries this node has applied."},
    {.name = "digest",
     .type = FIELD_HASH,
     .required = true,
     .about = "Its digest after the last of them (format §10.3)."},
    {.name = "offered",
     .type = FIELD_LIST,
     .min = 1,
     .max = 32,
     .about = "Records that it has offered to the operator for a minute and not seen logged.",
     FIELDS(
         {.name = "record",
          .type = FIELD_OBJECT,
          FIELDS({.name = "id", .type = FIELD_HASH, .required = true, .about = "The record's id."},
                 {.name = "since_ms",
                  .type = FIELD_INTEGER,
                  .required = true,
                  .min = 1,
                  .max = LIMIT_TIME_MAX_MS,
                  .about = "Offered since, by this node's clock."}),
          .about = "One record."})},
};

const struct kind kind_node_attest = {
    .name = "node.attest",
    .version = 1,
    .jobs = WORDS("node"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What a node computed, for others to compare with, and what it waits to see logged.",
};
