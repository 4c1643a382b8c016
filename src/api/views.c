#include "api/views.h"

#include "api/blur.h"
#include "api/case_views.h"
#include "api/days.h"
#include "api/each_row.h"
#include "api/newest.h"
#include "api/owed.h"
#include "base/limits.h"
#include "codec/hex.h"
#include "node/node.h"
#include "record/kind.h"

/* A row of view_item that the entry changes. One entry may change it twice (a report that
 * is filed under an incident), and it is written once. */
struct touched {
    struct span id;
    struct json row;
    bool is_new;
    struct touched *next;
};

struct view {
    struct store_tx *tx;
    uint64_t index;
    const struct record *record;
    struct parts *parts;
    struct touched *touched;
    struct arena *arena;
    struct blur blur; /* of what the record says */
};

/* --- items --------------------------------------------------------------- */

struct view_item view_item_of(struct span id, const struct json *row)
{
    return (struct view_item){
        .id = id,
        .kind = json_get_text(row, "kind"),
        .state = json_get_text(row, "state"),
        .incidents = json_get(row, "incidents"),
        .index = (uint64_t)json_get_integer(row, "index", 0),
        .has_position = json_get(row, "lat_e7") != NULL,
        .lat_e7 = (int32_t)json_get_integer(row, "lat_e7", 0),
        .lon_e7 = (int32_t)json_get_integer(row, "lon_e7", 0),
        .has_time = json_get(row, "from_ms") != NULL,
        .from_ms = json_get_integer(row, "from_ms", 0),
        .to_ms = json_get_integer(row, "to_ms", 0),
        .act = json_get_text(row, "act"),
        .side = json_get_text(row, "side"),
        .title = json_get_text(row, "title"),
        .place_name = json_get_text(row, "place_name"),
        .owed = json_get(row, "owed") != NULL,
    };
}

bool view_item_searched(const struct view_item *item)
{
    return span_is(item->kind, "incident.open") || span_is(item->state, "live");
}

struct store_find_row view_item_find(const struct view_item *item, struct span incident)
{
    return (struct store_find_row){
        .record = item->id,
        .incident = incident,
        .index = item->index,
        .has_position = item->has_position,
        .lat_e7 = item->lat_e7,
        .lon_e7 = item->lon_e7,
        .has_time = item->has_time,
        .from_ms = item->from_ms,
        .to_ms = item->to_ms,
        .act = item->act,
        .side = item->side,
    };
}

static void copy_member(struct json *out, const char *name, const struct json *from,
                        const char *from_name, struct arena *arena)
{
    const struct json *value = json_get(from, from_name);

    if (value)
        json_set(out, name, *value, arena);
}

static int64_t within_integers(int64_t ms)
{
    if (ms < -LIMIT_INTEGER)
        return -LIMIT_INTEGER;
    return ms > LIMIT_INTEGER ? LIMIT_INTEGER : ms;
}

/* The widest interval that start and end, each with its error, allow. Nothing asks that an
 * end be after its beginning: a report may say so, and is found by both. */
static void put_interval(struct json *out, const struct json *fields, struct arena *arena)
{
    static const char *const names[] = {"start", "end", "at", "until"};
    int64_t from = INT64_MAX, to = INT64_MIN;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct json *time = json_get(fields, names[i]);
        int64_t at = json_get_integer(time, "at_ms", 0);
        int64_t error = json_get_integer(time, "uncertainty_ms", 0);

        if (time && at - error < from)
            from = at - error;
        if (time && at + error > to)
            to = at + error;
    }
    if (from > to)
        return; /* neither was said */
    json_set_integer(out, "from_ms", within_integers(from), arena);
    json_set_integer(out, "to_ms", within_integers(to), arena);
}

/* --- of parts that are ordered to be erased --- */

/* What of an item its public part says. */
static const char *const said_by_part[] = {"title",         "place_name", "lat_e7", "lon_e7",
                                           "uncertainty_m", "blur_m",     "owed"};

static bool is_from_part(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(said_by_part); i++)
        if (span_is(name, said_by_part[i]))
            return true;
    return false;
}

static struct json without_part(const struct json *row, struct arena *arena)
{
    struct json out = json_object();

    for (size_t i = 0; i < row->object.count; i++)
        if (!is_from_part(row->object.at[i].key))
            json_set(&out, arena_text(arena, row->object.at[i].key), row->object.at[i].value,
                     arena);
    json_set_integer(&out, "erased", 1, arena);
    return out;
}

static bool public_commitment(const struct record *record, struct span *out)
{
    struct part part;

    for (size_t i = 0; part_at(record->body, i, &part); i++)
        if (part.tier == TIER_PUBLIC && part.media.len == 0) {
            *out = part.commitment;
            return true;
        }
    return false;
}

