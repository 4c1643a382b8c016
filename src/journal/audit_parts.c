#include "journal/audit_inside.h"

#include "base/reader.h"
#include "codec/hex.h"

#include <stdlib.h>

#define PACKS "parts/pack"
#define WINDOW (4u << 20) /* read at once: several of the largest small parts */

/* The set. */

void audit_part_set_free(struct audit_part_set *set)
{
    free(set->slot);
    free(set->taken);
    *set = (struct audit_part_set){0};
}

static size_t place_of(const struct audit_part_set *set, const struct hash *stored)
{
    uint64_t start;

    memcpy(&start, stored->bytes, sizeof start);
    size_t at = (size_t)start & (set->room - 1);
    while (set->taken[at] && !hash_equal(set->slot[at], *stored))
        at = (at + 1) & (set->room - 1);
    return at;
}

bool audit_part_set_has(const struct audit_part_set *set, const struct hash *stored)
{
    return set->room > 0 && set->taken[place_of(set, stored)];
}

static void grow(struct audit_part_set *set)
{
    struct audit_part_set larger = {.room = set->room ? 2 * set->room : 1024};

    larger.slot = calloc(larger.room, sizeof *larger.slot);
    larger.taken = calloc(larger.room, sizeof *larger.taken);
    if (!larger.slot || !larger.taken)
        abort();
    for (size_t i = 0; i < set->room; i++)
        if (set->taken[i])
            audit_part_set_add(&larger, &set->slot[i]);
    audit_part_set_free(set);
    *set = larger;
}

void audit_part_set_add(struct audit_part_set *set, const struct hash *stored)
{
    if (2 * set->count >= set->room)
        grow(set);
    size_t at = place_of(set, stored);
    set->count += !set->taken[at];
    set->slot[at] = *stored;
    set->taken[at] = true;
}

/* What is here. */

/* Takes the whole parts off the front of the window; what is left is a part cut short, by
 * the window or by the end of the pack. */
static size_t take_parts(struct audit_part_set *set, struct span window)
{
    size_t taken = 0;

    for (;;) {
        struct reader r = reader_over(span_from(window, taken));
        struct span stored = reader_take(&r, HASH_BYTES);
        struct span part = reader_take(&r, reader_u32be(&r));

        if (reader_failed(&r))
            break;
        struct hash hash = hash_of(part);
        if (!span_equal(stored, hash_span(&hash)))
            break;
        audit_part_set_add(set, &hash);
        taken += reader_offset(&r);
    }
    return taken;
}

/* The end of a pack may be torn where the last run was cut off: the stage holds what was
 * being written. Anywhere else it is damage; so are parts that are missed later. */
static bool read_pack(struct audit *audit, const struct disk_entry *pack, struct err *err)
{
    struct arena arena = {0};
    struct span window;
    uint64_t at = 0;
    size_t taken = 1;
    bool ok = true;

    while (ok && taken > 0 && at < pack->size) {
        uint64_t left = pack->size - at;
        arena_reset(&arena);
        ok = disk_read_at(audit->disk, pack->path, at, left < WINDOW ? (size_t)left : WINDOW,
                          &window, &arena, err);
        taken = ok ? take_parts(&audit->parts, window) : 0;
        at += taken;
    }
    arena_free(&arena);
    if (ok && at < pack->size && !audit_in_flight(audit))
        audit_find(audit, pack->path, "it is damaged, at byte %" PRIu64, at);
    return ok;
}

/* A large one has a file of its own, named by its hash. */
static bool read_large(struct audit *audit, const struct disk_entry *file, const char *name,
                       struct err *err)
{
    struct hash want, hash;
    struct arena arena = {0};
    struct span bytes;

    if (!hex_parse(want.bytes, sizeof want.bytes, span_of(name)))
        return audit_in_flight(audit) ||
               audit_find(audit, file->path, "nothing explains this file");
    bool ok = disk_read(audit->disk, file->path, (size_t)file->size, &bytes, &arena, err);
    if (ok) {
        hash = hash_of(bytes);
        if (hash_equal(hash, want))
            audit_part_set_add(&audit->parts, &hash);
        else if (!audit_in_flight(audit))
            audit_find(audit, file->path, "it is damaged");
    }
    arena_free(&arena);
    return ok;
}

bool audit_read_parts(struct audit *audit, struct err *err)
{
    const struct span packs = SPAN_LIT(PACKS "/");
    struct disk_entry *file;
    size_t count;

    if (!disk_list(audit->disk, "parts", &file, &count, &audit->arena, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && !audit->found && i < count; i++) {
        if (span_starts_with(span_of(file[i].path), packs))
            ok = read_pack(audit, &file[i], err);
        else
            ok = read_large(audit, &file[i], strrchr(file[i].path, '/') + 1, err);
    }
    return ok;
}
