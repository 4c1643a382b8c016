#include "journal/in_force.h"

#include "register/register.h"

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
