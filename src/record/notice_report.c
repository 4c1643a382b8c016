#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("notice", true, "The notice.", "notice.give"),
    FIELD_CHOICE("state", true, "What became of it.", "begun", "ended", "cancelled"),
    FIELD_STATED_REQUIRED("at", "When."),
    FIELD_PUBLIC_TEXT("report", 8000, "What was done and seen."),
};

const struct kind kind_notice_report = {
    .name = "notice.report",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "give_notice",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What became of what was announced: begun, ended, or not done.",
};
