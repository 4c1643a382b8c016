#pragma once

/*
 * The words that kinds are written in, so that a kind's file reads as a table. For the
 * files of this folder that define a kind; everybody else includes record/kind.h.
 */

#include "record/kind.h"

#include "base/limits.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define FIELDS(...)                                                                                \
    .fields = (const struct field[]){__VA_ARGS__},                                                 \
    .count = sizeof((const struct field[]){__VA_ARGS__}) / sizeof(struct field)

/* A field that many kinds have, with one meaning. */
#define FIELD_EXTERNAL_ID                                                                          \
    {                                                                                              \
        .name = "external_id", .type = FIELD_TOKEN, .max = 100,                                    \
        .about =                                                                                   \
            "What the signer's own source calls it. A second live record of this kind by this "    \
            "signer with the same one must name the first in `supersedes`."                        \
    }
#define FIELD_SUPERSEDES(kind_name)                                                                \
    {                                                                                              \
        .name = "supersedes", .type = FIELD_RECORD, .words = WORDS(kind_name),                     \
        .about = "The signer's earlier record that this one replaces; it stays, marked so."        \
    }
#define FIELD_INCIDENT                                                                             \
    {                                                                                              \
        .name = "incident", .type = FIELD_RECORD, .words = WORDS("incident.open"),                 \
        .about = "The incident it is filed under; absent: not yet assigned."                       \
    }
#define FIELD_CASE                                                                                 \
    {                                                                                              \
        .name = "case", .type = FIELD_RECORD, .required = true, .words = WORDS("incident.open"),   \
        .about = "The case: its incident."                                                         \
    }
/* The id of a record of one of these kinds. */
#define FIELD_RECORD_OF(field_name, must, sentence, ...)                                           \
    {                                                                                              \
        .name = field_name, .type = FIELD_RECORD, .required = must, .words = WORDS(__VA_ARGS__),   \
        .about = sentence                                                                          \
    }
/* Which deadline a record speaks of. */
#define FIELDS_OF_DEADLINE                                                                         \
    FIELD_RECORD_OF("case", false, "The case that the deadline is of; absent: of none.",           \
                    "incident.open"),                                                              \
        {.name = "subject",                                                                        \
         .type = FIELD_HASH,                                                                       \
         .required = true,                                                                         \
         .about = "The record that the deadline is of: a case, a request, a task."},               \
        FIELD_TERM("clock", "clock", true, "Its clock."),                                          \
        FIELD_TERM("organisation", "organisation", false, "Whose it is, where each has its own.")
/* An id of a section of the agreement. */
#define FIELD_TERM(field_name, section, must, sentence)                                            \
    {                                                                                              \
        .name = field_name, .type = FIELD_TOKEN, .required = must, .max = 64, .term = section,     \
        .about = sentence                                                                          \
    }
#define FIELD_CHOICE(field_name, must, sentence, ...)                                              \
    {                                                                                              \
        .name = field_name, .type = FIELD_WORD, .required = must, .words = WORDS(__VA_ARGS__),     \
        .about = sentence                                                                          \
    }
/* A list of ids of a section. */
#define FIELD_TERM_LIST(field_name, section, most, sentence)                                       \
    {                                                                                              \
        .name = field_name, .type = FIELD_LIST, .min = 1, .max = most, .about = sentence,          \
        FIELDS(FIELD_TERM("id", section, false, "One of them."))                                   \
    }
/* A list of words that nobody looks up. */
#define FIELD_TOKENS(field_name, most, sentence)                                                   \
    {                                                                                              \
        .name = field_name, .type = FIELD_LIST, .min = 1, .max = most, .about = sentence,          \
        FIELDS({.name = "id", .type = FIELD_TOKEN, .max = 64, .about = "An id."})                  \
    }
/* One direction of one crossing, for one class of traffic. */
#define FIELDS_OF_LANE                                                                             \
    FIELD_TERM("crossing", "crossing", true, "The crossing."),                                     \
        FIELD_TERM("direction", "direction", true, "Which way."),                                  \
        FIELD_TERM("class", "traffic", true, "The class of traffic.")
#define FIELD_COUNT(field_name, must, sentence)                                                    \
    {                                                                                              \
        .name = field_name, .type = FIELD_INTEGER, .required = must, .min = 0,                     \
        .max = LIMIT_INTEGER, .about = sentence                                                    \
    }
