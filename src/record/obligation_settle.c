#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("owing", true, "What is owed.", "obligation.open"),
    FIELD_CHOICE("result", true, "Whether it was kept; `lapsed`: it is owed no more.", "kept",
                 "partly", "not_kept", "lapsed"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_obligation_settle = {
    .name = "obligation.settle",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "keep_obligations",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Whether what is owed was kept. An earlier word stays in the history.",
};
