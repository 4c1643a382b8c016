#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("session", true, "The session.", "session.call"),
    FIELD_CHOICE("status", true, "What it says.", "accepted", "declined", "present", "left"),
    FIELD_STATED("at", "Since when; of who declines: when instead."),
    FIELD_TIER_TEXT("delegation", "mechanism", 4000, "Who is there for it."),
    FIELD_TIER_TEXT("reason", "public", 2000, "Why."),
};

const struct kind kind_session_attend = {
    .name = "session.attend",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "An organisation's own word on a session: that it will come, will not, is there, or "
             "has left.",
};
