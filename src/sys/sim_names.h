#pragma once

/*
 * The names on the simulated disk, apart from what is in the files: what they are now,
 * what is durable of that, and the changes between, each of which a crash may lose. A
 * file that was synced is lost with its name; a renamed one may be found under the old.
 */

#include "sys/sim_file.h"

struct sim_name {
    char *path;
    struct sim_file *file; /* NULL: a directory */
};

struct sim_table {
    struct sim_name *at; /* sorted bytewise */
    size_t count, room;
};

struct sim_change;

struct sim_names {
    struct sim_table now;
    struct sim_table durable;
    struct sim_change *change; /* what makes `now` of `durable`, in order */
    size_t change_count, change_room;
};

const struct sim_name *sim_names_find(const struct sim_names *names, const char *path);
/* Is the directory there that `path` would stand in? */
bool sim_names_has_directory(const struct sim_names *names, const char *path);
bool sim_path_below(const char *path, const char *directory); /* "" is above everything */

void sim_names_link(struct sim_names *names, const char *path, struct sim_file *file);
void sim_names_remove(struct sim_names *names, const char *path);
void sim_names_rename(struct sim_names *names, const char *from, const char *to);
/* What changed in this directory, but not below it, is durable. */
void sim_names_sync(struct sim_names *names, const char *directory);
struct sim_names sim_names_crash(const struct sim_names *names, struct sim_chance *chance);
void sim_names_free(struct sim_names *names);
