#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("session", true, "The session.", "session.call"),
    FIELD_CHOICE("type", true, "What it is.", "minutes", "decision", "statement"),
    FIELD_RECORD_OF("item", false, "The matter of the agenda that it settles.", "agenda.add"),
    FIELD_RECORD_OF("supersedes", false, "The signer's earlier one that this replaces.",
                    "outcome.file"),
    FIELD_LANGUAGE_OF_TEXT,
    FIELD_TIER_TEXT("text", "mechanism", 30000, "What it says."),
    FIELD_TIER_TEXT("published", "public", 30000, "What of it everybody may read."),
};

const struct kind kind_outcome_file = {
    .name = "outcome.file",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What came of a session: minutes, a decision, a statement. It is the body's when all "
             "who must have agreed, and until then its signer's.",
};
