#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("message", true, "The message.", "hotline.send"),
};

const struct kind kind_hotline_deliver = {
    .name = "hotline.deliver",
    .version = 1,
    .jobs = WORDS("node"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That a message has come to the node of who it is for, or of who passes it on.",
};
