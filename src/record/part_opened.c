#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "part",
     .type = FIELD_HASH,
     .required = true,
     .about = "The part: its commitment, as the record has it that named it first."},
    FIELD_CHOICE(
        "step", true,
        "`outer`: the outer seal is off, and what is inside goes on to the inner mediator; "
        "`inner`: the inner one too, and the content goes to both.",
        "outer", "inner"),
    FIELD_RECORD_OF("order", false, "What it was ordered by.", "ruling.propose", "ruling.review",
                    "evidence.preserve", "incident.ask"),
    FIELD_PUBLIC_TEXT("why", 4000, "Why it was opened."),
};

const struct kind kind_part_opened = {
    .name = "part.opened",
    .version = 1,
    .jobs = WORDS("author"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Opens a sealed part, with the two mediators to whom it was sealed, each for its own "
             "step. What is opened is the only one of its `parts` with a media type, and stays "
             "sealed to the two.",
};