/* Which items a part tells of, for when it is erased; *out_erased: it is ordered already. */
static bool note_told(struct view *view, struct span item, bool *out_erased, struct err *err)
{
    struct span commitment;
    const struct json *part;

    *out_erased = false;
    if (!public_commitment(view->record, &commitment))
        return true;
    const char *key = arena_printf(view->arena, "%.*s %.*s", SPAN_ARG(commitment), SPAN_ARG(item));
    if (!one_row(store_tx_reader(view->tx), "part", commitment, STORE_LATEST, &part, view->arena,
                 err))
        return false;
    *out_erased = part && !span_is(json_get_text(part, "state"), "held");
    return store_put(view->tx, view->index, "view_told", span_of(key), SPAN_LIT("{}"), err);
}

static bool find_without_part(struct view *view, const struct view_item *item, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < item->incidents->array.count; i++) {
        struct store_find_row row = view_item_find(item, item->incidents->array.at[i].string);

        ok = !view_item_searched(item) || store_find_put(view->tx, &row, err);
    }
    return ok;
}

/* Every version of an item, for views as of an older entry show none of it either. */
static bool clear_item(struct view *view, struct span id, struct err *err)
{
    struct store_row *version;
    struct json row = json_object(), cleared = json_object();
    size_t count;

    if (!store_history(store_tx_reader(view->tx), "view_item", id, &version, &count, view->arena,
                       err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!json_parse(&row, version[i].row, view->arena, err))
            return false;
        cleared = without_part(&row, view->arena);
        if (!store_rewrite(view->tx, "view_item", id, version[i].at,
                           json_bytes(&cleared, view->arena), err))
            return false;
    }
    struct view_item item = view_item_of(id, &cleared);
    return count == 0 || find_without_part(view, &item, err);
}

static bool see_told(void *context, struct span key, const struct json *row, struct err *err)
{
    struct span commitment;
    bool cut = span_cut(&key, ' ', &commitment);

    assert(cut);
    (void)row;
    return clear_item(context, key, err);
}

static bool clear_erased(struct view *view, const struct effects *effects, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < effects->count; i++) {
        const struct effect *effect = &effects->at[i];

        if (!effect->row || strcmp(effect->table, "part") != 0 ||
            !span_is(json_get_text(effect->row, "state"), "ordered"))
            continue;
        const char *prefix = arena_printf(view->arena, "%.*s ", SPAN_ARG(effect->key));
        ok = each_row(store_tx_reader(view->tx), "view_told", span_of(prefix), STORE_LATEST,
                      see_told, view, view->arena, err);
    }
    return ok;
}

/* The row of the record that is applied now. `made`, when a claim was made, is no time of
 * what it speaks of; nor is `from`, from when on a warning expects it. */
static bool item_new(struct view *view, struct span id, const struct json *fields, struct json *out,
                     struct err *err)
{
    struct json public_part, incidents = json_array();
    bool here, erased;

    if (!span_equal(id, span_of(view->record->id_text)))
        return err_set(err, ERR_CONFLICT, "record %.*s has changed and was not seen before",
                       SPAN_ARG(id));
    if (!node_public(view->parts, view->record, &public_part, &here, view->arena, err) ||
        !note_told(view, id, &erased, err))
        return false;
    if (erased)
        public_part = json_object();
    public_part = blur_fields(&public_part, &view->blur, view->arena);
    *out = json_object();
    json_set_integer(out, "index", (int64_t)view->index, view->arena);
    json_set_string(out, "kind", view->record->kind, view->arena);
    if (span_is(view->record->kind, "incident.open"))
        json_push(&incidents, json_string(span_of(view->record->id_text)), view->arena);
    json_set(out, "incidents", incidents, view->arena);
    if (erased)
        json_set_integer(out, "erased", 1, view->arena);
    else if (!here)
        json_set_integer(out, "owed", 1, view->arena);

    if (!json_get(fields, "from"))
        put_interval(out, fields, view->arena);
    copy_member(out, "act", fields, json_get(fields, "act") ? "act" : "type", view->arena);
    copy_member(out, "side", fields, "side", view->arena);
    copy_member(out, "title", &public_part, "title", view->arena);
    copy_member(out, "place_name", &public_part, "place_name", view->arena);
    copy_member(out, "uncertainty_m", &public_part, "uncertainty_m", view->arena);
    copy_member(out, "blur_m", &public_part, "blur_m", view->arena);
    if (json_get(&public_part, "lat_e7") && json_get(&public_part, "lon_e7")) {
        copy_member(out, "lat_e7", &public_part, "lat_e7", view->arena);
        copy_member(out, "lon_e7", &public_part, "lon_e7", view->arena);
    }
    return true;
}

