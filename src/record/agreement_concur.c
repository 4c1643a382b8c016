#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("agreement", true, "The id of entry 0, or of an amendment.", "agreement.adopt",
                    "agreement.amend", "rules.adopt"),
};

const struct kind kind_agreement_concur = {
    .name = "agreement.concur",
    .version = 1,
    .jobs = WORDS("root"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "A root's consent. With the last of them and the last piece the agreement is in "
             "force, or an amendment agreed.",
};
