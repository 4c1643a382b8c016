#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_INCIDENT,
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("incident.observe"),
    FIELD_CHOICE("verb", true, "What the observer did.", "heard", "saw", "recorded", "was_told",
                 "assessed", "could_not_confirm", "corroborated"),
    FIELD_CHOICE("means", true, "By what.", MEANS),
    FIELD_STATED_REQUIRED("at", "When."),
    FIELD_ACT,
    {.name = "count_min",
     .type = FIELD_INTEGER,
     .min = 0,
     .max = LIMIT_INTEGER,
     .about = "How many, the least."},
    {.name = "count_max",
     .type = FIELD_INTEGER,
     .min = 0,
     .max = LIMIT_INTEGER,
     .about = "How many, the most; absent beside `count_min`: open-ended."},
    FIELD_CHOICE("hedge", false, "How the count is to be read.", "exact", "at_least", "about",
                 "uncountable"),
    FIELD_SECTOR,
    FIELD_CROSSING,
    FIELD_RECORD_OF("task", false, "The task that it was made for.", "case.task"),
    FIELD_PUBLIC_TEXT("summary", 20000, "What was perceived."),
    FIELD_PUBLIC_TEXT("direction", 400, "From where to where."),
    FIELD_PUBLIC_TEXT("weapon", 400, "Weapon or calibre, with how certain it is."),
    FIELD_PUBLIC_TEXT("place_name", 1000, "The place of what was perceived."),
    FIELD_PUBLIC_TEXT("observer_place", 1000, "Where the observer stood."),
    FIELDS_POSITION,
    FIELD_CASUALTIES,
    FIELDS_SHAPE,
    FIELDS_OF_TELLER,
    FIELD_ON_BEHALF,
};

const struct kind kind_incident_observe = {
    .name = "incident.observe",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "observe",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about =
        "What a monitor perceived, by a verb that the means allow. Attributes nothing to anybody.",
};