/* The row as it is by now; a new one has no kind yet. */
static bool item_touch(struct view *view, struct span id, struct touched **out, struct err *err)
{
    struct touched *item = view->touched;
    struct span bytes;

    while (item && !span_equal(item->id, id))
        item = item->next;
    if (!item) {
        item = ARENA_NEW(view->arena, struct touched);
        *item = (struct touched){.id = id, .row = json_object(), .next = view->touched};
        if (!store_get(store_tx_reader(view->tx), "view_item", id, STORE_LATEST, &bytes, NULL,
                       view->arena, err))
            return false;
        item->is_new = bytes.at == NULL;
        if (!item->is_new && !json_parse(&item->row, bytes, view->arena, err))
            return false;
        view->touched = item;
    }
    *out = item;
    return true;
}

/* The row of an incident, or of what may be linked to one, was written. */
static bool item_changed(struct view *view, const struct effect *effect, struct err *err)
{
    struct touched *item;

    if (!item_touch(view, effect->key, &item, err) ||
        (item->is_new && !item_new(view, effect->key, effect->row, &item->row, err)))
        return false;
    json_set_string(&item->row, "state", json_get_text(effect->row, "state"), view->arena);
    return !item->is_new || strcmp(effect->table, "incident") != 0 ||
           store_count_add(view->tx, "incidents", 1, err);
}

/* The ids with `incident` among them, or not. */
static struct json with(const struct json *ids, struct span incident, bool among,
                        struct arena *arena)
{
    struct json out = json_array();

    for (size_t i = 0; i < ids->array.count; i++)
        if (!span_equal(ids->array.at[i].string, incident))
            json_push(&out, ids->array.at[i], arena);
    if (among)
        json_push(&out, json_string(incident), arena);
    return out;
}

/* A row of link was written: its key is the incident's id, a space, the record's. */
static bool link_changed(struct view *view, const struct effect *effect, struct err *err)
{
    struct span record = effect->key, incident;
    bool linked = span_is(json_get_text(effect->row, "state"), "linked");
    bool cut = span_cut(&record, ' ', &incident);
    struct touched *item;

    assert(cut);
    if (!item_touch(view, record, &item, err))
        return false;
    const struct json *before = json_get(&item->row, "incidents");
    if (!before)
        return err_set(err, ERR_CONFLICT, "record %.*s is linked and was not seen before",
                       SPAN_ARG(record));
    json_set(&item->row, "incidents", with(before, incident, linked, view->arena), view->arena);
    return linked || store_find_remove(view->tx, record, incident, err);
}

/* Whether searches and lists show rows of this table. */
static bool is_shown(const char *table)
{
    const struct register_item *item;

    for (size_t i = 0; (item = register_item_at(i)) != NULL; i++)
        if (strcmp(item->table, table) == 0)
            return item->linked || strcmp(table, "incident") == 0;
    return false;
}

/* Items before links: a report that is filed under an incident brings both at once. */
static bool follow_effects(struct view *view, const struct effects *effects, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < effects->count; i++) {
        const struct effect *effect = &effects->at[i];

        if (effect->row)
            ok = days_put(view->tx, view->index, effect->table, effect->key, effect->row,
                          view->arena, err) &&
                 (!is_shown(effect->table) || item_changed(view, effect, err));
    }
    for (size_t i = 0; ok && i < effects->count; i++)
        if (effects->at[i].row && strcmp(effects->at[i].table, "link") == 0)
            ok = link_changed(view, &effects->at[i], err);
    return ok;
}

static bool find_put(struct view *view, const struct view_item *item, struct span incident,
                     struct err *err)
{
    struct store_find_row row = view_item_find(item, incident);

    return view_item_searched(item) ? store_find_put(view->tx, &row, err)
                                    : store_find_remove(view->tx, item->id, incident, err);
}

/* Keeps the rows, and makes the search follow them for all incidents that they stand in. */
static bool write_items(struct view *view, struct err *err)
{
    bool ok = true;

    for (struct touched *at = view->touched; ok && at; at = at->next) {
        struct view_item item = view_item_of(at->id, &at->row);

        ok = store_put(view->tx, view->index, "view_item", at->id,
                       json_bytes(&at->row, view->arena), err);
        for (size_t i = 0; ok && i < item.incidents->array.count; i++)
            ok = find_put(view, &item, item.incidents->array.at[i].string, err);
    }
    return ok;
}

static const char *part_table(const struct part *part)
{
    return part->tier == TIER_PUBLIC ? "view_part" : "view_closed_part";
}

