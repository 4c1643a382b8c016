#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/* A message is shown to people and kept as evidence, so a cut never leaves half a
 * character and never goes unsaid. */
static void mark_cut(char *text, size_t size)
{
    static const char mark[] = "…";
    size_t at = size - sizeof mark;

    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    memcpy(text + at, mark, sizeof mark);
}

PRINTF_LIKE(3, 0)
static void format_into(char *text, size_t size, const char *format, va_list args)
{
    int written = vsnprintf(text, size, format, args);

    assert(written >= 0);
    if ((size_t)written >= size)
        mark_cut(text, size);
}

bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
    va_list args;

    assert(kind != ERR_NONE);
    err->kind = kind;
    va_start(args, format);
    format_into(err->text, sizeof err->text, format, args);
    va_end(args);
    return false;
}

static void join(struct err *err, const char *before, const char *after)
{
    char text[sizeof err->text];
    int written = snprintf(text, sizeof text, "%s: %s", before, after);

    if ((size_t)written >= sizeof text)
        mark_cut(text, sizeof text);
    memcpy(err->text, text, sizeof text);
}

bool err_wrap(struct err *err, const char *format, ...)
{
    char doing[sizeof err->text];
    char what[sizeof err->text];
    va_list args;

    assert(err->kind != ERR_NONE);
    va_start(args, format);
    format_into(doing, sizeof doing, format, args);
    va_end(args);
    memcpy(what, err->text, sizeof what);
    join(err, doing, what);
    return false;
}

bool err_errno(struct err *err, const char *format, ...)
{
    char doing[sizeof err->text];
    const char *why = strerror(errno);
    va_list args;

    err->kind = ERR_IO;
    va_start(args, format);
    format_into(doing, sizeof doing, format, args);
    va_end(args);
    join(err, doing, why);
    return false;
}
