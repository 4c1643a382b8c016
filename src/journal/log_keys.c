#include "journal/log_keys.h"

#include "base/limits.h"

bool log_keys_add(struct log_keys *keys, const struct note_key *key, struct err *err)
{
    if (keys->count == LIMIT_TERMS)
        return err_set(err, ERR_LIMIT, "more than %u terms", LIMIT_TERMS);
    if (log_keys_find(keys, span_of(key->name)))
        return err_set(err, ERR_MALFORMED, "two keys of the origin %s", key->name);
    keys->at[keys->count++] = *key;
    return true;
}

bool log_keys_parse(struct log_keys *out, struct span text, struct err *err)
{
    struct log_keys keys = {0};
    struct note_key key;
    struct span rest = text, line;

    while (rest.len > 0) {
        if (!span_cut(&rest, '\n', &line))
            return err_set(err, ERR_MALFORMED, "line %zu has no end", keys.count + 1);
        if (!note_key_parse(&key, line, err) || !log_keys_add(&keys, &key, err))
            return err_wrap(err, "line %zu", keys.count + 1);
        if (key.type != NOTE_TYPE_ED25519)
            return err_set(err, ERR_MALFORMED, "line %zu: no key of a log", keys.count);
    }
    if (keys.count == 0)
        return err_set(err, ERR_MALFORMED, "it names no key");
    *out = keys;
    return true;
}

bool log_keys_read(struct log_keys *out, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct span text;
    bool ok = disk_read(disk, LOG_KEYS_FILE, LOG_KEYS_BYTES, &text, &arena, err) &&
              log_keys_parse(out, text, err);

    arena_free(&arena);
    return ok || err_wrap(err, LOG_KEYS_FILE);
}

bool log_keys_write(const struct log_keys *keys, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct buf text = buf_in(&arena, LOG_KEYS_BYTES);

    for (size_t i = 0; i < keys->count; i++) {
        note_key_put(&text, &keys->at[i]);
        buf_byte(&text, '\n');
    }
    assert(!text.full);
    bool ok = disk_replace(disk, LOG_KEYS_FILE, buf_span(&text), true, err);
    arena_free(&arena);
    return ok;
}

const struct note_key *log_keys_find(const struct log_keys *keys, struct span origin)
{
    for (size_t i = 0; i < keys->count; i++)
        if (span_is(origin, keys->at[i].name))
            return &keys->at[i];
    return NULL;
}

const struct note_key *log_keys_last(const struct log_keys *keys)
{
    assert(keys->count > 0);
    return &keys->at[keys->count - 1];
}

bool log_keys_open(const struct log_keys *keys, struct checkpoint *out, struct note *out_note,
                   struct span bytes, struct arena *arena, struct err *err)
{
    struct span rest = bytes, origin;
    const struct note_key *key;

    if (!span_cut(&rest, '\n', &origin))
        return err_set(err, ERR_MALFORMED, "it is no checkpoint");
    key = log_keys_find(keys, origin);
    if (!key)
        return err_set(err, ERR_MISSING, "the origin \"%.*s\" is none that is known here",
                       (int)(origin.len < LIMIT_NAME_BYTES ? origin.len : LIMIT_NAME_BYTES),
                       (const char *)origin.at);
    return checkpoint_open(out, out_note, bytes, key, arena, err);
}