/* Whether an earlier part of the body has the same row. */
static bool named_before(const struct view *view, size_t n, const struct part *part)
{
    struct part before;

    for (size_t i = 0; i < n && part_at(view->record->body, i, &before); i++)
        if (span_equal(before.stored, part->stored) &&
            (before.tier == TIER_PUBLIC) == (part->tier == TIER_PUBLIC))
            return true;
    return false;
}

/* What was once not to be seen to the letter is not because somebody else names it, too. */
static bool put_part(struct view *view, const struct part *part, struct err *err)
{
    struct json row = json_object();
    const struct json *before;

    if (!one_row(store_tx_reader(view->tx), part_table(part), part->stored, STORE_LATEST, &before,
                 view->arena, err))
        return false;
    int64_t blur_m = json_get_integer(before, "blur_m", view->blur.radius_m);
    json_set_integer(&row, "index", (int64_t)view->index, view->arena);
    if (blur_m)
        json_set_integer(&row, "blur_m", blur_m, view->arena);
    return store_put(view->tx, view->index, part_table(part), part->stored,
                     json_bytes(&row, view->arena), err);
}

static bool put_parts(struct view *view, struct err *err)
{
    struct part part;
    bool ok = true;

    for (size_t i = 0; ok && part_at(view->record->body, i, &part); i++)
        if (!named_before(view, i, &part))
            ok = put_part(view, &part, err);
    return ok;
}

/* Whether a record in effect has named this copy. */
static bool copy_before(struct view *view, const char *key, bool *out, struct err *err)
{
    const struct json *before;

    if (!one_row(store_tx_reader(view->tx), "view_copy", span_of(key), STORE_LATEST, &before,
                 view->arena, err))
        return false;
    *out = before && json_get(before, "in_effect");
    return true;
}

static bool put_copy(struct view *view, const struct part *part, bool in_effect, struct err *err)
{
    const char *key =
        arena_printf(view->arena, "%.*s %.*s", SPAN_ARG(part->commitment), SPAN_ARG(part->stored));
    struct json row = json_object();
    bool before;

    if (!copy_before(view, key, &before, err))
        return false;
    if (in_effect || before)
        json_set_integer(&row, "in_effect", 1, view->arena);
    json_set_integer(&row, "index", (int64_t)view->index, view->arena);
    return store_put(view->tx, view->index, "view_copy", span_of(key),
                     json_bytes(&row, view->arena), err) &&
           (!in_effect || before ||
            owed_note(view->tx, view->index, part, view->parts, view->arena, err));
}

/* Also of a record that does nothing: what came with it is stored like any other. */
static bool put_copies(struct view *view, bool in_effect, struct err *err)
{
    struct part part;
    struct err malformed;
    bool ok = true;

    if (!view->record || !parts_check(view->record->body, &malformed))
        return true;
    for (size_t i = 0; ok && part_at(view->record->body, i, &part); i++)
        ok = put_copy(view, &part, in_effect, err);
    return ok;
}

static bool count(struct view *view, const struct effects *effects, struct err *err)
{
    const char *name = "void";

    if (effects->verdict != VERDICT_VOID)
        name = arena_printf(view->arena, "kind:%.*s", SPAN_ARG(effects->kind));
    return store_count_add(view->tx, name, 1, err);
}

/* What has nothing public has nothing to be shown less exactly. */
static bool find_blur(struct view *view, struct err *err)
{
    struct part part;

    for (size_t i = 0; part_at(view->record->body, i, &part); i++)
        if (part.tier == TIER_PUBLIC)
            return blur_of_record(&view->blur, store_tx_reader(view->tx), view->record, view->arena,
                                  err);
    return true;
}

static bool observe(void *context, struct store_tx *tx, uint64_t index, const struct record *record,
                    const struct effects *effects, struct parts *parts, struct arena *arena,
                    struct err *err)
{
    struct view view = {tx, index, record, parts, NULL, arena, {0}};

    (void)context;
    if (!count(&view, effects, err) || !put_copies(&view, effects->verdict != VERDICT_VOID, err) ||
        !case_views_observe(tx, index, record, effects, arena, err))
        return err_wrap(err, "view of entry %" PRIu64, index);
    if (effects->verdict == VERDICT_VOID)
        return true;
    assert(record);
    return (find_blur(&view, err) && put_parts(&view, err) && follow_effects(&view, effects, err) &&
            write_items(&view, err) && clear_erased(&view, effects, err) &&
            newest_observe(tx, index, effects, arena, err)) ||
           err_wrap(err, "view of entry %" PRIu64, index);
}

struct journal_view views_journal(void)
{
    return (struct journal_view){observe, NULL};
}
