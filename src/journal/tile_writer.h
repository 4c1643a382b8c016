#pragma once

/* Writes the tiles that a log which has grown must have: those that became full, and at
 * the end the partial ones. Nothing of it is durable before disk_sync_all. */

#include "journal/edge.h"

struct tile_writer;

/* `edge` is that of the log so far; it is moved on. */
MUST_CHECK bool tile_writer_open(struct tile_writer **out, struct disk *disk, struct edge *edge,
                                 struct err *err);
MUST_CHECK bool tile_writer_add(struct tile_writer *writer, struct span entry, struct err *err);
MUST_CHECK bool tile_writer_end(struct tile_writer *writer, struct err *err);
void tile_writer_close(struct tile_writer *writer); /* NULL is fine */
