#pragma once

/*
 * The pages: files that are part of the program, so that a node serves them with no other
 * directory and no network. They are views; all they show they ask of the api.
 *
 * `/`, `/incident/ID` and `/record/ID` are one document, whose scripts tell them apart.
 * What it names stands below /static/VERSION/, VERSION being a hash of all of them: such
 * an address never changes its meaning, so a browser may keep it for ever.
 */

#include "net/http.h"

/* False when the path is no page's and no file's: then nothing is written. */
MUST_CHECK bool web_handle(const struct http_request *request, struct http_response *response);

/* Whether an Accept-Encoding allows gzip. */
bool web_accepts_gzip(struct span accept_encoding);
