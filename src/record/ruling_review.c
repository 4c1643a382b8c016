#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("appeal", true, "The appeal.", "appeal.file"),
    FIELD_TERM("step", "step", true, "The step that it is tried under."),
    FIELD_CHOICE("result", true,
                 "What becomes of the appeal: `upheld`, the ruling is set aside; `varied`, it "
                 "stands as changed here; `dismissed`, it stands.",
                 "upheld", "varied", "dismissed"),
    FIELD_PUBLIC_TEXT("text", 20000, "The decision and its reasons."),
};

const struct kind kind_ruling_review = {
    .name = "ruling.review",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "propose",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Proposes the decision on an appeal.",
};
