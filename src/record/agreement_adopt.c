#include "record/fields.h"
#include "record/kinds.h"

#define MEMBER_KEYS(field_name, least, sentence)                                                   \
    {                                                                                              \
        .name = field_name, .type = FIELD_LIST, .required = true, .min = least, .max = 64,         \
        .about = sentence,                                                                         \
        FIELDS(                                                                                    \
            {.name = "member",                                                                     \
             .type = FIELD_OBJECT,                                                                 \
             FIELDS(                                                                               \
                 {.name = "key", .type = FIELD_VKEY, .required = true, .about = "Name and key."},  \
                 {.name = "org",                                                                   \
                  .type = FIELD_TOKEN,                                                             \
                  .required = true,                                                                \
                  .max = 64,                                                                       \
                  .about = "The organisation it acts for, an id of the agreement."}),              \
             .about = "A key."})                                                                   \
    }

static const struct field fields[] = {
    {.name = "name", .type = FIELD_NAME, .required = true, .about = "The agreement's name."},
    {.name = "origin",
     .type = FIELD_NAME,
     .required = true,
     .about = "The log's first origin: the name, `/term/1`."},
    {.name = "log_key",
     .type = FIELD_VKEY,
     .required = true,
     .about = "Signs checkpoints; its name is the origin."},
    {.name = "promise_key", .type = FIELD_VKEY, .required = true, .about = "Signs promises."},
    {.name = "operator",
     .type = FIELD_NAME,
     .required = true,
     .about = "The node key of the first term's operator, one of `nodes`."},
    MEMBER_KEYS("roots", 1, "Who adopts the agreement; the first signs this record."),
    MEMBER_KEYS("nodes", 1, "Node keys."),
    MEMBER_KEYS("witnesses", 0, "Witness keys, type 0x04."),
    {.name = "quorum",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 0,
     .max = 64,
     .about = "Cosignatures needed; 0: ticks are the operator's clock."},
    {.name = "rules",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 1000000,
     .about = "The rules number in force from the start."},
    FIELD_PIECES,
};

const struct kind kind_agreement_adopt = {
    .name = "agreement.adopt",
    .version = 1,
    .jobs = WORDS("root"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Entry 0: what the agreement is, and the keys of everybody needed to start. Its id is "
             "the trust anchor.",
};
