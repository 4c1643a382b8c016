#pragma once

/* The files of lang/ themselves, in the bytewise order of their names; tools/embed writes them. */

#include "base/span.h"

struct words_file {
    const char *path; /* "en.json" */
    const char *type;
    const char *etag; /* the beginning of its SHA-256 */
    struct span bytes;
    struct span gzip;
};
extern const struct words_file words_files[];
extern const size_t words_files_count;
extern const char words_version[]; /* the beginning of the SHA-256 of all of them */
