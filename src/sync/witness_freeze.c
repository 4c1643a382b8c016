#include "sync/witness_inside.h"

#include <stdio.h>

#include "codec/hex.h"
#include "ledger/statement.h"

/* A freeze note is DIR/frozen/HASH.note, by the SHA-256 of its bytes (doc/format.md §5.9). */

#define FROZEN_FOLDER "frozen"
#define NOTE_BYTES 8192u
#define NOTE_PATH 96

static void path_of(char out[NOTE_PATH], struct span note)
{
    struct hash hash = hash_of(note);
    char hex[2 * HASH_BYTES + 1];

    hex_text(hex, hash_span(&hash));
    snprintf(out, NOTE_PATH, FROZEN_FOLDER "/%s.note", hex);
}

static struct span member(const struct statement *statement, const char *name)
{
    return json_get_string(&statement->members, name, (struct span){0});
}

static const struct frozen *find(const struct witness *witness, struct span next_origin)
{
    for (size_t i = 0; i < witness->frozen_count; i++)
        if (span_is(next_origin, witness->frozen[i].next_origin))
            return &witness->frozen[i];
    return NULL;
}

static bool add(struct witness *witness, struct span note, struct err *err)
{
    struct frozen *frozen = &witness->frozen[witness->frozen_count];
    struct arena arena = {0};
    struct statement statement;

    if (witness->frozen_count == FROZEN_MOST)
        return err_set(err, ERR_LIMIT, "more than %u freeze notes", FROZEN_MOST);
    bool ok = statement_parse(&statement, note, &arena, err);
    if (ok && (!span_is(statement.word, "freeze") ||
               !span_is(statement.agreement, witness->options.agreement)))
        ok = err_set(err, ERR_CONFLICT, "no freeze note of this agreement");
    struct span next_origin = ok ? member(&statement, "next_origin") : (struct span){0};
    if (ok && find(witness, next_origin))
        ok = err_set(err, ERR_CONFLICT, "a second freeze note for one next origin");
    if (ok) {
        struct span origin = member(&statement, "origin");
        *frozen = (struct frozen){
            .size = (uint64_t)json_get_integer(&statement.members, "size", 0),
            .note = arena_copy(&witness->arena, note),
        };
        memcpy(frozen->origin, origin.at, origin.len);
        memcpy(frozen->next_origin, next_origin.at, next_origin.len);
        witness->frozen_count++;
    }
    arena_free(&arena);
    return ok;
}

bool witness_frozen(struct witness *witness, const char *origin, uint64_t *out_size)
{
    uint64_t size = 0;
    bool found = false;

    pthread_mutex_lock(&witness->lock);
    for (size_t i = 0; i < witness->frozen_count; i++) {
        const struct frozen *frozen = &witness->frozen[i];

        if (strcmp(frozen->origin, origin) != 0)
            continue;
        found = true;
        size = frozen->size > size ? frozen->size : size;
    }
    pthread_mutex_unlock(&witness->lock);
    if (found)
        *out_size = size;
    return found;
}

/* Reading. */

static bool read_note(struct witness *witness, const struct disk_entry *entry, struct arena *arena,
                      struct err *err)
{
    char path[NOTE_PATH];
    struct span note;

    if (!entry->regular)
        return err_set(err, ERR_MALFORMED, "it is no regular file");
    if (!disk_read(witness->options.disk, entry->path, NOTE_BYTES, &note, arena, err))
        return false;
    path_of(path, note);
    if (strcmp(path, entry->path) != 0)
        return err_set(err, ERR_MALFORMED, "its name is not the hash of what is in it");
    return add(witness, note, err);
}

bool witness_read_frozen(struct witness *witness, struct err *err)
{
    struct disk *disk = witness->options.disk;
    struct arena arena = {0};
    struct disk_entry *entry;
    size_t count;

    bool ok = disk_list(disk, FROZEN_FOLDER, &entry, &count, &arena, err);
    for (size_t i = 0; ok && i < count; i++)
        if (span_ends_with(span_of(entry[i].path), SPAN_LIT(DISK_UNFINISHED)))
            ok = disk_remove(disk, entry[i].path, err);
        else
            ok = read_note(witness, &entry[i], &arena, err) ||
                 err_wrap(err, "the file %s", entry[i].path);
    arena_free(&arena);
    return ok;
}

/* Freezing. */

/* A key of an operator of the next term; the log's is named as its origin is. */
static bool check_key(const char *vkey, const char *name, struct err *err)
{
    struct note_key key;
    struct err unfit = {0};

    if (!note_key_parse(&key, span_of(vkey), &unfit))
        return err_set(err, ERR_USAGE, "\"%s\": %s", vkey, unfit.text);
    if (key.type != NOTE_TYPE_ED25519 || (name && strcmp(key.name, name) != 0))
        return err_set(err, ERR_USAGE, "%s is no key of %s", key.name,
                       name ? name : "one who promises");
    return true;
}

