#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "case",
     .type = FIELD_RECORD,
     .words = WORDS("incident.open"),
     .about = "The case that the deadline is of; absent: of none."},
    {.name = "subject",
     .type = FIELD_HASH,
     .required = true,
     .about = "The record that the deadline is of: a case, a request, a task."},
    FIELD_TERM("clock", "clock", true, "Its clock."),
    FIELD_TERM("organisation", "organisation", false, "Whose it is, where each has its own."),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_deadline_resume = {
    .name = "deadline.resume",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "extend",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Lets a deadline run again.",
};
