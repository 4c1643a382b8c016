#pragma once

/* The intake from inside: what the files intake*.c share. */

#include "forms/intake.h"

#define INTAKE_PATH_BYTES 128

void intake_lock(struct intake *intake);
void intake_unlock(struct intake *intake);
/* In hex: what is left of a message whose words became a part of a record. */
void intake_text_hash(char out[INTAKE_KEY_TEXT], struct span text);
struct disk *intake_disk(struct intake *intake);
void intake_path(char out[INTAKE_PATH_BYTES], const char *folder, const char *key);
MUST_CHECK bool intake_read(struct disk *disk, const char *folder, const char *key,
                            struct json *out, struct arena *arena, struct err *err);
MUST_CHECK bool intake_write(struct disk *disk, const char *folder, const char *key,
                             const struct json *value, struct arena *arena, struct err *err);

/* The name of a sender's files: its hash, so that a listing of the folder shows none. */
void intake_number(char out[INTAKE_KEY_TEXT], const char *from);
MUST_CHECK bool intake_sender_find(struct disk *disk, const char *number, struct intake_sender *out,
                                   bool *out_known, struct arena *arena, struct err *err);

/* An empty object has no member. */
static inline bool intake_is_there(const struct json *file)
{
    return file->object.count > 0;
}
