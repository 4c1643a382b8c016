#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELDS_OF_LANE,
    FIELD_STATED_REQUIRED("from", "From when."),
    FIELD_STATED_REQUIRED("until", "Until when."),
    FIELD_CHOICE("measure", true, "What is counted.", "vehicles", "persons", "tonnes",
                 "waiting_vehicles", "waiting_persons"),
    FIELD_COUNT("min", true, "How many, at least."),
    FIELD_COUNT("max", false, "At most; absent: `min` is the figure."),
    FIELD_CHOICE("source", true, "Who counted.", "own", "other_side", "monitor", "trader",
                 "published"),
    FIELD_PUBLIC_TEXT("note", 2000, "How it was counted."),
};

const struct kind kind_crossing_count = {
    .name = "crossing.count",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "count_traffic",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What passed a crossing, or waited at it. Never added up with what another counted.",
};
