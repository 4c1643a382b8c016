#include "api/case_views.h"

#include "codec/hex.h"

/* A row of case_record: which case this record belongs to. */
static bool put_member(struct store_tx *tx, uint64_t index, const struct effect *effect,
                       struct arena *arena, struct err *err)
{
    struct json row = json_object();
    struct span rest = effect->key, id;
    bool cut = span_cut(&rest, ' ', &id);

    assert(cut);
    json_set_string(&row, "case", id, arena);
    return store_put(tx, index, "view_case_of", json_get_text(effect->row, "id"),
                     json_bytes(&row, arena), err);
}

/* The first word of a node on a record is the one that counts. */
static bool put_offer(struct store_tx *tx, uint64_t index, struct span node,
                      const struct json *offer, struct arena *arena, struct err *err)
{
    struct span key = span_of(
        arena_printf(arena, "%.*s %.*s", SPAN_ARG(json_get_text(offer, "id")), SPAN_ARG(node)));
    struct json row = json_object();
    struct span before;

    if (!store_get(store_tx_reader(tx), "view_offered", key, STORE_LATEST, &before, NULL, arena,
                   err))
        return false;
    json_set_integer(&row, "index", (int64_t)index, arena);
    json_set_integer(&row, "since_ms", json_get_integer(offer, "since_ms", 0), arena);
    return before.at || store_put(tx, index, "view_offered", key, json_bytes(&row, arena), err);
}

/* A row of attest: what a node waits to see logged. */
static bool put_offers(struct store_tx *tx, uint64_t index, const struct effect *effect,
                       struct arena *arena, struct err *err)
{
    const struct json *offers = json_get(effect->row, "offered");

    for (size_t i = 0; offers && i < offers->array.count; i++)
        if (!put_offer(tx, index, effect->key, &offers->array.at[i], arena, err))
            return false;
    return true;
}

static bool follow(struct store_tx *tx, uint64_t index, const struct effects *effects,
                   struct arena *arena, struct err *err)
{
    static const struct {
        const char *table;
        bool (*put)(struct store_tx *tx, uint64_t index, const struct effect *effect,
                    struct arena *arena, struct err *err);
    } tables[] = {{"attest", put_offers}, {"case_record", put_member}};

    for (size_t i = 0; i < effects->count; i++)
        for (size_t t = 0; t < ARRAY_LEN(tables); t++)
            if (strcmp(effects->at[i].table, tables[t].table) == 0 &&
                !tables[t].put(tx, index, &effects->at[i], arena, err))
                return false;
    return true;
}

/* The case that this id is of: a case's own, or that of a record in one; else empty. */
static bool case_named(struct store_tx *tx, struct span id, struct span *out, struct arena *arena,
                       struct err *err)
{
    struct store_reader *reader = store_tx_reader(tx);
    struct hash unused;
    struct span bytes;
    struct json row;

    *out = (struct span){0};
    if (!hex_parse(unused.bytes, sizeof unused.bytes, id))
        return true;
    if (!store_get(reader, "case", id, STORE_LATEST, &bytes, NULL, arena, err))
        return false;
    if (bytes.at) {
        *out = id;
        return true;
    }
    if (!store_get(reader, "view_case_of", id, STORE_LATEST, &bytes, NULL, arena, err))
        return false;
    if (bytes.at && !json_parse(&row, bytes, arena, err))
        return false;
    *out = bytes.at ? json_get_text(&row, "case") : (struct span){0};
    return true;
}

/* The body of what is void may be anything. */
static bool case_spoken_of(struct store_tx *tx, const struct record *record, struct span *out,
                           struct arena *arena, struct err *err)
{
    const struct json *body = record->body;

    *out = (struct span){0};
    for (uint32_t i = 0; body->type == JSON_OBJECT && i < body->object.count && !out->len; i++)
        if (body->object.at[i].value.type == JSON_STRING &&
            !case_named(tx, body->object.at[i].value.string, out, arena, err))
            return false;
    return true;
}

static bool put_refused(struct store_tx *tx, uint64_t index, const struct record *record,
                        struct arena *arena, struct err *err)
{
    struct json row = json_object();
    char at[REGISTER_INDEX_TEXT];
    struct span id;

    if (!case_spoken_of(tx, record, &id, arena, err))
        return false;
    if (id.len == 0)
        return true;
    register_index_key(at, index);
    json_set_string(&row, "by", record->by, arena);
    json_set_string(&row, "id", span_of(record->id_text), arena);
    json_set_string(&row, "kind", record->kind, arena);
    return store_put(tx, index, "view_case_refused",
                     span_of(arena_printf(arena, "%.*s %s", SPAN_ARG(id), at)),
                     json_bytes(&row, arena), err);
}

/* A record whose signature does not hold says nothing of anybody: it is not put into a case. */
static bool is_somebodys(const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        if (strcmp(effects->at[i].table, "record") == 0)
            return true;
    return false;
}

bool case_views_observe(struct store_tx *tx, uint64_t index, const struct record *record,
                        const struct effects *effects, struct arena *arena, struct err *err)
{
    if (effects->verdict != VERDICT_VOID)
        return follow(tx, index, effects, arena, err);
    return !record || !is_somebodys(effects) || put_refused(tx, index, record, arena, err);
}
