#pragma once

/* The view of the crossings (crossings.h) with what its records say in public. */

#include "api/call.h"
#include "api/crossings.h"

/* The query's times that are 0 become the last days of the log's own time. */
MUST_CHECK bool lanes_read(struct api_call *call, struct crossings_query *query, struct json *out,
                           struct err *err);
