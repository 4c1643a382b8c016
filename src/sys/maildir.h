#pragma once

/*
 * A maildir, as the site's mailer delivers into: each file of new/ is one mail, whole. One that was
 * taken is moved to cur/, marked as seen; it stays there, the site's to keep or remove. Answers are
 * put into the folder out/ beside the maildir, a file each, whole from when it has its name, for
 * the site's mailer to send and remove: files whose names begin with a dot are not finished.
 *
 * No link is followed.
 */

#include "base/arena.h"
#include "base/err.h"

struct maildir;

/* ERR_MISSING where `path` has no new/ and cur/. out/ is made, its owner's alone, if missing. */
MUST_CHECK bool maildir_open(struct maildir **out, const char *path, struct err *err);
void maildir_close(struct maildir *maildir); /* NULL is fine */

#define MAILDIR_PAGE 100u
/* The names in new/, at most MAILDIR_PAGE of them, sorted. */
MUST_CHECK bool maildir_list(struct maildir *maildir, const char ***out, size_t *out_count,
                             struct arena *arena, struct err *err);
/* ERR_LIMIT when it is larger; ERR_MISSING when it is gone; ERR_CONFLICT when it is no file. */
MUST_CHECK bool maildir_read(struct maildir *maildir, const char *name, size_t limit,
                             struct span *out, struct arena *arena, struct err *err);
/* Moves it to cur/. Durable on return. */
MUST_CHECK bool maildir_seen(struct maildir *maildir, const char *name, struct err *err);
/* Puts a file into out/, in the place of one of that name. Durable on return. */
MUST_CHECK bool maildir_answer(struct maildir *maildir, const char *name, struct span bytes,
                               struct err *err);
