#include "ledger/tile.h"

#include "base/limits.h"
#include "base/reader.h"

#include <stdio.h>

#define LEVELS 64u
#define GROUP 1000u /* an index is written in groups of three digits */
#define INDEX_MAX (LIMIT_TREE_SIZE / TILE_WIDTH)

/* How many hashes (or entries) stand on `level` in a log of `size`. */
static uint64_t level_count(unsigned level, uint64_t size)
{
    if (level == TILE_ENTRIES)
        return size;
    return level < 8 ? size >> (8 * level) : 0; /* 256^8 is beyond any size */
}

static size_t put_index(char *out, uint64_t index)
{
    size_t len = 0;
    uint64_t unit = 1;

    while (index / unit >= GROUP)
        unit *= GROUP;
    for (; unit > 1; unit /= GROUP)
        len += (size_t)sprintf(out + len, "x%03u/", (unsigned)(index / unit % GROUP));
    return len + (size_t)sprintf(out + len, "%03u", (unsigned)(index % GROUP));
}

void tile_path(char *out, struct tile tile)
{
    size_t len;

    assert(tile.level <= TILE_ENTRIES && tile.index <= INDEX_MAX);
    assert(tile.width >= 1 && tile.width <= TILE_WIDTH);
    if (tile.level == TILE_ENTRIES)
        len = (size_t)sprintf(out, "tile/entries/");
    else
        len = (size_t)sprintf(out, "tile/%u/", tile.level);
    len += put_index(out + len, tile.index);
    if (tile.width < TILE_WIDTH)
        len += (size_t)sprintf(out + len, ".p/%u", tile.width);
    assert(len < TILE_PATH);
}

static bool read_level(struct tile *tile, struct span text)
{
    uint64_t level = TILE_ENTRIES;

    if (!span_is(text, "entries") && !decimal_parse(&level, text, LEVELS - 1))
        return false;
    tile->level = (unsigned)level;
    return true;
}

/* Three digits, leading zeros among them, of which decimal_parse would have none. */
static bool read_group(uint64_t *index, struct span text)
{
    if (text.len != 3)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *index = *index * 10 + (text.at[i] - '0');
    }
    return *index <= INDEX_MAX;
}

static bool read_index(struct tile *tile, struct span text)
{
    struct span group;
    bool ok = true;

    while (ok && span_cut(&text, '/', &group)) {
        ok = group.len > 0 && group.at[0] == 'x' && read_group(&tile->index, span_from(group, 1));
        ok = ok && tile->index > 0; /* no leading group of zeros */
    }
    return ok && read_group(&tile->index, text);
}

/* Cuts ".p/W" off the end, if that is there. */
static bool read_width(struct tile *tile, struct span *text)
{
    uint64_t width = TILE_WIDTH;

    for (size_t dot = 0; dot < text->len; dot++)
        if (text->at[dot] == '.') {
            struct span tail = span_from(*text, dot);
            if (!span_starts_with(tail, SPAN_LIT(".p/")) ||
                !decimal_parse(&width, span_from(tail, 3), TILE_WIDTH - 1) || width == 0)
                return false;
            *text = span_slice(*text, 0, dot);
        }
    tile->width = (unsigned)width;
    return true;
}

bool tile_path_parse(struct tile *out, struct span path)
{
    struct tile tile = {0};
    struct span word;

    bool ok = span_cut(&path, '/', &word) && span_is(word, "tile");
    ok = ok && span_cut(&path, '/', &word) && read_level(&tile, word);
    ok = ok && read_width(&tile, &path) && read_index(&tile, path);
    if (ok)
        *out = tile;
    return ok;
}

static void walk_to(struct tile_walk *walk, unsigned level)
{
    walk->level = level;
    walk->index = level_count(level, walk->old_size) / TILE_WIDTH;
}

bool tile_walk_next(struct tile_walk *walk, struct tile *out)
{
    assert(walk->old_size <= walk->size && walk->size <= LIMIT_TREE_SIZE);
    if (!walk->started)
        walk_to(walk, TILE_ENTRIES);
    walk->started = true;

    for (;;) {
        uint64_t count = level_count(walk->level, walk->size);
        unsigned width = tile_width_at(walk->level, walk->index, walk->size);
        if (count == level_count(walk->level, walk->old_size))
            return false; /* nor is there anything new above */
        if (width > 0) {
            *out = (struct tile){walk->level, walk->index++, width};
            return true;
        }
        walk_to(walk, walk->level == TILE_ENTRIES ? 0 : walk->level + 1);
    }
}

unsigned tile_width_at(unsigned level, uint64_t index, uint64_t size)
{
    uint64_t count = level_count(level, size);

    if (index > count / TILE_WIDTH)
        return 0;
    uint64_t left = count - index * TILE_WIDTH;
    return left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
}

void tile_bundle_put(struct buf *buf, struct span entry)
{
    assert(entry.len <= LIMIT_ENTRY_BYTES);
    buf_u16be(buf, (uint16_t)entry.len);
    buf_put(buf, entry);
}

bool tile_bundle_next(struct span *bundle, struct span *out_entry)
{
    struct reader r = reader_over(*bundle);
    struct span entry = reader_take(&r, reader_u16be(&r));

    if (reader_failed(&r))
        return false;
    *out_entry = entry;
    *bundle = span_from(*bundle, reader_offset(&r));
    return true;
}
