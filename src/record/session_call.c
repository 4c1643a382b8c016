#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("body", "body", true, "The body."),
    FIELD_CHOICE("sitting", true,
                 "Whether its members sit together, near each other, or only who stands between "
                 "speaks with each.",
                 "joint", "proximity", "proxy"),
    FIELD_STATED_REQUIRED("from", "When it is to begin."),
    FIELD_RECORD_OF("after", false, "The session that this one follows.", "session.call"),
    FIELD_TIER_TEXT("title", "public", 400, "What it is called, or about."),
    FIELD_TIER_TEXT("place_name", "mechanism", 400, "Where."),
    FIELD_LANGUAGE_OF_TEXT,
};

const struct kind kind_session_call = {
    .name = "session.call",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Calls a session of a body of the agreement. How its members meet is said beforehand.",
};
