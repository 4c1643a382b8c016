#pragma once

/*
 * What a node answers over HTTP (doc/api.md): the log for those who verify it, views for
 * those who read it, and the way in. The table of routes is in routes.c; the OpenAPI
 * document at /api/openapi.json is made from it.
 *
 * The journal of the node must have been opened with views_journal() of api/views.h.
 */

#include "net/http.h"
#include "node/node.h"

struct api;

/* The node is the caller's and outlives the api. */
struct api *api_open(struct node *node);
void api_close(struct api *api); /* after the server has stopped; NULL is fine */

/* From now on it takes forms and messages, where the settings name a gateway. The node is held, and
 * nobody is answered yet. */
MUST_CHECK bool api_take_forms(struct api *api, struct err *err);
/* What is due of that, on the thread that takes turns, after each. A fault is one of our own disk,
 * and final. */
MUST_CHECK bool api_turn(struct api *api, struct err *err);

/* The statement `pin` (net/pin.h) that GET /pin answers from now on; none: it says so. Copied.
 * Any thread. */
void api_set_pin(struct api *api, struct span statement);

/* Whether this is asked of the api. Else it may be a page, which may stand where the api takes
 * POST; what is no page either the api refuses. */
bool api_has(const struct http_request *request);
/* An http_handler; its context is the api. Any thread. */
void api_handle(void *api, const struct http_request *request, struct http_response *response);
