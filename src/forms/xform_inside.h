#pragma once

/* What the files of forms/xform.h share. */

#include "forms/xform.h"
#include "forms/xml.h"

struct xform_maker {
    const struct form *form;
    const struct json *terms;
    struct words words;
    const struct words_language *first; /* the language shown first */
    /* What a person reads: by the id of its text, a word of lang/ (an integer) or an item of the
     * agreement (the item). */
    struct json texts;
    /* Sections of the agreement that are chosen from. */
    struct json sections;
    struct xml_writer out;
    struct arena *arena;
};

/* Where an ask stands: its element's path, and the repeat that it is in. */
struct xform_place {
    const char *path; /* of what is around it: "/data/when" */
    const struct ask *repeat;
    const struct ask *around; /* the group or repeat itself; NULL at the top */
};

static inline const char *xform_path(const struct xform_maker *m, const struct xform_place *place,
                                     const struct ask *ask)
{
    return arena_printf(m->arena, "%s/%s", place->path, ask->name);
}

static inline struct xform_place
xform_within(const struct xform_maker *m, const struct xform_place *place, const struct ask *ask)
{
    return (struct xform_place){.path = xform_path(m, place, ask),
                                .repeat = ask->as == ASK_REPEAT ? ask : place->repeat,
                                .around = ask};
}

/* Whether it is asked, under these terms. */
static inline bool xform_asks(const struct xform_maker *m, const struct xform_place *place,
                              const struct ask *ask)
{
    return form_asks(form_field(m->form, place->repeat, ask), m->terms);
}

/* The id of a word's text, which is noted as used. */
const char *xform_text(struct xform_maker *m, const char *key);

void xform_binds(struct xform_maker *m);
void xform_body(struct xform_maker *m);
