#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("session", true, "The session.", "session.call"),
    FIELD_CHOICE("how", true, "How.", "ended", "adjourned", "collapsed", "not_held"),
    FIELD_STATED("at", "When."),
    FIELD_STATED("next", "When the body is to meet next; needed where it ended or was adjourned."),
    FIELD_TIER_TEXT("reason", "public", 4000, "Why, in words."),
};

const struct kind kind_session_close = {
    .name = "session.close",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "chair_session",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "How a session ended. What ends is the session: the ceasefire stands as each side "
             "declared it.",
};
