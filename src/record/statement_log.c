#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("organisation", "organisation", false, "For whom it was said, where that is known."),
    FIELD_CHOICE("channel", true, "How it was said.", "press", "broadcast", "interview", "network",
                 "address", "letter"),
    FIELD_STATED_REQUIRED("at", "When."),
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("statement.log"),
    FIELD_LANGUAGE(false, "Of the quotation, BCP 47."),
    FIELD_PUBLIC_TEXT("speaker", 300, "Who said it."),
    FIELD_PUBLIC_TEXT("place", 300, "Where."),
    FIELD_PUBLIC_TEXT("quote", 8000, "In the speaker's own words."),
    FIELD_SOURCES,
};

const struct kind kind_statement_log = {
    .name = "statement.log",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "log_statement",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What somebody said in public: who, where, when, and in which words.",
};
