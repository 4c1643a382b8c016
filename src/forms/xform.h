#pragma once

/*
 * A form as an XForm of the ODK kind (getodk.github.io/xforms-spec): primary instance, binds, itext
 * in every language that agreement and program share, and what the agreement lets choose from as
 * secondary instances. The same form under the same terms is the same bytes everywhere.
 *
 * The element of an ask has its name; those of a group stand in one of the group's name. What each
 * of them must be is checked again where the answer comes in (forms/answer.h).
 */

#include "forms/form.h"

#define XFORM_VERSION_TEXT 17

struct xform {
    struct span xml;
    struct span title;                /* in the language asked for */
    char version[XFORM_VERSION_TEXT]; /* the beginning of the SHA-256 of its content, in hex:
                                         another agreement, or word, makes another version */
};

/* `language` is the one shown first, and that of the title; one that the agreement does not have is
 * that agreement's first. The version is the same for all. */
struct xform xform_of(const struct form *form, const struct json *terms, struct span language,
                      struct arena *arena);
