#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("incident", true, "The incident.", "incident.open"),
    FIELD_RECORD_OF("record", true, "What may belong to it.", KINDS_OF_ITEMS),
    FIELD_CHOICE("basis", false, "How they may belong.", "same_event", "part_of", "response_to",
                 "related"),
    {.name = "score",
     .type = FIELD_INTEGER,
     .min = 0,
     .max = 1000,
     .about = "How strong the signs are, of 1000."},
    {.name = "reasons",
     .type = FIELD_LIST,
     .min = 1,
     .max = 5,
     .about = "What it rests on.",
     FIELDS({.name = "reason",
             .type = FIELD_WORD,
             .words = WORDS("time", "distance", "act", "alias", "source"),
             .about = "One of them."})},
    FIELD_PUBLIC_TEXT("text", 4000, "In words."),
};

const struct kind kind_incident_suggest = {
    .name = "incident.suggest",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "link",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Suggests that a record belongs to an incident, with reasons. Somebody else links it, "
             "or does not.",
};
