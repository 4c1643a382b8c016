#pragma once

/* A file of the simulated disk: what is in it now, what is durable of that, and the changes
 * between the two, each of which a crash may lose. Counted references. */

#include "base/span.h"

struct sim_chance {
    uint64_t (*next)(uint64_t *state);
    uint64_t *state;
    unsigned of_four; /* out of four, how many changes got through */
};

bool sim_chance_got_through(struct sim_chance *chance);
size_t sim_chance_below(struct sim_chance *chance, size_t limit); /* limit > 0 */

struct sim_file;

struct sim_file *sim_file_new(void);
struct sim_file *sim_file_retain(struct sim_file *file); /* NULL is fine */
void sim_file_release(struct sim_file *file);            /* NULL is fine */
struct span sim_file_now(const struct sim_file *file);   /* until the next change */
void sim_file_append(struct sim_file *file, struct span bytes);
void sim_file_overwrite(struct sim_file *file, size_t offset, struct span bytes); /* within it */
void sim_file_cut(struct sim_file *file, size_t size);
void sim_file_sync(struct sim_file *file);
/* A new file with what survived, all of it durable. */
struct sim_file *sim_file_crash(const struct sim_file *file, struct sim_chance *chance);
void sim_file_rot(struct sim_file *file, uint64_t which_bit);
