#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("owing", true, "What is owed.", "obligation.open"),
    FIELD_CHOICE("status", true,
                 "How far it has come; `step`: one thing was done, which others judge.", "begun",
                 "step", "done", "cannot", "refused"),
    FIELD_STATED_REQUIRED("at", "When."),
    FIELD_TERM("ground", "refusal_ground", false, "Why not; who refuses or cannot says it."),
    {.name = "evidence",
     .type = FIELD_LIST,
     .min = 1,
     .max = 40,
     .about = "Records that show it.",
     FIELDS(FIELD_RECORD_OF("record", false, "A record.", KINDS_OF_ITEMS, "person.register"))},
    FIELD_PUBLIC_TEXT("report", 8000, "What was done, or why not."),
    {.name = "details",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 8000,
     .about = "What is for the others and not for everybody."},
};

const struct kind kind_obligation_report = {
    .name = "obligation.report",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "report_obligation",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What was done of what is owed, in the words of who owes it.",
};
