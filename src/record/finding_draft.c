#include "record/fields.h"
#include "record/kinds.h"

#define FIELD_ITEMS(most, sentence)                                                                \
    {                                                                                              \
        .name = "items", .type = FIELD_LIST, .min = 1, .max = most, .about = sentence,             \
        FIELDS({.name = "record", .type = FIELD_HASH, .about = "A record's id."})                  \
    }

/* Whose the ground, the people and the power over them are: three matters, never one. */
#define FIELD_WHOSE(field_name, sentence)                                                          \
    {                                                                                              \
        .name = field_name, .type = FIELD_TOKEN, .max = 64, .about = sentence                      \
    }

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_TERM("allegation", "act", true, "The act that is alleged: a finding for each."),
    FIELD_CHOICE("outcome", true, "What is found.", "established", "in_part", "not_established",
                 "disproved", "not_examined", "out_of_mandate", "not_violation"),
    FIELD_CHOICE("unresolved", false, "Why it is not established, or was not examined.",
                 "no_access", "no_trace", "party_sources_only", "sources_conflict", "technique",
                 "time_elapsed", "witness_unsafe"),
    FIELD_TERM("standard", "standard", true, "The standard of proof that it reaches."),
    FIELD_TERM("author", "author", false, "Who did it, apart from who answers for it."),
    FIELD_TERM("against", "organisation", false,
               "Which organisation answers for it, by `mode`; none need."),
    FIELD_TERM("mode", "mode", false, "How it answers for it."),
    FIELD_TERM("grade", "grade", false, "How grave it is, as found."),
    FIELD_WHOSE("territory", "From whose territory it was done."),
    FIELD_WHOSE("nationality", "Of what nationality they were; recorded, and never decisive."),
    FIELD_WHOSE("control", "Under whose control they were."),
    FIELD_ITEMS(64, "The records that it rests on."),
    {.name = "answers",
     .type = FIELD_LIST,
     .min = 1,
     .max = 32,
     .about = "Answers to the questions that the mode asks.",
     FIELDS({.name = "answer",
             .type = FIELD_OBJECT,
             FIELDS({.name = "question",
                     .type = FIELD_TOKEN,
                     .required = true,
                     .max = 64,
                     .about = "One of the mode's `questions`."},
                    {.name = "answer",
                     .type = FIELD_WORD,
                     .required = true,
                     .words = WORDS("yes", "no", "unknown"),
                     .about = "The answer."},
                    FIELD_ITEMS(16, "The records that this answer rests on.")),
             .about = "An answer."})},
    FIELD_CHOICE("contradictions", true, "Whether what contradicts it has been explained.", "none",
                 "explained", "open"),
    FIELD_CHOICE("alternatives", true, "Whether other explanations were weighed.", "considered",
                 "none"),
    FIELD_RECORD_OF(
        "supersedes", false,
        "The finding of this case that it replaces, whoever drafted that; it stays, marked "
        "so.",
        "finding.draft"),
    FIELD_PUBLIC_TEXT("summary", 20000, "What is found, in words."),
    FIELD_PUBLIC_TEXT("unknowns", 8000, "What is not known, and what could have shown it."),
    FIELD_PUBLIC_TEXT("coverage", 4000, "What was watched when it happened, and what was not."),
    FIELD_PUBLIC_TEXT("others", 8000, "The other explanations, and what speaks against them."),
};

const struct kind kind_finding_draft = {
    .name = "finding.draft",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "draft",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Drafts what is found of one act alleged: whether it happened, who did it, who "
             "answers for it, by which standard, and what is not known.",
};
