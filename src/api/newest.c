#include "api/newest.h"

#include "base/limits.h"

#define LAST_INDEX ((uint64_t)LIMIT_INTEGER)

static bool is_followed(const char *table)
{
    static const char *const tables[] = {"call",       "contest", "hotline_file",
                                         "line_check", "message", "relay_act"};

    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        if (strcmp(table, tables[i]) == 0)
            return true;
    return false;
}

static const char *key_of(const char *table, uint64_t index, struct span key, struct arena *arena)
{
    char left[REGISTER_INDEX_TEXT];

    register_index_key(left, LAST_INDEX - index);
    return arena_printf(arena, "%s %s %.*s", table, left, SPAN_ARG(key));
}

bool newest_observe(struct store_tx *tx, uint64_t index, const struct effects *effects,
                    struct arena *arena, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < effects->count; i++) {
        const struct effect *effect = &effects->at[i];

        if (effect->row && is_followed(effect->table) &&
            json_get_integer(effect->row, "index", -1) == (int64_t)index)
            ok = store_put(tx, index, "view_newest",
                           span_of(key_of(effect->table, index, effect->key, arena)),
                           SPAN_LIT("{}"), err);
    }
    return ok;
}

struct following {
    struct store_reader *reader;
    const char *table;
    uint64_t as_of;
    each_row_see *see;
    void *context;
    struct arena *arena;
};

/* A row that a later record has written anew stands where that one put it. */
static bool see_key(void *context, struct span view_key, const struct json *unused, struct err *err)
{
    const struct following *f = context;
    struct span key = view_key, table, left;
    const struct json *row;
    bool cut = span_cut(&key, ' ', &table) && span_cut(&key, ' ', &left);

    (void)unused;
    assert(cut);
    if (!one_row(f->reader, f->table, key, f->as_of, &row, f->arena, err))
        return false;
    if (!row)
        return true;
    uint64_t index = (uint64_t)json_get_integer(row, "index", 0);
    return !span_is(view_key, key_of(f->table, index, key, f->arena)) ||
           f->see(f->context, key, row, err);
}

bool newest_each(struct store_reader *reader, const char *table, uint64_t as_of, each_row_see *see,
                 void *context, const bool *enough, struct arena *arena, struct err *err)
{
    struct following f = {reader, table, as_of, see, context, arena};
    const char *prefix = arena_printf(arena, "%s ", table);

    assert(is_followed(table));
    return each_row_until(reader, "view_newest", span_of(prefix), (struct span){0}, as_of, see_key,
                          &f, enough, arena, err);
}
