#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_OF_CASE,
    FIELD_TERM("type", "transit_type", true, "What for."),
    FIELD_CHOICE("priority", true, "How soon an answer is needed.", "routine", "urgent", "medical"),
    FIELD_TERM("host", "organisation", true, "Who is asked."),
    FIELDS_OF_LANE,
    FIELD_STATED_REQUIRED("from", "From when it wants to pass."),
    FIELD_STATED_REQUIRED("until", "Until when."),
    FIELD_COUNT("persons", false, "How many persons."),
    FIELD_COUNT("vehicles", false, "How many vehicles."),
    {.name = "goods",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "What is carried, by which road, with what plates."},
    {.name = "identities",
     .type = FIELD_TEXT,
     .tier = "sealed",
     .min = 1,
     .max = 8000,
     .about = "Who they are."},
};

const struct kind kind_transit_request = {
    .name = "transit.request",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "ask_transit",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Asks the other side to let something through: a convoy, a patient, the dead.",
};
