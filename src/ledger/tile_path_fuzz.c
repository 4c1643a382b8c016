/* Paths of tiles: one that is read is written as it was, and any tile's path is read as
 * that tile. */

#include "base/limits.h"
#include "base/reader.h"
#include "ledger/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = span_make(data, size);
    struct reader r = reader_over(bytes);
    char path[TILE_PATH];
    struct tile tile, again;

    if (tile_path_parse(&tile, bytes)) {
        assert(tile.level <= TILE_ENTRIES && tile.width >= 1 && tile.width <= TILE_WIDTH);
        tile_path(path, tile);
        assert(span_is(bytes, path));
    }

    tile.level = reader_u8(&r) % (TILE_ENTRIES + 1);
    tile.width = 1 + reader_u8(&r) % TILE_WIDTH;
    tile.index = reader_u64be(&r) % (LIMIT_TREE_SIZE / TILE_WIDTH + 1);
    tile_path(path, tile);
    bool ok = tile_path_parse(&again, span_of(path));
    assert(ok && again.level == tile.level && again.index == tile.index &&
           again.width == tile.width);
    return 0;
}
