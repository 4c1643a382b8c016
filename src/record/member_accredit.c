#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "name", .type = FIELD_NAME, .required = true, .about = "Whose key."},
    FIELD_TERM("host", "organisation", true, "The signer's own organisation."),
    FIELD_TERM_LIST("sectors", "sector", 64, "Where; absent: everywhere on its side."),
    {.name = "from", .type = FIELD_TIME, .about = "From when; absent: from when it is logged."},
    {.name = "until", .type = FIELD_TIME, .about = "Until when; absent: until it is dismissed."},
    FIELD_PUBLIC_TEXT("reason", 4000, "As what, and why."),
};

const struct kind kind_member_accredit = {
    .name = "member.accredit",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "accredit",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Lets somebody work on the side of the signer's organisation.",
};
