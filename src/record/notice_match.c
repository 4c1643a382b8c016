#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("notice", true, "The notice.", "notice.give"),
    FIELD_RECORD_OF("record", true, "What was reported.", KINDS_OF_ITEMS),
    FIELD_CHOICE("result", true, "How they compare.", "as_notified", "exceeded", "other"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_notice_match = {
    .name = "notice.match",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "match",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Whether what was reported is what had been announced. What was is no violation.",
};
