#include "feed/origins.h"

#include "feed/keys.h"
#include "journal/in_force.h"

struct loading {
    struct origins origins;
    struct arena *arena;
};

static bool add(void *context, struct span feed, const struct json *row, struct err *err)
{
    struct loading *loading = context;
    struct origins *origins = &loading->origins;

    (void)err;
    origins->at = list_room(origins->at, sizeof *origins->at, origins->count, loading->arena);
    origins->at[origins->count++] = (struct origin_of){
        .feed = feed,
        .origin = json_get_text(row, "origin"),
        .licence = json_get_text(row, "licence"),
        .organisation = json_get_text(row, "organisation"),
        .role = json_get_text(row, "role"),
    };
    return true;
}

bool origins_load(struct origins *out, struct store_reader *reader, struct arena *arena,
                  struct err *err)
{
    struct loading loading = {.arena = arena};

    if (!in_force_section(reader, "feed", add, &loading, arena, err))
        return false;
    *out = loading.origins;
    return true;
}

static bool is_of(struct span external_id, struct span feed)
{
    return span_starts_with(external_id, feed) && external_id.len > feed.len &&
           external_id.at[feed.len] == '/';
}

const struct origin_of *origins_find(const struct origins *origins, struct span external_id)
{
    const struct origin_of *found = NULL;

    for (size_t i = 0; i < origins->count; i++)
        if (is_of(external_id, origins->at[i].feed) &&
            (!found || origins->at[i].feed.len > found->feed.len))
            found = &origins->at[i];
    return found;
}

bool origin_brought_by(const struct origin_of *origin, struct span organisation, struct span role)
{
    return (origin->organisation.len == 0 || span_equal(origin->organisation, organisation)) &&
           (origin->role.len == 0 || span_equal(origin->role, role));
}
