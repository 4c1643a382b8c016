#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_OF_CASE,
    FIELD_RECORD_OF("record", true, "What is released.", "incident.open", KINDS_OF_ITEMS,
                    "incident.explain", "evidence.answer", "access.answer", "access.visit",
                    "custody.take", "case.reply", "case.verify"),
    FIELD_TERM("tier", "tier", true, "To which tier."),
    {.name = "removed",
     .type = FIELD_LIST,
     .min = 1,
     .max = 11,
     .about = "What was taken out.",
     FIELDS({.name = "part",
             .type = FIELD_WORD,
             .words = WORDS("identity", "place", "time", "face", "voice", "plate", "unit",
                            "medical", "source", "method", "other"),
             .about = "One of them."})},
    FIELD_PUBLIC_TEXT("why", 4000, "Why that was taken out."),
};

const struct kind kind_custody_release = {
    .name = "custody.release",
    .version = 1,
    .jobs = WORDS("author"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Moves something outward to a tier, and says what was taken out of it. What is moved "
             "are those of its `parts` that have a media type (`application/json` for fields).",
};
