#include "forms/intake_inside.h"

/* What comes after the talk: what is confirmed until it is a record, and what a person should look
 * at. Only the thread that takes turns changes a file of confirmed/ once it is there. */

#define SAID_BYTES (1u << 20)

/* --- what is to be signed --- */

static struct span lines(const struct json *said, struct arena *arena)
{
    struct buf out = buf_in(arena, SAID_BYTES);

    for (uint32_t i = 0; said && i < said->array.count; i++) {
        buf_put(&out, said->array.at[i].string);
        buf_byte(&out, '\n');
    }
    return buf_span(&out);
}

/* The keys in a folder, in order. */
static bool keys(struct disk *disk, const char *folder, const char ***out, size_t *out_count,
                 struct arena *arena, struct err *err)
{
    struct disk_entry *entry;
    size_t count;
    const char *path = arena_printf(arena, "intake/%s", folder);

    *out_count = 0;
    if (!disk_list(disk, path, &entry, &count, arena, err))
        return false;
    *out = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *name = strrchr(entry[i].path, '/') + 1;

        if (strlen(name) == INTAKE_KEY_TEXT - 1)
            (*out)[(*out_count)++] = name;
    }
    return true;
}

static bool take(struct intake_confirmed *out, const char *key, const struct json *file,
                 struct arena *arena, struct err *err)
{
    const struct json *fields = json_get(file, "fields");

    if (!fields)
        return err_set(err, ERR_MALFORMED, "intake/confirmed/%s lacks its fields", key);
    memcpy(out->key, key, INTAKE_KEY_TEXT);
    out->on_behalf = json_get_text(file, "on_behalf");
    out->fields = *fields;
    out->said = lines(json_get(file, "said"), arena);
    out->record = json_get_text(file, "record");
    return true;
}

bool intake_next(struct intake *intake, int64_t now_ms, struct intake_confirmed *out, bool *out_any,
                 struct arena *arena, struct err *err)
{
    const char **key;
    struct json file;
    size_t count;

    *out_any = false;
    if (!keys(intake_disk(intake), "confirmed", &key, &count, arena, err))
        return false;
    for (size_t i = 0; i < count && !*out_any; i++) {
        if (!intake_read(intake_disk(intake), "confirmed", key[i], &file, arena, err))
            return false;
        if (json_get_integer(&file, "again_ms", 0) > now_ms)
            continue;
        if (!take(out, key[i], &file, arena, err))
            return false;
        *out_any = true;
    }
    return true;
}

bool intake_signing(struct intake *intake, const char *key, const char *record, struct err *err)
{
    struct arena arena = {0};
    struct json file;
    bool ok = intake_read(intake_disk(intake), "confirmed", key, &file, &arena, err);

    if (ok) {
        json_set(&file, "record", json_text(record), &arena);
        ok = intake_write(intake_disk(intake), "confirmed", key, &file, &arena, err);
    }
    arena_free(&arena);
    return ok;
}

bool intake_hold(struct intake *intake, const char *key, int64_t again_ms, const char *why,
                 bool *out_told, struct err *err)
{
    struct arena arena = {0};
    struct json file;
    bool ok = intake_read(intake_disk(intake), "confirmed", key, &file, &arena, err);

    if (ok) {
        *out_told = span_is(json_get_text(&file, "held"), why);
        json_set(&file, "held", json_text(why), &arena);
        json_set_integer(&file, "again_ms", again_ms, &arena);
        ok = intake_write(intake_disk(intake), "confirmed", key, &file, &arena, err);
    }
    arena_free(&arena);
    return ok;
}

/* The message without its words, and without what was sent back of them. */
static bool forget_words(struct intake *intake, const char *key, struct span answer,
                         struct arena *arena, struct err *err)
{
    static const char *const kept[] = {"channel",     "id",         "from",
                                       "received_ms", "claimed_ms", "state"};
    struct json file, out = json_object();
    char hash[INTAKE_KEY_TEXT];

    if (!intake_read(intake_disk(intake), "message", key, &file, arena, err))
        return false;
    if (!json_get(&file, "text"))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        if (json_get(&file, kept[i]))
            json_set(&out, kept[i], *json_get(&file, kept[i]), arena);
    intake_text_hash(hash, json_get_text(&file, "text"));
    json_set(&out, "text_hash", json_text(hash), arena);
    json_set_string(&out, "answer", answer, arena);
    return intake_write(intake_disk(intake), "message", key, &out, arena, err);
}

/* All that it was made of. Its last message is the one that confirmed, and what was answered to
 * that is the answer to each of them from now on. */
