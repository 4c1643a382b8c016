#pragma once

/* sulh scenario, in pieces. Inside this folder only. */

#include "cli/cli.h"
#include "scenario/run.h"

/* scenario_found.c: the agreement of a folder in force at `start`, signed by keys made for it. The
 * keys are to be wiped: scenario_forget. */
MUST_CHECK bool scenario_found(struct scenario_founding *out, const char *folder,
                               struct moment start, struct arena *arena, struct err *err);
void scenario_forget(struct scenario_founding *founding);

/* scenario_ask.c: what is on the disk put below a directory that is new or empty, with the keys,
 * so that every command can be used on it. */
MUST_CHECK bool scenario_keep(const char *directory, struct disk *disk,
                              const struct scenario_founding *founding, struct err *err);
/* What "sulh WORD DIR WORD…" says. */
MUST_CHECK bool scenario_ask(struct disk *disk, const struct scenario_founding *founding,
                             const struct span *word, size_t words, struct span *out,
                             struct arena *arena, struct err *err);
