#include "journal/audit_inside.h"
#include "journal/log_reader.h"

/* Every file below log/ has a reason to be there (doc/format.md §5.2). */

bool audit_parse_tile(const struct disk_entry *file, struct tile *out)
{
    return tile_path_parse(out, span_from(span_of(file->path), strlen("log/")));
}

/* Whether what was being published or followed may have left it: a tile of the size that was
 * to be, a partial tile whose full one has come. */
static bool is_tile_left_behind(const struct audit *audit, const struct disk_entry *file)
{
    uint64_t staged = history_size(audit->history);
    struct tile tile;

    if (!audit_parse_tile(file, &tile))
        return false;
    if (tile.width <= tile_width_at(tile.level, tile.index, audit->following))
        return true;
    return tile.width <= tile_width_at(tile.level, tile.index, staged) &&
           tile_width_at(tile.level, tile.index, audit->stage_first) < TILE_WIDTH;
}

/* Or a file not finished. */
static bool is_left_behind(const struct audit *audit, const struct disk_entry *file)
{
    return audit_in_flight(audit) &&
           (span_ends_with(span_of(file->path), SPAN_LIT(DISK_UNFINISHED)) ||
            is_tile_left_behind(audit, file));
}

/* Lines of witnesses are put on it when nothing else is under way. */
static bool is_next_checkpoint(struct audit *audit, const struct disk_entry *file)
{
    if (strcmp(file->path, LOG_CHECKPOINT DISK_UNFINISHED) != 0)
        return false;
    audit->result->to_recover = true;
    return true;
}

static bool check_name(struct audit *audit, const struct disk_entry *file)
{
    struct tile tile;

    if (!file->regular)
        return audit_find(audit, file->path, "it is no regular file");
    if (strcmp(file->path, LOG_CHECKPOINT) == 0)
        return true;
    bool named = audit_parse_tile(file, &tile);
    unsigned width = named ? tile_width_at(tile.level, tile.index, audit->checkpoint.size) : 0;
    if (named && (tile.width == width || (tile.width < width && width < TILE_WIDTH)))
        return true;
    if (is_left_behind(audit, file) || is_next_checkpoint(audit, file))
        return true;
    if (!named)
        return audit_find(audit, file->path, "nothing explains this file");
    return tile.width < width
               ? audit_find(audit, file->path, "a stale partial tile: the full one stands")
               : audit_find(audit, file->path, "the checkpoint does not cover this tile");
}

bool audit_names(struct audit *audit, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < audit->file_count && !audit->found; i++)
        check_name(audit, &audit->file[i]);
    return true;
}

/* How long the first `width` entries are. */
static size_t entries_bytes(struct span bundle, unsigned width)
{
    struct span rest = bundle, entry;

    while (width > 0 && tile_bundle_next(&rest, &entry))
        width--;
    return bundle.len - rest.len;
}

/* A partial tile of an earlier checkpoint is the beginning of the widest, which was checked. */
static bool check_partial(struct audit *audit, const char *path, struct tile tile, unsigned width,
                          struct arena *arena, struct err *err)
{
    char widest_path[LOG_PATH];
    struct span bytes, widest;
    size_t want = tile.width * sizeof(struct hash);

    log_tile_path(widest_path, (struct tile){tile.level, tile.index, width});
    if (!disk_read(audit->disk, widest_path, LOG_BUNDLE_BYTES, &widest, arena, err) ||
        !disk_read(audit->disk, path, LOG_BUNDLE_BYTES, &bytes, arena, err)) {
        if (err->kind == ERR_LIMIT)
            return audit_find(audit, path, "it is too large");
        return err->kind == ERR_MISSING; /* it was there: the full one has come meanwhile */
    }
    if (tile.level == TILE_ENTRIES)
        want = entries_bytes(widest, tile.width);
    return (bytes.len == want && span_starts_with(widest, bytes)) ||
           audit_find(audit, path, "it is not the beginning of %s", widest_path);
}

bool audit_partials(struct audit *audit, struct err *err)
{
    struct arena arena = {0};
    struct tile tile;
    bool ok = true;

    for (size_t i = 0; ok && !audit->found && i < audit->file_count; i++) {
        if (!audit_parse_tile(&audit->file[i], &tile))
            continue;
        unsigned width = tile_width_at(tile.level, tile.index, audit->checkpoint.size);
        if (tile.width < width && width < TILE_WIDTH)
            ok = check_partial(audit, audit->file[i].path, tile, width, &arena, err);
        arena_reset(&arena);
    }
    arena_free(&arena);
    return ok;
}
