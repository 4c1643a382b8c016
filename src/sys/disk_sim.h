#pragma once

/*
 * The disk that tests use. Between syncs nothing is certain: at disk_sim_crash every
 * write, rename, creation and removal since the last sync that covers it may have
 * happened, or not, or (a write) half, as the seed decides, each on its own.
 */

#include "sys/disk.h"

MUST_CHECK bool disk_sim_open(struct disk **out, uint64_t seed);
/* What is there after a power cut, as a new disk; the old one is only good for closing. */
struct disk *disk_sim_crash(struct disk *disk, uint64_t seed);
/* From the n-th operation that changes anything on (counted from 1), every operation
 * fails with ERR_IO, as if the power had gone; 0 switches that off. */
void disk_sim_fail_after(struct disk *disk, uint64_t operations);
/* While it is full, what would take room fails with ERR_IO and changes nothing: creating and
 * appending. Reading, renaming, removing and cutting go on. */
void disk_sim_fill(struct disk *disk, bool full);
/* What a backup takes: another disk with what is there now, all of it durable. */
struct disk *disk_sim_copy(struct disk *disk);
uint64_t disk_sim_operations(const struct disk *disk);
/* Flips one bit, chosen by the seed, of a durable file. */
void disk_sim_rot(struct disk *disk, const char *path, uint64_t seed);
