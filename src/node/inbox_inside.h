#pragma once

/* What the files of node/inbox.h share: inbox.c keeps, inbox_sign.c knows what is signed. */

#include "node/inbox.h"

#include <pthread.h>

#define INBOX_PATH_BYTES 128
#define INBOX_PIECES 100u /* of one form */
#define INBOX_STRIPES 64u /* forms whose keys begin alike wait for each other */

struct inbox_waiting {
    char key[INBOX_KEY_TEXT];
    int64_t since_ms, due_ms;
};

struct inbox {
    struct disk *disk;
    pthread_mutex_t stripe[INBOX_STRIPES];
    pthread_mutex_t lock;        /* of the list */
    struct inbox_waiting *ready; /* complete ones */
    size_t count, room;
};

/* --- inbox.c --- */

void inbox_key_of(char out[INBOX_KEY_TEXT], struct span form, struct span instance);
pthread_mutex_t *inbox_stripe_of(struct inbox *inbox, const char *key);
void inbox_path(char out[INBOX_PATH_BYTES], const char *folder, const char *key);
void inbox_piece_path(char out[INBOX_PATH_BYTES], const char *key, unsigned n);
/* Whether a path is "inbox/FOLDER/KEY" and what is behind it. */
bool inbox_key_in(char out[INBOX_KEY_TEXT], const struct disk_entry *entry, const char *folder,
                  const char *behind);
/* A small file of JSON; an object without members where there is none. */
MUST_CHECK bool inbox_read_small(struct disk *disk, const char *path, size_t limit,
                                 struct json *out, struct arena *arena, struct err *err);
/* What done/ says of it; an object without members: it is not done. */
MUST_CHECK bool inbox_is_done(struct inbox *inbox, const char *key, struct json *out,
                              struct arena *arena, struct err *err);
/* *out_pieces: how many there are; 0: it does not wait. `*out_xml` is the hash of its XML. */
MUST_CHECK bool inbox_read_form(struct disk *disk, const char *key, bool whole,
                                struct inbox_form *out, unsigned *out_pieces, struct span *out_xml,
                                struct arena *arena, struct err *err);
struct json inbox_lacks(const struct inbox_form *form, struct arena *arena);

/* --- inbox_sign.c --- */

/* It is complete, or released: it can be signed. */
void inbox_push_ready(struct inbox *inbox, const struct inbox_form *form);
/* What was done is not kept here any more. */
MUST_CHECK bool inbox_remove_pieces(struct disk *disk, const char *key, struct err *err);
