#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELDS_OF_LANE,
    FIELD_CHOICE("status", true, "How it stands.", "open", "limited", "suspended", "closed",
                 "unknown"),
    FIELD_CHOICE("announced", false, "Whether the others were told before.", "yes", "no"),
    FIELD_TERM("reason", "closure_reason", false, "Why it does not stand open."),
    FIELD_STATED_REQUIRED("since", "From when."),
    FIELD_STATED("until", "Until when; absent: nobody has said."),
    FIELD_PUBLIC_TEXT("hours", 200, "The hours, as announced."),
    FIELD_PUBLIC_TEXT("conditions", 2000, "On what conditions."),
    FIELD_PUBLIC_TEXT("authority", 400, "Which office decided it."),
};

const struct kind kind_crossing_declare = {
    .name = "crossing.declare",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "declare_crossing",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "How an organisation declares a crossing to stand, on its own side, for one direction "
             "and one class of traffic.",
};
