#include "node/quarantine.h"

#include "codec/hex.h"
#include "codec/json.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define FOLDER "quarantine"
#define NOTE_BYTES 8192u
#define PATH_BYTES 96
#define HEX_TEXT (2 * HASH_BYTES + 1)

struct quarantine {
    struct disk *disk;
    const char *agreement;
    const struct note_signer *signer;
    pthread_mutex_t lock;
    unsigned notes;      /* so many are there */
    char last[HEX_TEXT]; /* the hash of the last; of none: "" */
    uint64_t bytes;
};

static void hex_of(char out[HEX_TEXT], struct span bytes)
{
    struct hash hash = hash_of(bytes);

    hex_text(out, hash_span(&hash));
}

static void note_path(char out[PATH_BYTES], unsigned n)
{
    snprintf(out, PATH_BYTES, FOLDER "/%08u.note", n);
}

/* Three lines, the second without a space: it is no record (doc/format.md §6). */
static struct span sign(const struct quarantine *q, const char *body_hash,
                        const struct quarantine_why *why, struct arena *arena)
{
    struct json value = json_object();
    struct buf text = buf_in(arena, NOTE_BYTES);

    json_set_integer(&value, "at_ms", why->at_ms, arena);
    json_set_string(&value, "body", span_of(body_hash), arena);
    json_set_string(&value, "device", span_of(why->device), arena);
    json_set_string(&value, "form", why->form, arena);
    json_set_string(&value, "instance", why->instance, arena);
    json_set_string(&value, "prev", span_of(q->last), arena);
    json_set_string(&value, "reason", span_of(why->reason), arena);
    buf_printf(&text, "%s\nquarantine\n", q->agreement);
    json_encode(&text, &value);
    buf_byte(&text, '\n');
    assert(!text.full);
    return note_sign(buf_span(&text), q->signer, arena);
}

static bool keep(struct quarantine *q, const char *body_hash, struct span body,
                 const struct quarantine_why *why, struct arena *arena, struct err *err)
{
    char path[PATH_BYTES];
    struct err missing = {0};
    uint64_t size;

    snprintf(path, sizeof path, FOLDER "/%s", body_hash);
    if (disk_size(q->disk, path, &size, &missing))
        return true;
    if (q->notes >= QUARANTINE_NOTES || q->bytes + body.len > QUARANTINE_BYTES)
        return err_set(err, ERR_LIMIT, "the quarantine is full");
    /* The note first: a body without one would never be noted. */
    struct span note = sign(q, body_hash, why, arena);
    char notes[PATH_BYTES];
    note_path(notes, q->notes + 1);
    if (!disk_replace(q->disk, notes, note, true, err) ||
        !disk_replace(q->disk, path, body, true, err))
        return false;
    q->notes++;
    q->bytes += body.len;
    hex_of(q->last, note);
    return true;
}

bool quarantine_keep(struct quarantine *q, struct span body, const struct quarantine_why *why,
                     struct err *err)
{
    struct arena arena = {0};
    char body_hash[HEX_TEXT];

    assert(why->form.len + why->instance.len + strlen(why->reason) < NOTE_BYTES / 4);
    hex_of(body_hash, body);
    pthread_mutex_lock(&q->lock);
    bool ok = keep(q, body_hash, body, why, &arena, err) || err_wrap(err, "quarantine");
    pthread_mutex_unlock(&q->lock);
    arena_free(&arena);
    return ok;
}

bool quarantine_list(struct disk *disk, struct span **out, size_t *out_count, struct arena *arena,
                     struct err *err)
{
    struct disk_entry *entry;
    size_t count, kept = 0;

    if (!disk_list(disk, FOLDER, &entry, &count, arena, err))
        return false;
    struct span *notes = ARENA_ARRAY(arena, struct span, count ? count : 1);
    for (size_t i = 0; i < count; i++)
        if (entry[i].regular && span_ends_with(span_of(entry[i].path), SPAN_LIT(".note")) &&
            !disk_read(disk, entry[i].path, NOTE_BYTES, &notes[kept++], arena, err))
            return false;
    *out = notes;
    *out_count = kept;
    return true;
}

static bool look(struct quarantine *q, struct arena *arena, struct err *err)
{
    struct disk_entry *entry;
    struct span *notes;
    size_t count;

    if (!disk_list(q->disk, FOLDER, &entry, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        q->bytes += entry[i].size;
    if (!quarantine_list(q->disk, &notes, &count, arena, err))
        return false;
    q->notes = (unsigned)count;
    if (count > 0)
        hex_of(q->last, notes[count - 1]);
    return true;
}

bool quarantine_open(struct quarantine **out, struct disk *disk, const char *agreement,
                     const struct note_signer *signer, struct err *err)
{
    struct quarantine *q = calloc(1, sizeof *q);
    struct arena arena = {0};

    if (!q)
        abort();
    q->disk = disk;
    q->agreement = agreement;
    q->signer = signer;
    pthread_mutex_init(&q->lock, NULL);
    bool ok = look(q, &arena, err) || err_wrap(err, "quarantine");
    arena_free(&arena);
    if (ok)
        *out = q;
    else
        quarantine_close(q);
    return ok;
}

void quarantine_close(struct quarantine *q)
{
    if (!q)
        return;
    pthread_mutex_destroy(&q->lock);
    free(q);
}
