#pragma once

/* Rows of the register as the handlers of cases hand them on. */

#include "api/call.h"
#include "api/each_row.h"

#define CASE_ROWS_LIMIT 100u /* of a list, where the query says none */

/* The query's `limit`. */
size_t case_rows_limit(struct api_call *call);
/* A copy whose members may be set. */
struct json case_rows_copy(struct api_call *call, const struct json *row);
/* Puts the incident's title into an object, where it has one. */
MUST_CHECK bool case_rows_put_title(struct api_call *call, struct json *out, struct span incident,
                                    struct err *err);
/* The row that a record of this id has under it, whatever its kind; *out NULL for none. */
MUST_CHECK bool case_rows_own(struct api_call *call, struct span id, const struct json **out,
                              struct err *err);
/* Every row of a table whose key is an id, a space and more. */
MUST_CHECK bool case_rows_under(struct api_call *call, const char *table, struct span id,
                                each_row_see *see, void *context, struct err *err);
/* Every row of a table whose key begins with `prefix`, those that are not logged among them, where
 * the call shows them. */
MUST_CHECK bool case_rows_each(struct api_call *call, const char *table, struct span prefix,
                               each_row_see *see, void *context, struct err *err);
/* Brings rows into the order of the log, which nobody chooses. */
void case_rows_sort(struct json *rows);
/* The last `limit` rows of a table, in the order of the log, each with its key as `id`. */
MUST_CHECK bool case_rows_newest(struct api_call *call, const char *table, size_t limit,
                                 struct json *out, struct err *err);
/* Likewise, by the query's `limit` and `before`; `older` gets a member with how many there are
 * before these. */
MUST_CHECK bool case_rows_page(struct api_call *call, const char *table, const char *member,
                               struct json *out, struct json *older, struct err *err);
/* An each_row_see that puts each row with its key as `id`, behind a struct case_rows_list's. */
bool case_rows_push(void *context, struct span key, const struct json *row, struct err *err);
/* Puts a list, of rows of a table under the object's `id`, into an object. */
MUST_CHECK bool case_rows_put_under(struct api_call *call, struct json *out, const char *member,
                                    const char *table, each_row_see *see, struct err *err);
/* What stands in a key behind its first space; empty when there is none. */
struct span case_rows_behind(struct span key);

/* What `see` fills: a list, of a call, until it is full. */
struct case_rows_list {
    struct api_call *call;
    struct json *out;
    struct span only; /* those of this state, or of this organisation; empty: all */
    size_t limit;
    struct span last; /* the key of the last that was put */
    bool full;
};
