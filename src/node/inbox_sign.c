#include "node/inbox_inside.h"

#include <stdio.h>
#include <stdlib.h>

#define SIGNING_BYTES (1u << 20)

/* --- the list of what is complete --- */

void inbox_push_ready(struct inbox *inbox, const struct inbox_form *form)
{
    pthread_mutex_lock(&inbox->lock);
    bool there = false;
    for (size_t i = 0; i < inbox->count; i++)
        there = there || strcmp(inbox->ready[i].key, form->key) == 0;
    if (!there && inbox->count == inbox->room) {
        inbox->room = inbox->room ? 2 * inbox->room : 64;
        inbox->ready = realloc(inbox->ready, inbox->room * sizeof *inbox->ready);
        if (!inbox->ready)
            abort();
    }
    if (!there) {
        struct inbox_waiting *waiting = &inbox->ready[inbox->count++];
        *waiting = (struct inbox_waiting){.since_ms = form->since_ms};
        memcpy(waiting->key, form->key, sizeof waiting->key);
    }
    pthread_mutex_unlock(&inbox->lock);
}

size_t inbox_due(struct inbox *inbox, size_t most, int64_t now_ms, char (*out)[INBOX_KEY_TEXT])
{
    size_t count = 0;

    pthread_mutex_lock(&inbox->lock);
    for (size_t i = 0; i < inbox->count && count < most; i++)
        if (inbox->ready[i].due_ms <= now_ms)
            memcpy(out[count++], inbox->ready[i].key, INBOX_KEY_TEXT);
    pthread_mutex_unlock(&inbox->lock);
    return count;
}

/* Whoever took a file in before it was released is done when the lock was had once; whoever comes
 * later sees that it was. */
static bool take_released(struct inbox *inbox, const char *key, struct arena *arena,
                          struct err *err)
{
    pthread_mutex_t *stripe = inbox_stripe_of(inbox, key);
    struct inbox_form form;
    unsigned pieces;
    struct span xml;

    pthread_mutex_lock(stripe);
    bool ok = inbox_read_form(inbox->disk, key, false, &form, &pieces, &xml, arena, err);
    pthread_mutex_unlock(stripe);
    if (ok && pieces > 0)
        inbox_push_ready(inbox, &form);
    return ok;
}

bool inbox_take_released(struct inbox *inbox, struct err *err)
{
    struct arena arena = {0};
    struct disk_entry *entry;
    size_t count;
    bool ok = disk_list(inbox->disk, "inbox/release", &entry, &count, &arena, err);

    for (size_t i = 0; ok && i < count; i++) {
        char key[INBOX_KEY_TEXT];
        if (inbox_key_in(key, &entry[i], "release", ""))
            ok = take_released(inbox, key, &arena, err);
    }
    arena_free(&arena);
    return ok;
}

static void put_off(struct inbox *inbox, const char *key, int64_t until_ms)
{
    pthread_mutex_lock(&inbox->lock);
    for (size_t i = 0; i < inbox->count; i++)
        if (strcmp(inbox->ready[i].key, key) == 0)
            inbox->ready[i].due_ms = until_ms;
    pthread_mutex_unlock(&inbox->lock);
}

static void pop_ready(struct inbox *inbox, const char *key)
{
    size_t kept = 0;

    pthread_mutex_lock(&inbox->lock);
    for (size_t i = 0; i < inbox->count; i++)
        if (strcmp(inbox->ready[i].key, key) != 0)
            inbox->ready[kept++] = inbox->ready[i];
    inbox->count = kept;
    pthread_mutex_unlock(&inbox->lock);
}

/* --- what becomes of them --- */

bool inbox_hold(struct inbox *inbox, const char *key, int64_t until_ms, const char *why,
                struct err *err)
{
    struct arena arena = {0};
    struct json value = json_object();
    char path[INBOX_PATH_BYTES];

    put_off(inbox, key, until_ms);
    inbox_path(path, "held", key);
    json_set_string(&value, "why", span_of(why), &arena);
    json_set_integer(&value, "until_ms", until_ms, &arena);
    bool ok = disk_replace(inbox->disk, path, json_bytes(&value, &arena), false, err);
    arena_free(&arena);
    return ok;
}

bool inbox_signing(struct inbox *inbox, const struct inbox_record *record, size_t count,
                   struct err *err)
{
    struct arena arena = {0};
    struct json list = json_array();

