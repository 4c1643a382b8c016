#pragma once

/*
 * What the HTTP interface says (doc/api.md), asked without a server: one place decides what a
 * case, an incident or a record looks like. For commands that print it.
 */

#include "cli/cli.h"

struct ask;

/* Opens the node of a directory. It is closed by ask_close, whatever becomes of the call. */
MUST_CHECK bool ask_open(struct ask **out, const char *directory, struct err *err);
void ask_close(struct ask *ask); /* NULL is fine */
/* Opens a directory, gets one path and, where `terms` is not NULL, the agreement's terms by
 * section, and closes it: all that most pages need. */
MUST_CHECK bool ask_once(const char *directory, const char *path, const char *query,
                         struct json *out, const struct json **terms, struct arena *arena,
                         struct err *err);
/* What most pages are: gets a path of the directory that the command's first word names, and prints
 * the answer by `print`, or with --json as it is. */
enum cli_exit ask_and_print(struct cli *cli, const char *path, const char *query,
                            void (*print)(struct cli *cli, const struct json *answer,
                                          const struct json *terms),
                            struct err *err);
/* Says how many of each list an answer has left out, by its `older`. */
void ask_print_older(const struct json *answer);
/* GET. The answer, in the arena; what is no 200 is a fault with the words of the answer. */
MUST_CHECK bool ask_get(struct ask *ask, const char *path, const char *query, struct json *out,
                        struct arena *arena, struct err *err);
