#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CHOICE("what", true, "What was done.", "detained", "expelled", "handed_over"),
    {.name = "persons",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = 1000000,
     .about = "How many persons; those who later part stand in records of their own."},
    FIELD_STATED_REQUIRED("at", "When."),
    FIELD_TERM("to", "organisation", false, "To whom they are handed over."),
    FIELD_RECORD_OF("owing", false, "In answer to what obligation.", "obligation.open"),
    FIELD_SECTOR,
    FIELD_CROSSING,
    FIELD_PUBLIC_TEXT("ground", 2000, "On what ground, in words that name nobody."),
    {.name = "details",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "Where they are held and by whom, in words that name nobody."},
    {.name = "identities",
     .type = FIELD_TEXT,
     .tier = "sealed",
     .min = 1,
     .max = 8000,
     .about = "Who they are."},
};

const struct kind kind_person_register = {
    .name = "person.register",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "register_persons",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about =
        "That persons were detained, expelled or handed over. How many is public, who is sealed.",
};
