#include "node/quarantine.h"

#include "codec/hex.h"
#include "node/quarantine_folder.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define FOLDER QUARANTINE_FOLDER
#define NOTE_BYTES QUARANTINE_NOTE_BYTES
#define PATH_BYTES 96
#define HEX_TEXT QUARANTINE_HEX_TEXT

/* Of one device, way and reason. */
struct group {
    char device[QUARANTINE_DEVICE_BYTES + 1], via[16], word[16];
    int64_t again_ms; /* no record of it before */
    size_t pending;
};

struct noted {
    char body[HEX_TEXT], note[HEX_TEXT];
    unsigned group;
    char record[HEX_TEXT]; /* that was signed of it; "": none */
    bool sure;             /* that record is in the log, or safely on its way */
};

struct quarantine {
    struct disk *disk;
    const char *agreement;
    const struct note_signer *signer;
    pthread_mutex_t lock;
    struct noted *noted; /* in their order: the first is 1.note */
    struct group *group;
    unsigned notes, groups, strangers;
    size_t notes_room, groups_room;
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

static void record_path(char out[PATH_BYTES], const char *id)
{
    snprintf(out, PATH_BYTES, FOLDER "/%.64s.record", id);
}

/* --- in memory --- */

static void *grown(void *at, size_t size, size_t count, size_t *room)
{
    if (count < *room)
        return at;
    *room = *room ? 2 * *room : 16;
    at = realloc(at, *room * size);
    if (!at)
        abort();
    return at;
}

static unsigned group_of(struct quarantine *q, const char *device, const char *via,
                         const char *word)
{
    for (unsigned i = 0; i < q->groups; i++)
        if (strcmp(q->group[i].device, device) == 0 && strcmp(q->group[i].via, via) == 0 &&
            strcmp(q->group[i].word, word) == 0)
            return i;
    q->group = grown(q->group, sizeof *q->group, q->groups, &q->groups_room);
    struct group *group = &q->group[q->groups];
    *group = (struct group){.pending = 0};
    snprintf(group->device, sizeof group->device, "%s", device);
    snprintf(group->via, sizeof group->via, "%s", via);
    snprintf(group->word, sizeof group->word, "%s", word);
    return q->groups++;
}

static void take_note(struct quarantine *q, struct span note, const char *body,
                      const struct quarantine_why *why)
{
    q->noted = grown(q->noted, sizeof *q->noted, q->notes, &q->notes_room);
    struct noted *noted = &q->noted[q->notes++];
    *noted = (struct noted){.group = group_of(q, why->device, why->via, why->word)};
    snprintf(noted->body, sizeof noted->body, "%s", body);
    hex_of(noted->note, note);
    q->group[noted->group].pending++;
    q->strangers += strcmp(why->device, QUARANTINE_STRANGER) == 0;
}

/* --- keeping --- */

/* Three lines, the second without a space: it is no record (doc/format.md §6). */
static struct span sign(const struct quarantine *q, const char *body_hash,
                        const struct quarantine_why *why, struct arena *arena)
{
    struct json value = json_object();
    struct buf text = buf_in(arena, NOTE_BYTES);
    const char *prev = q->notes ? q->noted[q->notes - 1].note : "";

    json_set_integer(&value, "at_ms", why->at_ms, arena);
    json_set_string(&value, "body", span_of(body_hash), arena);
    json_set_string(&value, "device", span_of(why->device), arena);
    json_set_string(&value, "form", why->form, arena);
    json_set_string(&value, "instance", why->instance, arena);
    json_set_string(&value, "prev", span_of(prev), arena);
    json_set_string(&value, "reason", span_of(why->reason), arena);
    json_set_string(&value, "via", span_of(why->via), arena);
    json_set_string(&value, "word", span_of(why->word), arena);
    buf_printf(&text, "%s\nquarantine\n", q->agreement);
    json_encode(&text, &value);
    buf_byte(&text, '\n');
    assert(!text.full);
    return note_sign(buf_span(&text), q->signer, arena);
}

static bool is_full(const struct quarantine *q, struct span body, const struct quarantine_why *why)
{
    return q->notes >= QUARANTINE_NOTES || q->bytes + body.len > QUARANTINE_BYTES ||
           (q->strangers >= QUARANTINE_NOTES_OF_STRANGERS &&
            strcmp(why->device, QUARANTINE_STRANGER) == 0);
}

static bool keep(struct quarantine *q, const char *body_hash, struct span body,
                 const struct quarantine_why *why, struct arena *arena, struct err *err)
{
    char path[PATH_BYTES], note_at[PATH_BYTES];
    struct err missing = {0};
    uint64_t size;

    snprintf(path, sizeof path, FOLDER "/%s", body_hash);
    if (disk_size(q->disk, path, &size, &missing))
        return true;
    if (is_full(q, body, why))
        return err_set(err, ERR_LIMIT, "the quarantine is full");
    /* The note first: a body without one would never be noted. */
    struct span note = sign(q, body_hash, why, arena);
    note_path(note_at, q->notes + 1);
    if (!disk_replace(q->disk, note_at, note, true, err) ||
        !disk_replace(q->disk, path, body, true, err))
        return false;
    take_note(q, note, body_hash, why);
    q->bytes += body.len;
    return true;
}

bool quarantine_keep(struct quarantine *q, struct span body, const struct quarantine_why *why,
                     struct err *err)
{
    struct arena arena = {0};
    char body_hash[HEX_TEXT];

