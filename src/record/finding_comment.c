#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_RECORD_OF("finding", false, "The draft commented on; absent: all of the case.",
                    "finding.draft"),
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
