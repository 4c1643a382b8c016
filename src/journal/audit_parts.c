#include "journal/audit_inside.h"

#include "base/reader.h"
#include "codec/hex.h"
#include "record/kind.h"

#include <stdio.h>

#define PACKS "parts/pack"
#define ERASED "parts/erased"
#define WINDOW (4u << 20)            /* read at once: several of the largest small parts */
#define SET_BYTES ((size_t)16 << 20) /* in memory: some 140,000 parts */

/* The set: rows that are empty. */

static bool set_has(struct audit *audit, const char *set, const struct hash *stored, bool *out,
                    struct arena *arena, struct err *err)
{
    struct span row = {0};

    if (audit->parts && !rows_get(audit->parts, set, hash_span(stored), &row, arena, err))
        return false;
    *out = row.at != NULL;
    return true;
}

static bool set_add(struct audit *audit, const char *set, const struct hash *stored,
                    struct err *err)
{
    size_t bytes = audit->options->rows_bytes;

    if (!audit->parts)
        audit->parts = rows_open(bytes ? bytes : SET_BYTES);
    return rows_set(audit->parts, set, hash_span(stored), SPAN_LIT(""), err);
}

bool audit_part_has(struct audit *audit, const struct hash *stored, bool *out, struct arena *arena,
                    struct err *err)
{
    return set_has(audit, "part", stored, out, arena, err);
}

bool audit_part_erased(struct audit *audit, const struct hash *stored, bool *out,
                       struct arena *arena, struct err *err)
{
    return set_has(audit, "erased", stored, out, arena, err);
}

bool audit_part_add(struct audit *audit, const struct hash *stored, struct err *err)
{
    return set_add(audit, "part", stored, err);
}

static bool name_large(struct audit *audit, const struct hash *stored, struct arena *arena,
                       struct err *err)
{
    bool is_large, before;

    if (!set_has(audit, "large", stored, &is_large, arena, err) ||
        !set_has(audit, "named", stored, &before, arena, err))
        return false;
    if (!is_large || before)
        return true;
    audit->large_named++;
    return set_add(audit, "named", stored, err);
}

bool audit_parts_named(struct audit *audit, struct span entry, struct arena *arena, struct err *err)
{
    struct hash stored;
    bool ok = true;

    while (ok && audit->large > 0 && part_named_next(&entry, &stored))
        ok = name_large(audit, &stored, arena, err);
    return ok;
}

/* What is here. */

/* Takes the whole parts off the front of the window; what is left is a part cut short, by
 * the window or by the end of the pack. */
static bool take_parts(struct audit *audit, struct span window, size_t *out_taken, struct err *err)
{
    for (*out_taken = 0;;) {
        struct reader r = reader_over(span_from(window, *out_taken));
        struct span stored = reader_take(&r, HASH_BYTES);
        struct span part = reader_take(&r, reader_u32be(&r));

        if (reader_failed(&r))
            return true;
        struct hash hash = hash_of(part);
        if (!span_equal(stored, hash_span(&hash)))
            return true;
        if (!audit_part_add(audit, &hash, err))
            return false;
        *out_taken += reader_offset(&r);
    }
}

/* The first alone is told of, with all that is owed for it and others. */
static void note_damage(struct audit *audit, const char *path, const char *how)
{
    if (audit->damaged[0])
        return;
    snprintf(audit->damaged, sizeof audit->damaged, "%s", path);
    snprintf(audit->damage, sizeof audit->damage, "%s", how);
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
                          &window, &arena, err) &&
             take_parts(audit, window, &taken, err);
        at += ok ? taken : 0;
    }
    arena_free(&arena);
    if (ok && at < pack->size && !audit_in_flight(audit)) {
        char how[64];

        snprintf(how, sizeof how, "it is damaged, at byte %" PRIu64, at);
        note_damage(audit, pack->path, how);
    }
    return ok;
}

static bool add_large(struct audit *audit, const struct hash *stored, struct err *err)
{
    audit->large++;
    return audit_part_add(audit, stored, err) && set_add(audit, "large", stored, err);
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
            ok = add_large(audit, &hash, err);
        else if (!audit_in_flight(audit))
            note_damage(audit, file->path, "it is damaged");
    }
    arena_free(&arena);
    return ok;
}

/* The name says what was erased, and is all that is left of it. */
static bool read_erased(struct audit *audit, const struct disk_entry *file, const char *name,
                        struct err *err)
{
    struct hash stored;

    if (hex_parse(stored.bytes, sizeof stored.bytes, span_of(name)))
        return set_add(audit, "erased", &stored, err);
    return audit_in_flight(audit) || audit_find(audit, file->path, "nothing explains this file");
}

bool audit_read_parts(struct audit *audit, struct err *err)
{
    const struct span packs = SPAN_LIT(PACKS "/"), erased = SPAN_LIT(ERASED "/");
    struct disk_entry *file;
    size_t count;

    if (!disk_list(audit->disk, "parts", &file, &count, &audit->arena, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && !audit->found && i < count; i++) {
        if (span_starts_with(span_of(file[i].path), packs))
            ok = read_pack(audit, &file[i], err);
        else if (span_starts_with(span_of(file[i].path), erased))
            ok = read_erased(audit, &file[i], file[i].path + erased.len, err);
        else
            ok = read_large(audit, &file[i], strrchr(file[i].path, '/') + 1, err);
    }
    return ok;
}