    assert(why->form.len + why->instance.len + strlen(why->reason) < NOTE_BYTES / 4);
    assert(strlen(why->device) <= QUARANTINE_DEVICE_BYTES);
    hex_of(body_hash, body);
    pthread_mutex_lock(&q->lock);
    bool ok = keep(q, body_hash, body, why, &arena, err) || err_wrap(err, "quarantine");
    pthread_mutex_unlock(&q->lock);
    arena_free(&arena);
    return ok;
}

/* --- what is recorded --- */

static bool is_pending(const struct noted *noted, unsigned group)
{
    return noted->group == group && !noted->record[0] && noted->body[0];
}

static void fill(const struct quarantine *q, unsigned group, struct quarantine_batch *out)
{
    *out = (struct quarantine_batch){.group = group};
    for (unsigned i = 0; i < q->notes; i++)
        if (is_pending(&q->noted[i], group)) {
            out->last = i;
            out->count++;
        }
    memcpy(out->device, q->group[group].device, sizeof out->device);
    memcpy(out->via, q->group[group].via, sizeof out->via);
    memcpy(out->word, q->group[group].word, sizeof out->word);
    memcpy(out->body, q->noted[out->last].body, sizeof out->body);
    memcpy(out->note, q->noted[out->last].note, sizeof out->note);
}

bool quarantine_due(struct quarantine *q, int64_t now_ms, struct quarantine_batch *out)
{
    bool found = false;

    pthread_mutex_lock(&q->lock);
    for (unsigned i = 0; i < q->groups && !found; i++) {
        found = q->group[i].pending > 0 && q->group[i].again_ms <= now_ms;
        if (found)
            fill(q, i, out);
    }
    pthread_mutex_unlock(&q->lock);
    return found;
}

void quarantine_put_off(struct quarantine *q, const struct quarantine_batch *batch,
                        int64_t again_ms)
{
    pthread_mutex_lock(&q->lock);
    q->group[batch->group].again_ms = again_ms;
    pthread_mutex_unlock(&q->lock);
}

static bool write_record(struct quarantine *q, const char *id, bool sure, struct err *err)
{
    struct arena arena = {0};
    struct json value = json_object(), notes = json_array();
    char path[PATH_BYTES];

    for (unsigned i = 0; i < q->notes; i++)
        if (strcmp(q->noted[i].record, id) == 0) {
            json_push(&notes, json_integer(i + 1), &arena);
            json_set_integer(&value, "again_ms", q->group[q->noted[i].group].again_ms, &arena);
        }
    json_set(&value, "notes", notes, &arena);
    json_set_integer(&value, "sure", sure, &arena);
    record_path(path, id);
    bool ok = disk_replace(q->disk, path, json_bytes(&value, &arena), true, err);
    arena_free(&arena);
    return ok;
}

bool quarantine_signing(struct quarantine *q, const struct quarantine_batch *batch, const char *id,
                        int64_t now_ms, struct err *err)
{
    struct group *group;

    pthread_mutex_lock(&q->lock);
    group = &q->group[batch->group];
    for (unsigned i = 0; i <= batch->last; i++)
        if (is_pending(&q->noted[i], batch->group))
            snprintf(q->noted[i].record, HEX_TEXT, "%s", id);
    group->pending -= batch->count;
    group->again_ms = now_ms + QUARANTINE_EVERY_MS;
    bool ok = write_record(q, id, false, err);
    pthread_mutex_unlock(&q->lock);
    return ok;
}

static void give_up(struct quarantine *q, const char *id, int64_t again_ms)
{
    for (unsigned i = 0; i < q->notes; i++)
        if (strcmp(q->noted[i].record, id) == 0) {
            q->noted[i].record[0] = '\0';
            q->group[q->noted[i].group].pending++;
            q->group[q->noted[i].group].again_ms = again_ms;
        }
}

bool quarantine_signed(struct quarantine *q, const char *id, bool safe, int64_t again_ms,
                       struct err *err)
{
    char path[PATH_BYTES];
    bool ok;

