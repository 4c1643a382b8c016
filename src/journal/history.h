#pragma once

/*
 * All entries there are: the published and, behind them, the staged. For recovery, replay
 * and audit, on one thread. It changes nothing on the disk.
 */

#include "journal/stage.h"
#include "journal/tree.h"

struct history;

/* `tree` stands at what is published, and grows by what is staged; the caller's, outlives
 * the history. ERR_CONFLICT when the stage contradicts the log or itself. With `keep` the
 * entries staged are held in memory: who does not hold the directory's lock may find their
 * files gone when it comes to them. */
MUST_CHECK bool history_open(struct history **out, struct disk *disk, struct tree *tree, bool keep,
                             struct err *err);
void history_close(struct history *history); /* NULL is fine */
uint64_t history_size(const struct history *history);
/* Entry `index`; valid until the next call. ERR_CONFLICT when the tiles have another leaf there. */
MUST_CHECK bool history_entry(struct history *history, uint64_t index, struct span *out,
                              struct err *err);

/* The files of the stage, in order. */
const struct stage_file *history_stage(const struct history *history, size_t *out_count);
/* Up to where the last of them is whole; `bytes` of it less than the file's: torn. */
uint64_t history_whole_bytes(const struct history *history);
/* Every part that is staged. */
typedef bool history_part(void *context, struct span stored, struct err *err);
MUST_CHECK bool history_parts(struct history *history, history_part *each, void *context,
                              struct err *err);
