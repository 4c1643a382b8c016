#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "key",
     .type = FIELD_VKEY,
     .required = true,
     .about = "The new key and its name, bound for ever. Type 0x04 for witnesses and externals, "
              "else 0x01."},
    {.name = "job",
     .type = FIELD_WORD,
     .required = true,
     .words = WORDS("author", "node", "witness", "external"),
     .about = "What it signs."},
    {.name = "org",
     .type = FIELD_TOKEN,
     .required = true,
     .max = 64,
     .term = "organisation",
     .about = "The organisation it acts for."},
    {.name = "role",
     .type = FIELD_TOKEN,
     .max = 64,
     .term = "role",
     .about = "What it may do, by the agreement. Authors have one."},
    {.name = "age",
     .type = FIELD_TOKEN,
     .max = 100,
     .about = "The age recipient to which what it may read is encrypted."},
    {.name = "revoker",
     .type = FIELD_VKEY,
     .about =
         "A key kept apart whose only power is to revoke this one, and what takes its place by "
         "`member.rotate`; named as this key, `/revoker`."},
    {.name = "scope",
     .type = FIELD_LIST,
     .min = 1,
     .max = 32,
     .about = "Kinds to which it is limited; absent: all that its role allows.",
     FIELDS({.name = "kind", .type = FIELD_TOKEN, .max = 32, .about = "A kind."})},
};

const struct kind kind_member_admit = {
    .name = "member.admit",
    .version = 1,
    .jobs = WORDS("root", "author"),
    .capability = "admit",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Admits a key. Its organisation's roots may, and authors whose role says so.",
};
