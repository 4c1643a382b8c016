#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "key",
     .type = FIELD_VKEY,
     .required = true,
     .about = "The new key and its name, bound for ever, of the type of the signer's own."},
    {.name = "consent",
     .type = FIELD_TEXT,
     .required = true,
     .min = 1,
     .max = 4096,
     .about = "The new key's `rotate` (format §6.6), a signed note: old and new both sign."},
    {.name = "age",
     .type = FIELD_TOKEN,
     .max = 100,
     .about = "The new key's age recipient; absent: the signer's, if it has one."},
};

const struct kind kind_member_rotate = {
    .name = "member.rotate",
    .version = 1,
    .jobs = WORDS("root", "author", "node"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Puts a new key in the place of the one that signs this, which is its last record.",
};
