#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("register", true, "Of whom.", "person.register"),
    FIELD_CHOICE("answer", true, "Whether they were taken.", "received", "not_received"),
    FIELD_COUNT("counted", true, "How many came, by the count of who receives them."),
    FIELD_STATED_REQUIRED("at", "When."),
    FIELD_PUBLIC_TEXT("reason", 2000, "Why, in words that name nobody."),
};

const struct kind kind_person_receive = {
    .name = "person.receive",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "register_persons",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about =
        "What the one says to whom they are handed over: how many came, or that none were taken.",
};