/* What stands in an organisation's own account of what happened. */
#define FIELD_LEDGER_ITEM(field_name, sentence)                                                    \
    {                                                                                              \
        .name = field_name, .type = FIELD_RECORD, .required = true,                                \
        .words = WORDS(KINDS_OF_ITEMS), .about = sentence                                          \
    }
#define FIELD_PUBLIC_TEXT(field_name, bytes, sentence)                                             \
    {                                                                                              \
        .name = field_name, .type = FIELD_TEXT, .tier = "public", .min = 1, .max = bytes,          \
        .about = sentence                                                                          \
    }
#define FIELD_SOURCES                                                                              \
    {                                                                                              \
        .name = "sources", .type = FIELD_LIST, .tier = "public", .min = 1, .max = 40,              \
        .about = "Where it was published.",                                                        \
        FIELDS({.name = "source",                                                                  \
                .type = FIELD_OBJECT,                                                              \
                FIELDS({.name = "id",                                                              \
                        .type = FIELD_TOKEN,                                                       \
                        .max = 100,                                                                \
                        .about = "The compiler's own number."},                                    \
                       {.name = "publisher",                                                       \
                        .type = FIELD_TEXT,                                                        \
                        .min = 1,                                                                  \
                        .max = 300,                                                                \
                        .about = "Who published it."},                                             \
                       {.name = "published",                                                       \
                        .type = FIELD_TOKEN,                                                       \
                        .max = 40,                                                                 \
                        .about = "The date as printed, ISO 8601."},                                \
                       {.name = "language", .type = FIELD_TOKEN, .max = 20, .about = "BCP 47."},   \
                       {.name = "headline",                                                        \
                        .type = FIELD_TEXT,                                                        \
                        .min = 1,                                                                  \
                        .max = 2000,                                                               \
                        .about = "Its title."},                                                    \
                       {.name = "url",                                                             \
                        .type = FIELD_TEXT,                                                        \
                        .min = 1,                                                                  \
                        .max = 2000,                                                               \
                        .about = "Its address."}),                                                 \
                .about = "One publication."})                                                      \
    }
#define FIELD_PIECES                                                                               \
    {                                                                                              \
        .name = "pieces", .type = FIELD_LIST, .required = true, .min = 1, .max = 300,              \
        .about = "The pieces of the agreement's files, in the order of file and number.",          \
        FIELDS({.name = "piece",                                                                   \
                .type = FIELD_OBJECT,                                                              \
                FIELDS({.name = "file",                                                            \
                        .type = FIELD_TOKEN,                                                       \
                        .required = true,                                                          \
                        .max = 100,                                                                \
                        .about = "The file's name."},                                              \
                       {.name = "n",                                                               \
                        .type = FIELD_INTEGER,                                                     \
                        .required = true,                                                          \
                        .min = 1,                                                                  \
                        .max = 9999,                                                               \
                        .about = "The piece's number."},                                           \
                       {.name = "sha256",                                                          \
                        .type = FIELD_HASH,                                                        \
                        .required = true,                                                          \
                        .about = "Of its content."}),                                              \
                .about = "A piece."})                                                              \
    }

/* What an incident may be linked to. Each is a row of its own, live until it is superseded or
 * withdrawn. */
#define KINDS_OF_ITEMS                                                                             \
    "incident.report", "claim", "incident.flash", "incident.observe", "incident.read",             \
        "incident.warn", "access.restriction"

/* Of what is a source's before it is the signer's. */
#define FIELDS_OF_ORIGIN                                                                           \
    FIELD_TERM("origin", "origin", false,                                                          \
               "The origin group that it comes of, as who signs it says; `evidence.assess` has "   \
               "the last word."),                                                                  \
    {                                                                                              \
        .name = "licence", .type = FIELD_TOKEN, .max = 64,                                         \
        .about = "Under what licence its source published it."                                     \
    }
/* How somebody knows. */
#define MEANS                                                                                      \
    "saw", "heard", "recorded", "camera", "thermal", "uav", "acoustic", "radar", "satellite",      \
        "document", "told", "press", "dataset"

