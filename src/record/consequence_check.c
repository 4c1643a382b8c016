#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("consequence", true, "What was ordered.", "consequence.order"),
    FIELD_CHOICE("result", true, "What was found; unless done, it stays ordered.", "done",
                 "in_part", "not_done"),
    FIELD_PUBLIC_TEXT("text", 8000, "What was seen."),
};

const struct kind kind_consequence_check = {
    .name = "consequence.check",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "check",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "States what somebody other than its owner found of it: done, in part, or not.",
};
