#include "node/inside.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"
#include "node/quarantine_folder.h"
#include "record/kind.h"

#include <stdlib.h>

/*
 * Large parts come before their records, or beside some that are never logged: over the quota,
 * refused, never signed. What no record has named for thirty days of this node's running is
 * cleared, so that nobody fills its disk with what nobody asked for.
 *
 * Four times a day the log is read through, a piece each turn, and what its entries name is left
 * alone for good, void ones among them. `DIR/unnamed` says how long the others have waited, a line
 * each: "STORED MS". That counts while the node runs and is no date, so that a clock which jumps
 * clears nothing. Where a record waits in the outbox, or bytes in quarantine are the same, they
 * stay, however long; what is brought or asked for again begins anew. Cut off anywhere, the next
 * round says what is left to do.
 */

#define FILE_NAME "unnamed"
#define UNNAMED_MS (INT64_C(30) * 86400000)
#define EVERY_MS (INT64_C(6) * 3600000)
#define LINE_BYTES (2 * HASH_BYTES + sizeof " 2592000000\n")
#define ENTRIES 4096u /* that are read in one turn */
#define CLEARED 64u   /* at most, in one round */
#define TRIES 600u    /* turns in which more entries had come; then another round does it */

struct waiting {
    struct hash stored;
    int64_t ms;
    bool brought; /* since the round before: it begins anew */
    bool named;
};

struct unnamed {
    int64_t looked_ms; /* when the last round began; 0: none has in this process */

    /* Of the round that is under way. */
    struct log_reader *reader; /* NULL: none is */
    uint64_t next;             /* the entry to be read */
    struct waiting *waiting;   /* in the order of their hashes */
    size_t count;
    bool written;
    unsigned tries;
    struct arena arena;
};

static void end_round(struct unnamed *u)
{
    log_reader_close(u->reader);
    arena_free(&u->arena);
    u->reader = NULL;
}

void unnamed_close(struct unnamed *u)
{
    if (!u)
        return;
    end_round(u);
    free(u);
}

/* --- how long they have waited --- */

static int by_hash(const void *a, const void *b)
{
    const struct waiting *one = a, *other = b;

    return memcmp(one->stored.bytes, other->stored.bytes, HASH_BYTES);
}

static struct waiting *find(struct unnamed *u, const struct hash *stored)
{
    struct waiting key = {.stored = *stored};

    return u->count ? bsearch(&key, u->waiting, u->count, sizeof key, by_hash) : NULL;
}

static void list(struct unnamed *u, struct parts *parts)
{
    struct parts_unnamed *part;

    parts_unnamed(parts, &part, &u->count, &u->arena);
    u->waiting = ARENA_ARRAY(&u->arena, struct waiting, u->count);
    for (size_t i = 0; i < u->count; i++)
        u->waiting[i] = (struct waiting){.stored = part[i].stored, .brought = part[i].brought};
    if (u->count > 0)
        qsort(u->waiting, u->count, sizeof *u->waiting, by_hash);
}

/* A line that is none of ours, and what follows it, is as good as none: those begin anew. */
static void take_lines(struct unnamed *u, struct span file, int64_t more_ms)
{
    struct reader r = reader_over(file);
    struct hash stored;

    while (!reader_failed(&r) && reader_left(&r) > 0) {
        struct span hex = reader_take(&r, 2 * HASH_BYTES);

        reader_expect(&r, " ");
        uint64_t ms = reader_decimal_line(&r, UNNAMED_MS);
        if (reader_failed(&r) || !hex_parse(stored.bytes, sizeof stored.bytes, hex))
            return;
        struct waiting *waiting = find(u, &stored);
        if (waiting && !waiting->brought)
            waiting->ms = (int64_t)ms + more_ms;
    }
}

static bool read_waits(struct unnamed *u, struct disk *disk, int64_t more_ms, struct err *err)
{
    struct span file;

    if (!disk_read(disk, FILE_NAME, SIZE_MAX, &file, &u->arena, err))
        return err->kind == ERR_MISSING;
    take_lines(u, file, more_ms);
    return true;
}

static bool write_waits(struct unnamed *u, struct disk *disk, struct err *err)
{
    struct buf buf = buf_in(&u->arena, u->count * LINE_BYTES);
    char hex[2 * HASH_BYTES + 1];

    for (size_t i = 0; i < u->count; i++) {
        const struct waiting *waiting = &u->waiting[i];
        int64_t ms = waiting->ms < UNNAMED_MS ? waiting->ms : UNNAMED_MS;

        hex_text(hex, hash_span(&waiting->stored));
        if (!waiting->named)
            buf_printf(&buf, "%s %" PRId64 "\n", hex, ms);
    }
    assert(!buf.full);
    return buf_span(&buf).len ? disk_replace(disk, FILE_NAME, buf_span(&buf), true, err)
                              : disk_remove(disk, FILE_NAME, err);
}

