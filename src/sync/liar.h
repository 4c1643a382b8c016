#pragma once

/* For tests only: a source that gives what another has, and once something else. Behind
 * base/test.h. */

#include "sync/source.h"

#define LIAR_PATH 100u

enum lie {
    LIE_NONE,
    LIE_BIT,     /* the last bit of the answer is turned */
    LIE_FIRST,   /* the first */
    LIE_SHORT,   /* its last byte is not there */
    LIE_LONG,    /* there is one more */
    LIE_EMPTY,   /* there is nothing in it */
    LIE_HALF,    /* there is half of it */
    LIE_ENDLESS, /* it is longer than was asked for */
    LIE_MISSING,
    LIE_MUTE, /* no answer */
    LIES
};

struct liar {
    struct source honest;
    enum lie lie;
    uint64_t at;      /* the request that it lies at, from 0, and again at the same */
    bool once;        /* then not again */
    const char *path; /* or, not NULL: whenever this is asked for */
    bool no_partials; /* of a tile that has become full only the full one is there */
    uint64_t asked;
    bool lied;
    char about[LIAR_PATH]; /* the path it lied at */
};

static inline bool liar_change(enum lie lie, size_t limit, struct span *out, struct arena *work,
                               struct err *err)
{
    size_t len = lie == LIE_ENDLESS ? limit : out->len;
    uint8_t *bytes = arena_alloc(work, len + 1);

    if (lie == LIE_MISSING || lie == LIE_MUTE)
        return err_set(err, lie == LIE_MISSING ? ERR_MISSING : ERR_IO, "none");
    memcpy(bytes, out->at, out->len < len ? out->len : len);
    if (lie == LIE_BIT && len > 0)
        bytes[len - 1] ^= 1;
    if (lie == LIE_FIRST && len > 0)
        bytes[0] ^= 0x80;
    if (lie == LIE_SHORT && len > 0)
        len--;
    if (lie == LIE_LONG || lie == LIE_ENDLESS)
        len++;
    if (lie == LIE_EMPTY)
        len = 0;
    if (lie == LIE_HALF)
        len /= 2;
    *out = span_make(bytes, len);
    return true;
}

/* As a log that drops what is partial once the full tile stands. */
static inline bool liar_dropped(struct liar *liar, const char *path, size_t limit,
                                struct arena *work)
{
    const char *partial = strstr(path, ".p/");
    struct span full;
    struct err none;

    return liar->no_partials && partial &&
           liar->honest.get(liar->honest.context,
                            arena_text(work, span_make(path, (size_t)(partial - path))), limit,
                            &full, work, &none);
}

static inline bool liar_get(void *context, const char *path, size_t limit, struct span *out,
                            struct arena *work, struct err *err)
{
    struct liar *liar = context;
    bool now = liar->path ? strcmp(path, liar->path) == 0
                          : liar->asked == liar->at ||
                                (liar->lied && !liar->once && strcmp(path, liar->about) == 0);

    liar->asked++;
    if (liar_dropped(liar, path, limit, work))
        return err_set(err, ERR_MISSING, "none");
    if (!liar->honest.get(liar->honest.context, path, limit, out, work, err))
        return false;
    if (liar->lie == LIE_NONE || !now)
        return true;
    liar->lied = true;
    snprintf(liar->about, sizeof liar->about, "%s", path);
    return liar_change(liar->lie, limit, out, work, err);
}

static inline struct source liar_source(struct liar *liar)
{
    return (struct source){.get = liar_get, .context = liar, .name = "liar"};
}
