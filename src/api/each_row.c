#include "api/each_row.h"

#define ROWS 1000u /* read from the store at a time */

static bool parse(const char *table, struct span bytes, struct json **out, struct arena *arena,
                  struct err *err)
{
    *out = ARENA_NEW(arena, struct json);
    return json_parse(*out, bytes, arena, err) || err_wrap(err, "table %s", table);
}

bool each_row_until(struct store_reader *reader, const char *table, struct span prefix,
                    struct span after, uint64_t as_of, each_row_see *see, void *context,
                    const bool *enough, struct arena *arena, struct err *err)
{
    struct store_row *rows;
    size_t count = ROWS;

    while (count == ROWS && !*enough) {
        if (!store_scan(reader, table, prefix, after, as_of, ROWS, &rows, &count, arena, err))
            return false;
        for (size_t i = 0; i < count && !*enough; i++) {
            struct json *row;

            if (!parse(table, rows[i].row, &row, arena, err) ||
                !see(context, rows[i].key, row, err))
                return false;
        }
        if (count)
            after = rows[count - 1].key;
    }
    return true;
}

bool each_row(struct store_reader *reader, const char *table, struct span prefix, uint64_t as_of,
              each_row_see *see, void *context, struct arena *arena, struct err *err)
{
    static const bool never = false;

    return each_row_until(reader, table, prefix, (struct span){0}, as_of, see, context, &never,
                          arena, err);
}

void *each_row_grow(void *at, size_t item_bytes, size_t count, size_t *room, struct arena *arena)
{
    if (count < *room)
        return at;
    *room = *room ? 2 * *room : 64;
    void *bigger = arena_array(arena, item_bytes, *room);
    if (count)
        memcpy(bigger, at, count * item_bytes);
    return bigger;
}

bool one_row(struct store_reader *reader, const char *table, struct span key, uint64_t as_of,
             const struct json **out, struct arena *arena, struct err *err)
{
    struct span bytes;
    struct json *row;

    *out = NULL;
    if (!store_get(reader, table, key, as_of, &bytes, NULL, arena, err))
        return false;
    if (!bytes.at)
        return true;
    if (!parse(table, bytes, &row, arena, err))
        return false;
    *out = row;
    return true;
}
