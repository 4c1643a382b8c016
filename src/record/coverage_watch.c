#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("coverage.watch"),
    FIELD_TERM("sector", "sector", true, "The sector."),
    FIELD_STATED_REQUIRED("from", "From when."),
    FIELD_STATED_REQUIRED("until", "Until when."),
    FIELD_CHOICE("means", false, "By what.", MEANS),
    {.name = "sensor",
     .type = FIELD_TOKEN,
     .max = 64,
     .about = "By which sensor; absent: by people."},
    FIELD_PUBLIC_TEXT("note", 4000, "What was in sight and what was not."),
    FIELD_CHOICE(
        "seen", false,
        "What came of it: `nothing`, and nobody was kept from seeing; or `something`, told apart.",
        "nothing", "something"),
    FIELD_ON_BEHALF,
};

const struct kind kind_coverage_watch = {
    .name = "coverage.watch",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "watch",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Says that somebody watched a sector. What nobody watched is never counted as quiet.",
};
