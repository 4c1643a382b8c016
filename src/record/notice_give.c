#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("type", "notice_type", true, "What is announced."),
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("notice.give"),
    FIELD_STATED_REQUIRED("from", "From when."),
    FIELD_STATED_REQUIRED("until", "Until when."),
    FIELD_SECTOR,
    FIELD_CROSSING,
    FIELD_TERM_LIST("jointly", "organisation", 8, "With whom it is done together."),
    FIELD_COUNT("units", false, "How many aircraft, vehicles or patrols."),
    {.name = "what",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "What will be done, where, with what markings and on what channel."},
    FIELDS_POSITION,
};

const struct kind kind_notice_give = {
    .name = "notice.give",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "give_notice",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Tells the others beforehand of a flight, a patrol, an exercise, blasting, a convoy.",
};
