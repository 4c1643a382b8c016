#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    {.name = "finding",
     .type = FIELD_RECORD,
     .words = WORDS("finding.draft"),
     .about = "The draft commented on; absent: all of the case."},
    FIELD_PUBLIC_TEXT("text", 20000, "The comment."),
};

const struct kind kind_finding_comment = {
    .name = "finding.comment",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "comment",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Comments on what is drafted in a case.",
};