static bool check_words(const struct witness *witness, const struct freeze *freeze, struct err *err)
{
    const char *origin = freeze->checkpoint->origin;
    uint64_t term = witness_term(witness, origin);

    if (term == 0)
        return err_set(err, ERR_USAGE, "%s is no origin of %s", origin, witness->options.agreement);
    if (!note_name_valid(span_of(freeze->next_origin)) ||
        witness_term(witness, freeze->next_origin) <= term)
        return err_set(err, ERR_USAGE, "%s is no origin that can follow %s", freeze->next_origin,
                       origin);
    return check_key(freeze->next_log_key, freeze->next_origin, err) &&
           check_key(freeze->next_promise_key, NULL, err);
}

/* Held whole, and with what was cosigned last in it, unless that is larger: then put refuses. */
static bool check_held(struct witness *witness, const struct checkpoint *checkpoint,
                       struct err *err)
{
    struct witness_state state = witness_state(witness, checkpoint->origin);

    return checkpoint->size < state.last.size ||
           witness_check_held(witness, &state.last, checkpoint, err);
}

static struct span sign(const struct witness *witness, const struct freeze *freeze,
                        const struct note_signer *node, struct arena *arena)
{
    const struct checkpoint *checkpoint = freeze->checkpoint;
    char root[2 * HASH_BYTES + 1];
    struct json members = json_object();

    hex_text(root, hash_span(&checkpoint->root));
    json_set(&members, "next_log_key", json_text(freeze->next_log_key), arena);
    json_set(&members, "next_origin", json_text(freeze->next_origin), arena);
    json_set(&members, "next_promise_key", json_text(freeze->next_promise_key), arena);
    json_set(&members, "origin", json_text(checkpoint->origin), arena);
    json_set(&members, "root", json_text(root), arena);
    json_set_integer(&members, "size", (int64_t)checkpoint->size, arena);
    return statement_sign(span_of(witness->options.agreement), "freeze", &members, node, arena);
}

/* Of whoever's signature: the same text. */
static bool same_text(struct span a, struct span b)
{
    struct note one, other;
    struct arena arena = {0};
    struct err err = {0};

    bool same = note_parse(&one, a, &arena, &err) && note_parse(&other, b, &arena, &err) &&
                span_equal(one.text, other.text);
    arena_free(&arena);
    return same;
}

/* A term that is frozen can be frozen again, for another that follows it. */
static bool check_size(const struct witness *witness, const struct checkpoint *checkpoint,
                       struct err *err)
{
    struct witness_state state = witness_state_locked(witness, checkpoint->origin);
    const char *latest = witness->last.checkpoint.origin;

    if (witness_term(witness, checkpoint->origin) < witness_term(witness, latest))
        return err_set(err, ERR_REFUSED, "%s was cosigned since", latest);
    return checkpoint->size >= state.last.size ||
           err_set(err, ERR_REFUSED, "%" PRIu64 " entries of it were cosigned, more than %" PRIu64,
                   state.last.size, checkpoint->size);
}

/* The note leaves when it is durable, and so the origin is never cosigned again. */
static bool put(struct witness *witness, const struct freeze *freeze, bool present,
                struct span note, struct err *err)
{
    const struct frozen *before = find(witness, span_of(freeze->next_origin));
    char path[NOTE_PATH];

    if (before)
        return same_text(before->note, note) ||
               err_set(err, ERR_REFUSED, "another freeze was signed for %s", freeze->next_origin);
    if (!present)
        return err_set(err, ERR_REFUSED, "%s is not the present term", freeze->checkpoint->origin);
    if (!check_size(witness, freeze->checkpoint, err))
        return false;
    if (witness->frozen_count == FROZEN_MOST)
        return err_set(err, ERR_LIMIT, "more than %u freeze notes", FROZEN_MOST);
    path_of(path, note);
    return disk_replace(witness->options.disk, path, note, true, err) && add(witness, note, err);
}

bool witness_freeze(struct witness *witness, const struct freeze *freeze,
                    const struct note_signer *node, struct span *out_note, struct arena *arena,
                    struct err *err)
{
    if (!check_words(witness, freeze, err) || !check_held(witness, freeze->checkpoint, err))
        return err_wrap(err, "freeze");
    struct span note = sign(witness, freeze, node, arena);
    bool present = witness_is_present(witness, freeze->checkpoint->origin);
    pthread_mutex_lock(&witness->lock);
    bool ok = put(witness, freeze, present, note, err);
    pthread_mutex_unlock(&witness->lock);
    if (!ok)
        return err_wrap(err, "freeze");
    *out_note = note;
    return true;
}
