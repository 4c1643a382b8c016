#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("session", true, "The session.", "session.call"),
    FIELD_TERM("type", "paper_type", true, "What it is."),
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("paper.table"),
    FIELD_LANGUAGE_OF_TEXT,
    FIELD_TIER_TEXT("title", "public", 400, "Its title."),
    FIELD_TIER_TEXT("text", "mechanism", 20000, "What it says."),
};

const struct kind kind_paper_table = {
    .name = "paper.table",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "A position or a paper, of the organisation whose key signs it.",
};
