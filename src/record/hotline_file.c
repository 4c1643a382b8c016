#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("message", true, "A message of the thread.", "hotline.send"),
    FIELD_RECORD_OF("incident", true, "The incident.", "incident.open"),
};

const struct kind kind_hotline_file = {
    .name = "hotline.file",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That a thread of the hotline is about an incident.",
};
