#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("crossing", "crossing", true, "The crossing."),
    FIELD_TERM("class", "traffic", true, "Who they are: the class of traffic."),
    FIELD_STATED_REQUIRED("from", "From when."),
    FIELD_STATED_REQUIRED("until", "Until when."),
    FIELD_COUNT("persons", true, "How many persons."),
    FIELD_COUNT("children", false, "How many of them are children."),
    FIELD_COUNT("unaccompanied", false, "How many of the children came alone."),
    FIELD_COUNT("refused", false, "How many were turned back."),
    FIELD_CHOICE("source", true, "Who counted.", "own", "other_side", "monitor", "published"),
    FIELD_PUBLIC_TEXT("note", 2000, "How it was counted."),
};

const struct kind kind_crossing_return = {
    .name = "crossing.return",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "count_traffic",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Who came back, or was sent back, through a crossing in some days.",
};
