#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("task", true, "The task.", "case.task"),
    FIELD_CHOICE("result", true, "Whether it saw the place.", "seen", "not_seen", "in_part",
                 "no_access"),
    {.name = "at", .type = FIELD_TIME, .about = "From when it was there."},
    {.name = "until", .type = FIELD_TIME, .about = "Until when."},
    FIELD_PUBLIC_TEXT("report", 20000, "What it found."),
};

const struct kind kind_case_verify = {
    .name = "case.verify",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "verify",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What a team found when it looked, or that it could not.",
};
