#include "store/parts.h"

#include <stdlib.h>

#include "store/fair_lock.h"
#include "store/parts_inside.h"

/* A pack that has grown so large is left, and the next begun: it is what is read through,
 * and hashed, at every start. */
#define PACK_BYTES (64u << 20)
#define WINDOW_BYTES (4u << 20) /* read at once: more than the largest of them */
#define LAST_PACK 999999u

bool parts_find(struct parts *parts, const struct hash *stored, struct parts_place *out)
{
    pthread_rwlock_rdlock(&parts->lock);
    const struct parts_place *place = parts_index_find(&parts->index, stored);
    if (place)
        *out = *place;
    pthread_rwlock_unlock(&parts->lock);
    return place != NULL;
}

/* What was erased stays so; what was somewhere else is still there. */
static void set_place(struct parts *parts, struct parts_place place)
{
    pthread_rwlock_wrlock(&parts->lock);
    const struct parts_place *known = parts_index_find(&parts->index, &place.stored);
    if (known && known->erased) {
        parts_keep_copy(parts, place);
    } else {
        if (known && (known->pack != place.pack || known->offset != place.offset))
            parts_keep_copy(parts, *known);
        parts_index_set(&parts->index, place);
    }
    pthread_rwlock_unlock(&parts->lock);
}

bool parts_have(struct parts *parts, const struct hash *stored)
{
    struct parts_place place;

    return parts_find(parts, stored, &place) && !place.damaged && !place.erased;
}

bool parts_erased(struct parts *parts, const struct hash *stored)
{
    struct parts_place place;

    return parts_find(parts, stored, &place) && place.erased;
}

/* Adding. */

/* A pack is synced before the next is begun. */
static bool open_pack(struct parts *parts, struct err *err)
{
    char path[PARTS_PATH];
    bool begin = parts->pack == 0 || parts->pack_size >= PACK_BYTES;
    uint32_t pack = begin ? parts->pack + 1 : parts->pack;

    if (parts->file && !begin)
        return true;
    if (pack > LAST_PACK)
        return err_set(err, ERR_LIMIT, "no number is left for another pack");
    if (!parts_sync(parts, err))
        return false;
    disk_append_close(parts->file);
    parts->file = NULL;
    if (!disk_append_open(parts->disk, parts_pack_path(path, pack), &parts->file, err))
        return false;
    if (begin) {
        parts->pack = pack;
        parts->pack_size = 0;
        parts->unnamed = true;
    }
    return true;
}

static bool add_small(struct parts *parts, const struct hash *hash, struct span stored,
                      struct err *err)
{
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, PACK_HEAD_BYTES + stored.len);

    pack_put(&buf, hash, stored);
    bool ok = open_pack(parts, err) && disk_append(parts->file, buf_span(&buf), err);
    arena_free(&arena);
    if (!ok)
        return false;
    parts->unsynced = true;
    set_place(parts, (struct parts_place){.stored = *hash,
                                          .pack = parts->pack,
                                          .len = (uint32_t)stored.len,
                                          .offset = parts->pack_size + PACK_HEAD_BYTES});
    parts->pack_size += PACK_HEAD_BYTES + stored.len;
    return true;
}

static bool add_large(struct parts *parts, const struct hash *hash, struct span stored,
                      struct err *err)
{
    pthread_mutex_t *hand = &parts->hand[hash->bytes[0] % PARTS_HANDS];
    char path[PARTS_PATH];
    uint64_t size;

    pthread_mutex_lock(hand);
    bool here = parts_ask(parts, hash, &size) || parts_erased(parts, hash);
    bool ok = here || disk_replace(parts->disk, parts_large_path(path, hash), stored, true, err);
    if (ok && !here)
        set_place(parts, (struct parts_place){
                             .stored = *hash, .len = (uint32_t)stored.len, .brought = true});
    pthread_mutex_unlock(hand);
    return ok;
}

