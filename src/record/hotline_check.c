#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("to", "organisation", true, "Whose line is tried."),
    FIELD_TERM("text", "hotline_text", true, "Which of the neutral texts is sent."),
    FIELD_COUNT("number", false, "Its number among the sender's."),
};

const struct kind kind_hotline_check = {
    .name = "hotline.check",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about =
        "A test of the line. The checkpoint that it has seen is part of it, as of every record.",
};
