#pragma once

/*
 * The fields of a record as a scenario writes them, "field: value" on a line each, turned into
 * the flat object that a person or an importer gives (record/kind.h). What the kind's table says
 * of a field decides how its value is read.
 */

#include "record/kind.h"
#include "scenario/moment.h"
#include "scenario/names.h"

struct value_reader {
    const struct names *names;
    const struct moment *now;
    struct arena *arena;
    uint64_t number; /* that # stands for, of records that are signed several times; 0: nothing */
};

/* A text and the lines that are indented below it, as one paragraph. */
struct span value_text(struct span text, const struct block *at, struct arena *arena);

/* Errors begin with the line, and say what would be right. What is read has the form that the
 * table asks for; whether it is whole is kind_split's to say. */
MUST_CHECK bool value_fields(struct json *out, const struct value_reader *reader,
                             const struct kind *kind, const struct block *record, struct err *err);
