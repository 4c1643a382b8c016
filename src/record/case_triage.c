#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_CHOICE("outcome", true, "What becomes of it.", "open", "out_of_mandate", "linked"),
    FIELD_TERM("act", "act", false, "The act alleged."),
    FIELD_TERM("grade", "grade", false, "How grave it is, as alleged."),
    FIELD_TERM_LIST(
        "accused", "organisation", 8,
        "The organisations that are accused, of the act or of not having prevented it."),
    {.name = "modalities",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 1000000,
     .about = "The version of the agreement's terms that it is judged under: that in force when it "
              "happened."},
    FIELD_CHOICE("in_area", false, "Whether it is inside the area of the agreement.", "yes", "no",
                 "unknown"),
    FIELD_CHOICE("in_time", false, "Whether the ceasefire was in force where and when it happened.",
                 "yes", "no", "unknown"),
    FIELD_CHOICE("urgent", false, "Whether the shorter clocks run.", "yes", "no"),
    FIELD_RECORD_OF("same_as", false,
                    "The incident that this one is the same as, where the outcome is `linked`.",
                    "incident.open"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_case_triage = {
    .name = "case.triage",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "triage",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Takes an incident up as a case, or says why not: in mandate, in area, in time, of "
             "which act and how grave as it is alleged.",
};
