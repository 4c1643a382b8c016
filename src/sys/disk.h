#pragma once

/*
 * Files below one directory, as the log needs them: durable when synced, replaced in
 * one step, counted. Two stand behind it: a real directory, and one in memory for
 * tests that at a crash forgets what was not synced and tears what was in flight.
 *
 * Paths are relative, with '/', without '.' and '..'. A fault of a sync is final
 * (Linux marks the pages clean): from then on every change fails, and callers give up and
 * go through recovery.
 *
 * Any thread may call; a disk_file is of one thread, and a path is changed by one at a time.
 */

#include "base/arena.h"
#include "base/err.h"

struct disk;
struct disk_file;

/* A file that disk_replace had not finished when the power went. It ends so, is listed, and
 * is recovery's to remove; no other file may end so. */
#define DISK_UNFINISHED ".new"

MUST_CHECK bool disk_open(struct disk **out, const char *directory, bool create, struct err *err);
void disk_close(struct disk *disk);
/* One process at a time: ERR_CONFLICT when another holds it. Until disk_close. Makes durable
 * what a process before, killed, had left in flight, so that what is read then will stay. */
MUST_CHECK bool disk_lock(struct disk *disk, struct err *err);

/* The whole file. ERR_MISSING when there is none, ERR_LIMIT when it is larger. */
MUST_CHECK bool disk_read(struct disk *disk, const char *path, size_t limit, struct span *out,
                          struct arena *arena, struct err *err);
/* Exactly `len` bytes: ERR_MISSING when there are fewer. */
MUST_CHECK bool disk_read_at(struct disk *disk, const char *path, uint64_t offset, size_t len,
                             struct span *out, struct arena *arena, struct err *err);
/* ERR_MISSING when there is no such file. */
MUST_CHECK bool disk_size(struct disk *disk, const char *path, uint64_t *out, struct err *err);

/* A file that is only ever appended to; made (with its directories) if missing, its
 * name made durable by disk_sync_directory. */
MUST_CHECK bool disk_append_open(struct disk *disk, const char *path, struct disk_file **out,
                                 struct err *err);
MUST_CHECK bool disk_append(struct disk_file *file, struct span bytes, struct err *err);
MUST_CHECK bool disk_sync(struct disk_file *file, struct err *err);
void disk_append_close(struct disk_file *file);
/* Cuts a file back to `size`, durably: what was torn goes. ERR_CONFLICT when it is shorter. */
MUST_CHECK bool disk_truncate(struct disk *disk, const char *path, uint64_t size, struct err *err);

/* Other bytes in the place of those that stand there, durably: for what is to be destroyed. A
 * crash may leave any of them. ERR_CONFLICT when the file ends before. */
MUST_CHECK bool disk_overwrite(struct disk *disk, const char *path, uint64_t offset,
                               struct span bytes, struct err *err);

/* Puts a whole file in its place in one step. With `durable` the bytes are synced
 * before and the directory after; without, disk_sync_all does both later. */
MUST_CHECK bool disk_replace(struct disk *disk, const char *path, struct span bytes, bool durable,
                             struct err *err);
MUST_CHECK bool disk_remove(struct disk *disk, const char *path,
                            struct err *err); /* missing is fine */
MUST_CHECK bool disk_sync_directory(struct disk *disk, const char *path, struct err *err);
/* Everything that disk_replace wrote without `durable`, and their directories. */
MUST_CHECK bool disk_sync_all(struct disk *disk, struct err *err);

/* Every file below `path` (a directory; "" for all), sorted bytewise by path. A missing
 * directory has none. Directories are not listed; other things (links, sockets) are,
 * with `regular` false. */
struct disk_entry {
    const char *path;
    uint64_t size;
    bool regular;
};
MUST_CHECK bool disk_list(struct disk *disk, const char *path, struct disk_entry **out,
                          size_t *out_count, struct arena *arena, struct err *err);

/* How many times something was synced since it was opened: benchmarks and tests. */
uint64_t disk_syncs(const struct disk *disk);
