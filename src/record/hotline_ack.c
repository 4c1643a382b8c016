#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("message", true, "The message.", "hotline.send"),
    FIELD_CHOICE("step", true, "How far it has come.", "delivered", "opened", "understood"),
    {.name = "read_back",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = LIMIT_HOTLINE_TEXT_BYTES,
     .about = "What was understood, in the reader's own words."},
};

const struct kind kind_hotline_ack = {
    .name = "hotline.ack",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That the officer who signs has a message, has opened it, or has understood it.",
};
