#include "sync/bundle.h"

#include "base/reader.h"
#include "codec/hex.h"
#include "journal/edge.h"
#include "journal/log_keys.h"
#include "journal/log_reader.h"
#include "record/kind.h"
#include "record/record.h"
#include "sync/bundle_section.h"

#include <stdlib.h>

/*
 * Writing a bundle: one way through what the directory holds, in the order of its sections. A
 * server may publish meanwhile, so a partial tile may make way for the full one; either begins
 * with what is asked for.
 */

struct export
{
    const struct bundle_export *options;
    struct bundle_written written;
    struct arena arena;  /* of the section */
    struct hash *stored; /* of the parts that the entries name */
    size_t count, room;
};

static bool put(struct export *export, struct span bytes, struct err *err)
{
    export->written.bytes += bytes.len;
    return export->options->put(export->options->context, bytes, err);
}

static bool put_section(struct export *export, const struct section *section, struct span bytes,
                        struct err *err)
{
    struct buf buf = buf_in(&export->arena, SECTION_HEAD + bytes.len + HASH_BYTES);

    section_put(&buf, section, bytes);
    assert(!buf.full);
    return put(export, buf_span(&buf), err);
}

static bool put_checkpoint(struct export *export, struct err *err)
{
    const struct section section = {.kind = SECTION_CHECKPOINT};

    return put(export, SPAN_LIT(BUNDLE_LINE), err) &&
           put_section(export, &section, export->options->note, err);
}

/* The ends of terms, which whoever is still in one of them needs, if only at its very end. */

static int compare_terms(const void *a, const void *b)
{
    return section_compare(a, b);
}

static bool put_term(struct export *export, const struct section *section, struct err *err)
{
    struct source_disk from = {.disk = export->options->disk, .name = "the directory"};
    const struct source source = source_of_disk(&from);
    char path[SECTION_PATH + 1];
    struct checkpoint checkpoint;
    struct note note;
    struct span bytes;

    arena_reset(&export->arena);
    section_path(path, section);
    if (!source_get(&source, path, LIMIT_CHECKPOINT_BYTES, &bytes, &export->arena, err) ||
        !note_parse(&note, bytes, &export->arena, err) ||
        !checkpoint_parse(&checkpoint, note.text, err))
        return err_wrap(err, "%s", path);
    return checkpoint.size < export->options->from || checkpoint.size > export->options->size ||
           put_section(export, section, bytes, err);
}

static bool put_terms(struct export *export, struct err *err)
{
    struct section term[LIMIT_TERMS];
    struct disk_entry *file;
    struct arena arena = {0};
    size_t files, count = 0;

    bool ok = disk_list(export->options->disk, "terms", &file, &files, &arena, err);
    for (size_t i = 0; ok && i < files && count < LIMIT_TERMS; i++) {
        struct span number = span_from(span_of(file[i].path), strlen("terms/"));
        term[count] = (struct section){.kind = SECTION_TERM};
        count += decimal_parse(&term[count].term, number, LIMIT_INTEGER);
    }
    arena_free(&arena);
    qsort(term, count, sizeof *term, compare_terms);
    for (size_t i = 0; ok && i < count; i++)
        ok = put_term(export, &term[i], err);
    return ok;
}

/* Tiles. */

/* Of the width that the size of the checkpoint has, or that of the log by now. */
static bool read_hashes(const struct bundle_export *options, struct tile tile,
                        struct hash out[TILE_WIDTH], struct arena *arena, struct err *err)
{
    struct err gone;
    struct tile now = tile;

    now.width = tile_width_at(tile.level, tile.index, options->held);
    if (log_read_hashes(options->disk, tile, out, arena, err))
        return true;
    return err->kind == ERR_MISSING && log_read_hashes(options->disk, now, out, arena, &gone);
}

static bool put_hashes(struct export *export, struct tile tile, struct err *err)
{
    const struct section section = {.kind = SECTION_HASHES, .tile = tile};
    struct hash hash[TILE_WIDTH];

    arena_reset(&export->arena);
    return read_hashes(export->options, tile, hash, &export->arena, err) &&
           put_section(export, &section, span_make(hash, tile.width * sizeof *hash), err);
}

/* What stands above the entries from the bundle on in which `from` is. */
static bool put_tiles(struct export *export, struct err *err)
{
    uint64_t from = export->options->from, size = export->options->size;
    bool ok = true;

    for (unsigned level = 1; level < EDGE_LEVELS; level++) {
        struct tile tile = {level, from >> 8 * (level + 1), 1};
        for (; ok && tile.width > 0; tile.index++) {
            tile.width = tile_width_at(level, tile.index, size);
            ok = tile.width == 0 || put_hashes(export, tile, err);
        }
    }
    return ok;
}

