#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("check", true, "The test.", "hotline.check"),
    FIELD_TERM("text", "hotline_text", true, "Which text came."),
};

const struct kind kind_hotline_echo = {
    .name = "hotline.echo",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That a test came, and with which text.",
};
