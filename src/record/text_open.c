#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("body", "body", true, "The body whose text it is to be."),
    FIELD_RECORD_OF("session", false, "The session that it was begun in.", "session.call"),
    {.name = "languages",
     .type = FIELD_LIST,
     .required = true,
     .min = 1,
     .max = 8,
     .about = "In which languages it is to be agreed, BCP 47, each once.",
     FIELDS({.name = "language", .type = FIELD_TOKEN, .max = 20, .about = "One of them."})},
    FIELD_TIER_TEXT("title", "public", 400, "What it is called."),
};

const struct kind kind_text_open = {
    .name = "text.open",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Begins a text that is negotiated part by part.",
};
