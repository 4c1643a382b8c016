#pragma once

/*
 * The forms that people fill in the field, whatever shows them: OpenRosa clients, a page, a sheet
 * of paper, a text message. A form is a table of what is asked, in which order; what an answer must
 * be (type, limits, words, whether it must be there) stands in the descriptor of its kind
 * (record/kind.h) and nowhere else. To ask for one more field is one more line in form_table.c, and
 * its words in lang/.
 *
 * Words: `form.ID` is the title, `ask.ID.NAME` or else `ask.NAME` what is asked, `hint.…` likewise
 * what is said below it (may be missing); a choice is `choice.NAME.WORD` or else `choice.WORD`.
 * What the agreement lets choose from (acts, sectors, crossings, organisations) has its own labels.
 */

#include "forms/words.h"
#include "record/kind.h"

enum ask_as {
    ASK_FIELD,    /* the field `name` of the kind, as its descriptor says */
    ASK_TIME,     /* a FIELD_TIME; how exact it is, the choice `exact` of its group says */
    ASK_EXACT,    /* that choice, for all times of its group: no field of its own */
    ASK_POSITION, /* lat_e7, lon_e7, uncertainty_m and position_basis, as one point; with a
                     `prefix` those of its names that the kind has */
    ASK_ERROR,    /* the choice of how far off that point can be: no field of its own */
    ASK_LINE,     /* shape and shape_form, as points of a line */
    ASK_AREA,     /* likewise, of the edge of an area */
    ASK_IMAGE,    /* media: no field, but a part of its own */
    ASK_AUDIO,
    ASK_VIDEO,
    ASK_GROUP,  /* `asks`, together on one screen; in the record their fields stand side by side */
    ASK_REPEAT, /* `asks`, as often as one likes: a list of objects, or of media */
};

struct ask {
    enum ask_as as;
    const char *name;       /* of the element; of the field, where it is one */
    bool must;              /* asked for here although the kind can do without */
    bool minimal;           /* choices folded up */
    const char *exact;      /* of ASK_TIME and ASK_POSITION: the choice in its group */
    const char *not_before; /* the time or number of its group that this must not be below */
    const char *fits;       /* the verb of its group that these means must fit (register/verb.h) */
    const char *unless;     /* not asked once this of its group is answered */
    const char *prefix;     /* of ASK_POSITION: "observer_"; NULL: none */
    const struct ask *asks;
    size_t count;
};

struct form {
    const char *id; /* never changed: devices keep it */
    const char *kind;
    enum tier tier;         /* of its records' parts, where the agreement says nothing */
    const struct ask *asks; /* groups */
    size_t count;
};

const struct form *form_at(size_t index);     /* NULL past the last */
const struct form *form_find(struct span id); /* NULL: there is none */
const struct kind *form_kind(const struct form *form);

/* The field that an ask stands for, NULL where it is none; `repeat` is the one that it is in, or
 * NULL. */
const struct field *form_field(const struct form *form, const struct ask *repeat,
                               const struct ask *ask);
/* Whether it must be answered. */
bool form_must(const struct form *form, const struct ask *repeat, const struct ask *ask);
/* Where a field is chosen from: a section of the agreement, or the kind of the record that it
 * names, under which whoever has a register puts its rows to the terms; NULL: neither. */
const char *form_section(const struct field *field);
/* Those items; NULL: there are none. */
const struct json *form_items(const struct field *field, const struct json *terms);
/* Whether it is asked under this agreement; and whether the form is of use under it. */
bool form_asks(const struct field *field, const struct json *terms);
bool form_offered(const struct form *form, const struct json *terms);

/* How exact a time can be said to be (ASK_EXACT), or how far off a point (ASK_ERROR): from the most
 * exact. NULL past the last, which is taken where nobody said. */
struct form_exactness {
    const char *word;
    const char *basis; /* of a stated time (format §2.3) */
    int64_t within;    /* either way: milliseconds, or metres */
};
const struct form_exactness *form_exactness_at(enum ask_as as, size_t index);

/* The most open tier that a part of this form's records may have: what the agreement's item `form`
 * says, or else the form's own. TIER_PUBLIC leaves each field to its own. */
enum tier form_tier(const struct form *form, const struct json *terms);
/* The most open tier of the bytes that an answer came in, for they say all that was answered: as
 * closed as any of its fields. */
enum tier form_tier_of_answer(const struct form *form, const struct json *flat,
                              const struct json *terms);

/* Keys of lang/; a hint may be NULL. */
const char *form_label_key(const struct form *form, const char *name, const struct words *words,
                           struct arena *arena);
const char *form_hint_key(const struct form *form, const char *name, const struct words *words,
                          struct arena *arena);
const char *form_choice_key(const char *name, const char *word, const struct words *words,
                            struct arena *arena);
