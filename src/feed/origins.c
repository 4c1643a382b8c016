#include "feed/origins.h"

#include "feed/keys.h"
#include "journal/in_force.h"
#include "register/register.h"

#define PREFIX SPAN_LIT("feed/")
#define PAGE 200u

static void add(struct origins *origins, struct span feed, const struct json *row,
                struct arena *arena)
{
    const struct span none = {0};

    origins->at = list_room(origins->at, sizeof *origins->at, origins->count, arena);
    origins->at[origins->count++] = (struct origin_of){
        .feed = feed,
        .origin = json_get_string(row, "origin", none),
        .licence = json_get_string(row, "licence", none),
        .organisation = json_get_string(row, "organisation", none),
        .role = json_get_string(row, "role", none),
    };
}

bool origins_load(struct origins *out, struct store_reader *reader, struct arena *arena,
                  struct err *err)
{
    struct origins origins = {0};
    struct span after = {0}, item;
    struct store_row *row;
    int64_t version;
    size_t count;

    if (!in_force_version(reader, STORE_LATEST, &version, arena, err))
        return false;
    do {
        if (!store_scan(reader, "term", PREFIX, after, STORE_LATEST, PAGE, &row, &count, arena,
                        err))
            return false;
        for (size_t i = 0; i < count; i++) {
            struct json value;

            after = row[i].key;
            if (!register_term_item(&item, row[i].key, version))
                continue;
            if (!json_parse_canonical(&value, row[i].row, arena, err))
                return err_wrap(err, "term/%.*s", SPAN_ARG(row[i].key));
            add(&origins, span_from(item, PREFIX.len), &value, arena);
        }
    } while (count == PAGE);
    *out = origins;
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
