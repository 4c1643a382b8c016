#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "hash",
     .type = FIELD_HASH,
     .required = true,
     .about = "SHA-256 of the bytes as they came, of several those that came last; whoever refused "
              "them keeps these."},
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
    {.name = "count",
     .type = FIELD_INTEGER,
     .min = 2,
     .max = 1000000,
     .about = "So many came of this device, on this way, and were refused for this reason since "
              "the record of that before; not said: one."},
    {.name = "note",
     .type = FIELD_HASH,
     .about = "SHA-256 of the signed note that the gateway keeps of the last of them. It names the "
              "note before it by its hash, and so each that came before."},
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
