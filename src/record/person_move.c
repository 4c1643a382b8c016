#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("register", true, "Of whom.", "person.register"),
    FIELD_CHOICE("what", true, "What became of them.", "freed", "expelled", "handed_over",
                 "escaped", "died"),
    FIELD_STATED_REQUIRED("at", "When."),
    FIELD_TERM("to", "organisation", false, "To whom they are handed over."),
    FIELD_PUBLIC_TEXT("ground", 2000, "On what ground, in words that name nobody."),
};

const struct kind kind_person_move = {
    .name = "person.move",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "register_persons",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What became of them.",
};
