#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("to", "organisation", true, "Whom it is for."),
    FIELD_TERM("via", "organisation", true, "Who carries it."),
    FIELD_RECORD_OF("session", false, "The session.", "session.call"),
    FIELD_LANGUAGE_OF_TEXT,
    FIELD_TIER_TEXT("text", "mechanism", 20000,
                    "What it says; sealed, only who stands between reads it."),
};

const struct kind kind_exchange_give = {
    .name = "exchange.give",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Hands a text to who stands between, for the other. It stays as it was handed over.",
};
