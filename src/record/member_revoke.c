#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "name", .type = FIELD_NAME, .required = true, .about = "The key's name."},
    {.name = "reason",
     .type = FIELD_WORD,
     .required = true,
     .words = WORDS("compromised", "lost", "replaced", "left", "misused"),
     .about = "Why."},
    {.name = "doubt_from",
     .type = FIELD_INTEGER,
     .min = 0,
     .max = LIMIT_INTEGER,
     .about = "The index from which its records are in doubt; they stay valid."},
};

const struct kind kind_member_revoke = {
    .name = "member.revoke",
    .version = 1,
    .jobs = WORDS("root", "author", "node", "revoker"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about =
        "Revokes a key from this entry on. Its organisation's roots may, authors whose role says "
        "so, the key itself, and its revoker.",
};