/* Of what may belong to a case, and need not. */
#define FIELD_OF_CASE                                                                              \
    {                                                                                              \
        .name = "case", .type = FIELD_RECORD, .words = WORDS("incident.open"),                     \
        .about = "The case it belongs to: its incident; absent: to none."                          \
    }
/* Of what may be told to a machine that has one key for many people. */
#define FIELD_ON_BEHALF                                                                            \
    {                                                                                              \
        .name = "on_behalf", .type = FIELD_TOKEN, .max = 100,                                      \
        .about = "For whom a gateway's key signs: the pseudonym of a person or a device. Their "   \
                 "own key has not signed it."                                                      \
    }
#define FIELD_TIER_TEXT(field_name, least_open, bytes, sentence)                                   \
    {                                                                                              \
        .name = field_name, .type = FIELD_TEXT, .tier = least_open, .min = 1, .max = bytes,        \
        .about = sentence                                                                          \
    }
#define FIELD_TIER_INTEGER(field_name, least_open, least, most, sentence)                          \
    {                                                                                              \
        .name = field_name, .type = FIELD_INTEGER, .tier = least_open, .min = least, .max = most,  \
        .about = sentence                                                                          \
    }
/* Dead, hurt and missing, each line as far as it is known. */
#define FIELD_CASUALTIES                                                                           \
    {                                                                                              \
        .name = "casualties", .type = FIELD_LIST, .tier = "public", .min = 1, .max = 60,           \
        .about = "Dead, hurt and missing, a line for each kind of person. Lines may overlap, and " \
                 "are never added up.",                                                            \
        FIELDS({.name = "line",                                                                    \
                .type = FIELD_OBJECT,                                                              \
                FIELDS({.name = "class",                                                           \
                        .type = FIELD_WORD,                                                        \
                        .required = true,                                                          \
                        .words = WORDS("killed", "injured", "missing"),                            \
                        .about = "What became of them."},                                          \
                       {.name = "group",                                                           \
                        .type = FIELD_WORD,                                                        \
                        .words = WORDS("man", "woman", "boy", "girl", "unknown"),                  \
                        .about = "Who they are; absent: all."},                                    \
                       {.name = "status",                                                          \
                        .type = FIELD_WORD,                                                        \
                        .words = WORDS("civil", "security", "armed_group", "unknown"),             \
                        .about = "Of what standing; absent: all."},                                \
                       {.name = "min",                                                             \
                        .type = FIELD_INTEGER,                                                     \
                        .min = 0,                                                                  \
                        .max = LIMIT_INTEGER,                                                      \
                        .about = "The least."},                                                    \
                       {.name = "max",                                                             \
                        .type = FIELD_INTEGER,                                                     \
                        .min = 0,                                                                  \
                        .max = LIMIT_INTEGER,                                                      \
                        .about = "The most; absent beside `min`: open-ended."}),                   \
                .about = "One line."})                                                             \
    }
/* Where it happened, where that is no point. */
#define FIELDS_SHAPE                                                                               \
    {.name = "shape_form",                                                                         \
     .type = FIELD_WORD,                                                                           \
     .tier = "public",                                                                             \
     .words = WORDS("line", "area"),                                                               \
     .about = "What `shape` is: a line, or the area inside of it."},                               \
    {                                                                                              \
        .name = "shape", .type = FIELD_LIST, .tier = "public", .min = 2, .max = 200,               \
        .about = "Its points in order; the last one of an area is not the first again.",           \
        FIELDS({.name = "point",                                                                   \
                .type = FIELD_OBJECT,                                                              \
                FIELDS({.name = "lat_e7",                                                          \
                        .type = FIELD_INTEGER,                                                     \
                        .required = true,                                                          \
                        .min = -900000000,                                                         \
                        .max = 900000000,                                                          \
                        .about = "Latitude, WGS 84, in 1e-7 degree."},                             \
                       {.name = "lon_e7",                                                          \
                        .type = FIELD_INTEGER,                                                     \
                        .required = true,                                                          \
                        .min = -1800000000,                                                        \
                        .max = 1800000000,                                                         \
                        .about = "Longitude, likewise."}),                                         \
                .about = "One point."})                                                            \
    }
/* Who told it and who is named in it, and where the one stood who tells it now. What stands in the
 * parts of these tiers never goes to one more open but by a release. */
