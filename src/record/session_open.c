#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("session", true, "The session.", "session.call"),
    FIELD_STATED("at", "When."),
};

const struct kind kind_session_open = {
    .name = "session.open",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "chair_session",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Opens a session, or takes it up again.",
};