static bool check_length(struct span stored, struct err *err)
{
    return stored.len <= LIMIT_PART_BYTES ||
           err_set(err, ERR_LIMIT, "a part of %zu bytes, at most %u are kept", stored.len,
                   LIMIT_PART_BYTES);
}

bool parts_add(struct parts *parts, struct span stored, struct err *err)
{
    struct hash hash = hash_of(stored);
    uint64_t size;

    assert(!parts->read_only);
    if (parts_ask(parts, &hash, &size) || parts_erased(parts, &hash))
        return true;
    if (!check_length(stored, err))
        return false;
    return stored.len <= LIMIT_SMALL_PART_BYTES ? add_small(parts, &hash, stored, err)
                                                : add_large(parts, &hash, stored, err);
}

bool parts_add_large(struct parts *parts, const struct hash *hash, struct span stored,
                     struct err *err)
{
    assert(!parts->read_only && stored.len > LIMIT_SMALL_PART_BYTES);
    return check_length(stored, err) && add_large(parts, hash, stored, err);
}

bool parts_sync(struct parts *parts, struct err *err)
{
    if (parts->unsynced && !disk_sync(parts->file, err))
        return false;
    if (parts->unnamed && !disk_sync_directory(parts->disk, PARTS_PACKS, err))
        return false;
    parts->unsynced = parts->unnamed = false;
    return true;
}

/* Reading. */

/* False when it is not here, or no more. */
static bool find_kept(struct parts *parts, const struct hash *stored, struct parts_place *out,
                      struct err *err)
{
    if (!parts_find(parts, stored, out))
        return err_set(err, ERR_MISSING, "the part is not here");
    return !out->erased || err_set(err, ERR_MISSING, "the part was erased");
}

static bool read_place(struct parts *parts, const struct parts_place *place, struct span *out,
                       struct arena *arena, struct err *err)
{
    char path[PARTS_PATH];

    if (place->pack == 0)
        return disk_read(parts->disk, parts_large_path(path, &place->stored), LIMIT_PART_BYTES, out,
                         arena, err);
    return disk_read_at(parts->disk, parts_pack_path(path, place->pack), place->offset, place->len,
                        out, arena, err);
}

/* From now on it is as good as missing, so that it can be added again; unless it has been,
 * meanwhile and elsewhere. */
static bool damaged(struct parts *parts, const struct parts_place *where, struct err *err)
{
    pthread_rwlock_wrlock(&parts->lock);
    struct parts_place *place = parts_index_find(&parts->index, &where->stored);
    if (place->pack == where->pack && place->offset == where->offset)
        place->damaged = true;
    pthread_rwlock_unlock(&parts->lock);
    return err_set(err, ERR_CONFLICT, "the part is damaged on disk");
}

bool parts_get(struct parts *parts, const struct hash *stored, struct span *out,
               struct arena *arena, struct err *err)
{
    struct parts_place place;
    struct span bytes;

    if (!find_kept(parts, stored, &place, err))
        return false;
    if (!read_place(parts, &place, &bytes, arena, err)) {
        bool cut_short = err->kind == ERR_MISSING || err->kind == ERR_LIMIT;
        return cut_short ? damaged(parts, &place, err) : false;
    }
    if (!hash_equal(hash_of(bytes), *stored))
        return damaged(parts, &place, err);
    *out = bytes;
    return true;
}

bool parts_size(struct parts *parts, const struct hash *stored, uint64_t *out)
{
    struct parts_place place;

    if (!parts_find(parts, stored, &place) || place.damaged || place.erased)
        return false;
    *out = place.len;
    return true;
}

bool parts_read(struct parts *parts, const struct hash *stored, uint64_t offset, size_t len,
                struct span *out, struct arena *arena, struct err *err)
{
    struct parts_place place;
    char path[PARTS_PATH];

