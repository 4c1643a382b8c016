#include "journal/in_force.h"

#include "register/register.h"

#define ROWS 1000u /* read from the store at a time */

/* A row without members where there is none. */
static bool read_row(struct store_reader *reader, const char *table, const char *key,
                     uint64_t as_of, struct json *out, struct arena *arena, struct err *err)
{
    struct span bytes;

    *out = json_object();
    if (!store_get(reader, table, span_of(key), as_of, &bytes, NULL, arena, err))
        return false;
    return !bytes.at || json_parse_canonical(out, bytes, arena, err) ||
           err_wrap(err, "table %s", table);
}

bool in_force_version(struct store_reader *reader, uint64_t as_of, int64_t *out,
                      struct arena *arena, struct err *err)
{
    struct json agreement, clock;

    if (!read_row(reader, "agreement", "1", as_of, &agreement, arena, err) ||
        !read_row(reader, "clock", "clock", as_of, &clock, arena, err))
        return false;
    *out = register_version_at(&agreement, json_get_integer(&clock, "now_ms", 0));
    return true;
}

bool in_force_term(struct store_reader *reader, const char *item, uint64_t as_of, struct span *out,
                   struct arena *arena, struct err *err)
{
    int64_t version;

    return in_force_version(reader, as_of, &version, arena, err) &&
           store_get(reader, "term", register_term_key(span_of(item), version, arena), as_of, out,
                     NULL, arena, err);
}

/* SECTION/ID: the row goes to its section; the head has none. */
static bool put_item(struct json *terms, struct span id, const struct store_row *row,
                     struct arena *arena, struct err *err)
{
    struct span section;
    struct json item;

    if (!span_cut(&id, '/', &section))
        return true;
    if (!json_parse_canonical(&item, row->row, arena, err))
        return err_wrap(err, "table term");
    const char *name = arena_text(arena, section);
    const struct json *before = json_get(terms, name);
    struct json items = before ? *before : json_array();
    json_push(&items, item, arena);
    json_set(terms, name, items, arena);
    return true;
}

bool in_force_terms(struct store_reader *reader, int64_t version, uint64_t as_of, struct json *out,
                    struct arena *arena, struct err *err)
{
    struct json terms = json_object();
    struct store_row *rows;
    struct span after = {0}, item;
    size_t count = ROWS;

    while (count == ROWS) {
        if (!store_scan(reader, "term", (struct span){0}, after, as_of, ROWS, &rows, &count, arena,
                        err))
            return false;
        for (size_t i = 0; i < count; i++)
            if (register_term_item(&item, rows[i].key, version) &&
                !put_item(&terms, item, &rows[i], arena, err))
                return false;
        if (count)
            after = rows[count - 1].key;
    }
    *out = terms;
    return true;
}

bool in_force_section(struct store_reader *reader, const char *section, in_force_see *see,
                      void *context, struct arena *arena, struct err *err)
{
    struct span prefix = span_of(arena_printf(arena, "%s/", section)), after = {0}, item;
    struct store_row *rows;
    size_t count = ROWS;
    int64_t version;

    if (!in_force_version(reader, STORE_LATEST, &version, arena, err))
        return false;
    while (count == ROWS) {
        if (!store_scan(reader, "term", prefix, after, STORE_LATEST, ROWS, &rows, &count, arena,
                        err))
            return false;
        for (size_t i = 0; i < count; i++) {
            struct json value;

            after = rows[i].key;
            if (!register_term_item(&item, rows[i].key, version))
                continue;
            if (!json_parse_canonical(&value, rows[i].row, arena, err))
                return err_wrap(err, "term/%.*s", SPAN_ARG(rows[i].key));
            if (!see(context, span_from(item, prefix.len), &value, err))
                return false;
        }
    }
    return true;
}
