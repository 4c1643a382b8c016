#include "scenario/names.h"

#include "base/buf.h"

#define TEXT_BYTES 300u

struct name *names_find(const struct names *names, enum name_of of, struct span name)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->at[i].of == of && span_equal(names->at[i].name, name))
            return &names->at[i];
    return NULL;
}

struct name *names_any(const struct names *names, struct span name)
{
    struct name *found = NULL;

    for (int of = 0; !found && of < NAMES_OF; of++)
        found = names_find(names, (enum name_of)of, name);
    return found;
}

void names_add(struct names *names, struct name name, struct arena *arena)
{
    if (names->count == names->room) {
        struct name *old = names->at;

        names->room = names->room ? 2 * names->room : 32;
        names->at = ARENA_ARRAY(arena, struct name, names->room);
        if (names->count)
            memcpy(names->at, old, names->count * sizeof *old);
    }
    names->at[names->count++] = name;
}

const char *names_text(const struct names *names, enum name_of of, struct arena *arena)
{
    struct buf out = buf_in(arena, TEXT_BYTES);

    for (size_t i = 0; i < names->count; i++)
        if (names->at[i].of == of)
            buf_printf(&out, "%s%.*s", out.len ? ", " : "", SPAN_ARG(names->at[i].name));
    return out.len ? arena_printf(arena, "%.*s%s", SPAN_ARG(buf_span(&out)), out.full ? "…" : "")
                   : "none yet";
}
