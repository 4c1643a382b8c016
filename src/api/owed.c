#include "api/owed.h"

#include "api/each_row.h"
#include "codec/hex.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define OWED_DIGITS "16" /* as many as the largest index has */
#define KEY_BYTES 160u   /* more than a key of either table has */

struct one {
    struct hash stored;
    uint64_t entry;
};

struct owed {
    pthread_mutex_t lock;
    bool begun;
    bool whole;
    uint64_t start;        /* copies of entries below it are gone through; later ones are noted */
    char copy[KEY_BYTES];  /* the last that was gone through */
    char noted[KEY_BYTES]; /* the last that was seen */
    struct one *one;
    size_t count, room;
    size_t next; /* which is looked for next */
};

struct owed *owed_open(void)
{
    struct owed *owed = calloc(1, sizeof *owed);

    if (!owed)
        abort();
    pthread_mutex_init(&owed->lock, NULL);
    return owed;
}

void owed_close(struct owed *owed)
{
    if (!owed)
        return;
    pthread_mutex_destroy(&owed->lock);
    free(owed->one);
    free(owed);
}

struct look {
    struct owed *owed;
    struct store_reader *reader;
    struct parts *parts;
    struct arena arena;
};

static bool is_owed(struct parts *parts, const struct hash *stored)
{
    return !parts_have(parts, stored) && !parts_erased(parts, stored);
}

static void add(struct owed *owed, struct one one)
{
    if (owed->count == owed->room) {
        owed->room = owed->room ? 2 * owed->room : 64;
        owed->one = realloc(owed->one, owed->room * sizeof *owed->one);
        if (!owed->one)
            abort();
    }
    owed->one[owed->count++] = one;
}

/* `key` is "COMMITMENT STORED". Of a record that is void no part has a row; of what was ordered to
 * be erased, nothing is owed. */
static bool see(struct look *look, struct span key, uint64_t entry, struct err *err)
{
    struct one one = {.entry = entry};
    struct span commitment;
    const struct json *part;

    if (!span_cut(&key, ' ', &commitment) ||
        !hex_parse(one.stored.bytes, sizeof one.stored.bytes, key) ||
        !is_owed(look->parts, &one.stored))
        return true;
    if (!one_row(look->reader, "part", commitment, STORE_LATEST, &part, &look->arena, err))
        return false;
    if (part && span_is(json_get_text(part, "state"), "held"))
        add(look->owed, one);
    return true;
}

static bool see_copy(struct look *look, const struct store_row *row, struct err *err)
{
    return see(look, row->key, row->at, err);
}

static bool see_noted(struct look *look, const struct store_row *row, struct err *err)
{
    struct span key = row->key, index;

    return !span_cut(&key, ' ', &index) || see(look, key, row->at, err);
}

/* The rows behind the key `after`, which becomes the last of them. */
static bool go_on(struct look *look, const char *table, uint64_t as_of, char after[KEY_BYTES],
                  bool (*each)(struct look *, const struct store_row *, struct err *),
                  bool *out_end, struct err *err)
{
    struct store_row *row;
    size_t count;

    if (!store_scan(look->reader, table, (struct span){0}, span_of(after), as_of, OWED_AT_ONCE,
                    &row, &count, &look->arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!each(look, &row[i], err))
            return false;
        assert(row[i].key.len < KEY_BYTES);
        snprintf(after, KEY_BYTES, "%.*s", SPAN_ARG(row[i].key));
    }
    *out_end = count < OWED_AT_ONCE;
    return true;
}

/* What has come since, or was erased, goes. */
static void let_go(struct look *look)
{
    struct owed *owed = look->owed;
    size_t most = owed->count < OWED_AT_ONCE ? owed->count : OWED_AT_ONCE;

    for (size_t n = 0; n < most; n++) {
        if (owed->next >= owed->count)
            owed->next = 0;
        if (is_owed(look->parts, &owed->one[owed->next].stored))
            owed->next++;
        else
            owed->one[owed->next] = owed->one[--owed->count];
    }
}

static bool go_through(struct look *look, struct err *err)
{
    struct owed *owed = look->owed;
    uint64_t applied;
    bool end = false;

    if (!store_applied(look->reader, &applied, err))
        return false;
    if (!owed->begun) {
        owed->begun = true;
        owed->start = applied;
        owed->whole = applied == 0;
        snprintf(owed->noted, sizeof owed->noted, "%0" OWED_DIGITS PRIu64, applied);
    }
    if (applied < owed->start) /* another thread's reader has seen more than this one */
        return true;
    if (!owed->whole &&
        !go_on(look, "view_copy", owed->start - 1, owed->copy, see_copy, &owed->whole, err))
        return false;
    return go_on(look, "view_owed", STORE_LATEST, owed->noted, see_noted, &end, err);
}

bool owed_look(struct owed *owed, struct store_reader *reader, struct parts *parts,
               struct owed_count *out, struct err *err)
{
    struct look look = {owed, reader, parts, {0}};

    pthread_mutex_lock(&owed->lock);
    bool ok = go_through(&look, err);
    if (ok) {
        let_go(&look);
        *out = (struct owed_count){.whole = owed->whole, .parts = owed->count};
        for (size_t i = 0; i < owed->count; i++)
            if (i == 0 || owed->one[i].entry < out->entry)
                out->entry = owed->one[i].entry;
    }
    pthread_mutex_unlock(&owed->lock);
    arena_free(&look.arena);
    return ok || err_wrap(err, "count what is owed");
}

bool owed_note(struct store_tx *tx, uint64_t index, const struct part *part, struct parts *parts,
               struct arena *arena, struct err *err)
{
    struct hash stored;

    if (!hex_parse(stored.bytes, sizeof stored.bytes, part->stored) || !is_owed(parts, &stored))
        return true;
    const char *key = arena_printf(arena, "%0" OWED_DIGITS PRIu64 " %.*s %.*s", index,
                                   SPAN_ARG(part->commitment), SPAN_ARG(part->stored));
    return store_put(tx, index, "view_owed", span_of(key), SPAN_LIT("{}"), err);
}
