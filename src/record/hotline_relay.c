#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("message", true, "The message.", "hotline.send"),
    FIELD_CHOICE("act", true, "What is done with it.", "held", "asked_back", "passed", "refused",
                 "corrected"),
    FIELD_LANGUAGE_OF_TEXT,
    {.name = "translation",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "What it says in that language; the message itself stays as it is."},
    {.name = "note",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = LIMIT_HOTLINE_TEXT_BYTES,
     .about = "What is asked of who wrote it, or why it is held."},
};

const struct kind kind_hotline_relay = {
    .name = "hotline.relay",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "relay_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What who stands between does with a message: it never alters one, and signs its own "
             "translation.",
};
