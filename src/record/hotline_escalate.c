#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("message", true, "The message.", "hotline.send"),
    FIELD_CHOICE("level", true, "To whom it goes now.", "deputy", "principal"),
};

const struct kind kind_hotline_escalate = {
    .name = "hotline.escalate",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That a message goes to the next above.",
};
