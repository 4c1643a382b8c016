#pragma once

/*
 * What a person filled in: the XML of a submission (OpenRosa), read back by the table that its form
 * was written from (form.h) into the flat object of its kind, as record/kind.h takes it apart.
 *
 * Elements are matched by their local names, for clients differ in namespaces. Nothing is guessed,
 * and nothing is lost: a wrong value is refused by its path, an element that the form does not have
 * is named in `unknown`, and whoever keeps the answer keeps the bytes it came in.
 *
 *   dateTime   a stated time. Its basis and uncertainty are what `exact` beside it says; where it
 *              says nothing, the vaguest of them. Of "only the day is known", the middle of that
 *              day. Without an offset the zone is unknown (feed/when.h).
 *   geopoint   lat_e7, lon_e7; uncertainty_m is the accuracy of the device or what `error` says,
 *              whichever is more; where neither says anything, the vaguest. position_basis has what
 *              the client wrote.
 *   geotrace,  shape and shape_form. What was said of height and accuracy of its points is left
 *   geoshape   to the bytes.
 *   repeat     an item each; one with nothing in it is none (clients differ in sending it).
 *
 * A kind with an external_id gets the instanceID there: the same answer is the same record however
 * often it comes.
 */

#include "forms/form.h"

struct answer_medium {
    struct span path; /* "evidence/photos/photo" */
    struct span name; /* of the file, as the client sends it beside the answer; no path in it */
    enum ask_as as;   /* ASK_IMAGE, ASK_AUDIO, ASK_VIDEO */
};

struct answer_unknown {
    struct span path;
    struct span text; /* what stood in it */
};

struct form_answer {
    const struct form *form;
    struct span version;       /* of the form, as the client had it; may be empty */
    struct span instance_id;   /* never empty */
    struct span deprecated_id; /* the answer that this one replaces; mostly empty */
    struct span instance_name; /* may be empty */
    struct span audit;         /* name of a file, may be empty */
    struct json flat;
    const struct answer_medium *media;
    size_t media_count;
    const struct answer_unknown *unknown;
    size_t unknown_count;
};

/* ERR_MISSING: a form that there is not. ERR_REFUSED: an encrypted answer. ERR_MALFORMED,
 * ERR_LIMIT: the rest, by path. All lives in the arena. */
MUST_CHECK bool answer_parse(struct form_answer *out, struct span xml, struct arena *arena,
                             struct err *err);