    if (!find_kept(parts, stored, &place, err))
        return false;
    assert(offset <= place.len && len <= place.len - offset);
    if (place.pack == 0)
        parts_large_path(path, stored);
    else
        parts_pack_path(path, place.pack);
    if (disk_read_at(parts->disk, path, place.offset + offset, len, out, arena, err))
        return true;
    return err->kind == ERR_MISSING ? damaged(parts, &place, err) : false;
}

/* Opening. */

struct found_pack {
    uint32_t number;
    uint64_t size;
    uint64_t good_until; /* up to there every part is what its hash says */
    bool broken;         /* beyond that one is not */
};

/* `at` is where the part's bytes stand in the pack. */
typedef bool each_part(struct parts *parts, struct found_pack *pack, uint64_t at,
                       const struct pack_part *part, struct err *err);

static bool walk_window(struct parts *parts, struct found_pack *pack, uint64_t *offset,
                        struct span window, each_part *each, struct err *err)
{
    struct reader r = reader_over(window);
    struct pack_part part;
    bool ok = true;

    while (ok && pack_next(&r, &part))
        ok = each(parts, pack, *offset + (uint64_t)(part.bytes.at - window.at), &part, err);
    *offset += reader_offset(&r);
    return ok;
}

/* Every part from `offset` to where the pack ends or is cut short. */
static bool walk_pack(struct parts *parts, struct found_pack *pack, uint64_t offset,
                      each_part *each, struct err *err)
{
    struct arena arena = {0};
    char path[PARTS_PATH];
    bool ok = true;
    bool more = true;

    parts_pack_path(path, pack->number);
    while (ok && more && offset < pack->size) {
        uint64_t before = offset;
        uint64_t left = pack->size - offset;
        size_t len = left < WINDOW_BYTES ? (size_t)left : WINDOW_BYTES;
        struct span window;

        arena_reset(&arena);
        ok = disk_read_at(parts->disk, path, offset, len, &window, &arena, err) &&
             walk_window(parts, pack, &offset, window, each, err);
        more = offset > before;
    }
    arena_free(&arena);
    return ok;
}

static bool index_part(struct parts *parts, struct found_pack *pack, uint64_t at,
                       const struct pack_part *part, struct err *err)
{
    bool erased = parts_erased(parts, &part->stored); /* half of it may be blank by now */

    (void)err;
    pack->broken = pack->broken || (!part->good && !erased);
    if (!pack->broken)
        pack->good_until = at + part->bytes.len;
    if (part->good || erased)
        set_place(parts, (struct parts_place){.stored = part->stored,
                                              .pack = pack->number,
                                              .len = (uint32_t)part->bytes.len,
                                              .offset = at});
    return true;
}

static bool save_part(struct parts *parts, struct found_pack *pack, uint64_t at,
                      const struct pack_part *part, struct err *err)
{
    (void)pack;
    (void)at;
    return !part->good || parts_erased(parts, &part->stored) ||
           add_small(parts, &part->stored, part->bytes, err);
}

/* After a power cut the end of a pack may be torn, or be there and something before it not.
 * What is good behind the tear is first written once more, elsewhere; then it is cut. Behind
 * a length that has rotted nothing can be told apart: those parts are owed again. */
static bool mend_pack(struct parts *parts, struct found_pack *pack, struct err *err)
{
    char path[PARTS_PATH];

    if (pack->good_until == pack->size)
        return true;
    if (parts->pack == pack->number)
        parts->pack_size = PACK_BYTES; /* full: what is saved goes to the next */
    bool ok =
        walk_pack(parts, pack, pack->good_until, save_part, err) && parts_sync(parts, err) &&
        disk_truncate(parts->disk, parts_pack_path(path, pack->number), pack->good_until, err);
    if (parts->pack == pack->number)
        parts->pack_size = pack->good_until;
    return ok;
}

