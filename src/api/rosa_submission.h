#pragma once

/*
 * The body of an OpenRosa submission: multipart, the answer's XML in one part, files in others, and
 * a mark where more posts of the same answer are to come
 * (docs.getodk.org/openrosa-form-submission). Or the answer's XML alone, which is complete.
 */

#include "forms/answer.h"
#include "node/inbox.h"

#define ROSA_ID_BYTES 249u /* docs.getodk.org/openrosa: of an id */

struct rosa_submission {
    struct span xml;
    struct form_answer answer;
    const struct span *named; /* files that it names, the client's own account among them */
    size_t named_count;
    const struct inbox_file *file; /* that came with it, named or not */
    size_t file_count;
    bool last;
};

/* ERR_MALFORMED, ERR_LIMIT, and those of answer_parse. Where it is refused, *out says what was
 * understood until then, and answer.form is NULL unless the answer was. In the arena, and the
 * body. */
MUST_CHECK bool rosa_submission_parse(struct rosa_submission *out, struct span content_type,
                                      struct span body, struct arena *arena, struct err *err);
