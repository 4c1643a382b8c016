#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_INCIDENT,
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("access.restriction"),
    FIELD_TERM("host", "organisation", false, "Whose side hindered them, as the monitors say."),
    FIELD_TERM("sector", "sector", true, "The sector."),
    FIELD_CROSSING,
    FIELD_CHOICE("type", true, "How.", "denial", "delay", "condition", "escort", "threat", "fire",
                 "jamming", "equipment", "other"),
    FIELD_STATED_REQUIRED("at", "When it began."),
    FIELD_STATED("until", "When it ended."),
    FIELD_ACT,
    FIELD_RECORD_OF("request", false, "The access that was asked for.", "access.request"),
    FIELD_PUBLIC_TEXT("words", 4000, "The words used."),
    FIELD_PUBLIC_TEXT("persons", 2000, "By whom: rank, plates."),
    FIELD_PUBLIC_TEXT("effect", 4000, "What could not be done."),
    FIELD_PUBLIC_TEXT("place_name", 1000, "The place as stated."),
    FIELDS_POSITION,
    FIELD_ON_BEHALF,
};

const struct kind kind_access_restriction = {
    .name = "access.restriction",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "observe",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Records that monitors were hindered. A subject of its own, and a breach where the "
             "agreement says so.",
};
