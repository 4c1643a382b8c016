#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("action", true, "The action.", "action.assign"),
    FIELD_CHOICE("result", true, "What was found.", "done", "not_done"),
    FIELD_TIER_TEXT("text", "mechanism", 8000, "What was seen."),
};

const struct kind kind_action_check = {
    .name = "action.check",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Whether an action was done, by its test. Who owns it does not check it.",
};
