#include "api/uploads.h"

#include "codec/hex.h"
#include "sys/clock.h"
#include "sys/partial.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* An agreement has fewer; beyond them the oldest day is forgotten. */
#define ORGS 64u
#define DAY_MS INT64_C(86400000)
#define NAME_BYTES (2 * HASH_BYTES + sizeof ".part")

struct spent {
    char org[104];
    int64_t since_ms; /* its day began */
    uint64_t bytes;
};

struct uploads {
    char *directory;
    uint64_t org_bytes;
    pthread_mutex_t lock;
    struct spent spent[ORGS];
    int64_t cleared_ms; /* when the old ones last were; 0: since it was opened none were */
};

struct uploads *uploads_open(const char *directory, uint64_t org_bytes, int64_t now_ms)
{
    struct uploads *uploads = calloc(1, sizeof *uploads);
    size_t len = strlen(directory) + sizeof "/upload";

    if (!uploads || !(uploads->directory = calloc(1, len)))
        abort();
    if (directory[0])
        snprintf(uploads->directory, len, "%s/upload", directory);
    uploads->org_bytes = org_bytes ? org_bytes : UPLOADS_ORG_BYTES;
    pthread_mutex_init(&uploads->lock, NULL);
    partial_clear(uploads->directory, now_ms - UPLOADS_KEPT_MS);
    return uploads;
}

void uploads_close(struct uploads *uploads)
{
    if (!uploads)
        return;
    pthread_mutex_destroy(&uploads->lock);
    free(uploads->directory);
    free(uploads);
}

static const char *name_of(char out[NAME_BYTES], const struct hash *stored)
{
    hex_text(out, hash_span(stored));
    memcpy(out + 2 * HASH_BYTES, ".part", sizeof ".part");
    return out;
}

uint64_t uploads_size(const struct uploads *uploads, const struct hash *stored)
{
    char name[NAME_BYTES];

    return partial_size(uploads->directory, name_of(name, stored));
}

/* The organisation's day; the lock is held. */
static struct spent *spent_of(struct uploads *uploads, struct span org, int64_t now_ms)
{
    struct spent *spent = &uploads->spent[0];

    for (size_t i = 0; i < ORGS && !span_is(org, spent->org); i++) {
        struct spent *other = &uploads->spent[i];
        if (span_is(org, other->org) || other->since_ms < spent->since_ms)
            spent = other;
    }
    if (!span_is(org, spent->org)) {
        *spent = (struct spent){.since_ms = now_ms};
        memcpy(spent->org, org.at, org.len);
    } else if (now_ms < spent->since_ms || now_ms - spent->since_ms >= DAY_MS) {
        spent->since_ms = now_ms;
        spent->bytes = 0;
    }
    return spent;
}

/* What is begun and left is a file, however little is in it. */
static uint64_t cost_of(const struct upload *upload)
{
    bool begins = upload->offset == 0 && upload->bytes.len < UPLOADS_LEAST_BYTES;

    return begins ? UPLOADS_LEAST_BYTES : upload->bytes.len;
}

static bool spend(struct uploads *uploads, const struct upload *upload, int64_t now_ms,
                  struct err *err)
{
    uint64_t cost = cost_of(upload);

    if (upload->org.len == 0)
        return true;
    assert(upload->org.len < sizeof uploads->spent[0].org);
    pthread_mutex_lock(&uploads->lock);
    struct spent *spent = spent_of(uploads, upload->org, now_ms);
    bool ok = cost <= uploads->org_bytes - spent->bytes;
    if (ok)
        spent->bytes += cost;
    pthread_mutex_unlock(&uploads->lock);
    return ok ||
           err_set(err, ERR_LIMIT,
                   "%.*s has brought as much as an organisation may in a day, %" PRIu64 " bytes",
                   SPAN_ARG(upload->org), uploads->org_bytes);
}

/* Once a day of a server that runs for years. */
static void clear_old(struct uploads *uploads, int64_t now_ms)
{
    pthread_mutex_lock(&uploads->lock);
    bool due = now_ms < uploads->cleared_ms || now_ms - uploads->cleared_ms >= DAY_MS;
    if (due)
        uploads->cleared_ms = now_ms;
    pthread_mutex_unlock(&uploads->lock);
    if (due)
        partial_clear(uploads->directory, clock_now_ms(clock_system()) - UPLOADS_KEPT_MS);
}

/* All of it has come. */
static bool finish(struct partial *partial, const struct upload *upload,
                   bool (*keep)(void *context, struct span stored, struct err *err), void *context,
                   bool *out_remove, struct err *err)
{
    struct span all;

    if (!partial_map(partial, &all, err))
        return false;
    if (!hash_equal(hash_of(all), upload->stored)) {
        *out_remove = true;
        return err_set(err, ERR_CONFLICT, "what has come has another hash: send it from the start");
    }
    *out_remove = keep(context, all, err);
    return *out_remove;
}

bool uploads_put(struct uploads *uploads, const struct upload *upload, int64_t now_ms,
                 uint64_t *out_offset,
                 bool (*keep)(void *context, struct span stored, struct err *err), void *context,
                 struct err *err)
{
    char name[NAME_BYTES];
    struct partial *partial;
    bool remove = false;

    assert(upload->offset <= upload->size && upload->bytes.len <= upload->size - upload->offset);
    *out_offset = uploads_size(uploads, &upload->stored);
    if (!uploads->directory[0])
        return err_set(err, ERR_IO, "this node takes no uploads");
    clear_old(uploads, now_ms);
    if (!partial_open(&partial, uploads->directory, name_of(name, &upload->stored), err))
        return false;
    bool ok = partial_bytes(partial) == upload->offset ||
              err_set(err, ERR_CONFLICT, "%" PRIu64 " bytes of it are here: go on from there",
                      partial_bytes(partial));
    ok = ok && spend(uploads, upload, now_ms, err) && partial_append(partial, upload->bytes, err);
    *out_offset = partial_bytes(partial);
    if (ok && *out_offset == upload->size)
        ok = finish(partial, upload, keep, context, &remove, err);
    if (!ok && remove)
        *out_offset = 0;
    remove = remove || *out_offset == 0; /* nothing of it is here */
    (remove ? partial_close_remove : partial_close)(partial);
    return ok;
}
