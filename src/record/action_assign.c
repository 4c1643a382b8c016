#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("session", true, "The session.", "session.call"),
    FIELD_RECORD_OF("outcome", false, "The decision that it follows from.", "outcome.file"),
    FIELD_RECORD_OF("incident", false, "The case that it is for.", "incident.open"),
    FIELD_TERM("owner", "organisation", true, "Who is to do it."),
    FIELD_STATED_REQUIRED("due", "Until when."),
    FIELD_TIER_TEXT("what", "mechanism", 4000, "What is to be done."),
    FIELD_TIER_TEXT("test", "mechanism", 2000, "By what one will see that it was done."),
};

const struct kind kind_action_assign = {
    .name = "action.assign",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What somebody is to do until when, and by what one will see that it was done.",
};
