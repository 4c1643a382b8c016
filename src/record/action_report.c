#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("action", true, "The action.", "action.assign"),
    FIELD_CHOICE("result", true, "How far it is.", "done", "partly", "not_done"),
    FIELD_TIER_TEXT("text", "mechanism", 8000, "In words."),
};

const struct kind kind_action_report = {
    .name = "action.report",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What its owner says of an action.",
};
