#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "name", .type = FIELD_NAME, .required = true, .about = "Whose key."},
    FIELD_TERM("host", "organisation", true, "The signer's own organisation."),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_member_dismiss = {
    .name = "member.dismiss",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "accredit",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Ends an accreditation.",
};