/* --- a round --- */

static bool begin(struct node *node, struct unnamed *u, int64_t now, struct err *err)
{
    int64_t more_ms = u->looked_ms && now > u->looked_ms ? now - u->looked_ms : 0;
    struct disk *disk = node->world.disk;

    more_ms = more_ms < 2 * EVERY_MS ? more_ms : 2 * EVERY_MS;
    u->looked_ms = now;
    u->next = 0;
    u->written = false;
    u->tries = 0;
    list(u, node->parts);
    if (u->count > 0)
        return read_waits(u, disk, more_ms, err) && log_reader_open(&u->reader, disk, 0, err);
    arena_free(&u->arena);
    return disk_remove(disk, FILE_NAME, err);
}

static void name_all(struct unnamed *u, struct parts *parts, struct span entry)
{
    struct waiting *waiting;
    struct hash stored;

    while (part_named_next(&entry, &stored)) {
        if (!(waiting = find(u, &stored)))
            continue;
        waiting->named = true;
        parts_name(parts, &stored);
    }
}

static bool read_on(struct node *node, struct unnamed *u, uint64_t size, struct err *err)
{
    uint64_t end = size - u->next < ENTRIES ? size : u->next + ENTRIES;
    struct span entry;

    log_reader_resize(u->reader, size);
    for (; u->next < end; u->next++) {
        if (!log_reader_entry(u->reader, u->next, &entry, err))
            return false;
        name_all(u, node->parts, entry);
    }
    return true;
}

/* --- clearing --- */

static size_t list_due(struct unnamed *u, struct hash due[CLEARED])
{
    size_t count = 0;

    for (size_t i = 0; i < u->count && count < CLEARED; i++)
        if (!u->waiting[i].named && u->waiting[i].ms >= UNNAMED_MS)
            due[count++] = u->waiting[i].stored;
    return count;
}

static bool is_in_quarantine(struct disk *disk, const struct hash *stored, bool *out,
                             struct err *err)
{
    char path[sizeof QUARANTINE_FOLDER "/" + 2 * HASH_BYTES] = QUARANTINE_FOLDER "/";
    uint64_t size;

    hex_text(path + strlen(path), hash_span(stored));
    *out = *out || disk_size(disk, path, &size, err);
    return *out || err->kind == ERR_MISSING;
}

/* The lock, of who follows, is held. */
static bool clear(struct node *node, struct unnamed *u, struct err *err)
{
    struct hash due[CLEARED];
    bool kept[CLEARED] = {false}, cleared, ok = true;
    size_t count = list_due(u, due);

    if (count > 0)
        ok = outbox_names(node->outbox, due, count, kept, err);
    for (size_t i = 0; ok && i < count; i++) {
        ok = is_in_quarantine(node->world.disk, &due[i], &kept[i], err);
        if (ok && !kept[i])
            ok = journal_clear_part(node->journal, &due[i], u->next, &cleared, err);
    }
    return ok;
}

/* All that was published when this turn began has been read. */
static bool finish(struct node *node, struct unnamed *u, uint64_t staged, struct err *err)
{
    if (!u->written && !write_waits(u, node->world.disk, err))
        return false;
    u->written = true;
    if (staged != u->next && ++u->tries < TRIES)
        return true;
    pthread_mutex_lock(&node->live->lock);
    bool ok = clear(node, u, err);
    pthread_mutex_unlock(&node->live->lock);
    end_round(u);
    return ok;
}

static bool go_on(struct node *node, struct unnamed *u, struct err *err)
{
    struct journal_head head;
    struct arena arena = {0};

    journal_head(node->journal, &head, &arena);
    arena_free(&arena);
    return read_on(node, u, head.checkpoint.size, err) &&
           (u->next < head.checkpoint.size || finish(node, u, head.staged, err));
}

bool unnamed_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    int64_t now = clock_now_ms(node->world.clock);

    if (!live->unnamed && !(live->unnamed = calloc(1, sizeof *live->unnamed)))
        abort();
    struct unnamed *u = live->unnamed;
    bool ok = u->reader                               ? go_on(node, u, err)
              : live_due(now, u->looked_ms, EVERY_MS) ? begin(node, u, now, err)
                                                      : true;
    return ok || err_wrap(err, "look for parts that no record names");
}