/* The number of a pack; 0 for any other path. */
static uint32_t pack_number(const char *path)
{
    struct span name = span_of(path);
    struct reader r = reader_over(name);
    uint32_t number = 0;

    reader_expect(&r, PARTS_PACKS "/");
    for (int i = 0; i < 6; i++) {
        uint8_t digit = reader_u8(&r);
        if (digit < '0' || digit > '9')
            return 0;
        number = 10 * number + (digit - '0');
    }
    return reader_done(&r) ? number : 0;
}

static bool hash_in(struct hash *out, const char *directory, const char *path)
{
    struct span name = span_of(path), above = span_of(directory);

    return span_starts_with(name, above) &&
           hex_parse(out->bytes, sizeof out->bytes, span_from(name, above.len));
}

static bool find_one(struct parts *parts, const struct disk_entry *entry, struct found_pack *packs,
                     size_t *count, struct err *err)
{
    struct parts_place large = {.len = (uint32_t)entry->size};
    struct parts_place erased = {.erased = true, .held = entry->size > 0};
    uint32_t number = pack_number(entry->path);

    if (!entry->regular)
        return true;
    if (span_ends_with(span_of(entry->path), span_of(DISK_UNFINISHED)))
        return parts->read_only || disk_remove(parts->disk, entry->path, err);
    if (number > 0) {
        packs[*count] = (struct found_pack){.number = number, .size = entry->size};
        return walk_pack(parts, &packs[(*count)++], 0, index_part, err);
    }
    if (hash_in(&erased.stored, PARTS_ERASED "/", entry->path))
        set_place(parts, erased);
    else if (entry->size <= LIMIT_PART_BYTES &&
             hash_in(&large.stored, PARTS_LARGE "/", entry->path))
        set_place(parts, large);
    return true;
}

/* What was erased is listed first, for so the names sort. Packs are mended from the last on, for
 * that is where what is saved goes. */
static bool find_all(struct parts *parts, struct arena *arena, struct err *err)
{
    struct disk_entry *entry;
    size_t entries;
    size_t count = 0;

    if (!disk_list(parts->disk, "parts", &entry, &entries, arena, err))
        return false;
    struct found_pack *packs = ARENA_ARRAY(arena, struct found_pack, entries);
    for (size_t i = 0; i < entries; i++) {
        if (!find_one(parts, &entry[i], packs, &count, err))
            return false;
    }
    if (count > 0) {
        parts->pack = packs[count - 1].number;
        parts->pack_size = packs[count - 1].size;
    }
    if (!parts->read_only && !parts_end_erasing(parts, err))
        return false;
    while (count > 0 && !parts->read_only) {
        if (!mend_pack(parts, &packs[--count], err))
            return false;
    }
    return true;
}

static bool open_parts(struct parts **out, struct disk *disk, bool read_only, struct err *err)
{
    struct parts *parts = calloc(1, sizeof *parts);
    struct arena arena = {0};

    if (!parts)
        abort();
    fair_lock_open(&parts->lock);
    parts->disk = disk;
    parts->read_only = read_only;
    parts_index_open(&parts->index);
    for (size_t i = 0; i < PARTS_HANDS; i++)
        if (pthread_mutex_init(&parts->hand[i], NULL) != 0)
            abort();
    bool ok = find_all(parts, &arena, err);
    arena_free(&arena);
    if (!ok) {
        parts_close(parts);
        return err_wrap(err, "open the parts");
    }
    *out = parts;
    return true;
}

bool parts_open(struct parts **out, struct disk *disk, struct err *err)
{
    return open_parts(out, disk, false, err);
}

bool parts_open_read(struct parts **out, struct disk *disk, struct err *err)
{
    return open_parts(out, disk, true, err);
}

void parts_close(struct parts *parts)
{
    if (!parts)
        return;
    disk_append_close(parts->file);
    parts_index_close(&parts->index);
    free(parts->copy);
    for (size_t i = 0; i < PARTS_HANDS; i++)
        pthread_mutex_destroy(&parts->hand[i]);
    pthread_rwlock_destroy(&parts->lock);
    free(parts);
}
