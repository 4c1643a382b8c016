#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_INCIDENT,
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("incident.read"),
    {.name = "sensor",
     .type = FIELD_TOKEN,
     .required = true,
     .max = 64,
     .about = "The sensor, by its own mark."},
    FIELD_CHOICE("means", true, "What sort of sensor.", MEANS),
    FIELD_STATED("at", "When, by the clock of the sensor."),
    FIELD_STATED("until", "When what was recorded ended."),
    FIELD_ACT,
    FIELD_SECTOR,
    FIELD_CROSSING,
    FIELD_CHOICE("calibrated", false, "Whether it was calibrated, and its clock compared.", "yes",
                 "no", "unknown"),
    FIELD_PUBLIC_TEXT("supplier", 400, "Whose equipment it is."),
    FIELD_PUBLIC_TEXT("summary", 20000, "What it shows."),
    FIELD_PUBLIC_TEXT("place_name", 1000, "The place of what was recorded."),
    FIELDS_POSITION,
    FIELDS_OF_ORIGIN,
    FIELD_ON_BEHALF,
};

const struct kind kind_incident_read = {
    .name = "incident.read",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "sense",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What a sensor recorded, as read out by who signs.",
};
