#pragma once

/*
 * What stands behind disk.h: the steps that a file system takes, one at a time. disk.c
 * composes them and alone knows what is durable when, so that the simulated disk can
 * lose the power between any two steps of the very code that runs on the real one.
 *
 * Paths have been checked. Reads may come from any thread at any time.
 */

#include <pthread.h>
#include <stdatomic.h>

#include "sys/disk.h"
#include "sys/path_set.h"

union disk_handle {
    int fd;
    void *file;
};

enum disk_mode {
    DISK_READ,
    DISK_CUT,    /* to write, and it is there */
    DISK_APPEND, /* made when missing, though not its directory */
    DISK_NEW,    /* ERR_CONFLICT when something of that name is there */
};

struct disk_listing {
    struct arena *arena;
    struct disk_entry *entry;
    size_t count, room;
};

/* `path` in the arena. */
void disk_listing_add(struct disk_listing *listing, struct disk_entry entry);

struct disk_backend {
    void (*close)(void *state);
    bool (*lock)(void *state, struct err *err);
    /* Makes durable what a process that was killed had left in flight. */
    bool (*settle)(void *state, struct err *err);

    /* ERR_MISSING when it or its directory is not there, ERR_CONFLICT for what is no
     * regular file. */
    bool (*open)(void *state, const char *path, enum disk_mode mode, union disk_handle *out,
                 struct err *err);
    void (*release)(void *state, union disk_handle handle);
    bool (*size)(void *state, union disk_handle handle, uint64_t *out, struct err *err);
    /* Fewer bytes than asked for only at the end of the file. */
    bool (*read)(void *state, union disk_handle handle, uint64_t offset, uint8_t *at, size_t len,
                 size_t *out_got, struct err *err);
    bool (*append)(void *state, union disk_handle handle, struct span bytes, struct err *err);
    bool (*truncate)(void *state, union disk_handle handle, uint64_t size, struct err *err);
    /* Within the file, of a handle of DISK_CUT. */
    bool (*overwrite)(void *state, union disk_handle handle, uint64_t offset, struct span bytes,
                      struct err *err);
    bool (*sync)(void *state, union disk_handle handle, struct err *err);

    /* Both in one directory; what had the name `to` is gone. */
    bool (*rename)(void *state, const char *from, const char *to, struct err *err);
    bool (*remove)(void *state, const char *path, struct err *err); /* missing is fine */
    /* Fine when it is there; *out_made tells. */
    bool (*make_directory)(void *state, const char *path, bool *out_made, struct err *err);
    bool (*sync_directory)(void *state, const char *path, struct err *err); /* "" is the top */
    bool (*list)(void *state, const char *path, struct disk_listing *listing, struct err *err);
};

struct disk {
    const struct disk_backend *backend;
    void *state;
    atomic_uint_fast64_t syncs;
    atomic_bool lost; /* a sync failed */

    pthread_mutex_t lock;     /* of what follows */
    struct path_set unsynced; /* what disk_sync_all owes a sync */
};

struct disk *disk_over(const struct disk_backend *backend, void *state);

/* Paths come from requests too: everything but plain names below the top is refused. */
bool disk_check_path(const char *path, struct err *err);
