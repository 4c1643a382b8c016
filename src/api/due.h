#pragma once

/* Deadlines, as of a call. */

#include "api/call.h"

/* The row of one with whose it is and, while it runs, `at_ms` and `overdue` (doc/api.md). */
MUST_CHECK bool due_put_deadline(struct api_call *call, struct json *out, const struct json *row,
                                 struct err *err);
/* An each_row_see that puts each, so, behind a struct case_rows_list's (case_rows.h). */
bool due_push_deadline(void *context, struct span key, const struct json *row, struct err *err);
