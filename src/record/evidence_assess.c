#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_OF_CASE,
    FIELD_RECORD_OF("record", true, "What is assessed.", KINDS_OF_ITEMS, "incident.explain",
                    "evidence.answer", "access.answer", "access.visit", "custody.take",
                    "case.reply", "case.verify"),
    FIELD_TERM("origin", "origin", true, "The origin group: what comes of one is one source."),
    FIELD_CHOICE("class", true, "What sort of evidence.", "testimony", "document", "physical",
                 "technical", "observation", "official", "open_source"),
    FIELD_CHOICE("neutral", true, "Whether it is of neither party nor of the complainant.", "yes",
                 "no"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_evidence_assess = {
    .name = "evidence.assess",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "assess",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Says of what origin and class a record is. The last word on a record counts; the "
             "others stay.",
};
