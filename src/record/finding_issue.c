#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("finding", true, "The draft.", "finding.draft"),
    FIELD_PUBLIC_TEXT("note", 4000, "What became of the comments."),
};

const struct kind kind_finding_issue = {
    .name = "finding.issue",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "issue",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Issues a drafted finding: from here on it is what was found, and can be ruled on.",
};
