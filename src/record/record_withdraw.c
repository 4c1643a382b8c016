#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("record", true,
                    "The signer's own record that is withdrawn; it stays, marked so.",
                    "incident.open", KINDS_OF_ITEMS, "coverage.watch", "coverage.outage",
                    "notice.give", "guarantee.give", "statement.log", "paper.table"),
    {.name = "reason",
     .type = FIELD_WORD,
     .required = true,
     .words = WORDS("error", "duplicate", "retracted"),
     .about = "Why."},
    FIELD_PUBLIC_TEXT("explanation", 4000, "In words."),
};

const struct kind kind_record_withdraw = {
    .name = "record.withdraw",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "withdraw",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Takes back one's own word. Nothing is deleted.",
};
