#pragma once

/* Deadlines, as of a call. */

#include "api/call.h"

/* The row of one with whose it is and, while it runs, `at_ms` and `overdue` (doc/api.md). */
MUST_CHECK bool due_put_deadline(struct api_call *call, struct json *out, const struct json *row,
                                 struct err *err);