    for (size_t i = 0; i < count; i++) {
        struct json one = json_object();
        json_set_string(&one, "id", span_of(record[i].id), &arena);
        json_set_string(&one, "key", span_of(record[i].key), &arena);
        json_push(&list, one, &arena);
    }
    bool ok = disk_replace(inbox->disk, "inbox/signing", json_bytes(&list, &arena), true, err);
    arena_free(&arena);
    return ok;
}

bool inbox_signed(struct inbox *inbox, struct inbox_record **out, size_t *out_count,
                  struct arena *arena, struct err *err)
{
    struct json list;

    if (!inbox_read_small(inbox->disk, "inbox/signing", SIGNING_BYTES, &list, arena, err))
        return false;
    size_t count = list.type == JSON_ARRAY ? list.array.count : 0;
    struct inbox_record *record = ARENA_ARRAY(arena, struct inbox_record, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        struct span id = json_get_text(&list.array.at[i], "id");
        struct span key = json_get_text(&list.array.at[i], "key");
        if (id.len != sizeof record[i].id - 1 || key.len != sizeof record[i].key - 1)
            return err_set(err, ERR_MALFORMED, "inbox/signing is damaged");
        memcpy(record[i].id, id.at, id.len);
        memcpy(record[i].key, key.at, key.len);
    }
    *out = record;
    *out_count = count;
    return true;
}

static bool write_done(struct inbox *inbox, const struct inbox_record *record, struct arena *arena,
                       struct err *err)
{
    struct json done = json_object();
    struct inbox_form form;
    struct span xml;
    unsigned pieces;
    char path[INBOX_PATH_BYTES];

    if (!inbox_read_form(inbox->disk, record->key, false, &form, &pieces, &xml, arena, err))
        return false;
    if (pieces == 0)
        return true; /* it was done before */
    json_set_string(&done, "form", form.form, arena);
    json_set_string(&done, "instance", form.instance, arena);
    if (form.lacks_count > 0)
        json_set(&done, "lacks", inbox_lacks(&form, arena), arena);
    json_set_string(&done, "record", span_of(record->id), arena);
    json_set_string(&done, "xml", xml, arena);
    inbox_path(path, "done", record->key);
    return disk_replace(inbox->disk, path, json_bytes(&done, arena), false, err);
}

bool inbox_remove_pieces(struct disk *disk, const char *key, struct err *err)
{
    char path[INBOX_PATH_BYTES];
    struct err missing = {0};
    uint64_t size;
    unsigned n = 0;

    do
        inbox_piece_path(path, key, ++n);
    while (n <= INBOX_PIECES && disk_size(disk, path, &size, &missing));
    for (; n > 0; n--) { /* the last first: a crash leaves no hole */
        inbox_piece_path(path, key, n);
        if (!disk_remove(disk, path, err))
            return false;
    }
    inbox_path(path, "held", key);
    if (!disk_remove(disk, path, err))
        return false;
    inbox_path(path, "release", key);
    return disk_remove(disk, path, err);
}

bool inbox_done(struct inbox *inbox, const struct inbox_record *record, size_t count,
                struct err *err)
{
    struct arena arena = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = write_done(inbox, &record[i], &arena, err);
    ok = ok && disk_sync_all(inbox->disk, err);
    for (size_t i = 0; ok && i < count; i++) {
        pthread_mutex_t *stripe = inbox_stripe_of(inbox, record[i].key);
        pop_ready(inbox, record[i].key);
        pthread_mutex_lock(stripe);
        ok = inbox_remove_pieces(inbox->disk, record[i].key, err);
        pthread_mutex_unlock(stripe);
    }
    arena_free(&arena);
    return ok;
}

bool inbox_record_of(struct inbox *inbox, struct span form, struct span instance, char out[65],
                     struct err *err)
{
    struct arena arena = {0};
    char key[INBOX_KEY_TEXT];
    struct json done;

    inbox_key_of(key, form, instance);
    bool ok = inbox_is_done(inbox, key, &done, &arena, err);
    struct span id = ok ? json_get_text(&done, "record") : (struct span){0};
    if (ok && id.len != 64)
        ok = err_set(err, ERR_MISSING, "no record was made of it yet");
    if (ok)
        snprintf(out, 65, "%.*s", SPAN_ARG(id));
    arena_free(&arena);
    return ok;
}
