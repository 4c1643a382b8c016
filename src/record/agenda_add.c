#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("session", true, "The session.", "session.call"),
    FIELD_RECORD_OF("incident", false, "The case that it is about.", "incident.open"),
    FIELD_RECORD_OF("action", false, "The action that it is about.", "action.assign"),
    FIELD_TERM("crossing", "crossing", false, "The crossing that it is about."),
    FIELD_TIER_TEXT("topic", "mechanism", 1000, "The matter, in words."),
};

const struct kind kind_agenda_add = {
    .name = "agenda.add",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Puts a matter on the agenda of a session.",
};