/* Entries, and what they name. */

static void note_part(struct export *export, const struct part *part)
{
    if (export->count == export->room) {
        export->room = export->room ? 2 * export->room : 1024;
        export->stored = reallocarray(export->stored, export->room, sizeof *export->stored);
        if (!export->stored)
            abort();
    }
    bool is_hash = hex_parse(export->stored[export->count++].bytes, HASH_BYTES, part->stored);
    assert(is_hash); /* of the shape of parts */
}

static void note_parts(struct export *export, struct span entry)
{
    struct arena arena = {0};
    struct record record;
    struct part part;
    struct err none;

    if (record_parse(&record, entry, &arena, &none) && parts_check(record.body, &none))
        for (size_t n = 0; part_at(record.body, n, &part); n++)
            note_part(export, &part);
    arena_free(&arena);
}

static bool read_entries(const struct bundle_export *options, struct tile tile, struct span *out,
                         struct arena *arena, struct err *err)
{
    struct err gone;
    struct tile now = tile;

    now.width = tile_width_at(tile.level, tile.index, options->held);
    if (log_read_bundle(options->disk, tile, out, arena, err))
        return true;
    return err->kind == ERR_MISSING && log_read_bundle(options->disk, now, out, arena, &gone);
}

static bool put_entries(struct export *export, struct tile tile, struct err *err)
{
    const struct section section = {.kind = SECTION_ENTRIES, .tile = tile};
    struct span bundle, rest, entry;

    arena_reset(&export->arena);
    if (!read_entries(export->options, tile, &bundle, &export->arena, err))
        return false;
    rest = bundle;
    for (unsigned i = 0; i < tile.width; i++) {
        if (!tile_bundle_next(&rest, &entry))
            return err_set(err, ERR_CONFLICT, "the bundle of entry %" PRIu64 " is cut short",
                           tile.index * TILE_WIDTH + i);
        if (tile.index * TILE_WIDTH + i >= export->options->from)
            note_parts(export, entry);
    }
    export->written.entries += tile.width;
    return put_section(export, &section, span_slice(bundle, 0, bundle.len - rest.len), err);
}

static bool put_bundles(struct export *export, struct err *err)
{
    struct tile tile = {TILE_ENTRIES, export->options->from / TILE_WIDTH, 1};
    bool ok = true;

    for (; ok && tile.width > 0; tile.index++) {
        tile.width = tile_width_at(TILE_ENTRIES, tile.index, export->options->size);
        ok = tile.width == 0 || put_entries(export, tile, err);
    }
    return ok;
}

/* Parts. */

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(a, b, HASH_BYTES);
}

/* One that is not here, or is damaged, is owed here too. */
static bool put_part(struct export *export, const struct hash *stored, struct err *err)
{
    const struct section section = {.kind = SECTION_PART, .stored = *stored};
    struct span bytes;
    struct err gone = {0};

    arena_reset(&export->arena);
    if (parts_get(export->options->parts, stored, &bytes, &export->arena, &gone)) {
        export->written.parts++;
        return put_section(export, &section, bytes, err);
    }
    export->written.owed++;
    if (gone.kind == ERR_IO)
        *err = gone;
    return gone.kind != ERR_IO;
}

static bool put_parts(struct export *export, struct err *err)
{
    bool ok = true;

    if (export->count > 0)
        qsort(export->stored, export->count, sizeof *export->stored, compare_hashes);
    for (size_t i = 0; ok && i < export->count; i++)
        if (i == 0 || !hash_equal(export->stored[i], export->stored[i - 1]))
            ok = put_part(export, &export->stored[i], err);
    return ok;
}

static bool put_end(struct export *export, struct err *err)
{
    struct buf buf = buf_in(&export->arena, 2);

    section_put_end(&buf);
    return put(export, buf_span(&buf), err);
}

bool bundle_export(struct bundle_written *out, const struct bundle_export *options, struct err *err)
{
    struct export export = {.options = options};

    assert(options->from < options->size && options->size <= options->held);
    bool ok = put_checkpoint(&export, err) && put_terms(&export, err) && put_tiles(&export, err) &&
              put_bundles(&export, err) && put_parts(&export, err) && put_end(&export, err);
    arena_free(&export.arena);
    free(export.stored);
    if (ok)
        *out = export.written;
    return ok || err_wrap(err, "write the bundle");
}
