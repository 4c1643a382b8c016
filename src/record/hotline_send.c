#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_OF_CASE,
    FIELD_TERM("to", "organisation", true, "Who it is for."),
    FIELD_TERM("via", "organisation", false, "Who is to pass it on; absent: it goes straight."),
    FIELD_TERM("priority", "hotline_priority", true, "How soon it must be read and answered."),
    FIELD_TERM("template", "hotline_template", false, "Which set notice it is."),
    FIELD_RECORD_OF("thread", false, "The message that began what it belongs to.", "hotline.send"),
    FIELD_RECORD_OF("reply_to", false, "The message that it answers.", "hotline.send"),
    FIELD_CHOICE("exercise", false, "That it is an exercise, and nothing of it is real.", "yes"),
    FIELD_LANGUAGE_OF_TEXT,
    {.name = "text",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = LIMIT_HOTLINE_TEXT_BYTES,
     .about = "What is said."},
};

const struct kind kind_hotline_send = {
    .name = "hotline.send",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "A message of the hotline.",
};