    record_path(path, id);
    pthread_mutex_lock(&q->lock);
    if (safe) {
        ok = write_record(q, id, true, err);
        for (unsigned i = 0; i < q->notes; i++)
            q->noted[i].sure = q->noted[i].sure || strcmp(q->noted[i].record, id) == 0;
    } else {
        ok = disk_remove(q->disk, path, err);
        give_up(q, id, again_ms);
    }
    pthread_mutex_unlock(&q->lock);
    return ok;
}

bool quarantine_unsure(struct quarantine *q, char out_id[HEX_TEXT])
{
    bool found = false;

    pthread_mutex_lock(&q->lock);
    for (unsigned i = 0; i < q->notes && !found; i++) {
        found = q->noted[i].record[0] && !q->noted[i].sure;
        if (found)
            memcpy(out_id, q->noted[i].record, HEX_TEXT);
    }
    pthread_mutex_unlock(&q->lock);
    return found;
}

/* --- opening --- */

static bool has_body(const struct quarantine_folder *folder, struct span body)
{
    struct span found;

    for (size_t low = 0, high = folder->entries; low < high;) {
        size_t middle = low + (high - low) / 2;

        found = span_from(span_of(folder->entry[middle].path), strlen(FOLDER "/"));
        int order = span_compare(found, body);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Where the node ended between the two, the note has no body, and nobody was told anything: it
 * stays, for the next one names it, and is not recorded. */
static bool take_notes(struct quarantine *q, const struct quarantine_folder *folder,
                       struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < folder->notes; i++) {
        struct json said;

        if (!quarantine_says(&said, folder->note[i], arena, err))
            return false;
        struct span body = json_get_text(&said, "body");
        const struct quarantine_why why = {.via = arena_text(arena, json_get_text(&said, "via")),
                                           .word = arena_text(arena, json_get_text(&said, "word")),
                                           .device =
                                               arena_text(arena, json_get_text(&said, "device"))};
        bool there = why.word[0] && has_body(folder, body);
        take_note(q, folder->note[i], there ? arena_text(arena, body) : "", &why);
        q->group[q->noted[i].group].pending -= !there;
    }
    return true;
}

static void take_record(struct quarantine *q, struct span id, const struct json *record)
{
    const struct json *notes = json_get(record, "notes");
    int64_t again_ms = json_get_integer(record, "again_ms", 0);

    for (uint32_t k = 0; notes && k < notes->array.count; k++) {
        int64_t n = notes->array.at[k].integer;

        if (n < 1 || n > (int64_t)q->notes || q->noted[n - 1].record[0])
            continue;
        struct noted *noted = &q->noted[n - 1];
        struct group *group = &q->group[noted->group];
        snprintf(noted->record, sizeof noted->record, "%.*s", SPAN_ARG(id));
        noted->sure = json_get_integer(record, "sure", 0) != 0;
        group->pending -= noted->body[0] != '\0';
        group->again_ms = group->again_ms > again_ms ? group->again_ms : again_ms;
    }
}

static bool look(struct quarantine *q, struct arena *arena, struct err *err)
{
    struct quarantine_folder folder;

    if (!quarantine_folder_read(q->disk, &folder, arena, err) ||
        !take_notes(q, &folder, arena, err))
        return false;
    for (size_t i = 0; i < folder.entries; i++)
        q->bytes += folder.entry[i].size;
    for (size_t i = 0; i < folder.records; i++)
        take_record(q, folder.record[i].id, &folder.record[i].value);
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
    free(q->noted);
    free(q->group);
    free(q);
}
