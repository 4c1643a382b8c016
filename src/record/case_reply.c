#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_CHOICE("answer", true, "What it comes to.", "admits", "justifies", "denies",
                 "counter_claims", "no_knowledge", "asks_time"),
    FIELD_PUBLIC_TEXT("statement", 20000, "The reply, in its own words."),
};

const struct kind kind_case_reply = {
    .name = "case.reply",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "reply",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What an accused side answers. Silence is no reply: it is what the clock says of it.",
};
