#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("incident", true, "The incident.", "incident.open"),
    FIELD_RECORD_OF("record", true, "What does not belong to it.", KINDS_OF_ITEMS),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_incident_unlink = {
    .name = "incident.unlink",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "link",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Undoes a link. That it was there stays on the record.",
};