static bool forget_all(struct intake *intake, const char *key, struct arena *arena, struct err *err)
{
    struct json confirmed, last;

    if (!intake_read(intake_disk(intake), "confirmed", key, &confirmed, arena, err) ||
        !intake_read(intake_disk(intake), "message", key, &last, arena, err))
        return false;
    const struct json *list = json_get(&confirmed, "keys");
    for (uint32_t i = 0; list && i < list->array.count; i++)
        if (!forget_words(intake, arena_text(arena, list->array.at[i].string),
                          json_get_text(&last, "answer"), arena, err))
            return false;
    return true;
}

bool intake_done(struct intake *intake, const char *key, const char *record, struct err *err)
{
    struct arena arena = {0};
    struct json done = json_object();
    char path[INTAKE_PATH_BYTES];

    intake_path(path, "confirmed", key);
    json_set(&done, "record", json_text(record), &arena);
    intake_lock(intake);
    bool ok = intake_write(intake_disk(intake), "done", key, &done, &arena, err) &&
              forget_all(intake, key, &arena, err) && disk_remove(intake_disk(intake), path, err);
    intake_unlock(intake);
    arena_free(&arena);
    return ok;
}

/* --- what is refused --- */

bool intake_refuse(struct intake *intake, const char *key, const char *name, const char *why,
                   int64_t received_ms, struct err *err)
{
    struct arena arena = {0};
    struct json file = json_object();

    json_set(&file, "file", json_text(name), &arena);
    json_set(&file, "why", json_text(why), &arena);
    json_set_integer(&file, "received_ms", received_ms, &arena);
    bool ok = intake_write(intake_disk(intake), "refused", key, &file, &arena, err);
    arena_free(&arena);
    return ok;
}

/* --- what somebody should look at --- */

/* Whether the talk of its sender stands at this message. */
static bool is_last(struct disk *disk, const struct json *file, bool *out, struct arena *arena,
                    struct err *err)
{
    char number[INTAKE_KEY_TEXT];
    struct json talk;

    intake_number(number, arena_text(arena, json_get_text(file, "from")));
    if (!intake_read(disk, "talk", number, &talk, arena, err))
        return false;
    *out = json_get(&talk, "said") &&
           json_get_integer(&talk, "n", 0) == json_get_integer(json_get(file, "talk"), "n", -1);
    return true;
}

static bool is_message(struct disk *disk, const struct json *file, bool *out, struct arena *arena,
                       struct err *err)
{
    *out = span_is(json_get_text(file, "state"), "stranger");
    return *out || is_last(disk, file, out, arena, err);
}

static bool is_any(struct disk *disk, const struct json *file, bool *out, struct arena *arena,
                   struct err *err)
{
    (void)disk;
    (void)arena;
    (void)err;
    *out = intake_is_there(file);
    return true;
}

static const struct {
    const char *folder, *state, *from, *text, *why; /* members; state: this one where it has none */
    bool (*lists)(struct disk *disk, const struct json *file, bool *out, struct arena *arena,
                  struct err *err);
} folders[] = {
    {"message", "", "from", "text", "", is_message},
    {"confirmed", "confirmed", "on_behalf", "", "held", is_any},
    {"refused", "refused", "file", "", "why", is_any},
};

static struct intake_item item_of(size_t folder, const struct json *file, struct arena *arena)
{
    struct span state = json_get_text(file, "state");
    struct intake_item item = {.state = state.len ? state : span_of(folders[folder].state),
                               .from = json_get_text(file, folders[folder].from),
                               .text = json_get_text(file, folders[folder].text),
                               .why = json_get_text(file, folders[folder].why),
                               .received_ms = json_get_integer(file, "received_ms", 0)};

    if (!item.text.len)
        item.text = lines(json_get(file, "said"), arena);
    return item;
}

static bool list_folder(struct disk *disk, size_t folder, struct intake_item *out, size_t *count,
                        const char *const *key, size_t keys_count, struct arena *arena,
                        struct err *err)
{
    struct json file;
    bool listed;

    for (size_t i = 0; i < keys_count; i++) {
        if (!intake_read(disk, folders[folder].folder, key[i], &file, arena, err) ||
            !folders[folder].lists(disk, &file, &listed, arena, err))
            return false;
        if (listed)
            out[(*count)++] = item_of(folder, &file, arena);
    }
    return true;
}

bool intake_list(struct disk *disk, struct intake_item **out, size_t *out_count,
                 struct arena *arena, struct err *err)
{
    const char **key[ARRAY_LEN(folders)];
    size_t count[ARRAY_LEN(folders)], all = 0;

    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        if (!keys(disk, folders[i].folder, &key[i], &count[i], arena, err))
            return false;
        all += count[i];
    }
    *out = ARENA_ARRAY(arena, struct intake_item, all + 1);
    *out_count = 0;
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (!list_folder(disk, i, *out, out_count, key[i], count[i], arena, err))
            return false;
    return true;
}
