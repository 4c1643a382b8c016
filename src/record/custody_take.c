#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_OF_CASE,
    FIELD_RECORD_OF("record", false, "What it belongs to.", KINDS_OF_ITEMS, "case.verify",
                    "access.visit", "evidence.answer"),
    {.name = "item",
     .type = FIELD_TOKEN,
     .required = true,
     .max = 64,
     .about = "The mark on the bag or the file."},
    FIELD_CHOICE("class", true, "What it is.", "object", "document", "image", "video", "audio",
                 "data", "sample", "remains", "other"),
    FIELD_STATED_REQUIRED("taken", "When."),
    FIELD_CHOICE("form", true, "Original or copy.", "original", "copy"),
    {.name = "hashes",
     .type = FIELD_LIST,
     .min = 1,
     .max = 64,
     .about = "SHA-256 of its files.",
     FIELDS({.name = "hash", .type = FIELD_HASH, .about = "Of one file."})},
    FIELD_PUBLIC_TEXT("description", 4000, "What it is, in words."),
};

const struct kind kind_custody_take = {
    .name = "custody.take",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "keep",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Takes an object or a file into keeping.",
};