#define FIELDS_OF_TELLER                                                                           \
    FIELD_TIER_TEXT("identities", "sealed", 20000, "Persons: names, numbers, where they live."),   \
        FIELD_TIER_TEXT("teller", "sealed", 4000, "Who told it, and how they are to be reached."), \
        FIELD_TIER_INTEGER("observer_lat_e7", "mission", -900000000, 900000000,                    \
                           "Where the one who signs stood: latitude."),                            \
        FIELD_TIER_INTEGER("observer_lon_e7", "mission", -1800000000, 1800000000,                  \
                           "Likewise longitude."),                                                 \
        FIELD_TIER_INTEGER("observer_uncertainty_m", "mission", 0, 20037508,                       \
                           "The greatest error of that, in metres."),                              \
        FIELD_TIER_TEXT("device", "mission", 400, "With which device it was written."),            \
    {                                                                                              \
        .name = "language", .type = FIELD_TOKEN, .tier = "public", .max = 20,                      \
        .about = "In which language the texts are, BCP 47."                                        \
    }
#define FIELD_LANGUAGE(must, sentence)                                                             \
    {                                                                                              \
        .name = "language", .type = FIELD_TOKEN, .required = must, .max = 20, .about = sentence    \
    }
#define FIELD_LANGUAGE_OF_TEXT FIELD_LANGUAGE(false, "In which language it is, BCP 47.")
/* One text in one language, as those sign it who agree to it. */
#define FIELDS_TEXT_HASH                                                                           \
    FIELD_LANGUAGE(true, "In which language, BCP 47."),                                            \
    {                                                                                              \
        .name = "sha256", .type = FIELD_HASH, .required = true,                                    \
        .about = "Of the UTF-8 of the whole text in that language."                                \
    }
#define FIELD_WORDINGS(bytes)                                                                      \
    {                                                                                              \
        .name = "texts", .type = FIELD_LIST, .tier = "mechanism", .min = 1, .max = 8,              \
        .about = "How it reads, in each language.",                                                \
        FIELDS(                                                                                    \
            {.name = "wording",                                                                    \
             .type = FIELD_OBJECT,                                                                 \
             FIELDS(FIELD_LANGUAGE(true, "In which language, BCP 47."), {.name = "text",           \
                                                                         .type = FIELD_TEXT,       \
                                                                         .required = true,         \
                                                                         .min = 1,                 \
                                                                         .max = bytes,             \
                                                                         .about = "The words."}),  \
             .about = "In one language."})                                                         \
    }
#define FIELD_SECTOR FIELD_TERM("sector", "sector", false, "The sector.")
#define FIELD_CROSSING FIELD_TERM("crossing", "crossing", false, "The crossing.")
#define FIELD_ACT FIELD_TERM("act", "act", false, "The code of the act alleged, by the agreement.")
#define FIELD_STATED(field_name, sentence)                                                         \
    {                                                                                              \
        .name = field_name, .type = FIELD_TIME, .about = sentence                                  \
    }
#define FIELD_STATED_REQUIRED(field_name, sentence)                                                \
    {                                                                                              \
        .name = field_name, .type = FIELD_TIME, .required = true, .about = sentence                \
    }
/* The position of what happened, never that of who saw it. */
#define FIELDS_POSITION                                                                            \
    {.name = "lat_e7",                                                                             \
     .type = FIELD_INTEGER,                                                                        \
     .tier = "public",                                                                             \
     .min = -900000000,                                                                            \
     .max = 900000000,                                                                             \
     .about = "Latitude, WGS 84, in 1e-7 degree."},                                                \
        {.name = "lon_e7",                                                                         \
         .type = FIELD_INTEGER,                                                                    \
         .tier = "public",                                                                         \
         .min = -1800000000,                                                                       \
         .max = 1800000000,                                                                        \
         .about = "Longitude, likewise."},                                                         \
        {.name = "uncertainty_m",                                                                  \
         .type = FIELD_INTEGER,                                                                    \
         .tier = "public",                                                                         \
         .min = 0,                                                                                 \
         .max = 20037508,                                                                          \
         .about = "The greatest error of the position, in metres."},                               \
        FIELD_PUBLIC_TEXT("position_basis", 400, "What the position rests on.")
