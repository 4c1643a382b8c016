#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "hash",
     .type = FIELD_HASH,
     .required = true,
     .about = "SHA-256 of the bytes as they came; whoever refused them keeps these."},
    {.name = "device",
     .type = FIELD_TOKEN,
     .required = true,
     .max = 100,
     .about = "Of whom they came: the pseudonym of a person or a device."},
    FIELD_CHOICE("via", true, "On what way.", "form", "sms", "mail"),
    FIELD_CHOICE("reason", true,
                 "Why: `conflict` with what came before under its number, `stale`, `closed`, "
                 "`malformed`, `unknown_form`, `too_large`.",
                 "conflict", "stale", "closed", "malformed", "unknown_form", "too_large"),
};

const struct kind kind_intake_refuse = {
    .name = "intake.refuse",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "refuse",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "A gateway says that something came to it which it did not make a record of. Nobody "
             "can claim later that it never came, nor that something else did.",
};
