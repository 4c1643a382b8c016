#include "register/register.h"

#include "base/reader.h"

/*
 * Versions of the terms (format §7.6). Nothing is written when one begins: which one is in
 * force is a comparison of the agreement's row with the time, made by whoever asks.
 */

static const struct json *versions_of(const struct json *agreement)
{
    static const struct json none = {.type = JSON_ARRAY};
    const struct json *list = json_get(agreement, "versions");

    return list ? list : &none;
}

int64_t register_versions(const struct json *agreement)
{
    return 1 + (int64_t)versions_of(agreement)->array.count;
}

bool register_version_begun(const struct json *agreement, int64_t version, int64_t now_ms)
{
    const struct json *later = versions_of(agreement);

    if (version < 1 || version > register_versions(agreement))
        return false;
    return version == 1 ||
           json_get_integer(&later->array.at[version - 2], "from_ms", INT64_MAX) <= now_ms;
}

/* The last that was agreed of those that have begun: it was agreed by all, in sight of those
 * before it. */
int64_t register_version_at(const struct json *agreement, int64_t now_ms)
{
    int64_t version = register_versions(agreement);

    while (version > 1 && !register_version_begun(agreement, version, now_ms))
        version--;
    return version;
}

struct span register_term_key(struct span item, int64_t version, struct arena *arena)
{
    if (version == 1)
        return item;
    return span_of(arena_printf(arena, "%.*s %" PRId64, SPAN_ARG(item), version));
}

bool register_term_item(struct span *out, struct span key, int64_t version)
{
    struct span rest = key, item = key;
    bool later = span_cut(&rest, ' ', &item); /* no id has a space in it */
    uint64_t of = 1;

    if (later && !decimal_parse(&of, rest, INT64_MAX))
        return false;
    *out = item;
    return of == (uint64_t)version;
}
