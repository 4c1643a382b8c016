#include "sys/sniff.h"

#include <magic.h>
#include <pthread.h>

/* Marks stand near the front, but for archives', which are not looked into. */
#define LOOKED_AT (64u << 10)

/* By the first bytes alone: no archive is opened, no line counted, no file of the machine's looked
 * at. */
#define BY_MARKS                                                                                   \
    (MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF |         \
     MAGIC_NO_CHECK_APPTYPE | MAGIC_NO_CHECK_TOKENS)

/* Read once, and held for as long as the process lives: it has some megabytes. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static magic_t marks;

static bool open_marks(struct err *err)
{
    if (marks)
        return true;
    magic_t opened = magic_open(BY_MARKS);
    if (!opened)
        return err_errno(err, "open libmagic");
    if (magic_load(opened, NULL) != 0) {
        err_set(err, ERR_IO, "the file of marks: %s", magic_error(opened));
        magic_close(opened);
        return false;
    }
    marks = opened;
    return true;
}

static bool look(struct span *out, struct span bytes, struct arena *arena, struct err *err)
{
    size_t len = bytes.len < LOOKED_AT ? bytes.len : LOOKED_AT;
    const char *type = magic_buffer(marks, bytes.at, len);

    if (!type)
        return err_set(err, ERR_IO, "libmagic: %s", magic_error(marks));
    *out = arena_copy(arena, span_of(type));
    return true;
}

bool sniff_type(struct span *out, struct span bytes, struct arena *arena, struct err *err)
{
    pthread_mutex_lock(&lock);
    bool ok = open_marks(err) && look(out, bytes, arena, err);
    pthread_mutex_unlock(&lock);
    return ok;
}
