#pragma once

/* The files themselves, in the bytewise order of their paths; tools/embed writes them. */

#include "base/span.h"

struct web_file {
    const char *path; /* "page.html", "static/main.js", "data/basemap/rivers.geojson" */
    const char *type;
    const char *etag; /* the beginning of its SHA-256 */
    struct span bytes;
    struct span gzip; /* empty where it saves nothing */
};
extern const struct web_file web_files[];
extern const size_t web_files_count;
extern const char web_version[]; /* the beginning of the SHA-256 of all of them */
